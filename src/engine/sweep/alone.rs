//! A trial through the simulation.

use super::reached::{Reached, stays};
use crate::engine::{Outcome, Simulation};
use crate::experiment::Checked;

/// Runs the only run of an experiment, looking at every step.
pub(super) fn run(checked: &Checked, target: f64) -> Reached {
    let (mut simulation, mut history) = Simulation::new(checked);
    let (mut touched, mut above) = (None, -1.0);
    let objective = &*checked.objective;
    loop {
        let Some(trace) = history.traces.first() else {
            return Reached::NOTHING;
        };
        let frame = trace.last_step().and_then(|step| trace.frame_at(step));
        if let Some(frame) = frame {
            let counts = objective.counts(frame.parameters, frame.loss);
            if counts && frame.loss <= target {
                touched = touched.or(Some(frame.step));
            } else {
                above = frame.step as f64;
            }
        }
        if simulation.is_done() {
            break;
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
    Reached {
        loss: last.map_or(f64::NAN, |frame| frame.loss),
        at: [parameter(0), parameter(1)],
        best: trace.best,
        touched,
        stays: stays(above, diverged, checked.experiment.epochs),
        left: trace.left_range_at,
        diverged,
    }
}
