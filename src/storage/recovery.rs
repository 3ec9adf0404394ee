//! Unsaved work that outlives a crash.
//!
//! Each process keeps its unsaved experiment in a file of its own and holds a lock on a file
//! beside it for as long as it lives. The system releases the lock when the process ends,
//! however it ends; a file whose lock can be had was left behind.
//!
//! Invariants: a lock file is removed only by who holds its lock, and whoever gets a lock looks
//! whether its file is still there. So no two processes ever own the same unsaved work.

use super::{Action, StorageError, aside, atomic, create_folder, experiments};
use crate::experiment::Experiment;
use crate::experiment::preset::{self, ReadError};
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

/// How the name of every file begins that this module makes.
const PREFIX: &str = "unsaved-";

/// How the first line of a kept experiment begins; the path of its file follows, quoted.
const ORIGIN: &str = "// Unsaved changes to ";

/// A name with the time in it is free at the first try, or something else is wrong.
const MOST_TRIES: u32 = 100;

/// The unsaved work of this process. When it is dropped without [`Recovery::discard`], what was
/// kept stays and is offered at the next start.
#[derive(Debug)]
pub struct Recovery {
    place: Claimed,
}

/// Unsaved work of a process that is gone. While this value lives nobody else is offered it;
/// dropped without [`LeftBehind::forget`], it is offered again at the next start.
#[derive(Debug)]
pub struct LeftBehind {
    /// What was unsaved. It need not be valid.
    pub experiment: Experiment,
    /// The file it was opened from or last saved to.
    pub origin: Option<PathBuf>,
    /// When it was last kept.
    pub modified: Option<SystemTime>,
    /// Where it is kept.
    pub path: PathBuf,
    place: Claimed,
}

/// What a look for unsaved work has found.
#[derive(Debug, Default)]
pub struct Found {
    /// Unsaved work of processes that are gone, the latest first.
    pub left_behind: Vec<LeftBehind>,
    /// What the user should be told besides.
    pub notices: Vec<String>,
}

impl Recovery {
    /// Claims a file in `folder`, which is made where needed.
    ///
    /// # Errors
    /// When the folder cannot be written, or its disk knows no locks.
    pub fn begin(folder: &Path) -> Result<Self, StorageError> {
        create_folder(folder)?;
        for _ in 0..MOST_TRIES {
            // The number of a process comes again, and in containers more than one has it.
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let nanoseconds = now.map_or(0, |since| since.as_nanos());
            let name = format!("{PREFIX}{}-{nanoseconds}", process::id());
            if folder.join(format!("{name}.ron")).exists() {
                continue;
            }
            if let Some(place) = Claimed::at(&folder.join(format!("{name}.lock")))? {
                return Ok(Self { place });
            }
        }
        let taken = ErrorKind::AlreadyExists.into();
        Err(StorageError::system(Action::Lock, folder, taken))
    }

    /// Keeps an experiment, in place of what was kept before.
    ///
    /// # Errors
    /// When it cannot be written; what was kept before is then still there.
    pub fn keep(&self, experiment: &Experiment, origin: Option<&Path>) -> Result<(), StorageError> {
        let origin = origin.and_then(Path::to_str);
        let first_line = origin.map_or(String::new(), |path| format!("{ORIGIN}{path:?}\n"));
        let text = first_line + &preset::write(experiment);
        atomic::write(&self.place.kept(), text.as_bytes())
    }

    /// Removes what was kept: it has been saved, or is not wanted.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(&self) -> Result<(), StorageError> {
        atomic::remove(&self.place.kept())
    }

    /// The unsaved work in `folder` whose owner is gone. Files that are damaged are set aside,
    /// and a notice says so.
    pub fn left_behind(folder: &Path) -> Found {
        let mut found = Found::default();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    let error = StorageError::system(Action::List, folder, error);
                    found.notices.push(error.to_string());
                }
                return found;
            }
        };
        let mut names: Vec<_> = entries
            .flatten()
            .filter_map(|entry| stem_of(entry.file_name().to_str()?))
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            found.look_at(&folder.join(format!("{name}.lock")));
        }
        found
            .left_behind
            .sort_by_key(|left| std::cmp::Reverse(left.modified));
        found
    }
}

impl LeftBehind {
    /// Removes it for good: it was taken over, or is not wanted.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(self) -> Result<(), StorageError> {
        atomic::remove(&self.place.kept())
    }
}

impl Found {
    fn look_at(&mut self, lock: &Path) {
        let place = match Claimed::at(lock) {
            Ok(Some(place)) => place,
            // Its owner is alive, or another process is just looking at it.
            Ok(None) => return,
            Err(error) => return self.notices.push(error.to_string()),
        };
        place.remove_temporaries();
        let path = place.kept();
        if !path.exists() {
            return;
        }
        let text = match experiments::read_text(&path) {
            Ok(text) => text,
            Err(error) => return self.set_aside(&path, &error.to_string()),
        };
        match preset::read(&text) {
            Ok(experiment) => self.left_behind.push(LeftBehind {
                experiment,
                origin: origin_of(&text),
                modified: fs::metadata(&path).and_then(|data| data.modified()).ok(),
                path,
                place,
            }),
            Err(ReadError::Newer { .. }) => self.notices.push(format!(
                "Unsaved work of a newer Descent Lab is in {}; that program will offer it.",
                path.display()
            )),
            Err(error) => self.set_aside(&path, &error.to_string()),
        }
    }

    fn set_aside(&mut self, path: &Path, reason: &str) {
        self.notices.push(match aside::set_aside(path) {
            Ok(moved) => format!(
                "Unsaved work of an earlier session is damaged and was set aside as {}. ({reason})",
                moved.display()
            ),
            Err(error) => {
                format!("Unsaved work of an earlier session cannot be read. ({reason}; {error})")
            }
        });
    }
}

/// The file that unsaved work comes from, as its first line says.
fn origin_of(text: &str) -> Option<PathBuf> {
    let quoted = text.lines().next()?.strip_prefix(ORIGIN)?;
    ron::from_str::<String>(quoted).ok().map(PathBuf::from)
}

/// The common part of the names that belong together: `unsaved-7-0` of `unsaved-7-0.ron`,
/// `unsaved-7-0.lock` and `.unsaved-7-0.ron.a1B2c3`.
fn stem_of(name: &str) -> Option<String> {
    let name = atomic::temporary_of(name).unwrap_or(name);
    let stem = name.strip_suffix(".ron").or(name.strip_suffix(".lock"))?;
    stem.starts_with(PREFIX).then(|| stem.to_owned())
}

/// A lock file with its lock held, and the file that it stands for.
#[derive(Debug)]
struct Claimed {
    lock: PathBuf,
    held: File,
}

impl Claimed {
    /// Takes the lock, unless another has it.
    fn at(path: &Path) -> Result<Option<Self>, StorageError> {
        let failed = |source| StorageError::system(Action::Lock, path, source);
        let held = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(failed)?;
        match held.try_lock() {
            // Its former owner may have removed the file between the two lines above.
            Ok(()) if path.exists() => Ok(Some(Self {
                lock: path.to_owned(),
                held,
            })),
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    fn kept(&self) -> PathBuf {
        self.lock.with_extension("ron")
    }

    /// Removes what writes that were killed half-way have left; nobody writes here now but us.
    fn remove_temporaries(&self) {
        let kept = self.kept();
        let (Some(folder), Some(name)) = (kept.parent(), kept.file_name()) else {
            return;
        };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let entry_name = entry.file_name();
            let of = entry_name.to_str().and_then(atomic::temporary_of);
            if of.is_some() && of == name.to_str() {
                // What cannot be removed now is tried again at the next start.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        if !self.kept().exists() {
            // Nothing is kept, so nothing needs the lock; a file that stays does no harm.
            let _ = fs::remove_file(&self.lock);
        }
        // Closing the file would do it too; this says when.
        let _ = self.held.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_belong_together_have_one_stem() {
        for name in [
            "unsaved-7-0.ron",
            "unsaved-7-0.lock",
            ".unsaved-7-0.ron.a1B2c3",
        ] {
            assert_eq!(stem_of(name).as_deref(), Some("unsaved-7-0"), "{name}");
        }
        for name in ["notes.ron", "unsaved-7-0.ron.damaged", "unsaved-7-0"] {
            assert_eq!(stem_of(name), None, "{name}");
        }
    }

    #[test]
    fn the_origin_survives_any_path() {
        for path in ["a.ron", "/tmp/two words.ron", "C:\\lab\\é \"q\"\n.ron"] {
            let text = format!("{ORIGIN}{path:?}\n(version: 1)");
            assert_eq!(origin_of(&text), Some(PathBuf::from(path)));
        }
        assert_eq!(origin_of("(version: 1)"), None);
    }
}
