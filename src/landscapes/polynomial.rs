//! Polynomials of higher degree with one basin or two.

use super::{Landscape, LandscapeCard, Minimum, Regularity, Surface};
use crate::numbers::Real;

/// J = w1² + w2² + s² + s⁴, s = ½w1 + w2.
pub struct Zakharov;

/// J = (w1 − 1)² + 2(2w2² − w1)².
pub struct DixonPrice;

/// J = |w1|² + |w2|³.
pub struct DifferentPowers;

/// J = (1 − w1)² + 20(3w2 − w1²)².
pub struct Distill;

static ZAKHAROV: LandscapeCard = LandscapeCard {
    id: "zakharov",
    name: "Zakharov",
    formula: "J = w1² + w2² + s² + s⁴, s = ½w1 + w2",
    about: "A bowl whose walls grow with the fourth power in one direction: a rate that suits the \
            floor is far too large on the walls.",
    source: "test-function collection of M. Jamil & X.-S. Yang, International Journal of \
             Mathematical Modelling and Numerical Optimisation 4 (2013) 150–194, no. 173",
    range: [(-5.0, 10.0), (-5.0, 10.0)],
    start: [8.0, -3.0],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static DIXON_PRICE: LandscapeCard = LandscapeCard {
    id: "dixon_price",
    name: "Dixon–Price",
    formula: "J = (w1 − 1)² + 2(2w2² − w1)²",
    about: "A curved valley that leads to two equal minima, one on either side of w2 = 0.",
    source: "L. C. W. Dixon & R. C. Price, Journal of Optimization Theory and Applications 60 \
             (1989) 261–275",
    range: [(-3.0, 3.0), (-2.0, 2.0)],
    start: [-2.2, 0.3],
    minima: &[
        Minimum::new(1.0, -std::f64::consts::FRAC_1_SQRT_2, 0.0),
        Minimum::new(1.0, std::f64::consts::FRAC_1_SQRT_2, 0.0),
    ],
    ..LandscapeCard::BLANK
};

static DIFFERENT_POWERS: LandscapeCard = LandscapeCard {
    id: "different_powers",
    name: "Sum of different powers",
    formula: "J = |w1|² + |w2|³",
    about: "Along w2 the curvature itself vanishes at the minimum, so the last digits of w2 come \
            ever more slowly.",
    source: "test-function collection of M. Molga & C. Smutnicki, Test functions for optimization \
             needs (2005), 2.6",
    range: [(-1.0, 1.0), (-1.0, 1.0)],
    start: [-0.8, 0.9],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    regularity: Regularity::Flat,
    ..LandscapeCard::BLANK
};

static DISTILL: LandscapeCard = LandscapeCard {
    id: "distill_momentum",
    name: "Distill: momentum",
    formula: "J = (1 − w1)² + 20(3w2 − w1²)²",
    about: "The curved valley of the article's opening figure: its slider pair of rate and \
            momentum can be tried from the same start, (−1.21, 0.853).",
    source: "G. Goh, Why Momentum Really Works, Distill (2017), doi 10.23915/distill.00006; \
             post--momentum as published",
    range: [(-2.0, 2.0), (-0.5, 1.5)],
    start: [-1.21, 0.853],
    minima: &[Minimum::new(1.0, 1.0 / 3.0, 0.0)],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Zakharov {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let square = (x.times(0.5) + y).squared();
        x.squared() + y.squared() + square + square.squared()
    }
}

impl<R: Real> Surface<R> for DixonPrice {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let two = R::constant(2.0);
        (x - R::one()).squared() + two * (two * y.squared() - x).squared()
    }
}

impl<R: Real> Surface<R> for DifferentPowers {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.squared() + y.squared() * y.absolute()
    }
}

impl<R: Real> Surface<R> for Distill {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let bend = y.times(3.0) - x.squared();
        (R::one() - x).squared() + bend.squared().times(20.0)
    }
}

landscape!(Zakharov, ZAKHAROV);
landscape!(DixonPrice, DIXON_PRICE);
landscape!(DifferentPowers, DIFFERENT_POWERS);
landscape!(Distill, DISTILL);
