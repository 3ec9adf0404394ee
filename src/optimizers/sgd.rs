//! Plain gradient descent.

use super::{Family, MemoryView, Optimizer, OptimizerCard, Scope, Stability, Step, UpdateRule};
use crate::numbers::Real;

/// θ ← θ − αg.
pub struct Sgd;

static CARD: OptimizerCard = OptimizerCard {
    id: "sgd",
    name: "Gradient descent",
    family: Family::GradientDescent,
    formula: &["θ ← θ − α·g"],
    about: "Goes straight downhill, as far as the slope is steep. On a quadratic it converges \
            only while α < 2/λ, λ being the largest curvature.",
    citation: "A. Cauchy, Comptes rendus 25 (1847) 536–538; torch.optim.SGD",
    default_learning_rate: 0.001,
    hyperparameters: &[],
    slots: &[],
    scalar_slots: &[],
    scope: Scope::Block,
    stability: Some(Stability {
        formula: "2/α",
        factor: |_| 2.0,
        divisor: None,
        source: "J. M. Cohen et al., ICLR 2021, arXiv:2103.00065, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Sgd {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], _memory: MemoryView<'_, R>) {
        for (theta, &g) in parameters.iter_mut().zip(now.gradient) {
            *theta = *theta - now.learning_rate * g;
        }
    }
}

impl Optimizer for Sgd {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
