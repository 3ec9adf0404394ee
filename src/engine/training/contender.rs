//! One run of a training.

use super::layers::LayerLengths;
use super::probe::Seen;
use super::snapshots::Kept;
use super::study::{Study, adaptive_rate_variance};
use crate::engine::checkpoint::SavedContender;
use crate::engine::{Best, Frame, Outcome, Trace};
use crate::experiment::CheckedRun;
use crate::models::datasets::{Data, Dataset};
use crate::models::network::{Network, Purpose, Score, Task};
use crate::numbers::dot;
use crate::objective::Objective;
use crate::optimizers::{Composed, Step};
use crate::schedules::{Moment, ScheduleState};
use std::ops::RangeInclusive;

/// One run's state.
pub(super) struct Contender<'a> {
    run: &'a CheckedRun,
    task: &'a Task,
    data: Data,
    rule: Composed<'static, f32>,
    network: Network<f32>,
    parameters: Vec<f32>,
    gradient: Vec<f32>,
    layers: LayerLengths,
    /// The examples of the present update.
    chosen: Vec<u32>,
    schedule: ScheduleState,
    study: Study,
    pub(super) has_diverged: bool,
    /// Its weights at the ends of epochs, where they are kept.
    pub(super) kept: Option<Kept>,
}

impl<'a> Contender<'a> {
    pub(super) fn new(run: &'a CheckedRun, task: &'a Task, data: Data) -> Self {
        let parameters = task.start();
        Self {
            run,
            task,
            data,
            rule: run.in_single_precision(&task.plan().shapes()),
            network: task.network(),
            gradient: vec![0.0; parameters.len()],
            layers: LayerLengths::new(task.plan(), &parameters),
            parameters,
            chosen: Vec::new(),
            schedule: ScheduleState::default(),
            study: Study::new(task),
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

    /// The parameters, or what a wrapper shows in their place.
    pub(super) fn shown(&self) -> &[f32] {
        self.rule.shown().unwrap_or(&self.parameters)
    }

    /// Evaluates the start, over all training data.
    pub(super) fn record_start(&mut self, trace: &mut Trace) {
        let all: Vec<u32> = (0..self.data.train.len() as u32).collect();
        let (train, parameters): (&Dataset, _) = (&self.data.train, &self.parameters);
        let gradient = &mut self.gradient;
        let score = self
            .network
            .whole_gradient(train, &all, parameters, gradient);
        let gradient_norm = norm(gradient);
        let values = self.measure();
        let is_finite = values.iter().all(|value| value.is_finite());
        if !(is_finite && score.loss.is_finite() && gradient_norm.is_finite()) {
            trace.outcome = Outcome::Diverged { step: 0 };
            return;
        }
        let studied = self.study();
        trace.measured.push(0, &[&values[..], &studied].concat());
        self.layers.begin(&self.gradient, &self.parameters);
        trace.layers.push(0, self.layers.row());
        let [loss, ..] = values;
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

    pub(super) fn save(&self) -> SavedContender {
        SavedContender {
            parameters: self.parameters.clone(),
            rule: self.rule.numbers(),
            moments: self.network.running().to_vec(),
            schedule: self.schedule.clone(),
            has_diverged: self.has_diverged,
            task: 0,
            guard: Vec::new(),
            kept: self.kept.clone(),
        }
    }

    /// Takes over a saved state; none when it is of something else.
    pub(super) fn restore(&mut self, saved: SavedContender) -> Option<()> {
        let fits = saved.parameters.len() == self.parameters.len();
        let is_taken = fits && self.rule.set_numbers(&saved.rule);
        if !is_taken || !self.network.set_running(saved.moments) {
            return None;
        }
        self.parameters = saved.parameters;
        self.schedule = saved.schedule;
        self.has_diverged = saved.has_diverged;
        self.kept = saved.kept;
        Some(())
    }

    /// Makes the updates with these numbers, unless the run has ended.
    pub(super) fn advance(&mut self, updates: RangeInclusive<u64>, trace: &mut Trace) {
        let updates_per_epoch = self.task.updates_per_epoch();
        for number in updates {
            if self.has_diverged {
                return;
            }
            let moment = Moment::new(number, updates_per_epoch);
            let schedule = &self.run.schedule;
            let base = self.run.base_rate_at(number);
            let learning_rate = schedule.rate_given(base, moment, &self.schedule);
            let (score, gradient_norm) = self.update(number, learning_rate, trace);
            let measured = self.task.is_measured_after(number).then(|| self.measure());
            let is_finite = score.loss.is_finite()
                && gradient_norm.is_finite()
                && self.parameters.iter().all(|w| w.is_finite())
                && measured.is_none_or(|values| values.iter().all(|value| value.is_finite()));
            if !is_finite {
                self.has_diverged = true;
                trace.outcome = Outcome::Diverged { step: number };
                return;
            }
            if let Some(values) = measured {
                if moment.ends_epoch() {
                    self.keep(number);
                }
                let studied = self.study();
                trace
                    .measured
                    .push(number, &[&values[..], &studied].concat());
                let loss = values[0];
                if trace.best.is_none_or(|best| loss < best.loss) {
                    trace.best = Some(Best { loss, step: number });
                }
            }
            trace.layers.push(number, self.layers.row());
            // Whatever is measured beside, the schedule learns the same.
            let whole = measured.filter(|_| moment.ends_epoch());
            let loss = whole.map_or(score.loss, |values| values[0]);
            schedule.observe(moment, loss, &mut self.schedule);
            trace.push(Frame {
                step: number,
                evaluations: trace.evaluations,
                learning_rate,
                loss: score.loss,
                gradient_norm,
                parameters: &[],
            });
        }
    }

    /// One update of the parameters. Returns how the network did on the batch before it, and the
    /// length of the gradient.
    fn update(&mut self, number: u64, learning_rate: f64, trace: &mut Trace) -> (Score, f64) {
        self.task.choose(number, &mut self.chosen);
        let train: &Dataset = &self.data.train;
        let score = self.network.gradient(
            train,
            &self.chosen,
            &self.parameters,
            Purpose::Update(number),
            &mut self.gradient,
        );
        trace.evaluations += u64::from(self.run.optimizer.card().needs.uses_gradient());
        let seen = Seen::new(&mut self.network, self.task, train, &self.chosen, number);
        let now = Step {
            number,
            learning_rate: learning_rate as f32,
            loss: score.loss as f32,
            gradient: &self.gradient,
            hyperparameters: &[],
            shapes: &[],
            objective: &seen,
        };
        self.layers.begin(&self.gradient, &self.parameters);
        self.rule.step(&now, &mut self.parameters);
        self.layers.end(&self.parameters);
        trace.evaluations += seen.evaluations();
        (score, norm(&self.gradient))
    }

    /// What is measured beside, when it is asked for.
    fn study(&mut self) -> Vec<f64> {
        let at = self.rule.shown().unwrap_or(&self.parameters);
        let (card, settings) = (self.run.optimizer.card(), &self.run.hyperparameters);
        let variance = || adaptive_rate_variance(card, settings, &self.rule);
        let (network, train) = (&mut self.network, &self.data.train);
        self.study.measure(network, train, at, variance)
    }

    /// Loss and accuracy over all training and all test data.
    fn measure(&mut self) -> [f64; 4] {
        let parameters = self.rule.shown().unwrap_or(&self.parameters);
        let mut test = |dataset: &Dataset| {
            let all: Vec<u32> = (0..dataset.len() as u32).collect();
            self.network.test(dataset, &all, parameters, &|_, _| {})
        };
        let (train, tested) = (test(&self.data.train), test(&self.data.test));
        [train.loss, train.accuracy, tested.loss, tested.accuracy]
    }
}

/// ‖x‖₂, summed in double precision in a fixed order.
pub(in crate::engine) fn norm(x: &[f32]) -> f64 {
    dot(x, x).sqrt()
}
