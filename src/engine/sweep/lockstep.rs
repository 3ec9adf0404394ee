//! Eight runs of a rule with whatever is around it, on a landscape or a regression, in lockstep.
//!
//! Here every update of eight runs takes a few calls, which a block of packs spares; but any
//! wrapper and any number of parameters will do.

use super::noise::{Draws, PackedNoise};
use super::packed::Pack;
use super::rates::Rates;
use crate::experiment::{Checked, CheckedRun};
use crate::landscapes::Chosen;
use crate::models::regression::Regression;
use crate::numbers::Lanes;
use crate::objective::Objective;
use crate::optimizers::packed::{Limits, Silence, Tally};
use crate::optimizers::{Composed, Shape, Step};
use std::any::Any;
use std::sync::Arc;

/// Updates between two looks at whether any run still goes on.
const LOOK_EVERY: u64 = 32;

/// Points, or rows of a regression, that are evaluated between two questions whether to go on:
/// about a millisecond of eight runs.
const ASK_EVERY: u64 = 8192;

const NOTHING: Lanes = Lanes([0.0; 8]);

/// What is minimised, where it is written over lanes.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// A landscape.
    Landscape(Chosen),
    /// A [`Regression`].
    Regression(Arc<dyn Objective>),
}

impl Subject {
    /// What an experiment minimises; none where it must go through the simulation.
    pub fn of(checked: &Checked) -> Option<Self> {
        if let Some(landscape) = checked.objective.landscape() {
            return (checked.start.len() == 2).then(|| Self::Landscape(landscape.clone()));
        }
        checked.regression()?;
        // A single batch that leaves rows out is neither all data nor one batch of several.
        let is_batched = checked.updates_per_epoch() > 1;
        let objective = Arc::clone(&checked.objective);
        (objective.has_batches() == is_batched).then_some(Self::Regression(objective))
    }

    /// What runs are judged by; nothing that a regression reaches lies outside.
    pub fn limits(&self, target: f64) -> Limits {
        let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
        let (range, least) = match self {
            Self::Landscape(landscape) => {
                let card = landscape.card();
                (card.range, card.least_value())
            }
            Self::Regression(_) => ([everywhere; 2], f64::NEG_INFINITY),
        };
        let target = if target.is_nan() {
            f64::NEG_INFINITY
        } else {
            target
        };
        Limits {
            range,
            least,
            target,
        }
    }

    /// How many rows of a table an update sees; a landscape counts as one.
    fn rows_of_an_update(&self) -> u64 {
        let regression = self.regression();
        regression.map_or(1, |regression| regression.batches().size() as u64)
    }

    fn regression(&self) -> Option<&Regression> {
        match self {
            Self::Landscape(_) => None,
            Self::Regression(objective) => {
                let any: &dyn Any = &**objective;
                any.downcast_ref()
            }
        }
    }

    /// J of the batch of update `update` (from 1), of everything where that is none or there are
    /// no batches; writes ∂J/∂w.
    fn gradient(&self, update: Option<u64>, at: &[Lanes], gradient: &mut [Lanes]) -> Lanes {
        match self {
            Self::Landscape(landscape) => {
                let (mut height, mut slope) = ([NOTHING], [[NOTHING; 2]]);
                landscape.gradients(&[[at[0], at[1]]], &mut height, &mut slope);
                gradient.copy_from_slice(&slope[0]);
                height[0]
            }
            Self::Regression(_) => self.regression().map_or(NOTHING, |regression| {
                let rows = match update {
                    Some(update) => regression.batches().of_update(update),
                    None => regression.all_rows(),
                };
                regression.evaluate(&rows, at, Some(gradient))
            }),
        }
    }

    /// J over all data after `update` updates, where it is measured then.
    fn measured(&self, update: u64, at: &[Lanes]) -> Option<Lanes> {
        let regression = self.regression()?;
        let is_measured = regression.is_measured_after(update);
        is_measured.then(|| regression.evaluate(&regression.all_rows(), at, None))
    }
}

/// Eight runs; all that changes is of one number a run.
pub(super) struct Lockstep<'a> {
    subject: &'a Subject,
    limits: &'a Limits,
    /// Whether an update sees only a part of the data.
    has_batches: bool,
    rates: Rates,
    noise: Option<PackedNoise>,
    rule: Composed<'static, Lanes>,
    parameters: Vec<Lanes>,
    /// At `parameters`, of the batch that the next update sees.
    gradient: Vec<Lanes>,
    loss: Lanes,
    /// Gradients of which only the loss, and whether they are finite, is wanted.
    other: Vec<Lanes>,
    tally: Tally,
}

impl<'a> Lockstep<'a> {
    pub fn new(
        run: &CheckedRun,
        subject: &'a Subject,
        limits: &'a Limits,
        pack: &mut Pack,
    ) -> Self {
        let parameters = std::mem::take(&mut pack.start);
        let settings = std::mem::take(&mut pack.hyperparameters);
        let around = std::mem::take(&mut pack.wrappers);
        let shapes = [Shape::vector(parameters.len())];
        let regression = subject.regression();
        Self {
            subject,
            limits,
            has_batches: regression.is_some_and(Objective::has_batches),
            rule: run.in_lanes(&shapes, settings, around),
            gradient: vec![NOTHING; parameters.len()],
            other: vec![NOTHING; parameters.len()],
            loss: NOTHING,
            parameters,
            rates: pack.rates.take(),
            noise: pack.noise.take(),
            tally: Tally::new(limits),
        }
    }

    /// Makes all updates. What the runs have reached; none when `goes_on` has said no.
    pub fn run(mut self, updates: u64, goes_on: &dyn Fn() -> bool) -> Option<Tally> {
        self.evaluate(1);
        self.observe(0, NOTHING);
        let reads_losses = self.rates.read_losses();
        let ask_every = (ASK_EVERY / self.subject.rows_of_an_update()).max(1);
        for number in 1..=updates {
            if (number - 1).is_multiple_of(ask_every) && !goes_on() {
                return None;
            }
            let met = self.loss;
            let met_zero = nothing(&self.gradient) + nothing(&[met]);
            self.update(number);
            self.evaluate(number + 1);
            let loss = self.observe(number, met_zero).unwrap_or(met);
            if reads_losses {
                self.rates.observe(number, loss);
            }
            if number % LOOK_EVERY == 0 && self.tally.is_over() {
                break;
            }
        }
        Some(self.tally)
    }

    fn evaluate(&mut self, update: u64) {
        let (at, gradient) = (&self.parameters, &mut self.gradient);
        self.loss = self.subject.gradient(Some(update), at, gradient);
    }

    fn update(&mut self, number: u64) {
        let mut seen = self.gradient.clone();
        if let (Some(noise), [first, second]) = (&self.noise, &mut seen[..]) {
            [*first, *second] = noise.disturb(number, [*first, *second], &mut Draws::default());
        }
        let now = Step {
            number,
            learning_rate: self.rates.at(number),
            loss: self.loss,
            gradient: &seen,
            hyperparameters: &[],
            shapes: &[],
            objective: &Silence,
        };
        self.rule.step(&now, &mut self.parameters);
    }

    /// Takes notice of the state after `step` updates, as the simulation records it; `met_zero`
    /// is 0 in lanes where what the update met was finite. The loss on show, where it is not that
    /// of the update's batch.
    fn observe(&mut self, step: u64, met_zero: Lanes) -> Option<Lanes> {
        let mut zero = met_zero + nothing(&self.parameters);
        let shown = self.rule.shown().filter(|_| step > 0);
        let at = shown.unwrap_or(&self.parameters);
        zero = zero + nothing(at);
        if !self.has_batches {
            zero = zero + nothing(&self.gradient) + nothing(&[self.loss]);
        }
        let mut loss = self.loss;
        if shown.is_some() && !self.has_batches || self.has_batches && step == 0 {
            loss = self.subject.gradient(None, at, &mut self.other);
            zero = zero + nothing(&self.other) + nothing(&[loss]);
        }
        let measured = match self.has_batches {
            true => self.subject.measured(step, at),
            false => Some(loss),
        };
        let first = at.first().copied().unwrap_or(NOTHING);
        let point = [first, at.get(1).copied().unwrap_or(NOTHING)];
        let (above, known) = (self.tally.above, self.tally.loss);
        let seen = measured.unwrap_or(known);
        self.tally
            .observe(step, self.limits, &point, seen, &[zero, NOTHING]);
        if measured.is_none() {
            self.tally.above = above;
        }
        measured
    }
}

/// 0 in lanes where all of them are finite, elsewhere not a number.
#[expect(clippy::eq_op, reason = "∞ − ∞ is not 0")]
fn nothing(values: &[Lanes]) -> Lanes {
    values.iter().fold(NOTHING, |sum, &x| sum + (x - x))
}
