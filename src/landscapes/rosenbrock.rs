//! Rosenbrock's curved valley.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// J = 100(w2 − w1²)² + (1 − w1)².
pub struct Rosenbrock;

static CARD: LandscapeCard = LandscapeCard {
    id: "rosenbrock",
    name: "Rosenbrock",
    formula: "J = 100(w2 − w1²)² + (1 − w1)²",
    about: "A steep curved valley with an almost level floor: finding the valley is easy, \
            following it to (1, 1) is slow (curvature at the minimum differs 2,500-fold).",
    source: "H. H. Rosenbrock, The Computer Journal 3 (1960) 175–184; third landscape of the AI \
             Notes page on parameter optimization",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [-1.54, -0.64],
    minima: &[Minimum::new(1.0, 1.0, 0.0)],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Rosenbrock {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        (y - x.squared()).squared().times(100.0) + (R::one() - x).squared()
    }
}

landscape!(Rosenbrock, CARD);
