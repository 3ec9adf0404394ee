//! `run FILE|NAME`.

use super::interruption::Interruption;
use super::progress::Progress;
use super::{
    DONE, FAILED, INTERRUPTED, Source, WRONG_USE, forgetting, medians, output, table, training,
};
use crate::engine::{self, History, Outcome, Trace};
use crate::experiment::{Checked, CheckedRun, Experiment};
use crate::export;
use crate::storage::{StorageError, atomic, machine};
use std::ffi::{OsStr, OsString};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// Write history.csv, summary.json, loss.svg and, where there is one, landscape.svg or
    /// accuracy_matrix.csv into this folder, which is made where needed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Run so many epochs in place of the experiment's own number.
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// Print neither the results nor the progress.
    #[arg(long)]
    quiet: bool,
}

/// Why files are missing after a run.
#[derive(Debug, Error)]
#[error("{error} ({written})", written = written_so_far(written))]
struct WriteError {
    written: Vec<PathBuf>,
    error: StorageError,
}

/// Runs an experiment, writes its files and prints what became of every run.
pub fn execute(arguments: &Arguments) -> u8 {
    let checked = match prepare(&arguments.experiment, arguments.epochs) {
        Ok(checked) => checked,
        Err(reason) => {
            output::say(&reason);
            return WRONG_USE;
        }
    };
    if let Err(code) = output::make_folder(arguments.out.as_deref()) {
        return code;
    }
    let interruption = Interruption::watch();
    let (history, written) = match &arguments.out {
        Some(folder) if checked.task().is_some() || checked.sequence().is_some() => {
            match training::train(&checked, folder, &interruption, arguments.quiet) {
                Ok(trained) => trained,
                Err(error) => {
                    output::say(&error);
                    return FAILED;
                }
            }
        }
        _ => {
            let history = simulate(&checked, &interruption, arguments.quiet);
            (history, Vec::new())
        }
    };
    if let Some(folder) = &arguments.out {
        match write_files(folder, &checked, &history, written) {
            Ok(written) if !arguments.quiet => output::say(&written_so_far(&written)),
            Ok(_) => {}
            Err(error) => {
                output::say(&error);
                return FAILED;
            }
        }
    }
    let printed = if arguments.quiet {
        DONE
    } else {
        let mut results = match checked.experiment.has_several() {
            true => medians::results(&checked, &history),
            false => results(&checked, &history),
        };
        if checked.sequence().is_some() {
            results += &forgetting::results(&checked, &history);
        }
        output::print(&results)
    };
    let is_cancelled = |trace: &Trace| trace.outcome == Outcome::Cancelled;
    if printed != DONE || !history.every_trace().any(is_cancelled) {
        return printed;
    }
    output::say(&"interrupted; the results are those of the updates made so far");
    INTERRUPTED
}

/// The experiment that is meant, ready to run, or what is wrong.
pub(super) fn prepare(named: &OsStr, epochs: Option<u64>) -> Result<Checked, String> {
    let checked = load(named, epochs)?;
    require_room_and_data(&checked)?;
    Ok(checked)
}

/// The experiment that is meant, or what is wrong with it.
pub(super) fn load(named: &OsStr, epochs: Option<u64>) -> Result<Checked, String> {
    let source = Source::resolve(named).map_err(|unknown| unknown.to_string())?;
    let mut experiment = source.load().map_err(|error| error.to_string())?;
    if let Some(epochs) = epochs {
        experiment.epochs = epochs;
    }
    checked_or_problems(&experiment)
}

/// The experiment as it can be run, or a line for everything that is wrong with it.
pub(super) fn checked_or_problems(experiment: &Experiment) -> Result<Checked, String> {
    experiment.check().map_err(|problems| {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

/// Refuses what this machine has no memory for, and what cannot have its data.
pub(super) fn require_room_and_data(checked: &Checked) -> Result<(), String> {
    if let Some(problem) = machine::refusal(checked, None) {
        return Err(problem.to_string());
    }
    engine::ready(checked)
}

/// Runs until the end, or until the user interrupts.
pub(super) fn simulate(checked: &Checked, interruption: &Interruption, quiet: bool) -> History {
    let unit = match checked.updates_per_epoch() {
        1 => "epochs",
        _ => "updates",
    };
    let mut progress = Progress::new(checked.updates(), unit, quiet);
    let history = engine::run(checked, |history| {
        progress.show(history.updates);
        match interruption.has_come() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    progress.clear();
    history
}

/// Writes every file of the run, one after another, beside those that are written already.
/// Returns the paths of all.
fn write_files(
    folder: &Path,
    checked: &Checked,
    history: &History,
    mut written: Vec<PathBuf>,
) -> Result<Vec<PathBuf>, WriteError> {
    for file in export::files(checked, history) {
        let path = folder.join(file.name);
        if let Err(error) = atomic::write(&path, &file.bytes) {
            return Err(WriteError { written, error });
        }
        written.push(path);
    }
    Ok(written)
}

pub(super) fn written_so_far(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "nothing was written".to_owned();
    }
    let paths: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    format!("wrote {}", paths.join(", "))
}

/// What became of every run, as a table.
fn results(checked: &Checked, history: &History) -> String {
    let row = |(run, trace): (&CheckedRun, &Trace)| {
        [
            run.label.clone(),
            outcome_text(trace.outcome),
            six_digits(trace.final_loss()),
            six_digits(trace.best.map(|best| best.loss)),
            trace
                .best
                .map_or(String::from("–"), |best| best.step.to_string()),
        ]
    };
    let rows: Vec<_> = checked.runs.iter().zip(&history.traces).map(row).collect();
    let header = ["run", "outcome", "final loss", "best loss", "best step"];
    table::aligned(header, &rows)
}

fn outcome_text(outcome: Outcome) -> String {
    match outcome {
        Outcome::Finished => "finished".to_owned(),
        Outcome::Diverged { step } => format!("diverged at step {step}"),
        Outcome::Cancelled | Outcome::Running => "cancelled".to_owned(),
    }
}

/// A loss as people read it; history.csv has all its digits.
pub(super) fn six_digits(loss: Option<f64>) -> String {
    let Some(loss) = loss else {
        return "–".to_owned();
    };
    let rounded = format!("{loss:.5e}").parse().unwrap_or(loss);
    export::shortest(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_rounded_to_six_digits() {
        assert_eq!(six_digits(Some(0.364_020_123)), "0.36402");
        assert_eq!(six_digits(Some(580.227_049)), "580.227");
        assert_eq!(six_digits(Some(1.234_567_89e300)), "1.23457e300");
        assert_eq!(six_digits(None), "–");
    }
}
