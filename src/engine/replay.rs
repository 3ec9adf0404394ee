//! One run of an experiment once more, to any of its updates.

use super::past::Past;
use super::simulation::{Contender, Origin};
use super::{Descended, Frame, Outcome, Trace};
use crate::experiment::{Checked, CheckedRun};
use crate::optimizers::Composed;
use crate::schedules::{Moment, ScheduleState};

/// A run on its way again, through the states that its record has, with everything that the
/// record has not: what the rule and its wrappers remember.
pub struct Replay<'a> {
    contender: Contender<'a>,
    trace: Trace,
    updates: u64,
}

impl<'a> Replay<'a> {
    /// The run with this index before its first update; none where there is no such run, or it
    /// trains a network, which has too many numbers to be kept.
    pub fn new(checked: &'a Checked, run: usize) -> Option<Self> {
        if checked.task().is_some() || checked.sequence().is_some() {
            return None;
        }
        let mut contender = Contender::new(checked.runs.get(run)?, Origin::first(checked));
        let mut trace = Trace::new(checked.start.len());
        contender.record(0, f64::NAN, &mut trace);
        Some(Self {
            contender,
            trace,
            updates: 0,
        })
    }

    /// Goes on to the state after `updates` updates, or to where the run diverged.
    pub fn go_to(&mut self, updates: u64) {
        if self.diverged_at().is_none() && updates > self.updates {
            self.contender
                .advance(self.updates + 1..=updates, &mut self.trace);
            self.updates = self.diverged_at().unwrap_or(updates);
        }
    }

    /// How many updates were made.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// The update at which the run stopped being finite, if it did so far.
    pub fn diverged_at(&self) -> Option<u64> {
        match self.trace.outcome {
            Outcome::Diverged { step } => Some(step),
            _ => None,
        }
    }

    /// What was recorded so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What was recorded, when nothing more is to be replayed.
    pub fn into_trace(self) -> Trace {
        self.trace
    }

    /// The last recorded frame.
    pub fn frame(&self) -> Option<Frame<'_>> {
        self.trace.frame(self.trace.len().checked_sub(1)?)
    }

    /// The run.
    pub fn run(&self) -> &'a CheckedRun {
        self.contender.run
    }

    /// The rule and its wrappers with what they remember.
    pub fn rule(&self) -> &Composed<'a, f64> {
        &self.contender.rule
    }

    /// What the rule works on, which is not what is shown where a wrapper shows others.
    pub fn parameters(&self) -> &[f64] {
        &self.contender.parameters
    }

    /// J at [`parameters`](Self::parameters), of the batch that the next update sees, with what
    /// surfaces before the present one add.
    pub fn loss(&self) -> f64 {
        self.contender.loss
    }

    /// The same without what they add, where there were any.
    pub fn loss_alone(&self) -> Option<f64> {
        let alone = self.contender.own.0;
        let past = self.contender.past.as_ref();
        past.map(|_| alone).filter(|alone| *alone != self.loss())
    }

    /// What the next update descends.
    pub fn next_descended(&self) -> Descended<'a> {
        let of = &self.contender;
        Descended::new(of.objective, Some(self.updates + 1), of.past.clone())
    }

    /// The same, over all data where updates see batches of them.
    pub fn descended(&self) -> Descended<'a> {
        let of = &self.contender;
        let update = of.past.as_ref().map(|_| self.updates + 1);
        Descended::new(of.objective, update, of.past.clone())
    }

    /// The surface that the latest update was the last on, as that descended it; none elsewhere.
    pub fn left(&self) -> Option<Descended<'a>> {
        let past = self.border()?.before_the_last_border();
        let objective = self.contender.objective;
        Some(Descended::new(objective, Some(self.updates), Some(past)))
    }

    /// Whether rule and schedule begin anew with the next update, on another surface.
    pub fn begins_anew(&self) -> bool {
        self.border().is_some()
    }

    fn border(&self) -> Option<&Past<'a>> {
        let past = self.contender.past.as_ref();
        past.filter(|past| past.is_border(self.updates))
    }

    /// The number of the next update as rule and schedule count: from 1 on every surface.
    pub fn counted(&self) -> u64 {
        self.contender.count(self.updates + 1).0
    }

    /// By what the rate of the next update is multiplied for the surface that it is on.
    pub fn rate_factor(&self) -> f64 {
        self.contender.count(self.updates + 1).1
    }

    /// The exact gradient at [`parameters`](Self::parameters), of that batch.
    pub fn gradient(&self) -> &[f64] {
        &self.contender.gradient
    }

    /// The gradient as the latest update was given it.
    pub fn met_gradient(&self) -> &[f64] {
        &self.contender.disturbed
    }

    /// The gradient as the next update is given it.
    pub fn disturbed_gradient(&self) -> Vec<f64> {
        let mut gradient = self.contender.gradient.clone();
        self.contender
            .objective
            .disturb(self.updates + 1, &mut gradient);
        gradient
    }

    /// The rate of the next update.
    pub fn next_rate(&self) -> f64 {
        let run = self.run();
        let base = run.base_rate_at(self.updates + 1) * self.rate_factor();
        run.schedule
            .rate_given(base, self.next_moment(), self.schedule_state())
    }

    /// When the next update happens.
    pub fn next_moment(&self) -> Moment {
        let updates_per_epoch = self.contender.objective.updates_per_epoch();
        Moment::new(self.counted(), updates_per_epoch)
    }

    /// What the schedule has seen.
    pub fn schedule_state(&self) -> &ScheduleState {
        &self.contender.schedule
    }
}
