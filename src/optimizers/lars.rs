//! LARS.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, norm};

/// Momentum whose rate grows with the block's parameters and falls with its gradient.
pub struct Lars;

static CARD: OptimizerCard = OptimizerCard {
    id: "lars",
    name: "LARS",
    family: Family::LayerWise,
    formula: &[
        "u = g + λ·θ",
        "r = c·‖θ‖/(‖u‖ + ε)   (1 where a norm is 0)",
        "v ← μ·v + α·r·u",
        "θ ← θ − v",
    ],
    about: "Every block moves by a fixed share of its own length, α·c·‖θ‖, whatever its gradient's \
            size: made so that large batches don't tear single layers apart. The trust ratio r is \
            taken over the block (here all parameters of a landscape), and the rate is inside the \
            velocity. As in optax λθ is added before the norm is taken; the paper adds their \
            norms. c = 0.001 is why α is so large.",
    citation: "Y. You, I. Gitman & B. Ginsburg, arXiv:1708.03888, algorithm 1; optax.lars",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.9,
            0.999,
            "How much of the velocity survives a step; 1/(1 − μ) steps are summed.",
        ),
        Hyperparameter::non_negative(
            "trust_coefficient",
            "c",
            0.001,
            (1e-5, 1.0),
            "The share of its own length that a block moves at the rate 1.",
        ),
        Hyperparameter::epsilon(0.0, "Added to the norm of the gradient in the trust ratio."),
        Hyperparameter::weight_decay(
            0.0,
            "Weight decay that is part of the gradient: λθ is added before the norms.",
        ),
    ],
    slots: &[Slot::new("v", "velocity, with the rates in it").uphill()],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Lars {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [mu, trust, epsilon, decay] = now.settings();
        let ([velocity], []) = memory.take_apart(parameters.len());
        let update = |(&theta, &g): (&R, &R)| (g + decay * theta).named("u");
        let length = norm(parameters.iter().copied()).named("‖θ‖");
        let slope = norm(parameters.iter().zip(now.gradient).map(update)).named("‖u‖");
        let neither_is_zero = R::zero().less_than(length.smaller(slope));
        let ratio = R::select(
            neither_is_zero,
            trust * length / (slope + epsilon),
            R::one(),
        )
        .named("r");
        for ((theta, v), &g) in parameters.iter_mut().zip(velocity).zip(now.gradient) {
            *v = mu * *v + now.learning_rate * ratio * update((theta, &g));
            *theta = *theta - *v;
        }
    }
}

impl Optimizer for Lars {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
