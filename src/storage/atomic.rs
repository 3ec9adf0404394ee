//! Writing a file so that it is the old one or the new one, never a mix.
//!
//! A program that is killed just while the new file takes its place can leave a hidden one,
//! `.NAME.` and six characters, beside it. In the program's own folders such files are removed
//! later; in the user's they stay, because a file there may be the user's whatever its name.

use super::{Action, StorageError};
use atomic_write_file::AtomicWriteFile;
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A temporary file of this age belongs to no write that is still going on.
const STALE: Duration = Duration::from_hours(1);

/// How many random characters end the name of a temporary file.
const SUFFIX_LENGTH: usize = 6;

/// Replaces the file at `path`, or makes it. The bytes and then the folder are flushed to the
/// disk before this returns. A link stays a link: the file it leads to is replaced.
///
/// # Errors
/// When the bytes cannot be written (the old file is then untouched and nothing is left lying
/// about), or when what stands at `path` is protected or is no regular file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is too large to be held in memory: `write` is given the new file.
///
/// # Errors
/// As [`write()`], and when `write` fails.
pub(super) fn write_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), StorageError> {
    let target = replaceable(path)?;
    let failed = |source| StorageError::system(Action::Write, path, source);
    let mut file = AtomicWriteFile::open(&target).map_err(failed)?;
    write(&mut file).map_err(failed)?;
    // `commit` flushes too, but once it has begun it no longer removes its temporary file.
    file.sync_all().map_err(failed)?;
    file.commit().map_err(failed)
}

/// The path to hand to the writer, after a look at what would be replaced.
fn replaceable(path: &Path) -> Result<PathBuf, StorageError> {
    let Ok(metadata) = fs::metadata(path) else {
        if path.is_symlink() {
            return Err(not_a_file(path, "a link to something that is not there"));
        }
        return Ok(path.to_owned());
    };
    require_file(path, &metadata)?;
    if metadata.permissions().readonly() {
        return Err(StorageError::WriteProtected {
            path: path.to_owned(),
        });
    }
    fs::canonicalize(path).map_err(|source| StorageError::system(Action::Write, path, source))
}

/// Refuses folders, pipes and devices: reading one might never end, replacing one would destroy
/// it.
pub(super) fn require_file(path: &Path, metadata: &Metadata) -> Result<(), StorageError> {
    if metadata.is_dir() {
        Err(not_a_file(path, "a folder"))
    } else if !metadata.is_file() {
        Err(not_a_file(path, "a pipe or a device"))
    } else {
        Ok(())
    }
}

fn not_a_file(path: &Path, what: &'static str) -> StorageError {
    StorageError::NotAFile {
        path: path.to_owned(),
        what,
    }
}

/// Removes the file at `path`; fine when it is gone already.
pub(super) fn remove(path: &Path) -> Result<(), StorageError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(StorageError::system(Action::Remove, path, source))
        }
        _ => Ok(()),
    }
}

/// Removes what writes of `path` that were killed half-way have left beside it. Only for
/// folders that are the program's own: elsewhere a user's file might have such a name.
pub(super) fn remove_stale_temporaries(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return;
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_temporary = entry
            .file_name()
            .to_str()
            .and_then(temporary_of)
            .is_some_and(|of| of == name);
        if is_temporary && is_stale(&entry) {
            // What cannot be removed now is tried again at the next start.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_stale(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| {
        SystemTime::now()
            .duration_since(time)
            .is_ok_and(|age| age > STALE)
    })
}

/// The name of the file that a temporary file was to become.
pub(super) fn temporary_of(name: &str) -> Option<&str> {
    let (of, suffix) = name.strip_prefix('.')?.rsplit_once('.')?;
    let is_random =
        suffix.len() == SUFFIX_LENGTH && suffix.bytes().all(|b| b.is_ascii_alphanumeric());
    is_random.then_some(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_told_from_others() {
        assert_eq!(temporary_of(".settings.ron.a1B2c3"), Some("settings.ron"));
        for other in [
            "settings.ron",
            ".settings.ron",
            ".settings.ron.swp",
            ".a.b-c-de",
        ] {
            assert_eq!(temporary_of(other), None, "{other}");
        }
    }

    #[test]
    fn only_old_temporaries_of_the_same_file_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let old = SystemTime::now() - STALE * 2;
        let make = |name: &str, time: SystemTime| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(time).unwrap();
            path
        };
        let stale = make(".settings.ron.a1B2c3", old);
        let fresh = make(".settings.ron.d4E5f6", SystemTime::now());
        let other = make(".notes.ron.a1B2c3", old);
        remove_stale_temporaries(&folder.path().join("settings.ron"));
        assert!(!stale.exists() && fresh.exists() && other.exists());
    }
}
