//! The weights that runs had at the ends of epochs, within bounded memory.

use crate::models::network::Moments;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Bytes that the weights of all runs take together at most. Where they would take more, they are
/// kept at every 2nd, 4th, … epoch, always with the start and the latest. Only where the runs'
/// weights at a single moment are larger than this, that one moment takes more.
pub const MOST_BYTES: usize = 64 << 20;

/// Of how many epochs the weights of a run are kept at most, however small it is: a playhead is not
/// moved more finely, and checkpoints hold them all.
pub const MOST_EPOCHS: usize = 256;

/// Of how many epochs the weights of each of `runs` runs are kept at most, the start counting as
/// one, where a run has `parameters` parameters.
pub fn most_epochs(parameters: usize, runs: usize) -> usize {
    let bytes = size_of::<f32>() * parameters.max(1);
    (MOST_BYTES / runs.max(1) / bytes).clamp(1, MOST_EPOCHS)
}

/// What a run's network was at the end of an epoch, or at the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// How many updates were made.
    pub update: u64,
    /// The parameters: those that are shown where a wrapper shows others.
    pub parameters: Vec<f32>,
    /// The running moments of the batch normalisations, for `Network::set_running`.
    pub moments: Vec<Moments<f32>>,
}

/// The snapshots of every run with the first seed. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Snapshots {
    runs: Vec<Kept>,
}

impl Snapshots {
    pub(in crate::engine) fn new(runs: Vec<Kept>) -> Self {
        Self { runs }
    }

    /// What run `run` was at the last kept epoch's end that is not after `update`; a run that has
    /// diverged rests at its last finite one. None where nothing is kept: no network is trained,
    /// or there is room for the latest alone and it is after `update`.
    pub fn at(&self, run: usize, update: u64) -> Option<&Arc<Snapshot>> {
        let kept = self.of(run);
        let after = kept.partition_point(|snapshot| snapshot.update <= update);
        kept.get(after.checked_sub(1)?)
    }

    /// Everything that is kept of a run, the earliest first.
    pub fn of(&self, run: usize) -> &[Arc<Snapshot>] {
        self.runs.get(run).map_or(&[], |kept| &kept.snapshots)
    }

    /// How many bytes the kept weights take.
    pub fn bytes(&self) -> usize {
        let all = self.runs.iter().flat_map(|kept| &kept.snapshots);
        all.map(|snapshot| size_of::<f32>() * snapshot.parameters.len())
            .sum()
    }
}

/// What is kept of one run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::engine) struct Kept {
    /// Every how many of the offered snapshots one is kept.
    stride: u64,
    /// How many were offered.
    offered: u64,
    most: usize,
    #[serde(with = "crate::engine::shared")]
    snapshots: Vec<Arc<Snapshot>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Kept {
    /// Nothing yet, and never more than `most`, at least one.
    pub fn new(most: usize) -> Self {
        Self {
            stride: 1,
            offered: 0,
            most: most.max(1),
            snapshots: Vec::new(),
        }
    }

    /// How many parameters are kept in all.
    pub fn numbers(&self) -> usize {
        let snapshots = self.snapshots.iter();
        snapshots.map(|snapshot| snapshot.parameters.len()).sum()
    }

    /// Takes the latest of a run; updates must rise. It stays until the next comes, and beyond
    /// where it falls on the stride.
    pub fn take(&mut self, update: u64, parameters: &[f32], moments: &[Moments<f32>]) {
        self.push(Snapshot {
            update,
            parameters: parameters.to_vec(),
            moments: moments.to_vec(),
        });
    }

    fn push(&mut self, latest: Snapshot) {
        if self.offered > 0 && !(self.offered - 1).is_multiple_of(self.stride) {
            self.snapshots.pop();
        }
        if self.most == 1 {
            self.snapshots.clear();
        }
        self.snapshots.push(Arc::new(latest));
        self.offered += 1;
        if self.snapshots.len() > self.most {
            self.thin();
        }
    }

    /// Doubles the stride; the latest stays.
    fn thin(&mut self) {
        self.stride *= 2;
        let last = self.snapshots.len() - 1;
        let mut index = 0;
        self.snapshots.retain(|_| {
            index += 1;
            (index - 1) % 2 == 0 || index - 1 == last
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(update: u64) -> Snapshot {
        Snapshot {
            update,
            parameters: vec![update as f32; 3],
            moments: Vec::new(),
        }
    }

    fn kept(most: usize, epochs: u64) -> Kept {
        let mut kept = Kept::new(most);
        for epoch in 0..=epochs {
            kept.push(snapshot(10 * epoch));
        }
        kept
    }

    #[test]
    fn never_more_are_kept_than_may_be_with_the_start_and_the_latest() {
        for most in 2..12 {
            for epochs in 0..100 {
                let kept = kept(most, epochs);
                let updates: Vec<_> = kept.snapshots.iter().map(|s| s.update).collect();
                assert!(updates.len() <= most, "{most} {epochs}: {updates:?}");
                assert_eq!(updates[0], 0);
                assert_eq!(updates.last(), Some(&(10 * epochs)));
                assert!(updates.is_sorted_by(|a, b| a < b), "{updates:?}");
                // All but the latest lie evenly.
                let even = &updates[..updates.len() - 1];
                let stride = 10 * kept.stride;
                for (index, &update) in even.iter().enumerate() {
                    assert_eq!(
                        update,
                        index as u64 * stride,
                        "{most} {epochs}: {updates:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_moment_between_two_epochs_shows_the_one_before() {
        let snapshots = Snapshots::new(vec![kept(100, 5), kept(1, 5)]);
        let at = |run, update| snapshots.at(run, update).map(|s| s.update);
        assert_eq!(
            (at(0, 0), at(0, 9), at(0, 10)),
            (Some(0), Some(0), Some(10))
        );
        assert_eq!(at(0, u64::MAX), Some(50));
        // Where there is room for one, it is the latest.
        assert_eq!((at(1, 49), at(1, 50)), (None, Some(50)));
        assert_eq!(at(2, 0), None);
        assert_eq!(snapshots.bytes(), (6 + 1) * 3 * 4);
    }

    #[test]
    fn the_room_is_shared_by_the_runs() {
        assert_eq!(most_epochs(1 << 20, 1), 16);
        assert_eq!(most_epochs(1 << 20, 4), 4);
        assert_eq!(most_epochs(1 << 30, 4), 1);
        assert_eq!(most_epochs(0, 0), MOST_EPOCHS);
    }

    #[test]
    fn what_is_kept_goes_through_bytes_and_goes_on_alike() {
        let mut one = kept(5, 13);
        let bytes = postcard::to_allocvec(&one).unwrap();
        let mut other: Kept = postcard::from_bytes(&bytes).unwrap();
        for kept in [&mut one, &mut other] {
            kept.push(snapshot(140));
        }
        assert_eq!(one.snapshots, other.snapshots);
    }
}
