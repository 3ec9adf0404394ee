//! A training, or tasks being learnt, as it is at some update: it goes on from there to the same
//! bits as if it had never stopped.

use super::training::snapshots::Kept;
use super::{History, Outcome, Trace};
use crate::experiment::{Checked, preset};
use crate::models::datasets::{Dataset, FolderError, Inputs};
use crate::models::network::Moments;
use crate::schedules::ScheduleState;
use flate2::Crc;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What every checkpoint begins with; the number rises with the format.
const MAGIC: &[u8] = b"descent-lab training 3\n";

/// How many bytes the check sum at the end has.
const SUM: usize = 4;

/// Why a training cannot go on from a checkpoint.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The bytes are no checkpoint, or one of another version.
    #[error("this is no checkpoint of a training that this program knows")]
    Unknown,
    /// The bytes were cut off or changed.
    #[error("the checkpoint is damaged")]
    Damaged,
    /// It belongs to another experiment, to other data, or is further than this one goes.
    #[error("the checkpoint is of another experiment")]
    OtherExperiment,
    /// The data cannot be had.
    #[error(transparent)]
    Data(#[from] FolderError),
}

/// Everything that a training is at some update.
#[derive(Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What has decided the training so far, as text.
    pub(super) trunk: String,
    /// The check sum of the data.
    pub(super) data: u32,
    pub(super) updates: u64,
    pub(super) contenders: Vec<SavedContender>,
    pub(super) history: History,
}

/// Everything in which a run differs from one before its first update.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SavedContender {
    pub parameters: Vec<f32>,
    /// What the rule and its wrappers remember.
    pub rule: Vec<f32>,
    /// What batch normalisations remember.
    pub moments: Vec<Moments<f32>>,
    pub schedule: ScheduleState,
    pub has_diverged: bool,
    /// The task that the run is at; 0 where there are none.
    pub task: usize,
    /// What its remedy remembers, as its own bytes.
    pub guard: Vec<u8>,
    /// Its weights at the ends of epochs, where they are kept.
    pub kept: Option<Kept>,
}

impl Checkpoint {
    /// As bytes for a file, with a check sum at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        // Plain data in memory always have bytes.
        bytes.extend(postcard::to_allocvec(self).unwrap_or_default());
        let sum = sum(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// The checkpoint that bytes were made of.
    ///
    /// # Errors
    /// When they are something else, or were changed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(CheckpointError::Unknown)?;
        let end = bytes.len().saturating_sub(SUM);
        if body.len() < SUM || sum(&bytes[..end]) != bytes[end..] {
            return Err(CheckpointError::Damaged);
        }
        postcard::from_bytes(&body[..body.len() - SUM]).map_err(|_| CheckpointError::Damaged)
    }

    /// How many updates were made.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// About how many bytes it takes in memory; records that are shared count here too.
    pub fn bytes(&self) -> usize {
        let numbers = |saved: &SavedContender| {
            let moments = saved.moments.iter();
            let moments: usize = moments.map(|m| m.mean.len() + m.variance.len()).sum();
            let kept = saved.kept.as_ref().map_or(0, Kept::numbers);
            size_of::<f32>() * (saved.parameters.len() + saved.rule.len() + moments + kept)
                + saved.guard.len()
        };
        let records = self.history.every_trace().map(Trace::bytes);
        self.contenders.iter().map(numbers).sum::<usize>() + records.sum::<usize>()
    }

    /// Whether it lies on the way to another one, or is the same.
    pub fn is_before(&self, other: &Self) -> bool {
        self.trunk == other.trunk && self.data == other.data && self.updates <= other.updates
    }

    /// Whether this experiment leads through this state, as far as the data are not looked at.
    pub fn fits(&self, checked: &Checked) -> bool {
        self.updates <= checked.updates() && self.trunk == trunk(checked, self.updates)
    }

    /// The record, with the runs that were cut short going again.
    pub(super) fn history(&self) -> History {
        let mut history = self.history.clone();
        for trace in super::simulation::every_trace(&mut history) {
            if matches!(trace.outcome, Outcome::Finished | Outcome::Cancelled) {
                trace.outcome = Outcome::Running;
            }
        }
        history
    }

    /// Refuses another experiment or other data.
    pub(super) fn require(&self, checked: &Checked, data: u32) -> Result<(), CheckpointError> {
        match self.fits(checked) && self.data == data {
            true => Ok(()),
            false => Err(CheckpointError::OtherExperiment),
        }
    }
}

/// What experiments have in common whose first `updates` updates are the same: everything but
/// how long they go on, and what changes only later. Other versions of the program may compute
/// otherwise.
pub fn trunk(checked: &Checked, updates: u64) -> String {
    let mut experiment = checked.experiment.deciding_part();
    if checked.sequence().is_none() {
        // With tasks the number of epochs says where the next begins.
        experiment.epochs = 0;
    }
    for run in &mut experiment.runs {
        run.events.retain(|event| event.step <= updates);
    }
    format!(
        "{}\n{}",
        env!("CARGO_PKG_VERSION"),
        preset::write(&experiment)
    )
}

fn sum(bytes: &[u8]) -> [u8; SUM] {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum().to_le_bytes()
}

/// The check sum of everything that is trained and tested on.
pub(super) fn data_sum<'d>(sets: impl Iterator<Item = &'d Dataset>) -> u32 {
    let mut sum = Crc::new();
    for set in sets {
        match &set.inputs {
            Inputs::Pixels(pixels) => sum.update(pixels),
            Inputs::Numbers(numbers) => {
                for number in numbers {
                    sum.update(&number.to_le_bytes());
                }
            }
        }
        sum.update(&set.labels);
    }
    sum.sum()
}
