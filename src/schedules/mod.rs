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
mod stages;
mod stairs;
#[cfg(test)]
pub(crate) mod tests;

pub use card::{Field, ParameterKind, ScheduleCard, ScheduleParameter};
pub use moment::{Moment, Per};
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

/// What a schedule has seen of its run; each run has its own. Computed anew from the same
/// losses it is the same, so a replay gives the same rates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleState {
    /// How many updates there were before the stage that `watch` belongs to.
    began: u64,
    watch: plateau::Watch,
}

impl Schedule {
    /// The rate of the update at `moment`, for the base rate `base`, where no loss has been
    /// seen: all there is to know for every schedule but `Plateau`.
    pub fn rate(&self, base: f64, moment: Moment) -> f64 {
        self.rate_given(base, moment, &ScheduleState::default())
    }

    /// The rate of the update at `moment` after what `state` has seen.
    pub fn rate_given(&self, base: f64, moment: Moment, state: &ScheduleState) -> f64 {
        let (active, at) = self.active(moment);
        let count = |per: Per| at.count(per) as f64;
        let done = |per: Per| at.done(per) as f64;
        match *active {
            Self::Constant | Self::Sequence { .. } => base,
            Self::InverseTime { rate, per } => decay::inverse_time(base, count(per), rate),
            Self::InverseSqrt { per } => decay::inverse_sqrt(base, count(per)),
            Self::Exponential { factor, per } => decay::exponential(base, done(per), factor),
            Self::Factor { factor, stop, per } => decay::factor(base, count(per), factor, stop),
            Self::Step { every, factor, per } => {
                decay::exponential(base, stairs::stairs(at.done(per), every), factor)
            }
            Self::MultiStep {
                ref milestones,
                factor,
                per,
            } => {
                let behind = stairs::milestones_behind(at.done(per), milestones);
                decay::exponential(base, behind, factor)
            }
            Self::Polynomial { steps, power, per } => {
                ramps::polynomial(base, done(per), steps as f64, power)
            }
            Self::Linear {
                start_factor,
                end_factor,
                steps,
                per,
            } => ramps::linear(base, done(per), (start_factor, end_factor), steps as f64),
            Self::Cosine { steps, floor, per } => {
                ramps::cosine(base, done(per), steps as f64, floor)
            }
            Self::CosineRestarts {
                first,
                growth,
                floor,
                per,
            } => cycles::cosine_restarts(base, at.done(per), (first, growth), floor),
            Self::OneCycle {
                steps,
                warmup_fraction,
                initial_divisor,
                final_divisor,
                per,
            } => {
                let divisors = (initial_divisor, final_divisor);
                cycles::one_cycle(base, done(per), steps as f64, warmup_fraction, divisors)
            }
            Self::Cyclic {
                low,
                half_cycle,
                per,
            } => cycles::cyclic(base, at.done(per), low, half_cycle),
            Self::WarmUp {
                steps,
                start_rate,
                per,
                ..
            } => stages::warm_up(base, done(per), steps as f64, start_rate),
            Self::WarmupStableDecay {
                warmup_steps,
                stable_steps,
                decay_steps,
                floor,
                per,
            } => {
                let lengths = [warmup_steps, stable_steps, decay_steps];
                stages::warmup_stable_decay(base, at.done(per), lengths, floor)
            }
            Self::Plateau { factor, floor, .. } => {
                let is_its_own = state.began == moment.update() - at.update();
                let reductions = if is_its_own {
                    state.watch.reductions
                } else {
                    0
                };
                plateau::rate(base, reductions, factor, floor)
            }
        }
    }

    /// Tells it the loss after the update at `moment`.
    pub fn observe(&self, moment: Moment, loss: f64, state: &mut ScheduleState) {
        let (active, at) = self.active(moment);
        let Self::Plateau {
            patience,
            threshold,
            cooldown,
            per,
            ..
        } = *active
        else {
            return;
        };
        let began = moment.update() - at.update();
        if state.began != began {
            *state = ScheduleState {
                began,
                watch: plateau::Watch::default(),
            };
        }
        if per == Per::Step || at.ends_epoch() {
            state.watch.observe(loss, patience, threshold, cooldown);
        }
    }

    /// The innermost schedule whose turn it is, and the moment as that one counts.
    fn active(&self, moment: Moment) -> (&Self, Moment) {
        let mut active = (self, moment);
        loop {
            let (schedule, moment) = active;
            let inner = match schedule {
                Self::WarmUp {
                    steps, then, per, ..
                } => moment
                    .after(*steps, *per)
                    .map(|later| (then.as_ref(), later)),
                Self::Sequence { stages, per } => stages::present(stages, *per, moment),
                _ => None,
            };
            match inner {
                Some(inner) => active = inner,
                None => return active,
            }
        }
    }

    /// Whether its rates depend on losses, so that only a record has them.
    pub fn reads_losses(&self) -> bool {
        match self {
            Self::Plateau { .. } => true,
            Self::WarmUp { then, .. } => then.reads_losses(),
            Self::Sequence { stages, .. } => {
                stages.iter().any(|stage| stage.schedule.reads_losses())
            }
            _ => false,
        }
    }
}
