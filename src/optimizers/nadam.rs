//! NAdam.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant, second,
};
use crate::numbers::{Real, quotient};

/// Adam with Nesterov's look ahead and a momentum that warms up.
pub struct NAdam;

static CARD: OptimizerCard = OptimizerCard {
    id: "nadam",
    name: "NAdam",
    family: Family::Adaptive,
    formula: &[
        "μ = β₁·(1 − ½·0.96^(t·ψ))",
        "μ₊ = β₁·(1 − ½·0.96^((t + 1)·ψ))",
        "optax: μ = μ₊ = β₁",
        "Π ← Π·μ",
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "n = (1 − μ)·g/(1 − Π) + μ₊·m/(1 − Π·μ₊)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·n/(√v̂ + ε)",
    ],
    about: "Adam that steps with the mean gradient as it will be after the next update, as \
            Nesterov's momentum does. The momentum μ grows from ½β₁ to β₁. As in torch ψ = 0.004 \
            is in the exponent and m itself is averaged with β₁, not with μ; Keras takes ψ = 1.",
    citation: "T. Dozat, ICLR 2016 workshop, algorithm 2; torch.optim.NAdam",
    default_learning_rate: 0.002,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::non_negative(
            "momentum_decay",
            "ψ",
            0.004,
            (1e-4, 1.0),
            "How fast the momentum μ grows to β₁; 0 keeps it at half of β₁.",
        ),
        Hyperparameter::convention(
            "constant_momentum",
            "μ",
            &["grows to β₁ (torch, Keras)", "is β₁ (optax)"],
            "0 lets the momentum of the look ahead grow from half of β₁ to β₁; 1 takes β₁ from \
             the start.",
        ),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[
        Slot::power("0.96^(t·ψ)", "how far μ still is from β₁"),
        Slot::power("Π", "product of all μ: what is left of the initial m"),
        Slot::BETA2_POWER,
    ],
    scope: Scope::Block,
    variants: &[
        Variant::torch("ψ = 0.004, ε = 10⁻⁸: μ takes thousands of steps to grow."),
        Variant::keras(
            &[("momentum_decay", 1.0), ("epsilon", 1e-7)],
            "ψ = 1, ε = 10⁻⁷: μ has grown after some dozen steps.",
        ),
        Variant::new(
            "optax",
            "optax",
            &[("constant_momentum", 1.0)],
            "μ is β₁ throughout.",
        ),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for NAdam {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, momentum_decay, constant] = now.settings();
        let ([m, v], [warm_up, product, power2]) = memory.take_apart(parameters.len());
        let shrink = R::constant(0.96).power(momentum_decay);
        let momentum = |warm_up: R| {
            let grown = beta1 * (R::one() - R::constant(0.5) * warm_up);
            R::select(second(constant), beta1, grown)
        };
        *warm_up = *warm_up * shrink;
        let mu = momentum(*warm_up).named("μ");
        let next_mu = momentum(*warm_up * shrink).named("μ₊");
        *product = *product * mu;
        *power2 = *power2 * beta2;
        let gradient_weight = (R::one() - mu) / (R::one() - *product);
        let mean_weight = next_mu / (R::one() - *product * next_mu);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let ahead = (gradient_weight * g + mean_weight * m[i]).named("n");
            let v_hat = (v[i] / (R::one() - *power2)).named("v̂");
            *theta = *theta - quotient(now.learning_rate * ahead, v_hat.square_root() + epsilon);
        }
    }
}

impl Optimizer for NAdam {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
