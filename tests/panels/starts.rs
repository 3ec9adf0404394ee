//! Several starts and seeds, the noise.

use super::Bench;
use descent_lab::landscapes::LANDSCAPES;
use egui::{Event, Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;

fn variations(bench: &Bench) -> usize {
    let record = bench.laboratory().record().unwrap();
    record.history.variations.len()
}

#[test]
fn a_grid_of_starts_is_recorded_and_can_be_taken_back() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.click("Several starts…");
    bench.enter("Cells along w1", "3");
    bench.enter("Cells along w2", "2");
    bench.click("Start from 7 points");
    assert!(!bench.has("Cells along w1"), "the dialog has closed");
    let starts = &bench.experiment().starts;
    assert_eq!((starts.len(), &starts[0][..]), (7, &before.start()[..]));
    let card = LANDSCAPES[0].card();
    assert!(starts.iter().all(|w| card.contains([w[0], w[1]])));
    assert_eq!(variations(&bench), 6);
    assert!(
        bench.says("dashes: median of 7"),
        "the plot says what it shows"
    );
    bench.click("Undo");
    assert_eq!(*bench.experiment(), before);
    assert_eq!(variations(&bench), 0);
    assert!(!bench.says("dashes: median"));
}

#[test]
fn random_starts_are_seeded_and_can_be_removed_one_by_one() {
    let mut bench = Bench::new();
    bench.click("Several starts…");
    bench.click("Random");
    bench.enter("Number of random starts", "4");
    bench.enter("Seed of the starts", "9");
    bench.click("Keep the present start as the first");
    bench.click("Start from 4 points");
    let drawn = bench.experiment().starts.clone();
    let range = LANDSCAPES[0].card().range;
    assert_eq!(drawn, descent_lab::experiment::starts::random(range, 4, 9));
    assert_eq!(bench.experiment().start()[..], drawn[0][..]);
    bench.click("Several starts…");
    bench.click("Remove start 2");
    assert_eq!(bench.experiment().starts.len(), 3);
    assert_eq!(bench.experiment().starts[1], drawn[2]);
    bench.click("Only the first start");
    assert!(bench.experiment().starts.is_empty());
    assert_eq!(bench.experiment().start()[..], drawn[0][..]);
}

#[test]
fn too_many_starts_cannot_be_asked_for() {
    let mut bench = Bench::new();
    bench.click("Several starts…");
    bench.enter("Cells along w1", "64");
    bench.enter("Cells along w2", "64");
    assert!(bench.is_disabled("Start from 4097 points"));
    bench.press(Key::Escape);
    assert!(bench.experiment().starts.is_empty());
}

#[test]
fn the_ring_moves_the_first_start_and_shift_adds_one() {
    let mut bench = Bench::new();
    let ring = bench.rect("Start point").center();
    let elsewhere = ring + vec2(-70.0, 50.0);
    bench
        .harness
        .event(Event::ModifiersChanged(Modifiers::SHIFT));
    for _ in 0..2 {
        bench.harness.hover_at(elsewhere);
        bench.harness.drag_at(elsewhere);
        bench.harness.drop_at(elsewhere);
    }
    bench.settle();
    bench
        .harness
        .event(Event::ModifiersChanged(Modifiers::NONE));
    bench.settle();
    assert_eq!(
        bench.experiment().starts.len(),
        2,
        "{:?}",
        bench.experiment().starts
    );
    assert_eq!(bench.experiment().start(), [0.0, 0.0]);
    let second = bench.experiment().starts[1].clone();
    bench.drag(ring, ring + vec2(60.0, -40.0));
    assert_eq!(bench.experiment().starts[1], second);
    assert!(bench.experiment().start()[0] > 0.0);
    assert_eq!(variations(&bench), 1);
    let card = LANDSCAPES[1].card();
    bench.click(card.name);
    let starts = bench.experiment().all_starts();
    assert!(starts.iter().all(|w| card.contains([w[0], w[1]])));
}

#[test]
fn the_noise_has_a_slider_and_seeds_can_be_drawn_anew() {
    let mut bench = Bench::new();
    bench.scroll_to("Gradient noise, slider");
    let slider = bench.rect("Gradient noise, slider");
    let half = slider.center();
    bench.drag(slider.left_center() + vec2(4.0, 0.0), half);
    let noise = bench.experiment().objective.noise();
    assert!((1e-4..1.0).contains(&noise), "logarithmic: {noise}");
    bench.drag(half, slider.left_center() - vec2(20.0, 0.0));
    assert_eq!(bench.experiment().objective.noise(), 0.0);
    bench.enter("Gradient noise", "0.5");
    let path = |bench: &Bench| {
        let record = bench.laboratory().record().unwrap();
        record.history.traces[0].losses().to_vec()
    };
    let before = (bench.experiment().seed, path(&bench));
    bench.click("New seed");
    assert_ne!(bench.experiment().seed, before.0);
    assert_ne!(path(&bench), before.1);
    bench.ctrl(Key::Z);
    assert_eq!((bench.experiment().seed, path(&bench)), before);
}

#[test]
fn several_seeds_give_a_band() {
    let mut bench = Bench::new();
    bench.enter("Gradient noise", "2");
    bench.enter("Number of seeds", "5");
    assert_eq!(bench.experiment().seeds, [0, 1, 2, 3, 4]);
    assert_eq!(variations(&bench), 4);
    assert!(bench.says("dashes: median of 5"));
    bench.enter("Seed", "7");
    assert_eq!(bench.experiment().seeds, [7, 8, 9, 10, 11]);
    bench.enter("Number of seeds", "1");
    assert_eq!(
        (bench.experiment().seed, bench.experiment().seeds.len()),
        (7, 0)
    );
}

#[test]
fn bands_stay_over_evaluations_and_a_plot_without_any_says_so() {
    let mut bench = Bench::new();
    bench.click("Several starts…");
    bench.enter("Cells along w1", "2");
    bench.enter("Cells along w2", "2");
    bench.click("Start from 5 points");
    let told = |bench: &Bench| {
        let nodes = bench
            .harness
            .query_all_by_label_contains("dashes: median of 5");
        nodes.count()
    };
    assert_eq!(told(&bench), 1, "said once, above the first plot");
    bench.press(Key::E);
    assert_eq!(told(&bench), 1, "over evaluations too");
    assert!(!bench.says("first start and seed only"));
    bench.click("Choose plots");
    bench.click("Show Cosine to the slope");
    bench.click("Show Loss");
    bench.press(Key::Escape);
    assert!(bench.says("first start and seed only"));
    assert_eq!(
        told(&bench),
        1,
        "another plot says it when the loss is not shown"
    );
}

#[test]
fn a_start_outside_the_view_is_marked_at_its_border_and_dragged_in() {
    let mut bench = Bench::new();
    let inside = bench.rect("Start point").center();
    bench.enter("Start w1", "40");
    assert!(!bench.has("Start point"));
    let ring = bench.rect("Start point, outside the view").center();
    assert!(ring.x > inside.x + 100.0, "it lies to the right: {ring}");
    bench.press(Key::Num3);
    bench.wait_for("the surface", |bench| bench.says("lies outside the range"));
    assert!(bench.says("The start (40, 0)"));
    bench.press(Key::Num2);
    bench.drag(ring, inside);
    assert!(bench.has("Start point") && !bench.has("Start point, outside the view"));
    assert!(bench.experiment().start()[0].abs() < 0.1);
}
