//! Networks, trained side by side.
//!
//! Every run has its own copy of the network and its own rule, in single precision, and sees the
//! same examples at the same update. Runs never influence one another, so a block of updates of
//! each can be computed on its own core; a run that has cores to itself splits its batches. The
//! record is the same, byte for byte, on any number of cores.

mod checkpoint;
mod contender;
mod layers;
mod probe;

use super::simulation::{empty_variations, end, every_trace};
use super::{History, Measured, Outcome, Trace};
use crate::experiment::Checked;
use crate::models::datasets::FolderError;
pub use checkpoint::CheckpointError;
use contender::Contender;
pub(super) use contender::norm;
use layers::LayerLengths;
pub(super) use probe::sampled_diagonal;
use rayon::prelude::*;
use std::ops::ControlFlow;

/// Multiplications of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 4_000_000_000;

/// The present state of every run of a training.
pub struct Training<'a> {
    checked: &'a Checked,
    contenders: Vec<Contender<'a>>,
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
            variations: empty_variations(checked, 0),
            parameter_names: Vec::new(),
            updates: 0,
        };
        let mut contenders = Self::contenders(checked)?;
        record_starts(checked.runs.len(), &mut contenders, &mut history);
        let training = Self {
            checked,
            contenders,
            updates: 0,
        };
        training.close_if_done(&mut history);
        Ok((training, history))
    }

    /// Every run with every seed, before its first update.
    fn contenders(checked: &'a Checked) -> Result<Vec<Contender<'a>>, FolderError> {
        let mut contenders = Vec::new();
        for task in checked.tasks() {
            let data = task.data()?;
            let runs = checked.runs.iter();
            contenders.extend(runs.map(|run| Contender::new(run, task, data.clone())));
        }
        Ok(contenders)
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

/// Trains to the end, or until `watch`, called after every block of updates, breaks off; runs
/// cut short that way have the outcome `Cancelled`.
///
/// # Errors
/// When the data cannot be had.
pub fn run(
    checked: &Checked,
    mut watch: impl FnMut(&History) -> ControlFlow<()>,
) -> Result<History, FolderError> {
    let begun = Training::new(checked)?;
    Ok(go_on(begun, |_, history| watch(history)).1)
}

/// Trains a training that was begun to its end, or until `watch` breaks off as in [`run`].
pub fn go_on<'a>(
    (mut training, mut history): (Training<'a>, History),
    mut watch: impl FnMut(&Training<'a>, &History) -> ControlFlow<()>,
) -> (Training<'a>, History) {
    while !training.is_done() {
        training.advance(training.block(), &mut history);
        if watch(&training, &history).is_break() {
            end(&mut history, Outcome::Cancelled);
            break;
        }
    }
    (training, history)
}
