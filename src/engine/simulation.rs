//! All runs of an experiment, advanced together.

use super::{Best, Frame, History, Measured, Outcome, Trace, training};
use crate::experiment::{Checked, CheckedRun};
use crate::objective::{Asked, Batch, Objective};
use crate::optimizers::{Composed, Step};
use crate::schedules::{Moment, ScheduleState};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// Work of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 50_000_000;

/// Updates that one run makes before the next look at whether to go on.
const BLOCK: u64 = 1024;

/// Below this much work in a block, starting threads costs more than it saves.
const WORTH_THREADS: u64 = 4096;

/// The present state of every run.
///
/// Runs never influence one another: what they share (the objective, the noise of a step) is a
/// function of the step's number alone. That is why a block of updates of each run can be
/// computed on its own core and the record is the same, byte for byte, as in strict turns.
pub struct Simulation<'a> {
    checked: &'a Checked,
    contenders: Vec<Contender<'a>>,
    updates: u64,
}

impl<'a> Simulation<'a> {
    /// The state before the first update, and a history that holds it.
    pub fn new(checked: &'a Checked) -> (Self, History) {
        let names = checked.objective.parameter_names();
        let contenders: Vec<_> = checked
            .runs
            .iter()
            .map(|run| Contender::new(run, checked))
            .collect();
        let mut trace = Trace::new(names.len());
        trace.measured = Measured::new(checked.objective.measures().len());
        let mut history = History {
            traces: vec![trace; contenders.len()],
            parameter_names: names,
            updates: 0,
        };
        let mut simulation = Self {
            checked,
            contenders,
            updates: 0,
        };
        for (contender, trace) in simulation.contenders.iter_mut().zip(&mut history.traces) {
            contender.record(0, f64::NAN, trace);
        }
        simulation.close_if_done(&mut history);
        (simulation, history)
    }

    /// Offers `updates` more updates to every run, but no more than the experiment has.
    pub fn advance(&mut self, updates: u64, history: &mut History) {
        let updates = updates.min(self.checked.updates() - self.updates);
        let range = self.updates + 1..=self.updates + updates;
        let work = updates
            .saturating_mul(self.contenders.len() as u64)
            .saturating_mul(self.checked.objective.work_per_update());
        let pairs = self.contenders.iter_mut().zip(&mut history.traces);
        if work < WORTH_THREADS {
            pairs.for_each(|(contender, trace)| contender.advance(range.clone(), trace));
        } else {
            let pairs: Vec<_> = pairs.collect();
            pairs
                .into_par_iter()
                .for_each(|(contender, trace)| contender.advance(range.clone(), trace));
        }
        self.updates += updates;
        history.updates = self.updates;
        self.close_if_done(history);
    }

    /// Whether no run has anything left to do.
    pub fn is_done(&self) -> bool {
        self.updates == self.checked.updates()
            || self.contenders.iter().all(|contender| contender.diverged)
    }

    fn close_if_done(&self, history: &mut History) {
        if self.is_done() {
            end(history, Outcome::Finished);
        }
    }
}

/// Gives every run that is still going its outcome.
pub(super) fn end(history: &mut History, outcome: Outcome) {
    for trace in &mut history.traces {
        if trace.outcome == Outcome::Running {
            trace.outcome = outcome;
        }
    }
}

/// Reads whatever has to be read before an experiment can run; it is remembered.
///
/// # Errors
/// Why it cannot be had.
pub fn ready(checked: &Checked) -> Result<(), String> {
    match checked.task() {
        Some(task) => task.data().map(|_| ()).map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

/// Runs an experiment to its end, or until `watch`, called after every block of updates, breaks
/// off; runs cut short that way have the outcome `Cancelled`.
///
/// Data that cannot be had, which [`ready`] would have said, give an empty record.
pub fn run(checked: &Checked, mut watch: impl FnMut(&History) -> ControlFlow<()>) -> History {
    if let Some(task) = checked.task() {
        return training::run(checked, task, watch).unwrap_or_else(|_| empty(checked));
    }
    let (mut simulation, mut history) = Simulation::new(checked);
    // A block of heavy updates must not keep whoever wants to break off waiting.
    let block = (MOST_WORK / checked.objective.work_per_update().max(1)).clamp(1, BLOCK);
    while !simulation.is_done() {
        simulation.advance(block, &mut history);
        if watch(&history).is_break() {
            end(&mut history, Outcome::Cancelled);
            break;
        }
    }
    history
}

/// A record in which nothing happened.
fn empty(checked: &Checked) -> History {
    let mut trace = Trace::new(0);
    trace.outcome = Outcome::Cancelled;
    History {
        traces: vec![trace; checked.runs.len()],
        parameter_names: Vec::new(),
        updates: 0,
    }
}

/// One run's state.
pub(super) struct Contender<'a> {
    pub(super) run: &'a CheckedRun,
    objective: &'a dyn Objective,
    pub(super) rule: Composed<'a, f64>,
    /// What the rule works on.
    pub(super) parameters: Vec<f64>,
    /// The exact gradient at `parameters`, of the batch that the next update sees.
    pub(super) gradient: Vec<f64>,
    /// The gradient as the latest update saw it.
    pub(super) disturbed: Vec<f64>,
    /// The exact gradient at the parameters on show, where they are others.
    shown_gradient: Vec<f64>,
    /// J at `parameters`, of the same batch.
    loss: f64,
    schedule: ScheduleState,
    /// Whether the rule has asked for the gradient at `parameters` already.
    gradient_is_known: bool,
    pub(super) diverged: bool,
}

impl<'a> Contender<'a> {
    pub(super) fn new(run: &'a CheckedRun, checked: &'a Checked) -> Self {
        let dimension = checked.start.len();
        Self {
            run,
            objective: &*checked.objective,
            rule: run.composed(&checked.objective.shapes()),
            parameters: checked.start.clone(),
            gradient: vec![0.0; dimension],
            disturbed: vec![0.0; dimension],
            shown_gradient: vec![0.0; dimension],
            loss: f64::NAN,
            schedule: ScheduleState::default(),
            gradient_is_known: false,
            diverged: false,
        }
    }

    /// Makes the updates with these numbers, unless the run has ended.
    pub(super) fn advance(&mut self, updates: std::ops::RangeInclusive<u64>, trace: &mut Trace) {
        for number in updates {
            if self.diverged {
                return;
            }
            let schedule = &self.run.schedule;
            let moment = Moment::new(number, self.objective.updates_per_epoch());
            let learning_rate = schedule.rate_given(self.run.learning_rate, moment, &self.schedule);
            trace.evaluations += self.update(number, learning_rate);
            self.record(number, learning_rate, trace);
            let measured = trace.measured.exactly_at(number);
            let last = trace.losses().last().copied().unwrap_or(self.loss);
            let loss = measured.map_or(last, |values| values[0]);
            schedule.observe(moment, loss, &mut self.schedule);
        }
    }

    /// One update of the parameters; how many evaluations of the objective it took.
    fn update(&mut self, number: u64, learning_rate: f64) -> u64 {
        let objective = self.objective;
        self.disturbed.copy_from_slice(&self.gradient);
        objective.disturb(number, &mut self.disturbed);
        let disturb = |gradient: &mut [f64]| objective.disturb(number, gradient);
        let sign = |index| objective.sign(number, index);
        let batch = Batch {
            objective,
            update: number,
        };
        let asked = Asked::new(&batch, &disturb, &sign);
        let now = Step {
            number,
            learning_rate,
            loss: self.loss,
            gradient: &self.disturbed,
            hyperparameters: &[],
            shapes: &[],
            objective: &asked,
        };
        self.rule.step(&now, &mut self.parameters);
        let needs_gradient = self.run.optimizer.card().needs.uses_gradient();
        let given = needs_gradient && !self.gradient_is_known;
        // A line search ends where it has looked; looking there again costs nothing.
        self.gradient_is_known = objective.is_exact() && asked.knows_gradient_at(&self.parameters);
        u64::from(given) + asked.evaluations()
    }

    /// Evaluates the present state and appends it, or ends the run when it is not finite.
    ///
    /// With mini-batches the loss and gradient of the record are those that the update met; what
    /// the next one will meet is evaluated here.
    pub(super) fn record(&mut self, step: u64, learning_rate: f64, trace: &mut Trace) {
        let has_batches = self.objective.has_batches();
        let met = (self.loss, norm(&self.gradient));
        let met_is_finite = self.loss.is_finite() && finite(&self.gradient);
        let (at, gradient) = (&self.parameters, &mut self.gradient);
        self.loss = self.objective.batch_gradient(step + 1, at, gradient);
        let shown = self.rule.shown().filter(|_| step > 0);
        let parameters = shown.unwrap_or(&self.parameters);
        let mut is_finite = finite(parameters) && finite(&self.parameters);
        if !has_batches {
            is_finite &= self.loss.is_finite() && finite(&self.gradient);
        }
        let (loss, gradient_norm) = if has_batches && step > 0 {
            is_finite &= met_is_finite;
            met
        } else if has_batches || shown.is_some() {
            let gradient = &mut self.shown_gradient;
            let loss = self.objective.gradient(parameters, gradient);
            is_finite &= loss.is_finite() && finite(gradient);
            (loss, norm(gradient))
        } else {
            (self.loss, norm(&self.gradient))
        };
        let whole = measure(self.objective, step, parameters, loss, trace);
        is_finite &= whole.is_none_or(f64::is_finite);
        if !is_finite {
            self.diverged = true;
            trace.outcome = Outcome::Diverged { step };
            return;
        }
        if let Some(loss) = whole {
            let is_lower = trace.best.is_none_or(|best| loss < best.loss);
            if is_lower && self.objective.counts(parameters, loss) {
                trace.best = Some(Best { loss, step });
            }
        }
        if trace.left_range_at.is_none() && !self.objective.contains(parameters) {
            trace.left_range_at = Some(step);
        }
        trace.push(Frame {
            step,
            evaluations: trace.evaluations,
            learning_rate,
            loss,
            gradient_norm,
            parameters,
        });
    }
}

/// The loss over everything after `step` updates, where it is known: what is measured, which is
/// appended while it is finite, or `loss` itself where nothing is.
fn measure(
    objective: &dyn Objective,
    step: u64,
    at: &[f64],
    loss: f64,
    trace: &mut Trace,
) -> Option<f64> {
    let count = objective.measures().len();
    if count == 0 {
        return Some(loss);
    }
    if !objective.is_measured_after(step) {
        return None;
    }
    let mut values = vec![f64::NAN; count];
    objective.measure(at, &mut values);
    if finite(&values) {
        trace.measured.push(step, &values);
    }
    values.first().copied()
}

fn finite(values: &[f64]) -> bool {
    values.iter().all(|x| x.is_finite())
}

/// ‖x‖₂, without overflow where the result itself is finite.
fn norm(x: &[f64]) -> f64 {
    x.iter()
        .fold(0.0, |length: f64, &component| length.hypot(component))
}
