//! Clipping by the norm.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::{Real, norm};
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Shortens a gradient that is longer than a limit, over all blocks at once.
pub(super) struct ClipNorm;

static CARD: WrapperCard = WrapperCard {
    id: "ClipNorm",
    name: "Clip by norm",
    formula: &["g̃ = g·min(1, c/‖g‖)"],
    about: "A gradient longer than c is shortened to c and keeps its direction; the norm is that \
            of all parameters together. What the rule asks by itself (a line search) is not \
            clipped. As in optax nothing is added to ‖g‖; torch adds 10⁻⁶.",
    citation: "R. Pascanu, T. Mikolov & Y. Bengio, ICML 2013, arXiv:1211.5063, algorithm 1; \
               optax.clip_by_global_norm",
    settings: &[Hyperparameter::non_negative(
        "norm",
        "c",
        1.0,
        (1e-3, 1e3),
        "The greatest length of a gradient.",
    )],
    is_positional: true,
    slots: &[Slot::new("g̃", "the gradient as the rule sees it").uphill()],
    scalar_slots: &[],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for ClipNorm {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [limit] = now.settings();
        let ([clipped], []) = memory.lend().take_apart(parameters.len());
        let length = norm(now.gradient.iter().copied()).named("‖g‖");
        let is_long = limit.less_than(length);
        for (clipped, &g) in clipped.iter_mut().zip(now.gradient) {
            *clipped = R::select(is_long, g / length * limit, g);
        }
        let gradient = &*clipped;
        inner(&Step { gradient, ..*now }, parameters);
    }
}

impl Wrapper for ClipNorm {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
