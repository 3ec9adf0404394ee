//! Aggregated momentum.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// The mean of three velocities that forget at different speeds.
pub struct AggMo;

static CARD: OptimizerCard = OptimizerCard {
    id: "aggmo",
    name: "AggMo",
    family: Family::Momentum,
    formula: &[
        "v₁ ← β₁·v₁ + g",
        "v₂ ← β₂·v₂ + g",
        "v₃ ← β₃·v₃ + g",
        "θ ← θ − α·(v₁ + v₂ + v₃)/3",
    ],
    about: "Aggregated momentum: a heavy ball with a long memory is fast but swings, so its step is \
            averaged with those of balls that forget sooner and brake it. Three equal factors are \
            plain momentum. The number of velocities is the authors' K = 3, with βᵢ = 1 − 0.1ⁱ⁻¹.",
    citation: "J. Lucas, S. Sun, R. Zemel & R. Grosse, ICLR 2019, arXiv:1804.00325, section 3; \
               torch_optimizer.AggMo",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "beta1",
            "β₁",
            0.0,
            0.999,
            "How much of the first velocity survives a step; 0 makes it the gradient itself.",
        ),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.9,
            0.999,
            "How much of the second velocity survives a step; 1/(1 − β₂) gradients are summed.",
        ),
        Hyperparameter::average_factor(
            "beta3",
            "β₃",
            0.99,
            0.9999,
            "How much of the third velocity survives a step; 1/(1 − β₃) gradients are summed.",
        ),
    ],
    slots: &[
        Slot::new("v₁", "velocity that forgets first").uphill(),
        Slot::new("v₂", "velocity in between").uphill(),
        Slot::new("v₃", "velocity that forgets last").uphill(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AggMo {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let betas: [R; 3] = now.settings();
        let (mut velocities, []): ([&mut [R]; 3], &mut [R; 0]) =
            memory.take_apart(parameters.len());
        let rate = now.learning_rate / R::constant(3.0);
        for (i, theta) in parameters.iter_mut().enumerate() {
            for (v, beta) in velocities.iter_mut().zip(betas) {
                v[i] = beta * v[i] + now.gradient[i];
                *theta = *theta - rate * v[i];
            }
        }
    }
}

impl Optimizer for AggMo {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
