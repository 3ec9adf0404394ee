//! The tour of a first start, and how things look and move for those who need it otherwise.

use super::{Bench, First, laboratory, usual};
use descent_lab::storage::settings::Settings;
use egui::{Key, Theme};

/// A laboratory that was never started before.
fn first_start() -> Bench {
    let home = tempfile::tempdir().unwrap();
    let harness = laboratory::fresh(usual(), home.path(), First::Last);
    let mut bench = Bench { harness, home };
    bench.settle();
    bench
}

#[test]
fn a_first_start_shows_the_way_in_five_steps() {
    let mut bench = first_start();
    for step in 1..=5 {
        assert!(bench.has(&format!("{step} of 5")), "{step}");
        bench.click(if step == 5 { "Finish" } else { "Next" });
    }
    assert!(!bench.says(" of 5"));
    bench.click("Help");
    bench.click("Tour of the window");
    assert!(bench.has("1 of 5"));
    bench.click("Next");
    bench.click("Back");
    assert!(bench.has("1 of 5"));
    bench.press(Key::Escape);
    assert!(!bench.has("1 of 5"));
}

#[test]
fn whoever_ignores_the_tour_works_as_ever() {
    let mut bench = first_start();
    bench.press(Key::Home);
    assert_eq!(bench.step(), 0);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.step(), 1);
    bench.enter("Start w1", "0.5");
    assert_eq!(bench.experiment().start()[0], 0.5);
    bench.ctrl(Key::O);
    assert!(!bench.says(" of 5"), "a dialog stands in front");
    bench.press(Key::Escape);
    assert!(bench.has("1 of 5"), "Esc was the dialog's");
    bench.click("Skip tour");
    assert!(!bench.says(" of 5"));
}

#[test]
fn the_tour_is_not_shown_again() {
    let bench = first_start();
    let Bench { harness, home } = bench;
    harness.into_state().unwrap().close(None);
    let harness = laboratory::fresh(usual(), home.path(), First::Last);
    let again = Bench { harness, home };
    assert!(!again.says(" of 5"));
}

/// The settings, once their file says this.
fn written(bench: &mut Bench, what: &'static str) -> Settings {
    let file = bench.file("settings.ron");
    bench.wait_for("the settings", |_| {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains(what))
    });
    Settings::load(&file).0
}

#[test]
fn high_contrast_is_chosen_in_both_appearances_and_remembered() {
    let mut bench = Bench::new();
    let panel = |bench: &Bench| bench.harness.ctx.global_style().visuals.panel_fill;
    let usual = panel(&bench);
    bench.click("View");
    bench.click("High contrast");
    assert_eq!(panel(&bench), egui::Color32::BLACK);
    bench.ctrl(Key::T);
    assert_eq!(bench.harness.ctx.theme(), Theme::Light);
    assert_eq!(panel(&bench), egui::Color32::WHITE);
    bench.ctrl(Key::T);
    assert!(written(&mut bench, "high_contrast: true").high_contrast);
    let Bench { home, harness } = bench;
    drop(harness);
    let mut again = Bench::at(home, First::Last);
    assert_eq!(panel(&again), egui::Color32::BLACK);
    again.click("View");
    again.click("High contrast");
    assert_eq!(panel(&again), usual);
}

#[test]
fn reduced_motion_is_chosen_and_remembered() {
    let mut bench = Bench::new();
    let style = |bench: &Bench| bench.harness.ctx.global_style();
    // Chosen twice, so that motion has begun from what the laboratory sets.
    for moves in [false, true, false] {
        bench.click("View");
        bench.click("Reduced motion");
        assert_eq!(style(&bench).animation_time > 0.0, moves);
        assert_eq!(style(&bench).visuals.text_cursor.blink, moves);
    }
    bench.press(Key::Home);
    bench.press(Key::Space);
    bench.wait_for("the playhead", |bench| bench.step() > 3);
    assert!(written(&mut bench, "reduced_motion: true").reduced_motion);
}
