//! Learning-rate schedules: the rate of an update as a function of its number, and for
//! [`Schedule::Plateau`] of the losses before it.
//!
//! A schedule is one variant here with its card and formula in a file of its family. What nests
//! ([`Schedule::WarmUp`], [`Schedule::Sequence`]) hands over to one other schedule at a time,
//! which then counts from its own beginning; so one [`ScheduleState`] serves the whole nest.

mod bare;
mod card;
mod curves;
mod cycles;
mod decay;
mod fields;
mod moment;
mod plateau;
mod ramps;
mod rates;
mod stages;
mod stairs;
#[cfg(test)]
pub(crate) mod tests;

pub use card::{Field, ParameterKind, ScheduleCard, ScheduleParameter};
pub use moment::{Moment, Per};
pub use rates::ScheduleState;
pub use stages::Stage;

use serde::{Deserialize, Serialize};

/// How many schedules may lie inside one another.
pub const MAX_NESTING: usize = 16;

/// The most milestones, or stages, of a schedule.
pub const MAX_LIST: usize = 1000;

/// How the learning rate changes over a run. The run's own learning rate is the base of all,
/// and the peak of `OneCycle` and `Cyclic`. What each setting means is on its card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
#[allow(missing_docs, reason = "the cards say what each setting is")]
pub enum Schedule {
    /// The base rate throughout.
    #[default]
    Constant,
    /// base/(1 + rate·k), k = 1 at the first update: the AI Notes page's and Keras' `decay`.
    InverseTime {
        rate: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Falls by a factor every so often.
    Step {
        every: u64,
        factor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Falls by a factor after each milestone.
    MultiStep {
        milestones: Vec<u64>,
        factor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Falls by a factor every time.
    Exponential {
        factor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Falls to 0 as a power of the time that is left.
    Polynomial {
        steps: u64,
        power: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Goes straight from one share of the base to another.
    Linear {
        start_factor: f64,
        end_factor: f64,
        steps: u64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Half a cosine wave down.
    Cosine {
        steps: u64,
        #[serde(default)]
        floor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Cosine waves, each from the whole rate.
    CosineRestarts {
        first: u64,
        growth: u64,
        #[serde(default)]
        floor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Up to the base and down to almost nothing.
    OneCycle {
        steps: u64,
        #[serde(default = "cycles::warmup_fraction")]
        warmup_fraction: f64,
        #[serde(default = "cycles::initial_divisor")]
        initial_divisor: f64,
        #[serde(default = "cycles::final_divisor")]
        final_divisor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Triangles between a low rate and the base.
    Cyclic {
        low: f64,
        half_cycle: u64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// base/√k.
    InverseSqrt {
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Exponential decay down to a least rate.
    Factor {
        factor: f64,
        stop: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Straight up to the base, then another schedule.
    WarmUp {
        steps: u64,
        #[serde(default)]
        start_rate: f64,
        #[serde(default)]
        then: Box<Schedule>,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Up, the base for long, down at the end.
    WarmupStableDecay {
        warmup_steps: u64,
        stable_steps: u64,
        decay_steps: u64,
        #[serde(default)]
        floor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Schedules that take turns.
    Sequence {
        stages: Vec<Stage>,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
    /// Falls when the loss has stopped falling.
    Plateau {
        #[serde(default = "plateau::factor")]
        factor: f64,
        #[serde(default = "plateau::patience")]
        patience: u64,
        #[serde(default = "plateau::threshold")]
        threshold: f64,
        #[serde(default)]
        cooldown: u64,
        #[serde(default)]
        floor: f64,
        #[serde(default, skip_serializing_if = "Per::is_default")]
        per: Per,
    },
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
        template: || Schedule::Constant,
    },
    stairs::STEP,
    stairs::MULTI_STEP,
    decay::EXPONENTIAL,
    decay::FACTOR,
    decay::INVERSE_TIME,
    decay::INVERSE_SQRT,
    ramps::POLYNOMIAL,
    ramps::LINEAR,
    ramps::COSINE,
    cycles::COSINE_RESTARTS,
    cycles::ONE_CYCLE,
    cycles::CYCLIC,
    stages::WARM_UP,
    stages::WARMUP_STABLE_DECAY,
    stages::SEQUENCE,
    plateau::PLATEAU,
];
