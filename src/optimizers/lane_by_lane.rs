//! Rules with loops that depend on the numbers, on packed lanes: one lane after the other.

use super::{MemoryView, Probe, Step, UpdateRule};
use crate::numbers::Lanes;

/// Lets every lane take the step that it would take alone.
pub(super) fn lane_by_lane(
    rule: &impl UpdateRule<f64>,
    now: &Step<'_, Lanes>,
    parameters: &mut [Lanes],
    mut memory: MemoryView<'_, Lanes>,
) {
    for lane in 0..8 {
        let of = |values: &[Lanes]| -> Vec<f64> { values.iter().map(|x| x.0[lane]).collect() };
        let (gradient, hyperparameters) = (of(now.gradient), of(now.hyperparameters));
        let step = Step {
            number: now.number,
            learning_rate: now.learning_rate.0[lane],
            loss: now.loss.0[lane],
            gradient: &gradient,
            hyperparameters: &hyperparameters,
            shapes: now.shapes,
            objective: &OneLane {
                all: now.objective,
                lane,
            },
        };
        let mut own = of(parameters);
        let mut own_memory = memory.lane(lane);
        rule.step(&step, &mut own, own_memory.lend());
        memory.set_lane(lane, &own_memory);
        for (packed, alone) in parameters.iter_mut().zip(own) {
            packed.0[lane] = alone;
        }
    }
}

/// The objective of packed lanes as one of them sees it.
struct OneLane<'a> {
    all: &'a dyn Probe<Lanes>,
    lane: usize,
}

impl OneLane<'_> {
    fn packed(at: &[f64]) -> Vec<Lanes> {
        at.iter().map(|&x| Lanes([x; 8])).collect()
    }

    /// Asks for as many numbers as `into` holds and keeps this lane's.
    fn ask<T>(&self, into: &mut [f64], question: impl FnOnce(&mut [Lanes]) -> T) -> T {
        let mut packed = vec![Lanes([0.0; 8]); into.len()];
        let answer = question(&mut packed);
        for (alone, packed) in into.iter_mut().zip(packed) {
            *alone = packed.0[self.lane];
        }
        answer
    }
}

impl Probe<f64> for OneLane<'_> {
    fn value(&self, at: &[f64]) -> f64 {
        self.all.value(&Self::packed(at)).0[self.lane]
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let at = Self::packed(at);
        self.ask(gradient, |into| self.all.gradient(&at, into)).0[self.lane]
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        let at = Self::packed(at);
        self.ask(rows, |into| self.all.hessian(&at, into));
    }

    fn hessian_diagonal(&self, at: &[f64], diagonal: &mut [f64]) {
        let at = Self::packed(at);
        self.ask(diagonal, |into| self.all.hessian_diagonal(&at, into));
    }

    fn sampled_hessian_diagonal(&self, at: &[f64], diagonal: &mut [f64]) {
        let at = Self::packed(at);
        self.ask(diagonal, |into| {
            self.all.sampled_hessian_diagonal(&at, into)
        });
    }
}

/// Makes a rule whose step is written over [`Scalar`](crate::numbers::Scalar), as
/// `fn scalar_step`, a rule on every number type.
macro_rules! scalar_rule {
    ($rule:ty) => {
        impl $crate::optimizers::UpdateRule<f64> for $rule {
            fn step(
                &self,
                now: &Step<'_, f64>,
                parameters: &mut [f64],
                memory: MemoryView<'_, f64>,
            ) {
                Self::scalar_step(now, parameters, memory);
            }
        }

        impl $crate::optimizers::UpdateRule<f32> for $rule {
            fn step(
                &self,
                now: &Step<'_, f32>,
                parameters: &mut [f32],
                memory: MemoryView<'_, f32>,
            ) {
                Self::scalar_step(now, parameters, memory);
            }
        }

        impl $crate::optimizers::UpdateRule<$crate::numbers::Recorded> for $rule {
            fn step(
                &self,
                now: &Step<'_, $crate::numbers::Recorded>,
                parameters: &mut [$crate::numbers::Recorded],
                memory: MemoryView<'_, $crate::numbers::Recorded>,
            ) {
                Self::scalar_step(now, parameters, memory);
            }
        }

        impl $crate::optimizers::UpdateRule<$crate::numbers::Lanes> for $rule {
            fn step(
                &self,
                now: &Step<'_, $crate::numbers::Lanes>,
                parameters: &mut [$crate::numbers::Lanes],
                memory: MemoryView<'_, $crate::numbers::Lanes>,
            ) {
                $crate::optimizers::lane_by_lane::lane_by_lane(self, now, parameters, memory);
            }
        }
    };
}
pub(super) use scalar_rule;
