//! What is measured of a training only when it is asked for: how sharply the loss curves, and how
//! differently an adaptive rule treats the parameters.

use crate::models::datasets::Dataset;
use crate::models::network::{Network, Task, sharpness};
use crate::objective::Objective;
use crate::optimizers::{Composed, Memory, OptimizerCard, Place};

/// One run's study.
pub(super) struct Study {
    /// The training examples over which curvature is measured; empty where nobody has asked.
    examples: Vec<u32>,
    /// The direction of the largest curvature where it was measured last.
    direction: Vec<f32>,
}

impl Study {
    pub(super) fn new(task: &Task) -> Self {
        let signs = |index: usize| task.sign(0, index as u64) as f32;
        let direction = match task.studied().is_empty() {
            true => Vec::new(),
            false => (0..task.plan().parameters()).map(signs).collect(),
        };
        Self {
            examples: task.studied(),
            direction,
        }
    }

    /// λ_max, its error, and the variance of the adaptive rate, in this order; nothing where
    /// nobody has asked. What cannot be had is not a number.
    pub(super) fn measure(
        &mut self,
        network: &mut Network<f32>,
        train: &Dataset,
        at: &[f32],
        adaptive_rate_variance: impl FnOnce() -> f64,
    ) -> Vec<f64> {
        if self.examples.is_empty() {
            return Vec::new();
        }
        let examples = &self.examples;
        let mut gradient = |at: &[f32], gradient: &mut [f32]| {
            network.whole_gradient(train, examples, at, gradient);
        };
        let found = sharpness::sharpness(&mut gradient, at, &mut self.direction);
        let (value, error) = found.map_or((f64::NAN, f64::NAN), |found| (found.value, found.error));
        vec![value, error, adaptive_rate_variance()]
    }
}

/// The variance, over the parameters, of the logarithm of what a rule divides their steps by; NaN
/// for a rule that divides by nothing, and before its first step. Parameters whose gradient has
/// always been 0 have no say: for them the rule divides by nothing but ε.
pub(super) fn adaptive_rate_variance(
    card: &OptimizerCard,
    settings: &[f64],
    rule: &Composed<'_, f32>,
) -> f64 {
    let Some(divisor) = card.stability.and_then(|stability| stability.divisor) else {
        return f64::NAN;
    };
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for memory in rule.memories() {
        let memory: Memory<f64> = memory.map(|_, number| f64::from(number));
        let unmoved: Memory<f64> = memory.map(|place, number| match place {
            Place::Slot { .. } => 0.0,
            Place::Scalar(_) => number,
        });
        for index in 0..memory.slot(0).len() {
            let (own, least) = (
                divisor(settings, &memory, index),
                divisor(settings, &unmoved, index),
            );
            // Welford's sums, which do not lose small variances.
            if own.is_finite() && own > 0.0 && own > least * (1.0 + 1e-9) {
                count += 1.0;
                let away = libm::log(own) - mean;
                mean += away / count;
                squares += away * (libm::log(own) - mean);
            }
        }
    }
    squares / count
}
