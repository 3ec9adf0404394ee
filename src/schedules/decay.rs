//! Rates that fall a little every time: inverse time, inverse square root, exponential, factor.

use super::card::{ScheduleCard, ScheduleParameter};
use super::curves::scaled;
use super::{Per, Schedule};
use crate::optimizers::Domain;

pub const INVERSE_TIME: ScheduleCard = ScheduleCard {
    id: "InverseTime",
    name: "Inverse time (decay)",
    formula: "αₖ = α/(1 + rate·k), k = 1 at the first update",
    about: "Large steps first, then ever smaller ones, as 1/k in the long run: the “decay” field \
            of the AI Notes page and of older Keras.",
    source: "H. Robbins & S. Monro, Ann. Math. Statist. 22 (1951) 400–407; AI Notes optimizer.js; \
             Keras InverseTimeDecay",
    parameters: &[
        ScheduleParameter::number(
            "rate",
            "Decay",
            "Decay an epoch: after 1/rate epochs the learning rate is halved.",
            Domain::NON_NEGATIVE,
            (1e-5, 10.0),
        ),
        ScheduleParameter::PER,
    ],
    template: || Schedule::InverseTime {
        rate: 0.01,
        per: Per::Epoch,
    },
};

/// `k` counts from 1.
pub fn inverse_time(base: f64, k: f64, rate: f64) -> f64 {
    base / (1.0 + rate * k)
}

pub const INVERSE_SQRT: ScheduleCard = ScheduleCard {
    id: "InverseSqrt",
    name: "Inverse square root",
    formula: "αₖ = α/√k, k = 1 at the first update",
    about: "Falls more slowly than inverse time, so that convex problems with noisy gradients \
            still converge. The first update has the whole rate; d2l's notebooks set each rate \
            one epoch later.",
    source: "d2l SquareRootScheduler; A. Vaswani et al. (2017) arXiv:1706.03762, §5.3, without \
             its warm-up",
    parameters: &[ScheduleParameter::PER],
    template: || Schedule::InverseSqrt { per: Per::Epoch },
};

/// `k` counts from 1.
pub fn inverse_sqrt(base: f64, k: f64) -> f64 {
    base / k.max(1.0).sqrt()
}

pub const EXPONENTIAL: ScheduleCard = ScheduleCard {
    id: "Exponential",
    name: "Exponential",
    formula: "αₖ = α·factorᵏ⁻¹",
    about: "The same share is lost every time. The first update has the whole rate. A factor \
            above 1 makes it grow: a range test for learning rates.",
    source: "torch.optim.lr_scheduler.ExponentialLR",
    parameters: &[
        ScheduleParameter::factor(
            "factor",
            "Factor",
            "What remains of the rate each time.",
            Domain::NON_NEGATIVE,
        ),
        ScheduleParameter::PER,
    ],
    template: || Schedule::Exponential {
        factor: 0.98,
        per: Per::Epoch,
    },
};

/// `times` is how often the factor has been applied.
pub fn exponential(base: f64, times: f64, factor: f64) -> f64 {
    scaled(base, libm::pow(factor, times))
}

pub const FACTOR: ScheduleCard = ScheduleCard {
    id: "Factor",
    name: "Factor with a stop",
    formula: "αₖ = max(stop, α·factorᵏ)",
    about: "Exponential decay that ends at a least rate. As in d2l the factor is applied before \
            the first update already.",
    source: "d2l FactorScheduler",
    parameters: &[
        ScheduleParameter::factor(
            "factor",
            "Factor",
            "What remains of the rate each time.",
            Domain::NON_NEGATIVE,
        ),
        ScheduleParameter::rate("stop", "Stop", "The least rate."),
        ScheduleParameter::PER,
    ],
    template: || Schedule::Factor {
        factor: 0.98,
        stop: 1e-5,
        per: Per::Epoch,
    },
};

/// `k` counts from 1.
pub fn factor(base: f64, k: f64, factor: f64, stop: f64) -> f64 {
    exponential(base, k, factor).max(stop)
}
