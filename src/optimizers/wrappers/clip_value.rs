//! Clipping by value.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::Real;
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Keeps every component of the gradient within limits.
pub(super) struct ClipValue;

static CARD: WrapperCard = WrapperCard {
    id: "ClipValue",
    name: "Clip by value",
    formula: &["g̃ = max(−c, min(c, g))"],
    about: "Every component of the gradient is kept between −c and c, each by itself, so that a \
            clipped gradient turns towards a diagonal. What the rule asks by itself (a line \
            search) is not clipped.",
    citation: "torch.nn.utils.clip_grad_value_; optax.clip",
    settings: &[Hyperparameter::non_negative(
        "value",
        "c",
        0.5,
        (1e-3, 1e3),
        "The greatest size of a component.",
    )],
    is_positional: true,
    slots: &[Slot::new("g̃", "the gradient as the rule sees it").uphill()],
    scalar_slots: &[],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for ClipValue {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [limit] = now.settings();
        let ([clipped], []) = memory.lend().take_apart(parameters.len());
        for (clipped, &g) in clipped.iter_mut().zip(now.gradient) {
            *clipped = g.smaller(limit).larger(-limit);
        }
        let gradient = &*clipped;
        inner(&Step { gradient, ..*now }, parameters);
    }
}

impl Wrapper for ClipValue {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
