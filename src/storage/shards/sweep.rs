//! Sweeps: finished shards with a manifest each, and the parts of unfinished ones.
//!
//! A shard is `sweep-2-of-4.csv` with `sweep-2-of-4.json` beside it (`sweep.csv` and `sweep.json`
//! for a whole one). While it is computed, its parts lie in `sweep-2-of-4.parts/`, each written
//! at once and ending with a line that proves it whole, so that a sweep that was killed goes on
//! from the parts that are there and comes to the same bytes.

use super::{Checksum, Parts, Place, ShardError};
use crate::storage::{StorageError, atomic};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The format that this program writes.
const FORMAT: u32 = 1;

/// What a shard is and what its table must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the manifest.
    pub format: u32,
    /// A fingerprint of the whole question: equal ones have equal rows.
    pub question: String,
    /// Which shard, from 1.
    pub shard: u64,
    /// Of how many.
    pub shards: u64,
    /// Rows of the shard.
    pub rows: u64,
    /// Rows of all shards together.
    pub total_rows: u64,
    /// A checksum of the table's bytes.
    pub checksum: String,
}

/// One shard in a folder, finished or not.
#[derive(Clone, Debug)]
pub struct Shard {
    place: Place,
    parts: Parts,
    total_rows: u64,
}

impl Shard {
    /// Shard `shard` of `shards`, from 1, of a sweep with this fingerprint and so many rows.
    pub fn new(folder: &Path, question: String, number: (u64, u64), total: u64) -> Self {
        let place = Place::new(folder, "sweep", question, number);
        Self {
            parts: place.parts(),
            place,
            total_rows: total,
        }
    }

    /// Its rows among those of all shards.
    pub fn range(&self) -> Range<u64> {
        self.place.share(self.total_rows)
    }

    /// Where its table stands when it is finished.
    pub fn table(&self) -> PathBuf {
        self.place.file("csv")
    }

    pub(super) fn manifest(&self) -> PathBuf {
        self.place.file("json")
    }

    /// Whether it is finished and undamaged.
    ///
    /// # Errors
    /// When another sweep's results, or a table of somebody else's, stand in its place.
    pub fn is_finished(&self) -> Result<bool, ShardError> {
        let path = self.manifest();
        if !path.exists() {
            // Between table and manifest a sweep that was killed has its parts.
            return match self.table().exists() && !self.parts.exist() {
                true => Err(ShardError::Foreign { path: self.table() }),
                false => Ok(false),
            };
        }
        let manifest = read_manifest(&path)?;
        let Manifest {
            question,
            shard,
            shards,
            ..
        } = &manifest;
        if !self.place.is_of(question, *shard, *shards) {
            return Err(ShardError::Occupied { path });
        }
        let is_whole = checksum_of(&self.table()).is_ok_and(|sum| sum == manifest.checksum);
        if is_whole {
            // Where it was killed just before it removed them.
            self.parts.remove();
        }
        Ok(is_whole)
    }

    /// Makes the folder for its parts.
    ///
    /// # Errors
    /// When the disk refuses, or parts of another sweep lie there.
    pub fn begin(&self) -> Result<(), ShardError> {
        self.parts.begin()
    }

    /// Leaves its parts for the next time, and no folder where there are none.
    pub fn leave(&self) {
        self.parts.leave();
    }

    /// Whether part `index` is there and whole.
    pub fn has_part(&self, index: u64) -> bool {
        self.parts.read(&part(index)).is_some()
    }

    /// Writes part `index`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_part(&self, index: u64, bytes: Vec<u8>) -> Result<(), StorageError> {
        self.parts.write(&part(index), bytes)
    }

    /// Joins `parts` parts to the finished table, behind `header`, and removes them.
    ///
    /// # Errors
    /// When the disk refuses, or a part is gone.
    pub fn finish(&self, header: &[u8], parts: u64) -> Result<(), ShardError> {
        let mut sum = Checksum::default();
        atomic::write_with(&self.table(), |file| {
            sum.add(header);
            file.write_all(header)?;
            for index in 0..parts {
                let part = self.parts.read(&part(index)).ok_or_else(|| {
                    io::Error::other(format!("part {index} was changed meanwhile"))
                })?;
                sum.add(&part);
                file.write_all(&part)?;
            }
            Ok(())
        })?;
        self.seal(sum)?;
        self.parts.remove();
        Ok(())
    }

    pub(super) fn seal(&self, sum: Checksum) -> Result<(), StorageError> {
        let manifest = Manifest {
            format: FORMAT,
            question: self.place.question.clone(),
            shard: self.place.shard,
            shards: self.place.shards,
            rows: self.range().end - self.range().start,
            total_rows: self.total_rows,
            checksum: sum.text(),
        };
        let mut text = serde_json::to_string_pretty(&manifest)
            .expect("a manifest is plain data with text for keys");
        text.push('\n');
        atomic::write(&self.manifest(), text.as_bytes())
    }
}

fn part(index: u64) -> String {
    format!("{index:08}.csv")
}

pub(super) fn read_manifest(path: &Path) -> Result<Manifest, ShardError> {
    let wrong = |reason: String| ShardError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(wrong(format!(
            "its format {} is not known here",
            manifest.format
        )));
    }
    if manifest.shard == 0 || manifest.shard > manifest.shards {
        return Err(wrong("its shard's number makes no sense".to_owned()));
    }
    Ok(manifest)
}

pub(super) fn checksum_of(path: &Path) -> io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    let mut sum = Checksum::default();
    let mut bytes = vec![0; 1 << 16];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(sum.text()),
            count => sum.add(&bytes[..count]),
        }
    }
}
