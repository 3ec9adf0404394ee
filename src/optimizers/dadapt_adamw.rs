//! AdamW by D-adaptation.

use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::{Real, quotient};

/// AdamW whose rate is a growing lower bound of the distance to the solution.
pub struct DAdaptAdamW;

static CARD: OptimizerCard = OptimizerCard {
    id: "dadapt_adamw",
    name: "D-adapted AdamW",
    family: Family::RateFree,
    formula: &[
        "η = d·α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)   (d starts at d₀)",
        "n ← √β₂·n + (1 − √β₂)·η·Σ g·s/(√v + ε)",
        "m ← β₁·m + (1 − β₁)·η·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "s ← √β₂·s + (1 − √β₂)·η·g",
        "d ← max(d, n/((1 − √β₂)·‖s‖₁))",
        "θ ← θ − η·λ·θ − m/(√v + ε)",
    ],
    about: "The gradients seen so far bound the distance to the minimum from below, and AdamW \
            takes the greatest bound d for its rate, so α stays 1. The sums run over all \
            parameters together. While every gradient was 0 the bound keeps its value; in optax \
            it is not a number from then on.",
    citation: "A. Defazio & K. Mishchenko, ICML 2023, arXiv:2301.07733, the variant for Adam; \
               optax.contrib.dadapt_adamw",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(1e-8, "Added to the root, which is not bias-corrected."),
        Hyperparameter {
            domain: Domain::at_least(1e-12),
            ..Hyperparameter::non_negative(
                "d0",
                "d₀",
                1e-6,
                (1e-12, 1.0),
                "The first bound; small enough to lie below the distance to the minimum.",
            )
        },
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − ηλ a step.",
        ),
    ],
    slots: &[
        Slot::new("m", "first moment: mean gradient, with the rates in it").uphill(),
        Slot::SECOND_MOMENT,
        Slot::new("s", "slower mean gradient, with the rates in it").uphill(),
    ],
    scalar_slots: &[
        Slot::new("d", "greatest lower bound of the distance so far"),
        Slot::new("n", "how far the steps agreed with the gradients before"),
        Slot::BETA1_POWER,
        Slot::BETA2_POWER,
    ],
    scope: Scope::AllBlocks,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for DAdaptAdamW {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, first, decay] = now.settings();
        let ([m, v, s], [bound, agreement, power1, power2]) = memory.take_apart(parameters.len());
        if now.number == 1 {
            *bound = first;
        }
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let slow = beta2.square_root();
        let fresh = R::one() - slow;
        let correction = (R::one() - *power2).square_root() / (R::one() - *power1);
        let rate = (*bound * now.learning_rate * correction).named("η");
        let (mut product, mut length) = (R::zero(), R::zero());
        for (i, &g) in now.gradient.iter().enumerate() {
            // With ε = 0 this is 0/0 until the parameter slopes.
            let scale = v[i].square_root() + epsilon;
            let slopes = R::zero().less_than(scale);
            product = product + R::select(slopes, g * (s[i] / scale), R::zero());
            m[i] = beta1 * m[i] + (R::one() - beta1) * rate * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            s[i] = slow * s[i] + fresh * rate * g;
            length = length + s[i].absolute();
        }
        *agreement = slow * *agreement + fresh * rate * product;
        // Not a number while nothing sloped, and then not larger.
        *bound = bound.larger(*agreement / (fresh * length));
        for (i, theta) in parameters.iter_mut().enumerate() {
            let step = quotient(m[i], v[i].square_root() + epsilon);
            *theta = *theta - decay * rate * *theta - step;
        }
    }
}

impl Optimizer for DAdaptAdamW {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
