//! A training as bytes, from which it goes on to the same bits as if it had never stopped.

use super::contender::Saved as SavedContender;
use super::{Training, every_trace};
use crate::engine::{History, Outcome};
use crate::experiment::{Checked, preset};
use crate::models::datasets::FolderError;
use flate2::Crc;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What every checkpoint begins with; the number rises with the format.
const MAGIC: &[u8] = b"descent-lab training 2\n";

/// How many bytes the check sum at the end has.
const SUM: usize = 4;

/// Why a training cannot go on from some bytes.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// They are no checkpoint, or one of another version.
    #[error("this is no checkpoint of a training that this program knows")]
    Unknown,
    /// They were cut off or changed.
    #[error("the checkpoint is damaged")]
    Damaged,
    /// They belong to another experiment.
    #[error("the checkpoint is of another experiment")]
    OtherExperiment,
    /// The data cannot be had.
    #[error(transparent)]
    Data(#[from] FolderError),
}

/// Everything that a training is at some update.
#[derive(Serialize, Deserialize)]
struct Saved {
    /// What decides the training, as text.
    experiment: String,
    updates: u64,
    contenders: Vec<SavedContender>,
    history: History,
}

/// What two trainings must have in common for one to go on from the other: everything but how
/// long they are.
fn identity(checked: &Checked) -> String {
    let mut experiment = checked.experiment.deciding_part();
    experiment.epochs = 0;
    preset::write(&experiment)
}

fn sum(bytes: &[u8]) -> [u8; SUM] {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum().to_le_bytes()
}

impl<'a> Training<'a> {
    /// The present state as bytes; `history` is its record.
    pub fn checkpoint(&self, history: &History) -> Vec<u8> {
        let saved = Saved {
            experiment: identity(self.checked),
            updates: self.updates,
            contenders: self.contenders.iter().map(|c| c.save()).collect(),
            history: history.clone(),
        };
        let mut bytes = MAGIC.to_vec();
        // Plain data in memory always have bytes.
        bytes.extend(postcard::to_allocvec(&saved).unwrap_or_default());
        let sum = sum(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// The training that `bytes` were made of, and its record. It may be longer now.
    ///
    /// # Errors
    /// When they are damaged or of another experiment, or the data cannot be had.
    pub fn resume(checked: &'a Checked, bytes: &[u8]) -> Result<(Self, History), CheckpointError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(CheckpointError::Unknown)?;
        let end = bytes.len().saturating_sub(SUM);
        if body.len() < SUM || sum(&bytes[..end]) != bytes[end..] {
            return Err(CheckpointError::Damaged);
        }
        let saved: Saved = postcard::from_bytes(&body[..body.len() - SUM])
            .map_err(|_| CheckpointError::Damaged)?;
        let is_longer = saved.updates > checked.updates();
        if saved.experiment != identity(checked) || is_longer {
            return Err(CheckpointError::OtherExperiment);
        }
        let mut training = Self {
            checked,
            contenders: Self::contenders(checked)?,
            updates: saved.updates,
        };
        if training.contenders.len() != saved.contenders.len() {
            return Err(CheckpointError::OtherExperiment);
        }
        for (contender, saved) in training.contenders.iter_mut().zip(saved.contenders) {
            contender.restore(saved).ok_or(CheckpointError::Damaged)?;
        }
        let mut history = saved.history;
        for trace in every_trace(&mut history) {
            if matches!(trace.outcome, Outcome::Finished | Outcome::Cancelled) {
                trace.outcome = Outcome::Running;
            }
        }
        training.close_if_done(&mut history);
        Ok((training, history))
    }
}
