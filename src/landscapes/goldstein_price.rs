//! The Goldstein–Price function, as published and as the AI Notes page computes it.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// The published function.
pub struct GoldsteinPrice;

/// The AI Notes page's surface: 6w1² stands where the published function has 6w1w2.
pub struct GoldsteinPriceAiNotes;

static STANDARD: LandscapeCard = LandscapeCard {
    id: "goldstein_price",
    name: "Goldstein–Price",
    formula: "J = (1 + (w1 + w2 + 1)²(19 − 14w1 + 3w1² − 14w2 + 6w1w2 + 3w2²)) · \
              (30 + (2w1 − 3w2)²(18 − 32w1 + 12w1² + 48w2 − 36w1w2 + 27w2²))",
    about: "Heights from 3 to a million within a few units, and gradients to match: one learning \
            rate is too large on the slopes and too small on the floor.",
    source: "A. A. Goldstein & J. F. Price, Mathematics of Computation 25 (1971) 569–574",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [-0.67, 0.46],
    minima: &[
        Minimum::new(0.0, -1.0, 3.0),
        Minimum::new(-0.6, -0.4, 30.0),
        Minimum::new(1.8, 0.2, 84.0),
        Minimum::new(1.2, 0.8, 840.0),
    ],
    ..LandscapeCard::BLANK
};

static AI_NOTES: LandscapeCard = LandscapeCard {
    id: "goldstein_price_ai_notes",
    name: "Goldstein–Price (AI Notes)",
    formula: "J = (1 + (w1 + w2 + 1)²(19 − 14w1 + 3w1² − 14w2 + 6w1² + 3w2²)) · \
              (30 + (2w1 − 3w2)²(18 − 32w1 + 12w1² + 48w2 − 36w1w2 + 27w2²))",
    about: "The page's surface has 6w1² where the published function has 6w1w2, while its \
            hand-written gradient belongs to neither; here the gradient is exact. In the range \
            the least value is 3; far outside it falls to about −572,800, so a run that leaves \
            the range has not succeeded.",
    source: "fourth landscape of the AI Notes page on parameter optimization (Katanforoosh, \
             Kunin, Ma 2019), loss.js as published",
    range: [(-1.5, 0.5), (-1.5, 0.5)],
    start: [-0.67, 0.46],
    minima: &[Minimum::new(0.0, -1.0, 3.0), Minimum::new(-0.6, -0.4, 30.0)],
    ..LandscapeCard::BLANK
};

/// The whole product; only the mixed term of the first factor differs between the two.
#[inline(always)]
fn product<R: Real>([x, y]: [R; 2], mixed: R) -> R {
    let c = R::constant;
    let first = (x + y + c(1.0)).squared()
        * (c(19.0) - x.times(14.0) + x.squared().times(3.0) - y.times(14.0)
            + mixed.times(6.0)
            + y.squared().times(3.0));
    let second = (x.times(2.0) - y.times(3.0)).squared()
        * (c(18.0) - x.times(32.0) + x.squared().times(12.0) + y.times(48.0) - (x * y).times(36.0)
            + y.squared().times(27.0));
    (c(1.0) + first) * (c(30.0) + second)
}

impl<R: Real> Surface<R> for GoldsteinPrice {
    #[inline(always)]
    fn height(&self, at: [R; 2]) -> R {
        product(at, at[0] * at[1])
    }
}

impl<R: Real> Surface<R> for GoldsteinPriceAiNotes {
    #[inline(always)]
    fn height(&self, at: [R; 2]) -> R {
        product(at, at[0].squared())
    }
}

landscape!(GoldsteinPrice, STANDARD);
landscape!(GoldsteinPriceAiNotes, AI_NOTES);
