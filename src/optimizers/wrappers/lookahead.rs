//! Lookahead.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::{Domain, Real, Scale};
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Lets the rule go k steps ahead and then takes only a part of that way.
pub(super) struct Lookahead;

static CARD: WrapperCard = WrapperCard {
    id: "Lookahead",
    name: "Lookahead",
    formula: &[
        "θ ← θ + Δθ   (Δθ is the rule's step)",
        "every k steps: φ ← (1 − a)·φ + a·θ,  θ ← φ   (φ starts at θ)",
    ],
    about: "k steps forward, one step back: slow weights φ follow the fast ones part of the way, \
            which calms a rule that swings. The rule keeps its memory when it is set back. With \
            k = 1 and a = 1 nothing changes.",
    citation: "M. R. Zhang et al., NeurIPS 2019, arXiv:1907.08610, algorithm 1; optax.lookahead",
    settings: &[
        Hyperparameter {
            id: "k",
            symbol: "k",
            meaning: "How many steps the rule goes ahead.",
            default: 5.0,
            domain: Domain::at_least(1.0),
            slider: (1.0, 50.0),
            scale: Scale::Count,
        },
        Hyperparameter::fraction(
            "alpha",
            "a",
            0.5,
            "Which part of the way the slow weights follow.",
        ),
    ],
    is_positional: false,
    slots: &[Slot::new("φ", "slow weights").place()],
    scalar_slots: &[Slot::new("steps", "steps since the slow weights moved")],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for Lookahead {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [period, share] = now.settings();
        let ([slow], [steps]) = memory.lend().take_apart(parameters.len());
        if now.number == 1 {
            slow.copy_from_slice(parameters);
        }
        inner(now, parameters);
        *steps = *steps + R::one();
        // Whole numbers: half a step apart decides safely.
        let is_time = period.less_than(*steps + R::constant(0.5));
        *steps = R::select(is_time, R::zero(), *steps);
        for (theta, slow) in parameters.iter_mut().zip(slow) {
            // In this form a share of 1 is θ to the last bit.
            let followed = (R::one() - share) * *slow + share * *theta;
            *slow = R::select(is_time, followed, *slow);
            *theta = R::select(is_time, *slow, *theta);
        }
    }
}

impl Wrapper for Lookahead {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
