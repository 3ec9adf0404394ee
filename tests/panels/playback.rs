//! The transport.

use super::Bench;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

/// Plays until the cursor has moved on from `step`.
fn play_past(bench: &mut Bench, step: u64) {
    bench.wait_for("the playhead", |bench| bench.step() > step);
}

#[test]
fn pause_holds_the_cursor_and_play_goes_on_from_there() {
    let mut bench = Bench::new();
    assert_eq!(bench.step(), 150, "a finished record is shown at its end");
    bench.click("Play (Space)");
    play_past(&mut bench, 20);
    bench.click("Pause (Space)");
    let held = bench.step();
    assert!(held < 150);
    bench.harness.run_steps(200);
    assert_eq!(bench.step(), held);
    assert!(bench.says(&format!("At epoch {held}")));
    bench.press(Key::Space);
    assert!(bench.laboratory().playhead().playing);
    play_past(&mut bench, held);
    assert!(bench.step() < held + 100, "it did not start over or jump");
    bench.wait_for("the end", |bench| !bench.laboratory().playhead().playing);
    assert_eq!(bench.step(), 150);
}

#[test]
fn keys_move_the_cursor() {
    let mut bench = Bench::new();
    for (modifiers, key, step) in [
        (Modifiers::NONE, Key::Home, 0),
        (Modifiers::NONE, Key::ArrowLeft, 0),
        (Modifiers::NONE, Key::ArrowRight, 1),
        (Modifiers::SHIFT, Key::ArrowRight, 11),
        (Modifiers::NONE, Key::ArrowLeft, 10),
        (Modifiers::SHIFT, Key::ArrowLeft, 0),
        (Modifiers::NONE, Key::End, 150),
        (Modifiers::NONE, Key::ArrowRight, 150),
    ] {
        bench.press_with(modifiers, key);
        assert_eq!(bench.step(), step, "{modifiers:?} {key:?}");
    }
}

#[test]
fn buttons_move_the_cursor() {
    let mut bench = Bench::new();
    for (name, step) in [
        ("To the start (Home)", 0),
        ("Step on (→)", 1),
        ("Step on (→)", 2),
        ("Step back (←)", 1),
        ("To the end (End)", 150),
    ] {
        bench.click(name);
        assert_eq!(bench.step(), step, "{name}");
    }
}

#[test]
fn the_scrubber_answers_keys_and_mouse() {
    let mut bench = Bench::new();
    bench.focus("Playhead");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.press_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(bench.step(), 11);
    assert!(bench.is_focused("Playhead"));
    bench.press(Key::Space);
    assert!(bench.laboratory().playhead().playing);
    bench.press(Key::Space);
    assert!(!bench.laboratory().playhead().playing);
    bench.press(Key::End);
    assert_eq!(bench.step(), 150);
    let line = bench.rect("Playhead");
    bench.drag(line.center(), line.left_center());
    assert_eq!(bench.step(), 0);
    bench.drag(line.left_center(), line.center());
    assert_eq!(bench.step(), 75);
}

#[test]
fn a_loop_goes_round() {
    let mut bench = Bench::new();
    bench.enter("Number of epochs", "20");
    bench.click("Loop");
    bench.press(Key::Home);
    bench.press(Key::Space);
    play_past(&mut bench, 15);
    bench.wait_for("the next round", |bench| bench.step() < 10);
    assert!(bench.laboratory().playhead().playing);
    bench.click("Loop");
    bench.wait_for("the end", |bench| !bench.laboratory().playhead().playing);
    assert_eq!(bench.step(), 20);
}

#[test]
fn the_number_of_epochs_makes_the_record_longer_and_shorter() {
    let mut bench = Bench::new();
    for epochs in [400, 3, 0, 150] {
        bench.enter("Number of epochs", &epochs.to_string());
        assert_eq!(bench.experiment().epochs, epochs);
        let playhead = bench.laboratory().playhead();
        assert_eq!((playhead.step(), playhead.end()), (epochs, epochs));
        assert!(bench.says(&format!("epoch {epochs} of {epochs}")));
    }
}

#[test]
fn the_speed_decides_how_fast_it_plays() {
    let mut bench = Bench::new();
    bench.enter("Speed in epochs a second", "60");
    assert_eq!(bench.laboratory().playhead().speed, 60.0);
    bench.press(Key::Home);
    bench.press(Key::Space);
    let (step, time) = (bench.step(), bench.harness.ctx.input(|input| input.time));
    bench.harness.run_steps(60);
    let seconds = bench.harness.ctx.input(|input| input.time) - time;
    let made = (bench.step() - step) as f64;
    assert!(
        (made - 60.0 * seconds).abs() <= 2.0,
        "{made} in {seconds} s"
    );
}

#[test]
fn a_click_on_a_plot_moves_the_cursor_there() {
    let mut bench = Bench::new();
    let plot = {
        let node = bench.harness.get_by_label_contains("Plot of Loss");
        node.rect()
    };
    bench.harness.hover_at(plot.center());
    bench.harness.drag_at(plot.center());
    bench.harness.drop_at(plot.center());
    bench.settle();
    assert!((60..=90).contains(&bench.step()), "{}", bench.step());
}
