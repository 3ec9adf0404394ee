//! Quadratic bowls: round, turned, and as narrow as wanted.

use super::{Chosen, Landscape, LandscapeCard, Minimum, Setting, Surface};
use crate::numbers::{Domain, Real, Scale};
use std::sync::Arc;

/// J = w1² + w2².
pub struct Parabola;

/// J = (w1 + 2w2 − 7)² + (2w1 + w2 − 5)².
pub struct Booth;

/// J = 0.26(w1² + w2²) − 0.48w1w2.
pub struct Matyas;

/// J = ½(u² + κv²), (u, v) = (w1, w2) turned by φ.
pub struct Ravine {
    condition_number: f64,
    /// (cos φ, sin φ).
    direction: [f64; 2],
}

static PARABOLA: LandscapeCard = LandscapeCard {
    id: "parabola",
    name: "Parabola",
    formula: "J = w1² + w2²",
    about: "The gradient points straight at the minimum and shrinks with the distance: whatever \
            a rule does here, it does on its own account.",
    source: "the sphere function of I. Rechenberg, Evolutionsstrategie, Frommann-Holzboog 1973; \
             “global minimum” of gradient_descent_viz (L. Jiang)",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [-1.6, 1.2],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static BOOTH: LandscapeCard = LandscapeCard {
    id: "booth",
    name: "Booth",
    formula: "J = (w1 + 2w2 − 7)² + (2w1 + w2 − 5)²",
    about: "A quadratic bowl whose axes are turned by 45° and whose curvatures differ nine-fold.",
    source: "test-function collection of M. Jamil & X.-S. Yang, International Journal of \
             Mathematical Modelling and Numerical Optimisation 4 (2013) 150–194, no. 17",
    range: [(-10.0, 10.0), (-10.0, 10.0)],
    start: [-8.0, -5.0],
    minima: &[Minimum::new(1.0, 3.0, 0.0)],
    ..LandscapeCard::BLANK
};

static MATYAS: LandscapeCard = LandscapeCard {
    id: "matyas",
    name: "Matyas",
    formula: "J = 0.26(w1² + w2²) − 0.48w1w2",
    about: "A shallow trough along the diagonal, 25 times flatter along than across: plain \
            descent falls in at once and then creeps.",
    source: "J. Matyas, Automation and Remote Control 26 (1965) 246–253; in the loss.js of the AI \
             Notes pages",
    range: [(-10.0, 10.0), (-10.0, 10.0)],
    start: [-8.0, -3.0],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static RAVINE: LandscapeCard = LandscapeCard {
    id: "ravine",
    name: "Ravine",
    formula: "J = ½(u² + κv²), u = w1 cos φ + w2 sin φ, v = w2 cos φ − w1 sin φ",
    about: "The textbook case of ill-conditioning: rates above 2/κ diverge across, and along the \
            floor such a rate takes about κ steps. Turned off the axes, it defeats rules that \
            scale each parameter by itself.",
    source: "B. T. Polyak, USSR Computational Mathematics and Mathematical Physics 4(5) (1964) \
             1–17, analyses quadratics by this κ",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [-1.7, 0.9],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    settings: &[
        Setting {
            id: "condition_number",
            name: "Condition number κ",
            meaning: "How much more the ravine curves across than along.",
            default: 100.0,
            domain: Domain::closed(1.0, 1e12),
            slider: (1.0, 1e4),
            scale: Scale::Logarithmic,
        },
        Setting {
            id: "rotation",
            name: "Rotation φ in degrees",
            meaning: "How far the floor is turned away from the w1 axis.",
            default: 0.0,
            domain: Domain::closed(-360.0, 360.0),
            slider: (0.0, 90.0),
            scale: Scale::Linear,
        },
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Parabola {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.squared() + y.squared()
    }
}

impl<R: Real> Surface<R> for Booth {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        (x + y.times(2.0) - c(7.0)).squared() + (x.times(2.0) + y - c(5.0)).squared()
    }
}

impl<R: Real> Surface<R> for Matyas {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        (x.squared() + y.squared()).times(0.26) - x.times(0.48) * y
    }
}

impl<R: Real> Surface<R> for Ravine {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let [cosine, sine] = self.direction.map(R::constant);
        let (along, across) = (x * cosine + y * sine, y * cosine - x * sine);
        (along.squared() + across.squared().times(self.condition_number)).times(0.5)
    }
}

landscape!(Parabola, PARABOLA);
landscape!(Booth, BOOTH);
landscape!(Matyas, MATYAS);

impl Ravine {
    /// With the card's defaults.
    pub const DEFAULT: Self = Self {
        condition_number: 100.0,
        direction: [1.0, 0.0],
    };
}

impl Landscape for Ravine {
    fn card(&self) -> LandscapeCard<'_> {
        RAVINE
    }

    fn with_settings(&self, values: &[f64]) -> Chosen {
        let [condition_number, degrees] = super::settings(values);
        let angle = degrees.to_radians();
        Chosen::set(
            Arc::new(Self {
                condition_number,
                direction: [angle.cosine(), angle.sine()],
            }),
            values,
        )
    }
}
