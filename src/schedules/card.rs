//! What menus, sliders, `check`, `list` and README say about a schedule.

use super::{Per, Schedule};
use crate::optimizers::{Domain, Scale};
use serde::{Serialize, Serializer};

/// What the laboratory knows about a schedule.
#[derive(Debug, Serialize)]
pub struct ScheduleCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// αₖ, the rate of the k-th update or epoch (k = 1 is the first), in Unicode mathematics;
    /// α is the run's learning rate.
    pub formula: &'static str,
    /// What it is for, and how it counts where that is a matter of convention.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its settings, in the order of [`Schedule::fields_mut`].
    pub parameters: &'static [ScheduleParameter],
    /// The schedule as the menu first offers it.
    #[serde(serialize_with = "call")]
    pub template: fn() -> Schedule,
}

fn call<S: Serializer>(template: &fn() -> Schedule, serializer: S) -> Result<S::Ok, S::Error> {
    template().serialize(serializer)
}

/// One setting of a schedule.
#[derive(Debug, Serialize)]
pub struct ScheduleParameter {
    /// The key in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it does, for the tooltip.
    pub meaning: &'static str,
    /// What is set there.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

/// What can be set in a parameter.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ParameterKind {
    /// A number.
    Number {
        /// The values that make sense at all.
        #[serde(rename = "range")]
        domain: Domain,
        /// The values that a slider offers.
        slider: (f64, f64),
        /// How a slider spreads them.
        scale: Scale,
    },
    /// A whole number of updates, epochs or times.
    Count {
        /// The least that makes sense.
        least: u64,
        /// The values that a slider offers.
        slider: (u64, u64),
    },
    /// A rising list of whole numbers.
    Counts,
    /// Whether updates or epochs are counted.
    Per,
    /// A whole schedule.
    Schedule,
    /// Schedules that take turns.
    Stages,
}

/// A setting of a schedule, to be read or set.
#[derive(Debug)]
pub enum Field<'a> {
    /// A number.
    Number(&'a mut f64),
    /// A whole number.
    Count(&'a mut u64),
    /// A list of whole numbers.
    Counts(&'a mut Vec<u64>),
    /// What is counted.
    Per(&'a mut Per),
    /// A schedule inside.
    Schedule(&'a mut Schedule),
    /// Schedules that take turns.
    Stages(&'a mut Vec<super::Stage>),
}

impl ScheduleParameter {
    /// What the schedule counts.
    pub(super) const PER: Self = Self {
        id: "per",
        name: "Unit",
        meaning: "What it counts: epochs, or single updates; on a landscape they are the same.",
        kind: ParameterKind::Per,
    };

    /// The rate that the schedule comes down to.
    pub(super) const FLOOR: Self = Self::rate(
        "floor",
        "Floor",
        "The rate that it ends at, as a rate and not as a share.",
    );

    /// A learning rate.
    pub(super) const fn rate(id: &'static str, name: &'static str, meaning: &'static str) -> Self {
        Self::number(id, name, meaning, Domain::NON_NEGATIVE, (1e-6, 10.0))
    }

    /// A share of the rate from 0 on, set evenly.
    pub(super) const fn factor(
        id: &'static str,
        name: &'static str,
        meaning: &'static str,
        domain: Domain,
    ) -> Self {
        Self {
            id,
            name,
            meaning,
            kind: ParameterKind::Number {
                domain,
                slider: (0.0, 1.0),
                scale: Scale::Linear,
            },
        }
    }

    /// A number whose slider is logarithmic.
    pub(super) const fn number(
        id: &'static str,
        name: &'static str,
        meaning: &'static str,
        domain: Domain,
        slider: (f64, f64),
    ) -> Self {
        Self {
            id,
            name,
            meaning,
            kind: ParameterKind::Number {
                domain,
                slider,
                scale: Scale::Logarithmic,
            },
        }
    }

    /// A whole number from `least` on.
    pub(super) const fn count(
        id: &'static str,
        name: &'static str,
        meaning: &'static str,
        least: u64,
        most: u64,
    ) -> Self {
        Self {
            id,
            name,
            meaning,
            kind: ParameterKind::Count {
                least,
                slider: (least, most),
            },
        }
    }

    /// How many epochs or updates something takes; 0 has it done from the start.
    pub(super) const fn steps(id: &'static str, name: &'static str, meaning: &'static str) -> Self {
        Self::count(id, name, meaning, 0, 300)
    }
}
