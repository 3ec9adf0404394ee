//! Sweeps on disk: finished shards with a manifest each, and the parts of unfinished ones.
//!
//! A shard is `sweep-2-of-4.csv` with `sweep-2-of-4.json` beside it (`sweep.csv` and `sweep.json`
//! for a whole one). While it is computed, its parts lie in `sweep-2-of-4.parts/`, each written
//! at once and ending with a line that proves it whole, so that a sweep that was killed goes on
//! from the parts that are there and comes to the same bytes.

mod error;
mod merge;

pub use error::SweepError;
pub use merge::merge;

use super::{StorageError, atomic, create_folder};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The format that this program writes.
const FORMAT: u32 = 1;

/// The text before the checksum at the end of a part.
const SEAL: &str = "# whole ";

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

/// FNV-1a over bytes (G. Fowler, L. C. Noll & K.-P. Vo): not against malice, but whoever loses
/// or changes a byte is found out.
#[derive(Clone, Copy, Debug)]
pub struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Checksum {
    /// Takes more bytes in.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    /// The checksum of all bytes so far, as text.
    pub fn text(self) -> String {
        format!("{:016x}", self.0)
    }

    /// The checksum of these bytes.
    pub fn of(bytes: &[u8]) -> String {
        let mut sum = Self::default();
        sum.add(bytes);
        sum.text()
    }
}

/// One shard in a folder, finished or not.
#[derive(Clone, Debug)]
pub struct Shard {
    folder: PathBuf,
    question: String,
    shard: u64,
    shards: u64,
    rows: u64,
    total_rows: u64,
}

impl Shard {
    /// Shard `shard` of `shards`, from 1, of a sweep with this fingerprint and so many rows.
    pub fn new(folder: &Path, question: String, (shard, shards): (u64, u64), total: u64) -> Self {
        let range = rows_of(shard, shards, total);
        Self {
            folder: folder.to_owned(),
            question,
            shard,
            shards,
            rows: range.end - range.start,
            total_rows: total,
        }
    }

    /// Its rows among those of all shards.
    pub fn range(&self) -> Range<u64> {
        rows_of(self.shard, self.shards, self.total_rows)
    }

    fn stem(&self) -> String {
        match self.shards {
            1 => "sweep".to_owned(),
            _ => format!("sweep-{}-of-{}", self.shard, self.shards),
        }
    }

    /// Where its table stands when it is finished.
    pub fn table(&self) -> PathBuf {
        self.folder.join(format!("{}.csv", self.stem()))
    }

    fn manifest(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.stem()))
    }

    fn parts(&self) -> PathBuf {
        self.folder.join(format!("{}.parts", self.stem()))
    }

    fn part(&self, index: u64) -> PathBuf {
        self.parts().join(format!("{index:08}.csv"))
    }

    /// Whether it is finished and undamaged.
    ///
    /// # Errors
    /// When another sweep's results, or a table of somebody else's, stand in its place.
    pub fn is_finished(&self) -> Result<bool, SweepError> {
        let path = self.manifest();
        if !path.exists() {
            // Between table and manifest a sweep that was killed has its parts.
            return match self.table().exists() && !self.parts().exists() {
                true => Err(SweepError::Foreign { path: self.table() }),
                false => Ok(false),
            };
        }
        let manifest = read_manifest(&path)?;
        if manifest.question != self.question || manifest.shards != self.shards {
            return Err(SweepError::Occupied { path });
        }
        Ok(checksum_of(&self.table()).is_ok_and(|sum| sum == manifest.checksum))
    }

    /// Makes the folder for its parts.
    ///
    /// # Errors
    /// When the disk refuses, or parts of another sweep lie there.
    pub fn begin(&self) -> Result<(), SweepError> {
        create_folder(&self.parts())?;
        let path = self.parts().join("question");
        match fs::read_to_string(&path) {
            Ok(question) if question != self.question => Err(SweepError::Occupied { path }),
            Ok(_) => Ok(()),
            Err(_) => Ok(atomic::write(&path, self.question.as_bytes())?),
        }
    }

    /// Whether part `index` is there and whole.
    pub fn has_part(&self, index: u64) -> bool {
        self.read_part(index).is_some()
    }

    fn read_part(&self, index: u64) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.part(index)).ok()?;
        let seal = SEAL.len() + 17;
        let end = bytes.len().checked_sub(seal)?;
        let expected = self.seal_of(&bytes[..end]);
        (bytes[end..] == *expected.as_bytes()).then(|| {
            bytes.truncate(end);
            bytes
        })
    }

    /// The line behind a part: of its bytes and of the question, so that a part of another sweep
    /// is not taken for one of this.
    fn seal_of(&self, bytes: &[u8]) -> String {
        let mut sum = Checksum::default();
        sum.add(self.question.as_bytes());
        sum.add(bytes);
        format!("{SEAL}{}\n", sum.text())
    }

    /// Writes part `index`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_part(&self, index: u64, mut bytes: Vec<u8>) -> Result<(), StorageError> {
        let seal = self.seal_of(&bytes);
        bytes.extend_from_slice(seal.as_bytes());
        atomic::write(&self.part(index), &bytes)
    }

    /// Joins `parts` parts to the finished table, behind `header`, and removes them.
    ///
    /// # Errors
    /// When the disk refuses, or a part is gone.
    pub fn finish(&self, header: &[u8], parts: u64) -> Result<(), SweepError> {
        let mut sum = Checksum::default();
        atomic::write_with(&self.table(), |file| {
            sum.add(header);
            file.write_all(header)?;
            for index in 0..parts {
                let part = self.read_part(index).ok_or_else(|| {
                    io::Error::other(format!("part {index} was changed meanwhile"))
                })?;
                sum.add(&part);
                file.write_all(&part)?;
            }
            Ok(())
        })?;
        self.seal(sum)?;
        // The table is complete; a part that cannot be removed is only in the way.
        let _ = fs::remove_dir_all(self.parts());
        Ok(())
    }

    fn seal(&self, sum: Checksum) -> Result<(), StorageError> {
        let manifest = Manifest {
            format: FORMAT,
            question: self.question.clone(),
            shard: self.shard,
            shards: self.shards,
            rows: self.rows,
            total_rows: self.total_rows,
            checksum: sum.text(),
        };
        let mut text = serde_json::to_string_pretty(&manifest)
            .expect("a manifest is plain data with text for keys");
        text.push('\n');
        atomic::write(&self.manifest(), text.as_bytes())
    }
}

/// The rows of one shard: shards follow one another, their lengths differ by one at most.
fn rows_of(shard: u64, shards: u64, total: u64) -> Range<u64> {
    let end = |shard: u64| (u128::from(total) * u128::from(shard) / u128::from(shards)) as u64;
    end(shard - 1)..end(shard)
}

fn read_manifest(path: &Path) -> Result<Manifest, SweepError> {
    let wrong = |reason: String| SweepError::Manifest {
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

fn checksum_of(path: &Path) -> io::Result<String> {
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
