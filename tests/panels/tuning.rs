//! The maps panel, the tuner and the range test.

use super::{Bench, preset};
use descent_lab::analysis::tuner::{NoJournal, Question};
use descent_lab::experiment::{Criterion, Experiment, TuneSpec};
use descent_lab::schedules::Schedule;
use egui::accesskit::Role;
use egui::{Key, Pos2, vec2};
use egui_kittest::kittest::Queryable;
use std::ops::ControlFlow;

/// One run on a quadratic, so that searches and maps are quick.
fn bowl() -> Experiment {
    let mut experiment = preset("hw3_q3a");
    experiment.objective.set_start([-1.0, 1.0]);
    experiment.epochs = 60;
    experiment.runs.truncate(2);
    experiment
}

/// With this panel shown, in front of those beside it.
fn showing(panel: &str) -> Bench {
    let mut bench = Bench::new();
    bench.load(bowl());
    bench.click("View");
    bench.click("Panels");
    bench.click(&format!("Show {}", panel.to_lowercase()));
    bench.press(Key::Escape);
    bench.press(Key::Escape);
    let is_seen = |bench: &Bench| bench.has("Run on the map") || bench.has("Tune");
    if !is_seen(&bench) {
        bench.click(panel);
    }
    assert!(is_seen(&bench), "{panel} is not in sight");
    bench
}

fn wait(bench: &mut Bench) {
    bench.wait_for("the answer", |bench| bench.laboratory().is_tuned());
    bench.harness.run_steps(2);
}

/// Points there for a while, then clicks.
fn click_at(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.run_steps(4);
    bench.harness.drag_at(at);
    bench.harness.run_steps(1);
    bench.harness.drop_at(at);
    bench.settle();
}

#[test]
fn a_map_is_computed_hovered_and_adopted_and_undo_brings_the_old_values_back() {
    let mut bench = showing("Maps");
    wait(&mut bench);
    let before = bench.experiment().clone();
    let map = bench.rect("Map");
    let at = map.center() + vec2(20.0, -30.0);
    click_at(&mut bench, at);
    let run = &bench.experiment().runs[0];
    assert_ne!(run.learning_rate, before.runs[0].learning_rate);
    assert!(matches!(run.schedule, Schedule::InverseTime { .. }));
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment(), &before);
    wait(&mut bench);
}

#[test]
fn axes_values_and_runs_are_chosen_and_wrong_ends_are_not_taken() {
    let mut bench = showing("Maps");
    bench.enter("Low end of x", "0.01");
    bench.enter("High end of x", "0.1");
    wait(&mut bench);
    assert!(bench.says("0.01"));
    // Where an axis would begin behind its end, the end gives way.
    bench.enter("Low end of x", "5");
    wait(&mut bench);
    assert!(bench.says("50"));
    bench.enter("High end of x", "1");
    wait(&mut bench);
    bench.click("Logarithmic x");
    wait(&mut bench);
    bench.click("Value of the map");
    bench.click("Minimum reached");
    wait(&mut bench);
    assert!(bench.says("none"));
    bench.click("Value of the map");
    bench.click("Epochs to target");
    bench.enter("Target of the map", "1");
    wait(&mut bench);
    assert!(bench.says("not reached"));
    bench.click("Quantity along y");
    let entry = bench
        .harness
        .get_by_role_and_label(Role::Button, "Start w2");
    entry.click();
    bench.settle();
    wait(&mut bench);
    assert!(bench.has("Map") && bench.experiment() == &bowl());
}

#[test]
fn the_tuner_searches_and_what_it_finds_is_taken_and_undone() {
    let mut bench = showing("Tuner");
    bench.click("Budget");
    bench.click("1024 trials");
    let before = bench.experiment().clone();
    bench.click("Tune");
    bench.wait_for("the search", |bench| bench.laboratory().is_tuned());
    bench.settle();
    assert_eq!(bench.experiment(), &before);
    assert!(bench.says("1024 trials for each run"));
    bench.click("Take all settings");
    let after = bench.experiment().clone();
    for (old, new) in before.runs.iter().zip(&after.runs) {
        assert_ne!(old.learning_rate, new.learning_rate);
    }
    let best = |bench: &Bench, run: usize| {
        bench.laboratory().record().unwrap().history.traces[run]
            .best
            .unwrap()
            .loss
    };
    bench.settle();
    let tuned = [best(&bench, 0), best(&bench, 1)];
    assert!(bench.is_disabled("Take settings of Momentum"), "taken");
    bench.ctrl(Key::Z);
    assert!(!bench.is_disabled("Take settings of Momentum"));
    bench.click("Budget");
    bench.click("4096 trials");
    assert!(bench.says("found with other settings"));
    bench.ctrl(Key::Z);
    assert!(!bench.says("found with other settings"));
    bench.click("Take all settings");
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment(), &before);
    bench.settle();
    assert!(tuned[0] <= best(&bench, 0) && tuned[1] <= best(&bench, 1));
}

#[test]
fn what_is_searched_is_set_row_by_row_saved_and_undone() {
    let mut bench = showing("Tuner");
    let before = bench.experiment().clone();
    let axes = |bench: &Bench| bench.experiment().tune.clone().unwrap_or_default().axes;
    bench.click("Search also");
    bench.click("μ (momentum)");
    assert_eq!(axes(&bench), ["learning_rate", "decay", "momentum"]);
    bench.click("Set the range of learning_rate");
    bench.enter("Least learning_rate", "0.001");
    bench.enter("Greatest learning_rate", "0.1");
    assert_eq!(axes(&bench)[0], "learning_rate=0.001:0.1:32:log");
    // The other end gives way.
    bench.enter("Least learning_rate", "5");
    assert_eq!(axes(&bench)[0], "learning_rate=5:50:32:log");
    bench.enter("Greatest learning_rate", "0.1");
    assert_eq!(axes(&bench)[0], "learning_rate=0.01:0.1:32:log");
    bench.enter("Least learning_rate", "0.001");
    assert_eq!(axes(&bench)[0], "learning_rate=0.001:0.1:32:log");
    bench.click("Logarithmic learning_rate");
    assert_eq!(axes(&bench)[0], "learning_rate=0.001:0.1:32:linear");
    bench.click("Do not search decay");
    bench.click("Usual range of learning_rate");
    assert_eq!(axes(&bench), ["learning_rate", "momentum"]);
    bench.click("Criterion");
    bench.click("first touch of the target");
    let tune = bench.experiment().tune.clone().unwrap();
    assert_eq!(
        tune.target,
        Some(0.01),
        "a criterion that needs a target has one"
    );
    bench.enter("Epochs of a trial", "40");
    assert_eq!(bench.experiment().tune.clone().unwrap().epochs, Some(40));
    // The runs are the same: nothing has to be computed again.
    assert!(bench.is_unsaved());
    let mut undone = 0;
    while bench.experiment() != &before && undone < 20 {
        bench.ctrl(Key::Z);
        undone += 1;
    }
    assert_eq!(bench.experiment(), &before);
}

#[test]
fn the_window_finds_what_the_command_line_finds() {
    let mut bench = showing("Tuner");
    let mut own = bowl();
    own.tune = Some(TuneSpec {
        criterion: Criterion::FirstTouch,
        target: Some(0.5),
        epochs: Some(30),
        axes: vec!["learning_rate".into(), "momentum=0.5,0.9".into()],
        budget: Some(700),
        seed: 3,
    });
    bench.load(own.clone());
    bench.click("Tune");
    bench.wait_for("the search", |bench| bench.laboratory().is_tuned());
    bench.settle();
    assert!(bench.says("700 trials for each run"));
    bench.click("Take all settings");
    let question = Question::of(&own).with_one_budget(&[0, 1]).unwrap();
    let mut expected = own;
    for run in 0..2 {
        let tuned = question
            .tune(run, &NoJournal, &|_| ControlFlow::Continue(()))
            .unwrap();
        tuned.apply(&mut expected);
    }
    assert_eq!(bench.experiment(), &expected);
}

#[test]
fn an_axis_that_no_run_has_any_more_is_said_and_stops_the_tuner_alone() {
    let mut bench = showing("Tuner");
    let mut odd = bowl();
    odd.runs.truncate(1);
    odd.tune = Some(TuneSpec {
        axes: vec!["learning_rate".into(), "momentum".into()],
        ..TuneSpec::default()
    });
    bench.load(odd);
    assert!(bench.says("no run has it") && bench.says("no such hyperparameter"));
    assert!(bench.is_disabled("Tune"));
    assert!(bench.laboratory().record().is_some());
    bench.click("Do not search momentum");
    assert!(!bench.is_disabled("Tune"));
    // Of the start every one of several runs would find its own.
    let mut shared = bowl();
    shared.tune = Some(TuneSpec {
        axes: vec!["learning_rate".into(), "w1".into()],
        ..TuneSpec::default()
    });
    bench.load(shared);
    assert!(bench.says("all runs share it") && bench.is_disabled("Tune"));
}

#[test]
fn every_run_on_show_has_a_map_of_its_own_beside_the_others() {
    let mut bench = showing("Maps");
    wait(&mut bench);
    bench.click("Run on the map");
    bench.click("All runs on show");
    wait(&mut bench);
    assert!(bench.has("Map") && bench.has("Map 2"));
    let before = bench.experiment().clone();
    let at = bench.rect("Map 2").center();
    click_at(&mut bench, at);
    let after = bench.experiment().clone();
    assert_eq!(after.runs[0], before.runs[0]);
    assert_ne!(after.runs[1].learning_rate, before.runs[1].learning_rate);
    wait(&mut bench);
    // What only one of them has is said of the other.
    bench.click("Run on the map");
    let label = before.runs[1].display_label();
    let entry = bench.harness.get_by_role_and_label(Role::Button, &label);
    entry.click();
    bench.settle();
    bench.click("Quantity along y");
    bench.click("μ (momentum)");
    bench.click("Run on the map");
    bench.click("All runs on show");
    wait(&mut bench);
    assert!(bench.says("1 run has not both of these quantities."));
    assert!(bench.has("Map") && !bench.has("Map 2"));
}

#[test]
fn a_map_of_many_starts_says_that_it_is_of_the_first() {
    let mut bench = showing("Maps");
    let mut many = bowl();
    many.starts = vec![vec![-1.0, 1.0], vec![1.0, 1.0]];
    many.seeds = vec![4, 5, 6];
    bench.load(many);
    wait(&mut bench);
    assert!(bench.says("Only from the first of the 2 starts, with the first of the 3 seeds."));
    bench.click("Cells");
    bench.click("128 × 128 cells");
    wait(&mut bench);
    assert!(bench.has("Map"));
}

#[test]
fn a_long_search_can_be_broken_off() {
    let mut bench = showing("Tuner");
    let mut long = bowl();
    long.epochs = 20_000;
    bench.load(long);
    bench.click("Tune");
    bench.wait_for("progress", |bench| bench.has("Progress of the search"));
    bench.harness.get_by_label("Cancel").click();
    bench.wait_for("the end", |bench| bench.laboratory().is_tuned());
    bench.harness.run_steps(2);
    assert!(bench.says("Broken off"));
}

#[test]
fn the_range_test_suggests_a_rate_that_can_be_taken() {
    let mut bench = showing("Maps");
    wait(&mut bench);
    let before = bench.experiment().runs[0].learning_rate;
    bench.click("Learning-rate range test");
    wait(&mut bench);
    bench.harness.run_steps(4);
    bench.click("Take the suggested rate");
    assert_ne!(bench.experiment().runs[0].learning_rate, before);
    wait(&mut bench);
}

/// A network whose trainings are quick.
fn spirals() -> Experiment {
    let text = r#"(version: 1, epochs: 3, seed: 2, runs: [(optimizer: "adam", learning_rate: 0.001)],
        objective: Network(data: Spirals(examples: 200), architecture: "spiral", batch_size: 50))"#;
    descent_lab::experiment::preset::read(text).unwrap()
}

#[test]
fn a_network_is_tuned_and_its_rates_are_tested_when_that_is_asked_for() {
    let mut bench = showing("Tuner");
    bench.load(spirals());
    bench.settle();
    bench.click("Budget");
    assert!(bench.says("16 settings"));
    bench.click("16 settings");
    bench.click("Tune");
    bench.wait_for("the search", |bench| bench.laboratory().is_tuned());
    bench.settle();
    assert!(bench.says("Successive halving"));
    bench.click("Take all settings");
    assert_ne!(bench.experiment().runs[0].learning_rate, Some(0.001));
}

#[test]
fn a_networks_map_and_range_test_are_not_begun_unasked() {
    let mut bench = showing("Maps");
    // The map of the experiment before it.
    wait(&mut bench);
    bench.load(spirals());
    bench.settle();
    bench.click("Learning-rate range test");
    bench.harness.run_steps(4);
    assert!(bench.laboratory().is_tuned());
    assert!(bench.has("Compute the map"));
    bench.click("Test the learning rates");
    wait(&mut bench);
    bench.harness.run_steps(4);
    let before = bench.experiment().clone();
    bench.click("Take the suggested rate");
    assert_ne!(bench.experiment(), &before);
}

#[test]
fn a_map_that_takes_long_says_so_and_can_be_broken_off() {
    let mut bench = showing("Maps");
    wait(&mut bench);
    let mut long = spirals();
    long.epochs = 3000;
    bench.harness.state_mut().as_mut().unwrap().load(long);
    bench.wait_for("the button", |bench| bench.has("Compute the map"));
    bench.harness.get_by_label("Compute the map").click();
    bench.wait_for("the word", |bench| bench.has("Cancel the map"));
    bench.harness.get_by_label("Cancel the map").click();
    bench.wait_for("the end", |bench| bench.says("Broken off"));
    assert!(bench.laboratory().is_tuned() && bench.has("Compute the map again"));
}

#[test]
fn a_range_test_of_another_experiment_is_neither_shown_nor_taken() {
    let mut bench = showing("Maps");
    wait(&mut bench);
    bench.click("Learning-rate range test");
    wait(&mut bench);
    bench.harness.run_steps(4);
    assert!(bench.has("Take the suggested rate"));
    // Taking the rate changes nothing of what was tested.
    bench.click("Take the suggested rate");
    assert!(bench.has("Take the suggested rate"));
    wait(&mut bench);
    // A network's test is not begun unasked, and the bowl's says nothing of it.
    bench.load(spirals());
    bench.settle();
    assert!(bench.has("Test the learning rates"));
    assert!(!bench.has("Take the suggested rate"));
}

#[test]
fn a_map_and_what_was_found_of_another_experiment_are_not_adopted() {
    let mut bench = showing("Tuner");
    bench.click("Budget");
    bench.click("256 trials");
    bench.click("Tune");
    bench.wait_for("the search", |bench| bench.laboratory().is_tuned());
    bench.settle();
    assert!(bench.has("Take all settings"));
    // The same rules on another landscape.
    let mut other = bowl();
    other.objective = preset("ai_notes_1").objective;
    bench.load(other);
    assert!(!bench.has("Take all settings"));
    bench.ctrl(Key::Z);
    assert!(bench.has("Take all settings"), "undo leads back to it");
}
