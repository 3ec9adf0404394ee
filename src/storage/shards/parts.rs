//! Parts of unfinished work.

use super::{Checksum, ShardError};
use crate::storage::{Action, StorageError, atomic, create_folder};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

/// The text before the checksum at the end of a part.
pub(super) const SEAL: &str = "# whole ";

/// How the names of parts end: of a sweep's, and of a search's.
const ENDINGS: [&str; 2] = [".csv", ".ron"];

/// The file that says what the parts are parts of.
const QUESTION: &str = "question";

/// The parts of unfinished work in a folder of their own, each written at once and ending with a
/// line that proves it whole; so work that was killed goes on from those that are there.
#[derive(Clone, Debug)]
pub(super) struct Parts {
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
    /// When the disk refuses, or parts of other work, or anything else, lie there.
    pub fn begin(&self) -> Result<(), ShardError> {
        create_folder(&self.folder)?;
        let path = self.folder.join(QUESTION);
        let folder = || self.folder.clone();
        match fs::read_to_string(&path) {
            Ok(question) if question == self.question => Ok(()),
            Ok(_) => Err(ShardError::Unfinished { path: folder() }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if !self.names()?.iter().all(|name| is_part(name)) {
                    return Err(ShardError::Strange { path: folder() });
                }
                Ok(atomic::write(&path, self.question.as_bytes())?)
            }
            Err(source) => Err(StorageError::system(Action::Read, &path, source).into()),
        }
    }

    /// What lies in the folder.
    fn names(&self) -> Result<Vec<String>, StorageError> {
        let failed = |source| StorageError::system(Action::List, &self.folder, source);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            names.push(name.to_string_lossy().into_owned());
        }
        Ok(names)
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

    /// Removes all of them. The work is complete; one that cannot be removed is only in the way,
    /// and so is what somebody else has put there, which stays.
    pub fn remove(&self) {
        for name in self.names().unwrap_or_default() {
            if is_part(&name) {
                let _ = fs::remove_file(self.folder.join(name));
            }
        }
        let _ = fs::remove_dir(&self.folder);
    }

    /// Leaves them for the next time, and no folder where there are none.
    pub fn leave(&self) {
        let is_finished = |name: &String| is_part(name) && name != QUESTION && !is_unfinished(name);
        if self
            .names()
            .is_ok_and(|names| !names.iter().any(is_finished))
        {
            self.remove();
        }
    }
}

/// Whether a file is a part, or says what they are parts of, or was to become one of these when
/// the program was killed.
fn is_part(name: &str) -> bool {
    let target = match is_unfinished(name) {
        true => name[1..].rsplit_once('.').map_or("", |(target, _)| target),
        false => name,
    };
    target == QUESTION || ENDINGS.iter().any(|ending| target.ends_with(ending))
}

/// Whether a file is called as those are that take the place of others when they are whole.
fn is_unfinished(name: &str) -> bool {
    name.starts_with('.')
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
