//! Schedules made of parts: warm-up, sequences, warm-up–stable–decay.

use super::card::{ParameterKind, ScheduleCard, ScheduleParameter};
use super::curves::{half_wave, share, straight};
use super::{Moment, Per, Schedule};
use serde::{Deserialize, Serialize};

/// One part of a sequence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// How long it lasts; the last part goes on for ever.
    pub steps: u64,
    /// The schedule, which begins anew with its part.
    pub schedule: Schedule,
}

pub const WARM_UP: ScheduleCard = ScheduleCard {
    id: "WarmUp",
    name: "Warm-up, then …",
    formula: "αₖ = start + (α − start)·(k−1)/steps for k ≤ steps, then the other schedule from \
              its beginning",
    about: "Straight up to the rate before any other schedule begins. The first update has the \
            start's rate, update steps + 1 the first rate of what follows.",
    source: "P. Goyal et al. (2017) arXiv:1706.02677, §2.2; d2l CosineScheduler; optax \
             warmup_cosine_decay_schedule",
    parameters: &[
        ScheduleParameter::steps("steps", "Steps", "How long the warm-up is."),
        ScheduleParameter::rate("start_rate", "Start", "The rate of the first update."),
        ScheduleParameter {
            id: "then",
            name: "Then",
            meaning: "The schedule after the warm-up; it counts from its own beginning.",
            kind: ParameterKind::Schedule,
        },
        ScheduleParameter::PER,
    ],
    template: || Schedule::WarmUp {
        steps: 10,
        start_rate: 0.0,
        then: Box::default(),
        per: Per::Epoch,
    },
};

pub fn warm_up(base: f64, done: f64, steps: f64, start_rate: f64) -> f64 {
    straight(start_rate, base, share(done, steps))
}

pub const SEQUENCE: ScheduleCard = ScheduleCard {
    id: "Sequence",
    name: "Sequence",
    formula: "αₖ = the rate of the stage that k lies in, counted from the stage's beginning",
    about: "Schedules that take turns, each for its number of epochs or updates and from its own \
            beginning; the last goes on for ever.",
    source: "torch.optim.lr_scheduler.SequentialLR; optax join_schedules",
    parameters: &[
        ScheduleParameter {
            id: "stages",
            name: "Stages",
            meaning: "How long each schedule lasts; the last goes on for ever.",
            kind: ParameterKind::Stages,
        },
        ScheduleParameter::PER,
    ],
    template: || Schedule::Sequence {
        stages: vec![
            Stage {
                steps: 50,
                schedule: Schedule::Constant,
            },
            Stage {
                steps: 100,
                schedule: (super::ramps::COSINE.template)(),
            },
        ],
        per: Per::Epoch,
    },
};

/// The stage that the moment lies in, and the moment as that stage counts; none without stages.
pub fn present(stages: &[Stage], per: Per, mut moment: Moment) -> Option<(&Schedule, Moment)> {
    let (last, earlier) = stages.split_last()?;
    for stage in earlier {
        match moment.after(stage.steps, per) {
            Some(later) => moment = later,
            None => return Some((&stage.schedule, moment)),
        }
    }
    Some((&last.schedule, moment))
}

pub const WARMUP_STABLE_DECAY: ScheduleCard = ScheduleCard {
    id: "WarmupStableDecay",
    name: "Warm-up, stable, decay",
    formula: "αₖ: floor ↗ α straight in warmup_steps, α for stable_steps, then \
              floor + (α − floor)·(1 + cos(π·t/decay_steps))/2",
    about: "The whole rate for most of the time, with a fall only at the end, so that training \
            can be prolonged without a new plan. The first update has the floor's rate.",
    source: "S. Hu et al. (2024) arXiv:2404.06395 (MiniCPM), §4; transformers get_wsd_schedule \
             (cosine decay)",
    parameters: &[
        ScheduleParameter::steps("warmup_steps", "Warm-up", "How long the rate rises."),
        ScheduleParameter::steps("stable_steps", "Stable", "How long the whole rate stays."),
        ScheduleParameter::steps("decay_steps", "Decay", "How long the rate falls."),
        ScheduleParameter::rate("floor", "Floor", "The rate at the start and at the end."),
        ScheduleParameter::PER,
    ],
    template: || Schedule::WarmupStableDecay {
        warmup_steps: 10,
        stable_steps: 100,
        decay_steps: 40,
        floor: 0.0,
        per: Per::Epoch,
    },
};

pub fn warmup_stable_decay(
    base: f64,
    done: u64,
    [warmup, stable, decay]: [u64; 3],
    floor: f64,
) -> f64 {
    match done.checked_sub(warmup.saturating_add(stable)) {
        Some(into) => half_wave(base, floor, share(into as f64, decay as f64)),
        None => warm_up(base, done as f64, warmup as f64, floor),
    }
}
