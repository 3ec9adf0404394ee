//! Rates that rise again: warm restarts, one cycle, triangles.

use super::card::{ScheduleCard, ScheduleParameter};
use super::curves::{half_wave, share, straight};
use super::{Per, Schedule, ramps};
use crate::optimizers::Domain;

pub const COSINE_RESTARTS: ScheduleCard = ScheduleCard {
    id: "CosineRestarts",
    name: "Cosine with restarts",
    formula: "αₖ = floor + (α − floor)·(1 + cos(π·t/T))/2, t of T updates into the wave; \
              T = first, first·growth, first·growth², …",
    about: "Half a cosine wave down, then at once back to the whole rate, in waves that may grow \
            longer. A wave's first update has the whole rate; none quite reaches the floor.",
    source: "I. Loshchilov & F. Hutter, ICLR 2017, arXiv:1608.03983 (SGDR), eq. 5; \
             torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
    parameters: &[
        ScheduleParameter::count("first", "First", "How long the first wave is.", 1, 150),
        ScheduleParameter::count(
            "growth",
            "Growth",
            "How many times as long as the wave before each wave is.",
            1,
            4,
        ),
        ScheduleParameter::FLOOR,
        ScheduleParameter::PER,
    ],
    template: || Schedule::CosineRestarts {
        first: 25,
        growth: 2,
        floor: 0.0,
        per: Per::Epoch,
    },
};

pub fn cosine_restarts(base: f64, done: u64, (first, growth): (u64, u64), floor: f64) -> f64 {
    let (into, length) = place_in_wave(done, first.max(1), growth);
    ramps::cosine(base, into as f64, length as f64, floor)
}

/// How far into its wave the time `done` is, and how long that wave is.
fn place_in_wave(done: u64, first: u64, growth: u64) -> (u64, u64) {
    if growth <= 1 {
        return (done % first, first);
    }
    let (mut into, mut length) = (done, first);
    while into >= length {
        into -= length;
        length = length.saturating_mul(growth);
    }
    (into, length)
}

pub const ONE_CYCLE: ScheduleCard = ScheduleCard {
    id: "OneCycle",
    name: "One cycle",
    formula: "half waves α/initial_divisor ↗ α until k−1 = warmup_fraction·steps − 1, then \
              ↘ α/(initial_divisor·final_divisor) at k = steps",
    about: "Up to the run's rate, which is the peak, and down to almost nothing, once. As in \
            torch the peak lies one update before the fraction's end; after `steps` updates the \
            last rate stays, where torch's refuses to go on. Momentum is left alone.",
    source: "L. N. Smith & N. Topin (2018) arXiv:1708.07120; \
             torch.optim.lr_scheduler.OneCycleLR(anneal_strategy=\"cos\")",
    parameters: &[
        ScheduleParameter::steps("steps", "Steps", "How long the whole cycle is."),
        ScheduleParameter::factor(
            "warmup_fraction",
            "Rise",
            "The share of the cycle in which the rate rises.",
            Domain::closed(0.0, 1.0),
        ),
        ScheduleParameter::number(
            "initial_divisor",
            "Start ÷",
            "How many times smaller than the peak the first rate is.",
            Domain::at_least(1.0),
            (1.0, 1e3),
        ),
        ScheduleParameter::number(
            "final_divisor",
            "End ÷",
            "How many times smaller than the first rate the last is.",
            Domain::at_least(1.0),
            (1.0, 1e6),
        ),
        ScheduleParameter::PER,
    ],
    template: || Schedule::OneCycle {
        steps: 150,
        warmup_fraction: warmup_fraction(),
        initial_divisor: initial_divisor(),
        final_divisor: final_divisor(),
        per: Per::Epoch,
    },
};

/// torch's `pct_start`.
pub fn warmup_fraction() -> f64 {
    0.3
}

/// torch's `div_factor`.
pub fn initial_divisor() -> f64 {
    25.0
}

/// torch's `final_div_factor`.
pub fn final_divisor() -> f64 {
    1e4
}

pub fn one_cycle(
    peak: f64,
    done: f64,
    steps: f64,
    warmup_fraction: f64,
    (initial_divisor, final_divisor): (f64, f64),
) -> f64 {
    let first = peak / initial_divisor;
    let top = warmup_fraction * steps - 1.0;
    if done <= top {
        half_wave(first, peak, share(done, top))
    } else {
        let fall = share(done - top, steps - 1.0 - top);
        half_wave(peak, first / final_divisor, fall)
    }
}

pub const CYCLIC: ScheduleCard = ScheduleCard {
    id: "Cyclic",
    name: "Cyclic (triangles)",
    formula: "αₖ = low + (α − low)·(1 − |(k−1)/half_cycle mod 2 − 1|)",
    about: "Straight up to the run's rate, which is the peak, and straight down again, for ever. \
            The first update has the low rate.",
    source: "L. N. Smith, WACV 2017, arXiv:1506.01186; \
             torch.optim.lr_scheduler.CyclicLR(mode=\"triangular\")",
    parameters: &[
        ScheduleParameter::rate("low", "Low", "The rate at the feet of the triangles."),
        ScheduleParameter::count(
            "half_cycle",
            "Half",
            "How long the way up takes, and the way down.",
            1,
            150,
        ),
        ScheduleParameter::PER,
    ],
    template: || Schedule::Cyclic {
        low: 0.0,
        half_cycle: 10,
        per: Per::Epoch,
    },
};

pub fn cyclic(peak: f64, done: u64, low: f64, half_cycle: u64) -> f64 {
    let half = half_cycle.max(1);
    let into = done % half.saturating_mul(2);
    let from_foot = into.min(half.saturating_mul(2) - into);
    straight(low, peak, share(from_foot as f64, half as f64))
}
