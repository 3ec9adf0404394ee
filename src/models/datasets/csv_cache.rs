//! The CSV files that were read last: checking an experiment asks for them again and again.

use super::csv_file::{self, Labelled, MAX_BYTES};
use super::fashion_mnist::FolderError;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// How many files are kept.
const KEPT: usize = 3;

/// What a file was when it was read; when this is the same, so is its content.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    path: PathBuf,
    label: Option<String>,
    length: u64,
    modified: Option<SystemTime>,
}

/// The newest first.
static READ: Mutex<Vec<(Key, Arc<Labelled>)>> = Mutex::new(Vec::new());

/// The rows of a file with this column of labels; read only when it has changed.
///
/// # Errors
/// When it cannot be read, or has no such rows.
pub fn read(path: &Path, label: Option<&str>) -> Result<Arc<Labelled>, FolderError> {
    let unreadable = |source| FolderError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let source = std::io::Error::other("it is no file");
        return Err(unreadable(source));
    }
    if metadata.len() > MAX_BYTES {
        return Err(FolderError::TooLarge {
            path: path.to_owned(),
            most: MAX_BYTES,
        });
    }
    let key = Key {
        path: path.to_owned(),
        label: label.map(str::to_owned),
        length: metadata.len(),
        modified: metadata.modified().ok(),
    };
    if let Some(known) = known(&key) {
        return Ok(known);
    }
    let reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
    let rows = csv_file::read(reader, label).map_err(|source| FolderError::Csv {
        path: path.to_owned(),
        source,
    })?;
    let rows = Arc::new(rows);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.insert(0, (key, Arc::clone(&rows)));
    read.truncate(KEPT);
    Ok(rows)
}

/// The rows of a file as it was read last, without a look at the disk; none where it was not.
pub fn at_hand(path: &Path, label: Option<&str>) -> Option<Arc<Labelled>> {
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |key: &Key| key.path == path && key.label.as_deref() == label;
    let found = read.iter().find(|(key, _)| is_it(key));
    found.map(|(_, rows)| Arc::clone(rows))
}

/// The rows of a file that was read already.
fn known(key: &Key) -> Option<Arc<Labelled>> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let place = read.iter().position(|(known, _)| known == key)?;
    let found = read.remove(place);
    let rows = Arc::clone(&found.1);
    read.insert(0, found);
    Some(rows)
}
