//! A network, data and everything else that decides a training.

use super::batch::Network;
use super::initialisation::Initialisation;
use super::loss::Loss;
use super::plan::{Operation, Plan};
use crate::models::datasets::{Data, FolderError, Source};
use crate::models::regression::{Batches, Rows};
use crate::numbers::Noise;
use crate::objective::{Function, Objective};
use crate::optimizers::Shape;
use std::sync::Arc;

/// What is measured after every epoch, as columns of tables are called; what stands behind the
/// first [`USUAL_MEASURES`] only when it is asked for. `sharpness_error` bounds how far the
/// nearest eigenvalue lies from `sharpness`; `adaptive_rate_variance` is the variance, over the
/// parameters, of the logarithm of what the rule divides their steps by.
pub const MEASURES: [&str; 7] = [
    "full_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "sharpness",
    "sharpness_error",
    "adaptive_rate_variance",
];

/// How many of them are always measured.
pub const USUAL_MEASURES: usize = 4;

/// A network on data: the objective of a training.
///
/// As an [`Objective`] it says what it is; its losses and gradients come from a [`Network`], in
/// the memory that every run has of its own.
#[derive(Debug)]
pub struct Task {
    plan: Arc<Plan>,
    loss: Loss,
    initialisation: Initialisation,
    source: Source,
    batches: Batches,
    seed: u64,
    /// Over how many training examples sharpness is measured; 0 where nobody asks.
    studied: usize,
}

impl Task {
    /// A training; `batches` go through the training examples of `source`.
    pub fn new(
        plan: Plan,
        loss: Loss,
        initialisation: Initialisation,
        source: Source,
        batches: Batches,
        seed: u64,
    ) -> Self {
        Self {
            plan: Arc::new(plan),
            loss,
            initialisation,
            source,
            batches,
            seed,
            studied: 0,
        }
    }

    /// The same, with sharpness measured over so many of the training examples (or all, where
    /// there are not so many), after updates 1, 2, 4, … of the first epoch too.
    #[must_use]
    pub fn studying(mut self, examples: usize) -> Self {
        self.studied = examples.min(self.examples());
        self
    }

    /// The training examples over which sharpness is measured, evenly chosen; none where nobody
    /// asks.
    pub fn studied(&self) -> Vec<u32> {
        let (all, count) = (self.examples() as u64, self.studied as u64);
        // The file format counts rows in 32 bits.
        (0..count).map(|k| (k * all / count) as u32).collect()
    }

    /// The network.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What outputs are judged by.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// Where the data come from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The data.
    ///
    /// # Errors
    /// When they cannot be had from their files, or there are not as many as was promised.
    pub fn data(&self) -> Result<Data, FolderError> {
        self.source.load(self.seed)
    }

    /// The parameters before the first update.
    pub fn start(&self) -> Vec<f32> {
        self.initialisation.parameters(&self.plan, self.seed)
    }

    /// The network with memory for a batch.
    pub fn network(&self) -> Network<f32> {
        let plan = Arc::clone(&self.plan);
        Network::new(plan, self.loss, self.batches.size(), self.seed)
    }

    /// The network with memory for so many examples at once.
    pub fn network_for(&self, examples: usize) -> Network<f32> {
        Network::new(Arc::clone(&self.plan), self.loss, examples, self.seed)
    }

    /// Writes which examples update `update` (from 1) sees.
    pub fn choose(&self, update: u64, chosen: &mut Vec<u32>) {
        chosen.clear();
        match self.batches.of_update(update) {
            // The file format counts rows in 32 bits.
            Rows::InOrder(range) => chosen.extend(range.map(|row| row as u32)),
            Rows::Shuffled(order, range) => chosen.extend_from_slice(&order[range]),
        }
    }

    /// How many bytes a run takes for its network, beside what its rule remembers.
    pub fn bytes_per_run(&self) -> usize {
        Network::<f32>::bytes(&self.plan, self.batches.size())
    }

    /// How many examples are trained on.
    pub fn examples(&self) -> usize {
        self.batches.rows()
    }

    /// About how many multiplications an image takes, forward and backward.
    pub fn multiplications(plan: &Plan) -> u64 {
        let stages = plan.stages.iter().enumerate();
        let products = stages.map(|(number, stage)| {
            let (from, to) = (plan.values[number], plan.values[number + 1]);
            match stage.operation {
                Operation::Dense => 3 * from.size() * to.size(),
                Operation::Convolution { kernel, .. } => {
                    3 * to.size() * from.channels * kernel * kernel
                }
                _ => to.size(),
            }
        });
        products.map(|product| product as u64).sum()
    }
}

impl Function<f64> for Task {
    fn value(&self, at: &[f64]) -> f64 {
        self.gradient(at, &mut vec![0.0; at.len()])
    }

    /// Over all training data; NaN where these cannot be read.
    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let data = self.data().ok();
        let Some(data) = data.filter(|_| at.len() == self.plan.parameters()) else {
            gradient.fill(f64::NAN);
            return f64::NAN;
        };
        let parameters: Vec<f32> = at.iter().map(|&w| w as f32).collect();
        let all: Vec<u32> = (0..data.train.len() as u32).collect();
        let mut network = self.network();
        let mut sum = vec![0.0_f32; at.len()];
        let loss = network.whole_gradient(&*data.train, &all, &parameters, &mut sum);
        for (g, &single) in gradient.iter_mut().zip(&sum) {
            *g = f64::from(single);
        }
        loss.loss
    }

    /// There is no room for it.
    fn hessian(&self, _: &[f64], rows: &mut [f64]) {
        rows.fill(f64::NAN);
    }
}

impl Objective for Task {
    /// None: too many for any table.
    fn parameter_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn updates_per_epoch(&self) -> u64 {
        self.batches.updates_per_epoch()
    }

    fn has_batches(&self) -> bool {
        true
    }

    fn measures(&self) -> &'static [&'static str] {
        match self.studied {
            0 => &MEASURES[..USUAL_MEASURES],
            _ => &MEASURES,
        }
    }

    fn layer_names(&self) -> Vec<String> {
        let layers = self.plan.layers();
        layers.iter().map(|(name, _)| name.to_string()).collect()
    }

    fn is_measured_after(&self, update: u64) -> bool {
        let per_epoch = self.updates_per_epoch();
        // What happens in the beginning happens within the first updates.
        let is_early = self.studied > 0 && update < per_epoch && update.is_power_of_two();
        update.is_multiple_of(per_epoch) || is_early
    }

    fn work_per_update(&self) -> u64 {
        Self::multiplications(&self.plan) * self.batches.size() as u64
    }

    fn shapes(&self) -> Vec<Shape> {
        self.plan.shapes()
    }

    fn disturb(&self, _: u64, _: &mut [f64]) {}

    fn is_exact(&self) -> bool {
        false
    }

    fn sign(&self, update: u64, index: u64) -> f64 {
        Noise::new(self.seed).sign(update, index)
    }

    /// Other weights, other orders, other draws of dropout and of toys.
    fn reseeded(&self, seed: u64) -> Arc<dyn Objective> {
        Arc::new(Self {
            plan: Arc::clone(&self.plan),
            source: self.source.clone(),
            batches: self.batches.reseeded(seed),
            seed,
            ..*self
        })
    }

    fn counts(&self, _: &[f64], _: f64) -> bool {
        true
    }

    fn contains(&self, _: &[f64]) -> bool {
        true
    }
}
