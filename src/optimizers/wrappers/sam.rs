//! Sharpness-aware minimization.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::{Real, norm};
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Steps by the gradient of the worst point near, over all blocks at once.
pub(super) struct Sam;

static CARD: WrapperCard = WrapperCard {
    id: "Sam",
    name: "SAM",
    formula: &["g̃ = ∇J(θ + ρ·g/‖g‖)"],
    about: "Climbs by ρ along the gradient first and steps by the slope found there: a rule that \
            descends the worst value near by leaves sharp valleys for flat ones. Every step costs \
            a second gradient, of the same mini-batch and noise. Where g is 0 there is no climb.",
    citation: "P. Foret et al., ICLR 2021, arXiv:2010.01412, eq. 2–3 with p = 2; optax.contrib.sam",
    settings: &[Hyperparameter::non_negative(
        "rho",
        "ρ",
        0.05,
        (1e-4, 10.0),
        "How far away the worst point is looked for.",
    )],
    is_positional: false,
    slots: &[
        Slot::new("θ̂", "the point climbed to").place(),
        Slot::new("g̃", "the gradient there, as the rule sees it").uphill(),
    ],
    scalar_slots: &[],
    needs: Needs::Gradients,
};

impl<R: Real> Wrap<R> for Sam {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [radius] = now.settings();
        let ([climbed, gradient], []) = memory.take_apart();
        let length = norm(now.gradient.iter().copied());
        let slopes = R::zero().less_than(length);
        for ((climbed, &theta), &g) in climbed.iter_mut().zip(parameters.iter()).zip(now.gradient) {
            *climbed = R::select(slopes, theta + radius * (g / length), theta);
        }
        now.objective.gradient(climbed, gradient);
        let gradient = &*gradient;
        inner(&Step { gradient, ..*now }, parameters);
    }
}

impl Wrapper for Sam {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
