//! QHAdam.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam with both moments mixed with the plain gradient.
pub struct QhAdam;

static CARD: OptimizerCard = OptimizerCard {
    id: "qhadam",
    name: "QHAdam",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·((1 − ν₁)·g + ν₁·m̂)/(√((1 − ν₂)·g² + ν₂·v̂) + ε)",
    ],
    about: "Adam that keeps a share of the plain gradient in the step, so that a long memory need \
            not be a slow one. ν₁ = ν₂ = 1 is Adam. The defaults are those that the authors \
            advise; their package itself starts from Adam's.",
    citation: "J. Ma & D. Yarats, ICLR 2019, arXiv:1810.06801, eq. 6; qhoptim.pyt.QHAdam",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::fraction(
            "nu1",
            "ν₁",
            0.7,
            "The share of the mean gradient in the step; the rest is the gradient itself.",
        ),
        Hyperparameter::fraction(
            "nu2",
            "ν₂",
            1.0,
            "The share of the mean squared gradient in the scale; the rest is this step's own.",
        ),
        Hyperparameter::beta1(0.995),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(1e-8, "Added to the root (outside it)."),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for QhAdam {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [nu1, nu2, beta1, beta2, epsilon] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let correction1 = (R::one() - *power1).common_divisor();
        let correction2 = (R::one() - *power2).common_divisor();
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let mean = (R::one() - nu1) * g + nu1 * m[i].over_common(correction1).named("m̂");
            let square =
                (R::one() - nu2) * g.squared() + nu2 * v[i].over_common(correction2).named("v̂");
            *theta = *theta - quotient(now.learning_rate * mean, square.square_root() + epsilon);
        }
    }
}

impl Optimizer for QhAdam {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
