//! MADGRAD.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// Dual averaging with a cube root and momentum.
pub struct Madgrad;

static CARD: OptimizerCard = OptimizerCard {
    id: "madgrad",
    name: "MADGRAD",
    family: Family::Adaptive,
    formula: &[
        "w = (α + ε)·√t",
        "s ← s + w·g",
        "G ← G + w·g²",
        "z = θ₀ − s/(∛G + ε)",
        "θ ← μ·θ + (1 − μ)·z",
    ],
    about: "Adagrad's sums, but every step is worked out anew from the start θ₀ and all gradients, \
            of which later ones count for more: dual averaging. The cube root scales less than \
            Adagrad's square root, and θ follows z with momentum. As in optax and the authors' \
            code ε is also added to the rate.",
    citation: "A. Defazio & S. Jelassi, JMLR 23 (2022), arXiv:2101.11075, algorithm 1; \
               optax.contrib.madgrad",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.9,
            0.999,
            "How much of the way to z is left after a step; about 1/(1 − μ) steps are averaged.",
        ),
        Hyperparameter::epsilon(1e-6, "Added to the cube root and to the rate."),
    ],
    slots: &[
        Slot::new("s", "weighted sum of the gradients").uphill(),
        Slot::new("G", "weighted sum of the squared gradients").squares(),
        Slot::new("θ₀", "the start").place(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Madgrad {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [mu, epsilon] = now.settings();
        let ([sum, squares, start], []) = memory.take_apart(parameters.len());
        if now.number == 1 {
            start.copy_from_slice(parameters);
        }
        let third = R::one() / R::constant(3.0);
        let root = R::constant(now.number as f64).square_root();
        let weight = ((now.learning_rate + epsilon) * root).named("w");
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            sum[i] = sum[i] + weight * g;
            squares[i] = squares[i] + weight * g.squared();
            let scale = squares[i].power(third) + epsilon;
            // With ε = 0 a parameter that never sloped has 0/0 here.
            let slopes = R::zero().less_than(scale);
            let z = (start[i] - R::select(slopes, sum[i] / scale, R::zero())).named("z");
            *theta = mu * *theta + (R::one() - mu) * z;
        }
    }
}

impl Optimizer for Madgrad {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
