//! Experiment files.

use super::{Action, StorageError, atomic};
use crate::experiment::preset::{self, PlacedProblem, ReadError};
use crate::experiment::{EXPRESSION, Experiment, MODEL, Problem};
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest experiment file that is read or written: room for thousands of runs, or a table of
/// some hundred thousand rows.
pub const MAX_BYTES: u64 = 64 << 20;

/// Why a file gives no experiment. Every line of its text begins with the path.
#[derive(Debug)]
pub enum LoadError {
    /// There is no text to read.
    File(StorageError),
    /// The text is not an experiment, or one of a newer version.
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        error: ReadError,
    },
    /// The experiment cannot run.
    Problems {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong with it, in file order.
        problems: Vec<PlacedProblem>,
    },
}

impl std::error::Error for LoadError {}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Text { path, error } => f.write_str(&line(path, error)),
            Self::Problems { path, problems } => {
                let lines: Vec<_> = problems.iter().map(|problem| line(path, problem)).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

/// One line, whatever names the file has in it: they must neither break it nor steer a terminal.
fn line(path: &Path, problem: &impl fmt::Display) -> String {
    format!("{}: {problem}", path.display()).replace(char::is_control, " ")
}

impl From<StorageError> for LoadError {
    fn from(error: StorageError) -> Self {
        Self::File(error)
    }
}

/// An experiment file as far as this version understands it.
#[derive(Debug)]
pub struct Opened {
    /// What is understood; valid, but for the text of a formula and what is to be tuned.
    pub experiment: Experiment,
    /// What was left out of a newer version's file, one line each. While this is not empty,
    /// saving over the file would lose something: ask first.
    pub left_out: Vec<String>,
}

/// The text of a file of at most [`MAX_BYTES`], without a byte order mark.
///
/// # Errors
/// When it cannot be read, is too large, is no regular file or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, StorageError> {
    let failed = |source| StorageError::system(Action::Read, path, source);
    let metadata = fs::metadata(path).map_err(failed)?;
    atomic::require_file(path, &metadata)?;
    let too_large = || StorageError::TooLarge {
        path: path.to_owned(),
    };
    if metadata.len() > MAX_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    // The size above is what it was a moment ago, and some files do not know theirs.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    let mut text = String::from_utf8(bytes)
        .map_err(|error| not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to()))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn not_utf8(path: &Path, bytes: &[u8], valid: usize) -> StorageError {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let last_line = before.rsplit('\n').next().unwrap_or("");
    StorageError::NotUtf8 {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: last_line.chars().count() + 1,
    }
}

/// The experiment in a file of this version, which can run. What makes no sense in how it is to
/// be tuned is for whoever tunes it.
///
/// # Errors
/// Whatever keeps it from running, and that the file is of a newer version.
pub fn load(path: &Path) -> Result<Experiment, LoadError> {
    Ok(read(path)?.1)
}

/// Checks an experiment file, with how it is to be tuned.
///
/// # Errors
/// Whatever keeps it from running or from being tuned, and that the file is of a newer version.
pub fn check(path: &Path) -> Result<(), LoadError> {
    let (text, experiment) = read(path)?;
    match experiment.tune_problems() {
        problems if problems.is_empty() => Ok(()),
        problems => Err(LoadError::Problems {
            path: path.to_owned(),
            problems: preset::place_problems(&text, problems),
        }),
    }
}

/// The text of a file and the experiment in it, which can run.
fn read(path: &Path) -> Result<(String, Experiment), LoadError> {
    let text = read_text(path)?;
    let experiment = preset::read(&text).map_err(|error| LoadError::Text {
        path: path.to_owned(),
        error,
    })?;
    let experiment = valid(path, &text, experiment)?;
    Ok((text, experiment))
}

/// The experiment in a file of any version, without what is not understood. A formula may be
/// wrong, and so may what is to be tuned: whoever saved it on the way wants to go on, and the
/// window marks the place.
///
/// # Errors
/// Whatever else keeps it from running.
pub fn open(path: &Path) -> Result<Opened, LoadError> {
    let text = read_text(path)?;
    let partial = preset::read_as_far_as_understood(&text).map_err(|error| LoadError::Text {
        path: path.to_owned(),
        error,
    })?;
    let is_formula = |problem: &Problem| [EXPRESSION, MODEL].contains(&problem.place.as_str());
    let experiment = match partial.experiment.check() {
        Err(problems) if problems.iter().all(is_formula) => partial.experiment,
        _ => valid(path, &text, partial.experiment)?,
    };
    Ok(Opened {
        experiment,
        left_out: partial.left_out,
    })
}

fn valid(path: &Path, text: &str, experiment: Experiment) -> Result<Experiment, LoadError> {
    match experiment.check() {
        Ok(_) => Ok(experiment),
        Err(problems) => Err(LoadError::Problems {
            path: path.to_owned(),
            problems: preset::place_problems(text, problems),
        }),
    }
}

/// Writes an experiment atomically; [`load`] gives an equal one back.
///
/// # Errors
/// When it cannot be written, or would be too large to be read again.
pub fn save(path: &Path, experiment: &Experiment) -> Result<(), StorageError> {
    let text = preset::write(experiment);
    if text.len() as u64 > MAX_BYTES {
        return Err(StorageError::TooLarge {
            path: path.to_owned(),
        });
    }
    atomic::write(path, text.as_bytes())
}
