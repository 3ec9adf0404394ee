//! `FILE|NAME`: which experiment is meant.

use crate::experiment::built_in::{self, BUILT_IN, BuiltIn};
use crate::experiment::{Experiment, nearest};
use crate::storage::experiments::{self, LoadError};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Where an experiment comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file, which need not exist.
    File(PathBuf),
    /// One that comes with the program.
    BuiltIn(&'static BuiltIn),
}

/// A name that is neither a file's nor a built-in experiment's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{name}: there is no such file, and no built-in experiment of that name{hint}; \
     `descent-lab list experiments` names them all"
)]
pub struct UnknownExperiment {
    name: String,
    hint: String,
}

impl Source {
    /// A file that exists wins, then a built-in experiment. What looks like a path (a separator,
    /// or `.ron` at the end) means a file even where there is none, so that the error can say
    /// so.
    ///
    /// # Errors
    /// When it is neither, naming the built-in experiment most like it.
    pub fn resolve(text: &OsStr) -> Result<Self, UnknownExperiment> {
        let path = Path::new(text);
        let file = || Self::File(path.to_owned());
        // A folder is no experiment: `run NAME --out NAME` must work twice.
        if path.exists() && !path.is_dir() || looks_like_a_path(path) {
            return Ok(file());
        }
        let name = text.to_string_lossy();
        if let Some(built_in) = built_in::find(&name) {
            return Ok(Self::BuiltIn(built_in));
        }
        if path.exists() {
            return Ok(file());
        }
        let ids = BUILT_IN.iter().map(|built_in| built_in.id);
        let hint = nearest(&name, ids).map(|id| format!(" (did you mean `{id}`?)"));
        Err(UnknownExperiment {
            name: name.into_owned(),
            hint: hint.unwrap_or_default(),
        })
    }

    /// The experiment; it is valid.
    ///
    /// # Errors
    /// Whatever keeps a file's experiment from running.
    pub fn load(&self) -> Result<Experiment, LoadError> {
        match self {
            Self::File(path) => experiments::load(path),
            Self::BuiltIn(built_in) => Ok(built_in.experiment()),
        }
    }
}

fn looks_like_a_path(path: &Path) -> bool {
    path.components().count() > 1
        || path.to_string_lossy().contains(std::path::is_separator)
        || path.extension().is_some_and(|extension| extension == "ron")
}
