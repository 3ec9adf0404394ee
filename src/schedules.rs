//! Learning-rate schedules: the rate of an update as a pure function of its number.

use crate::optimizers::Domain;
use serde::{Deserialize, Serialize};

/// How the learning rate changes over a run. The run's own learning rate is the base.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Schedule {
    /// The base rate throughout.
    #[default]
    Constant,
    /// base/(1 + rate·k), k = 1 at the first update: the AI Notes page's and Keras' `decay`.
    InverseTime {
        /// Decay a step or epoch.
        rate: f64,
        /// What k counts.
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
}

/// What a schedule counts. On a landscape one epoch is one update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Per {
    /// Updates.
    Step,
    /// Passes over the data.
    #[default]
    Epoch,
}

impl Per {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The place of an update in its run; both numbers count from 1.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Number of the update.
    pub update: u64,
    /// Number of the epoch it belongs to.
    pub epoch: u64,
}

impl Moment {
    /// An update on an objective whose epochs are single updates.
    pub fn of_update(update: u64) -> Self {
        Self {
            update,
            epoch: update,
        }
    }

    fn count(self, per: Per) -> u64 {
        match per {
            Per::Step => self.update,
            Per::Epoch => self.epoch,
        }
    }
}

/// What the laboratory knows about a schedule.
#[derive(Debug, Serialize)]
pub struct ScheduleCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// α as a function of k in Unicode mathematics.
    pub formula: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its numbers.
    pub parameters: &'static [ScheduleParameter],
    /// The schedule as the menu first offers it.
    pub template: Schedule,
}

/// One number of a schedule.
#[derive(Debug, Serialize)]
pub struct ScheduleParameter {
    /// The key in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it does, for the tooltip.
    pub meaning: &'static str,
    /// The values that make sense at all.
    #[serde(rename = "range")]
    pub domain: Domain,
    /// The values that a slider offers; a logarithmic one above 0.
    pub slider: (f64, f64),
}

/// Every schedule, in menu order.
pub static SCHEDULES: &[ScheduleCard] = &[
    ScheduleCard {
        id: "Constant",
        name: "Constant",
        formula: "αₖ = α",
        about: "The same rate throughout.",
        source: "torch.optim.lr_scheduler.ConstantLR(factor=1)",
        parameters: &[],
        template: Schedule::Constant,
    },
    ScheduleCard {
        id: "InverseTime",
        name: "Inverse time (decay)",
        formula: "αₖ = α/(1 + rate·k), k = 1 at the first update",
        about: "Large steps first, then ever smaller ones, as 1/k in the long run: the “decay” \
                field of the AI Notes page and of older Keras.",
        source: "H. Robbins & S. Monro, Ann. Math. Statist. 22 (1951) 400–407; AI Notes \
                 optimizer.js; Keras InverseTimeDecay",
        parameters: &[ScheduleParameter {
            id: "rate",
            name: "Decay",
            meaning: "Decay an epoch: after 1/rate epochs the learning rate is halved.",
            domain: Domain::NON_NEGATIVE,
            slider: (1e-5, 10.0),
        }],
        template: Schedule::InverseTime {
            rate: 0.01,
            per: Per::Epoch,
        },
    },
];

impl Schedule {
    /// The rate of the update at `moment`, for the base rate `base`.
    pub fn rate(&self, base: f64, moment: Moment) -> f64 {
        match *self {
            Self::Constant => base,
            Self::InverseTime { rate, per } => base / (1.0 + rate * moment.count(per) as f64),
        }
    }

    /// What is known about it.
    pub fn card(&self) -> &'static ScheduleCard {
        let id = match self {
            Self::Constant => "Constant",
            Self::InverseTime { .. } => "InverseTime",
        };
        SCHEDULES
            .iter()
            .find(|card| card.id == id)
            .expect("every variant has a card; a test walks them")
    }

    /// Its numbers in the order of the card, to be read or set.
    pub fn values_mut(&mut self) -> Vec<&mut f64> {
        match self {
            Self::Constant => Vec::new(),
            Self::InverseTime { rate, .. } => vec![rate],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_describes_its_own_template() {
        for card in SCHEDULES {
            let mut template = card.template.clone();
            assert_eq!(template.card().id, card.id);
            let values = template.values_mut();
            assert_eq!(values.len(), card.parameters.len());
            for (value, parameter) in values.iter().zip(card.parameters) {
                assert!(parameter.domain.contains(**value), "{}", parameter.id);
                assert!(0.0 < parameter.slider.0 && parameter.slider.0 < parameter.slider.1);
            }
        }
    }

    #[test]
    fn decay_counts_from_one_at_the_first_update() {
        let schedule = Schedule::InverseTime {
            rate: 0.5,
            per: Per::Step,
        };
        assert_eq!(schedule.rate(0.3, Moment::of_update(1)), 0.3 / 1.5);
        assert_eq!(schedule.rate(0.3, Moment::of_update(4)), 0.3 / 3.0);
    }
}
