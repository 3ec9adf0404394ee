//! L2 regularization.

use super::{Inner, Wrap, Wrapper, WrapperCard};
use crate::numbers::Real;
use crate::optimizers::{Hyperparameter, Memory, Needs, Probe, Slot, Step};

/// Adds ½λ‖θ‖² to the objective as the rule sees it.
pub(super) struct L2;

static CARD: WrapperCard = WrapperCard {
    id: "L2",
    name: "L2 penalty",
    formula: &["g̃ = g + λ·θ"],
    about: "The rule descends J + ½λ‖θ‖²: the pull to the origin goes through its memory and its \
            scaling like any gradient, so that under Adam parameters with large gradients \
            shrink less. The loss that is shown stays J.",
    citation: "torch.optim (weight_decay); I. Loshchilov & F. Hutter, ICLR 2019, \
               arXiv:1711.05101, algorithm 1",
    settings: &[Hyperparameter::non_negative(
        "lambda",
        "λ",
        0.01,
        (1e-6, 10.0),
        "The strength of the penalty.",
    )],
    is_positional: true,
    slots: &[Slot::new("g̃", "the gradient as the rule sees it").uphill()],
    scalar_slots: &[],
    needs: Needs::Gradient,
};

impl<R: Real> Wrap<R> for L2 {
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    ) {
        let [strength] = now.settings();
        let ([penalised], []) = memory.lend().take_apart(parameters.len());
        penalised.copy_from_slice(now.gradient);
        let objective = Penalised {
            objective: now.objective,
            strength,
        };
        objective.add_slope(parameters, penalised);
        let step = Step {
            loss: now.loss + objective.penalty(parameters),
            gradient: &*penalised,
            objective: &objective,
            ..*now
        };
        inner(&step, parameters);
    }
}

/// The objective with its penalty.
struct Penalised<'a, R> {
    objective: &'a dyn Probe<R>,
    strength: R,
}

impl<R: Real> Penalised<'_, R> {
    fn penalty(&self, at: &[R]) -> R {
        let squares = at.iter().fold(R::zero(), |sum, w| sum + w.squared());
        R::constant(0.5) * self.strength * squares
    }

    fn add_slope(&self, at: &[R], gradient: &mut [R]) {
        for (g, &w) in gradient.iter_mut().zip(at) {
            *g = *g + self.strength * w;
        }
    }

    fn add_curvature<'v>(&self, diagonal: impl Iterator<Item = &'v mut R>) {
        for h in diagonal {
            *h = *h + self.strength;
        }
    }
}

impl<R: Real> Probe<R> for Penalised<'_, R> {
    fn value(&self, at: &[R]) -> R {
        self.objective.value(at) + self.penalty(at)
    }

    fn gradient(&self, at: &[R], gradient: &mut [R]) -> R {
        let value = self.objective.gradient(at, gradient);
        self.add_slope(at, gradient);
        value + self.penalty(at)
    }

    fn hessian(&self, at: &[R], rows: &mut [R]) {
        self.objective.hessian(at, rows);
        self.add_curvature(rows.iter_mut().step_by(at.len() + 1));
    }

    fn hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        self.objective.hessian_diagonal(at, diagonal);
        self.add_curvature(diagonal.iter_mut());
    }

    fn sampled_hessian_diagonal(&self, at: &[R], diagonal: &mut [R]) {
        self.objective.sampled_hessian_diagonal(at, diagonal);
        self.add_curvature(diagonal.iter_mut());
    }
}

impl Wrapper for L2 {
    fn card(&self) -> &'static WrapperCard {
        &CARD
    }
}
