//! Where a shard stands.

use super::{Parts, rows_of};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One shard of a whole, and its place in a folder: `NAME-2-of-4` with an ending, `NAME` where it
/// is the only one.
#[derive(Clone, Debug)]
pub(super) struct Place {
    folder: PathBuf,
    /// What its files are called after.
    name: &'static str,
    /// A fingerprint of the whole question.
    pub question: String,
    /// Which shard, from 1.
    pub shard: u64,
    /// Of how many.
    pub shards: u64,
}

impl Place {
    /// Shard `shard` of `shards`, from 1, of the question with this fingerprint.
    pub fn new(
        folder: &Path,
        name: &'static str,
        question: String,
        (shard, shards): (u64, u64),
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            name,
            question,
            shard,
            shards,
        }
    }

    /// Another file in its folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Its file with this ending.
    pub fn file(&self, ending: &str) -> PathBuf {
        let (name, shard, shards) = (self.name, self.shard, self.shards);
        self.folder.join(match shards {
            1 => format!("{name}.{ending}"),
            _ => format!("{name}-{shard}-of-{shards}.{ending}"),
        })
    }

    /// Its parts while it is unfinished.
    pub fn parts(&self) -> Parts {
        Parts::new(self.file("parts"), self.question.clone())
    }

    /// Its rows, or runs, among so many of all shards.
    pub fn share(&self, total: u64) -> Range<u64> {
        rows_of(self.shard, self.shards, total)
    }

    /// Whether what was found here is of this shard of this question.
    pub fn is_of(&self, question: &str, shard: u64, shards: u64) -> bool {
        (&*self.question, self.shard, self.shards) == (question, shard, shards)
    }
}
