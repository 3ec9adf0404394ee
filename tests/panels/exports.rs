//! The export dialog: what it offers, what it writes, and that it asks before it replaces.

use super::Bench;
use egui::{Key, Modifiers};
use std::fs;
use std::path::Path;

fn open() -> Bench {
    let mut bench = Bench::new();
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    assert!(bench.has("What to export"));
    bench
}

fn choose(bench: &mut Bench, subject: &str) {
    bench.click("What to export");
    bench.click(subject);
}

/// Types a path and exports.
fn export_to(bench: &mut Bench, path: &Path) {
    bench.focus("Path to export to");
    bench.ctrl(Key::A);
    bench.type_text(path.to_str().unwrap());
    bench.click("Export to file");
}

#[test]
fn the_dialog_opens_from_menu_palette_and_key() {
    let mut bench = open();
    bench.press(Key::Escape);
    assert!(!bench.has("What to export"));
    bench.click("File");
    bench.click("Export… Ctrl+Shift+E");
    assert!(bench.has("What to export"));
    bench.press(Key::Escape);
    bench.ctrl(Key::P);
    bench.type_text("export");
    bench.press(Key::Enter);
    assert!(bench.has("What to export"));
}

#[test]
fn a_figure_is_written_and_said() {
    let mut bench = open();
    let path = bench.file("mine.svg");
    choose(&mut bench, "Gradient norm");
    export_to(&mut bench, &path);
    bench.wait_for("the file", |bench| bench.says("Exported to"));
    let text = fs::read_to_string(path).unwrap();
    assert!(text.starts_with("<?xml") && text.contains("gradient norm"));
    assert!(!bench.has("What to export"));
}

#[test]
fn the_name_follows_the_choices_until_it_is_typed() {
    let mut bench = open();
    let typed = |bench: &Bench| bench.control("Path to export to").value().unwrap();
    assert!(typed(&bench).ends_with("landscape.svg"));
    bench.click("PNG");
    assert!(typed(&bench).ends_with("landscape.png"));
    assert!(bench.has("Scale of the figure") && bench.says("1680 × 1240 pixels"));
    choose(&mut bench, "Playback");
    assert!(typed(&bench).ends_with("playback.gif") && bench.has("Pictures a second"));
    choose(&mut bench, "Data");
    assert!(typed(&bench).ends_with("history.csv") && !bench.has("Width of the figure"));
    bench.focus("Path to export to");
    bench.ctrl(Key::A);
    bench.type_text("/tmp/mine.csv");
    choose(&mut bench, "Loss");
    assert_eq!(typed(&bench), "/tmp/mine.png");
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_the_user_says_so() {
    let mut bench = open();
    let path = bench.file("there.csv");
    fs::write(&path, "precious").unwrap();
    choose(&mut bench, "Data");
    export_to(&mut bench, &path);
    bench.wait_for("the question", |bench| bench.says("is there already"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    bench.click("Keep it");
    assert!(bench.has("What to export"));
    bench.click("Export to file");
    bench.wait_for("the question", |bench| bench.says("is there already"));
    bench.click("Replace");
    bench.wait_for("the file", |bench| bench.says("Exported to"));
    assert!(fs::read_to_string(&path).unwrap().starts_with("run,label"));
}

#[test]
fn a_playback_shows_its_progress_and_can_be_cancelled() {
    let mut bench = open();
    let path = bench.file("long.gif");
    choose(&mut bench, "Playback");
    export_to(&mut bench, &path);
    bench.wait_for("the progress", |bench| bench.has("Progress of the export"));
    bench.click("Cancel export");
    bench.wait_for("the end", |bench| bench.says("Export cancelled"));
    assert!(!path.exists() && !bench.has("Progress of the export"));
    // What was chosen is still chosen, and another export can follow.
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    choose(&mut bench, "Data");
    bench.click("Export to file");
    let table = bench.file("long.csv");
    bench.wait_for("the table", |_| table.exists());
}

#[test]
fn a_place_that_cannot_be_written_is_said() {
    let mut bench = open();
    let path = bench.file("no/such/folder/a.svg");
    export_to(&mut bench, &path);
    bench.wait_for("the refusal", |bench| bench.says("cannot write this"));
}

#[test]
fn what_happens_inside_the_rules_is_exported_as_figure_and_as_numbers() {
    let mut bench = open();
    choose(&mut bench, "Cosine to the slope");
    let path = bench.file("cosine.svg");
    export_to(&mut bench, &path);
    bench.wait_for("the figure", |bench| bench.says("Exported to"));
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(">cosine to the slope cos(−∇J, Δθ)<"));
    let runs = bench.experiment().runs.len();
    assert!(
        text.matches("class=\"run\"").count() >= 2 * runs,
        "curves and legend"
    );
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    choose(&mut bench, "Data inside the rules");
    let path = bench.file("inside.csv");
    export_to(&mut bench, &path);
    bench.wait_for("the table", |_| path.exists());
    let text = fs::read_to_string(&path).unwrap();
    let epochs = bench.experiment().epochs as usize;
    assert_eq!(text.lines().count(), 1 + runs * epochs);
    assert!(
        text.lines()
            .next()
            .unwrap()
            .contains("slot_m_first_moment_mean_gradient_w1")
    );
}

#[test]
fn several_starts_and_the_pinned_experiment_are_exported_as_they_are_shown() {
    let mut bench = Bench::new();
    bench.press(Key::G);
    let mut several = bench.experiment().clone();
    several.starts = vec![vec![0.0, 0.0], vec![1.0, 2.0]];
    bench.load(several);
    for (subject, marks) in [
        (
            "Landscape",
            [
                "class=\"other\"",
                "class=\"pinned\"",
                "other starts and seeds",
            ],
        ),
        (
            "Loss",
            ["class=\"band\"", "class=\"pinned\"", "median of 2"],
        ),
    ] {
        bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
        choose(&mut bench, subject);
        let path = bench.file(&format!("{subject}.svg"));
        export_to(&mut bench, &path);
        bench.wait_for("the figure", |_| path.exists());
        let text = fs::read_to_string(&path).unwrap();
        for mark in marks {
            assert!(text.contains(mark), "{subject}: {mark}");
        }
        assert!(text.contains("pinned: "), "{subject}");
    }
}

#[test]
fn the_sharpness_along_the_runs_is_exported() {
    let mut bench = open();
    choose(&mut bench, "Sharpness");
    let path = bench.file("sharpness.svg");
    export_to(&mut bench, &path);
    bench.wait_for("the figure", |_| path.exists());
    let text = fs::read_to_string(path).unwrap();
    let runs = bench.experiment().runs.len();
    assert!(
        text.matches("class=\"run\"").count() >= 2 * runs,
        "curves and legend"
    );
}
