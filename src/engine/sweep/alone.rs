//! A trial through the simulation.

use super::reached::{Reached, stays};
use crate::engine::{self, Best, Outcome, Simulation, Trace};
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
    let parameter = |index: usize| {
        last.and_then(|frame| frame.parameters.get(index).copied())
            .unwrap_or(f64::NAN)
    };
    Some(Reached {
        loss: latest(trace, is_batched).map_or(f64::NAN, |(_, loss)| loss),
        at: [parameter(0), parameter(1)],
        best: trace.best,
        touched,
        stays: stays(above, diverged, checked.updates()),
        left: trace.left_range_at,
        diverged,
    })
}

/// A trial of a network, looking at the end of every epoch.
fn trained(checked: &Checked, target: f64, goes_on: &dyn Fn() -> bool) -> Option<Reached> {
    let history = engine::run(checked, |_| match goes_on() {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    });
    let Some(trace) = history.traces.first() else {
        return Some(Reached::NOTHING);
    };
    if trace.outcome == Outcome::Cancelled {
        return None;
    }
    if checked.sequence().is_some() {
        return Some(learnt(trace, target));
    }
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
    Some(Reached {
        loss: trace.final_loss().unwrap_or(f64::NAN),
        at: [f64::NAN; 2],
        best: trace.best,
        touched,
        stays: stays(above, diverged, checked.updates()),
        left: None,
        diverged,
    })
}

/// Where the loss over the test data of all tasks so far stands among what is measured.
const ALL_TASKS: usize = 2;

/// A trial of tasks: what counts is how well all of them are known after the last, so that the
/// loss is the mean over all tasks' test data at the end.
fn learnt(trace: &Trace, target: f64) -> Reached {
    let end = trace.measured.steps().last().zip(trace.measured.last());
    let (step, loss) = match end {
        Some((&step, values)) => (step, values[ALL_TASKS]),
        None => return Reached::NOTHING,
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
    if is_batched {
        let step = trace.measured.steps().last()?;
        return Some((*step, *trace.measured.last()?.first()?));
    }
    let step = trace.last_step()?;
    Some((step, trace.frame_at(step)?.loss))
}
