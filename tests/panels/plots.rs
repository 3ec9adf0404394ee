//! The plots: which are shown, along what, how large, what they say under the pointer, and as a
//! table.

use super::{Bench, First, preset};
use descent_lab::experiment::{Experiment, RunSpec};
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT, Queryable};

fn of_rules(ids: &[&str], epochs: u64) -> Experiment {
    let mut experiment = preset("ai_notes_1");
    experiment.runs = ids.iter().map(|id| RunSpec::new(id)).collect();
    experiment.epochs = epochs;
    experiment.assign_colours();
    experiment
}

/// The plots that are drawn, by what their accessible names begin with.
fn plots(bench: &Bench) -> Vec<String> {
    let nodes = bench.harness.query_all_by_label_contains("Plot of ");
    let names = nodes.filter_map(|node| node.accesskit_node().label());
    let subject = |name: String| Some(name.strip_prefix("Plot of ")?.split(';').next()?.to_owned());
    names.filter_map(subject).collect()
}

fn plot(bench: &Bench, name: &str) -> Rect {
    let name = format!("Plot of {name};");
    bench.harness.get_by_label_contains(&name).rect()
}

/// Everything that is written on the window.
fn texts(bench: &Bench) -> Vec<String> {
    let shapes = bench.harness.output().shapes.iter();
    shapes
        .filter_map(|clipped| match &clipped.shape {
            egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
            _ => None,
        })
        .collect()
}

fn writes(bench: &Bench, text: &str) -> bool {
    texts(bench).iter().any(|written| written == text)
}

fn choose(bench: &mut Bench, names: &[&str]) {
    bench.click("Choose plots");
    for name in names {
        bench.click(&format!("Show {name}"));
    }
    bench.press(Key::Escape);
}

fn click_at(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.drag_at(at);
    bench.harness.drop_at(at);
    bench.settle();
}

const USUAL: [&str; 4] = [
    "Loss",
    "Learning rate",
    "Gradient norm",
    "Distance to minimum",
];

#[test]
fn a_network_has_no_plot_of_a_distance_to_a_minimum_that_nobody_knows() {
    let mut bench = Bench::new();
    let network = r#"(version: 1, epochs: 1, runs: [(optimizer: "sgd", learning_rate: 0.3)],
        objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 32))"#;
    bench.load(descent_lab::experiment::preset::read(network).unwrap());
    assert_eq!(plots(&bench), USUAL[..3]);
    bench.load(of_rules(&["adam"], 10));
    assert_eq!(plots(&bench), USUAL, "the choice is kept");
}

#[test]
fn plots_are_chosen_and_the_choice_is_kept() {
    let mut bench = Bench::new();
    assert_eq!(plots(&bench), USUAL);
    bench.load(of_rules(&["adam", "momentum"], 150));
    choose(
        &mut bench,
        &[
            "Gradient norm",
            "Distance to minimum",
            "Best loss so far",
            "Update norm",
            "Effective step",
            "Cosine to the slope",
            "m: first moment: mean gradient",
            "β₂ᵗ: what is left of the initial v",
        ],
    );
    let chosen = [
        "Loss",
        "Best loss so far",
        "Learning rate",
        "Effective step",
        "Update norm",
        "Cosine to the slope",
        "m: first moment: mean gradient",
        "β₂ᵗ: what is left of the initial v",
    ];
    assert_eq!(plots(&bench), chosen);
    assert!(writes(&bench, "w1 thick, w2 thin"));
    let Bench { harness, home } = bench;
    drop(harness);
    let mut again = Bench::at(home, First::Last);
    // The rules of the experiment of a first start remember other things.
    again.load(of_rules(&["adam", "momentum"], 150));
    assert_eq!(plots(&again), chosen);
    again.load(of_rules(&["sgd"], 150));
    assert_eq!(plots(&again), chosen[..6]);
    again.click("Choose plots");
    again.click("Usual plots");
    assert_eq!(plots(&again), USUAL);
}

#[test]
fn without_a_plot_the_panel_says_where_they_are() {
    let mut bench = Bench::new();
    choose(&mut bench, &USUAL);
    assert_eq!(plots(&bench), [""; 0]);
    assert!(bench.says("No plot is chosen"));
    bench.press(Key::T);
    assert!(
        bench.has("Plot of the table"),
        "the table falls back to the loss"
    );
}

#[test]
fn one_plot_takes_the_whole_height_and_gives_it_back() {
    let mut bench = Bench::new();
    let small = plot(&bench, "Gradient norm").height();
    bench.click("Enlarge Gradient norm");
    assert_eq!(plots(&bench), ["Gradient norm"]);
    assert!(plot(&bench, "Gradient norm").height() > 3.0 * small);
    bench.click("Plot shown large");
    bench.click("Update norm");
    assert_eq!(plots(&bench), ["Update norm"]);
    bench.press(Key::B);
    assert_eq!(plots(&bench), USUAL);
    bench.press(Key::B);
    assert_eq!(plots(&bench), ["Loss"]);
    bench.click("One plot large");
    assert_eq!(plots(&bench), USUAL);
}

#[test]
fn epochs_and_evaluations_are_spread_by_powers_of_ten() {
    let mut bench = Bench::new();
    bench.load(of_rules(&["sgd", "lbfgs"], 1000));
    assert!(writes(&bench, "400"));
    bench.press(Key::X);
    assert!(!writes(&bench, "400"));
    // The middle of an axis from 1 to 1000.
    let middle = plot(&bench, "Loss").center();
    click_at(&mut bench, middle);
    assert!((27..=37).contains(&bench.step()), "{}", bench.step());
    for key in [Key::Home, Key::E, Key::End, Key::Home, Key::E] {
        bench.press(key);
        assert!(!writes(&bench, "400"));
    }
    bench.click("Logarithmic x axis");
    assert!(writes(&bench, "400"));
    click_at(&mut bench, middle);
    assert!((470..=530).contains(&bench.step()), "{}", bench.step());
}

/// What is written on and beside a plot.
fn ticks(bench: &Bench, name: &str) -> Vec<String> {
    let mut plot = plot(bench, name).expand(2.0);
    plot.min.x -= 56.0;
    let shapes = bench.harness.output().shapes.iter();
    let written = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some((text.galley.text(), text.visual_bounding_rect())),
        _ => None,
    });
    let here = written.filter(|(_, rect)| plot.contains_rect(*rect));
    here.map(|(text, _)| text.to_owned()).collect()
}

#[test]
fn every_plot_has_a_scale_of_its_own() {
    let mut bench = Bench::new();
    let (loss, norm) = (ticks(&bench, "Loss"), ticks(&bench, "Gradient norm"));
    bench.click("Logarithmic axis of Gradient norm");
    assert_ne!(ticks(&bench, "Gradient norm"), norm);
    assert_eq!(ticks(&bench, "Loss"), loss);
    bench.click("Logarithmic axis of Gradient norm");
    assert_eq!(ticks(&bench, "Gradient norm"), norm);
}

#[test]
fn the_values_under_the_pointer_are_read_out_of_all_plots() {
    let mut bench = Bench::new();
    bench.load(of_rules(&["sgd", "adam"], 150));
    assert!(!bench.has("epoch 75"));
    let middle = plot(&bench, "Gradient norm").center();
    bench.harness.hover_at(middle);
    bench.harness.run_steps(4);
    let title = |text: String| text.strip_prefix("epoch ")?.parse::<u64>().ok();
    let step = texts(&bench).into_iter().find_map(title).unwrap();
    assert!((70..=80).contains(&step), "{step}");
    let record = bench.laboratory().record().unwrap().clone();
    for trace in &record.history.traces {
        let frame = trace.frame_at(step).unwrap();
        for value in [frame.loss, frame.gradient_norm, frame.learning_rate] {
            let written = descent_lab::figures::axis::significant(value, 4);
            assert!(writes(&bench, &written), "{written}");
        }
    }
    bench.harness.hover_at(Pos2::new(2.0, 2.0));
    bench.harness.run_steps(4);
    assert!(!writes(&bench, &format!("epoch {step}")));
}

#[test]
fn a_moved_view_offers_to_be_shown_whole_again() {
    let mut bench = Bench::new();
    assert!(!bench.has("Reset plots"));
    let loss = plot(&bench, "Loss");
    let drag = |bench: &mut Bench| bench.drag(loss.center(), loss.center() + vec2(-40.0, 5.0));
    drag(&mut bench);
    bench.click("Reset plots");
    assert!(!bench.has("Reset plots"));
    drag(&mut bench);
    assert!(bench.has("Reset plots"));
    // Long enough after the last click that these two are not the second and third.
    bench.harness.run_steps(90);
    bench.harness.hover_at(loss.center());
    for _ in 0..2 {
        bench.harness.drag_at(loss.center());
        bench.harness.drop_at(loss.center());
    }
    bench.settle();
    assert!(!bench.has("Reset plots"), "a double click does it too");
}

#[test]
fn a_long_record_of_many_runs_is_replayed_thinned_and_scrubbed() {
    let mut bench = Bench::new();
    bench.load(of_rules(
        &["adam", "adam", "rmsprop", "adagrad", "lbfgs"],
        3000,
    ));
    choose(
        &mut bench,
        &["Effective step", "v: second moment: mean squared gradient"],
    );
    assert!(plots(&bench).contains(&"Effective step".into()));
    for key in [Key::Home, Key::ArrowRight, Key::End, Key::X, Key::E, Key::R] {
        bench.press(key);
    }
    assert!(!writes(&bench, "being replayed …"));
}

#[test]
fn a_plot_offers_its_data_as_a_table() {
    let mut bench = Bench::new();
    bench.load(of_rules(&["sgd", "adam"], 150));
    bench.press(Key::Home);
    bench.click("Table of values");
    let record = bench.laboratory().record().unwrap().clone();
    let six = |value| descent_lab::figures::axis::significant(value, 6);
    for trace in &record.history.traces {
        for step in 0..4 {
            assert!(bench.has(&six(trace.losses()[step])), "step {step}");
        }
    }
    assert!(bench.has("→ 0") && bench.has("1"));
    bench.click("Plot of the table");
    bench.click("m: first moment: mean gradient");
    // Adam's m after the first update is a tenth of the gradient.
    let start = record.checked.experiment.start();
    let landscape = record.checked.objective.landscape().unwrap();
    let (_, gradient) = descent_lab::landscapes::gradient::<f64>(&**landscape, start);
    let m: Vec<_> = gradient.iter().map(|g| six(0.1 * g)).collect();
    bench.wait_for("the replay", |bench| bench.has(&m.join(", ")));
    bench.press(Key::Escape);
    assert!(!bench.has("Plot of the table"));
}

/// egui_plot joins the ends of every pixel column that holds several points to one filled band;
/// where a curve jumps, that is a wedge as wide as the way to the next point.
#[test]
fn a_curve_that_jumps_is_a_line_and_not_a_wedge() {
    let mut bench = Bench::new();
    let text = r#"(version: 1, title: "Jump", epochs: 400,
        objective: Landscape(surface: "rosenbrock", start: (-1.5, -0.5)),
        runs: [(optimizer: "sgd", learning_rate: 0.001,
            events: [(step: 200, learning_rate: 0.0003)])])"#;
    bench.load(descent_lab::experiment::preset::read(text).unwrap());
    bench.harness.run_steps(3);
    let shapes = bench.harness.output().shapes.iter();
    let bands = shapes.filter(|clipped| matches!(clipped.shape, egui::Shape::Band(_)));
    assert_eq!(bands.count(), 0);
    assert!(bench.says("Learning rate"));
}
