//! Surfaces with creases, where the gradient jumps.

use super::{Landscape, LandscapeCard, Minimum, Regularity, Surface, root};
use crate::numbers::Real;

/// J = 100√|w2 − 0.01w1²| + 0.01|w1 + 10|.
pub struct Bukin6;

/// J = |w1| + |w2|.
pub struct AdaBeliefA;

/// J = |w1 + w2| + |w1 − w2|/10.
pub struct AdaBeliefB;

/// J = (w1 + w2)² + (w1 − w2)²/10.
pub struct AdaBeliefC;

/// J = |w1|/10 + |w2|.
pub struct AdaBeliefD;

/// Where the four toy functions come from.
const ADABELIEF: &str = "J. Zhuang et al., AdaBelief Optimizer, NeurIPS 2020, arXiv 2010.07468, fig. \
                         3, as coded by seiyab/adabelief-toy-examples-pytorch; its cases e, f and \
                         g, h are beale on ±4 and rosenbrock on ±6";

const TOY_RANGE: [(f64, f64); 2] = [(-3.0, 3.0), (-3.0, 3.0)];
const ORIGIN: &[Minimum] = &[Minimum::new(0.0, 0.0, 0.0)];

static BUKIN_6: LandscapeCard = LandscapeCard {
    id: "bukin_6",
    name: "Bukin 6",
    formula: "J = 100√|w2 − 0.01w1²| + 0.01|w1 + 10|",
    about: "A sharp crease along a parabola, ever steeper towards it: steps of any size jump \
            from side to side, and the slight fall along the crease goes unnoticed.",
    source: "A. D. Bukin, New Minimization Strategy for Non-Smooth Functions, Budker INP 97-79, \
             Novosibirsk 1997",
    range: [(-15.0, -5.0), (-3.0, 3.0)],
    start: [-6.5, 2.0],
    minima: &[Minimum::new(-10.0, 1.0, 0.0)],
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static A: LandscapeCard = LandscapeCard {
    id: "adabelief_a",
    name: "AdaBelief toy a",
    formula: "J = |w1| + |w2|",
    about: "The slope has the same size everywhere and only its sign tells of the minimum: \
            constant rates end in a zigzag.",
    source: ADABELIEF,
    range: TOY_RANGE,
    start: [-2.5, 0.1],
    minima: ORIGIN,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static B: LandscapeCard = LandscapeCard {
    id: "adabelief_b",
    name: "AdaBelief toy b",
    formula: "J = |w1 + w2| + |w1 − w2|/10",
    about: "A creased valley along the diagonal: both components of the gradient flip at every \
            crossing, while the way along the crease is ten times less steep.",
    source: ADABELIEF,
    range: TOY_RANGE,
    start: [2.5, 0.0],
    minima: ORIGIN,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static C: LandscapeCard = LandscapeCard {
    id: "adabelief_c",
    name: "AdaBelief toy c",
    formula: "J = (w1 + w2)² + (w1 − w2)²/10",
    about: "The smooth valley along the diagonal, ten times flatter along than across.",
    source: ADABELIEF,
    range: TOY_RANGE,
    start: [2.5, 0.0],
    minima: ORIGIN,
    ..LandscapeCard::BLANK
};

static D: LandscapeCard = LandscapeCard {
    id: "adabelief_d",
    name: "AdaBelief toy d",
    formula: "J = |w1|/10 + |w2|",
    about: "A crease along w1: rules that divide by the size of the gradient walk both ways at \
            one speed, the others ten times slower along.",
    source: ADABELIEF,
    range: TOY_RANGE,
    start: [0.5, -1.5],
    minima: ORIGIN,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Bukin6 {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let away = (y - x.squared() / c(100.0)).absolute();
        root(away).times(100.0) + (x + c(10.0)).absolute().times(0.01)
    }
}

impl<R: Real> Surface<R> for AdaBeliefA {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.absolute() + y.absolute()
    }
}

impl<R: Real> Surface<R> for AdaBeliefB {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        (x + y).absolute() + (x - y).absolute() / R::constant(10.0)
    }
}

impl<R: Real> Surface<R> for AdaBeliefC {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        (x + y).squared() + (x - y).squared() / R::constant(10.0)
    }
}

impl<R: Real> Surface<R> for AdaBeliefD {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.absolute() / R::constant(10.0) + y.absolute()
    }
}

landscape!(Bukin6, BUKIN_6);
landscape!(AdaBeliefA, A);
landscape!(AdaBeliefB, B);
landscape!(AdaBeliefC, C);
landscape!(AdaBeliefD, D);
