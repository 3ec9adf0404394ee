//! What is wrong with a run, or right: verdicts with their evidence in numbers.
//!
//! A run is watched update by update, so nothing is read from a thinned record. A verdict is
//! about the last few updates before a step; updates in a row with the same verdict are an
//! episode, which has a place on the timeline.

mod evidence;
mod remedies;
mod verdict;
mod watcher;

pub use evidence::{Evidence, WINDOW};
pub use remedies::{Remedy, remedies};
pub use verdict::Verdict;

use crate::engine::Replay;
use crate::experiment::Checked;
use watcher::Watcher;

/// More episodes than anyone reads; a run that changes its mind more often keeps the last ones.
const MOST_EPISODES: usize = 200;

/// Updates in a row with one verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// The first of them.
    pub from: u64,
    /// The last of them.
    pub to: u64,
    /// What is the matter.
    pub verdict: Verdict,
    /// What shows it, at the last of them.
    pub evidence: Evidence,
}

/// Everything that is found about a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// Which run of the experiment.
    pub run: usize,
    /// Its name on plots and tables.
    pub label: String,
    /// What happened, in order; never empty for a run with a finite start and updates.
    pub episodes: Vec<Episode>,
}

impl Diagnosis {
    /// The episode that an update belongs to, or the last one before it.
    pub fn at(&self, step: u64) -> Option<&Episode> {
        let after = self
            .episodes
            .partition_point(|episode| episode.from <= step);
        self.episodes.get(after.checked_sub(1)?)
    }

    /// How it ended.
    pub fn last(&self) -> Option<&Episode> {
        self.episodes.last()
    }
}

/// Diagnoses a run over all its updates, or until `goes_on`, which is asked after each, says no;
/// none where there is no such run.
pub fn diagnose(checked: &Checked, run: usize, goes_on: &dyn Fn() -> bool) -> Option<Diagnosis> {
    let mut replay = Replay::new(checked, run)?;
    let mut watcher = Watcher::new(checked, &replay);
    let mut episodes: Vec<Episode> = Vec::new();
    let mut begins_anew = false;
    for step in 1..=checked.updates() {
        if !goes_on() || replay.diverged_at() == Some(0) {
            break;
        }
        replay.go_to(step);
        let evidence = watcher.observe(&replay);
        let verdict = Verdict::of(&evidence);
        match episodes.last_mut() {
            Some(last) if last.verdict == verdict && !begins_anew => {
                last.to = step;
                last.evidence = evidence;
            }
            _ => episodes.push(Episode {
                from: step,
                to: step,
                verdict,
                evidence,
            }),
        }
        // What it does on another surface is another episode.
        begins_anew = replay.begins_anew();
        if episodes.len() > 2 * MOST_EPISODES {
            episodes.drain(..MOST_EPISODES);
        }
        if replay.diverged_at().is_some() {
            break;
        }
    }
    Some(Diagnosis {
        run,
        label: checked.runs[run].label.clone(),
        episodes,
    })
}
