//! The explanation of a step is the engine's step, to the last bit, for every rule and wrapper.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod pages;
mod shared;
mod sheets;

use descent_lab::analysis::explanation::{self, Explanation, NoSuchStep};
use descent_lab::engine::{self, History, Replay};
use descent_lab::experiment::{Checked, Experiment, ObjectiveSpec, RunSpec, WrapperSpec, built_in};
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::optimizers::{OPTIMIZERS, Optimizer, Place, Shape};
use std::ops::ControlFlow;

/// One run on a landscape.
fn experiment(surface: &str, start: [f64; 2], noise: f64, run: RunSpec) -> Experiment {
    let mut experiment = built_in::find("own_formula").unwrap().experiment();
    experiment.objective = ObjectiveSpec::Landscape {
        surface: surface.into(),
        start: Some(start),
        noise,
        settings: Default::default(),
    };
    experiment.epochs = 40;
    experiment.seed = 3;
    experiment.runs = vec![run];
    experiment
}

fn history(checked: &Checked) -> History {
    engine::run(checked, |_| ControlFlow::Continue(()))
}

fn fits(rule: &dyn Optimizer) -> bool {
    rule.card().fits.refusal(&[Shape::vector(2)]).is_none()
}

fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

/// Every step of the run that can be explained equals the record: parameters, loss and rate; and
/// what is remembered equals what the engine remembers.
fn assert_explained(experiment: &Experiment, steps: &[u64]) {
    let checked = experiment.check().unwrap();
    let history = history(&checked);
    for (run, trace) in history.traces.iter().enumerate() {
        for &step in steps
            .iter()
            .filter(|&&step| trace.last_step() >= Some(step))
        {
            let of = explanation::explain(&checked, run, step).unwrap();
            let label = format!("{} at step {step}", of.label);
            let frame = history.frame(run, step).unwrap();
            let shown = of.shown.clone();
            let (shown, loss) = shown.unwrap_or_else(|| {
                let after = of.parameters.iter().map(|moved| moved.after).collect();
                (after, of.loss_after)
            });
            assert_eq!(bits(shown), bits(frame.parameters.to_vec()), "{label}");
            assert_eq!(loss.to_bits(), frame.loss.to_bits(), "{label}");
            assert_eq!(
                of.rate.value.to_bits(),
                frame.learning_rate.to_bits(),
                "{label}"
            );
            assert_remembered(&checked, run, &of, &label);
            assert_lines_agree(&of, &label);
        }
    }
}

/// What the explanation says is remembered is what the engine's rule remembers.
fn assert_remembered(checked: &Checked, run: usize, of: &Explanation, label: &str) {
    let mut replay = Replay::new(checked, run).unwrap();
    replay.go_to(of.step);
    let engine = replay.rule().remembered().map(|(_, place, value)| {
        let entry = match place {
            Place::Slot { entry, .. } => Some(entry),
            Place::Scalar(_) => None,
        };
        (entry, value.to_bits())
    });
    let explained = of.memory.iter().flat_map(|remembered| &remembered.numbers);
    let explained = explained.map(|number| (number.entry, number.after.to_bits()));
    assert!(engine.eq(explained), "{label}");
}

/// The lines of parameters end with their new values, and every value that changed has a line.
fn assert_lines_agree(of: &Explanation, label: &str) {
    for (index, moved) in of.parameters.iter().enumerate() {
        let lines = of.lines.iter().filter(|line| line.symbol == "θ");
        let mut worked = lines.flat_map(|line| &line.worked);
        let line = worked.rfind(|worked| worked.component == Some(index));
        match line {
            Some(line) => assert_eq!(line.value.to_bits(), moved.after.to_bits(), "{label}"),
            None => assert_eq!(moved.before.to_bits(), moved.after.to_bits(), "{label}"),
        }
    }
}

#[test]
fn every_rule_is_explained_to_the_last_bit() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let card = rule.card();
        let variants = card
            .variants
            .iter()
            .map(|variant| Some(variant.id.to_owned()));
        for variant in variants.chain([None]) {
            let mut run = RunSpec::new(card.id);
            run.variant = variant;
            for (surface, start) in [("rosenbrock", [-1.54, -0.64]), ("himmelblau", [1.0, 1.0])] {
                let experiment = experiment(surface, start, 0.0, run.clone());
                assert_explained(&experiment, &[1, 2, 3, 17, 40]);
            }
        }
        let noisy = experiment("beale", [1.0, 0.5], 0.1, RunSpec::new(card.id));
        assert_explained(&noisy, &[1, 12]);
    }
}

#[test]
fn every_wrapper_is_explained_to_the_last_bit() {
    for wrapper in WRAPPERS {
        for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
            let mut run = RunSpec::new(rule.card().id);
            run.wrappers = vec![WrapperSpec::new(*wrapper)];
            let experiment = experiment("rosenbrock", [-1.54, -0.64], 0.0, run);
            if experiment.check().is_ok() {
                assert_explained(&experiment, &[1, 5, 10, 11]);
            }
        }
    }
    let mut run = RunSpec::new("adam");
    run.wrappers = WRAPPERS
        .iter()
        .chain(WRAPPERS)
        .map(|w| WrapperSpec::new(*w))
        .collect();
    assert_explained(&experiment("beale", [1.0, 0.5], 0.2, run), &[1, 2, 9]);
}

#[test]
fn the_built_in_experiments_are_explained_to_the_last_bit() {
    for id in ["hw3_q3a", "hw3_q3a_page", "ai_notes_4", "own_formula"] {
        let experiment = built_in::find(id).unwrap().experiment();
        assert_explained(&experiment, &[1, 2, 13, 150]);
    }
}

#[test]
fn what_cannot_be_explained_is_said() {
    let mut steep = experiment("rosenbrock", [-1.54, -0.64], 0.0, RunSpec::new("momentum"));
    steep.runs[0].learning_rate = Some(0.001);
    let checked = steep.check().unwrap();
    let step = |step| explanation::explain(&checked, 0, step).map(|of| of.step);
    assert_eq!(step(0), Err(NoSuchStep::Step { step: 0, last: 40 }));
    assert_eq!(step(41), Err(NoSuchStep::Step { step: 41, last: 40 }));
    assert_eq!(step(14), Ok(14));
    assert_eq!(step(15), Err(NoSuchStep::Diverged { at: 14 }));
    let no_run = explanation::explain(&checked, 1, 1).map(|of| of.step);
    assert_eq!(no_run, Err(NoSuchStep::Run { run: 1, runs: 1 }));
    // The step at which it diverges is explained, with what was not finite.
    let last = explanation::explain(&checked, 0, 14).unwrap();
    assert!(
        last.parameters.iter().any(|moved| !moved.after.is_finite())
            || !last.loss_after.is_finite()
    );
    steep.epochs = 0;
    let none = explanation::explain(&steep.check().unwrap(), 0, 1).map(|of| of.step);
    assert_eq!(none, Err(NoSuchStep::NoUpdates));
}
