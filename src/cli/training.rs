//! A training with results in a folder: it keeps checkpoints there, and goes on from one.

use super::interruption::Interruption;
use super::output;
use super::progress::Progress;
use crate::engine::{Checkpoint, CheckpointError, History, Outcome, Work};
use crate::experiment::Checked;
use crate::models::network::weights;
use crate::storage::{StorageError, atomic, checkpoints};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Least time between two checkpoints.
const KEEP_EVERY: Duration = Duration::from_secs(2);

/// Trains until the end, or until the user interrupts, and writes every run's weights into
/// `folder`. A training of the same experiment that was cut off there goes on where its last
/// checkpoint was. Returns the record and the paths of what was written.
///
/// # Errors
/// When the weights cannot be written. A checkpoint that cannot be written is said, and the
/// training goes on.
pub fn train(
    checked: &Checked,
    folder: &Path,
    interruption: &Interruption,
    quiet: bool,
) -> Result<(History, Vec<PathBuf>), StorageError> {
    let mut progress = Progress::new(checked.updates(), "updates", quiet);
    let Some(begun) = begin(checked, folder, quiet) else {
        // `prepare` has read the data; only files that have changed since lead here.
        return Ok((
            crate::engine::run(checked, |_| ControlFlow::Break(())),
            Vec::new(),
        ));
    };
    let mut keeper = Keeper::new(folder);
    let (work, history) = begun;
    let (work, history) = work.go_on(history, |work, history| {
        progress.show(history.updates);
        keeper.keep_now_and_then(work, history);
        match interruption.has_come() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    progress.clear();
    let was_cut = history
        .every_trace()
        .any(|trace| trace.outcome == Outcome::Cancelled);
    if was_cut {
        keeper.keep(&work, &history);
    } else if let Err(error) = checkpoints::remove(folder) {
        output::say(&error);
    }
    let written = write_weights(checked, &work, folder)?;
    Ok((history, written))
}

/// The training from its last checkpoint in `folder`, or from its beginning.
fn begin<'a>(checked: &'a Checked, folder: &Path, quiet: bool) -> Option<(Work<'a>, History)> {
    match checkpoints::read(folder) {
        Ok(None) => {}
        Err(error) => output::say(&error),
        Ok(Some(bytes)) => match resume(checked, &bytes) {
            Ok(begun) => {
                if !quiet {
                    let updates = begun.1.updates;
                    output::say(&format!(
                        "going on from {} at update {updates}",
                        checkpoints::path(folder).display()
                    ));
                }
                return Some(begun);
            }
            Err(error @ (CheckpointError::OtherExperiment | CheckpointError::Unknown)) => {
                output::say(&format!(
                    "{}: {error}; it will be replaced",
                    checkpoints::path(folder).display()
                ));
            }
            Err(error @ CheckpointError::Damaged) => {
                let path = checkpoints::path(folder);
                let now = match checkpoints::set_aside(folder) {
                    Ok(aside) => format!("it was set aside as {}", aside.display()),
                    Err(error) => format!("it could not be set aside: {error}"),
                };
                output::say(&format!(
                    "{}: {error}; {now}; beginning anew",
                    path.display()
                ));
            }
            Err(error) => output::say(&format!(
                "{}: {error}; beginning anew",
                checkpoints::path(folder).display()
            )),
        },
    }
    Work::begin(checked).ok()
}

fn resume<'a>(checked: &'a Checked, bytes: &[u8]) -> Result<(Work<'a>, History), CheckpointError> {
    Work::resume(checked, &Checkpoint::from_bytes(bytes)?)
}

/// Keeps checkpoints of a training.
struct Keeper<'a> {
    folder: &'a Path,
    kept: Instant,
    /// Whether a failure was said.
    has_failed: bool,
}

impl<'a> Keeper<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            kept: Instant::now(),
            has_failed: false,
        }
    }

    fn keep_now_and_then(&mut self, work: &Work<'_>, history: &History) {
        if self.kept.elapsed() >= KEEP_EVERY {
            self.keep(work, history);
        }
    }

    fn keep(&mut self, work: &Work<'_>, history: &History) {
        let Some(checkpoint) = work.checkpoint(history) else {
            return;
        };
        let written = checkpoints::write(self.folder, &checkpoint.to_bytes());
        if let Err(error) = written
            && !self.has_failed
        {
            output::say(&format!("{error}; training goes on without checkpoints"));
            self.has_failed = true;
        }
        self.kept = Instant::now();
    }
}

/// Writes the weights of every run with the first seed.
fn write_weights(
    checked: &Checked,
    work: &Work<'_>,
    folder: &Path,
) -> Result<Vec<PathBuf>, StorageError> {
    let mut written = Vec::new();
    let task = checked.task().map(|task| task.plan());
    let Some(plan) = task.or(checked.sequence().map(|sequence| sequence.plan())) else {
        return Ok(written);
    };
    for run in 0..checked.runs.len() {
        let Some(parameters) = work.parameters(run) else {
            continue;
        };
        let path = folder.join(format!("weights_{run}.safetensors"));
        atomic::write(&path, &weights::write(plan, parameters))?;
        written.push(path);
    }
    Ok(written)
}
