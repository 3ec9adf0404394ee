//! Adam.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, beside_corrected_root, second, stability,
};
use crate::numbers::{Real, quotient};

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
        "θ ← θ − α·m̂/(√(v̂ + ε_r) + ε)",
        "Keras: ε′ = ε/√(1 − β₂ᵗ) for ε, so θ ← θ − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)",
    ],
    about: "Momentum over a root mean square: steps of about α while the gradient keeps its \
            sign, smaller when it wavers. The bias correction undoes that both averages start \
            at 0. ε stands beside the corrected root in torch, in the paper's algorithm and on the AI \
            Notes page; Keras adds it before the correction; optax can have one inside the \
            root (ε_r).",
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
        Hyperparameter::non_negative(
            "epsilon_root",
            "ε_r",
            0.0,
            (1e-20, 1.0),
            "Added inside the root (optax's eps_root); keeps it smooth at 0. Not used with ε̂, \
             which no program combines with it.",
        ),
        Hyperparameter::EPSILON_PLACE,
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    variants: &[
        Variant::torch("ε = 10⁻⁸ beside the corrected root."),
        Variant::keras(
            &[("epsilon", 1e-7), ("epsilon_hat", 1.0)],
            "ε̂ = 10⁻⁷ beside the root before its correction.",
        ),
        Variant::new("ai_notes", "AI Notes", &[], "The page's code, as torch."),
        Variant::paper(&[], "Algorithm 1, as torch."),
    ],
    stability: Some(Stability {
        formula: "2·(1 + β₁)/((1 − β₁)·α) for ∇²J divided by (1 − β₁ᵗ)·(√v̂ + ε)",
        factor: |settings| stability::of_mean(settings[0]),
        divisor: Some(|settings, memory, i| {
            stability::of_adam(memory, i, [settings[2], settings[3], settings[4]])
        }),
        source: "J. M. Cohen et al., arXiv:2207.14484, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adam {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, epsilon_root, epsilon_hat] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let correction1 = (R::one() - *power1).common_divisor();
        let correction2 = (R::one() - *power2).common_divisor();
        let beside = beside_corrected_root(epsilon, epsilon_hat, correction2.divisor);
        let mut within = epsilon_root;
        if R::any(second(epsilon_hat)) {
            within = R::select(second(epsilon_hat), R::zero(), epsilon_root);
        }
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let m_hat = m[i].over_common(correction1).named("m̂");
            let v_hat = v[i].over_common(correction2).named("v̂");
            let divisor = (v_hat + within).square_root() + beside;
            *theta = *theta - quotient(now.learning_rate * m_hat, divisor);
        }
    }
}

impl Optimizer for Adam {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
