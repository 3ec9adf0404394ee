//! The camel functions: three humps and six.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// J = 2w1² − 1.05w1⁴ + w1⁶/6 + w1w2 + w2².
pub struct ThreeHumpCamel;

/// J = (4 − 2.1w1² + w1⁴/3)w1² + w1w2 + (4w2² − 4)w2².
pub struct SixHumpCamel;

static THREE: LandscapeCard = LandscapeCard {
    id: "three_hump_camel",
    name: "Three-hump camel",
    formula: "J = 2w1² − 1.05w1⁴ + w1⁶/6 + w1w2 + w2²",
    about: "Three basins in a row, the middle one deepest: momentum can carry a run over the \
            ridge into it, or out of it.",
    source: "F. H. Branin Jr., IBM Journal of Research and Development 16 (1972) 504–522",
    range: [(-2.5, 2.5), (-2.5, 2.5)],
    start: [-2.2, 1.8],
    minima: &[
        Minimum::new(0.0, 0.0, 0.0),
        Minimum::new(-1.7475523458302888, 0.8737761729151444, 0.2986384422368598),
        Minimum::new(1.7475523458302888, -0.8737761729151444, 0.2986384422368598),
    ],
    ..LandscapeCard::BLANK
};

static SIX: LandscapeCard = LandscapeCard {
    id: "six_hump_camel",
    name: "Six-hump camel",
    formula: "J = (4 − 2.1w1² + w1⁴/3)w1² + w1w2 + (4w2² − 4)w2²",
    about: "Six basins at three depths, each depth twice by symmetry: which one a run ends in \
            changes with small changes of start and rate.",
    source: "L. C. W. Dixon & G. P. Szegő, Towards Global Optimisation 2, North-Holland 1978",
    range: [(-2.0, 2.0), (-1.1, 1.1)],
    start: [-1.0, -0.95],
    minima: &[
        Minimum::new(
            -0.08984201310031806,
            0.7126564030207396,
            -1.0316284534898774,
        ),
        Minimum::new(
            0.08984201310031806,
            -0.7126564030207396,
            -1.0316284534898774,
        ),
        Minimum::new(-1.703606714969981, 0.7960835686726251, -0.21546382438371764),
        Minimum::new(1.703606714969981, -0.7960835686726251, -0.21546382438371764),
        Minimum::new(-1.6071047529201972, -0.5686514548841314, 2.1042503103112584),
        Minimum::new(1.6071047529201972, 0.5686514548841314, 2.1042503103112584),
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for ThreeHumpCamel {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let square = x.squared();
        square * (c(2.0) - square.times(1.05) + square.squared() / c(6.0)) + x * y + y.squared()
    }
}

impl<R: Real> Surface<R> for SixHumpCamel {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let (a, b) = (x.squared(), y.squared());
        (c(4.0) - a.times(2.1) + a.squared() / c(3.0)) * a + x * y + (b - c(1.0)).times(4.0) * b
    }
}

landscape!(ThreeHumpCamel, THREE);
landscape!(SixHumpCamel, SIX);
