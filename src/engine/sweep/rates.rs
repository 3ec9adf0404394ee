//! The learning rates of packed runs.

use crate::numbers::Lanes;
use crate::schedules::{Moment, Schedule, ScheduleState};
use std::array;

/// How the rates of eight runs change; each lane is the rate that its run would have alone.
pub(super) enum Rates {
    /// They don't.
    Constant(Lanes),
    /// All by inverse time: base/(1 + rate·k).
    InverseTime { base: Lanes, rate: Lanes },
    /// By any schedule, lane after lane, where an epoch has so many updates.
    Each(Box<[Lane; 8]>, u64),
}

/// One run's rate.
pub(super) struct Lane {
    base: f64,
    schedule: Schedule,
    state: ScheduleState,
}

impl Rates {
    /// Those of nothing.
    pub const NONE: Self = Self::Constant(Lanes([0.0; 8]));

    /// The rates of eight runs with these bases and schedules.
    pub fn new(bases: Lanes, schedules: [&Schedule; 8], updates_per_epoch: u64) -> Self {
        if schedules
            .iter()
            .all(|schedule| **schedule == Schedule::Constant)
        {
            return Self::Constant(bases);
        }
        let lanes = array::from_fn(|lane| Lane {
            base: bases.0[lane],
            schedule: schedules[lane].clone(),
            state: ScheduleState::default(),
        });
        Self::Each(Box::new(lanes), updates_per_epoch)
    }

    /// Them, and nothing in their place.
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::NONE)
    }

    /// The rates of update `number`.
    #[inline(always)]
    pub fn at(&self, number: u64) -> Lanes {
        match self {
            Self::Constant(base) => *base,
            Self::InverseTime { base, rate } => {
                let count = Lanes([number as f64; 8]);
                *base / (Lanes([1.0; 8]) + *rate * count)
            }
            Self::Each(lanes, updates_per_epoch) => {
                let moment = Moment::new(number, *updates_per_epoch);
                Lanes(array::from_fn(|lane| {
                    let Lane {
                        base,
                        schedule,
                        state,
                    } = &lanes[lane];
                    schedule.rate_given(*base, moment, state)
                }))
            }
        }
    }

    /// Tells the schedules the losses after update `number`.
    pub fn observe(&mut self, number: u64, losses: Lanes) {
        if let Self::Each(lanes, updates_per_epoch) = self {
            let moment = Moment::new(number, *updates_per_epoch);
            for (lane, loss) in lanes.iter_mut().zip(losses.0) {
                lane.schedule.observe(moment, loss, &mut lane.state);
            }
        }
    }

    /// Whether they depend on losses.
    pub fn read_losses(&self) -> bool {
        match self {
            Self::Each(lanes, _) => lanes.iter().any(|lane| lane.schedule.reads_losses()),
            _ => false,
        }
    }
}
