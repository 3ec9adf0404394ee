//! Rprop.

use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::Real;

/// A step length for each parameter, from the gradient's signs alone.
pub struct Rprop;

static CARD: OptimizerCard = OptimizerCard {
    id: "rprop",
    name: "Rprop",
    family: Family::Sign,
    formula: &[
        "s = sign(g·g₋)   (g₋ is the gradient before; Δ starts at α)",
        "Δ ← Δ·η₊ where s > 0,  Δ·η₋ where s < 0,  within [Δ₋, Δ₊]",
        "g ← 0 where s < 0",
        "θ ← θ − Δ·sign(g)",
    ],
    about: "Each parameter has its own step length: it grows while the gradient keeps its sign and \
            shrinks when it turns, and after a turn one step is left out. Made for full gradients, \
            not for noisy ones. α is only the first length; as in torch later rates, so also \
            schedules, do nothing.",
    citation: "M. Riedmiller & H. Braun, ICNN 1993, 586–591, as iRprop⁻ of C. Igel & M. Hüsken, NC \
               2000, 115–121; torch.optim.Rprop",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "eta_minus",
            "η₋",
            0.5,
            0.99,
            "What the step length is multiplied by when the gradient turns.",
        ),
        Hyperparameter {
            domain: Domain::at_least(1.0),
            ..Hyperparameter::non_negative(
                "eta_plus",
                "η₊",
                1.2,
                (1.01, 4.0),
                "What the step length is multiplied by while the gradient keeps its sign.",
            )
        },
        Hyperparameter::non_negative(
            "step_min",
            "Δ₋",
            1e-6,
            (1e-12, 1.0),
            "The least step length.",
        ),
        Hyperparameter::non_negative(
            "step_max",
            "Δ₊",
            50.0,
            (1e-3, 1000.0),
            "The greatest step length.",
        ),
    ],
    slots: &[
        Slot::new("Δ", "step length, from α on").sizes(),
        Slot::new("g₋", "the gradient before, 0 after a turn").uphill(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Rprop {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [shrink, grow, least, most] = now.settings();
        let ([size, before], []) = memory.take_apart(parameters.len());
        if now.number == 1 {
            size.fill(now.learning_rate);
        }
        for (i, theta) in parameters.iter_mut().enumerate() {
            let product = now.gradient[i] * before[i];
            let turned = product.less_than(R::zero());
            let kept = R::zero().less_than(product);
            let factor = R::select(turned, shrink, R::select(kept, grow, R::one()));
            size[i] = (size[i] * factor).larger(least).smaller(most);
            before[i] = R::select(turned, R::zero(), now.gradient[i]);
            *theta = *theta - size[i] * before[i].sign();
        }
    }
}

impl Optimizer for Rprop {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
