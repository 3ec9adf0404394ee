//! Parts of unfinished work.

use super::{Checksum, ShardError};
use crate::storage::{StorageError, atomic, create_folder};
use std::fs;
use std::path::PathBuf;

/// The text before the checksum at the end of a part.
pub(super) const SEAL: &str = "# whole ";

/// The parts of unfinished work in a folder of their own, each written at once and ending with a
/// line that proves it whole; so work that was killed goes on from those that are there.
#[derive(Clone, Debug)]
pub struct Parts {
    folder: PathBuf,
    question: String,
}

impl Parts {
    /// Those of the work with this fingerprint, in this folder.
    pub fn new(folder: PathBuf, question: String) -> Self {
        Self { folder, question }
    }

    /// Whether there are, or have been, any.
    pub fn exist(&self) -> bool {
        self.folder.exists()
    }

    /// Makes the folder.
    ///
    /// # Errors
    /// When the disk refuses, or parts of other work lie there.
    pub fn begin(&self) -> Result<(), ShardError> {
        create_folder(&self.folder)?;
        let path = self.folder.join("question");
        match fs::read_to_string(&path) {
            Ok(question) if question != self.question => Err(ShardError::Occupied { path }),
            Ok(_) => Ok(()),
            Err(_) => Ok(atomic::write(&path, self.question.as_bytes())?),
        }
    }

    /// The part of this name, where it is there and whole.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        unsealed(&self.question, bytes)
    }

    /// Writes the part of this name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, bytes: Vec<u8>) -> Result<(), StorageError> {
        atomic::write(&self.folder.join(name), &sealed(&self.question, bytes))
    }

    /// Removes all of them. The work is complete; one that cannot be removed is only in the way.
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The bytes, and behind them the line that proves them whole and of this question, so that a part
/// of other work is not taken for one of this.
pub(super) fn sealed(question: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    let seal = seal(question, &bytes);
    bytes.extend_from_slice(seal.as_bytes());
    bytes
}

/// The bytes that were sealed; none when they are not whole, or of another question.
pub(super) fn unsealed(question: &str, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let end = bytes.len().checked_sub(SEAL.len() + 17)?;
    let expected = seal(question, &bytes[..end]);
    (bytes[end..] == *expected.as_bytes()).then(|| {
        bytes.truncate(end);
        bytes
    })
}

fn seal(question: &str, bytes: &[u8]) -> String {
    let mut sum = Checksum::default();
    sum.add(question.as_bytes());
    sum.add(bytes);
    format!("{SEAL}{}\n", sum.text())
}
