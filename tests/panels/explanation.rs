//! The panels that explain: a step line by line, alone and beside another rule's, what is wrong
//! with a run, and who takes large steps.

use super::{Bench, preset};
use descent_lab::experiment::{Experiment, RunSpec};
use egui::Key;
use egui_kittest::kittest::Queryable;

/// The window with this panel in front.
fn with_panel(experiment: Experiment, panel: &str) -> Bench {
    let mut bench = Bench::new();
    bench.load(experiment);
    bench.click("View");
    bench.click("Panels");
    bench.click(panel);
    bench.press(Key::Escape);
    bench.press(Key::Escape);
    bench
}

/// How often exactly this is written on the window.
fn written(bench: &Bench, text: &str) -> usize {
    let shapes = bench.harness.output().shapes.iter();
    let is_it = |shape: &egui::Shape| match shape {
        egui::Shape::Text(shape) => shape.galley.text() == text,
        _ => false,
    };
    shapes.filter(|clipped| is_it(&clipped.shape)).count()
}

/// How many parts of texts on the window are lit, as the background of a symbol says.
fn lit(bench: &Bench) -> Vec<String> {
    // Dark and light.
    let selections =
        [[33, 66, 110], [204, 224, 250]].map(|[r, g, b]| egui::Color32::from_rgb(r, g, b));
    let shapes = bench.harness.output().shapes.iter();
    let texts = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some(&text.galley.job),
        _ => None,
    });
    let sections = texts.flat_map(|job| {
        let lit = job
            .sections
            .iter()
            .filter(|section| selections.contains(&section.format.background));
        lit.map(|section| {
            let range = &section.byte_range;
            job.text[range.start.into()..range.end.into()].to_owned()
        })
    });
    sections.collect()
}

#[test]
fn the_step_at_the_playhead_is_worked_out_and_follows_it() {
    let mut bench = with_panel(preset("hw3_q3a"), "Show explained step");
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
fn a_symbol_lights_in_every_line_and_on_the_landscape() {
    let mut experiment = preset("hw3_q3a");
    experiment.runs.retain(|run| run.optimizer == "adam");
    let mut bench = with_panel(experiment, "Show explained step");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.press(Key::ArrowRight);
    bench.wait_for("the explanation", |bench| bench.has("Symbol m"));
    assert_eq!((lit(&bench), written(&bench, "−m")), (vec![], 0));
    bench.click("Symbol m");
    bench.wait_for("the arrow", |bench| written(bench, "−m") == 1);
    // In its own line twice, in that of m̂ once; and the same in the numbers of both parameters.
    let names = lit(&bench);
    let of_names = names.iter().filter(|text| *text == "m").count();
    assert_eq!(of_names, 3, "{names:?}");
    assert_eq!(names.len(), 9, "{names:?}");
    assert!(bench.says("m: first moment: mean gradient;"));
    // What a step is scaled by lights the step, a setting lights nothing there.
    bench.click("Symbol g");
    bench.wait_for("the gradient", |bench| written(bench, "−g") == 1);
    bench.click("Symbol θ");
    bench.wait_for("the step", |bench| written(bench, "Δθ") == 1);
    bench.click("Symbol β₁");
    bench.wait_for("nothing on the landscape", |bench| {
        written(bench, "Δθ") == 0 && !lit(bench).is_empty()
    });
    bench.click("Symbol β₁");
    bench.harness.hover_at(egui::pos2(1.0, 1.0));
    bench.wait_for("nothing lit", |bench| lit(bench).is_empty());
}

#[test]
fn the_pointer_over_a_formula_lights_the_symbol_under_it() {
    let mut experiment = preset("hw3_q3a");
    experiment.runs.retain(|run| run.optimizer == "adam");
    let mut bench = with_panel(experiment, "Show explained step");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    let line = "v ← β₂·v + (1 − β₂)·g²";
    bench.wait_for("the explanation", |bench| bench.has(line));
    bench.harness.get_by_label(line).scroll_to_me();
    bench.harness.run_steps(6);
    let rect = bench.harness.get_by_label(line).rect();
    bench
        .harness
        .hover_at(rect.left_center() + egui::vec2(3.0, 0.0));
    bench.wait_for("what v stands for", |bench| {
        lit(bench).iter().any(|text| text == "v")
    });
    // On the sign, nothing is.
    bench.harness.hover_at(egui::pos2(1.0, 1.0));
    bench.wait_for("nothing lit", |bench| lit(bench).is_empty());
}

#[test]
fn another_rule_makes_the_same_step_beside() {
    let mut experiment = preset("hw3_q3a");
    experiment.runs.retain(|run| run.optimizer == "adam");
    let mut bench = with_panel(experiment, "Show explained step");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.press(Key::ArrowRight);
    bench.wait_for("the explanation", |bench| bench.has("Rule beside"));
    bench.click("Rule beside");
    bench.click("AdaBelief");
    bench.wait_for("both steps", |bench| {
        bench.says("Update 2 by both, from the same state")
    });
    bench.click("How AdaBelief is given the state");
    assert!(bench.says("s (mean squared deviation of the gradient from m): what AdaBelief makes"));
    assert!(bench.says("m (first moment: mean gradient): the numbers of Adam"));
    assert!(bench.has("Copy both steps as Markdown"));
    bench.press(Key::ArrowRight);
    bench.wait_for("the next", |bench| bench.says("Update 3 by both"));
    // A rule that is refused here says why.
    bench.click("Rule beside");
    bench.click("Muon");
    bench.wait_for("the reason", |bench| bench.says("it needs a weight matrix"));
}

#[test]
fn the_start_and_seed_that_are_explained_can_be_chosen() {
    let mut experiment = preset("hw3_q3a");
    experiment.runs = vec![RunSpec::new("sgd")];
    experiment.assign_colours();
    experiment.set_starts(vec![vec![-1.5, 1.0], vec![0.5, 0.25]]);
    experiment.set_seeds(3, 2);
    let mut bench = with_panel(experiment, "Show explained step");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.wait_for("the explanation", |bench| bench.says("w1: (-1.5) − "));
    bench.click("Explained start");
    bench.click("2: 0.5, 0.25");
    bench.wait_for("the other start", |bench| bench.says("w1: 0.5 − "));
    bench.click("Explained seed");
    bench.click("4");
    bench.wait_for("the other seed", |bench| bench.says("w1: 0.5 − "));
    // With one start again there is nothing to choose, and the first one is explained.
    let mut one = bench.experiment().clone();
    one.set_starts(vec![vec![-1.5, 1.0]]);
    one.set_seeds(3, 1);
    bench.load(one);
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.wait_for("the first start", |bench| bench.says("w1: (-1.5) − "));
    assert!(!bench.has("Explained start"));
}

#[test]
fn a_diagnosis_names_its_evidence_and_offers_runs() {
    let mut bench = with_panel(preset("hw3_q2_high"), "Show diagnosis");
    bench.press(Key::End);
    bench.wait_for("the diagnosis", |bench| {
        bench.says("bouncing across a valley") && bench.says("sign changes of the gradient")
    });
    let end = bench.step();
    bench.click("Place of 0.0242 on the timeline");
    assert!(bench.step() < end, "to where the episode began");
    let strip = bench.rect("Timeline of 0.0242");
    bench.harness.hover_at(strip.center());
    bench.harness.drag_at(strip.center());
    bench.harness.drop_at(strip.center());
    bench.settle();
    let middle = end / 2;
    assert!(
        bench.step().abs_diff(middle) <= 1 + end / 100,
        "{} of {end}",
        bench.step()
    );
    bench.press(Key::End);
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

#[test]
fn the_papers_table_stands_where_it_applies() {
    let mut bench = with_panel(preset("hw3_q1_case_2"), "Show large and small steps");
    bench.press(Key::End);
    bench.wait_for("the table", |bench| bench.says("After 1000 updates"));
    for text in [
        "flat",
        "ideal step",
        "α·|g|",
        "|Δθ|, as made",
        "0.0001, small",
    ] {
        assert!(bench.says(text), "{text}");
    }
    let mut edited = bench.experiment().clone();
    edited.runs[0].learning_rate = Some(0.002);
    bench.harness.state_mut().as_mut().unwrap().edit(edited);
    bench.settle();
    bench.wait_for("the table of the changed run", |bench| {
        bench.says("0.0002, small")
    });
    bench.load(preset("hw3_q3a"));
    assert!(!bench.says("ideal step"));
}
