//! What happens inside a rule, on the landscape.

use super::{Bench, First, preset};
use descent_lab::experiment::{Experiment, RunSpec};
use descent_lab::optimizers::{Fits, Needs, OPTIMIZERS};
use egui::Key;

fn of_rules(ids: &[&str]) -> Experiment {
    let mut experiment = preset("ai_notes_1");
    experiment.runs = ids.iter().map(|id| RunSpec::new(id)).collect();
    experiment.assign_colours();
    experiment
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

#[test]
fn arrows_come_and_go_with_the_action_and_are_kept() {
    let mut bench = Bench::new();
    bench.load(of_rules(&["adam", "momentum"]));
    assert_eq!(written(&bench, "Δθ"), 0);
    bench.press(Key::I);
    assert!(bench.says("Inside Adam, update 150"));
    // At the tip of its arrow, and before its numbers.
    for (text, count) in [("−∇J", 2), ("Δθ", 2), ("−m", 1), ("m", 1), ("v", 1)] {
        assert_eq!(written(&bench, text), count, "{text}");
    }
    bench.click("Inside the rule");
    assert_eq!(written(&bench, "Δθ"), 0);
    bench.click("Inside the rule");
    let Bench { harness, home } = bench;
    drop(harness);
    let again = Bench::at(home, First::Last);
    assert!(again.says("Inside "), "a choice is remembered");
}

#[test]
fn the_numbers_follow_the_playhead_and_the_selected_run() {
    let mut bench = Bench::new();
    let mut experiment = of_rules(&["sgd", "momentum"]);
    experiment.runs[0].learning_rate = Some(0.001);
    bench.load(experiment);
    bench.press(Key::I);
    bench.press(Key::Home);
    assert!(bench.says("no update yet"));
    assert_eq!(written(&bench, "Δθ"), 0);
    assert_eq!(written(&bench, "−∇J"), 2, "the slope at the start is known");
    bench.press(Key::ArrowRight);
    assert!(bench.says("Inside Gradient descent, update 1"));
    // Plain descent goes down the slope by its rate.
    assert!(bench.has("0.001, 0.001"));
    bench.click("Settings of Momentum");
    assert!(bench.says("Inside Momentum, update 1"));
    assert_eq!(written(&bench, "−v"), 1);
    bench.press(Key::End);
    assert!(bench.says("update 150"));
}

#[test]
fn the_surface_shows_the_same() {
    let mut bench = Bench::new();
    bench.load(of_rules(&["adam"]));
    bench.press(Key::I);
    bench.press(Key::Num3);
    bench.wait_for("the surface", |bench| {
        bench.has("Start point on the surface")
    });
    bench.settle();
    assert_eq!((written(&bench, "−m"), written(&bench, "Δθ")), (1, 2));
    bench.press(Key::Num4);
    bench.wait_for("both", |bench| written(bench, "−m") == 2);
    assert_eq!(written(&bench, "Δθ"), 3, "the numbers stand once");
}

#[test]
fn every_rule_of_the_catalogue_can_be_looked_into() {
    let mut bench = Bench::new();
    bench.press(Key::I);
    let rules = OPTIMIZERS.iter().map(|rule| rule.card());
    for card in rules.filter(|card| !matches!(card.fits, Fits::Matrices { .. })) {
        bench.load(of_rules(&[card.id]));
        bench.press(Key::Home);
        bench.press(Key::ArrowRight);
        bench.press(Key::ArrowRight);
        assert!(
            bench.says(&format!("Inside {}, update 2", card.name)),
            "{}",
            card.id
        );
        assert!(written(&bench, "Δθ") > 0, "{}", card.id);
        if card.needs == Needs::Gradient {
            assert_eq!(written(&bench, "−∇J"), 2, "{}", card.id);
        }
        for slot in card.slots.iter().chain(card.scalar_slots) {
            assert!(
                written(&bench, slot.symbol) > 0,
                "{}: {}",
                card.id,
                slot.symbol
            );
        }
    }
}
