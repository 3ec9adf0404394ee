//! Networks, trained side by side.
//!
//! Every run has its own copy of the network and its own rule, in single precision, and sees the
//! same examples at the same update. Runs never influence one another, so a block of updates of
//! each can be computed on its own core; a run that has cores to itself splits its batches. The
//! record is the same, byte for byte, on any number of cores.

mod contender;
mod layers;
mod probe;
pub mod snapshots;
mod study;

use super::checkpoint::{Checkpoint, CheckpointError, data_sum, trunk};
use super::simulation::{empty_variations, end, every_trace};
use super::{History, Measured, Outcome, Trace, Variation};
use crate::experiment::Checked;
use crate::models::datasets::{Dataset, FolderError};
use contender::Contender;
pub(super) use contender::norm;
use layers::LayerLengths;
pub(super) use probe::sampled_diagonal;
use rayon::prelude::*;
use snapshots::{Kept, most_epochs};
pub use snapshots::{Snapshot, Snapshots};
use std::sync::Arc;

/// Multiplications of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 4_000_000_000;

/// The present state of every run of a training.
pub struct Training<'a> {
    checked: &'a Checked,
    contenders: Vec<Contender<'a>>,
    /// The check sum of the data.
    data: u32,
    updates: u64,
}

impl<'a> Training<'a> {
    /// The state before the first update, and a history that holds it.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn new(checked: &'a Checked) -> Result<(Self, History), FolderError> {
        let mut history = History {
            traces: vec![new_trace(checked); checked.runs.len()],
            variations: new_variations(checked),
            parameter_names: Vec::new(),
            updates: 0,
        };
        let (mut contenders, data) = Self::contenders(checked)?;
        record_starts(checked.runs.len(), &mut contenders, &mut history);
        let training = Self {
            checked,
            contenders,
            data,
            updates: 0,
        };
        training.close_if_done(&mut history);
        Ok((training, history))
    }

    /// Every run with every seed, before its first update, and the check sum of the data.
    fn contenders(checked: &'a Checked) -> Result<(Vec<Contender<'a>>, u32), FolderError> {
        let (mut contenders, mut all) = (Vec::new(), Vec::new());
        for task in checked.tasks() {
            let data = task.data()?;
            let runs = checked.runs.iter();
            contenders.extend(runs.map(|run| Contender::new(run, task, data.clone())));
            // Files are the same with every seed; toys are not.
            let is_new = |set: &&Arc<Dataset>| all.iter().all(|known| !Arc::ptr_eq(known, set));
            let new: Vec<_> = [&data.train, &data.test]
                .into_iter()
                .filter(is_new)
                .cloned()
                .collect();
            all.extend(new);
        }
        let data = data_sum(all.iter().map(|set| &**set));
        Ok((contenders, data))
    }

    /// The present state; `history` is its record.
    pub fn checkpoint(&self, history: &History) -> Checkpoint {
        Checkpoint {
            trunk: trunk(self.checked, self.updates),
            data: self.data,
            updates: self.updates,
            contenders: self.contenders.iter().map(Contender::save).collect(),
            history: history.clone(),
        }
    }

    /// The training at a checkpoint, and its record. It may be longer now, and its rates may
    /// change at later updates.
    ///
    /// # Errors
    /// When the checkpoint is damaged or of another experiment, or the data cannot be had.
    pub fn resume(
        checked: &'a Checked,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, History), CheckpointError> {
        let (contenders, data) = Self::contenders(checked)?;
        checkpoint.require(checked, data)?;
        let mut training = Self {
            checked,
            contenders,
            data,
            updates: checkpoint.updates,
        };
        let mut history = checkpoint.history();
        let count = training.contenders.len();
        if checkpoint.contenders.len() != count || every_trace(&mut history).count() != count {
            return Err(CheckpointError::Damaged);
        }
        for (contender, saved) in training.contenders.iter_mut().zip(&checkpoint.contenders) {
            contender
                .restore(saved.clone())
                .ok_or(CheckpointError::Damaged)?;
        }
        training.close_if_done(&mut history);
        Ok((training, history))
    }

    /// Keeps the weights of the runs with the first seed from now on, at the ends of epochs.
    pub fn keep_snapshots(&mut self) {
        let runs = self.checked.runs.len();
        for contender in self.contenders.iter_mut().take(runs) {
            if contender.kept.is_none() {
                let most = most_epochs(contender.shown().len(), runs);
                contender.kept = Some(Kept::new(most));
                if self
                    .updates
                    .is_multiple_of(self.checked.updates_per_epoch())
                {
                    contender.keep(self.updates);
                }
            }
        }
    }

    /// The weights that were kept so far.
    pub fn snapshots(&self) -> Snapshots {
        let runs = self.contenders.iter().take(self.checked.runs.len());
        let kept = runs.map(|contender| contender.kept.clone().unwrap_or_default());
        Snapshots::new(kept.collect())
    }

    /// Offers `updates` more updates to every run, but no more than the experiment has.
    pub fn advance(&mut self, updates: u64, history: &mut History) {
        let updates = updates.min(self.checked.updates() - self.updates);
        let range = self.updates + 1..=self.updates + updates;
        let pairs: Vec<_> = self
            .contenders
            .iter_mut()
            .zip(every_trace(history))
            .collect();
        pairs.into_par_iter().for_each(|(contender, trace)| {
            contender.advance(range.clone(), trace);
        });
        self.updates += updates;
        history.updates = self.updates;
        self.close_if_done(history);
    }

    /// How many updates may pass before the next look at whether to go on.
    pub fn block(&self) -> u64 {
        let work = self.checked.objective.work_per_update().max(1);
        let shared = self.contenders.len().div_ceil(8) as u64;
        (MOST_WORK / work / shared.max(1)).clamp(1, 1024)
    }

    /// Whether no run has anything left to do.
    pub fn is_done(&self) -> bool {
        let mut contenders = self.contenders.iter();
        self.updates == self.checked.updates() || contenders.all(|contender| contender.has_diverged)
    }

    /// How many updates every run has been offered.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// The parameters of a run: those that are shown where a wrapper shows others.
    pub fn parameters(&self, run: usize) -> Option<&[f32]> {
        self.contenders.get(run).map(Contender::shown)
    }

    fn close_if_done(&self, history: &mut History) {
        if self.is_done() {
            end(history, Outcome::Finished);
        }
    }
}

/// A trace without frames.
fn new_trace(checked: &Checked) -> Trace {
    let mut trace = Trace::new(0);
    trace.measured = Measured::new(checked.objective.measures().len());
    trace.layers = LayerLengths::record(checked.objective.layer_names().len());
    trace
}

/// The records of all seeds but the first, without frames and bounded together.
fn new_variations(checked: &Checked) -> Vec<Variation> {
    let mut variations = empty_variations(checked, 0);
    let layers = checked.objective.layer_names().len();
    let count = variations.len() * checked.runs.len();
    let record = LayerLengths::record_of_variation(layers, count);
    let traces = variations
        .iter_mut()
        .flat_map(|variation| &mut variation.traces);
    traces.for_each(|trace| trace.layers = record.clone());
    variations
}

/// Evaluates the starts: `runs` contenders in a row have the same.
fn record_starts(runs: usize, contenders: &mut [Contender<'_>], history: &mut History) {
    let mut traces: Vec<_> = every_trace(history).collect();
    let groups = contenders.chunks_mut(runs.max(1));
    for (contenders, traces) in groups.zip(traces.chunks_mut(runs.max(1))) {
        let Some((first, start)) = contenders.first_mut().zip(traces.first_mut()) else {
            continue;
        };
        first.record_start(start);
        let (outcome, frames) = (start.outcome, Trace::clone(start));
        for (contender, trace) in contenders.iter_mut().zip(traces) {
            contender.has_diverged = outcome != Outcome::Running;
            trace.clone_from(&frames);
        }
    }
}
