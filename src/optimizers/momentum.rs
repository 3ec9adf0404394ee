//! Heavy-ball momentum.

use super::{
    Family, Hyperparameter, Memory, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// v ← μv + (1 − d)g, the first v being g undamped; θ ← θ − αv.
pub struct Momentum;

static CARD: OptimizerCard = OptimizerCard {
    id: "momentum",
    name: "Momentum",
    family: Family::Momentum,
    formula: &["v ← μ·v + (1 − d)·g   (v ← g at t = 1)", "θ ← θ − α·v"],
    about: "A heavy ball: past gradients add up along a steady direction (up to 1/(1 − μ) times) \
            and cancel across a valley. As in torch the rate multiplies v afterwards, and the \
            first gradient enters undamped.",
    citation: "B. T. Polyak, USSR Comput. Math. Math. Phys. 4(5) (1964) 1–17, eq. 9; \
               torch.optim.SGD(momentum, dampening)",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.9,
            0.999,
            "How much of the velocity survives a step; 1/(1 − μ) gradients are summed.",
        ),
        Hyperparameter::fraction(
            "dampening",
            "d",
            0.0,
            "Weakens each new gradient by 1 − d; d = μ makes v an average instead of a \
                      sum.",
        ),
    ],
    slots: &[Slot::new("v", "velocity")],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Momentum {
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: &mut Memory<R>) {
        let [mu, dampening] = now.settings();
        let ([velocity], []) = memory.take_apart();
        let weight = if now.number == 1 {
            R::one()
        } else {
            R::one() - dampening
        };
        for ((theta, v), &g) in parameters.iter_mut().zip(velocity).zip(now.gradient) {
            *v = mu * *v + weight * g;
            *theta = *theta - now.learning_rate * *v;
        }
    }
}

impl Optimizer for Momentum {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
