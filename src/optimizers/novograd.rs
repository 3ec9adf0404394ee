//! NovoGrad.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, norm, quotient};

/// Momentum over gradients divided by their block's running norm.
pub struct NovoGrad;

static CARD: OptimizerCard = OptimizerCard {
    id: "novograd",
    name: "NovoGrad",
    family: Family::LayerWise,
    formula: &[
        "v ← β₂·v + (1 − β₂)·‖g‖²   (v ← ‖g‖² at t = 1)",
        "m ← β₁·m + g/(√v + ε) + λ·θ   (m starts at 0)",
        "θ ← θ − α·m",
    ],
    about: "One second moment for the whole block (here all parameters of a landscape): gradients \
            are brought to a length of about 1 and keep their direction, and momentum sums them \
            up. g is not multiplied by 1 − β₁, so that steps grow to about α/(1 − β₁). β₂ = 0.25 \
            is optax's default.",
    citation: "B. Ginsburg et al., arXiv:1905.11286, algorithm 1; optax.novograd",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "beta1",
            "β₁",
            0.9,
            0.999,
            "How much of the momentum survives a step; 1/(1 − β₁) gradients are summed.",
        ),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.25,
            0.999,
            "Memory of the squared norm; about 1/(1 − β₂) steps are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-6,
            "Added to the root (outside it), so that nothing is divided by zero.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Weight decay that enters the momentum beside the scaled gradient.",
        ),
    ],
    slots: &[Slot::new("m", "momentum of scaled gradients").uphill()],
    scalar_slots: &[Slot::new("v", "mean squared norm of the gradient")],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for NovoGrad {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay] = now.settings();
        let ([momentum], [v]) = memory.take_apart(parameters.len());
        let square = norm(now.gradient.iter().copied()).named("‖g‖").squared();
        *v = if now.number == 1 {
            square
        } else {
            beta2 * *v + (R::one() - beta2) * square
        };
        let scale = v.square_root() + epsilon;
        for ((theta, m), &g) in parameters.iter_mut().zip(momentum).zip(now.gradient) {
            *m = beta1 * *m + quotient(g, scale) + decay * *theta;
            *theta = *theta - now.learning_rate * *m;
        }
    }
}

impl Optimizer for NovoGrad {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
