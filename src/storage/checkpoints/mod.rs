//! The states of trainings, so that they can go on after a crash: beside the results of one on
//! the command line, on the program's own shelf for those of the window.

mod shelf;

use super::{Action, StorageError, aside, atomic};
pub use shelf::{MOST_BYTES, MOST_FILES, Shelf};
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The name of a checkpoint in the folder of the results.
const NAME: &str = "training.checkpoint";

/// The most bytes that are read.
const MAX_BYTES: u64 = 8 << 30;

/// Where the checkpoint of a training with results in `folder` is.
pub fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// The checkpoint that a training has left in `folder`, if any.
///
/// # Errors
/// When it cannot be read.
pub fn read(folder: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    read_file(&path(folder))
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    let failed = |source| StorageError::system(Action::Read, path, source);
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed)?,
    };
    atomic::require_file(path, &metadata)?;
    let file = fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(Some(bytes))
}

/// Keeps a checkpoint in `folder`, in place of the one before.
///
/// # Errors
/// When it cannot be written; the one before is then still there.
pub fn write(folder: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    atomic::write(&path(folder), bytes)
}

/// Takes a checkpoint that is damaged out of the way; returns its new path.
///
/// # Errors
/// When it cannot be renamed.
pub fn set_aside(folder: &Path) -> Result<PathBuf, StorageError> {
    aside::set_aside(&path(folder))
}

/// Removes the checkpoint: the training has come to its end.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(folder: &Path) -> Result<(), StorageError> {
    let path = path(folder);
    atomic::remove(&path)?;
    atomic::remove_stale_temporaries(&path);
    Ok(())
}
