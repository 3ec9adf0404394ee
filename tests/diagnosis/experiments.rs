//! The stories of the homework, and places where runs get stuck.

use super::{experiment, run, verdicts, watched};
use descent_lab::analysis::curvature;
use descent_lab::analysis::diagnosis::{self, Remedy, Verdict};
use descent_lab::engine;
use descent_lab::experiment::{Checked, RateEvent, RunSpec, WrapperSpec, built_in};
use descent_lab::optimizers::wrappers;
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

/// A run that begins on the plain around the hole has met nothing steeper; one that is thrown out
/// of the hole has.
#[test]
fn a_plateau_is_known_from_inside_and_from_outside() {
    for start in [[-3.0, -3.0], [3.2, -1.9], [0.0, 3.7]] {
        let outside = experiment("plateau", start, &[], 200, run("sgd", 0.05));
        let found = watched(&outside);
        assert_eq!(
            found.at(100).unwrap().verdict,
            Verdict::Stalled,
            "{found:?}"
        );
        assert_eq!(found.last().unwrap().verdict, Verdict::Stalled);
        let words = found.last().unwrap().evidence.lines().join("; ");
        assert!(words.contains("over the whole range"), "{words}");
    }
    let thrown = experiment("plateau", [0.7, 0.1], &[], 200, run("sgd", 5.0));
    let found = watched(&thrown);
    let last = found.last().unwrap();
    assert!(last.evidence.greatest_gradient_norm > 0.5);
    assert_eq!(last.verdict, Verdict::Stalled, "{last:?}");
    // On its slope a run gets on, or creeps, but does not stall.
    let slope = experiment("plateau", [-1.2, 0.8], &[], 30, run("sgd", 0.05));
    assert!(!verdicts(&watched(&slope)).contains(&Verdict::Stalled));
}

/// Whatever is around a rule stays around what is tried in its place, and what is left out is said.
#[test]
fn what_is_tried_keeps_schedule_and_wrappers() {
    let mut slow = run("adam", 1e-5);
    slow.schedule = Schedule::InverseTime {
        rate: 0.01,
        per: Default::default(),
    };
    slow.wrappers = vec![WrapperSpec::new(wrappers::find("ClipNorm").unwrap())];
    slow.events = vec![RateEvent {
        step: 10,
        learning_rate: 2e-5,
    }];
    let experiment = experiment("himmelblau", [0.0, 0.0], &[], 60, slow.clone());
    let found = watched(&experiment);
    let last = found.last().unwrap();
    assert_eq!(last.verdict, Verdict::Creeping, "{last:?}");
    let remedies = diagnosis::remedies(&slow, &found.label, last);
    let of = |title: &str| {
        remedies
            .iter()
            .find(|remedy| remedy.title.contains(title))
            .unwrap()
    };
    let faster = &of("rate").run;
    assert!(faster.base_rate() >= 1e-4 && faster.events[0].learning_rate >= 2e-4);
    let other = of("as AdaBelief");
    assert!(other.run.schedule == slow.schedule && other.run.wrappers == slow.wrappers);
    assert!(other.run.events.is_empty() && other.reason.contains("are left out"));
    let rmsprop = diagnosis::remedies(&RunSpec::new("rmsprop"), "RMSprop", last);
    let pushed = rmsprop
        .iter()
        .find(|remedy| remedy.title == "with momentum")
        .unwrap();
    assert_eq!(
        pushed.run.hyperparameters["momentum"].to_bits(),
        0.9_f64.to_bits()
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

/// After a border a run is judged on its new surface: by that one's curvature and losses.
#[test]
fn surfaces_that_follow_one_another_are_judged_one_by_one() {
    let mut two = built_in::find("hw3_q4_surfaces").unwrap().experiment();
    two.runs.truncate(2);
    let checked = two.check().unwrap();
    for (run, sharpness) in [(0, 1.0), (1, 21.0)] {
        let found = diagnosis::diagnose(&checked, run, &|| true).unwrap();
        let last = &found.last().unwrap().evidence;
        assert!((last.sharpness - sharpness).abs() < 1e-9, "{last:?}");
        // What the second surface began with: A's optimum is 1.6 above B's.
        assert!((last.first_loss - 1.625).abs() < 0.1, "{last:?}");
        assert_eq!(found.last().unwrap().verdict, Verdict::Done);
        let over = curvature::over_time(&checked, run, 801, &|| true).unwrap();
        assert!((over[399].sharpness - 20.0).abs() < 1e-9);
        assert!((over[400].sharpness - sharpness).abs() < 1e-9);
    }
    let before = diagnosis::diagnose(&checked, 0, &|| true).unwrap();
    let early = &before.at(300).unwrap().evidence;
    assert!(early.sharpness > 19.0, "{early:?}");
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
