//! The panels that explain: a step line by line, and what is wrong with a run.

use super::{Bench, preset};
use egui::Key;

/// The window with this panel in front.
fn with_panel(experiment: &str, panel: &str) -> Bench {
    let mut bench = Bench::new();
    bench.load(preset(experiment));
    bench.click("View");
    bench.click("Panels");
    bench.click(panel);
    bench.press(Key::Escape);
    bench.press(Key::Escape);
    bench
}

#[test]
fn the_step_at_the_playhead_is_worked_out_and_follows_it() {
    let mut bench = with_panel("hw3_q3a", "Show explained step");
    bench.press(Key::Home);
    assert!(bench.says("This is the start."));
    bench.press(Key::ArrowRight);
    bench.wait_for("the explanation", |bench| bench.says("θ ← θ − α·g"));
    assert!(
        bench.says("w1: (-1.54) − 0.001·(-1860.23)"),
        "numbers in six digits"
    );
    bench.click("Step after");
    assert_eq!(bench.step(), 2);
    bench.click("Settings of Adam");
    bench.wait_for("Adam's explanation", |bench| {
        bench.says("θ ← θ − α·m̂/(√(v̂ + ε_r) + ε)")
    });
}

#[test]
fn a_diagnosis_names_its_evidence_and_offers_runs() {
    let mut bench = with_panel("hw3_q2_high", "Show diagnosis");
    bench.press(Key::End);
    bench.wait_for("the diagnosis", |bench| {
        bench.says("bouncing across a valley") && bench.says("sign changes of the gradient")
    });
    let before = bench.experiment().runs.len();
    bench.click("Add 0.0242, decay 0.02");
    let experiment = bench.experiment();
    assert_eq!(experiment.runs.len(), before + 1);
    assert_eq!(
        experiment.runs[before].label.as_deref(),
        Some("0.0242, decay 0.02")
    );
    assert!(experiment.check().is_ok());
}
