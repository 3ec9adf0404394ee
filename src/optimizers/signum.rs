//! Signum.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// m ← βm + (1 − β)g; θ ← θ − α·sign(m).
pub struct Signum;

static CARD: OptimizerCard = OptimizerCard {
    id: "signum",
    name: "Signum",
    family: Family::Sign,
    formula: &["m ← β·m + (1 − β)·g", "θ ← θ − α·sign(m)"],
    about: "signSGD with a memory: the sign is that of a mean gradient, so that noise which turns \
            single gradients round turns fewer steps round. Every parameter moves by exactly α. \
            β = 0 is signSGD.",
    citation: "J. Bernstein et al., ICML 2018, arXiv:1802.04434, algorithm 2; optax.signum",
    default_learning_rate: 0.001,
    hyperparameters: &[Hyperparameter::average_factor(
        "beta",
        "β",
        0.9,
        0.999,
        "Memory of the gradients; about 1/(1 − β) steps are averaged.",
    )],
    slots: &[Slot::new("m", "mean gradient").uphill()],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Signum {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta] = now.settings();
        let ([mean], []) = memory.take_apart(parameters.len());
        for ((theta, m), &g) in parameters.iter_mut().zip(mean).zip(now.gradient) {
            *m = beta * *m + (R::one() - beta) * g;
            *theta = *theta - now.learning_rate * m.sign();
        }
    }
}

impl Optimizer for Signum {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
