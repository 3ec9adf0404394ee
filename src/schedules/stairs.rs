//! Rates that fall in stairs: at every so many epochs, or at milestones.

use super::card::{ParameterKind, ScheduleCard, ScheduleParameter};
use super::{Per, Schedule};
use crate::optimizers::Domain;

const FACTOR: ScheduleParameter = ScheduleParameter::factor(
    "factor",
    "Factor",
    "What each stair leaves of the rate.",
    Domain::NON_NEGATIVE,
);

pub const STEP: ScheduleCard = ScheduleCard {
    id: "Step",
    name: "Stairs",
    formula: "αₖ = α·factor^⌊(k−1)/every⌋",
    about: "The rate stays, then falls at once, again and again. The first stair has `every` \
            updates at the whole rate.",
    source: "torch.optim.lr_scheduler.StepLR",
    parameters: &[
        ScheduleParameter::count("every", "Every", "How long a stair is.", 1, 300),
        FACTOR,
        ScheduleParameter::PER,
    ],
    template: || Schedule::Step {
        every: 30,
        factor: 0.5,
        per: Per::Epoch,
    },
};

/// How many stairs are behind after `done` epochs or updates.
pub fn stairs(done: u64, every: u64) -> f64 {
    (done / every.max(1)) as f64
}

pub const MULTI_STEP: ScheduleCard = ScheduleCard {
    id: "MultiStep",
    name: "Milestones",
    formula: "αₖ = α·factor^#{m ∈ milestones: m ≤ k−1}",
    about: "Falls at once after each milestone: milestone 15 acts from the 16th update on. d2l's \
            notebooks set each rate one epoch later.",
    source: "torch.optim.lr_scheduler.MultiStepLR; d2l “Learning Rate Scheduling”",
    parameters: &[
        ScheduleParameter {
            id: "milestones",
            name: "After",
            meaning: "After how many epochs or updates the rate falls, rising: 15, 30.",
            kind: ParameterKind::Counts,
        },
        FACTOR,
        ScheduleParameter::PER,
    ],
    template: || Schedule::MultiStep {
        milestones: vec![15, 30],
        factor: 0.5,
        per: Per::Epoch,
    },
};

/// How many milestones are behind after `done` epochs or updates.
pub fn milestones_behind(done: u64, milestones: &[u64]) -> f64 {
    milestones.partition_point(|&milestone| milestone <= done) as f64
}
