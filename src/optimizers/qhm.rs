//! Quasi-hyperbolic momentum.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// m ← μm + (1 − μ)g; θ ← θ − α((1 − ν)g + νm).
pub struct Qhm;

static CARD: OptimizerCard = OptimizerCard {
    id: "qhm",
    name: "Quasi-hyperbolic momentum",
    family: Family::Momentum,
    formula: &["m ← μ·m + (1 − μ)·g", "θ ← θ − α·((1 − ν)·g + ν·m)"],
    about: "A weighted mean of a plain gradient step and a momentum step. ν = 0 is gradient \
            descent and ν = 1 momentum as a running mean; Nesterov's is ν = μ at the rate α/(1 − \
            μ). The authors advise ν = 0.7 and μ up to 0.999.",
    citation: "J. Ma & D. Yarats, ICLR 2019, arXiv:1810.06801, eq. 3; qhoptim.pyt.QHM",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::fraction(
            "nu",
            "ν",
            0.7,
            "The share of the mean gradient in the step; the rest is the gradient itself.",
        ),
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.995,
            0.9999,
            "Memory of the gradients; about 1/(1 − μ) steps are averaged.",
        ),
    ],
    slots: &[Slot::new("m", "mean gradient").uphill()],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Qhm {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [nu, mu] = now.settings();
        let ([mean], []) = memory.take_apart(parameters.len());
        for ((theta, m), &g) in parameters.iter_mut().zip(mean).zip(now.gradient) {
            *m = mu * *m + (R::one() - mu) * g;
            *theta = *theta - now.learning_rate * ((R::one() - nu) * g + nu * *m);
        }
    }
}

impl Optimizer for Qhm {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
