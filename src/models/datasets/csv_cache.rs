//! The CSV files that were read last: checking an experiment asks for them again and again, whether
//! they have rows or not.

use super::csv_file::{self, CsvError, Labelled, MAX_BYTES};
use super::fashion_mnist::FolderError;
use crate::models::regression::DelimitedError;
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

/// The rows of a file, or what keeps it from having any.
type Found = Result<Arc<Labelled>, Arc<CsvError>>;

/// The newest first.
static READ: Mutex<Vec<(Key, Found)>> = Mutex::new(Vec::new());

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
    let found = match known(&key) {
        Some(known) => known,
        None => {
            let reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
            let found = csv_file::read(reader, label).map(Arc::new);
            keep(key, found.map_err(Arc::new))
        }
    };
    found.map_err(|source| FolderError::Csv {
        path: path.to_owned(),
        source,
    })
}

/// Keeps what was found, but not that the disk failed: it may not the next time.
fn keep(key: Key, found: Found) -> Found {
    let is_of_disk =
        |error: &Arc<CsvError>| matches!(**error, CsvError::Text(DelimitedError::System(_)));
    if !found.as_ref().is_err_and(is_of_disk) {
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(0, (key, found.clone()));
        read.truncate(KEPT);
    }
    found
}

/// The rows of a file as it was read last, without a look at the disk; none where it was not.
pub fn at_hand(path: &Path, label: Option<&str>) -> Option<Arc<Labelled>> {
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |key: &Key| key.path == path && key.label.as_deref() == label;
    let found = read.iter().find(|(key, _)| is_it(key));
    found.and_then(|(_, found)| found.clone().ok())
}

/// What was found in a file that was read already.
fn known(key: &Key) -> Option<Found> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let place = read.iter().position(|(known, _)| known == key)?;
    let found = read.remove(place);
    let known = found.1.clone();
    read.insert(0, found);
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_rows_is_read_once_and_again_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.csv");
        fs::write(&path, "one\ntwo\n").unwrap();
        let failure = || match read(&path, None) {
            Err(FolderError::Csv { source, .. }) => source,
            other => panic!("{other:?}"),
        };
        assert!(Arc::ptr_eq(&failure(), &failure()), "it was read twice");
        assert!(at_hand(&path, None).is_none());
        fs::write(&path, "1,rose\n2,tulip\n3,rose\n").unwrap();
        assert_eq!(read(&path, None).unwrap().rows(), 3);
    }
}
