//! The gallery, the start, the noise.

use super::Bench;
use descent_lab::experiment::ObjectiveSpec;
use descent_lab::landscapes::LANDSCAPES;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;

#[test]
fn every_landscape_of_the_gallery_can_be_chosen() {
    let mut bench = Bench::new();
    for landscape in LANDSCAPES.iter().skip(1).chain(LANDSCAPES.iter().take(1)) {
        let card = landscape.card();
        let before = bench.experiment().start();
        bench.click(card.name);
        let now = bench.experiment();
        assert_eq!(
            bench
                .laboratory()
                .record()
                .unwrap()
                .checked
                .experiment
                .deciding_part(),
            now.deciding_part()
        );
        let ObjectiveSpec::Landscape { surface, .. } = &now.objective else {
            panic!("{} is in the catalogue", card.id);
        };
        assert_eq!(surface, card.id);
        let expected = if card.contains(before) {
            before
        } else {
            card.start
        };
        assert_eq!(now.start(), expected, "{}", card.id);
    }
}

#[test]
fn the_start_can_be_typed_and_text_that_is_no_number_changes_nothing() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.25");
    bench.enter("Start w2", "−0,5");
    assert_eq!(bench.experiment().start(), [1.25, -0.5]);
    let first = bench.laboratory().record().unwrap().history.traces[0].frame(0);
    assert_eq!(first.unwrap().parameters, [1.25, -0.5]);
    for wrong in ["fast", "", "inf", "NaN", "1e999"] {
        bench.enter("Start w1", wrong);
        assert_eq!(bench.experiment().start(), [1.25, -0.5], "{wrong:?}");
    }
}

#[test]
fn a_number_can_be_typed_after_a_double_click() {
    let mut bench = Bench::new();
    bench.scroll_to("Learning rate of Adam");
    let field = bench.rect("Learning rate of Adam").center();
    for _ in 0..2 {
        bench.harness.hover_at(field);
        bench.harness.drag_at(field);
        bench.harness.drop_at(field);
    }
    bench.settle();
    bench.press_with(Modifiers::SHIFT, Key::ArrowRight);
    bench.type_text("0.25");
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().runs[3].learning_rate, Some(0.25));
}

#[test]
fn a_drag_of_the_start_moves_it_and_is_one_undo_step() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    let ring = bench.rect("Start point").center();
    bench.drag(ring, ring + vec2(60.0, -40.0));
    let after = bench.experiment().clone();
    assert!(
        after.start()[0] > 0.0 && after.start()[1] > 0.0,
        "{:?}",
        after.start()
    );
    let moved = bench.rect("Start point").center();
    assert!(moved.distance(ring + vec2(60.0, -40.0)) < 1.0, "{moved}");
    bench.click("Undo");
    assert_eq!(*bench.experiment(), before);
    assert!(bench.is_disabled("Undo"));
    bench.click("Redo");
    assert_eq!(*bench.experiment(), after);
}

#[test]
fn arrow_keys_move_the_start_by_hundredths_of_the_range() {
    let mut bench = Bench::new();
    let [(low, high), _] = LANDSCAPES[0].card().range;
    let hundredth = (high - low) / 100.0;
    bench.focus("Start point");
    bench.press(Key::ArrowRight);
    bench.press_with(Modifiers::SHIFT, Key::ArrowDown);
    let [w1, w2] = bench.experiment().start();
    assert!((w1 - hundredth).abs() < 1e-9 && (w2 + 10.0 * hundredth).abs() < 1e-9);
    assert!(bench.is_focused("Start point"));
}

#[test]
fn a_double_click_puts_the_start_there_and_a_drag_of_the_view_does_not() {
    let mut bench = Bench::new();
    let ring = bench.rect("Start point").center();
    let elsewhere = ring + vec2(-70.0, 50.0);
    bench.drag(elsewhere, elsewhere + vec2(30.0, 30.0));
    assert_eq!(bench.experiment().start(), [0.0, 0.0]);
    assert!(bench.rect("Start point").center().distance(ring) > 20.0);
    bench.press(Key::R);
    bench.settle();
    assert!(bench.rect("Start point").center().distance(ring) < 1.0);
    for _ in 0..2 {
        bench.harness.hover_at(elsewhere);
        bench.harness.drag_at(elsewhere);
        bench.harness.drop_at(elsewhere);
    }
    bench.settle();
    assert!(bench.rect("Start point").center().distance(elsewhere) < 1.0);
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment().start(), [0.0, 0.0]);
}

#[test]
fn noise_and_seed_reach_the_engine() {
    let mut bench = Bench::new();
    let still = bench.laboratory().record().unwrap().history.clone();
    bench.enter("Gradient noise", "0.5");
    bench.enter("Seed", "7");
    let noise = bench.experiment().objective.noise();
    assert_eq!((noise, bench.experiment().seed), (0.5, 7));
    let noisy = &bench.laboratory().record().unwrap().history;
    assert_ne!(
        still.traces[0].frame_at(150).unwrap().parameters,
        noisy.traces[0].frame_at(150).unwrap().parameters
    );
    bench.enter("Gradient noise", "-1");
    let noise = bench.experiment().objective.noise();
    assert_eq!(noise, 0.5, "a negative deviation is not taken");
}

#[test]
fn the_gallery_can_be_searched() {
    let mut bench = Bench::new();
    assert!(bench.has("Rosenbrock") && bench.has("Ravine"));
    bench.enter("Search landscapes", "camel");
    assert!(bench.has("Three-hump camel") && bench.has("Six-hump camel"));
    assert!(!bench.has("Rosenbrock"));
    bench.enter("Search landscapes", "no such thing");
    assert!(bench.says("No landscape has such a name."));
    bench.enter("Search landscapes", "ROSEN");
    assert!(bench.has("Rosenbrock"));
}

#[test]
fn settings_of_a_landscape_reach_the_engine_and_defaults_are_not_kept() {
    let settings = |bench: &Bench| bench.experiment().objective.settings().clone();
    let mut bench = Bench::new();
    bench.click("Ravine");
    bench.enter("Start w2", "0.9");
    let loss = |bench: &Bench| bench.laboratory().record().unwrap().history.traces[0].losses()[0];
    let before = loss(&bench);
    bench.enter("Condition number κ", "1000");
    assert_eq!(settings(&bench)["condition_number"], 1000.0);
    assert!(loss(&bench) > before);
    bench.enter("Condition number κ", "0.5");
    assert_eq!(settings(&bench)["condition_number"], 1000.0, "out of range");
    bench.enter("Condition number κ", "100");
    assert!(settings(&bench).is_empty());
    assert_eq!(loss(&bench), before);
    bench.enter("Rotation φ in degrees", "30");
    bench.click("Booth");
    assert!(settings(&bench).is_empty(), "another landscape's");
}

#[test]
fn a_landscape_without_a_minimum_shows_no_distance() {
    let mut bench = Bench::new();
    bench.click("Saddle");
    assert!(bench.says("–"));
    assert!(!bench.says("inf") && !bench.says("∞") && !bench.says("NaN"));
}

#[test]
fn data_behind_a_loss_are_shown() {
    let mut bench = Bench::new();
    assert!(
        bench
            .harness
            .query_by_label("Data and fitted models")
            .is_none()
    );
    for name in ["Logistic regression", "One neuron"] {
        bench.click(name);
        bench.scroll_to("Data and fitted models");
        let picture = bench.rect("Data and fitted models");
        assert!(
            picture.width() > 100.0 && picture.height() > 60.0,
            "{picture:?}"
        );
    }
    bench.click("Booth");
    assert!(
        bench
            .harness
            .query_by_label("Data and fitted models")
            .is_none()
    );
}
