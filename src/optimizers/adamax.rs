//! Adamax.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant, second,
};
use crate::numbers::{Real, quotient};

/// Adam with the largest recent gradient in place of the root mean square.
pub struct Adamax;

static CARD: OptimizerCard = OptimizerCard {
    id: "adamax",
    name: "Adamax",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "u ← max(β₂·u, |g| + ε)",
        "θ ← θ − α·m/((1 − β₁ᵗ)·u)",
        "Keras: u ← max(β₂·u, |g|),  θ ← θ − α·m/((1 − β₁ᵗ)·(u + ε))",
    ],
    about: "Adam in the limit of the infinity norm: the step is divided by the largest recent \
            gradient, forgotten at the rate β₂, which needs no bias correction. ε inside the \
            maximum is torch's; the paper has none.",
    citation: "D. P. Kingma & J. Ba, ICLR 2015, arXiv:1412.6980, algorithm 2; torch.optim.Adamax",
    default_learning_rate: 0.002,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.999,
            0.99999,
            "How slowly the largest gradient is forgotten; 1/(1 − β₂) steps shrink it to a third.",
        ),
        Hyperparameter::epsilon(1e-8, "Added to |g|, so that nothing is divided by zero."),
        Hyperparameter::convention(
            "epsilon_outside",
            "ε place",
            &["in the maximum (torch)", "beside u (Keras)"],
            "0 adds ε to |g|, where it stays in u; 1 adds it to u when dividing.",
        ),
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("u", "largest recent gradient").sizes(),
    ],
    scalar_slots: &[Slot::BETA1_POWER],
    scope: Scope::Block,
    variants: &[
        Variant::torch("ε = 10⁻⁸ in the maximum."),
        Variant::keras(
            &[("epsilon", 1e-7), ("epsilon_outside", 1.0)],
            "ε = 10⁻⁷ beside u.",
        ),
        Variant::paper(&[("epsilon", 0.0)], "No ε."),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adamax {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, outside] = now.settings();
        let ([m, largest], [power1]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        let rate = now.learning_rate / (R::one() - *power1);
        let inside = R::select(second(outside), R::zero(), epsilon);
        let beside = R::select(second(outside), epsilon, R::zero());
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            largest[i] = (g.absolute() + inside).larger(beta2 * largest[i]);
            *theta = *theta - quotient(rate * m[i], largest[i] + beside);
        }
    }
}

impl Optimizer for Adamax {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
