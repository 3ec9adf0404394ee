//! Networks, trained side by side.
//!
//! Every run has its own copy of the network and its own rule, in single precision, and sees the
//! same examples at the same update. Runs never influence one another, so a block of updates of
//! each can be computed on its own core; a run that has cores to itself splits its batches. The
//! record is the same, byte for byte, on any number of cores.

mod contender;
mod probe;

use super::simulation::end;
use super::{Best, Frame, History, Measured, Outcome, Trace};
use crate::experiment::Checked;
use crate::models::datasets::{Data, FolderError};
use crate::models::network::Task;
use crate::objective::Objective;
use contender::{Contender, norm};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// Multiplications of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 4_000_000_000;

/// The present state of every run of a training.
pub struct Training<'a> {
    checked: &'a Checked,
    task: &'a Task,
    data: Data,
    contenders: Vec<Contender<'a>>,
    updates: u64,
}

impl<'a> Training<'a> {
    /// The state before the first update, and a history that holds it.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn new(checked: &'a Checked, task: &'a Task) -> Result<(Self, History), FolderError> {
        let data = task.data()?;
        let runs = checked.runs.iter();
        let contenders: Vec<_> = runs.map(|run| Contender::new(run, task)).collect();
        let mut trace = Trace::new(0);
        trace.measured = Measured::new(task.measures().len());
        let mut training = Self {
            checked,
            task,
            data,
            contenders,
            updates: 0,
        };
        training.record_start(&mut trace);
        let has_diverged = trace.outcome != Outcome::Running;
        for contender in &mut training.contenders {
            contender.has_diverged = has_diverged;
        }
        let mut history = History {
            traces: vec![trace; training.contenders.len()],
            parameter_names: Vec::new(),
            updates: 0,
        };
        training.close_if_done(&mut history);
        Ok((training, history))
    }

    /// Evaluates the start, which is the same for every run.
    fn record_start(&self, trace: &mut Trace) {
        let mut network = self.task.network();
        let parameters = self.task.start();
        let mut gradient = vec![0.0; parameters.len()];
        let all: Vec<u32> = (0..self.data.train.len() as u32).collect();
        let train = &*self.data.train;
        let score = network.whole_gradient(train, &all, &parameters, &mut gradient);
        let gradient_norm = norm(&gradient);
        let values = contender::measure(&mut network, &self.data, &parameters);
        let is_finite = values.iter().all(|value| value.is_finite());
        if !(is_finite && score.loss.is_finite() && gradient_norm.is_finite()) {
            trace.outcome = Outcome::Diverged { step: 0 };
            return;
        }
        trace.measured.push(0, &values);
        trace.best = Some(Best {
            loss: values[0],
            step: 0,
        });
        trace.push(Frame {
            step: 0,
            evaluations: 0,
            learning_rate: f64::NAN,
            loss: score.loss,
            gradient_norm,
            parameters: &[],
        });
    }

    /// Offers `updates` more updates to every run, but no more than the experiment has.
    pub fn advance(&mut self, updates: u64, history: &mut History) {
        let updates = updates.min(self.checked.updates() - self.updates);
        let range = self.updates + 1..=self.updates + updates;
        let (data, updates_per_epoch) = (&self.data, self.task.updates_per_epoch());
        let pairs: Vec<_> = self.contenders.iter_mut().zip(&mut history.traces).collect();
        pairs.into_par_iter().for_each(|(contender, trace)| {
            contender.advance(range.clone(), updates_per_epoch, data, trace);
        });
        self.updates += updates;
        history.updates = self.updates;
        self.close_if_done(history);
    }

    /// Whether no run has anything left to do.
    pub fn is_done(&self) -> bool {
        let mut contenders = self.contenders.iter();
        self.updates == self.checked.updates()
            || contenders.all(|contender| contender.has_diverged)
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

/// Trains to the end, or until `watch`, called after every block of updates, breaks off; runs
/// cut short that way have the outcome `Cancelled`.
///
/// # Errors
/// When the data cannot be had.
pub fn run(
    checked: &Checked,
    task: &Task,
    mut watch: impl FnMut(&History) -> ControlFlow<()>,
) -> Result<History, FolderError> {
    let (mut training, mut history) = Training::new(checked, task)?;
    let block = (MOST_WORK / task.work_per_update().max(1)).clamp(1, 1024);
    while !training.is_done() {
        training.advance(block, &mut history);
        if watch(&history).is_break() {
            end(&mut history, Outcome::Cancelled);
            break;
        }
    }
    Ok(history)
}
