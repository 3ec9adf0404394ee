//! Schedule-free gradient descent.

use super::schedule_free::ScheduleFree;
use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::Real;

/// Gradients taken between the iterate and its running mean.
pub struct ScheduleFreeSgd;

static CARD: OptimizerCard = OptimizerCard {
    id: "schedule_free_sgd",
    name: "Schedule-free SGD",
    family: Family::GradientDescent,
    formula: &[
        "x = (θ − (1 − β₁)·z)/β₁   (z starts at θ)",
        "z ← z − α·g",
        "A ← max(A, α)",
        "W ← W + Aʳ",
        "x ← (1 − Aʳ/W)·x + Aʳ/W·z",
        "θ ← β₁·x + (1 − β₁)·z",
    ],
    about: "Instead of a rate that falls, a mean of the way: z descends at a constant rate, x is \
            the mean of all z, and gradients are taken at θ (the authors' y) between the two. The \
            path shown is θ; the result to use is x, which is kept among the memory. A rate that \
            falls all the same enters at once, here in z and in the weights Aʳ; optax's own \
            schedules reach the weights one update early.",
    citation: "A. Defazio et al., NeurIPS 2024, arXiv:2405.15682, eq. 3–5; \
               optax.contrib.schedule_free_sgd",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter {
            domain: Domain::half_open(0.001, 1.0),
            slider: (0.001, 0.999),
            ..Hyperparameter::average_factor(
                "beta1",
                "β₁",
                0.9,
                0.999,
                "How near gradients are taken to the mean x; the rest is z.",
            )
        },
        Hyperparameter::non_negative(
            "weight_lr_power",
            "r",
            2.0,
            (0.1, 10.0),
            "The power of the greatest rate so far with which a z counts in the mean; 0 counts \
             all alike.",
        ),
    ],
    slots: &[
        Slot::new("z", "iterate of gradient descent").place(),
        Slot::new("x", "weighted mean of all z: the result").place(),
    ],
    scalar_slots: &[
        Slot::new("A", "greatest rate so far"),
        Slot::new("W", "sum of the weights"),
    ],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for ScheduleFreeSgd {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta, power] = now.settings();
        let ([z, x], [greatest, weights]) = memory.take_apart(parameters.len());
        let mut free = ScheduleFree {
            z,
            x,
            greatest,
            weights,
            beta,
            power,
        };
        let share = free.begin(now, parameters);
        for (i, y) in parameters.iter_mut().enumerate() {
            free.advance(i, y, now.learning_rate * now.gradient[i], share);
        }
    }
}

impl Optimizer for ScheduleFreeSgd {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
