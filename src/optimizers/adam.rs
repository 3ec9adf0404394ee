//! Adam.

use super::{
    Family, Hyperparameter, Memory, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// Bias-corrected first and second moments of the gradient: θ ← θ − αm̂/(√v̂ + ε).
pub struct Adam;

static CARD: OptimizerCard = OptimizerCard {
    id: "adam",
    name: "Adam",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/(√v̂ + ε)",
    ],
    about: "Momentum over a root mean square: steps of about α while the gradient keeps its \
            sign, smaller when it wavers. The bias correction undoes that both averages start \
            at 0.",
    citation: "D. P. Kingma & J. Ba, ICLR 2015, arXiv:1412.6980, algorithm 1; torch.optim.Adam",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; where √v̂ is smaller than ε, the \
                      step shrinks.",
        ),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adam {
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: &mut Memory<R>) {
        let [beta1, beta2, epsilon] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart();
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let m_hat = m[i] / correction1;
            let v_hat = v[i] / correction2;
            *theta = *theta - now.learning_rate * m_hat / (v_hat.square_root() + epsilon);
        }
    }
}

impl Optimizer for Adam {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
