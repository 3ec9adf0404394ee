//! Why shards cannot be used.

use crate::storage::StorageError;
use std::path::PathBuf;
use thiserror::Error;

/// Why shards cannot be used.
#[derive(Debug, Error)]
pub enum ShardError {
    /// The disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What says nothing of a shard, or nothing that makes sense.
    #[error(
        "{}: this is no shard of a sweep or of a search: {reason}; if it is one that was damaged, \
         remove it and make that shard again",
        path.display()
    )]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A shard that is not what was written.
    #[error(
        "{}: the shard is damaged: its bytes are not those that were written; make shard \
         {shard}/{shards} again",
        path.display()
    )]
    Damaged {
        /// Its file.
        path: PathBuf,
        /// Which shard it is.
        shard: u64,
        /// Of how many.
        shards: u64,
    },
    /// A manifest without its table.
    #[error(
        "{}: the table of shard {shard}/{shards} is gone; make that shard again",
        path.display()
    )]
    Gone {
        /// The table.
        path: PathBuf,
        /// Which shard it is.
        shard: u64,
        /// Of how many.
        shards: u64,
    },
    /// Shards of different sweeps or searches.
    #[error(
        "{}: this belongs to another sweep or search than {}",
        path.display(),
        other.display()
    )]
    Another {
        /// One.
        path: PathBuf,
        /// The first.
        other: PathBuf,
    },
    /// Shards of the same whole, divided in different ways.
    #[error(
        "{}: this is one of {shards} shards, and others are of {others}; merge those that were \
         made together",
        path.display()
    )]
    Divided {
        /// One.
        path: PathBuf,
        /// Of how many it is.
        shards: u64,
        /// Of how many the first is.
        others: u64,
    },
    /// The same shard twice.
    #[error("shard {shard} is there twice: {} and {}", path.display(), other.display())]
    Doubled {
        /// Which.
        shard: u64,
        /// One.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// Not all shards.
    #[error("shards are missing: {missing} of {shards}; nothing was merged")]
    Missing {
        /// Their numbers.
        missing: String,
        /// Of how many.
        shards: u64,
    },
    /// Nothing to merge.
    #[error("{}: there is no shard of a sweep or of a search here", path.display())]
    Nothing {
        /// Where.
        path: PathBuf,
    },
    /// A file that no sweep and no search has left stands where the results would go.
    #[error(
        "{}: a file of this name lies here that no sweep or search of this program has finished; \
         choose another folder or remove it",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Something else lies where the parts of unfinished work would go.
    #[error(
        "{}: something that no sweep or search of this program has left lies in this folder; \
         choose another folder or remove it",
        path.display()
    )]
    Strange {
        /// The folder.
        path: PathBuf,
    },
    /// Parts of other unfinished work lie where those of this would go.
    #[error(
        "{}: an unfinished sweep or search lies here, which asks something else; finish it with \
         its own command, choose another folder, or remove it",
        path.display()
    )]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// Other results stand where these would go.
    #[error(
        "{}: the results of another sweep or search lie here; choose another folder or remove them",
        path.display()
    )]
    Occupied {
        /// The other's shard or manifest.
        path: PathBuf,
    },
    /// Shards of sweeps and of searches together.
    #[error(
        "{}: shards of sweeps and of searches (tune-I-of-N.ron) lie here together; name those \
         that are to be joined",
        path.display()
    )]
    Mixed {
        /// Where.
        path: PathBuf,
    },
}

impl ShardError {
    /// A shard whose outcomes its own experiment cannot have.
    pub fn of_another_experiment(path: PathBuf) -> Self {
        let reason = "what was found is not of its experiment".to_owned();
        Self::Unreadable { path, reason }
    }
}
