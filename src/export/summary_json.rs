//! `summary.json`: what became of every run.

use super::{OneRecord, records_of};
use crate::engine::continual::Results;
use crate::engine::{History, Outcome};
use crate::experiment::{Checked, CheckedRun, Experiment};
use serde::Serialize;

#[derive(Serialize)]
struct Summary<'a> {
    experiment: &'a Experiment,
    runs: Vec<RunSummary<'a>>,
}

#[derive(Serialize)]
struct RunSummary<'a> {
    run: usize,
    label: &'a str,
    optimizer: &'static str,
    /// Only where there are several starts or seeds.
    #[serde(flatten)]
    origin: Option<Origin>,
    outcome: &'static str,
    diverged_at_step: Option<u64>,
    final_loss: Option<f64>,
    best_loss: Option<f64>,
    best_step: Option<u64>,
    evaluations: u64,
    /// Only where tasks are learnt one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    tasks: Option<TasksSummary>,
}

/// What a run's accuracy matrix says; `null` where too few tasks were finished for it, or the run
/// diverged.
#[derive(Serialize)]
struct TasksSummary {
    remedy: &'static str,
    head: &'static str,
    /// Row k: the accuracy on every task's test data after task k.
    accuracy_matrix: Vec<Vec<f64>>,
    mean_accuracy: Option<f64>,
    backward_transfer: Option<f64>,
    forgetting: Option<f64>,
    forgetting_of_first: Option<f64>,
    intransigence: Option<f64>,
    /// Copies of past tasks' examples that the remedy is allowed to keep.
    kept_examples: u64,
}

impl TasksSummary {
    fn new(results: Results) -> Self {
        Self {
            remedy: results.remedy,
            head: results.head.name(),
            mean_accuracy: results.mean_accuracy(),
            backward_transfer: results.backward_transfer(),
            forgetting: results.forgetting(),
            forgetting_of_first: results.forgetting_of_first(),
            intransigence: results.intransigence,
            kept_examples: results.kept_examples,
            accuracy_matrix: results.matrix.rows,
        }
    }
}

#[derive(Serialize)]
struct Origin {
    start: usize,
    seed: u64,
}

impl<'a> RunSummary<'a> {
    fn new(
        run: usize,
        of: &'a CheckedRun,
        record: &OneRecord<'_>,
        has_several: bool,
        results: Option<Results>,
    ) -> Self {
        let trace = record.trace;
        let (outcome, diverged_at_step) = match trace.outcome {
            Outcome::Finished => ("finished", None),
            Outcome::Diverged { step } => ("diverged", Some(step)),
            // A record that is exported while it grows ends where it was cut.
            Outcome::Cancelled | Outcome::Running => ("cancelled", None),
        };
        Self {
            run,
            label: &of.label,
            optimizer: of.optimizer.card().id,
            origin: has_several.then_some(Origin {
                start: record.start,
                seed: record.seed,
            }),
            outcome,
            diverged_at_step,
            final_loss: trace.final_loss(),
            best_loss: trace.best.map(|best| best.loss),
            best_step: trace.best.map(|best| best.step),
            evaluations: trace.evaluations,
            tasks: results.map(TasksSummary::new),
        }
    }
}

/// The experiment and, for every run from every start with every seed, its outcome and its
/// losses; `null` where a run has none because even its start is not finite.
pub fn summary_json(checked: &Checked, history: &History) -> String {
    let has_several = checked.experiment.has_several();
    let mut runs = Vec::new();
    let mut results = Results::all(checked, history).into_iter();
    for (number, run) in checked.runs.iter().enumerate() {
        for record in records_of(checked, history, number) {
            let of_tasks = results.next().map(|(_, _, results)| results);
            runs.push(RunSummary::new(number, run, &record, has_several, of_tasks));
        }
    }
    let summary = Summary {
        experiment: &checked.experiment,
        runs,
    };
    let mut text = serde_json::to_string_pretty(&summary)
        .expect("an experiment and its outcomes are plain data with text for keys");
    text.push('\n');
    text
}
