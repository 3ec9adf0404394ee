//! A gentle trend with waves on it: McCormick, Branin, Bohachevsky, Griewank, Easom.

use super::{Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;
use std::f64::consts::PI;

/// J = sin(w1 + w2) + (w1 − w2)² − 1.5w1 + 2.5w2 + 1.
pub struct McCormick;

/// J = (w2 − 5.1w1²/4π² + 5w1/π − 6)² + 10(1 − 1/8π)cos w1 + 10.
pub struct Branin;

/// J = w1² + 2w2² − 0.3cos 3πw1 − 0.4cos 4πw2 + 0.7.
pub struct Bohachevsky1;

/// J = 1 + (w1² + w2²)/4000 − cos w1 · cos(w2/√2).
pub struct Griewank;

/// J = −cos w1 · cos w2 · exp(−(w1 − π)² − (w2 − π)²).
pub struct Easom;

static MCCORMICK: LandscapeCard = LandscapeCard {
    id: "mccormick",
    name: "McCormick",
    formula: "J = sin(w1 + w2) + (w1 − w2)² − 1.5w1 + 2.5w2 + 1",
    about: "A trough that goes down in waves: the lower basin is reached only from its own side \
            of the pass.",
    source: "G. P. McCormick, Mathematical Programming 10 (1976) 147–175; the AI Notes loss.js \
             adds 1.9133",
    range: [(-1.5, 4.0), (-3.0, 4.0)],
    start: [1.2, -2.0],
    minima: &[
        Minimum::new(
            -0.5471975511965977,
            -1.5471975511965979,
            -1.9132229549810364,
        ),
        Minimum::new(2.5943951023931957, 1.5943951023931955, 1.2283696986087569),
    ],
    ..LandscapeCard::BLANK
};

static BRANIN: LandscapeCard = LandscapeCard {
    id: "branin",
    name: "Branin",
    formula: "J = (w2 − 5.1w1²/4π² + 5w1/π − 6)² + 10(1 − 1/8π)cos w1 + 10",
    about: "Three equal minima along one curved valley; rules of global search are tried here \
            before anywhere else.",
    source: "F. H. Branin Jr., IBM Journal of Research and Development 16 (1972) 504–522",
    range: [(-5.0, 10.0), (0.0, 15.0)],
    start: [5.0, 13.0],
    minima: &[
        Minimum::new(-PI, 12.275, 0.39788735772973816),
        Minimum::new(PI, 2.275, 0.39788735772973816),
        Minimum::new(3.0 * PI, 2.475, 0.39788735772973816),
    ],
    ..LandscapeCard::BLANK
};

static BOHACHEVSKY_1: LandscapeCard = LandscapeCard {
    id: "bohachevsky_1",
    name: "Bohachevsky 1",
    formula: "J = w1² + 2w2² − 0.3cos 3πw1 − 0.4cos 4πw2 + 0.7",
    about: "A bowl pressed into a waffle: nine basins in this range, few enough to see which \
            steps jump from one to the next.",
    source: "I. O. Bohachevsky, M. E. Johnson & M. L. Stein, Technometrics 28 (1986) 209–217",
    range: [(-0.9, 0.9), (-0.9, 0.9)],
    start: [-0.85, 0.75],
    minima: &[
        Minimum::new(0.0, 0.0, 0.0),
        Minimum::new(-0.6186120678279501, 0.0, 0.4129268302758151),
        Minimum::new(0.6186120678279501, 0.0, 0.4129268302758151),
        Minimum::new(0.0, -0.46952754566849225, 0.46988241492139593),
        Minimum::new(0.0, 0.46952754566849225, 0.46988241492139593),
        Minimum::new(-0.6186120678279501, -0.46952754566849225, 0.882809245197211),
        Minimum::new(-0.6186120678279501, 0.46952754566849225, 0.882809245197211),
        Minimum::new(0.6186120678279501, -0.46952754566849225, 0.882809245197211),
        Minimum::new(0.6186120678279501, 0.46952754566849225, 0.882809245197211),
    ],
    ..LandscapeCard::BLANK
};

static GRIEWANK: LandscapeCard = LandscapeCard {
    id: "griewank",
    name: "Griewank",
    formula: "J = 1 + (w1² + w2²)/4000 − cos w1 · cos(w2/√2)",
    about: "Basins of nearly equal depth on a bowl that is all but flat: nothing local tells the \
            best from its neighbours.",
    source: "A. O. Griewank, Journal of Optimization Theory and Applications 34 (1981) 11–39",
    range: [(-8.0, 8.0), (-8.0, 8.0)],
    start: [-5.0, 7.0],
    minima: &[
        Minimum::new(0.0, 0.0, 0.0),
        Minimum::new(
            -3.1400226338955397,
            -4.438444480920714,
            0.007396040334115082,
        ),
        Minimum::new(-3.1400226338955397, 4.438444480920714, 0.007396040334115082),
        Minimum::new(3.1400226338955397, -4.438444480920714, 0.007396040334115082),
        Minimum::new(3.1400226338955397, 4.438444480920714, 0.007396040334115082),
        Minimum::new(-6.280045279379904, 0.0, 0.009864672061006214),
        Minimum::new(6.280045279379904, 0.0, 0.009864672061006214),
    ],
    ..LandscapeCard::BLANK
};

static EASOM: LandscapeCard = LandscapeCard {
    id: "easom",
    name: "Easom",
    formula: "J = −cos w1 · cos w2 · exp(−(w1 − π)² − (w2 − π)²)",
    about: "One narrow hole in a plain, with four faint dents around it: a few units away the \
            gradient is lost in rounding.",
    source: "E. E. Easom, A Survey of Global Optimization Techniques, thesis, University of \
             Louisville 1990",
    range: [(0.0, 6.0), (0.0, 6.0)],
    start: [2.0, 4.3],
    minima: &[
        Minimum::new(PI, PI, -1.0),
        Minimum::new(
            1.3049954504376675,
            1.3049954504376675,
            -8.110223891570066e-5,
        ),
        Minimum::new(1.3049954504376675, 4.978189856741919, -8.110223891570066e-5),
        Minimum::new(4.978189856741919, 1.3049954504376675, -8.110223891570066e-5),
        Minimum::new(4.978189856741919, 4.978189856741919, -8.110223891570066e-5),
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for McCormick {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        (x + y).sine() + (x - y).squared() - x.times(1.5) + y.times(2.5) + c(1.0)
    }
}

impl<R: Real> Surface<R> for Branin {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let bend = y - x.squared().times(5.1 / (4.0 * PI * PI)) + x.times(5.0 / PI) - c(6.0);
        bend.squared() + x.cosine().times(10.0 - 10.0 / (8.0 * PI)) + c(10.0)
    }
}

impl<R: Real> Surface<R> for Bohachevsky1 {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let wave =
            |w: R, size: f64, waves: f64| (c(1.0) - w.times(waves * PI).cosine()).times(size);
        x.squared() + wave(x, 0.3, 3.0) + y.squared().times(2.0) + wave(y, 0.4, 4.0)
    }
}

impl<R: Real> Surface<R> for Griewank {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let waves = x.cosine() * (y * c(std::f64::consts::FRAC_1_SQRT_2)).cosine();
        c(1.0) - waves + (x.squared() + y.squared()) / c(4000.0)
    }
}

impl<R: Real> Surface<R> for Easom {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let away = (x - R::constant(PI)).squared() + (y - R::constant(PI)).squared();
        -(x.cosine() * y.cosine() * (-away).exponential())
    }
}

landscape!(McCormick, MCCORMICK);
landscape!(Branin, BRANIN);
landscape!(Bohachevsky1, BOHACHEVSKY_1);
landscape!(Griewank, GRIEWANK);
landscape!(Easom, EASOM);
