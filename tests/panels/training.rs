//! A training under control: pause, go on, longer, and rates changed on the way.

use crate::Bench;
use descent_lab::engine::training::Training;
use descent_lab::engine::{self, Record, Stage};
use descent_lab::experiment::{Experiment, preset};
use descent_lab::storage::places::Places;
use egui::Key;
use egui_kittest::kittest::Queryable;
use std::ops::ControlFlow;
use std::sync::Arc;

const SPIRALS: &str = r#"(version: 1, title: "Spirals", epochs: 6, runs: [
    (optimizer: "sgd", learning_rate: 0.5, label: "plain"),
    (optimizer: "adam", learning_rate: 0.01, label: "careful")],
    objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 32))"#;

fn spirals(epochs: u64) -> Experiment {
    Experiment {
        epochs,
        ..preset::read(SPIRALS).unwrap()
    }
}

fn record(bench: &Bench) -> Arc<Record> {
    Arc::clone(bench.laboratory().record().unwrap())
}

/// A bench on a training that nobody waits for the end of, paused.
fn paused() -> Bench {
    let mut bench = Bench::new();
    bench.load(spirals(6));
    bench.click("Training");
    let state = bench.harness.state_mut().as_mut().unwrap();
    state.load(spirals(10_000_000));
    bench.wait_for("some updates", |bench| {
        let record = record(bench);
        record.stage == Stage::Running && record.history.updates > 0
    });
    bench.harness.key_press(Key::P);
    bench.wait_for("the pause", |bench| record(bench).stage == Stage::Paused);
    bench
}

/// Clicks while the training goes on, which does not settle.
fn act(bench: &mut Bench, name: &str) {
    bench.scroll_to(name);
    bench.harness.get_by_label(name).click();
    bench.harness.run_steps(3);
}

/// What a new run of the experiment on show gives up to its present update.
fn is_as_a_new_run(bench: &Bench) {
    let record = record(bench);
    let checked = bench.experiment().check().unwrap();
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.advance(record.history.updates, &mut history);
    for (trace, expected) in record.history.traces.iter().zip(&history.traces) {
        assert_eq!(trace.losses(), expected.losses());
        assert_eq!(trace.learning_rates()[1..], expected.learning_rates()[1..]);
    }
}

#[test]
fn a_training_is_paused_and_goes_on() {
    let mut bench = paused();
    let at = record(&bench).history.updates;
    assert!(bench.says("paused: update"), "the panel says so");
    assert!(bench.has("Resume"), "the transport says so");
    act(&mut bench, "Resume training");
    bench.wait_for("more updates", |bench| record(bench).history.updates > at);
    assert_eq!(record(&bench).stage, Stage::Running);
    assert!(bench.says(" left"), "the time that is left");
    act(&mut bench, "Cancel training");
    bench.wait_for("the end", |bench| record(bench).stage == Stage::Cancelled);
    let at = record(&bench).history.updates;
    act(&mut bench, "Go on training");
    bench.wait_for("more updates after the end", |bench| {
        let record = record(bench);
        record.stage == Stage::Running && record.history.updates > at
    });
    // Nothing was trained twice.
    assert!(record(&bench).pace.updates <= record(&bench).history.updates - at);
}

#[test]
fn a_rate_changed_while_paused_holds_from_the_next_update_and_can_be_undone() {
    let mut bench = paused();
    let at = record(&bench).history.updates;
    bench.click("Multiply the rate of plain by 0.1");
    let event = bench.experiment().runs[0].events[0];
    assert_eq!((event.step, event.learning_rate), (at + 1, 0.05));
    // It stays paused, where it was.
    let now = record(&bench);
    assert_eq!((&now.stage, now.history.updates), (&Stage::Paused, at));
    assert!(bench.says(&format!("from update {} on 0.05", at + 1)));
    bench.enter("Rate of careful from now on", "0.002");
    bench.click("Change the rate of careful");
    assert_eq!(bench.experiment().runs[1].events[0].learning_rate, 0.002);
    bench.ctrl(Key::Z);
    assert!(bench.experiment().runs[1].events.is_empty());
    bench.ctrl(Key::Y);
    assert_eq!(bench.experiment().runs[1].events.len(), 1);
    act(&mut bench, "Resume training");
    bench.wait_for("more updates", |bench| {
        record(bench).history.updates > at + 4
    });
    let rates = |run: usize| record(&bench).history.traces[run].learning_rates()[at as usize + 1];
    if record(&bench).history.traces[0].stride() == 1 {
        assert_eq!((rates(0), rates(1)), (0.05, 0.002));
    }
    is_as_a_new_run(&bench);
    // The file has it.
    let text = preset::write(bench.experiment());
    assert!(text.contains(&format!("step: {}", at + 1)), "{text}");
}

#[test]
fn a_rate_changed_while_the_training_goes_on_is_recorded_at_its_update() {
    let mut bench = paused();
    let at = record(&bench).history.updates;
    act(&mut bench, "Resume training");
    bench.wait_for("more updates", |bench| record(bench).history.updates > at);
    act(&mut bench, "Multiply the rate of plain by 0.5");
    bench.wait_for("the event", |bench| {
        !bench.experiment().runs[0].events.is_empty()
    });
    let event = bench.experiment().runs[0].events[0];
    assert_eq!(event.learning_rate, 0.25);
    bench.wait_for("updates with it", |bench| {
        let record = record(bench);
        record.checked.runs[0].events.len() == 1 && record.history.updates > event.step
    });
    // It goes on by itself, and from where it was.
    let now = record(&bench);
    assert_eq!(now.stage, Stage::Running);
    assert!(now.history.updates - now.pace.updates >= event.step - 1);
    bench.harness.key_press(Key::P);
    bench.wait_for("the pause", |bench| record(bench).stage == Stage::Paused);
    is_as_a_new_run(&bench);
    let name = format!("Take back the change of plain at update {}", event.step);
    // It goes on from where the rate was changed.
    act(&mut bench, &name);
    assert!(bench.experiment().runs[0].events.is_empty());
    bench.wait_for("the old rate again", |bench| {
        let record = record(bench);
        record.checked.runs[0].events.is_empty() && record.history.updates >= event.step
    });
}

#[test]
fn a_finished_training_goes_on_for_more_epochs() {
    let mut bench = Bench::new();
    bench.load(spirals(6));
    bench.click("Training");
    assert_eq!(record(&bench).history.updates, 12);
    bench.click("10 more epochs");
    assert_eq!(bench.experiment().epochs, 16);
    let now = record(&bench);
    assert_eq!((now.history.updates, &now.stage), (32, &Stage::Done));
    let checked = bench.experiment().check().unwrap();
    let whole = engine::run(&checked, |_| ControlFlow::Continue(()));
    assert_eq!(format!("{:?}", now.history), format!("{whole:?}"));
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment().epochs, 6);
}

#[test]
fn a_damaged_checkpoint_is_named_and_set_aside_and_the_training_begins_anew() {
    let mut bench = Bench::new();
    bench.load(spirals(6));
    let expected = format!("{:?}", record(&bench).history);
    // As a long training would have left it.
    let checked = bench.experiment().check().unwrap();
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.advance(5, &mut history);
    let bytes = training.checkpoint(&history).to_bytes();
    let folder = Places::under(bench.home.path()).checkpoints;
    let shelf = descent_lab::storage::checkpoints::Shelf::new(folder.clone()).unwrap();
    let half = bytes[..bytes.len() / 2].to_vec();
    engine::Shelf::keep(&shelf, &engine::trunk(&checked, 0), "one", half);
    drop(shelf);
    // Another experiment in between, so that nothing of it is left in memory.
    let mut bench = Bench::at(bench.home, descent_lab::app::First::Last);
    bench.load(spirals(6));
    assert!(bench.says("A checkpoint of this training is damaged"));
    assert_eq!(format!("{:?}", record(&bench).history), expected);
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let damaged: Vec<_> = names
        .iter()
        .filter_map(|name| name.strip_suffix(".damaged"))
        .collect();
    // A machine that is busy elsewhere may have made the training long enough for a new one.
    assert_eq!(damaged.len(), 1, "{names:?}");
    for name in names.iter().filter(|name| !name.ends_with(".damaged")) {
        assert_ne!(name, damaged[0]);
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert!(engine::Checkpoint::from_bytes(&bytes).is_ok(), "{name}");
    }
}

#[test]
fn a_rate_that_was_typed_for_one_experiment_is_not_shown_in_another() {
    let mut bench = Bench::new();
    bench.load(spirals(6));
    bench.click("Training");
    bench.enter("Rate of plain from now on", "0.125");
    let shown = |bench: &Bench| bench.control("Rate of plain from now on").value();
    assert_eq!(shown(&bench).unwrap(), "0.125");
    bench.load(spirals(7));
    assert_eq!(shown(&bench).unwrap(), "0.5");
}

#[test]
fn a_change_of_rate_that_comes_to_nothing_is_told() {
    let mut bench = paused();
    let at = record(&bench).history.updates;
    act(&mut bench, "Resume training");
    bench.wait_for("more updates", |bench| record(bench).history.updates > at);
    bench.scroll_to("Multiply the rate of plain by 0.5");
    bench
        .harness
        .get_by_label("Multiply the rate of plain by 0.5")
        .click();
    // The click and another experiment come together, before the training rests.
    bench.harness.step();
    let state = bench.harness.state_mut().as_mut().unwrap();
    state.load(spirals(6));
    bench.wait_for("word of it, or the event", |bench| {
        bench.says("The rate was not changed to 0.25")
    });
    assert!(bench.experiment().runs[0].events.is_empty());
}
