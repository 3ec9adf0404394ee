//! What `tune` has found, as JSON, as a table, and as an experiment.

use super::super::{DONE, FAILED, output, table};
use crate::analysis::tuner::{self, Question, Rung, Tuned};
use crate::experiment::{Criterion, Experiment, Quantity, preset};
use crate::export::shortest;
use crate::storage::atomic;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Everything that was found.
#[derive(Serialize)]
pub(in crate::cli) struct Report {
    experiment: String,
    criterion: Criterion,
    target: Option<f64>,
    epochs: u64,
    seed: u64,
    fairness: String,
    runs: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    run: usize,
    label: String,
    optimizer: String,
    /// Whether the target was reached as the criterion asks.
    reached: bool,
    learning_rate: f64,
    decay: f64,
    /// Every quantity that was searched.
    settings: BTreeMap<String, f64>,
    epochs: Option<u64>,
    loss: Option<f64>,
    robustness: Option<f64>,
    /// Trials spent: those of the search and those of the neighbourhood.
    experiments: u64,
    search_experiments: u64,
    /// How a network was trained, round after round, and for how many epochs altogether.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rounds: Vec<Round>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epochs_trained: Option<u64>,
}

/// A round of successive halving: so many settings, trained from the end of one epoch to that of
/// another.
#[derive(Serialize)]
struct Round {
    settings: u64,
    from_epoch: u64,
    to_epoch: u64,
}

impl Round {
    fn of(rung: &Rung) -> Self {
        Self {
            settings: rung.trials,
            from_epoch: rung.begin,
            to_epoch: rung.end,
        }
    }
}

/// The experiment with the settings that were found.
fn applied(question: &Question, tuned: &[Tuned]) -> Experiment {
    let mut experiment = question.experiment.clone();
    for tuned in tuned {
        tuned.apply(&mut experiment);
    }
    experiment
}

/// The report on these answers.
pub(in crate::cli) fn report(question: &Question, tuned: &[Tuned]) -> Report {
    let experiment = applied(question, tuned);
    let row = |tuned: &Tuned| {
        let spec = &experiment.runs[tuned.run];
        let value = |quantity: Quantity| quantity.value(&experiment, tuned.run).unwrap_or(0.0);
        let axes = tuned.axes.iter().zip(tuned.values.iter().flatten());
        Row {
            run: tuned.run,
            label: spec.display_label(),
            optimizer: spec.optimizer.clone(),
            reached: tuned.verdict.succeeds,
            learning_rate: value(Quantity::LearningRate),
            decay: value(Quantity::Decay),
            settings: axes
                .map(|(axis, &value)| (axis.quantity.to_string(), value))
                .collect(),
            epochs: tuned.verdict.epochs,
            loss: Some(tuned.verdict.loss).filter(|loss| loss.is_finite()),
            robustness: tuned.robustness,
            experiments: tuned.searched + tuned.neighbours,
            search_experiments: tuned.searched,
            rounds: tuned.rungs.iter().map(Round::of).collect(),
            epochs_trained: Some(tuned.epochs_trained()).filter(|epochs| *epochs > 0),
        }
    };
    Report {
        experiment: experiment.title.clone(),
        criterion: question.criterion,
        target: Some(question.target).filter(|target| target.is_finite()),
        epochs: question.experiment.epochs,
        seed: question.seed,
        fairness: tuner::note(question, tuned),
        runs: tuned.iter().map(row).collect(),
    }
}

/// It as JSON.
pub(super) fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("a report is plain data with text for keys");
    text.push('\n');
    text
}

/// It as a table for people.
pub(super) fn text(report: &Report) -> String {
    let digits = |x: f64| shortest(format!("{x:.5e}").parse().unwrap_or(x));
    let optional = |x: Option<f64>| x.map_or("–".to_owned(), digits);
    let row = |row: &Row| {
        let settings = row.settings.iter();
        let settings: Vec<_> = settings
            .map(|(name, x)| format!("{name} {}", digits(*x)))
            .collect();
        [
            row.label.clone(),
            settings.join(", "),
            if row.reached { "yes" } else { "no" }.to_owned(),
            row.epochs
                .map_or("–".to_owned(), |epochs| epochs.to_string()),
            optional(row.loss),
            row.robustness
                .map_or("–".to_owned(), |r| format!("{:.0} %", 100.0 * r)),
            row.experiments.to_string(),
        ]
    };
    let rows: Vec<_> = report.runs.iter().map(row).collect();
    let header = [
        "run",
        "settings",
        "reached",
        "epochs",
        "best loss",
        "robustness",
        "experiments",
    ];
    format!("{}\n{}\n", table::aligned(header, &rows), report.fairness)
}

/// Writes tune.json and tuned.ron, unless they are there: those were written by the same search,
/// and may have been changed by hand since. That is said where they differ from what was found.
pub(in crate::cli) fn write(
    folder: &Path,
    question: &Question,
    report: &Report,
    tuned: &[Tuned],
) -> u8 {
    let ron = preset::write(&applied(question, tuned));
    for (name, text) in [("tune.json", json(report)), ("tuned.ron", ron)] {
        let path = folder.join(name);
        if path.exists() {
            if fs::read(&path).is_ok_and(|bytes| bytes != text.as_bytes()) {
                let path = path.display();
                output::say(&format_args!(
                    "{path}: left as it is, and differs from what was found"
                ));
            }
            continue;
        }
        if let Err(error) = atomic::write(&path, text.as_bytes()) {
            output::say(&error);
            return FAILED;
        }
    }
    DONE
}
