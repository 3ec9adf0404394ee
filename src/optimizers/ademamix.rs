//! AdEMAMix.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam with a second, much slower mean of the gradients.
pub struct AdEMAMix;

static CARD: OptimizerCard = OptimizerCard {
    id: "ademamix",
    name: "AdEMAMix",
    family: Family::Adaptive,
    formula: &[
        "m₁ ← β₁·m₁ + (1 − β₁)·g",
        "m₂ ← β₃·m₂ + (1 − β₃)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂₁ = m₁/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·((m̂₁ + a·m₂)/(√v̂ + ε) + λ·θ)",
    ],
    about: "Adam with two memories: a short one that reacts and one of tens of thousands of steps \
            that keeps the direction. The slow mean is not bias-corrected, so it fills by itself. \
            The paper warms a and β₃ up by schedules; here, as in optax by default, they are \
            constant.",
    citation: "M. Pagliardini, P. Ablin & D. Grangier, ICLR 2025, arXiv:2409.03137, algorithm 1; \
               optax.contrib.ademamix",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "beta1",
            "β₁",
            0.9,
            0.999,
            "Memory of the fast mean gradient; about 1/(1 − β₁) steps are averaged.",
        ),
        Hyperparameter::beta2(0.999),
        Hyperparameter::average_factor(
            "beta3",
            "β₃",
            0.9999,
            0.99999,
            "Memory of the slow mean gradient; about 1/(1 − β₃) steps are averaged.",
        ),
        Hyperparameter::non_negative(
            "alpha",
            "a",
            5.0,
            (0.1, 100.0),
            "How much the slow mean weighs beside the fast one.",
        ),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
    ],
    slots: &[
        Slot::new("m₁", "fast mean gradient").uphill(),
        Slot::new("m₂", "slow mean gradient").uphill(),
        Slot::SECOND_MOMENT,
    ],
    scalar_slots: &[
        Slot::power("β₁ᵗ", "what is left of the initial m₁"),
        Slot::BETA2_POWER,
    ],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AdEMAMix {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, beta3, mix, epsilon, decay] = now.settings();
        let ([fast, slow, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            fast[i] = beta1 * fast[i] + (R::one() - beta1) * g;
            slow[i] = beta3 * slow[i] + (R::one() - beta3) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let mean = (fast[i] / correction1).named("m̂₁") + mix * slow[i];
            let scale = (v[i] / correction2).named("v̂").square_root() + epsilon;
            *theta = *theta - now.learning_rate * (quotient(mean, scale) + decay * *theta);
        }
    }
}

impl Optimizer for AdEMAMix {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
