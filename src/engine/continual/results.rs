//! What a record says about learning and forgetting.

use crate::engine::{History, Outcome, Trace};
use crate::experiment::Checked;
use crate::models::continual::{AccuracyMatrix, Head, Kind, Remedy};

/// Where the accuracies by task begin among what is measured.
pub const FIRST_TASK: usize = 4;

/// The accuracy on every task's test data after every task that the run has finished; none where
/// no tasks are learnt.
pub fn accuracy_matrix(checked: &Checked, trace: &Trace) -> Option<AccuracyMatrix> {
    let tasks = checked.sequence()?.tasks() as u64;
    let per_task = checked.updates_per_task();
    let row = |task: u64| {
        let values = trace.measured.exactly_at(task * per_task)?;
        Some(values[FIRST_TASK..].to_vec())
    };
    let rows = (1..=tasks).map_while(row).collect();
    Some(AccuracyMatrix { rows })
}

fn has_diverged(trace: &Trace) -> bool {
    matches!(trace.outcome, Outcome::Diverged { .. })
}

/// The accuracy matrix of a record and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// The matrix.
    pub matrix: AccuracyMatrix,
    /// Which outputs answered for a task.
    pub head: Head,
    /// The remedy's name in files.
    pub remedy: &'static str,
    /// Whether it diverged before the last task was learnt. The few tasks that it finished are
    /// easier to keep than all of them, so what is said over tasks is not said of it.
    pub has_diverged: bool,
    /// Against joint training with the same head and rule, where that is another run and neither
    /// has diverged.
    pub intransigence: Option<f64>,
    /// Copies of examples that the remedy keeps when the last finished task was learnt.
    pub kept_examples: u64,
}

impl Results {
    /// Of run `run` in the records of one start and seed, `traces`; none where no tasks are
    /// learnt.
    pub fn of(checked: &Checked, traces: &[Trace], run: usize) -> Option<Self> {
        let sequence = checked.sequence()?;
        let head_of = |run: usize| checked.runs[run].head.unwrap_or(sequence.head());
        let own = &checked.runs[run];
        let is_reference = |&other: &usize| {
            let remedy = checked.runs[other].remedy.as_ref();
            remedy.is_some_and(|remedy| remedy.card.kind == Kind::Joint)
                && head_of(other) == head_of(run)
                && checked.runs[other].optimizer.card().id == own.optimizer.card().id
        };
        let whole = |run: usize| traces.get(run).filter(|trace| !has_diverged(trace));
        let trace = traces.get(run)?;
        let matrix = accuracy_matrix(checked, trace)?;
        let reference = (0..checked.runs.len()).find(is_reference).and_then(whole);
        let reference = reference.filter(|_| !has_diverged(trace));
        let reference = reference.and_then(|other| accuracy_matrix(checked, other));
        let past = matrix.rows.len().saturating_sub(1);
        let examples = sequence.examples();
        let keeps = |remedy: &Remedy| remedy.kept_examples(&examples[..past.min(examples.len())]);
        Some(Self {
            kept_examples: own.remedy.as_ref().map_or(0, keeps) as u64,
            intransigence: reference.and_then(|reference| matrix.intransigence(&reference)),
            matrix,
            has_diverged: has_diverged(trace),
            head: head_of(run),
            remedy: own
                .remedy
                .as_ref()
                .map_or("FineTuning", |remedy| remedy.card.id),
        })
    }

    /// ACC; none of a run that has diverged, as of the other scores.
    pub fn mean_accuracy(&self) -> Option<f64> {
        self.whole()?.mean_accuracy()
    }

    /// BWT.
    pub fn backward_transfer(&self) -> Option<f64> {
        self.whole()?.backward_transfer()
    }

    /// Forgetting against the best.
    pub fn forgetting(&self) -> Option<f64> {
        self.whole()?.forgetting()
    }

    /// Forgetting against the first.
    pub fn forgetting_of_first(&self) -> Option<f64> {
        self.whole()?.forgetting_of_first()
    }

    /// The matrix, where it has or will have a row for every task.
    fn whole(&self) -> Option<&AccuracyMatrix> {
        (!self.has_diverged).then_some(&self.matrix)
    }

    /// Of every run in every record: run after run, the first start and seed first.
    pub fn all(checked: &Checked, history: &History) -> Vec<(usize, u64, Self)> {
        let first = std::iter::once((checked.seed, &history.traces));
        let others = history.variations.iter().map(|v| (v.seed, &v.traces));
        let records: Vec<_> = first.chain(others).collect();
        let mut all = Vec::new();
        for run in 0..checked.runs.len() {
            for &(seed, traces) in &records {
                all.extend(Self::of(checked, traces, run).map(|results| (run, seed, results)));
            }
        }
        all
    }
}
