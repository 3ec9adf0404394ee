//! `report FILE|NAME`.

use super::interruption::Interruption;
use super::run::{prepare, simulate, written_so_far};
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, output};
use crate::engine::Outcome;
use crate::export::report::{ReportError, ReportFormat, ReportOptions, report};
use crate::storage::atomic;
use clap::ValueEnum;
use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// The arguments of `report`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// Markdown with LaTeX, one HTML file that needs nothing else, or a NumPy script that
    /// computes a regression again.
    #[arg(long, value_enum)]
    format: Format,
    /// The folder to write into, which is made where needed. Without it the report goes to
    /// standard output, as Markdown without figures.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which epoch of a regression is worked by hand.
    #[arg(long, value_name = "N", default_value_t = 1)]
    epoch: u64,
    /// Explain this update of every run; may be given several times.
    #[arg(long, value_name = "K")]
    step: Vec<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// report.md and its figures.
    Markdown,
    /// report.html.
    Html,
    /// report.py.
    Numpy,
}

/// Runs an experiment and writes its report.
pub fn execute(arguments: &Arguments) -> u8 {
    let checked = match prepare(&arguments.experiment, None) {
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
    let history = simulate(&checked, &interruption, false);
    let options = ReportOptions {
        format: match arguments.format {
            Format::Markdown => ReportFormat::Markdown,
            Format::Html => ReportFormat::Html,
            Format::Numpy => ReportFormat::NumPy,
        },
        epoch: arguments.epoch,
        steps: arguments.step.clone(),
        has_folder: arguments.out.is_some(),
    };
    let watch = || match interruption.has_come() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let files = match report(&checked, &history, &options, watch) {
        Ok(files) => files,
        Err(error) => {
            output::say(&error);
            return match error {
                ReportError::Cancelled => INTERRUPTED,
                _ => WRONG_USE,
            };
        }
    };
    let code = match &arguments.out {
        None => output::print(&String::from_utf8_lossy(&files[0].bytes)),
        Some(folder) => {
            let mut written = Vec::new();
            for file in files {
                let path = folder.join(&file.name);
                if let Err(error) = atomic::write(&path, &file.bytes) {
                    output::say(&format!("{error} ({})", written_so_far(&written)));
                    return FAILED;
                }
                written.push(path);
            }
            output::say(&written_so_far(&written));
            DONE
        }
    };
    let is_cut = history
        .traces
        .iter()
        .any(|trace| trace.outcome == Outcome::Cancelled);
    if code == DONE && is_cut {
        INTERRUPTED
    } else {
        code
    }
}
