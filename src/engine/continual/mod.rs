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

use super::simulation::{empty_variations, end, every_trace};
use super::{History, Measured, Outcome, Trace};
use crate::experiment::Checked;
use crate::models::continual::{Course, Footprint};
use crate::models::datasets::{Dataset, FolderError};
pub use comparison::{Compared, Spread, Standing, compare};
use contender::Contender;
pub use observation::{Observations, TaskEnd, UnitLayer, UnitMoment};
use rayon::prelude::*;
pub use results::{Results, accuracy_matrix};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Multiplications of one run before the next look at whether to go on: a fraction of a second.
const MOST_WORK: u64 = 4_000_000_000;

/// The present state of every run.
pub struct Learning<'a> {
    checked: &'a Checked,
    /// One a seed, with what is still to come.
    courses: Vec<Course>,
    contenders: Vec<Contender<'a>>,
    updates: u64,
}

impl<'a> Learning<'a> {
    /// The state before the first update, and a history that holds it.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn new(checked: &'a Checked) -> Result<(Self, History), FolderError> {
        Self::begun(checked, false)
    }

    /// The same; what hidden units do is recorded as well, in the first seed's traces
    /// ([`Trace::observations`]).
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn observed(checked: &'a Checked) -> Result<(Self, History), FolderError> {
        Self::begun(checked, true)
    }

    fn begun(checked: &'a Checked, is_observed: bool) -> Result<(Self, History), FolderError> {
        let mut trace = Trace::new(0);
        trace.measured = Measured::new(checked.objective.measures().len());
        let mut history = History {
            traces: vec![trace; checked.runs.len()],
            variations: empty_variations(checked, 0),
            parameter_names: Vec::new(),
            updates: 0,
        };
        let (mut courses, mut contenders) = (Vec::new(), Vec::new());
        for sequence in checked.sequences() {
            let course = sequence.course()?;
            let tests = course.tests();
            let runs = checked.runs.iter();
            let per_task = checked.updates_per_task();
            let is_observed = is_observed && contenders.is_empty();
            contenders.extend(runs.map(|run| {
                let contender = Contender::new(run, sequence, per_task, tests);
                match is_observed {
                    true => contender.observed(checked.runs.len()),
                    false => contender,
                }
            }));
            courses.push(course);
        }
        let mut learning = Self {
            checked,
            courses,
            contenders,
            updates: 0,
        };
        learning.begin_task();
        learning.for_each(&mut history, |contender, trace| {
            contender.record_start(trace)
        });
        learning.close_if_done(&mut history);
        Ok((learning, history))
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

/// Learns all tasks, or until `watch`, called after every block of updates, breaks off; runs cut
/// short that way have the outcome `Cancelled`.
///
/// # Errors
/// When the data cannot be had.
pub fn run(
    checked: &Checked,
    watch: impl FnMut(&History) -> ControlFlow<()>,
) -> Result<History, FolderError> {
    Ok(learn(Learning::new(checked)?, watch))
}

/// The same, with what hidden units do recorded as well.
///
/// # Errors
/// When the data cannot be had.
pub fn run_observed(
    checked: &Checked,
    watch: impl FnMut(&History) -> ControlFlow<()>,
) -> Result<History, FolderError> {
    Ok(learn(Learning::observed(checked)?, watch))
}

fn learn(
    (mut learning, mut history): (Learning<'_>, History),
    mut watch: impl FnMut(&History) -> ControlFlow<()>,
) -> History {
    while !learning.is_done() {
        learning.advance(learning.block(), &mut history);
        if watch(&history).is_break() {
            end(&mut history, Outcome::Cancelled);
            break;
        }
    }
    history
}
