//! `export FILE|NAME`.

mod arguments;
mod chosen;
mod destination;

pub use arguments::Arguments;

use super::interruption::Interruption;
use super::progress::Progress;
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, output, run};
use crate::engine::{History, Outcome};
use crate::experiment::Checked;
use crate::export::{self, ExportError, Shown};
use crate::storage::{self, StorageError, atomic};
use arguments::{Content, Format, Wanted};
use std::ops::ControlFlow;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file is missing.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Runs an experiment and writes what is wanted of it.
pub fn execute(arguments: &Arguments) -> u8 {
    let (checked, wanted) = match prepare(arguments) {
        Ok(prepared) => prepared,
        Err(reason) => {
            output::say(&reason);
            return WRONG_USE;
        }
    };
    // A folder that cannot be made should not be found out after an hour.
    if let Some(folder) = &wanted.folder
        && let Err(error) = storage::create_folder(folder)
    {
        output::say(&error);
        return FAILED;
    }
    let interruption = Interruption::watch();
    let history = run::simulate(&checked, &interruption, false);
    let mut written = Vec::new();
    let is_cut = history
        .every_trace()
        .any(|trace| trace.outcome == Outcome::Cancelled);
    let failure = match is_cut {
        true => Some(ExportError::Cancelled.into()),
        false => write_all(&checked, &history, &wanted, &interruption, &mut written).err(),
    };
    let summary = run::written_so_far(&written);
    match failure {
        None => {
            output::say(&summary);
            DONE
        }
        Some(Failure::Export(ExportError::Cancelled)) => {
            output::say(&format_args!("interrupted; {summary}"));
            INTERRUPTED
        }
        Some(failure) => {
            output::say(&format_args!("{failure} ({summary})"));
            match failure {
                // The size of a figure without a chosen one is known only when it is laid out.
                Failure::Export(ExportError::Broken(_)) | Failure::Storage(_) => FAILED,
                Failure::Export(_) => WRONG_USE,
            }
        }
    }
}

fn prepare(arguments: &Arguments) -> Result<(Checked, Wanted), String> {
    let checked = run::prepare(&arguments.experiment, None)?;
    let wanted = arguments.wanted(&checked)?;
    let updates = checked.updates();
    match wanted.style.step {
        Some(step) if step > updates => Err(format!(
            "--step {step}: the experiment has {updates} updates; choose a step from 0 to {updates}"
        )),
        _ => Ok((checked, wanted)),
    }
}

fn write_all(
    checked: &Checked,
    history: &History,
    wanted: &Wanted,
    interruption: &Interruption,
    written: &mut Vec<PathBuf>,
) -> Result<(), Failure> {
    let needs = |what: fn(Content) -> bool| wanted.files.iter().any(|(content, _)| what(*content));
    let watch = || match interruption.has_come() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let ledgers = match needs(Content::needs_replay) {
        true => export::replays(checked, history.updates, watch).ok_or(ExportError::Cancelled)?,
        false => Vec::new(),
    };
    let sharpness = match needs(Content::needs_sharpness) {
        true => export::sharpness(checked, watch).ok_or(ExportError::Cancelled)?,
        false => Vec::new(),
    };
    let shown = Shown {
        ledgers: &ledgers,
        sharpness: &sharpness,
        ..Shown::new(checked, history)
    };
    for (content, path) in &wanted.files {
        let bytes = bytes_of(*content, &shown, wanted, interruption)?;
        if interruption.has_come() {
            return Err(ExportError::Cancelled.into());
        }
        atomic::write(path, &bytes)?;
        written.push(path.clone());
    }
    Ok(())
}

/// The bytes of a file.
fn bytes_of(
    content: Content,
    shown: &Shown<'_>,
    wanted: &Wanted,
    interruption: &Interruption,
) -> Result<Vec<u8>, ExportError> {
    match (wanted.format, content) {
        (Format::Svg, Content::Figure(figure)) => Ok(shown.svg(figure, &wanted.style).into_bytes()),
        (Format::Png, Content::Figure(figure)) => {
            shown.png(figure, &wanted.style, wanted.playback.scale)
        }
        (Format::Csv, Content::Figure(figure)) => Ok(shown.table(Some(figure))),
        (Format::Csv, Content::Everything) => Ok(shown.table(None)),
        (_, Content::Inside) => Ok(shown.inside_table()),
        (Format::Gif, _) | (Format::Svg | Format::Png, Content::Everything) => {
            playback(shown, wanted, interruption)
        }
    }
}

fn playback(
    shown: &Shown<'_>,
    wanted: &Wanted,
    interruption: &Interruption,
) -> Result<Vec<u8>, ExportError> {
    let mut progress: Option<Progress> = None;
    let gif = shown.playback(&wanted.playback, |done, total| {
        progress
            .get_or_insert_with(|| Progress::new(total as u64, "pictures", false))
            .show(done as u64);
        match interruption.has_come() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    if let Some(progress) = progress {
        progress.clear();
    }
    gif
}
