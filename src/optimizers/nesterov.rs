//! Nesterov's accelerated gradient.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, second,
};
use crate::numbers::Real;

/// v ← μv + g; θ ← θ − α(g + μv).
pub struct Nesterov;

static CARD: OptimizerCard = OptimizerCard {
    id: "nesterov",
    name: "Nesterov momentum",
    family: Family::Momentum,
    formula: &[
        "v ← μ·v + g",
        "θ ← θ − α·(g + μ·v)",
        "Keras: v ← μ·v + α·g,  θ ← θ − (α·g + μ·v)",
    ],
    about: "Momentum that looks ahead: the step uses the velocity as it will be, which brakes \
            earlier when the slope turns. Written, as in torch, in the variable after the look \
            ahead.",
    citation: "Y. Nesterov, Soviet Math. Dokl. 27 (1983) 372–376; form of Sutskever et al., ICML \
               2013, sec. 2; torch.optim.SGD(nesterov=True)",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.9,
            0.999,
            "How much of the velocity survives a step; 1/(1 − μ) gradients are summed.",
        ),
        Hyperparameter::RATE_IN_VELOCITY,
    ],
    slots: &[Slot::new("v", "velocity").uphill()],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::torch("The rate multiplies the velocity."),
        Variant::keras(&[("rate_inside", 1.0)], "The rate is kept in the velocity."),
        Variant::paper(
            &[("rate_inside", 1.0)],
            "Sutskever et al. keep the rate in the velocity; θ is their point of the look ahead.",
        ),
    ],
    stability: Some(Stability {
        formula: "2·(1 + μ)/((1 + 2·μ)·α)",
        factor: |settings| 2.0 * (1.0 + settings[0]) / (1.0 + 2.0 * settings[0]),
        divisor: None,
        source: "J. M. Cohen et al., ICLR 2021, arXiv:2103.00065, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Nesterov {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [mu, rate_inside] = now.settings();
        let ([velocity], []) = memory.take_apart(parameters.len());
        let inside = R::select(second(rate_inside), now.learning_rate, R::one());
        let outside = R::select(second(rate_inside), R::one(), now.learning_rate);
        for ((theta, v), &g) in parameters.iter_mut().zip(velocity).zip(now.gradient) {
            *v = mu * *v + inside * g;
            *theta = *theta - outside * (inside * g + mu * *v);
        }
    }
}

impl Optimizer for Nesterov {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
