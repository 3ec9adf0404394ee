//! The program's own checkpoints: one file a training, in a folder that never grows beyond a
//! bound.
//!
//! A file's name holds two numbers: of the family, the experiments that differ only in length
//! and in changes of rates on the way, and of the member, the experiment itself. Files are
//! written on a thread of their own, the newest state of each alone; what is still waiting when
//! the shelf is dropped is written first.

use super::{MAX_BYTES, read_file};
use crate::engine;
use crate::storage::{Action, StorageError, aside, atomic, create_folder};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::SystemTime;

/// Bytes that the files take together at most.
pub const MOST_BYTES: u64 = 512 << 20;

/// How many files there are at most.
pub const MOST_FILES: usize = 24;

/// How the name of every file begins that this module makes.
const PREFIX: &str = "training-";

/// How it ends.
const ENDING: &str = ".checkpoint";

/// A folder of checkpoints.
pub struct Shelf {
    folder: PathBuf,
    desk: Arc<Desk>,
    writer: Option<JoinHandle<()>>,
}

/// What waits to be written, and who is told of what goes wrong.
#[derive(Default)]
struct Desk {
    papers: Mutex<Papers>,
    changed: Condvar,
}

#[derive(Default)]
struct Papers {
    waiting: Vec<(String, Vec<u8>)>,
    report: Option<engine::Report>,
    /// Whether the last write failed, which is told once.
    has_failed: bool,
    quitting: bool,
}

impl Shelf {
    /// The checkpoints in `folder`, which is made with the first of them.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(folder: PathBuf) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let (theirs, into) = (Arc::clone(&desk), folder.clone());
        let writer = std::thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || theirs.write_all(&into))?;
        Ok(Self {
            folder,
            desk,
            writer: Some(writer),
        })
    }
}

impl engine::Shelf for Shelf {
    fn report_to(&mut self, report: engine::Report) {
        self.desk.papers().report = Some(report);
    }

    fn find(&self, family: &str) -> Vec<(String, Vec<u8>)> {
        let begin = format!("{PREFIX}{:016x}-", fingerprint(family));
        let of_family = names(&self.folder).filter(|name| name.starts_with(&begin));
        let mut found = Vec::new();
        for name in of_family {
            match read_file(&self.folder.join(&name)) {
                Ok(Some(bytes)) => found.push((name, bytes)),
                Ok(None) => {}
                Err(error) => self.desk.report(error.to_string()),
            }
        }
        found
    }

    fn keep(&self, family: &str, member: &str, bytes: Vec<u8>) {
        let (family, member) = (fingerprint(family), fingerprint(member));
        let name = format!("{PREFIX}{family:016x}-{member:016x}{ENDING}");
        let mut papers = self.desk.papers();
        papers.waiting.retain(|(other, _)| *other != name);
        papers.waiting.push((name, bytes));
        self.desk.changed.notify_one();
    }

    fn set_aside(&self, name: &str) -> String {
        match aside::set_aside(&self.folder.join(name)) {
            Ok(path) => format!("It was set aside as {}.", path.display()),
            Err(error) => format!("It could not be set aside ({error})."),
        }
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.desk.papers().quitting = true;
        self.desk.changed.notify_one();
        if let Some(writer) = self.writer.take() {
            // A panic in it has been reported by the panic hook; there is nothing to add.
            let _ = writer.join();
        }
    }
}

impl Desk {
    /// What is on it; a thread that panicked holding the lock left plain values behind.
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, trouble: String) {
        // Whoever is told may take its time, or give the next paper.
        let report = self.papers().report.clone();
        if let Some(report) = report {
            report(trouble);
        }
    }

    /// The next to be written; none when there is nothing more and nothing more comes.
    fn next(&self) -> Option<(String, Vec<u8>)> {
        let mut papers = self.papers();
        loop {
            if !papers.waiting.is_empty() {
                return Some(papers.waiting.remove(0));
            }
            if papers.quitting {
                return None;
            }
            papers = self
                .changed
                .wait(papers)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write_all(&self, folder: &Path) {
        while let Some((name, bytes)) = self.next() {
            let written = write(folder, &name, &bytes);
            let is_failure = written.is_err();
            let had_failed = std::mem::replace(&mut self.papers().has_failed, is_failure);
            if let Err(error) = written
                && !had_failed
            {
                self.report(format!(
                    "{error}. What is trained is not kept until this is mended; it would begin \
                     anew after the program's end."
                ));
            }
        }
    }
}

/// Writes one, and removes the oldest others while there is too much.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
    let path = folder.join(name);
    let size = bytes.len() as u64;
    if size > MOST_BYTES.min(MAX_BYTES) {
        return Err(StorageError::system(
            Action::Write,
            &path,
            std::io::Error::other(format!(
                "a checkpoint of {} MB is larger than the {} MB that all may have",
                size >> 20,
                MOST_BYTES >> 20
            )),
        ));
    }
    create_folder(folder)?;
    // Room is made first: on a full disk the old ones may be what fills it.
    make_room(folder, name, size);
    atomic::write(&path, bytes)?;
    atomic::remove_stale_temporaries(&path);
    Ok(())
}

/// Removes the oldest until one of `size` bytes fits. Damaged ones count too: a training can
/// always be made again.
fn make_room(folder: &Path, name: &str, size: u64) {
    let mut others: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let other = entry.file_name().into_string().ok()?;
            let is_one = other.starts_with(PREFIX) && other.contains(ENDING) && other != name;
            let metadata = entry.metadata().ok().filter(|_| is_one)?;
            Some((metadata.modified().ok()?, metadata.len(), entry.path()))
        })
        .collect();
    others.sort();
    let mut total = size + others.iter().map(|(_, size, _)| size).sum::<u64>();
    let mut count = others.len() + 1;
    for (_, size, path) in others {
        if total <= MOST_BYTES && count <= MOST_FILES {
            return;
        }
        // What cannot be removed now is tried again with the next.
        if fs::remove_file(path).is_ok() {
            total -= size;
            count -= 1;
        }
    }
}

/// The names of the checkpoints, in order; those set aside are none.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = names
        .filter(|name| name.starts_with(PREFIX) && name.ends_with(ENDING))
        .collect();
    names.sort();
    names.into_iter()
}

/// FNV-1a over the bytes: for names, not against anybody. What is in a file says itself what it
/// is of.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Shelf as _;
    use std::sync::mpsc;
    use std::time::Duration;

    fn shelf(folder: &Path) -> Shelf {
        Shelf::new(folder.to_owned()).unwrap()
    }

    /// What the shelf has to tell.
    fn told(shelf: &mut Shelf) -> mpsc::Receiver<String> {
        let (tell, told) = mpsc::channel();
        shelf.report_to(Arc::new(move |trouble| tell.send(trouble).unwrap()));
        told
    }

    #[test]
    fn the_newest_state_of_each_is_there_after_the_shelf_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = shelf(folder.path());
        let troubles = told(&mut first);
        for state in 0..50_u8 {
            first.keep("family", "one", vec![state; 1000]);
        }
        first.keep("family", "other", vec![7]);
        first.keep("strangers", "one", vec![8]);
        drop(first);
        let second = shelf(folder.path());
        let mut found: Vec<_> = second.find("family").into_iter().map(|f| f.1).collect();
        found.sort();
        assert_eq!(found, [vec![7], vec![49; 1000]]);
        assert!(second.find("nobody").is_empty());
        assert!(troubles.try_recv().is_err(), "nothing has gone wrong");
    }

    #[test]
    fn old_ones_go_when_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let old = SystemTime::now() - Duration::from_secs(1000);
        for index in 0..MOST_FILES as u64 {
            let name = format!("{PREFIX}{index:016x}-0{ENDING}");
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(old + Duration::from_secs(index)).unwrap();
        }
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        make_room(folder.path(), "new", 1);
        let left: Vec<_> = names(folder.path()).collect();
        assert_eq!(left.len(), MOST_FILES - 1);
        assert!(
            !left.iter().any(|name| name.contains("0000-0.")),
            "{left:?}"
        );
        // For the largest all others go, and nothing else.
        make_room(folder.path(), "new", MOST_BYTES + 1);
        assert_eq!(names(folder.path()).count(), 0);
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file");
        fs::write(&blocked, "in the way").unwrap();
        let mut shelf = shelf(&blocked);
        let troubles = told(&mut shelf);
        shelf.keep("family", "one", vec![0]);
        // Nobody asks again: the work may be over.
        let trouble = troubles.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(trouble.contains("is not kept until"), "{trouble}");
        for state in 1..3 {
            shelf.keep("family", "one", vec![state]);
        }
        drop(shelf);
        assert_eq!(troubles.iter().count(), 0);
    }

    #[test]
    fn a_damaged_one_is_set_aside_and_not_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = shelf(folder.path());
        first.keep("family", "one", vec![1, 2, 3]);
        drop(first);
        let second = shelf(folder.path());
        let found = second.find("family");
        let said = second.set_aside(&found[0].0);
        assert!(said.contains(".checkpoint.damaged"), "{said}");
        assert!(second.find("family").is_empty());
        assert!(second.set_aside("nothing").contains("could not be"));
    }
}
