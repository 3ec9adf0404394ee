//! signSGD.

use super::{Family, MemoryView, Optimizer, OptimizerCard, Scope, Step, UpdateRule};
use crate::numbers::Real;

/// θ ← θ − α·sign(g).
pub struct SignSgd;

static CARD: OptimizerCard = OptimizerCard {
    id: "signsgd",
    name: "signSGD",
    family: Family::Sign,
    formula: &["θ ← θ − α·sign(g)"],
    about: "Only the direction of each component counts: every parameter moves by exactly α (not \
            at all where its gradient is 0), so at the end it swings about the minimum within α.",
    citation: "J. Bernstein et al., ICML 2018, arXiv:1802.04434, algorithm 1; optax.sign_sgd",
    default_learning_rate: 0.001,
    hyperparameters: &[],
    slots: &[],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for SignSgd {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], _memory: MemoryView<'_, R>) {
        for (theta, &g) in parameters.iter_mut().zip(now.gradient) {
            *theta = *theta - now.learning_rate * g.sign();
        }
    }
}

impl Optimizer for SignSgd {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
