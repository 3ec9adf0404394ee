//! RAdam.

use super::rectification::Rectification;
use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant, second,
};
use crate::numbers::{Real, quotient};

/// Adam that is plain momentum until its second moment can be trusted.
pub struct RAdam;

static CARD: OptimizerCard = OptimizerCard {
    id: "radam",
    name: "RAdam",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "ρ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)   (ρ∞ = 2/(1 − β₂) − 1)",
        "r = √((ρ − 4)·(ρ − 2)·ρ∞/((ρ∞ − 4)·(ρ∞ − 2)·ρ))",
        "ρ > 5 (paper: 4): θ ← θ − α·r·√(1 − β₂ᵗ)·m̂/(√v + ε)",
        "else: θ ← θ − α·m̂",
    ],
    about: "A warm-up that Adam works out for itself: while v rests on few gradients its rate \
            would scatter, so the first steps are those of momentum and then grow by r to Adam's. \
            Momentum's steps are as long as the gradient, so the start can be rough. torch begins \
            to adapt at ρ > 5, the paper at ρ > 4.",
    citation: "L. Liu et al., ICLR 2020, arXiv:1908.03265, algorithm 2; torch.optim.RAdam",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(1e-8, "Added to the root before bias correction."),
        Hyperparameter::convention(
            "early",
            "begins at",
            &["ρ > 5 (torch)", "ρ > 4 (paper)"],
            "How long the average must be before v is trusted.",
        ),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    variants: &[
        Variant::torch("Adapts from ρ > 5 on."),
        Variant::paper(
            &[("early", 1.0)],
            "Adapts from ρ > 4 on, an update earlier.",
        ),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for RAdam {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, early] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        let rectification = Rectification::new(now.number, beta2, *power2);
        let least = R::select(second(early), R::constant(4.0), R::constant(5.0));
        let enough = least.less_than(rectification.length);
        let factor = rectification.factor.named("r") * correction2.square_root();
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let m_hat = (m[i] / correction1).named("m̂");
            let scaled = quotient(factor * m_hat, v[i].square_root() + epsilon);
            *theta = *theta - now.learning_rate * R::select(enough, scaled, m_hat);
        }
    }
}

impl Optimizer for RAdam {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
