//! Panels that are moved, sized, hidden and kept.

use super::{Bench, First, usual};
use descent_lab::storage::settings::Settings;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable;

const PLOTS: &str = "Plots panel: move or hide";
const READOUT: &str = "Readout panel: move or hide";
const LANDSCAPE: &str = "Landscape panel: move or hide";

/// Opens a panel's menu with the keyboard and chooses from it.
fn choose(bench: &mut Bench, handle: &str, item: &str) {
    bench.focus(handle);
    bench.press(Key::Enter);
    bench.click(item);
}

/// What the settings file holds, once it holds something.
fn written(bench: &mut Bench, what: &'static str) -> Settings {
    let file = bench.file("settings.ron");
    bench.wait_for("the settings", |_| {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains(what))
    });
    Settings::load(&file).0
}

#[test]
fn a_panel_moves_by_its_menu_and_stays_there() {
    let mut bench = Bench::new();
    assert!(bench.rect(PLOTS).left() > bench.rect(LANDSCAPE).left());
    choose(&mut bench, PLOTS, "Move left");
    let (plots, landscape) = (bench.rect(PLOTS), bench.rect(LANDSCAPE));
    assert_eq!(plots.center().x, landscape.center().x);
    assert!(plots.top() > landscape.top());
    assert!(bench.has("At epoch 150") && !bench.is_unsaved());
    written(&mut bench, "plots");

    let Bench { home, harness } = bench;
    drop(harness);
    let mut bench = Bench::at(home, First::Last);
    assert_eq!(bench.rect(PLOTS), plots);
    bench.click("View");
    bench.click("Reset layout");
    assert!(bench.rect(PLOTS).left() > bench.rect(LANDSCAPE).right());
}

#[test]
fn a_panel_is_dragged_to_another_place() {
    let mut bench = Bench::new();
    let target = bench.rect("Setup panel: move or hide").center() + vec2(0.0, 600.0);
    let from = bench.rect(READOUT).center();
    bench.drag(from, target);
    let (readout, setup) = (bench.rect(READOUT), bench.rect("Setup panel: move or hide"));
    assert!(readout.left() < bench.rect(LANDSCAPE).left(), "{readout}");
    assert!(readout.top() > setup.top(), "{readout}");
}

#[test]
fn boundaries_move_with_mouse_and_keys_and_go_back() {
    let mut bench = Bench::new();
    let name = "Boundary between Setup and Landscape";
    let at_first = bench.rect(name).center();
    bench.drag(at_first, at_first + vec2(60.0, 0.0));
    let dragged = bench.rect(name).center();
    assert!((dragged.x - at_first.x - 60.0).abs() < 1.5, "{dragged}");
    bench.focus(name);
    bench.press(Key::ArrowLeft);
    let nudged = bench.rect(name).center();
    assert!((dragged.x - nudged.x - 16.0).abs() < 1.0, "{nudged}");
    assert!(bench.is_focused(name));
    written(&mut bench, "arrangement");
    bench.click("View");
    bench.click("Even panel sizes");
    assert_eq!(bench.rect(name).center(), at_first);
}

#[test]
fn panels_are_hidden_and_shown() {
    let mut bench = Bench::new();
    choose(&mut bench, READOUT, "Hide");
    assert!(!bench.says("At epoch"));
    bench.click("View");
    bench.click("Panels");
    bench.click("Show readout");
    assert!(bench.says("At epoch"));
    bench.press(Key::Escape);
    bench.press(Key::Escape);
    bench.press(Key::N);
    assert!(!bench.has("Edit notes"));
    bench.press(Key::N);
    assert!(bench.has("Edit notes"));
}

#[test]
fn with_every_panel_hidden_the_window_says_how_to_go_on() {
    let mut bench = Bench::new();
    for panel in ["Setup", "Landscape", "Notes", "Plots", "Readout"] {
        choose(&mut bench, &format!("{panel} panel: move or hide"), "Hide");
    }
    assert!(bench.says("Every panel is hidden"));
    bench.click("View");
    bench.click("Reset layout");
    assert!(bench.has(PLOTS) && bench.has("Start point"));
}

#[test]
fn a_layout_is_kept_under_a_name_and_taken_up_again() {
    let mut bench = Bench::new();
    choose(&mut bench, PLOTS, "Move left");
    bench.click("View");
    bench.click("Keep layout…");
    bench.wait_for("the focus", |bench| bench.is_focused("Name of the layout"));
    bench.type_text("Tall");
    bench.press(Key::Enter);
    let moved = bench.rect(PLOTS);
    bench.click("View");
    bench.click("Reset layout");
    assert_ne!(bench.rect(PLOTS), moved);
    bench.click("View");
    bench.click("Layouts");
    bench.click("Tall");
    assert_eq!(bench.rect(PLOTS), moved);
    assert!(written(&mut bench, "Tall").layouts.contains_key("Tall"));
    bench.click("View");
    bench.click("Layouts");
    bench.click("Forget layout Tall");
    bench.wait_for("it to be forgotten", |bench| {
        bench.harness.query_all_by_label("Tall").count() == 0
    });
}

#[test]
fn a_layout_of_another_version_is_completed() {
    let home = tempfile::tempdir().unwrap();
    let text = "(version: 1, layout: (arrangement: Row([(1.0, Panel(\"later\")), \
                (2.0, Tabs(1, [Panel(\"plots\"), Panel(\"notes\")]))])))";
    std::fs::write(home.path().join("settings.ron"), text).unwrap();
    let mut bench = Bench::built(usual(), home, First::Last);
    assert!(bench.has("Start point") && bench.has("Edit notes"));
    assert!(!bench.has(PLOTS), "the notes are in front");
    bench.click("Plots");
    assert!(bench.has(PLOTS) && !bench.has("Edit notes"));
}

#[test]
fn the_palette_brings_a_panel_to_the_front() {
    let home = tempfile::tempdir().unwrap();
    let text = "(version: 1, layout: (arrangement: Tabs(1, [Panel(\"plots\"), \
                Panel(\"notes\")])))";
    std::fs::write(home.path().join("settings.ron"), text).unwrap();
    let mut bench = Bench::built(usual(), home, First::Last);
    assert!(!bench.has(PLOTS), "the notes are in front");
    bench.ctrl(Key::P);
    bench.type_text("go to plots");
    bench.press(Key::Enter);
    assert!(bench.has(PLOTS) && !bench.has("Edit notes"));
    // As a click on the tab, it is remembered.
    written(&mut bench, "Tabs(0");
    bench.ctrl(Key::P);
    bench.type_text("go to notes");
    bench.press(Key::Enter);
    assert!(bench.has("Edit notes") && !bench.has(PLOTS));
    // What this experiment has nothing for is not offered.
    bench.ctrl(Key::P);
    bench.type_text("worked");
    assert!(bench.says("No command has these words."));
}

#[test]
fn the_palette_goes_to_the_tab_of_a_narrow_window() {
    let builder = usual().with_size([800.0, 600.0]);
    let mut bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    assert!(!bench.says("Plot of Loss"));
    bench.ctrl(Key::P);
    bench.type_text("go to plots");
    bench.press(Key::Enter);
    assert!(bench.says("Plot of Loss"));
}

#[test]
fn the_readout_has_all_its_columns_in_sight() {
    for size in [[1280.0, 800.0], [1920.0, 1080.0], [1024.0, 700.0]] {
        let builder = usual().with_size(size);
        let bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
        let readout = bench.rect(READOUT);
        for heading in ["best J", "α", "‖∇J‖", "‖w − w*‖", "w1, w2"] {
            let labels = bench.harness.query_all_by_label(heading);
            // A plot's heading can say the same.
            let below = labels.filter(|label| label.rect().top() > readout.top());
            let right = below.map(|label| label.rect().right()).fold(0.0, f32::max);
            assert!(
                right > 0.0 && right <= size[0],
                "{heading} ends at {right} of {size:?}"
            );
        }
    }
}
