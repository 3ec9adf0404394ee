//! Gaussian dents and hills in a bowl: the surfaces of gradient_descent_viz, and Dupont's.

use super::{Landscape, LandscapeCard, Minimum, Regularity, Surface, root};
use crate::numbers::Real;
use std::f64::consts::FRAC_PI_2;

/// Two dents in a bowl, the deeper one to the left.
pub struct VizLocalMinimum;

/// A round bowl.
pub struct VizGlobalMinimum;

/// J = sin w1 + w2².
pub struct VizSaddlePoint;

/// An elliptic dent in an elliptic bowl.
pub struct VizEclipticBowl;

/// Two hills and a dent in a bowl.
pub struct VizHills;

/// Rings of waves on a shallow bowl.
pub struct VizPlateau;

/// Two dents in a bowl, as in Dupont's article.
pub struct Dupont;

const VIZ: &str = "gradient_descent_viz (L. Jiang), src/gradient_descent.cpp; w2 is its z";
const VIZ_RANGE: [(f64, f64); 2] = [(-2.0, 2.0), (-2.0, 2.0)];

static LOCAL_MINIMUM: LandscapeCard = LandscapeCard {
    id: "viz_local_minimum",
    name: "Viz: local minimum",
    formula: "J = w1² + v² − 2exp(−5((w1 − 1)² + v²)) − 6exp(−5((w1 + 1)² + v²)), v = 1.4w2",
    about: "A shallow dent and a deep one: the test whether momentum carries a run out of the \
            first.",
    source: VIZ,
    range: VIZ_RANGE,
    start: [1.7, 0.6],
    minima: &[
        Minimum::new(-0.9675774464554597, 0.0, -5.032339968658435),
        Minimum::new(0.9053178606008483, 0.0, -1.0927320384810153),
    ],
    ..LandscapeCard::BLANK
};

static GLOBAL_MINIMUM: LandscapeCard = LandscapeCard {
    id: "viz_global_minimum",
    name: "Viz: global minimum",
    formula: "J = w1² + w2²",
    about: "The round bowl of that program, in its range; the same surface as the parabola.",
    source: VIZ,
    range: VIZ_RANGE,
    start: [1.5, 1.0],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static SADDLE_POINT: LandscapeCard = LandscapeCard {
    id: "viz_saddle_point",
    name: "Viz: saddle point",
    formula: "J = sin w1 + w2²",
    about: "From the pass at (π/2, 0) the way leads down to a real minimum; started exactly \
            above it, only disturbances find that way.",
    source: VIZ,
    range: VIZ_RANGE,
    start: [1.55, 1.5],
    minima: &[Minimum::new(-FRAC_PI_2, 0.0, -1.0)],
    ..LandscapeCard::BLANK
};

static ECLIPTIC_BOWL: LandscapeCard = LandscapeCard {
    id: "viz_ecliptic_bowl",
    name: "Viz: elliptic bowl",
    formula: "J = u² + ½v² − exp(−u² − 5v²), u = w1/2, v = w2/2",
    about: "A bowl whose long axis differs from that of the dent in its middle (the program \
            calls it ecliptic).",
    source: VIZ,
    range: VIZ_RANGE,
    start: [1.6, 1.8],
    minima: &[Minimum::new(0.0, 0.0, -1.0)],
    ..LandscapeCard::BLANK
};

static HILLS: LandscapeCard = LandscapeCard {
    id: "viz_hills",
    name: "Viz: hills",
    formula: "J = w1² + v² + 2exp(−5((w1 − 1)² + v²)) + 6exp(−5((w1 + 1)² + v²)) \
              − 2exp(−5((w1 − 1)² + (v + 1)²)), v = 1.4w2",
    about: "A run comes down between two hills: into the small hollow behind them, or past it \
            into the dent.",
    source: VIZ,
    range: VIZ_RANGE,
    start: [-1.5, 0.9],
    minima: &[
        Minimum::new(0.9003065222993073, -0.6534011583039486, -0.1588086100344146),
        Minimum::new(
            0.04150712569956181,
            -0.0006403776376543042,
            0.04828496079613093,
        ),
    ],
    ..LandscapeCard::BLANK
};

static VIZ_PLATEAU: LandscapeCard = LandscapeCard {
    id: "viz_plateau",
    name: "Viz: plateau",
    formula: "J = 0.01r² − sin(r)/r, r = 10√(w1² + w2²) + 0.01",
    about: "A hole with circular waves around it; the 0.01 that avoids 0/0 puts a tiny point at \
            its bottom. The troughs of the waves are level all around and are not marked.",
    source: VIZ,
    range: VIZ_RANGE,
    start: [1.2, 0.8],
    minima: &[Minimum::new(0.0, 0.0, -0.9999823334166664)],
    has_more_minima: true,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static DUPONT: LandscapeCard = LandscapeCard {
    id: "dupont",
    name: "Dupont: two dents",
    formula: "J = w1² + w2² − 2exp(−5((w1 − 1)² + w2²)) − 3exp(−5((w1 + 1)² + w2²))",
    about: "Two dents of different depth in a round bowl: where a run ends depends on the side \
            it comes from and on its momentum.",
    source: "E. Dupont, Optimization Algorithms Visualization (2018), emiliendupont.github.io",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [0.6, 1.7],
    minima: &[
        Minimum::new(-0.9363006340109187, 0.0, -2.063090251768194),
        Minimum::new(0.905317899160115, 0.0, -1.092731999201741),
    ],
    ..LandscapeCard::BLANK
};

/// size·exp(−5((x − x₀)² + (y − y₀)²)).
#[inline(always)]
fn gaussian<R: Real>(size: f64, [x, y]: [R; 2], [x0, y0]: [f64; 2]) -> R {
    let c = R::constant;
    let square = (x - c(x0)).squared() + (y - c(y0)).squared();
    square.times(-5.0).exponential().times(size)
}

/// x² + y² and dents (or hills) of these sizes at (1, 0) and (−1, 0).
#[inline(always)]
fn bowl<R: Real>(at: [R; 2], right: f64, left: f64) -> R {
    at[0].squared()
        + at[1].squared()
        + gaussian(right, at, [1.0, 0.0])
        + gaussian(left, at, [-1.0, 0.0])
}

impl<R: Real> Surface<R> for VizLocalMinimum {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        bowl([x, y.times(1.4)], -2.0, -6.0)
    }
}

impl<R: Real> Surface<R> for VizGlobalMinimum {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.squared() + y.squared()
    }
}

impl<R: Real> Surface<R> for VizSaddlePoint {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.sine() + y.squared()
    }
}

impl<R: Real> Surface<R> for VizEclipticBowl {
    #[inline(always)]
    fn height(&self, at: [R; 2]) -> R {
        let [a, b] = at.map(|w| w.squared().times(0.25));
        a + b.times(0.5) - (-(a + b.times(5.0))).exponential()
    }
}

impl<R: Real> Surface<R> for VizHills {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let at = [x, y.times(1.4)];
        bowl(at, 2.0, 6.0) + gaussian(-2.0, at, [1.0, -1.0])
    }
}

impl<R: Real> Surface<R> for VizPlateau {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let r = root(x.squared() + y.squared()).times(10.0) + c(0.01);
        r.squared().times(0.01) - r.sine() / r
    }
}

impl<R: Real> Surface<R> for Dupont {
    #[inline(always)]
    fn height(&self, at: [R; 2]) -> R {
        bowl(at, -2.0, -3.0)
    }
}

landscape!(VizLocalMinimum, LOCAL_MINIMUM);
landscape!(VizGlobalMinimum, GLOBAL_MINIMUM);
landscape!(VizSaddlePoint, SADDLE_POINT);
landscape!(VizEclipticBowl, ECLIPTIC_BOWL);
landscape!(VizHills, HILLS);
landscape!(VizPlateau, VIZ_PLATEAU);
landscape!(Dupont, DUPONT);
