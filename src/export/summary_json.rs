//! `summary.json`: what became of every run.

use crate::engine::{History, Outcome, Trace};
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
    outcome: &'static str,
    diverged_at_step: Option<u64>,
    final_loss: Option<f64>,
    best_loss: Option<f64>,
    best_step: Option<u64>,
    evaluations: u64,
}

impl<'a> RunSummary<'a> {
    fn new(run: usize, of: &'a CheckedRun, trace: &Trace) -> Self {
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
            outcome,
            diverged_at_step,
            final_loss: trace.final_loss(),
            best_loss: trace.best.map(|best| best.loss),
            best_step: trace.best.map(|best| best.step),
            evaluations: trace.evaluations,
        }
    }
}

/// The experiment and, for every run, its outcome and its losses; `null` where a run has none
/// because even its start is not finite.
pub fn summary_json(checked: &Checked, history: &History) -> String {
    let runs = checked.runs.iter().zip(&history.traces).enumerate();
    let summary = Summary {
        experiment: &checked.experiment,
        runs: runs
            .map(|(number, (run, trace))| RunSummary::new(number, run, trace))
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&summary)
        .expect("an experiment and its outcomes are plain data with text for keys");
    text.push('\n');
    text
}
