//! How the landscape curves at the playhead, and the path of gradient flow.

use super::{Bench, First, preset};
use descent_lab::experiment::{Experiment, ObjectiveSpec, RunSpec};
use egui::Key;

fn of_rules(surface: &str, ids: &[&str]) -> Experiment {
    let mut experiment = preset("ai_notes_1");
    experiment.objective = ObjectiveSpec::Landscape {
        surface: surface.into(),
        start: None,
        noise: 0.0,
        settings: Default::default(),
    };
    experiment.runs = ids.iter().map(|id| RunSpec::new(id)).collect();
    experiment.assign_colours();
    experiment
}

fn written(bench: &Bench, begins: &str) -> usize {
    let shapes = bench.harness.output().shapes.iter();
    let is_it = |shape: &egui::Shape| match shape {
        egui::Shape::Text(shape) => shape.galley.text().starts_with(begins),
        _ => false,
    };
    shapes.filter(|clipped| is_it(&clipped.shape)).count()
}

fn show_panel(bench: &mut Bench) {
    bench.click("View");
    bench.click("Panels");
    bench.click("Show curvature");
    bench.press(Key::Escape);
    bench.press(Key::Escape);
}

/// Booth's function is ½·wᵀHw with H = [[10, 8], [8, 10]] around its minimum: 18 along the
/// diagonal, 2 across, everywhere; gradient descent bears 2/α.
#[test]
fn the_panel_gives_what_is_known_of_a_quadratic() {
    let mut bench = Bench::new();
    let mut experiment = of_rules("booth", &["sgd"]);
    experiment.runs[0].learning_rate = Some(0.05);
    bench.load(experiment);
    show_panel(&mut bench);
    bench.press(Key::Home);
    bench.wait_for("the curvature", |bench| bench.says("after 0 updates"));
    for text in [
        "λ_max",
        "18",
        "40",
        "0.45 of the limit",
        "9",
        "(1, 3)",
        "upwards",
    ] {
        assert!(bench.says(text), "{text}");
    }
    bench.press(Key::ArrowRight);
    bench.wait_for("the next place", |bench| bench.says("after 1 updates"));
}

#[test]
fn the_landscape_shows_directions_model_and_flow_and_keeps_the_choice() {
    let mut bench = Bench::new();
    let mut experiment = of_rules("himmelblau", &["adam"]);
    experiment.runs[0].learning_rate = Some(0.1);
    bench.load(experiment);
    assert_eq!(written(&bench, "λ_max"), 0);
    bench.press(Key::K);
    bench.wait_for("the directions", |bench| written(bench, "λ_max ") == 1);
    assert_eq!(written(&bench, "λ_min "), 1);
    assert_eq!(
        written(&bench, "model"),
        1,
        "where it ends the surface is a bowl"
    );
    bench.press(Key::F);
    bench.wait_for("the flow", |bench| written(bench, "flow") == 2);
    bench.press(Key::Num3);
    bench.wait_for("the flow in space", |bench| {
        bench.has("Start point on the surface") && written(bench, "flow") == 2
    });
    bench.press(Key::Num2);
    bench.click("Curvature on the landscape");
    bench.wait_for("nothing", |bench| written(bench, "λ_max ") == 0);
    let Bench { harness, home } = bench;
    drop(harness);
    let mut again = Bench::at(home, First::Last);
    again.wait_for("the flow", |bench| written(bench, "flow") == 2);
    assert_eq!(written(&again, "λ_max "), 0, "choices are remembered");
}

/// At a saddle the model has no bottom, and nothing is drawn that is not there.
#[test]
fn a_saddle_has_directions_and_no_bottom() {
    let mut bench = Bench::new();
    bench.load(of_rules("saddle", &["sgd"]));
    bench.press(Key::K);
    show_panel(&mut bench);
    bench.press(Key::Home);
    bench.wait_for("the directions", |bench| {
        written(bench, "λ_min −") + written(bench, "λ_min -") == 1
    });
    // The model is level there, but has no bottom.
    assert_eq!(written(&bench, "model: saddle"), 1);
    assert_eq!(written(&bench, "model"), 1);
    assert!(bench.says("downwards"));
    assert!(bench.says("none: it does not curve upwards everywhere"));
}

#[test]
fn sharpness_is_plotted_with_the_limit_of_each_rule() {
    let mut bench = Bench::new();
    bench.load(of_rules("booth", &["sgd", "adam"]));
    bench.click("Choose plots");
    bench.click("Show Sharpness");
    bench.press(Key::Escape);
    bench.settle();
    bench.wait_for("the curves", |bench| bench.says("λ_max thick, limit thin"));
    assert!(bench.says("Plot of Sharpness"));
}

#[test]
fn a_regression_has_its_curvature_in_all_parameters() {
    let mut bench = Bench::new();
    bench.load(preset("hw3_q5"));
    bench.press(Key::K);
    bench.press(Key::F);
    show_panel(&mut bench);
    bench.wait_for("the curvature", |bench| bench.says("direction v ("));
    assert!(bench.says("λ_max/λ_min"));
}
