//! What one trial has come to.

use crate::engine::Best;
use crate::optimizers::packed::Tally;

/// What one trial has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Loss of the last finite state; NaN where not even the start is finite.
    pub loss: f64,
    /// The first two parameters of that state; NaN in place of one that there is not.
    pub at: [f64; 2],
    /// The lowest loss that counts.
    pub best: Option<Best>,
    /// The first step at which the loss was no higher than the target.
    pub touched: Option<u64>,
    /// The first step from which on it was so to the end.
    pub stays: Option<u64>,
    /// The first step outside the range.
    pub left: Option<u64>,
    /// The first step that was not finite.
    pub diverged: Option<u64>,
}

impl Reached {
    /// Not even the start.
    pub(super) const NOTHING: Self = Self {
        loss: f64::NAN,
        at: [f64::NAN; 2],
        best: None,
        touched: None,
        stays: None,
        left: None,
        diverged: Some(0),
    };

    /// Whether there was a start at all: without its data a training has none, and one whose first
    /// loss is no number never came farther.
    pub fn is_begun(&self) -> bool {
        !(self.diverged == Some(0) && self.loss.is_nan())
    }

    /// Becomes what one lane of a pack has come to after `updates` updates of `dimension`
    /// parameters. Field by field: what is put together elsewhere and copied waits for its parts.
    #[inline(always)]
    pub(super) fn set(&mut self, tally: &Tally, lane: usize, updates: u64, dimension: usize) {
        let step = |step: f64| step.is_finite().then_some(step as u64);
        let loss = tally.best.0[lane];
        let diverged = step(tally.diverged.0[lane]);
        self.loss = tally.loss.0[lane];
        for (index, at) in self.at.iter_mut().enumerate() {
            let is_there = index < dimension;
            *at = if is_there {
                tally.at[index].0[lane]
            } else {
                f64::NAN
            };
        }
        self.best = step(tally.best_step.0[lane]).map(|step| Best { loss, step });
        self.touched = step(tally.touched.0[lane]);
        self.stays = stays(tally.above.0[lane], diverged, updates);
        self.left = step(tally.left.0[lane]);
        self.diverged = diverged;
    }
}

/// The first step from which on the loss stayed no higher than the target; `above` is the last
/// at which it was higher, −1 for none.
pub(super) fn stays(above: f64, diverged: Option<u64>, updates: u64) -> Option<u64> {
    let from = above + 1.0;
    (diverged.is_none() && from <= updates as f64).then_some(from as u64)
}
