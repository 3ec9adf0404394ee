//! A network as a rule may ask it at one update.

use crate::models::datasets::Dataset;
use crate::models::network::{Network, Purpose, Task};
use crate::objective::Objective;
use crate::optimizers::Probe;
use std::cell::{Cell, RefCell};

/// The loss of one update's batch at any parameters, with the evaluations counted.
///
/// There is no Hessian matrix here; `check` refuses the rules that want one.
pub(super) struct Seen<'a> {
    network: RefCell<&'a mut Network<f32>>,
    task: &'a Task,
    train: &'a Dataset,
    chosen: &'a [u32],
    update: u64,
    evaluations: Cell<u64>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(
        network: &'a mut Network<f32>,
        task: &'a Task,
        train: &'a Dataset,
        chosen: &'a [u32],
        update: u64,
    ) -> Self {
        Self {
            network: RefCell::new(network),
            task,
            train,
            chosen,
            update,
            evaluations: Cell::new(0),
        }
    }

    /// How many evaluations were asked for.
    pub(super) fn evaluations(&self) -> u64 {
        self.evaluations.get()
    }

    fn look(&self, at: &[f32], gradient: &mut [f32]) -> f32 {
        let mut network = self.network.borrow_mut();
        let purpose = Purpose::Probe(self.update);
        let score = network.gradient(self.train, self.chosen, at, purpose, gradient);
        score.loss as f32
    }

    fn count(&self, evaluations: u64) {
        self.evaluations.set(self.evaluations.get() + evaluations);
    }
}

impl Probe<f32> for Seen<'_> {
    fn value(&self, at: &[f32]) -> f32 {
        self.count(1);
        self.look(at, &mut vec![0.0; at.len()])
    }

    fn gradient(&self, at: &[f32], gradient: &mut [f32]) -> f32 {
        self.count(1);
        self.look(at, gradient)
    }

    fn hessian(&self, _: &[f32], rows: &mut [f32]) {
        rows.fill(f32::NAN);
    }

    fn hessian_diagonal(&self, _: &[f32], diagonal: &mut [f32]) {
        diagonal.fill(f32::NAN);
    }

    fn sampled_hessian_diagonal(&self, at: &[f32], diagonal: &mut [f32]) {
        self.count(2);
        let sign = |index: usize| self.task.sign(self.update, index as u64) as f32;
        sampled_diagonal(at, sign, diagonal, |at, gradient| {
            self.look(at, gradient);
        });
    }
}

/// Hutchinson's estimate of the Hessian's diagonal from two gradients:
/// z ⊙ (∇J(θ + hz) − ∇J(θ − hz))/2h with h = √(machine ε)·(1 + ‖θ‖)/‖z‖, which balances the
/// rounding of the gradients against the third derivative.
pub(in crate::engine) fn sampled_diagonal(
    at: &[f32],
    sign: impl Fn(usize) -> f32,
    diagonal: &mut [f32],
    gradient: impl Fn(&[f32], &mut [f32]),
) {
    let length = super::norm(at) as f32;
    let step = f32::EPSILON.sqrt() * (1.0 + length) / (at.len().max(1) as f32).sqrt();
    let moved = |by: f32| {
        let moved = at
            .iter()
            .enumerate()
            .map(|(index, &w)| w + by * sign(index));
        moved.collect::<Vec<f32>>()
    };
    let mut behind = vec![0.0; at.len()];
    gradient(&moved(step), diagonal);
    gradient(&moved(-step), &mut behind);
    for (index, (entry, &behind)) in diagonal.iter_mut().zip(&behind).enumerate() {
        *entry = sign(index) * (*entry - behind) / (2.0 * step);
    }
}
