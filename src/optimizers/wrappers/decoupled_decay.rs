//! Decoupled weight decay.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::Real;
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Shrinks the parameters beside the rule's own step.
pub(super) struct DecoupledDecay;

static CARD: WrapperCard = WrapperCard {
    id: "DecoupledDecay",
    name: "Decoupled weight decay",
    formula: &["θ ← θ + Δθ − α·λ·θ   (Δθ is the rule's step)"],
    about: "The parameters shrink by the share αλ a step, whatever the rule does with gradients: \
            around Adam it gives AdamW. The decay follows the schedule of α. Around Nelder and \
            Mead's method it moves the best corner, so that the simplex begins anew at every step.",
    citation: "I. Loshchilov & F. Hutter, ICLR 2019, arXiv:1711.05101, algorithm 2; \
               torch.optim.AdamW",
    settings: &[Hyperparameter::non_negative(
        "lambda",
        "λ",
        0.01,
        (1e-6, 10.0),
        "The decay; a step takes the share αλ of every parameter.",
    )],
    is_positional: true,
    slots: &[Slot::new("θ", "the parameters before the step").place()],
    scalar_slots: &[],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for DecoupledDecay {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [decay] = now.settings();
        let ([before], []) = memory.lend().take_apart(parameters.len());
        before.copy_from_slice(parameters);
        inner(now, parameters);
        for (theta, &before) in parameters.iter_mut().zip(before.iter()) {
            *theta = *theta - now.learning_rate * decay * before;
        }
    }
}

impl Wrapper for DecoupledDecay {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
