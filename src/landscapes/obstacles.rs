//! One obstacle each: saddles, a long valley, a plain, a staircase.

use super::{Chosen, Landscape, LandscapeCard, Minimum, Setting, Surface};
use crate::numbers::{Domain, Real, Scale};
use std::sync::Arc;

/// J = w1² − w2².
pub struct Saddle;

/// J = w1³ − 3w1w2².
pub struct MonkeySaddle;

/// J = 0.1(√(1 + w1²) − 1) + 5w2².
pub struct LongValley;

/// J = 1 − exp(−w1² − w2²).
pub struct Plateau;

/// J = q + (s/4)sin 4q, q = w1² + w2².
pub struct Staircase {
    flatness: f64,
}

static SADDLE: LandscapeCard = LandscapeCard {
    id: "saddle",
    name: "Saddle",
    formula: "J = w1² − w2²",
    about: "Down along w1, and only then, ever faster, away along w2: methods differ in how long \
            the point in between holds them. There is no minimum.",
    source: "one of the four cases animated by A. Radford (2014), whose formula is not recorded",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [-1.7, 0.01],
    lowest: Some(-4.0),
    ..LandscapeCard::BLANK
};

static MONKEY_SADDLE: LandscapeCard = LandscapeCard {
    id: "monkey_saddle",
    name: "Monkey saddle",
    formula: "J = w1³ − 3w1w2²",
    about: "Three ways up and three down meet in a point where gradient and curvature both \
            vanish: second derivatives do not say which way leads on. There is no minimum.",
    source: "D. Hilbert & S. Cohn-Vossen, Anschauliche Geometrie, Springer 1932, § 29",
    range: [(-2.0, 2.0), (-2.0, 2.0)],
    start: [1.4, 0.05],
    lowest: Some(-16.0),
    ..LandscapeCard::BLANK
};

static LONG_VALLEY: LandscapeCard = LandscapeCard {
    id: "long_valley",
    name: "Long valley",
    formula: "J = 0.1(√(1 + w1²) − 1) + 5w2²",
    about: "A steep trough whose floor falls by a tenth a unit however far away the minimum is: \
            momentum or a rate that grows along the floor pays.",
    source: "Descent Lab's own, after the case of that name animated by A. Radford (2014)",
    range: [(-10.0, 10.0), (-2.0, 2.0)],
    start: [-9.0, 1.5],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static PLATEAU: LandscapeCard = LandscapeCard {
    id: "plateau",
    name: "Plateau",
    formula: "J = 1 − exp(−w1² − w2²)",
    about: "A round hole in a plain: outside, the gradient fades like a Gaussian, and rules that \
            take its size for the size of the step never arrive.",
    source: "Descent Lab's own",
    range: [(-4.0, 4.0), (-4.0, 4.0)],
    start: [-1.9, 1.2],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    ..LandscapeCard::BLANK
};

static STAIRCASE: LandscapeCard = LandscapeCard {
    id: "staircase",
    name: "Staircase",
    formula: "J = q + (s/4)sin 4q, q = w1² + w2²",
    about: "Round terraces that always go down and never quite level out while s < 1: steep \
            risers and long treads take turns, and a fixed rate suits one of them.",
    source: "Descent Lab's own",
    range: [(-2.5, 2.5), (-2.5, 2.5)],
    start: [-2.2, 1.4],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    settings: &[Setting {
        id: "flatness",
        name: "Flatness of the treads s",
        meaning: "0 is a plain bowl; at 1 the gradient vanishes along every tread.",
        default: 0.95,
        domain: Domain::closed(0.0, 1.0),
        slider: (0.0, 1.0),
        scale: Scale::Linear,
    }],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Saddle {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x.squared() - y.squared()
    }
}

impl<R: Real> Surface<R> for MonkeySaddle {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        x * (x.squared() - y.squared().times(3.0))
    }
}

impl<R: Real> Surface<R> for LongValley {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let floor = (R::one() + x.squared()).square_root() - R::one();
        floor.times(0.1) + y.squared().times(5.0)
    }
}

impl<R: Real> Surface<R> for Plateau {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        R::one() - (-(x.squared() + y.squared())).exponential()
    }
}

impl<R: Real> Surface<R> for Staircase {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let square = x.squared() + y.squared();
        let wave = square.times(4.0).sine();
        square + wave.times(self.flatness / 4.0)
    }
}

landscape!(Saddle, SADDLE);
landscape!(MonkeySaddle, MONKEY_SADDLE);
landscape!(LongValley, LONG_VALLEY);
landscape!(Plateau, PLATEAU);

impl Staircase {
    /// With the card's defaults.
    pub const DEFAULT: Self = Self { flatness: 0.95 };
}

impl Landscape for Staircase {
    fn card(&self) -> LandscapeCard<'_> {
        STAIRCASE
    }

    fn with_settings(&self, values: &[f64]) -> Chosen {
        let [flatness] = super::settings(values);
        Chosen::set(Arc::new(Self { flatness }), values)
    }
}
