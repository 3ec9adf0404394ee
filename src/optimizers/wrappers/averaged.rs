//! Averaging of the iterates.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::{Domain, Real, Scale};
use crate::optimizers::{Hyperparameter, Memory, Needs, Slot, Step};

/// Shows the mean of the points that the rule visits, in place of the last one.
pub(super) struct Averaged;

static CARD: WrapperCard = WrapperCard {
    id: "Averaged",
    name: "Averaged iterates",
    formula: &[
        "θ ← θ + Δθ   (Δθ is the rule's step)",
        "θ̄ ← θ̄ + w·(θ − θ̄) after s steps, θ̄ = θ until then",
        "w = 1/n for the n-th averaged point, or 1 − d",
    ],
    about: "The rule goes its way unchanged; what is shown, and whose loss is plotted, is the \
            mean θ̄ of the points visited after the first s steps (Polyak and Ruppert), which \
            noise moves less. With d > 0 older points are forgotten (exponential moving average).",
    citation: "B. T. Polyak & A. B. Juditsky, SIAM J. Control Optim. 30(4) (1992) 838–855, eq. 2; \
               torch.optim.swa_utils.AveragedModel",
    settings: &[
        Hyperparameter {
            id: "start",
            symbol: "s",
            meaning: "After how many steps averaging begins.",
            default: 0.0,
            domain: Domain::NON_NEGATIVE,
            slider: (0.0, 1000.0),
            scale: Scale::Count,
        },
        Hyperparameter::average_factor(
            "decay",
            "d",
            0.0,
            0.9999,
            "How much of the mean survives a step; 0 weighs all points the same.",
        ),
    ],
    is_positional: false,
    slots: &[Slot::new("θ̄", "mean of the points").place()],
    scalar_slots: &[
        Slot::new("steps", "steps so far"),
        Slot::new("n", "points in the mean"),
    ],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for Averaged {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [start, decay] = now.settings();
        let ([mean], [steps, points]) = memory.lend().take_apart(parameters.len());
        inner(now, parameters);
        *steps = *steps + R::one();
        let averages = start.less_than(*steps);
        *points = R::select(averages, *points + R::one(), *points);
        // The first point is the mean itself, however fast it is forgotten later.
        let is_first = points.less_than(R::constant(1.5));
        let forgets = R::zero().less_than(decay);
        let weight = R::select(forgets, R::one() - decay, R::one() / *points);
        for (mean, &theta) in mean.iter_mut().zip(parameters.iter()) {
            let moved = *mean + weight * (theta - *mean);
            *mean = R::select(is_first, theta, moved);
        }
    }

    fn shown<'m>(&self, memory: &'m Memory<R>) -> Option<&'m [R]> {
        Some(memory.slot(0))
    }
}

impl Wrapper for Averaged {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
