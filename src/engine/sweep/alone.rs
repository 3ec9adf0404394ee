//! A trial through the simulation.

use super::reached::{Reached, stays};
use crate::engine::training::Training;
use crate::engine::{self, Best, Checkpoint, History, Outcome, Simulation, Trace};
use crate::experiment::Checked;
use std::ops::ControlFlow;

/// Updates between two looks at whether to go on: an update of a network takes milliseconds.
const LOOK_EVERY: u64 = 32;

/// Runs the only run of an experiment, looking at every step; none when `goes_on` has said no.
pub(super) fn run(checked: &Checked, target: f64, goes_on: &dyn Fn() -> bool) -> Option<Reached> {
    if checked.task().is_some() || checked.sequence().is_some() {
        return trained(checked, target, goes_on);
    }
    let (mut simulation, mut history) = Simulation::new(checked);
    let (mut touched, mut above) = (None, -1.0);
    let objective = &*checked.objective;
    let is_batched = checked.updates_per_epoch() > 1;
    loop {
        let Some(trace) = history.traces.first() else {
            return Some(Reached::NOTHING);
        };
        if let Some((step, loss)) = latest(trace, is_batched) {
            let at = trace
                .frame_at(step)
                .map_or(&[][..], |frame| frame.parameters);
            if objective.counts(at, loss) && loss <= target {
                touched = touched.or(Some(step));
            } else {
                above = step as f64;
            }
        }
        if simulation.is_done() {
            break;
        }
        if history.updates.is_multiple_of(LOOK_EVERY) && !goes_on() {
            return None;
        }
        simulation.advance(1, &mut history);
    }
    let trace = &history.traces[0];
    let last = trace.last_step().and_then(|step| trace.frame_at(step));
    let diverged = match trace.outcome {
        Outcome::Diverged { step } => Some(step),
        _ => None,
    };
    if objective.tasks() > 1 {
        return Some(Reached {
            at: last.map_or([f64::NAN; 2], |frame| at(frame.parameters)),
            left: trace.left_range_at,
            ..learnt(trace, target, ALL_SURFACES)
        });
    }
    Some(Reached {
        loss: latest(trace, is_batched).map_or(f64::NAN, |(_, loss)| loss),
        at: last.map_or([f64::NAN; 2], |frame| at(frame.parameters)),
        best: trace.best,
        touched,
        stays: stays(above, diverged, checked.updates()),
        left: trace.left_range_at,
        diverged,
    })
}

/// A trial of a network or a sequence of tasks, looking at the end of every epoch.
fn trained(checked: &Checked, target: f64, goes_on: &dyn Fn() -> bool) -> Option<Reached> {
    let history = engine::run(checked, |_| match goes_on() {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    });
    let trace = history.traces.first();
    if trace.is_some_and(|trace| trace.outcome == Outcome::Cancelled) {
        return None;
    }
    if let Some(trace) = trace
        && checked.sequence().is_some()
    {
        return Some(learnt(trace, target, ALL_TASKS));
    }
    Some(judged(trace, target, checked.updates()))
}

/// A training that goes on where it was left, until it has made `updates`: what it has come to
/// by then, and the training as it is left again. None when `goes_on` has said no.
pub(super) fn train(
    checked: &Checked,
    target: f64,
    updates: u64,
    left: Option<&Checkpoint>,
    goes_on: &dyn Fn() -> bool,
) -> Option<(Reached, Option<Checkpoint>)> {
    let begun = match left {
        Some(left) => Training::resume(checked, left).ok(),
        None => Training::new(checked).ok(),
    };
    // Data that cannot be had; whoever asked has made sure of them.
    let Some((mut training, mut history)): Option<(Training<'_>, History)> = begun else {
        return Some((Reached::NOTHING, None));
    };
    while !training.is_done() && training.updates() < updates {
        if !goes_on() {
            return None;
        }
        let block = training.block().min(updates - training.updates());
        training.advance(block, &mut history);
    }
    let reached = judged(history.traces.first(), target, updates);
    Some((reached, Some(training.checkpoint(&history))))
}

/// What the trace of a training of `updates` updates has come to.
fn judged(trace: Option<&Trace>, target: f64, updates: u64) -> Reached {
    let Some(trace) = trace else {
        return Reached::NOTHING;
    };
    let (mut touched, mut above) = (None, -1.0);
    for (&step, loss) in trace.measured.steps().iter().zip(trace.measured.values(0)) {
        if loss <= target {
            touched = touched.or(Some(step));
        } else {
            above = step as f64;
        }
    }
    let diverged = match trace.outcome {
        Outcome::Diverged { step } => Some(step),
        _ => None,
    };
    Reached {
        loss: trace.final_loss().unwrap_or(f64::NAN),
        at: [f64::NAN; 2],
        best: trace.best,
        touched,
        stays: stays(above, diverged, updates),
        left: None,
        diverged,
    }
}

/// The first two parameters.
fn at(parameters: &[f64]) -> [f64; 2] {
    [0, 1].map(|index| parameters.get(index).copied().unwrap_or(f64::NAN))
}

/// Where the loss over the test data of all tasks so far stands among what is measured.
const ALL_TASKS: usize = 2;

/// The same of surfaces that follow one another: their mean.
const ALL_SURFACES: usize = 0;

/// A trial of tasks: what counts is how well all of them are known after the last, so that the
/// loss is the mean over all tasks at the end; it stands at `place` among what is measured.
fn learnt(trace: &Trace, target: f64, place: usize) -> Reached {
    let end = trace.measured.steps().last().zip(trace.measured.last());
    let Some((step, loss)) = end.and_then(|(&step, values)| Some((step, *values.get(place)?)))
    else {
        return Reached::NOTHING;
    };
    let diverged = match trace.outcome {
        Outcome::Diverged { step } => Some(step),
        _ => None,
    };
    let touched = (diverged.is_none() && loss <= target).then_some(step);
    Reached {
        loss,
        at: [f64::NAN; 2],
        best: diverged.is_none().then_some(Best { loss, step }),
        touched,
        stays: touched,
        left: None,
        diverged,
    }
}

/// The latest loss and after how many updates it was found: with mini-batches that over all
/// data, at the end of an epoch.
fn latest(trace: &Trace, is_batched: bool) -> Option<(u64, f64)> {
    let step = trace.last_step()?;
    if is_batched {
        // What was measured of a state that is not finite otherwise doesn't count.
        let (measured, values) = trace.measured.at(step)?;
        return Some((measured, *values.first()?));
    }
    Some((step, trace.frame_at(step)?.loss))
}
