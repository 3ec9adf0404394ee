//! Trials that were made before.

use super::Verdict;

/// A training of a network within a search.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The run that is searched.
    pub run: usize,
    /// The values of what is searched.
    pub values: &'a [f64],
    /// The epoch to whose end it is trained.
    pub epochs: u64,
}

/// Where the trainings of a search are noted, so that one that was broken off need not make them
/// again. Trials that are no trainings are made faster than noted.
pub trait Journal: Sync {
    /// What a trial has come to, where it was made before.
    fn find(&self, trial: Trial<'_>) -> Option<Verdict>;

    /// Notes what a trial has come to.
    fn note(&self, trial: Trial<'_>, verdict: Verdict);
}

/// Nothing is noted.
#[derive(Clone, Copy, Debug)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn find(&self, _: Trial<'_>) -> Option<Verdict> {
        None
    }

    fn note(&self, _: Trial<'_>, _: Verdict) {}
}
