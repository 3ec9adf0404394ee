//! An experiment on its way, of whichever kind it is.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::continual::Learning;
use super::simulation::end;
use super::training::{Snapshots, Training};
use super::{History, Outcome, Simulation};
use crate::experiment::Checked;
use crate::models::datasets::FolderError;
use std::ops::ControlFlow;

/// Every run of an experiment at its present update.
pub enum Work<'a> {
    /// On a landscape or a regression.
    Simulation(Box<Simulation<'a>>),
    /// A network is trained.
    Training(Box<Training<'a>>),
    /// Tasks are learnt one after the other.
    Learning(Box<Learning<'a>>),
}

impl<'a> Work<'a> {
    /// Before the first update, and a history that holds it.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn begin(checked: &'a Checked) -> Result<(Self, History), FolderError> {
        if checked.task().is_some() {
            let (training, history) = Training::new(checked)?;
            return Ok((Self::Training(Box::new(training)), history));
        }
        if checked.sequence().is_some() {
            let (learning, history) = Learning::new(checked)?;
            return Ok((Self::Learning(Box::new(learning)), history));
        }
        let (simulation, history) = Simulation::new(checked);
        Ok((Self::Simulation(Box::new(simulation)), history))
    }

    /// At a checkpoint of a training or of tasks, and its record.
    ///
    /// # Errors
    /// When the checkpoint is damaged or of another experiment, or the data cannot be had.
    pub fn resume(
        checked: &'a Checked,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, History), CheckpointError> {
        if checked.task().is_some() {
            let (training, history) = Training::resume(checked, checkpoint)?;
            return Ok((Self::Training(Box::new(training)), history));
        }
        if checked.sequence().is_some() {
            let (learning, history) = Learning::resume(checked, checkpoint)?;
            return Ok((Self::Learning(Box::new(learning)), history));
        }
        Err(CheckpointError::OtherExperiment)
    }

    /// The present state of a training or of tasks, of which `history` is the record; none of
    /// what is computed anew in no time.
    pub fn checkpoint(&self, history: &History) -> Option<Checkpoint> {
        match self {
            Self::Simulation(_) => None,
            Self::Training(work) => Some(work.checkpoint(history)),
            Self::Learning(work) => Some(work.checkpoint(history)),
        }
    }

    /// Makes so many updates as may pass before the next look at whether to go on.
    pub fn advance(&mut self, history: &mut History) {
        match self {
            Self::Simulation(work) => work.advance(work.block(), history),
            Self::Training(work) => work.advance(work.block(), history),
            Self::Learning(work) => work.advance(work.block(), history),
        }
    }

    /// Whether no run has anything left to do.
    pub fn is_done(&self) -> bool {
        match self {
            Self::Simulation(work) => work.is_done(),
            Self::Training(work) => work.is_done(),
            Self::Learning(work) => work.is_done(),
        }
    }

    /// Keeps the weights of networks from now on, at the ends of epochs.
    pub fn keep_snapshots(&mut self) {
        match self {
            Self::Simulation(_) => {}
            Self::Training(work) => work.keep_snapshots(),
            Self::Learning(work) => work.keep_snapshots(),
        }
    }

    /// Records from now on what the hidden units of networks do that learn tasks; `history` is
    /// the record so far.
    pub fn observe_units(&mut self, history: &mut History) {
        if let Self::Learning(work) = self {
            work.observe_units(history);
        }
    }

    /// The weights that were kept so far; none where no network is trained.
    pub fn snapshots(&self) -> Snapshots {
        match self {
            Self::Simulation(_) => Snapshots::default(),
            Self::Training(work) => work.snapshots(),
            Self::Learning(work) => work.snapshots(),
        }
    }

    /// The parameters of a run's network with the first seed: those that are shown where a
    /// wrapper shows others. None where no network is trained.
    pub fn parameters(&self, run: usize) -> Option<&[f32]> {
        match self {
            Self::Simulation(_) => None,
            Self::Training(work) => work.parameters(run),
            Self::Learning(work) => work.parameters(run),
        }
    }

    /// Goes on to the end, or until `watch`, called after every block of updates, breaks off;
    /// runs cut short that way have the outcome `Cancelled`.
    pub fn go_on(
        mut self,
        mut history: History,
        mut watch: impl FnMut(&Self, &History) -> ControlFlow<()>,
    ) -> (Self, History) {
        while !self.is_done() {
            self.advance(&mut history);
            if watch(&self, &history).is_break() {
                end(&mut history, Outcome::Cancelled);
                break;
            }
        }
        (self, history)
    }
}
