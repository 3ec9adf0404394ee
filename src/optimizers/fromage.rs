//! Fromage.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Step, UpdateRule,
};
use crate::numbers::{Real, norm};

/// Steps of a fixed share of the block's length, and a shrinking that makes up for them.
pub struct Fromage;

static CARD: OptimizerCard = OptimizerCard {
    id: "fromage",
    name: "Fromage",
    family: Family::LayerWise,
    formula: &[
        "r = max(‖θ‖, n)/max(‖g‖, n)   (1 where one of them is 0)",
        "θ ← (θ − α·r·g)/√(1 + α²)",
    ],
    about: "Frobenius-matched gradient descent: how far a network's output moves depends on the \
            share by which each layer moves, so every block steps by α·‖θ‖ along its gradient. A \
            step at a right angle would lengthen the block by √(1 + α²); dividing by it keeps the \
            length. The norms are those of the block (here all parameters of a landscape); n, \
            which bounds them, is optax's.",
    citation: "J. Bernstein, A. Vahdat, Y. Yue & M.-Y. Liu, NeurIPS 2020, arXiv:2002.03432, \
               algorithm 1; optax.fromage",
    default_learning_rate: 0.01,
    hyperparameters: &[Hyperparameter::non_negative(
        "min_norm",
        "n",
        1e-6,
        (1e-12, 1.0),
        "The least that a norm counts as.",
    )],
    slots: &[],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Fromage {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], _memory: MemoryView<'_, R>) {
        let [least] = now.settings();
        let length = norm(parameters.iter().copied()).larger(least);
        let slope = norm(now.gradient.iter().copied()).larger(least);
        let neither_is_zero = R::zero().less_than(length.smaller(slope));
        let ratio = R::select(neither_is_zero, length / slope, R::one()).named("r");
        let shrink = R::one() / (R::one() + now.learning_rate.squared()).square_root();
        for (theta, &g) in parameters.iter_mut().zip(now.gradient) {
            *theta = shrink * (*theta - now.learning_rate * ratio * g);
        }
    }
}

impl Optimizer for Fromage {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
