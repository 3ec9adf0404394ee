//! Nesterov's accelerated gradient.

use super::{
    Family, Hyperparameter, Memory, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// v ← μv + g; θ ← θ − α(g + μv).
pub struct Nesterov;

static CARD: OptimizerCard = OptimizerCard {
    id: "nesterov",
    name: "Nesterov momentum",
    family: Family::Momentum,
    formula: &["v ← μ·v + g", "θ ← θ − α·(g + μ·v)"],
    about: "Momentum that looks ahead: the step uses the velocity as it will be, which brakes \
            earlier when the slope turns. Written, as in torch, in the variable after the look \
            ahead.",
    citation: "Y. Nesterov, Soviet Math. Dokl. 27 (1983) 372–376; form of Sutskever et al., ICML \
               2013, sec. 2; torch.optim.SGD(nesterov=True)",
    default_learning_rate: 0.001,
    hyperparameters: &[Hyperparameter::average_factor(
        "momentum",
        "μ",
        0.9,
        0.999,
        "How much of the velocity survives a step; 1/(1 − μ) gradients are summed.",
    )],
    slots: &[Slot::new("v", "velocity")],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Nesterov {
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: &mut Memory<R>) {
        let [mu] = now.settings();
        let ([velocity], []) = memory.take_apart();
        for ((theta, v), &g) in parameters.iter_mut().zip(velocity).zip(now.gradient) {
            *v = mu * *v + g;
            *theta = *theta - now.learning_rate * (g + mu * *v);
        }
    }
}

impl Optimizer for Nesterov {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
