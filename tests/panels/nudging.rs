//! Numbers moved with arrow keys, and brought back.

use super::Bench;
use descent_lab::optimizers;
use egui::{Key, Modifiers};

fn rate(bench: &Bench) -> f64 {
    bench.experiment().runs[3].base_rate()
}

#[test]
fn arrow_keys_nudge_a_slider() {
    let mut bench = Bench::new();
    bench.enter("Learning rate of Adam", "0.001");
    bench.focus("Learning rate of Adam, slider");
    for (modifiers, key, expected) in [
        (Modifiers::NONE, Key::ArrowRight, 0.001_12),
        (Modifiers::NONE, Key::ArrowLeft, 0.001),
        (Modifiers::SHIFT, Key::ArrowRight, 0.003_16),
        (Modifiers::SHIFT, Key::ArrowLeft, 0.001),
        (Modifiers::ALT, Key::ArrowRight, 0.001_01),
        (Modifiers::ALT, Key::ArrowLeft, 0.001),
    ] {
        bench.press_with(modifiers, key);
        assert_eq!(rate(&bench), expected, "{modifiers:?} {key:?}");
        assert!(bench.is_focused("Learning rate of Adam, slider"));
    }
    assert_eq!(bench.step(), 150, "the playhead has not moved");
}

#[test]
fn arrow_keys_nudge_a_field_that_is_typed_in() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "0.5");
    bench.focus("Start w1");
    bench.press(Key::ArrowUp);
    assert_eq!(bench.experiment().start()[0], 0.51);
    bench.press_with(Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(bench.experiment().start()[0], 0.41);
    bench.press_with(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(bench.experiment().start()[0], 0.411);
    assert!(bench.is_focused("Start w1"));
    bench.focus("Number of epochs");
    bench.press(Key::ArrowUp);
    bench.press_with(Modifiers::SHIFT, Key::ArrowUp);
    assert_eq!(bench.experiment().epochs, 161);
}

#[test]
fn a_double_click_brings_the_default_back() {
    let mut bench = Bench::new();
    // The first card is in sight.
    bench.enter("Learning rate of Gradient descent", "0.5");
    let slider = bench
        .rect("Learning rate of Gradient descent, slider")
        .center();
    for _ in 0..2 {
        bench.harness.hover_at(slider);
        bench.harness.drag_at(slider);
        bench.harness.drop_at(slider);
        bench.harness.step();
    }
    bench.settle();
    let card = optimizers::find("sgd").unwrap().card();
    let rate = bench.experiment().runs[0].base_rate();
    assert_eq!(rate, card.default_learning_rate);
    bench.enter("Gradient noise", "3");
    bench.focus("Reset gradient noise");
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().objective.noise(), 0.0);
    assert!(!bench.has("Reset gradient noise"));
}

#[test]
fn a_reset_of_the_start_is_the_landscapes_own() {
    let mut bench = Bench::new();
    let own = bench
        .experiment()
        .objective
        .landscape()
        .unwrap()
        .card()
        .start;
    bench.enter("Start w1", "0.123");
    bench.focus("Reset start");
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().start(), own);
}
