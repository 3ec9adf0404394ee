//! Schedule-free AdamW.

use super::schedule_free::ScheduleFree;
use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::{Real, quotient};

/// AdamW whose momentum is replaced by a mean of its way.
pub struct ScheduleFreeAdamW;

static CARD: OptimizerCard = OptimizerCard {
    id: "schedule_free_adamw",
    name: "Schedule-free AdamW",
    family: Family::Adaptive,
    formula: &[
        "v ← β₂·v + (1 − β₂)·g²",
        "v̂ = v/(1 − β₂ᵗ)",
        "x = (θ − (1 − β₁)·z)/β₁   (z starts at θ)",
        "z ← z − α·(g/(√v̂ + ε) + λ·θ)",
        "A ← max(A, α)",
        "W ← W + Aʳ",
        "x ← (1 − Aʳ/W)·x + Aʳ/W·z",
        "θ ← β₁·x + (1 − β₁)·z",
    ],
    about: "Neither a rate that falls nor Adam's mean gradient: z takes AdamW's steps without \
            momentum, x is the mean of all z, and gradients are taken at θ (the authors' y) \
            between the two. The path shown is θ; the result to use is x, which is kept among the \
            memory. Warm-up is left to the schedule, whose rate enters at once, here in z and in \
            the weights Aʳ; optax's own schedules reach the weights one update early.",
    citation: "A. Defazio et al., NeurIPS 2024, arXiv:2405.15682, algorithm 1; \
               optax.contrib.schedule_free_adamw",
    default_learning_rate: 0.0025,
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
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: z moves against the parameters by αλ of their size.",
        ),
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
        Slot::SECOND_MOMENT,
        Slot::new("z", "iterate of AdamW without momentum").place(),
        Slot::new("x", "weighted mean of all z: the result").place(),
    ],
    scalar_slots: &[
        Slot::BETA2_POWER,
        Slot::new("A", "greatest rate so far"),
        Slot::new("W", "sum of the weights"),
    ],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for ScheduleFreeAdamW {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay, power] = now.settings();
        let ([v, z, x], [power2, greatest, weights]) = memory.take_apart(parameters.len());
        *power2 = *power2 * beta2;
        let correction2 = R::one() - *power2;
        let mut free = ScheduleFree {
            z,
            x,
            greatest,
            weights,
            beta: beta1,
            power,
        };
        let share = free.begin(now, parameters);
        for (i, y) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let v_hat = (v[i] / correction2).named("v̂");
            let direction = quotient(g, v_hat.square_root() + epsilon) + decay * *y;
            free.advance(i, y, now.learning_rate * direction, share);
        }
    }
}

impl Optimizer for ScheduleFreeAdamW {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
