//! Beale's function: flat plains, steep corners.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// J = (1.5 − w1 + w1w2)² + (2.25 − w1 + w1w2²)² + (2.625 − w1 + w1w2³)².
pub struct Beale;

static CARD: LandscapeCard = LandscapeCard {
    id: "beale",
    name: "Beale",
    formula: "J = (1.5 − w1 + w1w2)² + (2.25 − w1 + w1w2²)² + (2.625 − w1 + w1w2³)²",
    about: "A flat basin between very steep corners: the gradient's size says little about how \
            far the minimum is.",
    source: "E. M. L. Beale, On an Iterative Method for Finding a Local Minimum of a Function of \
             More than One Variable, Princeton 1958",
    range: [(-4.5, 4.5), (-4.5, 4.5)],
    start: [1.0, 1.5],
    minima: &[Minimum::new(3.0, 0.5, 0.0)],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Beale {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let residual = |target: f64, power: R| (R::constant(target) - x + x * power).squared();
        let square = y.squared();
        residual(1.5, y) + residual(2.25, square) + residual(2.625, square * y)
    }
}

landscape!(Beale, CARD);
