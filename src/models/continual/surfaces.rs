//! Surfaces over two parameters that are descended one after the other: continual learning that
//! can be seen whole.

use crate::landscapes::{self, Chosen, Landscape};
use crate::numbers::Noise;
use crate::objective::{Function, Objective};
use crate::optimizers::Shape;
use std::sync::Arc;

/// The most surfaces.
pub const MAX_SURFACES: usize = 6;

/// What is measured after every update, as columns of tables are called: the mean of all
/// surfaces, and each.
static MEASURES: [&str; 1 + MAX_SURFACES] = [
    "full_loss",
    "loss_1",
    "loss_2",
    "loss_3",
    "loss_4",
    "loss_5",
    "loss_6",
];

/// Surfaces one after the other, each for as many updates. A run goes on from where it stands;
/// the surfaces before are then known to it only by what its remedy keeps of them.
#[derive(Clone, Debug)]
pub struct Surfaces {
    surfaces: Vec<Chosen>,
    per_task: u64,
    noise: f64,
    draws: Noise,
}

impl Surfaces {
    /// Of at least one surface; of more than [`MAX_SURFACES`] the first count. `noise` is the
    /// standard deviation of what is added to each gradient component.
    pub fn new(mut surfaces: Vec<Chosen>, per_task: u64, noise: f64, draws: Noise) -> Option<Self> {
        surfaces.truncate(MAX_SURFACES);
        (!surfaces.is_empty()).then_some(Self {
            surfaces,
            per_task: per_task.max(1),
            noise,
            draws,
        })
    }

    /// Every surface, in order.
    pub fn all(&self) -> &[Chosen] {
        &self.surfaces
    }

    /// How many updates each is descended for.
    pub fn per_task(&self) -> u64 {
        self.per_task
    }

    /// Which surface update `update` (from 1) descends, from 0.
    pub fn task_of(&self, update: u64) -> usize {
        let task = update.saturating_sub(1) / self.per_task;
        (task as usize).min(self.surfaces.len() - 1)
    }

    /// J of one surface; writes its gradient.
    pub fn descend(&self, task: usize, at: &[f64], gradient: &mut [f64]) -> f64 {
        let surface = &*self.surfaces[task.min(self.surfaces.len() - 1)];
        let (height, slope) = landscapes::gradient::<f64>(surface, [at[0], at[1]]);
        gradient.copy_from_slice(&slope);
        height
    }

    /// The diagonal of a surface's Hessian matrix, 0 where it is negative: what the Fisher
    /// information is of a loss −ln p at its optimum.
    pub fn curvature(&self, task: usize, at: [f64; 2]) -> [f64; 2] {
        let surface = &*self.surfaces[task.min(self.surfaces.len() - 1)];
        let (_, _, hessian) = landscapes::hessian(surface, at);
        [hessian[0][0], hessian[1][1]].map(|entry| entry.max(0.0))
    }

    fn height(&self, task: usize, at: &[f64]) -> f64 {
        let surface: &dyn Landscape = &*self.surfaces[task];
        surface.height([at[0], at[1]])
    }

    /// Writes the Hessian matrix of one surface.
    pub fn bend(&self, task: usize, at: &[f64], rows: &mut [f64]) {
        let surface = &*self.surfaces[task.min(self.surfaces.len() - 1)];
        let (_, _, hessian) = landscapes::hessian(surface, [at[0], at[1]]);
        rows.copy_from_slice(hessian.as_flattened());
    }
}

/// The first surface: where every run begins.
impl Function<f64> for Surfaces {
    fn value(&self, at: &[f64]) -> f64 {
        self.height(0, at)
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.descend(0, at, gradient)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        self.bend(0, at, rows);
    }
}

impl Objective for Surfaces {
    fn parameter_names(&self) -> Vec<String> {
        vec!["w1".into(), "w2".into()]
    }

    fn tasks(&self) -> u64 {
        self.surfaces.len() as u64
    }

    fn has_batches(&self) -> bool {
        true
    }

    fn batch_value(&self, update: u64, at: &[f64]) -> f64 {
        self.height(self.task_of(update), at)
    }

    fn batch_gradient(&self, update: u64, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.descend(self.task_of(update), at, gradient)
    }

    fn batch_hessian(&self, update: u64, at: &[f64], rows: &mut [f64]) {
        self.bend(self.task_of(update), at, rows);
    }

    fn measures(&self) -> &'static [&'static str] {
        &MEASURES[..=self.surfaces.len()]
    }

    fn measure(&self, at: &[f64], values: &mut [f64]) {
        let heights: Vec<f64> = (0..self.surfaces.len())
            .map(|task| self.height(task, at))
            .collect();
        let mean = heights.iter().sum::<f64>() / heights.len() as f64;
        let all = std::iter::once(mean).chain(heights);
        values.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    }

    fn shapes(&self) -> Vec<Shape> {
        vec![Shape::vector(2)]
    }

    fn disturb(&self, update: u64, gradient: &mut [f64]) {
        if self.noise == 0.0 {
            return;
        }
        for (index, component) in gradient.iter_mut().enumerate() {
            *component += self.noise * self.draws.gaussian(update, index as u64);
        }
    }

    /// What was learnt at a point does not hold on the next surface.
    fn is_exact(&self) -> bool {
        false
    }

    fn sign(&self, update: u64, index: u64) -> f64 {
        self.draws.sign(update, index)
    }

    fn counts(&self, _: &[f64], _: f64) -> bool {
        true
    }

    fn contains(&self, at: &[f64]) -> bool {
        let card = self.surfaces[0].card();
        card.contains([at[0], at[1]])
    }

    fn reseeded(&self, seed: u64) -> Arc<dyn Objective> {
        Arc::new(Self {
            draws: Noise::new(seed),
            ..self.clone()
        })
    }
}
