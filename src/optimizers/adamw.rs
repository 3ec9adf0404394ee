//! AdamW.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, beside_corrected_root, stability,
};
use crate::numbers::{Real, quotient};

/// Adam with weight decay outside the adaptive step.
pub struct AdamW;

static CARD: OptimizerCard = OptimizerCard {
    id: "adamw",
    name: "AdamW",
    family: Family::Adaptive,
    formula: &[
        "θ ← (1 − α·λ)·θ",
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/(√v̂ + ε)   (Keras: as in Adam's card)",
    ],
    about: "Adam whose weight decay doesn't pass through the moments: all parameters shrink by the \
            same factor, however large their gradients. As in torch the decay is multiplied by the \
            scheduled rate; the paper multiplies it by the schedule only.",
    citation: "I. Loshchilov & F. Hutter, ICLR 2019, arXiv:1711.05101, algorithm 2; \
               torch.optim.AdamW",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::weight_decay(
            0.01,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
        Hyperparameter::EPSILON_PLACE,
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    variants: &[
        Variant::torch("λ = 0.01, ε = 10⁻⁸ beside the corrected root."),
        Variant::keras(
            &[
                ("weight_decay", 0.004),
                ("epsilon", 1e-7),
                ("epsilon_hat", 1.0),
            ],
            "λ = 0.004, ε̂ = 10⁻⁷ beside the root before its correction.",
        ),
    ],
    stability: Some(Stability {
        formula: "2·(1 + β₁)/((1 − β₁)·α) for ∇²J divided by (1 − β₁ᵗ)·(√v̂ + ε)",
        factor: |settings| stability::of_mean(settings[0]),
        divisor: Some(|settings, memory, i| {
            stability::of_adam(memory, i, [settings[2], 0.0, settings[4]])
        }),
        source: "J. M. Cohen et al., arXiv:2207.14484, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AdamW {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay, epsilon_hat] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let correction1 = (R::one() - *power1).common_divisor();
        let correction2 = (R::one() - *power2).common_divisor();
        let beside = beside_corrected_root(epsilon, epsilon_hat, correction2.divisor);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            *theta = *theta * (R::one() - now.learning_rate * decay);
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let m_hat = m[i].over_common(correction1).named("m̂");
            let v_hat = v[i].over_common(correction2).named("v̂");
            let divisor = v_hat.square_root() + beside;
            *theta = *theta - quotient(now.learning_rate * m_hat, divisor);
        }
    }
}

impl Optimizer for AdamW {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
