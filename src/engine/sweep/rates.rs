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
    /// By any schedule, lane after lane.
    Each(Box<[Lane; 8]>),
}

/// One run's rate.
pub(super) struct Lane {
    base: f64,
    schedule: Schedule,
    state: ScheduleState,
}

impl Rates {
    pub fn new(bases: Lanes, schedules: [&Schedule; 8]) -> Self {
        let all = |wanted: fn(&Schedule) -> bool| schedules.iter().all(|schedule| wanted(schedule));
        if all(|schedule| *schedule == Schedule::Constant) {
            return Self::Constant(bases);
        }
        if all(|schedule| matches!(schedule, Schedule::InverseTime { .. })) {
            let rate = array::from_fn(|lane| match schedules[lane] {
                Schedule::InverseTime { rate, .. } => *rate,
                _ => 0.0,
            });
            return Self::InverseTime {
                base: bases,
                rate: Lanes(rate),
            };
        }
        Self::Each(Box::new(array::from_fn(|lane| Lane {
            base: bases.0[lane],
            schedule: schedules[lane].clone(),
            state: ScheduleState::default(),
        })))
    }

    /// The rates of update `number`.
    #[inline(always)]
    pub fn at(&self, number: u64) -> Lanes {
        match self {
            Self::Constant(base) => *base,
            // On a landscape one epoch is one update, whichever the schedule counts.
            Self::InverseTime { base, rate } => {
                let count = Lanes([number as f64; 8]);
                *base / (Lanes([1.0; 8]) + *rate * count)
            }
            Self::Each(lanes) => Lanes(array::from_fn(|lane| {
                let Lane {
                    base,
                    schedule,
                    state,
                } = &lanes[lane];
                schedule.rate_given(*base, Moment::of_update(number), state)
            })),
        }
    }

    /// Tells the schedules the losses after update `number`.
    pub fn observe(&mut self, number: u64, losses: Lanes) {
        if let Self::Each(lanes) = self {
            for (lane, loss) in lanes.iter_mut().zip(losses.0) {
                let moment = Moment::of_update(number);
                lane.schedule.observe(moment, loss, &mut lane.state);
            }
        }
    }

    /// Whether they depend on losses.
    pub fn read_losses(&self) -> bool {
        match self {
            Self::Each(lanes) => lanes.iter().any(|lane| lane.schedule.reads_losses()),
            _ => false,
        }
    }
}
