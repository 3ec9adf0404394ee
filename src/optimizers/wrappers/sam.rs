//! Sharpness-aware minimization.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::{Real, norm, quotient};
use crate::optimizers::{Hyperparameter, Memory, Needs, Probe, Slot, Step};

/// Steps by the gradient of the worst point near, over all blocks at once.
pub(super) struct Sam;

static CARD: WrapperCard = WrapperCard {
    id: "Sam",
    name: "SAM",
    formula: &[
        "g̃ = ∇J(θ + ρ·g/‖g‖)   (the climb ε̂ = ρ·g/‖g‖ is 0 where g is)",
        "J̃(x) = J(x + ε̂) is what a rule that asks for more sees",
    ],
    about: "Climbs by ρ along the gradient first and steps by the slope found there: a rule that \
            descends the worst value near by leaves sharp valleys for flat ones. Every step costs \
            a second gradient, of the same mini-batch and noise. A rule that uses the loss or asks \
            for more (a line search) sees J from the climbed point throughout; Nelder and Mead's \
            method, which uses no gradient, cannot be wrapped.",
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
        Slot::new("ε̂", "the climb").uphill(),
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
        let ([climb, climbed, gradient], []) = memory.lend().take_apart(parameters.len());
        let length = norm(now.gradient.iter().copied()).named("‖g‖");
        for (i, &g) in now.gradient.iter().enumerate() {
            climb[i] = radius * quotient(g, length);
            climbed[i] = parameters[i] + climb[i];
        }
        let loss = now.objective.gradient(climbed, gradient);
        let step = Step {
            loss,
            gradient: &*gradient,
            objective: &Climbed {
                objective: now.objective,
                climb: &*climb,
            },
            ..*now
        };
        inner(&step, parameters);
    }
}

/// The objective as it looks from points moved by one and the same climb.
struct Climbed<'a, R> {
    objective: &'a dyn Probe<R>,
    climb: &'a [R],
}

impl<R: Real> Climbed<'_, R> {
    fn moved(&self, at: &[R]) -> Vec<R> {
        let pairs = at.iter().zip(self.climb);
        pairs.map(|(&w, &climb)| w + climb).collect()
    }
}

impl<R: Real> Probe<R> for Climbed<'_, R> {
    fn value(&self, at: &[R]) -> R {
        self.objective.value(&self.moved(at))
    }

    fn gradient(&self, at: &[R], gradient: &mut [R]) -> R {
        self.objective.gradient(&self.moved(at), gradient)
    }

    fn hessian(&self, at: &[R], rows: &mut [R]) {
        self.objective.hessian(&self.moved(at), rows);
    }

    fn hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        self.objective.hessian_diagonal(&self.moved(at), diagonal);
    }

    fn sampled_hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        let at = self.moved(at);
        self.objective.sampled_hessian_diagonal(&at, diagonal);
    }
}

impl Wrapper for Sam {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
