//! ACProp.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// The gradient over the root of what its deviations were before it came.
pub struct AcProp;

static CARD: OptimizerCard = OptimizerCard {
    id: "acprop",
    name: "ACProp",
    family: Family::Adaptive,
    formula: &[
        "ŝ = s/(1 − β₂ᵗ⁻¹)   (ŝ = 1 at t = 1)",
        "θ ← θ − α·g/(√ŝ + ε)",
        "s ← β₂·s + (1 − β₂)·(g − m)² + ε",
        "m ← β₁·m + (1 − β₁)·g",
    ],
    about: "AdaBelief's centred second moment, but the one known before this gradient: numerator \
            and denominator are then independent, and rare large gradients count in full. The \
            gradient itself is the numerator, without momentum. As in optax the deviation is taken \
            from the m before this gradient (AdaBelief's is from the m with it), and the first step \
            is that of gradient descent, so its rate suits neither the slope's size nor Adam's.",
    citation: "J. Zhuang et al., NeurIPS 2021, arXiv:2110.05454, algorithm 2; \
               optax.contrib.acprop",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.999,
            0.99999,
            "Memory of the squared deviations; about 1/(1 − β₂) steps are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-16,
            "Added to s at every step and once more to the root, as in AdaBelief.",
        ),
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("s", "mean squared deviation of the gradient from m").squares(),
    ],
    scalar_slots: &[Slot::power("β₂ᵗ⁻¹", "what is left of the initial s")],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AcProp {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon] = now.settings();
        let ([m, s], [power]) = memory.take_apart(parameters.len());
        let correction = R::one() - *power;
        *power = *power * beta2;
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            let s_hat = if now.number == 1 {
                R::one()
            } else {
                s[i] / correction
            };
            let s_hat = s_hat.named("ŝ");
            *theta = *theta - quotient(now.learning_rate * g, s_hat.square_root() + epsilon);
            s[i] = beta2 * s[i] + (R::one() - beta2) * (g - m[i]).squared() + epsilon;
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
        }
    }
}

impl Optimizer for AcProp {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
