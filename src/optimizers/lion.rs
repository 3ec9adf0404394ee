//! Lion.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant,
};
use crate::numbers::Real;

/// Steps by the sign of a mean gradient.
pub struct Lion;

static CARD: OptimizerCard = OptimizerCard {
    id: "lion",
    name: "Lion",
    family: Family::Sign,
    formula: &[
        "c = β₁·m + (1 − β₁)·g",
        "θ ← θ − α·(sign(c) + λ·θ)",
        "m ← β₂·m + (1 − β₂)·g",
    ],
    about: "Found by a search through programs: every parameter moves by α, in the direction of a \
            mean gradient in which this step's counts for more (β₁) than it does in the memory \
            (β₂). Wants a rate three to ten times below Adam's and more decay; λ = 0.001 is \
            optax's default.",
    citation: "X. Chen et al., NeurIPS 2023, arXiv:2302.06675, algorithm 2; optax.lion",
    default_learning_rate: 0.0001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "beta1",
            "β₁",
            0.9,
            0.999,
            "How much the memory counts in the direction of a step.",
        ),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.99,
            0.9999,
            "Memory of the gradients; about 1/(1 − β₂) steps are averaged.",
        ),
        Hyperparameter::weight_decay(
            0.001,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
    ],
    slots: &[Slot::FIRST_MOMENT],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::new("optax", "optax", &[], "λ = 0.001."),
        Variant::keras(&[("weight_decay", 0.0)], "No decay unless asked for."),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Lion {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, decay] = now.settings();
        let ([mean], []) = memory.take_apart(parameters.len());
        for ((theta, m), &g) in parameters.iter_mut().zip(mean).zip(now.gradient) {
            let direction = (beta1 * *m + (R::one() - beta1) * g).named("c").sign();
            *theta = *theta - now.learning_rate * (direction + decay * *theta);
            *m = beta2 * *m + (R::one() - beta2) * g;
        }
    }
}

impl Optimizer for Lion {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
