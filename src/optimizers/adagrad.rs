//! Adagrad.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant, second,
};
use crate::numbers::{Real, quotient};

/// s ← s + g²; θ ← θ − αg/(√s + ε).
pub struct Adagrad;

static CARD: OptimizerCard = OptimizerCard {
    id: "adagrad",
    name: "Adagrad",
    family: Family::Adaptive,
    formula: &[
        "s ← s + g²   (s starts at s₀)",
        "θ ← θ − α·g/(√s + ε)   (Keras: α·g/√(s + ε))",
    ],
    about: "Divides each component by the root of the sum of all its squared gradients: seldom \
            used parameters keep a high rate, and every rate falls for ever. As in torch ε stands \
            outside the root and the sum starts at s₀ = 0; Keras and optax start it at 0.1 and put \
            ε inside.",
    citation: "J. Duchi, E. Hazan & Y. Singer, JMLR 12 (2011) 2121–2159, fig. 1 (diagonal); \
               torch.optim.Adagrad",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::non_negative(
            "initial_accumulator",
            "s₀",
            0.0,
            (1e-8, 10.0),
            "What the sum holds before the first gradient; it shortens the first steps.",
        ),
        Hyperparameter::epsilon(
            1e-10,
            "Added to the root (outside it), so that nothing is divided by zero.",
        ),
        Hyperparameter::EPSILON_IN_ROOT,
    ],
    slots: &[Slot::new("s", "sum of squared gradients, from s₀ on").squares()],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::torch("s from 0, ε = 10⁻¹⁰ outside the root."),
        Variant::keras(
            &[
                ("initial_accumulator", 0.1),
                ("epsilon", 1e-7),
                ("epsilon_inside", 1.0),
            ],
            "s from 0.1, ε = 10⁻⁷ inside the root; optax's too.",
        ),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adagrad {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [initial, epsilon, inside] = now.settings();
        let ([sum], []) = memory.take_apart(parameters.len());
        if now.number == 1 {
            sum.fill(initial);
        }
        let is_inside = second(inside);
        for ((theta, s), &g) in parameters.iter_mut().zip(sum).zip(now.gradient) {
            *s = *s + g.squared();
            // One root for both places of ε: roots and divisions are what takes time.
            let root = R::select(is_inside, *s + epsilon, *s).square_root();
            let divisor = R::select(is_inside, root, root + epsilon);
            *theta = *theta - quotient(now.learning_rate * g, divisor);
        }
    }
}

impl Optimizer for Adagrad {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
