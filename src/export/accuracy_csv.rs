//! `accuracy_matrix.csv`: one row a finished task of every run.

use super::shortest;
use crate::engine::History;
use crate::engine::continual::Results;
use crate::experiment::Checked;
use std::io::Write;

/// Writes the accuracy on every task's test data (`task_1`, …) after every task that was finished
/// (`after_task`, from 1), for every run and seed; the header first.
///
/// # Errors
/// When `writer` does not take what is written.
pub fn accuracy_csv(
    checked: &Checked,
    history: &History,
    writer: impl Write,
) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let tasks = checked.sequence().map_or(0, |sequence| sequence.tasks());
    let head = [
        "run",
        "label",
        "optimizer",
        "remedy",
        "head",
        "seed",
        "after_task",
    ];
    let columns = (1..=tasks).map(|task| format!("task_{task}"));
    table.write_record(head.into_iter().map(str::to_owned).chain(columns))?;
    for (number, seed, results) in Results::all(checked, history) {
        let run = &checked.runs[number];
        for (task, accuracies) in (1_u64..).zip(&results.matrix.rows) {
            let head = [
                number.to_string(),
                run.label.clone(),
                run.optimizer.card().id.to_owned(),
                results.remedy.to_owned(),
                results.head.name().to_owned(),
                seed.to_string(),
                task.to_string(),
            ];
            let accuracies = accuracies.iter().map(|&accuracy| shortest(accuracy));
            table.write_record(head.into_iter().chain(accuracies))?;
        }
    }
    table.flush()?;
    Ok(())
}
