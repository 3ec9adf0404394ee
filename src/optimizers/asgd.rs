//! Averaged stochastic gradient descent.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// θ ← (1 − λη)θ − ηg with a rate η that falls, and a running mean of θ.
pub struct Asgd;

static CARD: OptimizerCard = OptimizerCard {
    id: "asgd",
    name: "Averaged SGD",
    family: Family::GradientDescent,
    formula: &[
        "η = α at t = 1",
        "θ ← (1 − λ·η)·θ − η·g",
        "θ̄ ← θ̄ + (θ − θ̄)/max(1, t − 1 − t₀)",
        "η ← α/(1 + λ·α·t)^p",
    ],
    about: "Gradient descent with a slowly falling rate and the running mean of its way, which \
            steadies noisy gradients. The path shown is the iterate θ, not the mean θ̄. As in \
            torch η is set at the end of an update, so that a changed α acts one update later, and \
            by default averaging begins after a million updates.",
    citation: "B. T. Polyak & A. B. Juditsky, SIAM J. Control Optim. 30 (1992) 838–855; rate: W. \
               Xu, arXiv:1107.2490; torch.optim.ASGD",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::non_negative(
            "lambd",
            "λ",
            1e-4,
            (1e-8, 1.0),
            "Decay of the parameters, and how soon the rate falls.",
        ),
        Hyperparameter::non_negative(
            "alpha",
            "p",
            0.75,
            (0.1, 2.0),
            "The power with which the rate falls.",
        ),
        Hyperparameter::non_negative(
            "t0",
            "t₀",
            1e6,
            (1.0, 1e9),
            "The update after which θ̄ is a mean; before, it is θ.",
        ),
    ],
    slots: &[Slot::new("θ̄", "mean of the iterates").place()],
    scalar_slots: &[Slot::new("η", "rate of the next update")],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Asgd {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [decay, power, start] = now.settings();
        let ([average], [rate]) = memory.take_apart(parameters.len());
        if now.number == 1 {
            *rate = now.learning_rate;
        }
        let past = R::constant((now.number - 1) as f64);
        let weight = R::one() / R::one().larger(past - start);
        let averaging = weight.less_than(R::one());
        for ((theta, mean), &g) in parameters.iter_mut().zip(average).zip(now.gradient) {
            *theta = *theta * (R::one() - decay * *rate) - *rate * g;
            *mean = R::select(averaging, *mean + (*theta - *mean) * weight, *theta);
        }
        let growth = R::one() + decay * now.learning_rate * R::constant(now.number as f64);
        *rate = now.learning_rate / growth.power(power);
    }
}

impl Optimizer for Asgd {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
