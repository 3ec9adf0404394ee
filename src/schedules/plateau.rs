//! The schedule that looks at the loss.

use super::card::{ScheduleCard, ScheduleParameter};
use super::curves::scaled;
use super::{Per, Schedule};
use crate::optimizers::{Domain, Scale};
use serde::{Deserialize, Serialize};

pub const PLATEAU: ScheduleCard = ScheduleCard {
    id: "Plateau",
    name: "Reduce on plateau",
    formula: "αₖ = max(floor, α·factorⁿ), n = how often more than `patience` losses in a row were \
              not below best·(1 − threshold)",
    about: "Falls when the loss has stopped falling. The loss after an update acts on the next \
            one; the loss at the start is not looked at. As torch's with mode=\"min\" and relative \
            threshold (so that below 0 a slightly worse loss counts as better), but without its eps, \
            which passes over changes below 1e-8.",
    source: "torch.optim.lr_scheduler.ReduceLROnPlateau",
    parameters: &[
        ScheduleParameter::factor(
            "factor",
            "Factor",
            "What each reduction leaves of the rate.",
            Domain::half_open(0.0, 1.0),
        ),
        ScheduleParameter::count(
            "patience",
            "Patience",
            "How many losses without an improvement are borne; the next reduces the rate.",
            0,
            100,
        ),
        ScheduleParameter {
            id: "threshold",
            name: "Margin",
            meaning: "The share by which a loss must be below the best to count as better.",
            kind: super::card::ParameterKind::Number {
                domain: Domain::half_open(0.0, 1.0),
                slider: (1e-8, 0.5),
                scale: Scale::Logarithmic,
            },
        },
        ScheduleParameter::count(
            "cooldown",
            "Rest",
            "How many losses after a reduction are not counted against it.",
            0,
            100,
        ),
        ScheduleParameter::rate("floor", "Floor", "The rate is not reduced below this."),
        ScheduleParameter::PER,
    ],
    template: || Schedule::Plateau {
        factor: factor(),
        patience: patience(),
        threshold: threshold(),
        cooldown: 0,
        floor: 0.0,
        per: Per::Epoch,
    },
};

/// torch's default.
pub fn factor() -> f64 {
    0.1
}

/// torch's default.
pub fn patience() -> u64 {
    10
}

/// torch's default.
pub fn threshold() -> f64 {
    1e-4
}

/// The rate after some reductions. A floor above the base leaves the base as it is.
pub fn rate(base: f64, reductions: u64, factor: f64, floor: f64) -> f64 {
    if reductions == 0 {
        return base;
    }
    scaled(base, libm::pow(factor, reductions as f64))
        .max(floor)
        .min(base)
}

/// What is remembered of the losses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    best: Option<f64>,
    /// Losses in a row that were no improvement.
    bad: u64,
    /// Losses that the cooldown still takes.
    cooling: u64,
    /// How often the rate has been reduced.
    pub reductions: u64,
}

impl Watch {
    /// Takes one more loss, in the order of torch's `step`.
    pub fn observe(&mut self, loss: f64, patience: u64, threshold: f64, cooldown: u64) {
        if self.best.is_none_or(|best| loss < best * (1.0 - threshold)) {
            self.best = Some(loss);
            self.bad = 0;
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > patience {
            self.reductions += 1;
            self.cooling = cooldown;
            self.bad = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules::{Moment, ScheduleState};

    /// The rates of the first updates on a run with these losses after them.
    fn rates(schedule: &Schedule, losses: &[f64]) -> Vec<f64> {
        let mut state = ScheduleState::default();
        let moments = (1..).map(Moment::of_update);
        let rate_then_loss = |(moment, &loss): (Moment, &f64)| {
            let rate = schedule.rate_given(1.0, moment, &state);
            schedule.observe(moment, loss, &mut state);
            rate
        };
        moments.zip(losses).map(rate_then_loss).collect()
    }

    fn plateau(patience: u64, cooldown: u64, floor: f64) -> Schedule {
        Schedule::Plateau {
            factor: 0.5,
            patience,
            threshold: 0.1,
            cooldown,
            floor,
            per: Per::Epoch,
        }
    }

    #[test]
    fn a_sequence_worked_by_hand() {
        // best 10; 9.5 is above 10·0.9, so it is bad once; 8 is better; 8, 7.5 and 7.3 are not
        // below 7.2: after the second bad one patience 1 is spent.
        let losses = [10.0, 9.5, 8.0, 8.0, 7.5, 7.3, 7.3, 7.3];
        let expected = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25];
        assert_eq!(rates(&plateau(1, 0, 0.0), &losses), expected);
    }

    #[test]
    fn cooldown_bears_and_the_floor_holds() {
        // Without patience every loss after the first is one too many, but each reduction is
        // followed by two that are not counted.
        let expected = [1.0, 1.0, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3];
        assert_eq!(rates(&plateau(0, 2, 0.3), &[1.0; 9]), expected);
        assert_eq!(rates(&plateau(0, 0, 2.0), &[1.0; 3]), [1.0; 3]);
    }

    #[test]
    fn an_epoch_is_looked_at_once_and_a_stage_begins_with_no_memory() {
        let schedule = plateau(0, 0, 0.0);
        let mut state = ScheduleState::default();
        for update in 1..=6 {
            schedule.observe(Moment::new(update, 3), 1.0, &mut state);
        }
        assert_eq!(schedule.rate_given(1.0, Moment::new(7, 3), &state), 0.5);
        let stage = |steps| crate::schedules::Stage {
            steps,
            schedule: plateau(0, 0, 0.0),
        };
        let sequence = Schedule::Sequence {
            stages: vec![stage(3), stage(3)],
            per: Per::Epoch,
        };
        let expected = [1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 0.25];
        assert_eq!(rates(&sequence, &[1.0; 7]), expected);
    }
}
