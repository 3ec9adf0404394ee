//! From evidence to a verdict.

use super::Evidence;
use std::fmt;

/// How a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Its numbers stopped being finite.
    Diverged,
    /// Its loss grows, over and over, while it jumps from side to side or flees.
    Diverging,
    /// It jumps from one side of a valley to the other.
    Bouncing,
    /// It goes the right way, in steps too small to arrive.
    Creeping,
    /// The slope is almost nothing, and this is no minimum: a plateau or a saddle.
    Stalled,
    /// It has settled in a minimum that is not the least one known.
    LocalMinimum,
    /// It has arrived.
    Done,
    /// It gets on.
    Steady,
    /// None of these: it neither falls nor bounces.
    Unsettled,
}

/// A window with fewer updates shows too little to speak of trouble.
pub const LEAST_UPDATES: usize = 4;
/// At least this share of the window's gradients turn round when a run bounces.
pub const TURNS: f64 = 0.7;
/// At least this share of its squared steps lies across the valley then.
pub const ACROSS: f64 = 0.5;
/// A loss that has grown by this factor in a window, and more often than not, diverges.
pub const GROWTH: f64 = 1.5;
/// A gradient below this share of the run's greatest is almost nothing.
pub const ALMOST_NOTHING: f64 = 1e-3;
/// A share of the way down, below which what is left counts as arrived.
pub const ARRIVED: f64 = 1e-6;
/// A minimum whose height above the least one is more than this share of the way down is another.
pub const CLEARLY: f64 = 1e-3;
/// At its bottom is what has no more than this share of that height left to fall.
pub const AT_THE_BOTTOM: f64 = 1e-4;
/// An update that takes less than this share of what is left creeps.
pub const SLOW: f64 = 0.01;
/// Successive gradients that point the same way have at least this cosine.
pub const SAME_WAY: f64 = 0.9;

impl Verdict {
    /// What the evidence shows, the first that holds: what has come to rest may still tremble by
    /// rounding, so places to rest come before trouble on the way.
    pub fn of(evidence: &Evidence) -> Self {
        let verdicts = [
            (Self::Diverged, !evidence.is_finite),
            (Self::Done, evidence.has_arrived()),
            (Self::LocalMinimum, evidence.is_caught()),
            (Self::Diverging, evidence.grows()),
            (Self::Bouncing, evidence.bounces()),
            (Self::Stalled, evidence.is_stalled()),
            (Self::Creeping, evidence.creeps()),
            (Self::Steady, evidence.loss < evidence.loss_before),
        ];
        let held = verdicts.into_iter().find(|(_, holds)| *holds);
        held.map_or(Self::Unsettled, |(verdict, _)| verdict)
    }

    /// In a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diverged => "diverged",
            Self::Diverging => "diverging",
            Self::Bouncing => "bouncing across a valley",
            Self::Creeping => "creeping",
            Self::Stalled => "stalled on a plateau or at a saddle",
            Self::LocalMinimum => "caught in a local minimum",
            Self::Done => "done",
            Self::Steady => "steady",
            Self::Unsettled => "unsettled",
        }
    }

    /// Whether something should be done about it.
    pub fn is_trouble(self) -> bool {
        !matches!(self, Self::Done | Self::Steady)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Evidence {
    fn is_enough(&self) -> bool {
        self.updates >= LEAST_UPDATES
    }

    fn turns(&self) -> bool {
        let pairs = self.updates.saturating_sub(1).max(1);
        self.sign_changes as f64 >= TURNS * pairs as f64
    }

    /// Whether the loss grows update after update: by a factor over the window, at most of its
    /// updates, and above where it began to.
    pub(super) fn grows(&self) -> bool {
        let (before, now) = self.excess();
        let often = 2 * self.rises > self.updates;
        let matters = now > CLEARLY * self.whole();
        self.is_enough() && often && matters && now > GROWTH * before
    }

    pub(super) fn bounces(&self) -> bool {
        self.is_enough() && self.turns() && self.share_along_sharpest >= ACROSS
    }

    /// Whether the slope is almost nothing, compared with the steepest that the run has met or with
    /// what is left to fall within the range, and no bottom is near. A run that starts on a plateau
    /// has met nothing steeper.
    pub(super) fn is_stalled(&self) -> bool {
        let brings_nothing = |share: f64| share < ALMOST_NOTHING;
        let is_flat = self.gradient_share() < ALMOST_NOTHING
            || self.slope_over_range().is_some_and(brings_nothing);
        self.is_enough() && is_flat && self.left_to_bottom.is_none()
    }

    /// Whether it lies at the bottom of a minimum that is clearly higher than the least one.
    pub(super) fn is_caught(&self) -> bool {
        let (_, excess) = self.excess();
        let is_high = self.least_loss.is_some() && excess > CLEARLY * self.whole();
        let is_bottom = |left| left <= AT_THE_BOTTOM * excess;
        self.is_enough() && is_high && self.left_to_bottom.is_some_and(is_bottom)
    }

    /// Whether nothing is left of the way down; where the least value is not known, of the way
    /// down in the local model.
    pub(super) fn has_arrived(&self) -> bool {
        let arrived = ARRIVED * self.whole();
        match self.least_loss {
            Some(least) => self.loss - least <= arrived.max(1e-12 * least.abs()),
            None => self.left_to_bottom.is_some_and(|left| left <= arrived),
        }
    }

    /// Whether it goes straight on, by little: nowhere near the end at this pace.
    pub(super) fn creeps(&self) -> bool {
        let is_slow = match self.progress() {
            Some(progress) => progress < SLOW,
            None => self.loss < self.loss_before && self.step_length < 1e-3 * self.reach.max(1.0),
        };
        self.is_enough() && is_slow && self.cosine >= SAME_WAY
    }
}
