//! Himmelblau's function: four equal minima.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// J = (w1² + w2 − 11)² + (w1 + w2² − 7)².
pub struct Himmelblau;

static CARD: LandscapeCard = LandscapeCard {
    id: "himmelblau",
    name: "Himmelblau",
    formula: "J = (w1² + w2 − 11)² + (w1 + w2² − 7)²",
    about: "Four minima of equal value around one gentle hill: the start decides which of them \
            a method finds.",
    source: "D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill 1972; first landscape \
             of the AI Notes page on parameter optimization (Katanforoosh, Kunin, Ma 2019)",
    range: [(-5.0, 5.0), (-5.0, 5.0)],
    start: [-1.0, 2.5],
    minima: &[
        Minimum::new(3.0, 2.0, 0.0),
        Minimum::new(-2.805118086952745, 3.131312518250573, 0.0),
        Minimum::new(-3.779310253377747, -3.2831859912861694, 0.0),
        Minimum::new(3.5844283403304917, -1.8481265269644036, 0.0),
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Himmelblau {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        (x.squared() + y - R::constant(11.0)).squared()
            + (x + y.squared() - R::constant(7.0)).squared()
    }
}

landscape!(Himmelblau, CARD);
