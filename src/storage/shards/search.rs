//! Searches for settings: the shards of one that several machines share, and what an unfinished
//! one has found so far.
//!
//! A shard is `tune-2-of-4.ron` (`tune.ron` for a whole search): the experiment with its question,
//! and what the search has come to for every run of the shard, closed by the line that proves it
//! whole. While it is searched, the runs that are finished and the trainings that were made lie in
//! `tune-2-of-4.parts/`.

use super::parts::{SEAL, sealed, unsealed};
use super::{Checksum, Parts, Place, ShardError, rows_of};
use crate::analysis::tuner::{Journal, Outcome, Trial, Verdict};
use crate::storage::{Action, StorageError, atomic};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The format that this program writes.
const FORMAT: u32 = 1;

/// What a whole search is written to, beside its own file.
const RESULTS: [&str; 2] = ["tune.json", "tuned.ron"];

/// What a shard has come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    format: u32,
    /// A fingerprint of the whole question: equal ones have equal answers.
    pub question: String,
    /// Which shard, from 1.
    pub(super) shard: u64,
    /// Of how many.
    pub(super) shards: u64,
    /// All runs that are tuned.
    pub runs: Vec<usize>,
    /// The experiment as text; its `tune` says what is searched.
    pub experiment: String,
    /// What was found for the runs of this shard.
    pub outcomes: Vec<Outcome>,
}

/// The search for some of the runs, finished or not, in a folder.
#[derive(Debug)]
pub struct SearchShard {
    place: Place,
    parts: Parts,
    all_runs: Vec<usize>,
    /// Why something could not be noted, until it is told.
    failure: Mutex<Option<StorageError>>,
    has_failed: AtomicBool,
}

/// A training that was made.
#[derive(Serialize, Deserialize)]
struct Noted {
    values: Vec<f64>,
    verdict: Verdict,
}

impl SearchShard {
    /// Shard `shard` of `shards`, from 1, of the search with this fingerprint for these runs.
    pub fn new(folder: &Path, question: String, number: (u64, u64), runs: Vec<usize>) -> Self {
        let place = Place::new(folder, "tune", question, number);
        Self {
            parts: place.parts(),
            place,
            all_runs: runs,
            failure: Mutex::new(None),
            has_failed: AtomicBool::new(false),
        }
    }

    /// Its runs among those of all shards.
    pub fn runs(&self) -> &[usize] {
        runs_of(self.place.shard, self.place.shards, &self.all_runs)
    }

    /// Whether it is one of several.
    pub fn is_one_of_several(&self) -> bool {
        self.place.shards > 1
    }

    /// Where it stands when it is finished.
    pub fn file(&self) -> PathBuf {
        self.place.file("ron")
    }

    /// What it has come to, where it is finished and undamaged.
    ///
    /// # Errors
    /// When another search's results, or somebody else's files, stand in its place.
    pub fn finished(&self) -> Result<Option<Vec<Outcome>>, ShardError> {
        let path = self.file();
        if !path.exists() {
            let others = RESULTS.map(|name| self.place.beside(name));
            let other = others.into_iter().find(|path| path.exists());
            // Between its results and its own file a search that was killed has its parts.
            let is_free = self.is_one_of_several() || self.parts.exist();
            return match other.filter(|_| !is_free) {
                Some(path) => Err(ShardError::Foreign { path }),
                None => Ok(None),
            };
        }
        let share = match read_share(&path) {
            Ok(share) => share,
            // To be made again; a whole search has written other files too, which are to stay.
            Err(ShardError::Damaged { .. }) if self.is_one_of_several() => return Ok(None),
            Err(ShardError::Damaged { path, .. }) => {
                let reason = "its bytes are not those that were written".to_owned();
                return Err(ShardError::Unreadable { path, reason });
            }
            Err(error) => return Err(error),
        };
        if !self.place.is_of(&share.question, share.shard, share.shards) {
            return Err(ShardError::Occupied { path });
        }
        // Where it was killed just before it removed them.
        self.parts.remove();
        Ok(Some(share.outcomes))
    }

    /// Makes the folder for what is found on the way.
    ///
    /// # Errors
    /// When the disk refuses, or parts of another search lie there.
    pub fn begin(&self) -> Result<(), ShardError> {
        self.parts.begin()
    }

    /// What a run was found to come to, where that was finished.
    pub fn outcome(&self, run: usize) -> Option<Outcome> {
        let outcome: Outcome = self.read(&format!("run-{run}.ron"))?;
        (outcome.run == run).then_some(outcome)
    }

    /// Keeps what a run was found to come to.
    pub fn keep(&self, outcome: &Outcome) {
        self.write(&format!("run-{}.ron", outcome.run), outcome);
    }

    /// Why something that was found on the way could not be kept; told once.
    pub fn failure(&self) -> Option<StorageError> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take()
    }

    /// Whether something that was found on the way could not be kept.
    pub fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Leaves what was kept for the next time, and no folder where that is nothing.
    pub fn leave(&self) {
        self.parts.leave();
    }

    /// Writes the finished shard, and removes what was kept on the way.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(&self, experiment: String, outcomes: Vec<Outcome>) -> Result<(), StorageError> {
        let share = Share {
            format: FORMAT,
            question: self.place.question.clone(),
            shard: self.place.shard,
            shards: self.place.shards,
            runs: self.all_runs.clone(),
            experiment,
            outcomes,
        };
        atomic::write(&self.file(), &sealed(&self.place.question, text(&share)))?;
        self.parts.remove();
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        ron::de::from_bytes(&self.parts.read(name)?).ok()
    }

    fn write(&self, name: &str, what: &impl Serialize) {
        if let Err(error) = self.parts.write(name, text(what)) {
            let had_failed = self.has_failed.swap(true, Ordering::Relaxed);
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            if !had_failed {
                *failure = Some(error);
            }
        }
    }
}

impl Journal for SearchShard {
    fn find(&self, trial: Trial<'_>) -> Option<Verdict> {
        let noted: Noted = self.read(&name(trial))?;
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        (bits(&noted.values) == bits(trial.values)).then_some(noted.verdict)
    }

    fn note(&self, trial: Trial<'_>, verdict: Verdict) {
        let values = trial.values.to_vec();
        self.write(&name(trial), &Noted { values, verdict });
    }
}

/// The file of a training: of the run, the epochs and the values.
fn name(trial: Trial<'_>) -> String {
    let mut sum = Checksum::default();
    for value in trial.values {
        sum.add(&value.to_bits().to_le_bytes());
    }
    format!("run-{}-{}-{}.ron", trial.run, trial.epochs, sum.text())
}

fn text(what: &impl Serialize) -> Vec<u8> {
    let pretty = ron::ser::PrettyConfig::new().new_line("\n");
    let mut text =
        ron::ser::to_string_pretty(what, pretty).expect("what is found is plain data without maps");
    text.push('\n');
    text.into_bytes()
}

/// The runs of one shard.
fn runs_of(shard: u64, shards: u64, runs: &[usize]) -> &[usize] {
    let range = rows_of(shard, shards, runs.len() as u64);
    runs.get(range.start as usize..range.end as usize)
        .unwrap_or_default()
}

/// The name of a whole search's file.
pub(super) const WHOLE: &str = "tune.ron";

/// Whether a file is called as one of several shards of a search is.
pub(super) fn is_called_so(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbers = name
        .strip_prefix("tune-")
        .and_then(|rest| rest.strip_suffix(".ron"))
        .and_then(|rest| rest.split_once("-of-"));
    numbers.is_some_and(|(shard, shards)| {
        let is_number = |text: &str| text.parse::<u64>().is_ok();
        is_number(shard) && is_number(shards)
    })
}

/// The finished shard in a file.
pub(super) fn read_share(path: &Path) -> Result<Share, ShardError> {
    let unreadable = |reason: String| ShardError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let bytes = fs::read(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => ShardError::Nothing {
            path: path.to_owned(),
        },
        _ => StorageError::system(Action::Read, path, source).into(),
    })?;
    let whole = String::from_utf8_lossy(&bytes);
    let body = whole.rfind(SEAL).map_or(&*whole, |end| &whole[..end]);
    let share: Share = ron::from_str(body).map_err(|error| unreadable(error.to_string()))?;
    if share.format != FORMAT {
        return Err(unreadable(format!(
            "its format {} is not known here",
            share.format
        )));
    }
    if unsealed(&share.question, bytes).is_none() {
        return Err(ShardError::Damaged {
            path: path.to_owned(),
            shard: share.shard,
            shards: share.shards,
        });
    }
    if share.shard == 0 || share.shard > share.shards {
        return Err(unreadable("its shard's number makes no sense".to_owned()));
    }
    let found: Vec<usize> = share.outcomes.iter().map(|outcome| outcome.run).collect();
    if found != runs_of(share.shard, share.shards, &share.runs) {
        return Err(unreadable("its runs are not those of its shard".to_owned()));
    }
    Ok(share)
}
