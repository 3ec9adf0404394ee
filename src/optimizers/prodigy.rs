//! Prodigy.

use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam whose rate is an estimate of the distance to the solution that grows quickly.
pub struct Prodigy;

static CARD: OptimizerCard = OptimizerCard {
    id: "prodigy",
    name: "Prodigy",
    family: Family::RateFree,
    formula: &[
        "η = d·α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)   (d starts at d₀)",
        "m ← β₁·m + (1 − β₁)·d·g",
        "v ← β₂·v + (1 − β₂)·d²·g²",
        "n ← √β₂·n + d/d₀·η·Σ g·(θ₀ − θ)",
        "s ← √β₂·s + d/d₀·η·g   (safeguard: d in place of η)",
        "d ← max(d, c·n/‖s‖₁)",
        "θ ← θ − η·λ·θ − η·m/(√v + d·ε)",
    ],
    about: "D-adaptation that grows faster: the way gone along the gradients bounds the distance \
            to the minimum from below, later gradients count for more, and Adam takes the bound d \
            for its rate, so α stays 1. The sums run over all parameters together. As in optax the \
            rate is always bias-corrected and β₃ is √β₂. While every gradient was 0 the bound \
            keeps its value; in optax it is not a number from then on.",
    citation: "K. Mishchenko & A. Defazio, ICML 2024, arXiv:2306.06101, the version for Adam; \
               optax.contrib.prodigy",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(1e-8, "Added, times d, to the root."),
        Hyperparameter {
            domain: Domain::at_least(1e-12),
            ..Hyperparameter::non_negative(
                "d0",
                "d₀",
                1e-6,
                (1e-12, 1.0),
                "The first estimate; small enough to lie below the distance to the minimum.",
            )
        },
        Hyperparameter::non_negative(
            "d_coef",
            "c",
            1.0,
            (0.01, 100.0),
            "What the bound is multiplied by before it is taken for the distance.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − ηλ a step.",
        ),
        Hyperparameter::flag(
            "safeguard_warmup",
            "safeguard",
            false,
            "Leaves the rate out of s, so that a warm-up doesn't raise the estimate.",
        ),
    ],
    slots: &[
        Slot::new("m", "first moment: mean gradient, scaled by d").uphill(),
        Slot::new("v", "second moment: mean squared gradient, scaled by d²").squares(),
        Slot::new("s", "weighted sum of the gradients").uphill(),
        Slot::new("θ₀", "the start").place(),
    ],
    scalar_slots: &[
        Slot::new("d", "estimated distance from the start to the minimum"),
        Slot::new("n", "weighted sum of the way gone along the gradients"),
        Slot::BETA1_POWER,
        Slot::BETA2_POWER,
    ],
    scope: Scope::AllBlocks,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Prodigy {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, first, coefficient, decay, safeguard] = now.settings();
        let ([m, v, s, start], [distance, way, power1, power2]) =
            memory.take_apart(parameters.len());
        if now.number == 1 {
            *distance = first;
            start.copy_from_slice(parameters);
        }
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let slow = beta2.square_root();
        let correction = (R::one() - *power2).square_root() / (R::one() - *power1);
        let d = *distance;
        let rate = (d * now.learning_rate * correction).named("η");
        let guarded = R::zero().less_than(safeguard);
        let weight = R::select(guarded, d, rate) * d / first;
        let (mut product, mut length) = (R::zero(), R::zero());
        for (i, &g) in now.gradient.iter().enumerate() {
            product = product + g * (start[i] - parameters[i]);
            m[i] = beta1 * m[i] + (R::one() - beta1) * d * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * (d * g).squared();
            s[i] = slow * s[i] + weight * g;
            length = length + s[i].absolute();
        }
        *way = slow * *way + d / first * rate * product;
        // Not a number while nothing sloped, and then not larger.
        *distance = d.larger(coefficient * *way / length);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let step = quotient(rate * m[i], v[i].square_root() + *distance * epsilon);
            *theta = *theta - decay * rate * *theta - step;
        }
    }
}

impl Optimizer for Prodigy {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
