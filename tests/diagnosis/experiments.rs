//! The stories of the homework, and places where runs get stuck.

use super::{experiment, run, verdicts, watched};
use descent_lab::analysis::diagnosis::{self, Remedy, Verdict};
use descent_lab::engine;
use descent_lab::experiment::{Checked, RunSpec, built_in};
use descent_lab::schedules::Schedule;
use std::ops::ControlFlow;

#[test]
fn a_run_in_a_higher_minimum_is_caught() {
    let local = experiment(
        "goldstein_price",
        [-0.5, -0.5],
        &[],
        3000,
        run("adam", 0.01),
    );
    let found = watched(&local);
    let last = found.last().unwrap();
    assert_eq!(last.verdict, Verdict::LocalMinimum, "{last:?}");
    assert!((last.evidence.loss - 30.0).abs() < 1e-3);
}

#[test]
fn a_run_on_a_saddle_or_a_plateau_stalls() {
    let saddle = experiment("saddle", [-1.0, 0.0], &[], 300, run("sgd", 0.05));
    let found = watched(&saddle);
    assert_eq!(
        found.last().unwrap().verdict,
        Verdict::Stalled,
        "{:?}",
        found.last()
    );
}

#[test]
fn a_run_that_arrives_is_done_and_keeps_its_story() {
    let booth = experiment("booth", [-8.0, -5.0], &[], 400, run("sgd", 0.05));
    let found = watched(&booth);
    assert_eq!(found.last().unwrap().verdict, Verdict::Done);
    assert_eq!(found.last().unwrap().to, 400);
    assert!(verdicts(&found).len() > 1);
    assert_eq!(found.at(0), None);
    assert_eq!(found.at(399), found.last());
}

#[test]
fn watching_can_be_stopped() {
    let booth = experiment("booth", [-8.0, -5.0], &[], 400, run("sgd", 0.05));
    let never = diagnosis::diagnose(&booth.check().unwrap(), 0, &|| false).unwrap();
    assert!(never.episodes.is_empty());
    assert!(diagnosis::diagnose(&booth.check().unwrap(), 1, &|| true).is_none());
}

/// Every remedy is a run that can be added, with a name of its own.
#[test]
fn remedies_can_be_run() {
    let bowl = experiment("ravine", [-1.7, 0.9], &[], 60, run("sgd", 0.019));
    let found = watched(&bowl);
    let bouncing = found
        .episodes
        .iter()
        .find(|e| e.verdict == Verdict::Bouncing)
        .unwrap();
    let remedies = diagnosis::remedies(&bowl.runs[0], &found.label, bouncing);
    assert!(remedies.len() >= 2);
    for remedy in &remedies {
        let mut with = bowl.clone();
        with.runs.push(remedy.run.clone());
        assert!(with.check().is_ok(), "{remedy:?}");
        assert_ne!(with.runs[1].display_label(), with.runs[0].display_label());
    }
    // The lower rate is that at which a step ends in the middle of the valley.
    let lower = remedies[0].run.learning_rate.unwrap();
    assert!((lower - 0.01).abs() < 1e-9, "{lower}");
}

fn final_losses(id: &str) -> Vec<f64> {
    let checked = built_in::find(id).unwrap().experiment().check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let last = history
        .traces
        .iter()
        .map(|trace| *trace.losses().last().unwrap());
    last.collect()
}

/// The last losses of the remedies that are meant, each run from where the trouble began.
fn tried(checked: &Checked, remedies: &[Remedy], meant: &[&dyn Fn(&RunSpec) -> bool]) -> Vec<f64> {
    let mut with = checked.experiment.clone();
    let chosen = meant.iter().map(|is_meant| {
        let remedy = remedies.iter().find(|remedy| is_meant(&remedy.run));
        remedy.unwrap_or_else(|| panic!("{remedies:?}")).run.clone()
    });
    with.runs = chosen.collect();
    let history = engine::run(&with.check().unwrap(), |_| ControlFlow::Continue(()));
    let traces = history.traces.iter();
    traces
        .map(|trace| *trace.losses().last().unwrap())
        .collect()
}

/// The homework's story: the loss falls slowly and sometimes rises, and the rate is suspected.
#[test]
fn too_high_a_rate_is_diagnosed_and_both_remedies_work() {
    let checked = built_in::find("hw3_q2_high")
        .unwrap()
        .experiment()
        .check()
        .unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let losses = history.traces[0].losses();
    let rises = losses.windows(2).filter(|pair| pair[1] > pair[0]).count();
    assert!(rises >= 5 && losses.last() < losses.first(), "{rises}");
    let found = diagnosis::diagnose(&checked, 0, &|| true).unwrap();
    let bouncing: u64 = found
        .episodes
        .iter()
        .filter(|episode| episode.verdict == Verdict::Bouncing)
        .map(|episode| episode.to - episode.from + 1)
        .sum();
    assert!(
        2 * bouncing > checked.experiment.epochs,
        "{:?}",
        verdicts(&found)
    );
    // What the buttons offer in the midst of it, run as it is offered.
    let bouncing = found.at(100).unwrap();
    assert_eq!(bouncing.verdict, Verdict::Bouncing);
    let remedies = diagnosis::remedies(&checked.experiment.runs[0], &found.label, bouncing);
    let titles: Vec<_> = remedies
        .iter()
        .map(|remedy| remedy.title.as_str())
        .collect();
    assert_eq!(titles, ["rate 0.012", "decay 0.02", "as Adam"]);
    let lower = |run: &RunSpec| run.learning_rate == Some(0.012);
    let decayed = |run: &RunSpec| run.schedule != Schedule::Constant;
    let offered = tried(&checked, &remedies, &[&lower, &decayed]);
    let of_the_run = *losses.last().unwrap();
    assert!(
        offered.iter().all(|loss| *loss < 0.1 * of_the_run),
        "{offered:?}"
    );
    let losses = final_losses("hw3_q2_high");
    assert!(
        losses[1] < 0.5 * losses[0] && losses[2] < 0.5 * losses[0],
        "{losses:?}"
    );
}

#[test]
fn too_low_a_rate_is_diagnosed_and_its_remedies_work() {
    let checked = built_in::find("hw3_q2_low")
        .unwrap()
        .experiment()
        .check()
        .unwrap();
    let found = diagnosis::diagnose(&checked, 0, &|| true).unwrap();
    let last = found.last().unwrap();
    assert_eq!(last.verdict, Verdict::Creeping, "{last:?}");
    // Nothing curves upwards at the start nor at the end, so that λ_max says nothing: the largest
    // |λ| is a fifth of a per cent of the limit.
    let of = &last.evidence;
    assert!(of.sharpness < 0.0 && of.share_of_limit.unwrap() < 0.0);
    assert!(of.size_of_limit.unwrap() > 0.0 && of.size_of_limit.unwrap() < 0.01);
    let words = of.lines().join("\n");
    assert!(words.contains("nothing curves upwards here"), "{words}");
    let remedies = diagnosis::remedies(&checked.experiment.runs[0], &found.label, last);
    let slow = checked.runs[0].learning_rate;
    let faster = |run: &RunSpec| run.optimizer == "sgd" && run.base_rate() >= 10.0 * slow;
    let losses = tried(
        &checked,
        &remedies,
        &[&faster, &|run| run.optimizer == "momentum"],
    );
    assert!(
        losses.iter().all(|loss| *loss < 0.1 * of.loss),
        "{losses:?}"
    );
    let losses = final_losses("hw3_q2_low");
    assert!(
        losses[1] < 0.1 * losses[0] && losses[2] < 0.1 * losses[0],
        "{losses:?}"
    );
}
