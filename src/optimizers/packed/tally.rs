//! What packed runs have reached so far.

use super::Point;
use crate::numbers::{Lanes, Real};

/// What a run is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The studied range of either parameter.
    pub range: [(f64, f64); 2],
    /// The least value within it; outside it, what lies below does not count.
    pub least: f64,
    /// The loss that is to be reached.
    pub target: f64,
}

/// What eight runs have reached, one a lane. Steps are whole numbers, ∞ where something has not
/// happened.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    /// Loss of the last finite state.
    pub loss: Lanes,
    /// Parameters of the last finite state.
    pub at: Point,
    /// The lowest loss that counts.
    pub best: Lanes,
    /// After how many updates it was first reached.
    pub best_step: Lanes,
    /// The first step at which the loss was no higher than the target.
    pub touched: Lanes,
    /// The last step at which it was higher; −1 where there was none.
    pub above: Lanes,
    /// The first step outside the range.
    pub left: Lanes,
    /// The first step that was not finite.
    pub diverged: Lanes,
}

const NEVER: Lanes = Lanes([f64::INFINITY; 8]);

impl Tally {
    /// Nothing has been observed.
    pub const NEW: Self = Self {
        loss: Lanes([f64::NAN; 8]),
        at: [Lanes([f64::NAN; 8]); 2],
        best: NEVER,
        best_step: NEVER,
        touched: NEVER,
        above: Lanes([-1.0; 8]),
        left: NEVER,
        diverged: NEVER,
    };

    /// Takes notice of the state after `step` updates.
    #[inline(always)]
    pub fn observe(&mut self, step: u64, limits: &Limits, at: Point, loss: Lanes, slope: Point) {
        let now = Lanes::constant(step as f64);
        // Zero where all are finite, otherwise not a number.
        let zero =
            nothing(loss) + nothing(slope[0]) + nothing(slope[1]) + nothing(at[0]) + nothing(at[1]);
        let is_hollow = loss.less_than(Lanes::constant(limits.least));
        let hollow = Lanes::select(is_hollow, Lanes::one(), zero);
        let lives = now.less_than(self.diverged);
        let unusual = Lanes::select(lives, hollow, Lanes::one());
        // 1 where a lane goes on, is finite and not below the least value.
        let usual = Lanes::select(unusual.less_than(Lanes::one()), Lanes::one(), zero);
        if !usual.0.iter().fold(true, |all, lane| all & (*lane == 1.0)) {
            self.observe_all(step, limits, at, loss, slope);
            return;
        }
        let is_outside = Lanes::zero().less_than(outside(limits, at));
        let when_outside = Lanes::select(is_outside, now, NEVER);
        self.left = self.left.smaller(when_outside);
        self.best_step = Lanes::select(loss.less_than(self.best), now, self.best_step);
        self.best = self.best.smaller(loss);
        let is_above = Lanes::constant(limits.target).less_than(loss);
        self.above = Lanes::select(is_above, now, self.above);
        self.touched = self.touched.smaller(Lanes::select(is_above, NEVER, now));
        self.loss = loss;
        self.at = at;
    }

    /// The same, whatever has become of the lanes. Not inlined: it is long, and rarely wanted.
    #[cold]
    #[inline(never)]
    fn observe_all(&mut self, step: u64, limits: &Limits, at: Point, loss: Lanes, slope: Point) {
        let step = Lanes::constant(step as f64);
        let target = Lanes::constant(limits.target);
        // Zero where all are finite, otherwise not a number.
        let zero =
            nothing(loss) + nothing(slope[0]) + nothing(slope[1]) + nothing(at[0]) + nothing(at[1]);
        let finite = zero.less_than(Lanes::one());
        // A copy that stays in registers.
        let mut now = *self;
        now.diverged = Lanes::select(finite, now.diverged, now.diverged.smaller(step));
        let lives = step.less_than(now.diverged);
        // ∞ in lanes that have ended, so that they lower nothing.
        let when = Lanes::select(lives, step, NEVER);
        let outside = outside(limits, at);
        let when_outside = Lanes::select(zero.less_than(outside), when, NEVER);
        now.left = now.left.smaller(when_outside);
        // Outside the range a loss below its least value doesn't count.
        let hollow = loss.less_than(Lanes::constant(limits.least));
        let hollow = Lanes::select(hollow, outside, Lanes::zero());
        let counted = Lanes::select(zero.less_than(hollow), NEVER, loss);
        let counted = Lanes::select(lives, counted, NEVER);
        now.best_step = Lanes::select(counted.less_than(now.best), step, now.best_step);
        now.best = now.best.smaller(counted);
        let is_above = target.less_than(counted);
        now.above = Lanes::select(is_above, step, now.above);
        now.touched = now.touched.smaller(Lanes::select(is_above, NEVER, step));
        now.loss = Lanes::select(lives, loss, now.loss);
        now.at = [
            Lanes::select(lives, at[0], now.at[0]),
            Lanes::select(lives, at[1], now.at[1]),
        ];
        *self = now;
    }

    /// Whether every lane has ended.
    #[inline(always)]
    pub fn is_over(&self) -> bool {
        let ended = self.diverged.0.iter();
        // No early end: eight comparisons are one instruction.
        ended.fold(true, |all, step| all & (*step < f64::INFINITY))
    }
}

/// 1 in lanes that lie outside the range, otherwise 0.
#[inline(always)]
fn outside(limits: &Limits, at: Point) -> Lanes {
    let mut outside = Lanes::zero();
    for (w, (low, high)) in at.into_iter().zip(limits.range) {
        outside = Lanes::select(w.less_than(Lanes::constant(low)), Lanes::one(), outside);
        outside = Lanes::select(Lanes::constant(high).less_than(w), Lanes::one(), outside);
    }
    outside
}

/// 0 in lanes that are finite, elsewhere not a number.
#[expect(clippy::eq_op, reason = "∞ − ∞ is not 0")]
#[inline(always)]
fn nothing(x: Lanes) -> Lanes {
    x - x
}
