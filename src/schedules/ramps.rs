//! Rates that go from one value to another in a given time: polynomial, linear, cosine.

use super::card::{ScheduleCard, ScheduleParameter};
use super::curves::{half_wave, scaled, share, straight};
use super::{Per, Schedule};
use crate::optimizers::Domain;

const STEPS: ScheduleParameter = ScheduleParameter::steps(
    "steps",
    "Steps",
    "How many epochs or updates it takes; then the last rate stays.",
);

pub const POLYNOMIAL: ScheduleCard = ScheduleCard {
    id: "Polynomial",
    name: "Polynomial",
    formula: "αₖ = α·(1 − min(k−1, steps)/steps)^power",
    about: "Falls to 0 in a given time: straight for power 1, sooner for more. The first update \
            has the whole rate, update steps + 1 and all later ones have 0.",
    source: "torch.optim.lr_scheduler.PolynomialLR; L.-C. Chen et al. (2016) arXiv:1606.00915, \
             §4.1 (“poly”)",
    parameters: &[
        STEPS,
        ScheduleParameter::number(
            "power",
            "Power",
            "How bent the fall is; 1 is straight.",
            Domain::NON_NEGATIVE,
            (0.1, 10.0),
        ),
        ScheduleParameter::PER,
    ],
    template: || Schedule::Polynomial {
        steps: 150,
        power: 1.0,
        per: Per::Epoch,
    },
};

pub fn polynomial(base: f64, done: f64, steps: f64, power: f64) -> f64 {
    base * libm::pow(1.0 - share(done, steps), power)
}

pub const LINEAR: ScheduleCard = ScheduleCard {
    id: "Linear",
    name: "Linear",
    formula: "αₖ = α·(start + (end − start)·min(k−1, steps)/steps)",
    about: "From one share of the rate straight to another, up or down; the last one stays. The \
            first update has the start's share.",
    source: "torch.optim.lr_scheduler.LinearLR",
    parameters: &[
        ScheduleParameter::factor(
            "start_factor",
            "Start ×",
            "The share of the rate at the first update.",
            Domain::NON_NEGATIVE,
        ),
        ScheduleParameter::factor(
            "end_factor",
            "End ×",
            "The share of the rate at the end and after it.",
            Domain::NON_NEGATIVE,
        ),
        STEPS,
        ScheduleParameter::PER,
    ],
    template: || Schedule::Linear {
        start_factor: 1.0,
        end_factor: 0.0,
        steps: 150,
        per: Per::Epoch,
    },
};

pub fn linear(base: f64, done: f64, (start, end): (f64, f64), steps: f64) -> f64 {
    scaled(base, straight(start, end, share(done, steps)))
}

pub const COSINE: ScheduleCard = ScheduleCard {
    id: "Cosine",
    name: "Cosine",
    formula: "αₖ = floor + (α − floor)·(1 + cos(π·min(k−1, steps)/steps))/2",
    about: "Half a cosine wave: slow at first, fast in the middle, slow at the end. The first \
            update has the whole rate; after `steps` it stays at the floor, where torch's swings \
            up again.",
    source: "I. Loshchilov & F. Hutter, ICLR 2017, arXiv:1608.03983, eq. 5; \
             torch.optim.lr_scheduler.CosineAnnealingLR",
    parameters: &[STEPS, ScheduleParameter::FLOOR, ScheduleParameter::PER],
    template: || Schedule::Cosine {
        steps: 150,
        floor: 0.0,
        per: Per::Epoch,
    },
};

pub fn cosine(base: f64, done: f64, steps: f64, floor: f64) -> f64 {
    half_wave(base, floor, share(done, steps))
}
