//! The state of a training beside its results, so that it can go on after a crash.

use super::{Action, StorageError, atomic};
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
    let path = path(folder);
    let failed = |source| StorageError::system(Action::Read, &path, source);
    let metadata = match fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed)?,
    };
    atomic::require_file(&path, &metadata)?;
    let file = fs::File::open(&path).map_err(failed)?;
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
