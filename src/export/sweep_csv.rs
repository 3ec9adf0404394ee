//! `sweep.csv`: one row a trial.

use super::shortest;
use crate::engine::{Plan, Reached};
use crate::experiment::Experiment;

/// The table of a sweep.
#[derive(Debug)]
pub struct SweepTable {
    /// Label and optimizer of every run of the experiment.
    runs: Vec<[String; 2]>,
    quantities: Vec<String>,
    /// Whether the two parameters at the end are given.
    has_place: bool,
}

/// What every trial comes to, in the order of the columns.
const RESULTS: [&str; 7] = [
    "final_loss",
    "best_loss",
    "best_step",
    "touched_at",
    "stays_from",
    "diverged_at",
    "left_range_at",
];

impl SweepTable {
    /// The table of a plan for an experiment.
    pub fn new(experiment: &Experiment, plan: &Plan) -> Self {
        let run = |run: &crate::experiment::RunSpec| [run.display_label(), run.optimizer.clone()];
        Self {
            runs: experiment.runs.iter().map(run).collect(),
            quantities: plan
                .axes()
                .iter()
                .map(|axis| axis.quantity.to_string())
                .collect(),
            has_place: experiment.objective.landscape().is_some(),
        }
    }

    /// The first line, with its end.
    pub fn header(&self) -> Vec<u8> {
        let mut fields: Vec<String> = ["run", "label", "optimizer", "trial"]
            .map(Into::into)
            .into();
        fields.extend(self.quantities.iter().cloned());
        fields.extend(RESULTS.map(Into::into));
        if self.has_place {
            fields.extend(["final_w1", "final_w2"].map(Into::into));
        }
        lines([fields].into_iter())
    }

    /// The lines of rows that follow one another from `first` on.
    pub fn rows(&self, plan: &Plan, first: u64, trials: &[(Vec<f64>, Reached)]) -> Vec<u8> {
        let rows = trials.iter().zip(first..).map(|((values, reached), row)| {
            let (run, trial) = plan.place(row);
            self.row(run, trial, values, reached)
        });
        lines(rows)
    }

    fn row(&self, run: usize, trial: u64, values: &[f64], reached: &Reached) -> Vec<String> {
        let [label, optimizer] = self.runs.get(run).cloned().unwrap_or_default();
        let number = |x: f64| {
            if x.is_finite() {
                shortest(x)
            } else {
                String::new()
            }
        };
        let step = |step: Option<u64>| step.map(|step| step.to_string()).unwrap_or_default();
        let best = reached.best;
        let mut fields = vec![run.to_string(), label, optimizer, trial.to_string()];
        fields.extend(values.iter().map(|&value| shortest(value)));
        fields.extend([
            number(reached.loss),
            best.map(|best| number(best.loss)).unwrap_or_default(),
            step(best.map(|best| best.step)),
            step(reached.touched),
            step(reached.stays),
            step(reached.diverged),
            step(reached.left),
        ]);
        if self.has_place {
            fields.extend(reached.at.map(number));
        }
        fields
    }
}

fn lines(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut table = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        table.write_record(row).expect("memory takes every byte");
    }
    table.into_inner().expect("memory takes every byte")
}
