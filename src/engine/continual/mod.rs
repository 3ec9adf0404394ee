//! Tasks learnt one after the other, all runs side by side.
//!
//! At every border between tasks a run's remedy looks at the ending task for the last time; then
//! the data of the next task come out of the seed's [`Course`], and those of the past one are
//! dropped: no run can reach them any more. What is measured at the borders is the accuracy matrix.

mod comparison;
mod contender;
mod look;
mod observation;
mod results;

use super::checkpoint::{Checkpoint, CheckpointError, data_sum, trunk};
use super::simulation::{empty_variations, end, every_trace};
use super::training::Snapshots;
use super::training::snapshots::{Kept, most_epochs};
use super::{History, Measured, Outcome, Trace};
use crate::experiment::Checked;
use crate::models::continual::{Course, Footprint};
use crate::models::datasets::{Dataset, FolderError};
pub use comparison::{Compared, compare};
use contender::Contender;
pub use observation::{Observations, TaskEnd, UnitLayer, UnitMoment};
use rayon::prelude::*;
pub use results::{FIRST_TASK, Results, accuracy_matrix};
use std::sync::Arc;

/// Multiplications of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 4_000_000_000;

/// The present state of every run.
pub struct Learning<'a> {
    checked: &'a Checked,
    /// One a seed, with what is still to come.
    courses: Vec<Course>,
    contenders: Vec<Contender<'a>>,
    /// The check sum of all tasks' data.
    data: u32,
    updates: u64,
}

impl<'a> Learning<'a> {
    /// The state before the first update, and a history that holds it.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn new(checked: &'a Checked) -> Result<(Self, History), FolderError> {
        let mut trace = Trace::new(0);
        trace.measured = Measured::new(checked.objective.measures().len());
        let mut history = History {
            traces: vec![trace; checked.runs.len()],
            variations: empty_variations(checked, 0),
            parameter_names: Vec::new(),
            updates: 0,
        };
        let mut learning = Self::before_the_first_task(checked)?;
        learning.begin_task();
        learning.for_each(&mut history, |contender, trace| {
            contender.record_start(trace)
        });
        learning.close_if_done(&mut history);
        Ok((learning, history))
    }

    fn before_the_first_task(checked: &'a Checked) -> Result<Self, FolderError> {
        let (mut courses, mut contenders) = (Vec::new(), Vec::new());
        for sequence in checked.sequences() {
            let course = sequence.course()?;
            let tests = course.tests();
            let runs = checked.runs.iter();
            let per_task = checked.updates_per_task();
            contenders.extend(runs.map(|run| Contender::new(run, sequence, per_task, tests)));
            courses.push(course);
        }
        Ok(Self {
            checked,
            data: data_sum(courses.iter().flat_map(Course::datasets)),
            courses,
            contenders,
            updates: 0,
        })
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

    /// The tasks at a checkpoint, and the record. The rates may change at later updates.
    ///
    /// # Errors
    /// When the checkpoint is damaged or of another experiment, or the data cannot be had.
    pub fn resume(
        checked: &'a Checked,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, History), CheckpointError> {
        let mut learning = Self::before_the_first_task(checked)?;
        checkpoint.require(checked, learning.data)?;
        learning.updates = checkpoint.updates;
        let mut history = checkpoint.history();
        let count = learning.contenders.len();
        if checkpoint.contenders.len() != count || every_trace(&mut history).count() != count {
            return Err(CheckpointError::Damaged);
        }
        let runs = checked.runs.len().max(1);
        let groups = learning.contenders.chunks_mut(runs);
        let saved = checkpoint.contenders.chunks(runs);
        for ((contenders, saved), course) in groups.zip(saved).zip(&mut learning.courses) {
            let task = saved.first().map_or(0, |first| first.task);
            let present = course.skip_to(task).ok_or(CheckpointError::Damaged)?;
            for (contender, saved) in contenders.iter_mut().zip(saved) {
                let present = Arc::clone(&present);
                contender
                    .restore(saved.clone(), present)
                    .ok_or(CheckpointError::Damaged)?;
            }
        }
        learning.close_if_done(&mut history);
        Ok((learning, history))
    }

    /// How many updates every run has been offered.
    pub fn updates(&self) -> u64 {
        self.updates
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

    /// Records from now on what hidden units do, of the runs with the first seed
    /// ([`Trace::observations`]); `history` is the record so far.
    pub fn observe_units(&mut self, history: &mut History) {
        let (runs, is_start) = (self.checked.runs.len(), self.updates == 0);
        let pairs = self.contenders.iter_mut().zip(&mut history.traces);
        for (contender, trace) in pairs.take(runs) {
            contender.observe_from_now_on(runs);
            if is_start {
                contender.observe_start(trace);
            }
        }
    }

    /// The weights that were kept so far.
    pub fn snapshots(&self) -> Snapshots {
        let runs = self.contenders.iter().take(self.checked.runs.len());
        let kept = runs.map(|contender| contender.kept.clone().unwrap_or_default());
        Snapshots::new(kept.collect())
    }

    /// Offers `updates` more updates to every run, but no more than the present task has.
    pub fn advance(&mut self, updates: u64, history: &mut History) {
        let per_task = self.checked.updates_per_task();
        let within = self.updates % per_task.max(1);
        if within == 0 && self.updates > 0 && self.updates < self.checked.updates() {
            self.contenders.par_iter_mut().for_each(Contender::end_task);
            self.begin_task();
        }
        let updates = updates.min(per_task - within);
        let range = self.updates + 1..=self.updates + updates;
        self.for_each(history, |contender, trace| {
            contender.advance(range.clone(), trace)
        });
        self.updates += updates;
        history.updates = self.updates;
        self.close_if_done(history);
    }

    /// Gives every run the next task's data; nobody else keeps them.
    fn begin_task(&mut self) {
        let runs = self.checked.runs.len().max(1);
        let groups = self.contenders.chunks_mut(runs);
        for (contenders, course) in groups.zip(&mut self.courses) {
            let Some(data) = course.next_task() else {
                continue;
            };
            contenders
                .par_iter_mut()
                .for_each(|contender| contender.begin_task(Arc::clone(&data)));
        }
    }

    fn for_each(
        &mut self,
        history: &mut History,
        work: impl Fn(&mut Contender<'a>, &mut Trace) + Sync,
    ) {
        let contenders = self.contenders.iter_mut();
        let pairs: Vec<_> = contenders.zip(every_trace(history)).collect();
        pairs
            .into_par_iter()
            .for_each(|(contender, trace)| work(contender, trace));
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

    /// The parameters of a run with the first seed.
    pub fn parameters(&self, run: usize) -> Option<&[f32]> {
        self.contenders.get(run).map(Contender::shown)
    }

    /// The present task's data of a run with the first seed.
    pub fn present(&self, run: usize) -> Option<&Arc<Dataset>> {
        self.contenders.get(run)?.present()
    }

    /// What the remedies of all runs keep of past tasks, in the order of the records.
    pub fn footprints(&self) -> Vec<Footprint> {
        self.contenders.iter().map(Contender::footprint).collect()
    }

    fn close_if_done(&self, history: &mut History) {
        if self.is_done() {
            end(history, Outcome::Finished);
        }
    }
}
