//! A line search for the strong Wolfe conditions.

use super::Step;
use crate::numbers::Scalar;

/// How far a step must lower J: by this share of what the slope promises (Armijo's condition).
const DECREASE: f64 = 1e-4;

/// The most points that one search looks at after the first.
const MOST_POINTS: u32 = 25;

/// J along a line, seen from a point.
#[derive(Clone, Copy)]
struct Point<R> {
    /// How far along the direction.
    length: R,
    value: R,
    /// dJ/d(length).
    slope: R,
}

/// The part of the line where a point that meets the conditions must lie.
struct Bracket<R> {
    ends: [Point<R>; 2],
    /// Which end has the lower value.
    low: usize,
}

/// A search from `parameters` along `direction`.
pub(super) struct LineSearch<'a, R> {
    now: &'a Step<'a, R>,
    start: &'a [R],
    direction: &'a [R],
    origin: Point<R>,
    /// The slope must fall to this share of the first one (the curvature condition).
    flatness: R,
    /// Points looked at after the first.
    points: u32,
}

impl<'a, R: Scalar> LineSearch<'a, R> {
    /// A search that accepts where the slope's size has fallen to the share `flatness` of
    /// `slope`, which is that at the start.
    pub fn new(
        now: &'a Step<'a, R>,
        start: &'a [R],
        direction: &'a [R],
        slope: R,
        flatness: f64,
    ) -> Self {
        Self {
            now,
            start,
            direction,
            origin: Point {
                length: R::zero(),
                value: now.loss,
                slope,
            },
            flatness: R::constant(flatness),
            points: 0,
        }
    }

    /// How far to go, looking first at `trial`.
    ///
    /// Brackets an acceptable point, then closes in on it by cubic interpolation (J. Nocedal &
    /// S. J. Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6), with the safeguards
    /// and in the order of torch.optim.LBFGS, so that its path is met.
    pub fn length(mut self, trial: R) -> R {
        match self.bracket(trial) {
            Ok(accepted) => accepted,
            Err(bracket) => self.zoom(bracket),
        }
    }

    fn at(&self, length: R) -> Point<R> {
        let ahead = self.start.iter().zip(self.direction);
        let at: Vec<R> = ahead.map(|(&w, &d)| w + length * d).collect();
        let mut gradient = vec![R::zero(); at.len()];
        let value = self.now.objective.gradient(&at, &mut gradient);
        Point {
            length,
            value,
            slope: dot(&gradient, self.direction),
        }
    }

    fn lowers_too_little(&self, point: Point<R>) -> bool {
        let promised = R::constant(DECREASE) * point.length * self.origin.slope;
        point.value > self.origin.value + promised
    }

    fn is_flat(&self, point: Point<R>) -> bool {
        point.slope.absolute() <= -self.flatness * self.origin.slope
    }

    /// Goes farther and farther until a point is acceptable, or surely passed.
    fn bracket(&mut self, trial: R) -> Result<R, Bracket<R>> {
        let (mut before, mut here) = (self.origin, self.at(trial));
        while self.points < MOST_POINTS {
            let rises = self.points > 1 && here.value >= before.value;
            if self.lowers_too_little(here) || rises {
                return Err(Bracket::new(before, here));
            }
            if self.is_flat(here) {
                return Ok(here.length);
            }
            if here.slope >= R::zero() {
                return Err(Bracket::new(before, here));
            }
            let nearest = here.length + R::constant(0.01) * (here.length - before.length);
            let farthest = here.length * R::constant(10.0);
            let next = cubic_minimum(before, here, (nearest, farthest));
            before = here;
            here = self.at(next);
            self.points += 1;
        }
        Err(Bracket::new(self.origin, here))
    }

    fn zoom(&mut self, mut bracket: Bracket<R>) -> R {
        let mut barely_moved = false;
        while self.points < MOST_POINTS {
            let (least, most) = bracket.range();
            if !least.less_than(most) {
                break;
            }
            let [first, second] = bracket.ends;
            let mut length = cubic_minimum(first, second, (least, most));
            let margin = R::constant(0.1) * (most - least);
            let is_near_an_end = smaller(most - length, length - least) < margin;
            if is_near_an_end && (barely_moved || length >= most || length <= least) {
                let is_near_most = (length - most).absolute() < (length - least).absolute();
                length = if is_near_most {
                    most - margin
                } else {
                    least + margin
                };
                barely_moved = false;
            } else {
                barely_moved = is_near_an_end;
            }
            let here = self.at(length);
            self.points += 1;
            if self.lowers_too_little(here) || here.value >= bracket.low().value {
                bracket.replace_high(here);
            } else if self.is_flat(here) {
                return here.length;
            } else {
                bracket.replace_low(here);
            }
        }
        bracket.low().length
    }
}

impl<R: Scalar> Bracket<R> {
    fn new(first: Point<R>, second: Point<R>) -> Self {
        let mut bracket = Self {
            ends: [first, second],
            low: 0,
        };
        bracket.find_low();
        bracket
    }

    fn find_low(&mut self) {
        let [first, second] = self.ends;
        let is_first = first.value <= second.value;
        self.low = usize::from(!is_first);
    }

    fn low(&self) -> Point<R> {
        self.ends[self.low]
    }

    fn range(&self) -> (R, R) {
        let [a, b] = self.ends.map(|end| end.length);
        if a <= b { (a, b) } else { (b, a) }
    }

    fn replace_high(&mut self, point: Point<R>) {
        self.ends[1 - self.low] = point;
        self.find_low();
    }

    /// The old low end becomes the other one where the slope at the new one leads there.
    fn replace_low(&mut self, point: Point<R>) {
        let high = self.ends[1 - self.low];
        if point.slope * (high.length - self.low().length) >= R::zero() {
            self.ends[1 - self.low] = self.low();
        }
        self.ends[self.low] = point;
    }
}

fn smaller<R: Scalar>(a: R, b: R) -> R {
    if b < a { b } else { a }
}

/// Where the cubic through two points with their slopes has its minimum, kept within bounds
/// (Nocedal & Wright, eq. 3.59); the middle of the bounds where it has none.
fn cubic_minimum<R: Scalar>(a: Point<R>, b: Point<R>, (least, most): (R, R)) -> R {
    let secant = R::constant(3.0) * (a.value - b.value) / (a.length - b.length);
    let d1 = a.slope + b.slope - secant;
    let square = d1.squared() - a.slope * b.slope;
    let has_minimum = square >= R::zero();
    if !has_minimum {
        return (least + most) / R::constant(2.0);
    }
    let (left, right) = if a.length <= b.length { (a, b) } else { (b, a) };
    let d2 = square.square_root();
    let share = (right.slope + d2 - d1) / (right.slope - left.slope + R::constant(2.0) * d2);
    let length = right.length - (right.length - left.length) * share;
    length.larger(least).smaller(most)
}

/// x·y, summed in order.
pub(super) fn dot<R: Scalar>(x: &[R], y: &[R]) -> R {
    let products = x.iter().zip(y).map(|(&x, &y)| x * y);
    products.fold(R::zero(), |sum, product| sum + product)
}

/// The first look of a search that knows nothing yet: no farther than the parameters' whole
/// slope is long (in the 1-norm), and no farther than 1.
pub(super) fn first_trial<R: Scalar>(gradient: &[R]) -> R {
    let size = gradient.iter().fold(R::zero(), |sum, g| sum + g.absolute());
    (R::one() / size).smaller(R::one())
}
