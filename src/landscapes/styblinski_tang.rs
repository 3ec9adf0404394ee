//! The Styblinski–Tang function: four basins, one of them deepest.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// J = ½ Σᵢ (wᵢ⁴ − 16wᵢ² + 5wᵢ), its standard value without an offset.
pub struct StyblinskiTang;

static CARD: LandscapeCard = LandscapeCard {
    id: "styblinski_tang",
    name: "Styblinski–Tang",
    formula: "J = ½(w1⁴ − 16w1² + 5w1) + ½(w2⁴ − 16w2² + 5w2)",
    about: "Two equal one-dimensional double wells added up, hence four basins. The deepest is \
            negative (−78.33); the AI Notes page adds 78.33234 so that its plot stays above 0.",
    source: "M. A. Styblinski & T.-S. Tang, Neural Networks 3 (1990) 467–483; second landscape \
             of the AI Notes page on parameter optimization",
    range: [(-5.0, 5.0), (-5.0, 5.0)],
    start: [0.5, 0.5],
    minima: &[
        Minimum::new(-2.903534027771177, -2.903534027771177, -78.33233140754282),
        Minimum::new(2.746802770990837, -2.903534027771177, -64.19561235905535),
        Minimum::new(-2.903534027771177, 2.746802770990837, -64.19561235905535),
        Minimum::new(2.746802770990837, 2.746802770990837, -50.05889331056788),
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for StyblinskiTang {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        well(x) + well(y)
    }
}

/// ½(w⁴ − 16w² + 5w).
#[inline(always)]
fn well<R: Real>(w: R) -> R {
    let square = w.squared();
    (square.squared() - square.times(16.0) + w.times(5.0)).times(0.5)
}

landscape!(StyblinskiTang, CARD);
