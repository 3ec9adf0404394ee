//! Plots over evaluations of the objective.

use super::{Bench, preset};
use descent_lab::app::First;
use descent_lab::experiment::{Experiment, RunSpec, WrapperSpec};
use descent_lab::optimizers::wrappers;
use egui::{Key, Pos2};
use egui_kittest::HarnessBuilder;

/// Adam within SAM, which costs two evaluations an update, and the rules `beside` it.
fn with_sam(beside: &[&str]) -> Experiment {
    let mut experiment = preset("ai_notes_1");
    experiment.runs = beside.iter().map(|id| RunSpec::new(id)).collect();
    let mut sam = RunSpec::new("adam");
    let wrapper = wrappers::find("Sam").unwrap();
    sam.wrappers = vec![WrapperSpec::new(wrapper)];
    experiment.runs.push(sam);
    experiment.assign_colours();
    experiment
}

/// Whether exactly this is written on the window.
fn paints(bench: &Bench, text: &str) -> bool {
    painted(bench, text).is_some()
}

/// Where exactly this is written last.
fn painted(bench: &Bench, text: &str) -> Option<egui::Rect> {
    let shapes = bench.harness.output().shapes.iter();
    let mut found = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(shape) if shape.galley.text() == text => {
            Some(shape.visual_bounding_rect())
        }
        _ => None,
    });
    found.next_back()
}

fn click_at(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.drag_at(at);
    bench.harness.drop_at(at);
    bench.settle();
}

fn plot_of_loss(bench: &Bench) -> egui::Rect {
    use egui_kittest::kittest::Queryable;
    bench.harness.get_by_label_contains("Plot of Loss").rect()
}

#[test]
fn the_axis_changes_by_key_and_button_and_says_what_it_is() {
    let mut bench = Bench::new();
    assert!(paints(&bench, "epoch"));
    bench.press(Key::E);
    assert!(!paints(&bench, "epoch"));
    assert!(bench.has("evaluations"), "the readout has a column");
    bench.load(with_sam(&["sgd", "lbfgs"]));
    assert!(
        !paints(&bench, "epoch"),
        "another experiment keeps the axis"
    );
    bench.click("Plot against evaluations");
    assert!(paints(&bench, "epoch"));
    bench.ctrl(Key::P);
    bench.type_text("against evaluations");
    bench.press(Key::Enter);
    assert!(!paints(&bench, "epoch"));
}

#[test]
fn a_click_seeks_where_the_run_had_used_as_many() {
    let mut bench = Bench::new();
    bench.load(with_sam(&[]));
    bench.press(Key::E);
    let plot = plot_of_loss(&bench);
    click_at(&mut bench, plot.center());
    let step = bench.step();
    assert!(
        (60..=90).contains(&step),
        "half of 300, two an update: {step}"
    );
    let used = format!("{}", 2 * step);
    assert!(bench.has(&used), "the readout says {used}");
}

#[test]
fn runs_of_very_different_cost_are_plotted_zoomed_and_played() {
    let mut bench = Bench::new();
    bench.load(with_sam(&[
        "sgd",
        "lbfgs",
        "newton",
        "nelder_mead",
        "polyak_sgd",
    ]));
    bench.press(Key::E);
    let plot = plot_of_loss(&bench);
    for share in [0.0, 0.02, 0.3, 0.999] {
        let at = plot.lerp_inside(egui::vec2(share, 0.5));
        click_at(&mut bench, at);
        assert!(bench.step() <= 150);
    }
    bench.drag(plot.center(), plot.center() + egui::vec2(-60.0, 5.0));
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.press(Key::R);
    bench.press(Key::E);
    assert!(paints(&bench, "epoch"));
}

#[test]
fn without_runs_or_epochs_there_is_nothing_to_trip_over() {
    let mut bench = Bench::new();
    bench.press(Key::E);
    let mut empty = with_sam(&[]);
    empty.epochs = 0;
    bench.load(empty.clone());
    let plot = plot_of_loss(&bench);
    click_at(&mut bench, plot.center());
    assert_eq!(bench.step(), 0);
    empty.runs.clear();
    bench.load(empty);
}

#[test]
fn a_small_window_has_room_for_the_caption_of_the_axis() {
    use egui_kittest::kittest::Queryable;
    let builder = HarnessBuilder::default().with_size([800.0, 600.0]);
    let mut bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    bench.click("Plots");
    let caption = painted(&bench, "epoch").unwrap();
    let table = bench.harness.get_by_label_contains("At epoch").rect();
    assert!(caption.bottom() <= table.top(), "{caption} {table}");
}
