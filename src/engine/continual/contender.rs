//! One run on its way through the tasks.

use super::look::Look;
use super::observation::{Observer, Sight};
use crate::engine::checkpoint::SavedContender;
use crate::engine::training::norm;
use crate::engine::training::snapshots::Kept;
use crate::engine::{Best, Frame, Outcome, Trace};
use crate::experiment::CheckedRun;
use crate::models::continual::{Border, Footprint, Guard, Head, Headed, Present, Sequence, guard};
use crate::models::datasets::Dataset;
use crate::models::network::{Network, Purpose, Score};
use crate::objective::Objective;
use crate::optimizers::{Composed, Step};
use crate::schedules::{Moment, ScheduleState};
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// One run's state.
pub(super) struct Contender<'a> {
    run: &'a CheckedRun,
    sequence: &'a Sequence,
    head: Head,
    guard: Box<dyn Guard>,
    /// The task, from 0.
    task: usize,
    /// How many updates a task has.
    per_task: u64,
    /// The present task's data; the only training data that the run can reach.
    present: Option<Arc<Dataset>>,
    tests: Vec<Arc<Dataset>>,
    rule: Composed<'static, f32>,
    network: Network<f32>,
    start: Vec<f32>,
    parameters: Vec<f32>,
    /// The batch's own gradient.
    own: Vec<f32>,
    /// The gradient with what the remedy adds.
    gradient: Vec<f32>,
    /// The parameters before the update.
    before: Vec<f32>,
    chosen: Vec<u32>,
    schedule: ScheduleState,
    /// Notes what hidden units do, where somebody wants to know.
    observer: Option<Observer>,
    pub(super) has_diverged: bool,
    /// Its weights at the ends of epochs, where they are kept.
    pub(super) kept: Option<Kept>,
}

impl<'a> Contender<'a> {
    pub(super) fn new(
        run: &'a CheckedRun,
        sequence: &'a Sequence,
        per_task: u64,
        tests: &[Arc<Dataset>],
    ) -> Self {
        let parameters = sequence.start();
        Self {
            run,
            sequence,
            head: run.head.unwrap_or(sequence.head()),
            guard: guard(run.remedy.as_ref(), sequence.seed()),
            task: 0,
            per_task,
            present: None,
            tests: tests.to_vec(),
            rule: run.in_single_precision(&sequence.plan().shapes()),
            network: sequence.network(),
            own: vec![0.0; parameters.len()],
            gradient: vec![0.0; parameters.len()],
            before: parameters.clone(),
            start: parameters.clone(),
            parameters,
            chosen: Vec::new(),
            schedule: ScheduleState::default(),
            observer: None,
            has_diverged: false,
            kept: None,
        }
    }

    /// Keeps the present weights, where weights are kept.
    pub(super) fn keep(&mut self, update: u64) {
        if let Some(kept) = &mut self.kept {
            let shown = self.rule.shown().unwrap_or(&self.parameters);
            kept.take(update, shown, self.network.running());
        }
    }

    /// Notes what hidden units do, as of one of `runs` runs.
    pub(super) fn observe_from_now_on(&mut self, runs: usize) {
        self.observer = Some(Observer::new(self.sequence, runs));
    }

    /// Notes what they do before the first update, unless that was done.
    pub(super) fn observe_start(&self, trace: &mut Trace) {
        if let Some(data) = &self.present
            && !self.has_diverged
            && trace.observations.moments().is_empty()
        {
            self.observe(0, data, trace);
        }
    }

    /// The parameters, or what a wrapper shows in their place.
    pub(super) fn shown(&self) -> &[f32] {
        self.rule.shown().unwrap_or(&self.parameters)
    }

    pub(super) fn save(&self) -> SavedContender {
        SavedContender {
            parameters: self.parameters.clone(),
            rule: self.rule.numbers(),
            moments: self.network.running().to_vec(),
            schedule: self.schedule.clone(),
            has_diverged: self.has_diverged,
            task: self.task,
            guard: self.guard.remembered(),
            kept: self.kept.clone(),
        }
    }

    /// Takes over a saved state, at a task whose data are `present`; none when it is of something
    /// else.
    pub(super) fn restore(&mut self, saved: SavedContender, present: Arc<Dataset>) -> Option<()> {
        let fits = saved.parameters.len() == self.parameters.len();
        let is_taken = fits && self.rule.set_numbers(&saved.rule);
        if !is_taken || !self.network.set_running(saved.moments) {
            return None;
        }
        if !self.guard.recall(&saved.guard) {
            return None;
        }
        self.parameters = saved.parameters;
        self.schedule = saved.schedule;
        self.has_diverged = saved.has_diverged;
        self.task = saved.task;
        self.present = Some(present);
        self.kept = saved.kept;
        Some(())
    }

    pub(super) fn present(&self) -> Option<&Arc<Dataset>> {
        self.present.as_ref()
    }

    pub(super) fn footprint(&self) -> Footprint {
        self.guard.footprint()
    }

    /// Takes a task's data in place of those of the task before, which are dropped.
    pub(super) fn begin_task(&mut self, data: Arc<Dataset>) {
        self.present = Some(data);
        if self.task > 0 && self.sequence.has_fresh_rule() {
            self.rule = self.run.in_single_precision(&self.sequence.plan().shapes());
            self.schedule = ScheduleState::default();
        }
        self.at_border(|guard, border, parameters| guard.begin(border, parameters));
    }

    /// The last look at a task's data.
    pub(super) fn end_task(&mut self) {
        if !self.has_diverged {
            if let Some(shown) = self.rule.shown().filter(|_| self.sequence.has_fresh_rule()) {
                // The next task goes on from what this one arrived at.
                self.parameters = shown.to_vec();
            }
            self.at_border(|guard, border, parameters| guard.learn(border, parameters));
        }
        self.present = None;
        self.task += 1;
    }

    fn at_border(&mut self, work: impl FnOnce(&mut dyn Guard, &mut Border<'_>, &mut Vec<f32>)) {
        let Some(data) = &self.present else { return };
        if self.has_diverged {
            return;
        }
        let (sequence, task, head) = (self.sequence, self.task, self.head);
        let headed = Headed {
            data,
            outputs: sequence.judged(task, task, head),
        };
        let mut network = sequence.undisturbed_network();
        let mut border = Border {
            task,
            data: &headed,
            past: &sequence.past(task, head),
            own: sequence.own(task, head),
            network: &mut network,
            start: &self.start,
        };
        work(&mut *self.guard, &mut border, &mut self.parameters);
    }

    /// Evaluates the start, over all data of the first task.
    pub(super) fn record_start(&mut self, trace: &mut Trace) {
        let Some(data) = self.present.clone() else {
            return;
        };
        let headed = self.headed(&data);
        let all: Vec<u32> = (0..data.len() as u32).collect();
        let (network, parameters) = (&mut self.network, &self.parameters);
        let score = network.whole_gradient(&headed, &all, parameters, &mut self.own);
        let gradient_norm = norm(&self.own);
        let values = self.measure(&data);
        let is_finite = values.iter().all(|value| value.is_finite());
        if !(is_finite && score.loss.is_finite() && gradient_norm.is_finite()) {
            self.has_diverged = true;
            trace.outcome = Outcome::Diverged { step: 0 };
            return;
        }
        trace.measured.push(0, &values);
        let loss = values[0];
        trace.best = Some(Best { loss, step: 0 });
        trace.push(Frame {
            step: 0,
            evaluations: 0,
            learning_rate: f64::NAN,
            loss: score.loss,
            gradient_norm,
            parameters: &[],
        });
    }

    fn headed<'d>(&self, data: &'d Dataset) -> Headed<'d> {
        Headed {
            data,
            outputs: self.sequence.judged(self.task, self.task, self.head),
        }
    }

    /// Makes the updates with these numbers, which are of the present task, unless the run has
    /// ended.
    pub(super) fn advance(&mut self, updates: RangeInclusive<u64>, trace: &mut Trace) {
        let Some(data) = self.present.clone() else {
            return;
        };
        for number in updates {
            if self.has_diverged {
                return;
            }
            self.advance_by_one(number, &data, trace);
        }
    }

    fn advance_by_one(&mut self, number: u64, data: &Dataset, trace: &mut Trace) {
        let per_epoch = self.sequence.updates_per_epoch();
        let within = number - self.task as u64 * self.per_task;
        let counted = if self.sequence.has_fresh_rule() {
            within
        } else {
            number
        };
        let moment = Moment::new(counted, per_epoch);
        let schedule = &self.run.schedule;
        let base = self.run.base_rate_at(number) * self.guard.rate(self.task);
        let learning_rate = schedule.rate_given(base, moment, &self.schedule);
        let (score, gradient_norm) =
            self.update((number, within, counted), learning_rate, data, trace);
        let is_measured = self.sequence.measures_within(within, self.per_task);
        let measured = is_measured.then(|| self.measure(data));
        let whole = self.whole_loss(moment, measured.as_deref(), data);
        let is_finite = score.loss.is_finite()
            && gradient_norm.is_finite()
            && self.parameters.iter().all(|w| w.is_finite())
            && whole.is_none_or(f64::is_finite)
            && measured
                .as_ref()
                .is_none_or(|values| values.iter().all(|v| v.is_finite()));
        if !is_finite {
            self.has_diverged = true;
            trace.outcome = Outcome::Diverged { step: number };
            return;
        }
        if let Some(values) = measured {
            let loss = values[0];
            self.keep(number);
            trace.measured.push(number, &values);
            self.observe(number, data, trace);
            if trace.best.is_none_or(|best| loss < best.loss) {
                trace.best = Some(Best { loss, step: number });
            }
        }
        let loss = whole.unwrap_or(score.loss);
        self.run.schedule.observe(moment, loss, &mut self.schedule);
        trace.push(Frame {
            step: number,
            evaluations: trace.evaluations,
            learning_rate,
            loss: score.loss,
            gradient_norm,
            parameters: &[],
        });
    }

    /// The loss over the present task's training data at the end of an epoch, where the schedule
    /// looks at it: it learns the same however seldom everything is measured.
    fn whole_loss(
        &mut self,
        moment: Moment,
        measured: Option<&[f64]>,
        data: &Dataset,
    ) -> Option<f64> {
        if !(moment.ends_epoch() && self.run.schedule.looks_at_loss(moment)) {
            return None;
        }
        let known = measured.and_then(|values| values.first().copied());
        Some(known.unwrap_or_else(|| self.test(data, self.task).loss))
    }

    /// One update of the parameters. Returns how the network did on the batch before it, and the
    /// length of the batch's own gradient.
    fn update(
        &mut self,
        (number, within, counted): (u64, u64, u64),
        learning_rate: f64,
        data: &Dataset,
        trace: &mut Trace,
    ) -> (Score, f64) {
        let headed = self.headed(data);
        self.sequence.choose(self.task, within, &mut self.chosen);
        let present = Present {
            data: &headed,
            chosen: &self.chosen,
            update: number,
        };
        let (network, at) = (&mut self.network, &self.parameters);
        let purpose = Purpose::Update(number);
        let score = network.gradient(&headed, &self.chosen, at, purpose, &mut self.own);
        self.gradient.copy_from_slice(&self.own);
        let loss = self
            .guard
            .add(network, &present, at, score.loss, &mut self.gradient);
        trace.evaluations += u64::from(self.run.optimizer.card().needs.uses_gradient());
        let look = Look {
            network: RefCell::new(network),
            sequence: self.sequence,
            guard: &*self.guard,
            present: &present,
            evaluations: Cell::new(0),
        };
        let now = Step {
            number: counted,
            learning_rate: learning_rate as f32,
            loss: loss as f32,
            gradient: &self.gradient,
            hyperparameters: &[],
            shapes: &[],
            objective: &look,
        };
        self.before.copy_from_slice(&self.parameters);
        self.rule.step(&now, &mut self.parameters);
        trace.evaluations += look.evaluations.get();
        self.guard
            .correct(&self.own, &self.before, &mut self.parameters);
        (score, norm(&self.own))
    }

    /// Notes what hidden units do after `step` updates, where somebody wants to know.
    fn observe(&self, step: u64, data: &Dataset, trace: &mut Trace) {
        let Some(observer) = &self.observer else {
            return;
        };
        let sight = Sight {
            sequence: self.sequence,
            guard: &*self.guard,
            task: self.task,
            present: &self.headed(data),
            tests: &self.tests,
            parameters: self.shown(),
            step,
            ends_task: step == (self.task as u64 + 1) * self.per_task,
        };
        observer.observe(&sight, &mut trace.observations);
    }

    /// Loss and accuracy on the present task's training data, on the test data of all tasks so
    /// far, and the accuracy on each task's test data.
    fn measure(&mut self, data: &Dataset) -> Vec<f64> {
        let train = self.test(data, self.task);
        let tests = self.tests.clone().into_iter().enumerate();
        let scores: Vec<Score> = tests
            .map(|(task, dataset)| self.test(&dataset, task))
            .collect();
        let seen = &scores[..=self.task.min(scores.len() - 1)];
        let mean =
            |of: &dyn Fn(&Score) -> f64| seen.iter().map(of).sum::<f64>() / seen.len() as f64;
        let mut values = vec![train.loss, train.accuracy];
        values.extend([mean(&|score| score.loss), mean(&|score| score.accuracy)]);
        values.extend(scores.iter().map(|score| score.accuracy));
        values
    }

    /// How the network does on all of some data, judged as those of task `task`.
    fn test(&mut self, data: &Dataset, task: usize) -> Score {
        let headed = Headed {
            data,
            outputs: self.sequence.judged(task, self.task, self.head),
        };
        let all: Vec<u32> = (0..data.len() as u32).collect();
        let parameters = self.rule.shown().unwrap_or(&self.parameters);
        self.network.test(&headed, &all, parameters, &|_, _| {})
    }
}
