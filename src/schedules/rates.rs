//! The rate at a moment: which schedule's turn it is, and what it says.

use super::{Moment, Per, Schedule, cycles, decay, plateau, ramps, stages, stairs};
use serde::{Deserialize, Serialize};

/// What a schedule has seen of its run; each run has its own. Computed anew from the same
/// losses it is the same, so a replay gives the same rates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    #[allow(clippy::too_many_lines, reason = "a table with one arm a schedule")]
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

    /// Whether it looks at the loss after the update at `moment`.
    pub fn looks_at_loss(&self, moment: Moment) -> bool {
        let (active, at) = self.active(moment);
        matches!(active, Self::Plateau { per, .. } if *per == Per::Step || at.ends_epoch())
    }

    /// Tells it the loss after the update at `moment`.
    pub fn observe(&self, moment: Moment, loss: f64, state: &mut ScheduleState) {
        let (active, at) = self.active(moment);
        let Self::Plateau {
            patience,
            threshold,
            cooldown,
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
        if self.looks_at_loss(moment) {
            state.watch.observe(loss, patience, threshold, cooldown);
        }
    }

    /// The innermost schedule whose turn it is, and the moment as that one counts.
    pub fn active(&self, moment: Moment) -> (&Self, Moment) {
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
