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
    /// The least value within the range; ∞ in lanes that have ended. A loss below it wants a
    /// closer look.
    floor: Lanes,
}

const NEVER: Lanes = Lanes([f64::INFINITY; 8]);

impl Tally {
    /// Nothing has been observed.
    pub fn new(limits: &Limits) -> Self {
        Self {
            loss: Lanes([f64::NAN; 8]),
            at: [Lanes([f64::NAN; 8]); 2],
            best: NEVER,
            best_step: NEVER,
            touched: NEVER,
            above: Lanes([-1.0; 8]),
            left: NEVER,
            diverged: NEVER,
            floor: Lanes::constant(limits.least),
        }
    }

    /// Takes notice of the state after `step` updates. Whether any lane had not ended before it.
    #[inline(always)]
    pub fn observe(
        &mut self,
        step: u64,
        limits: &Limits,
        at: &Point,
        loss: Lanes,
        slope: &Point,
    ) -> bool {
        let now = Lanes::constant(step as f64);
        let [x, y] = *at;
        // Not finite where one of them is not, or where all together are out of range.
        let sum = loss + slope[0] + slope[1] + x + y;
        if !all(|lane| (sum.0[lane].abs() < f64::INFINITY) & (self.floor.0[lane] <= loss.0[lane])) {
            if self.is_over() {
                return false;
            }
            self.observe_all(step, limits, at, loss, slope);
            return true;
        }
        let [(low_x, high_x), (low_y, high_y)] = limits.range;
        // Side by side: of one chain the compiler makes many small pieces.
        if !(all(|lane| low_x <= x.0[lane])
            & all(|lane| x.0[lane] <= high_x)
            & all(|lane| low_y <= y.0[lane])
            & all(|lane| y.0[lane] <= high_y))
        {
            self.leave(now, limits, at);
        }
        let is_above = Lanes::constant(limits.target).less_than(loss);
        self.above = Lanes::select(is_above, now, self.above);
        if !all(|lane| is_above[lane] != 0) {
            self.touched = self.touched.smaller(Lanes::select(is_above, NEVER, now));
        }
        self.best_step = Lanes::select(loss.less_than(self.best), now, self.best_step);
        self.best = self.best.smaller(loss);
        self.loss = loss;
        self.at = [x, y];
        true
    }

    /// The same, whatever has become of the lanes. Not inlined: it is long, and rarely wanted.
    #[cold]
    #[inline(never)]
    fn observe_all(&mut self, step: u64, limits: &Limits, at: &Point, loss: Lanes, slope: &Point) {
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
        now.floor = Lanes::select(lives, now.floor, NEVER);
        // ∞ in lanes that have ended, so that they lower nothing.
        let when = Lanes::select(lives, step, NEVER);
        let outside = outside(limits, *at);
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

    /// Notes which lanes are outside the range. Not inlined, so that it costs those nothing that
    /// stay inside.
    #[cold]
    #[inline(never)]
    fn leave(&mut self, now: Lanes, limits: &Limits, at: &Point) {
        let is_outside = Lanes::zero().less_than(outside(limits, *at));
        self.left = self.left.smaller(Lanes::select(is_outside, now, NEVER));
    }

    /// Whether every lane has ended.
    #[inline(always)]
    pub fn is_over(&self) -> bool {
        all(|lane| self.diverged.0[lane] < f64::INFINITY)
    }
}

/// Whether something holds for every lane. No early end: eight comparisons are one instruction.
#[inline(always)]
fn all(holds: impl Fn(usize) -> bool) -> bool {
    let mut all = true;
    for lane in 0..8 {
        all &= holds(lane);
    }
    all
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits {
        range: [(-2.0, 2.0), (-1.0, 3.0)],
        least: 0.0,
        target: 1.0,
    };

    /// Mostly what is usual, and everything that is not.
    fn number() -> impl Strategy<Value = f64> {
        let unusual = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            -0.5,
            2.5,
        ];
        prop_oneof![20 => 0.0..2.0_f64, 1 => proptest::sample::select(unusual.to_vec())]
    }

    fn lanes() -> impl Strategy<Value = Lanes> {
        proptest::array::uniform8(number()).prop_map(Lanes)
    }

    fn bits(tally: &Tally) -> Vec<u64> {
        let Tally {
            loss,
            at: [x, y],
            best,
            best_step,
            touched,
            above,
            left,
            diverged,
            floor,
        } = tally;
        let all = [
            loss, x, y, best, best_step, touched, above, left, diverged, floor,
        ];
        all.iter()
            .flat_map(|lanes| lanes.0.map(f64::to_bits))
            .collect()
    }

    proptest! {
        #[test]
        fn the_short_way_notes_what_the_long_one_does(
            states in prop::collection::vec((lanes(), lanes(), lanes(), lanes(), lanes()), 1..12),
        ) {
            let (mut short, mut long) = (Tally::new(&LIMITS), Tally::new(&LIMITS));
            for (step, (x, y, loss, slope_x, slope_y)) in states.into_iter().enumerate() {
                let (at, slope) = ([x, y], [slope_x, slope_y]);
                // Once all lanes have ended, nothing is noted any more.
                let goes_on = !long.is_over();
                if goes_on {
                    long.observe_all(step as u64, &LIMITS, &at, loss, &slope);
                }
                let told = short.observe(step as u64, &LIMITS, &at, loss, &slope);
                prop_assert_eq!(told, goes_on);
                prop_assert_eq!(bits(&short), bits(&long));
            }
        }
    }
}
