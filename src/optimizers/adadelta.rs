//! Adadelta.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant,
};
use crate::numbers::{Real, quotient};

/// δ = √(d + ε)/√(s + ε)·g with running means s of g² and d of δ²; θ ← θ − αδ.
pub struct Adadelta;

static CARD: OptimizerCard = OptimizerCard {
    id: "adadelta",
    name: "Adadelta",
    family: Family::Adaptive,
    formula: &[
        "s ← ρ·s + (1 − ρ)·g²",
        "δ = √(d + ε)/√(s + ε)·g",
        "d ← ρ·d + (1 − ρ)·δ²",
        "θ ← θ − α·δ",
    ],
    about: "RMSprop that sets its own rate: the root mean square of its recent steps stands where \
            the rate would, so that steps carry the parameters' unit. ε starts it off, hence the \
            slow beginning. The paper has no α; in torch it scales the finished step, and 1 is the \
            paper's rule.",
    citation: "M. D. Zeiler, arXiv:1212.5701, algorithm 1; torch.optim.Adadelta",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "rho",
            "ρ",
            0.9,
            0.9999,
            "Memory of the squared gradients and steps; about 1/(1 − ρ) of them are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-6,
            "Added inside both roots; the first steps are some √ε long.",
        ),
    ],
    slots: &[
        Slot::new("s", "mean squared gradient").squares(),
        Slot::new("d", "mean squared step").squares(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::torch("ρ = 0.9, ε = 10⁻⁶."),
        Variant::keras(&[("rho", 0.95), ("epsilon", 1e-7)], "ρ = 0.95, ε = 10⁻⁷."),
        Variant::paper(&[("rho", 0.95)], "ρ = 0.95, ε = 10⁻⁶, and a rate of 1."),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adadelta {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [rho, epsilon] = now.settings();
        let ([square, moved], []) = memory.take_apart(parameters.len());
        let rest = R::one() - rho;
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            square[i] = rho * square[i] + rest * g.squared();
            let length = (moved[i] + epsilon).square_root();
            let step = (quotient(length, (square[i] + epsilon).square_root()) * g).named("δ");
            moved[i] = rho * moved[i] + rest * step.squared();
            *theta = *theta - now.learning_rate * step;
        }
    }
}

impl Optimizer for Adadelta {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
