//! All runs of an experiment, advanced together.

use super::past::{Past, Seen};
use super::{Best, Frame, History, MAX_FRAMES, Measured, Outcome, Trace, Variation, Work};
use crate::experiment::{Checked, CheckedRun, CheckedVariation, MAX_RUNS};
use crate::numbers::norm;
use crate::objective::{Asked, Batch, Objective};
use crate::optimizers::{Composed, Needs, Step};
use crate::schedules::{Moment, ScheduleState};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// Work of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 50_000_000;

/// Updates that one run makes before the next look at whether to go on.
const BLOCK: u64 = 1024;

/// Updates that all runs together make before the next look, where there are many of them.
const WHOLE_BLOCK: u64 = 1 << 18;

/// Numbers that the records of all starts and seeds but the first hold together at most, a
/// quarter of a gigabyte.
const SHARED_NUMBERS: usize = 1 << 25;

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
        let first = Origin::first(checked);
        let others = checked.variations.iter().map(|variation| Origin {
            objective: &*variation.objective,
            start: &variation.start,
        });
        let origins = std::iter::once(first).chain(others);
        let from = |origin: Origin<'a>| {
            let runs = checked.runs.iter();
            runs.map(move |run| Contender::new(run, origin))
        };
        let contenders: Vec<_> = origins.flat_map(from).collect();
        let mut trace = Trace::new(names.len());
        trace.measured = Measured::new(checked.objective.measures().len());
        let mut history = History {
            traces: vec![trace; checked.runs.len()],
            variations: empty_variations(checked, names.len()),
            parameter_names: names,
            updates: 0,
        };
        let mut simulation = Self {
            checked,
            contenders,
            updates: 0,
        };
        for (contender, trace) in simulation
            .contenders
            .iter_mut()
            .zip(every_trace(&mut history))
        {
            trace.expect(checked.updates());
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
        let pairs = self.contenders.iter_mut().zip(every_trace(history));
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

    /// How many updates may pass before the next look at whether to go on.
    pub(super) fn block(&self) -> u64 {
        let contenders = self.contenders.len().max(1) as u64;
        // A block of heavy updates must not keep whoever wants to break off waiting; up to as
        // many runs as were always allowed share the time of one.
        let shared = contenders.div_ceil(MAX_RUNS as u64);
        let work = self.checked.objective.work_per_update().max(1);
        (MOST_WORK / work / shared)
            .min(WHOLE_BLOCK / contenders)
            .clamp(1, BLOCK)
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

/// The records of all starts and seeds but the first, without frames. The more there are, the
/// fewer frames each may keep, so that all of them together stay bounded.
pub(super) fn empty_variations(checked: &Checked, dimension: usize) -> Vec<Variation> {
    let traces = (checked.variations.len() * checked.runs.len()).max(1);
    // Steps, evaluations, rate, losses and norms stand beside the parameters.
    let share = SHARED_NUMBERS / traces / (dimension + 8);
    // A power of two, so that what is kept of each falls on the same steps.
    let most_frames = (1 << share.max(2).ilog2()).min(MAX_FRAMES);
    let mut trace = Trace::holding(most_frames, dimension);
    trace.measured = Measured::holding(most_frames, checked.objective.measures().len());
    let empty = |variation: &CheckedVariation| Variation {
        start: variation.start_index,
        seed: variation.seed,
        traces: vec![trace.clone(); checked.runs.len()],
    };
    checked.variations.iter().map(empty).collect()
}

/// Every trace, in the order of the contenders.
pub(super) fn every_trace(history: &mut History) -> impl Iterator<Item = &mut Trace> {
    let others = history.variations.iter_mut();
    let others = others.flat_map(|variation| &mut variation.traces);
    history.traces.iter_mut().chain(others)
}

/// Gives every run that is still going its outcome.
pub(super) fn end(history: &mut History, outcome: Outcome) {
    for trace in every_trace(history) {
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
    for task in checked.tasks() {
        task.data().map_err(|error| error.to_string())?;
    }
    for sequence in checked.sequences() {
        sequence.read().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Runs an experiment to its end, or until `watch`, called after every block of updates, breaks
/// off; runs cut short that way have the outcome `Cancelled`.
///
/// Data that cannot be had, which [`ready`] would have said, give an empty record.
pub fn run(checked: &Checked, mut watch: impl FnMut(&History) -> ControlFlow<()>) -> History {
    match Work::begin(checked) {
        Ok((work, history)) => work.go_on(history, |_, history| watch(history)).1,
        Err(_) => empty(checked),
    }
}

/// A record in which nothing happened.
fn empty(checked: &Checked) -> History {
    let mut trace = Trace::new(0);
    trace.outcome = Outcome::Cancelled;
    History {
        traces: vec![trace; checked.runs.len()],
        variations: empty_variations(checked, 0),
        parameter_names: Vec::new(),
        updates: 0,
    }
}

/// Where runs begin, and what they see.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    objective: &'a (dyn Objective + 'static),
    start: &'a [f64],
}

impl<'a> Origin<'a> {
    /// The first start, with the first seed.
    pub(super) fn first(checked: &'a Checked) -> Self {
        Self {
            objective: &*checked.objective,
            start: &checked.start,
        }
    }
}

/// One run's state, from one start with one seed.
pub(super) struct Contender<'a> {
    pub(super) run: &'a CheckedRun,
    pub(super) objective: &'a dyn Objective,
    /// What surfaces before the present one left behind.
    pub(super) past: Option<Past<'a>>,
    /// J and the length of its gradient as they are recorded, without what the past adds.
    pub(super) own: (f64, f64),
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
    pub(super) loss: f64,
    pub(super) schedule: ScheduleState,
    /// Whether the rule has asked for the gradient at `parameters` already.
    gradient_is_known: bool,
    pub(super) diverged: bool,
}

impl<'a> Contender<'a> {
    pub(super) fn new(run: &'a CheckedRun, origin: Origin<'a>) -> Self {
        let dimension = origin.start.len();
        Self {
            run,
            objective: origin.objective,
            past: Past::of(run, origin.objective),
            own: (f64::NAN, f64::NAN),
            rule: run.composed(&origin.objective.shapes()),
            parameters: origin.start.to_vec(),
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
            let (counted, factor) = self.count(number);
            let moment = Moment::new(counted, self.objective.updates_per_epoch());
            let base = self.run.base_rate_at(number) * factor;
            let learning_rate = schedule.rate_given(base, moment, &self.schedule);
            trace.evaluations += self.update((number, counted), learning_rate);
            self.record(number, learning_rate, trace);
            let measured = trace.measured.exactly_at(number);
            let last = trace.losses().last().copied().unwrap_or(self.loss);
            let loss = measured
                .and_then(|values| values.first().copied())
                .unwrap_or(last);
            schedule.observe(moment, loss, &mut self.schedule);
            self.begin_anew_after(number);
        }
    }

    /// The number of an update as rule and schedule count, and by what the rate is multiplied.
    pub(super) fn count(&self, number: u64) -> (u64, f64) {
        let past = self.past.as_ref();
        past.map_or((number, 1.0), |past| (past.within(number), past.rate()))
    }

    /// Where update `number` was the last on a surface, rule and schedule begin anew, from what
    /// the run has arrived at.
    fn begin_anew_after(&mut self, number: u64) {
        if !self
            .past
            .as_ref()
            .is_some_and(|past| past.is_border(number))
        {
            return;
        }
        if let Some(shown) = self.rule.shown() {
            self.parameters = shown.to_vec();
            self.look(number + 1);
        }
        self.rule = self.run.composed(&self.objective.shapes());
        self.schedule = ScheduleState::default();
    }

    /// Evaluates the present state as update `update` will meet it.
    fn look(&mut self, update: u64) {
        let (at, gradient) = (&self.parameters, &mut self.gradient);
        self.loss = self.objective.batch_gradient(update, at, gradient);
        if self.objective.has_batches() {
            self.own = (self.loss, norm(gradient.iter().copied()));
        }
        if let Some(past) = &self.past {
            self.loss = past.add(at, self.loss, gradient);
        }
    }

    /// One update of the parameters, with its number and that which the rule is told; how many
    /// evaluations of the objective it took.
    fn update(&mut self, (number, counted): (u64, u64), learning_rate: f64) -> u64 {
        let objective = self.objective;
        self.disturbed.copy_from_slice(&self.gradient);
        objective.disturb(number, &mut self.disturbed);
        let disturb = |gradient: &mut [f64]| objective.disturb(number, gradient);
        let sign = |index| objective.sign(number, index);
        let batch = Batch {
            objective,
            update: number,
        };
        let seen = Seen {
            batch,
            past: self.past.as_ref(),
        };
        let asked = Asked::new(&seen, &disturb, &sign);
        let now = Step {
            number: counted,
            learning_rate,
            loss: self.loss,
            gradient: &self.disturbed,
            hyperparameters: &[],
            shapes: &[],
            objective: &asked,
        };
        let needs = self.run.optimizer.card().needs;
        let before = (needs == Needs::Gradients).then(|| self.parameters.clone());
        self.rule.step(&now, &mut self.parameters);
        let given = needs.uses_gradient() && !self.gradient_is_known;
        // A line search ends where it has looked, or where it began; looking there again costs
        // nothing.
        let rests = before.is_some_and(|before| before == self.parameters);
        let is_known = rests || asked.knows_gradient_at(&self.parameters);
        self.gradient_is_known = objective.is_exact() && is_known;
        u64::from(given) + asked.evaluations()
    }

    /// Evaluates the present state and appends it, or ends the run when it is not finite.
    ///
    /// With mini-batches the loss and gradient of the record are those that the update met; what
    /// the next one will meet is evaluated here.
    pub(super) fn record(&mut self, step: u64, learning_rate: f64, trace: &mut Trace) {
        let has_batches = self.objective.has_batches();
        let met = self.own;
        let met_is_finite = self.loss.is_finite() && finite(&self.gradient);
        if let Some(past) = &mut self.past {
            past.cross(step, self.rule.shown().unwrap_or(&self.parameters));
        }
        self.look(step + 1);
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
            (loss, norm(gradient.iter().copied()))
        } else {
            (self.loss, norm(self.gradient.iter().copied()))
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
