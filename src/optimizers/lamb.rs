//! LAMB.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, norm, quotient};

/// AdamW's step, scaled to the length of the block's parameters.
pub struct Lamb;

static CARD: OptimizerCard = OptimizerCard {
    id: "lamb",
    name: "LAMB",
    family: Family::LayerWise,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "u = m̂/(√v̂ + ε) + λ·θ",
        "r = ‖θ‖/‖u‖   (1 where a norm is 0)",
        "θ ← θ − α·r·u",
    ],
    about: "LARS with Adam's direction: every block moves by exactly α·‖θ‖. As in optax the trust \
            ratio r over the block (here all parameters of a landscape) is the plain quotient of \
            the norms; the paper passes ‖θ‖ through a function φ, which bounds it in its authors' \
            code.",
    citation: "Y. You et al., ICLR 2020, arXiv:1904.00962, algorithm 2; optax.lamb",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-6,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Weight decay that is part of the step: λθ is added before its norm is taken.",
        ),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Lamb {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        for (i, &g) in now.gradient.iter().enumerate() {
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
        }
        let update = |i: usize, theta: R| {
            let m_hat = (m[i] / correction1).named("m̂");
            let v_hat = (v[i] / correction2).named("v̂");
            quotient(m_hat, v_hat.square_root() + epsilon) + decay * theta
        };
        let length = norm(parameters.iter().copied()).named("‖θ‖");
        let step = norm(
            parameters
                .iter()
                .enumerate()
                .map(|(i, &theta)| update(i, theta)),
        );
        let neither_is_zero = R::zero().less_than(length.smaller(step));
        let ratio = R::select(neither_is_zero, length / step, R::one()).named("r");
        for (i, theta) in parameters.iter_mut().enumerate() {
            *theta = *theta - now.learning_rate * ratio * update(i, *theta);
        }
    }
}

impl Optimizer for Lamb {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
