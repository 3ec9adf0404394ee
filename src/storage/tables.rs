//! Tables of data in files.

use super::{Action, StorageError, atomic};
use crate::models::regression::{Delimited, DelimitedError, read_delimited};
use std::fs::{self, File};
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;
use thiserror::Error;

/// Why a file gives no table. Its text begins with the path.
#[derive(Debug, Error)]
pub enum TableFileError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] StorageError),
    /// It is no table.
    #[error("{path}: {error}")]
    Text {
        /// The file, as it is shown.
        path: String,
        /// What is wrong with it.
        error: DelimitedError,
    },
}

/// The table in a CSV file, read line by line. `watch` is called now and then with how many bytes
/// were read and how many there are.
///
/// # Errors
/// When it cannot be read, or is no table.
pub fn open(
    path: &Path,
    mut watch: impl FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Delimited, TableFileError> {
    let failed = |source| StorageError::system(Action::Read, path, source);
    let metadata = fs::metadata(path).map_err(failed)?;
    atomic::require_file(path, &metadata)?;
    let file = File::open(path).map_err(failed)?;
    let all = metadata.len();
    let read = read_delimited(BufReader::with_capacity(1 << 16, file), |bytes| {
        watch(bytes, all)
    });
    read.map_err(|error| TableFileError::Text {
        path: path.display().to_string(),
        error,
    })
}
