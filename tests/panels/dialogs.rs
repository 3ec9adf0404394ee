//! Help, the palette, notes, title, appearance.

use super::Bench;
use descent_lab::experiment::built_in::BUILT_IN;
use egui::{Key, Theme};

#[test]
fn help_opens_with_f1_and_closes_with_escape() {
    let mut bench = Bench::new();
    bench.press(Key::F1);
    assert!(bench.has("Keys and mouse") && bench.says("Drag the ring"));
    bench.press(Key::Escape);
    assert!(!bench.says("Drag the ring"));
    bench.press(Key::F1);
    bench.press(Key::F1);
    assert!(!bench.says("Drag the ring"), "the same key closes it");
}

#[test]
fn the_palette_finds_and_runs_a_command() {
    let mut bench = Bench::new();
    for opener in [Key::P, Key::K] {
        let before = bench.experiment().runs.len();
        bench.ctrl(opener);
        bench.wait_for("the focus", |bench| bench.is_focused("Words of a command"));
        bench.type_text("add run");
        bench.press(Key::Enter);
        assert!(bench.has("Search optimizers"), "the command was run");
        bench.press(Key::Escape);
        assert_eq!(bench.experiment().runs.len(), before);
    }
    bench.ctrl(Key::P);
    bench.type_text("no such words");
    assert!(bench.says("No command has these words"));
    bench.press(Key::Escape);
    assert!(!bench.says("No command has these words"));
}

#[test]
fn every_built_in_experiment_opens_from_the_list() {
    let mut bench = Bench::new();
    let mut titles = Vec::new();
    for built_in in BUILT_IN {
        let mut expected = built_in.experiment();
        // A training takes minutes until it has settled.
        let is_training =
            expected.objective.landscape().is_none() && expected.objective.regression().is_none();
        if is_training {
            continue;
        }
        expected.assign_colours();
        bench.ctrl(Key::O);
        bench.click(&expected.title);
        assert_eq!(*bench.experiment(), expected);
        assert!(!bench.is_unsaved());
        titles.push(expected.title);
    }
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment().title, titles[titles.len() - 2]);
}

#[test]
fn notes_can_be_written() {
    let mut bench = Bench::new();
    bench.click("Edit notes");
    bench.focus("Notes as Markdown");
    bench.ctrl(Key::A);
    bench.type_text("**Try** this.");
    bench.click("Done with the notes");
    assert_eq!(bench.experiment().notes, "**Try** this.");
    assert!(bench.is_unsaved());
    assert!(!bench.has("Notes as Markdown"));
}

#[test]
fn keys_without_ctrl_are_left_to_a_field_that_has_the_focus() {
    let mut bench = Bench::new();
    let before = bench.experiment().notes.clone();
    bench.focus("Title of the experiment");
    bench.harness.key_press(Key::N);
    bench.harness.key_press(Key::Space);
    bench.type_text("n ");
    assert!(!bench.laboratory().playhead().playing);
    assert!(bench.has("Notes"), "N did not hide the notes");
    assert!(bench.experiment().title.contains("n "));
    assert_eq!(bench.experiment().notes, before);
}

#[test]
fn another_title_is_an_unsaved_change_and_one_undo_step() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    assert!(!bench.is_unsaved() && !bench.has("unsaved"));
    bench.focus("Title of the experiment");
    bench.ctrl(Key::A);
    for letter in ["M", "i", "n", "e"] {
        bench.type_text(letter);
    }
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().title, "Mine");
    assert!(bench.is_unsaved() && bench.has("unsaved"));
    bench.ctrl(Key::Z);
    assert_eq!(*bench.experiment(), before);
    assert!(!bench.is_unsaved() && !bench.has("unsaved"));
    bench.ctrl(Key::Y);
    assert_eq!(bench.experiment().title, "Mine");
}

#[test]
fn dark_and_light_take_turns_and_are_remembered() {
    let home = tempfile::tempdir().unwrap();
    let mut bench = Bench::at(home, super::First::Last);
    assert_eq!(bench.harness.ctx.theme(), Theme::Dark);
    bench.click("Dark or light");
    assert_eq!(bench.harness.ctx.theme(), Theme::Light);
    bench.ctrl(Key::T);
    assert_eq!(bench.harness.ctx.theme(), Theme::Dark);
    bench.ctrl(Key::T);
    let file = bench.file("settings.ron");
    bench.wait_for("the settings", |_| {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("theme: Light"))
    });
}

#[test]
fn the_loss_axis_changes_by_key_and_button() {
    let mut bench = Bench::new();
    // Styblinski–Tang's loss can be negative: only the logarithmic axis shows J − J*.
    bench.click("Styblinski–Tang");
    let is_log = |bench: &Bench| bench.says("J − J*");
    let before = is_log(&bench);
    bench.press(Key::L);
    assert_ne!(is_log(&bench), before);
    bench.click("log");
    assert_eq!(is_log(&bench), before);
}

#[test]
fn every_menu_opens() {
    let mut bench = Bench::new();
    for (menu, item) in [
        ("File", "Save as…"),
        ("Edit", "Add run…"),
        ("View", "Reset view"),
        ("Play", "Ten steps on"),
        ("Help", "About Descent Lab"),
    ] {
        bench.click(menu);
        assert!(bench.says(item), "{menu}");
        bench.press(Key::Escape);
        assert!(!bench.says(item), "{menu}");
    }
}
