//! ADOPT.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam that scales each gradient by the second moment before it.
pub struct Adopt;

static CARD: OptimizerCard = OptimizerCard {
    id: "adopt",
    name: "ADOPT",
    family: Family::Adaptive,
    formula: &[
        "t = 1: v ← g², no step",
        "m ← β₁·m + (1 − β₁)·clamp(g/max(√v, ε), −c, c)   (c = ⁴√(t − 1))",
        "θ ← θ − α·m",
        "v ← β₂·v + (1 − β₂)·g²",
    ],
    about: "Adam with the order changed so that it converges for every β₂: the gradient is scaled \
            by the v of the steps before, of which it is no part, and only then averaged. The \
            first update only fills v. The bound c, which the authors added later, keeps the first \
            steps short.",
    citation: "S. Taniguchi et al., NeurIPS 2024, arXiv:2411.02853, algorithm 2; \
               optax.contrib.adopt",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.9999),
        Hyperparameter::epsilon(
            1e-6,
            "The least value of √v, so that nothing is divided by zero.",
        ),
    ],
    slots: &[
        Slot::new("m", "mean scaled gradient").uphill(),
        Slot::new("v", "mean squared gradient").squares(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adopt {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon] = now.settings();
        let ([m, v], []) = memory.take_apart(parameters.len());
        if now.number == 1 {
            for (v, g) in v.iter_mut().zip(now.gradient) {
                *v = g.squared();
            }
            return;
        }
        let bound = R::constant((now.number - 1) as f64)
            .square_root()
            .square_root();
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            let scaled = quotient(g, v[i].square_root().larger(epsilon));
            let clamped = scaled.larger(-bound).smaller(bound);
            m[i] = beta1 * m[i] + (R::one() - beta1) * clamped;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            *theta = *theta - now.learning_rate * m[i];
        }
    }
}

impl Optimizer for Adopt {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
