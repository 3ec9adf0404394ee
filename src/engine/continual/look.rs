//! The objective of one update as a rule may ask it: its batch, with what the remedy adds.

use crate::engine::training::sampled_diagonal;
use crate::models::continual::{Guard, Present, Sequence};
use crate::models::network::{Network, Purpose};
use crate::objective::Objective;
use crate::optimizers::Probe;
use std::cell::{Cell, RefCell};

/// The loss of one update's batch at any parameters, with the evaluations counted.
pub(super) struct Look<'a> {
    pub network: RefCell<&'a mut Network<f32>>,
    pub sequence: &'a Sequence,
    pub guard: &'a dyn Guard,
    pub present: &'a Present<'a>,
    pub evaluations: Cell<u64>,
}

impl Look<'_> {
    fn look(&self, at: &[f32], gradient: &mut [f32]) -> f32 {
        let mut network = self.network.borrow_mut();
        let Present {
            data,
            chosen,
            update,
        } = *self.present;
        let score = network.gradient(data, chosen, at, Purpose::Probe(update), gradient);
        let guard = self.guard;
        guard.add(&mut network, self.present, at, score.loss, gradient) as f32
    }

    fn count(&self, evaluations: u64) {
        self.evaluations.set(self.evaluations.get() + evaluations);
    }
}

impl Probe<f32> for Look<'_> {
    fn value(&self, at: &[f32]) -> f32 {
        self.count(1);
        self.look(at, &mut vec![0.0; at.len()])
    }

    fn gradient(&self, at: &[f32], gradient: &mut [f32]) -> f32 {
        self.count(1);
        self.look(at, gradient)
    }

    /// There is no room for it; `check` refuses the rules that want one.
    fn hessian(&self, _: &[f32], rows: &mut [f32]) {
        rows.fill(f32::NAN);
    }

    fn hessian_diagonal(&self, _: &[f32], diagonal: &mut [f32]) {
        diagonal.fill(f32::NAN);
    }

    fn sampled_hessian_diagonal(&self, at: &[f32], diagonal: &mut [f32]) {
        self.count(2);
        let update = self.present.update;
        let sign = |index: usize| self.sequence.sign(update, index as u64) as f32;
        sampled_diagonal(at, sign, diagonal, |at, gradient| {
            self.look(at, gradient);
        });
    }
}
