//! Yogi.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam whose second moment moves by steps of (1 − β₂)g².
pub struct Yogi;

static CARD: OptimizerCard = OptimizerCard {
    id: "yogi",
    name: "Yogi",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g   (m and v start at v₀)",
        "v ← v − (1 − β₂)·sign(v − g²)·g²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/(√v̂ + ε)",
    ],
    about: "Adam with a second moment that cannot collapse: v moves towards g² by at most (1 − \
            β₂)·g², so that small gradients raise the rate only slowly. As in optax both moments \
            start at the accumulator's initial value and are bias-corrected all the same; the \
            paper corrects neither.",
    citation: "M. Zaheer et al., NeurIPS 2018, Adaptive Methods for Nonconvex Optimization, \
               algorithm 2; optax.yogi",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-3,
            "Added to the root after bias correction; the step shrinks where √v̂ < ε.",
        ),
        Hyperparameter::non_negative(
            "initial_accumulator",
            "v₀",
            1e-6,
            (1e-10, 1.0),
            "What both moments hold before the first gradient.",
        ),
    ],
    slots: &[
        Slot::new("m", "first moment: mean gradient, from v₀ on").uphill(),
        Slot::new("v", "second moment, from v₀ on").squares(),
    ],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Yogi {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, initial] = now.settings();
        let ([m, v], [power1, power2]) = memory.take_apart(parameters.len());
        if now.number == 1 {
            m.fill(initial);
            v.fill(initial);
        }
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            let square = g.squared();
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = v[i] - (R::one() - beta2) * (v[i] - square).sign() * square;
            let m_hat = (m[i] / correction1).named("m̂");
            let v_hat = (v[i] / correction2).named("v̂");
            *theta = *theta - quotient(now.learning_rate * m_hat, v_hat.square_root() + epsilon);
        }
    }
}

impl Optimizer for Yogi {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
