//! Sweeps and searches on disk that several machines share, and the parts of unfinished ones.

mod error;
mod merging;
mod parts;
mod place;
mod search;
mod sweep;

pub use error::ShardError;
pub use merging::{merge_searches, merge_sweeps, searches_among};
pub use search::{SearchShard, Share};
pub use sweep::{Manifest, Shard};

use parts::Parts;
use place::Place;
use std::ops::Range;

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

/// The rows of one shard: shards follow one another, their lengths differ by one at most.
fn rows_of(shard: u64, shards: u64, total: u64) -> Range<u64> {
    let end = |shard: u64| (u128::from(total) * u128::from(shard) / u128::from(shards)) as u64;
    end(shard - 1)..end(shard)
}
