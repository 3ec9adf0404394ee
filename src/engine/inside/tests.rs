use super::*;
use crate::engine;
use crate::experiment::{Experiment, ObjectiveSpec, RunSpec, WrapperSpec};
use crate::optimizers::wrappers::WRAPPERS;
use crate::optimizers::{Fits, Holds, OPTIMIZERS};
use std::collections::BTreeMap;

const ALL: usize = usize::MAX;

fn experiment(runs: Vec<RunSpec>, noise: f64, epochs: u64) -> Experiment {
    Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: "himmelblau".into(),
            start: Some([-1.0, 2.5]),
            noise,
            settings: BTreeMap::new(),
        },
        epochs,
        seed: 7,
        starts: Vec::new(),
        seeds: Vec::new(),
        tune: None,
        runs,
    }
}

fn go_on() -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn ledger(checked: &Checked, run: usize) -> Ledger {
    let updates = 1..=checked.experiment.epochs;
    replay(checked, run, updates, ALL, go_on).unwrap()
}

/// Every rule of the catalogue that works on two parameters, alone and in every wrapper.
fn every_run() -> Vec<RunSpec> {
    let rules = OPTIMIZERS.iter().map(|rule| rule.card());
    let fitting = rules.filter(|card| !matches!(card.fits, Fits::Matrices { .. }));
    let alone: Vec<_> = fitting.map(|card| RunSpec::new(card.id)).collect();
    let mut runs = alone.clone();
    for wrapper in WRAPPERS {
        for id in ["adam", "lbfgs", "sgd"] {
            let mut run = RunSpec::new(id);
            run.wrappers = vec![WrapperSpec::new(*wrapper)];
            runs.push(run);
        }
    }
    runs
}

#[test]
fn a_replay_makes_the_very_updates_of_the_history() {
    for noise in [0.0, 0.3] {
        let checked = experiment(every_run(), noise, 40).check().unwrap();
        let history = engine::run(&checked, |_| go_on());
        for (run, expected) in history.traces.iter().enumerate() {
            let label = &checked.runs[run].label;
            let replayed = replay_with_trace(&checked, run, 1..=40, ALL, go_on);
            let (ledger, trace) = replayed.unwrap();
            let words = |trace: &Trace| format!("{:?}", trace.frames().collect::<Vec<_>>());
            assert_eq!(words(&trace), words(expected), "{label}");
            assert_eq!(
                ledger.len() as u64,
                expected.last_step().unwrap(),
                "{label}"
            );
            let shows_others = !checked.runs[run].wrappers.is_empty();
            for update in ledger.updates() {
                let frame = expected.frame_at(update.number).unwrap();
                assert_eq!(frame.evaluations, update.evaluations, "{label}");
                assert_eq!(frame.learning_rate, update.learning_rate, "{label}");
                if !shows_others {
                    assert_eq!(frame.parameters, update.after, "{label}");
                    let before = expected.frame_at(update.number - 1).unwrap();
                    assert_eq!(before.parameters, update.before, "{label}");
                }
            }
        }
    }
}

#[test]
fn the_slots_are_those_of_the_card_and_hold_what_its_formula_says() {
    let runs = ["adam", "momentum", "lbfgs", "adagrad", "sgd"].map(RunSpec::new);
    let checked = experiment(runs.to_vec(), 0.0, 3).check().unwrap();
    let adam = ledger(&checked, 0);
    let symbols: Vec<_> = adam.slots().iter().map(|slot| slot.symbol).collect();
    assert_eq!(symbols, ["m", "v", "β₁ᵗ", "β₂ᵗ"]);
    let first = adam.update(0).unwrap();
    for (slot, expected) in adam.slots().iter().zip([0.1, 0.001]) {
        let power = if slot.holds == Holds::Squares { 2 } else { 1 };
        for (value, g) in first.slot(slot).iter().zip(first.seen) {
            assert!((value - expected * g.powi(power)).abs() <= 1e-12 * value.abs());
        }
    }
    assert_eq!(first.slot(&adam.slots()[2]), [0.9]);
    let momentum = ledger(&checked, 1);
    let update = momentum.update(0).unwrap();
    assert_eq!(update.slot(&momentum.slots()[0]), update.gradient);
    let lbfgs = ledger(&checked, 2);
    let past = &lbfgs.slots()[3];
    assert!(!past.is_by_parameter && lbfgs.update(0).unwrap().slot(past).len() > 2);
    assert!(ledger(&checked, 4).slots().is_empty());
}

#[test]
fn plain_descent_has_its_rate_as_step_of_every_parameter_and_goes_straight_down() {
    let mut run = RunSpec::new("sgd");
    run.learning_rate = Some(0.003);
    let checked = experiment(vec![run], 0.0, 20).check().unwrap();
    for update in ledger(&checked, 0).updates() {
        for step in update.effective_steps() {
            assert!((step - 0.003).abs() < 1e-9, "{step}");
        }
        assert!((update.effective_step() - 0.003).abs() < 1e-9);
        assert!((update.cosine() - 1.0).abs() < 1e-9);
        assert_eq!(update.seen, update.gradient);
    }
}

#[test]
fn where_nothing_slopes_there_is_no_effective_step_and_no_angle() {
    let mut still = experiment(vec![RunSpec::new("sgd")], 0.0, 2);
    still.objective.set_start([3.0, 2.0]);
    let checked = still.check().unwrap();
    let ledger = ledger(&checked, 0);
    let update = ledger.update(0).unwrap();
    assert_eq!(update.gradient, [0.0, 0.0]);
    assert!(update.effective_steps().all(f64::is_nan));
    assert!(update.cosine().is_nan() && update.effective_step().is_nan());
    assert_eq!(update.norm(), 0.0);
}

#[test]
fn noise_is_in_what_the_update_saw_and_not_in_the_gradient() {
    let checked = experiment(vec![RunSpec::new("sgd")], 0.5, 5)
        .check()
        .unwrap();
    for update in ledger(&checked, 0).updates() {
        assert_ne!(update.seen, update.gradient);
        for ((step, seen), before) in update.step().zip(update.seen).zip(update.before) {
            assert!((step + 0.001 * seen).abs() <= 1e-12 * before.abs().max(1.0));
        }
    }
}

#[test]
fn memory_is_bounded_and_a_range_leaves_out_the_others() {
    let checked = experiment(vec![RunSpec::new("adam")], 0.0, 1000)
        .check()
        .unwrap();
    // Fourteen numbers an update.
    let thinned = replay(&checked, 0, 1..=1000, 1400, go_on).unwrap();
    assert!(thinned.len() <= 100 && thinned.len() > 50);
    assert_eq!(thinned.steps().last(), Some(&1000));
    let whole = ledger(&checked, 0);
    for update in thinned.updates() {
        assert_eq!(Some(update), whole.update_at(update.number));
    }
    let few = replay(&checked, 0, 990..=995, ALL, go_on).unwrap();
    assert_eq!(few.steps(), [990, 991, 992, 993, 994, 995]);
    assert_eq!(few.update_at(992), whole.update_at(992));
    assert_eq!(few.update_at(989), None);
}

#[test]
fn a_diverged_run_ends_with_its_last_finite_update_and_a_replay_can_be_broken_off() {
    let mut wild = RunSpec::new("sgd");
    wild.learning_rate = Some(10.0);
    let checked = experiment(vec![wild, RunSpec::new("adam")], 0.0, 5000);
    let checked = checked.check().unwrap();
    let history = engine::run(&checked, |_| go_on());
    let ended = ledger(&checked, 0);
    assert_eq!(ended.steps().last().copied(), history.traces[0].last_step());
    assert!(ended.updates().all(|update| update.norm().is_finite()));
    let broken = replay(&checked, 1, 1..=5000, ALL, || ControlFlow::Break(()));
    assert_eq!(broken, None);
    assert_eq!(replay(&checked, 2, 1..=10, ALL, go_on), None);
}
