//! What is kept on disk: experiments, settings, and unsaved work.
//!
//! Everything is written through [`atomic::write`], so a file is the old one or the new one
//! whatever happens in between, and nothing that could not be read is overwritten: it is set
//! aside first.

pub mod arrangement;
mod aside;
pub mod atomic;
pub mod checkpoints;
pub mod experiments;
mod fields;
mod landscape_view;
pub mod machine;
pub mod places;
mod plot_view;
pub mod recovery;
pub mod settings;
pub mod shards;
pub mod tables;

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file or folder could not be used. Its text begins with the path.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The system refused.
    #[error("{}: cannot {action}: {}", path.display(), advice(source))]
    System {
        /// What was tried.
        action: Action,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Only regular files can be read and replaced.
    #[error("{}: this is {what}, not a file; give the path of a file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// Larger than any experiment.
    #[error(
        "{}: the file is larger than the {} MiB that an experiment may have; is it the right one?",
        path.display(),
        experiments::MAX_BYTES >> 20
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not text as this program reads it.
    #[error(
        "{}: line {line}, column {column}: this is not UTF-8 text; save the file as UTF-8",
        path.display()
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line of the first invalid byte, from 1.
        line: usize,
        /// Its column, from 1, in characters.
        column: usize,
    },
    /// The user has protected the file that would be replaced.
    #[error(
        "{}: the file is write-protected; allow writing or save under another name",
        path.display()
    )]
    WriteProtected {
        /// The file.
        path: PathBuf,
    },
}

/// What was tried with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To read a file.
    Read,
    /// To write a file.
    Write,
    /// To make a folder.
    CreateFolder,
    /// To look into a folder.
    List,
    /// To lock a file.
    Lock,
    /// To rename a file.
    Rename,
    /// To remove a file.
    Remove,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read this",
            Self::Write => "write this",
            Self::CreateFolder => "make this folder",
            Self::List => "look into this folder",
            Self::Lock => "lock this",
            Self::Rename => "rename this",
            Self::Remove => "remove this",
        })
    }
}

impl StorageError {
    fn system(action: Action, path: &Path, source: io::Error) -> Self {
        Self::System {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

/// What the system said and what can be done about it.
fn advice(error: &io::Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder; check the path",
        ErrorKind::PermissionDenied => {
            "permission denied; change the permissions or choose another place"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; free some space and try again"
        }
        ErrorKind::FileTooLarge => {
            "the system allows no larger file here; raise the limit or choose another place"
        }
        ErrorKind::ReadOnlyFilesystem => "this disk is read-only; choose another place",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed; choose another place"
        }
        ErrorKind::IsADirectory => "a folder stands where a file is needed; choose another name",
        ErrorKind::InvalidFilename => {
            "the system does not allow this name; choose another, or a shorter one"
        }
        _ => return error.to_string(),
    };
    known.to_owned()
}

/// Makes a folder with everything above it; fine when it is there already.
///
/// # Errors
/// When the system refuses, or a file stands in the way.
pub fn create_folder(path: &Path) -> Result<(), StorageError> {
    std::fs::create_dir_all(path)
        .map_err(|source| StorageError::system(Action::CreateFolder, path, source))
}
