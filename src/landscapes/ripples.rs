//! So many basins that only the deepest is marked.

use super::{Chosen, Landscape, LandscapeCard, Minimum, Regularity, Setting, Surface, root};
use crate::numbers::{Domain, Real, Scale};
use std::f64::consts::{E, TAU};
use std::sync::Arc;

/// J = 2A + w1² + w2² − A(cos 2πw1 + cos 2πw2).
pub struct Rastrigin {
    amplitude: f64,
}

/// J = −20exp(−0.2√(½(w1² + w2²))) − exp(½(cos 2πw1 + cos 2πw2)) + 20 + e.
pub struct Ackley;

/// J = sin²3πw1 + (w1 − 1)²(1 + sin²3πw2) + (w2 − 1)²(1 + sin²2πw2).
pub struct Levy13;

/// J = ½ + (sin²(w1² − w2²) − ½)/(1 + 0.001(w1² + w2²))².
pub struct Schaffer2;

/// J = −(1 + cos 12r)/(½r² + 2), r² = w1² + w2².
pub struct DropWave;

/// J = ¼(w1² + w2²) + a(sin²f(0.9w1 + 0.4w2) + sin²f(0.7w2 − 0.5w1)).
pub struct RoughBowl {
    amplitude: f64,
    frequency: f64,
}

static RASTRIGIN: LandscapeCard = LandscapeCard {
    id: "rastrigin",
    name: "Rastrigin",
    formula: "J = 2A + w1² + w2² − A(cos 2πw1 + cos 2πw2)",
    about: "A basin around nearly every pair of whole numbers (121 of them with A = 10), the one \
            at the origin deepest; only that one is marked.",
    source: "L. A. Rastrigin, Systems of Extremal Control, Nauka 1974; in the loss.js of the AI \
             Notes pages",
    range: [(-5.12, 5.12), (-5.12, 5.12)],
    start: [-2.0, 3.5],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    has_more_minima: true,
    settings: &[Setting {
        id: "amplitude",
        name: "Amplitude A",
        meaning: "Height of the waves on the bowl; 0 leaves the bowl alone.",
        default: 10.0,
        domain: Domain::closed(0.0, 1e6),
        slider: (0.0, 20.0),
        scale: Scale::Linear,
    }],
    ..LandscapeCard::BLANK
};

static ACKLEY: LandscapeCard = LandscapeCard {
    id: "ackley",
    name: "Ackley",
    formula: "J = −20exp(−0.2√(½(w1² + w2²))) − exp(½(cos 2πw1 + cos 2πw2)) + 20 + e",
    about: "A waffled plain around a funnel that ends in a point: at the minimum the slope does \
            not fade, it flips. Only the deepest basin is marked.",
    source: "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer 1987",
    range: [(-5.0, 5.0), (-5.0, 5.0)],
    start: [-3.4, 2.7],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    has_more_minima: true,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static LEVY_13: LandscapeCard = LandscapeCard {
    id: "levy_13",
    name: "Lévy 13",
    formula: "J = sin²3πw1 + (w1 − 1)²(1 + sin²3πw2) + (w2 − 1)²(1 + sin²2πw2)",
    about: "Crossed waves that grow with the distance from (1, 1): far out every step meets \
            another slope. Only the deepest basin is marked.",
    source: "A. V. Levy & A. Montalvo, SIAM Journal on Scientific and Statistical Computing 6 \
             (1985) 15–29; no. 13 in the numbering of the test-function collections",
    range: [(-3.0, 5.0), (-3.0, 5.0)],
    start: [-2.0, 3.6],
    minima: &[Minimum::new(1.0, 1.0, 0.0)],
    has_more_minima: true,
    ..LandscapeCard::BLANK
};

static SCHAFFER_2: LandscapeCard = LandscapeCard {
    id: "schaffer_2",
    name: "Schaffer 2",
    formula: "J = ½ + (sin²(w1² − w2²) − ½)/(1 + 0.001(w1² + w2²))²",
    about: "Hyperbolic furrows that grow narrower outwards, each nearly as deep as the one \
            through the minimum: a level floor in the form of a cross.",
    source: "J. D. Schaffer, R. A. Caruana, L. J. Eshelman & R. Das, Proceedings of the 3rd \
             International Conference on Genetic Algorithms (1989) 51–60; no. 2 in the numbering \
             of the test-function collections",
    range: [(-4.0, 4.0), (-4.0, 4.0)],
    start: [-2.3, 1.1],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    has_more_minima: true,
    ..LandscapeCard::BLANK
};

static DROP_WAVE: LandscapeCard = LandscapeCard {
    id: "drop_wave",
    name: "Drop wave",
    formula: "J = −(1 + cos 12r)/(½r² + 2), r² = w1² + w2²",
    about: "Rings around a drop: in every ring's trough all directions but one are level, and \
            only the point in the middle is marked.",
    source: "test-function collection of M. Molga & C. Smutnicki, Test functions for optimization \
             needs (2005), 2.16",
    range: [(-5.12, 5.12), (-5.12, 5.12)],
    start: [-3.1, 2.2],
    minima: &[Minimum::new(0.0, 0.0, -1.0)],
    has_more_minima: true,
    regularity: Regularity::Kinked,
    ..LandscapeCard::BLANK
};

static ROUGH_BOWL: LandscapeCard = LandscapeCard {
    id: "rough_bowl",
    name: "Rough bowl",
    formula: "J = ¼(w1² + w2²) + a(sin²f(0.9w1 + 0.4w2) + sin²f(0.7w2 − 0.5w1))",
    about: "A bowl that looks noisy and is not: the ripples are fixed, so averaging gradients \
            helps only as far as the run moves across them.",
    source: "Descent Lab's own",
    range: [(-3.0, 3.0), (-3.0, 3.0)],
    start: [-2.6, 1.9],
    minima: &[Minimum::new(0.0, 0.0, 0.0)],
    has_more_minima: true,
    settings: &[
        Setting {
            id: "amplitude",
            name: "Amplitude a",
            meaning: "Height of the ripples.",
            default: 0.1,
            domain: Domain::closed(0.0, 1e6),
            slider: (0.0, 1.0),
            scale: Scale::Linear,
        },
        Setting {
            id: "frequency",
            name: "Frequency f",
            meaning: "How close the ripples lie.",
            default: 6.0,
            domain: Domain::closed(0.0, 1e4),
            slider: (1.0, 12.0),
            scale: Scale::Linear,
        },
    ],
    ..LandscapeCard::BLANK
};

impl<R: Real> Surface<R> for Rastrigin {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let wave = |w: R| R::one() - w.times(TAU).cosine();
        x.squared() + y.squared() + (wave(x) + wave(y)).times(self.amplitude)
    }
}

impl<R: Real> Surface<R> for Ackley {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let distance = root((x.squared() + y.squared()).times(0.5));
        let wave = |w: R| w.times(TAU).cosine();
        let waves = (wave(x) + wave(y)).times(0.5).exponential();
        let funnel = distance.times(-0.2).exponential();
        (c(1.0) - funnel).times(20.0) + (c(E) - waves)
    }
}

impl<R: Real> Surface<R> for Levy13 {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let one = R::one();
        let wave = |w: R, waves: f64| w.times(waves * TAU).sine().squared();
        wave(x, 1.5)
            + (x - one).squared() * (one + wave(y, 1.5))
            + (y - one).squared() * (one + wave(y, 1.0))
    }
}

impl<R: Real> Surface<R> for Schaffer2 {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let (a, b) = (x.squared(), y.squared());
        let wave = (a - b).sine().squared();
        c(0.5) + (wave - c(0.5)) / (c(1.0) + (a + b).times(0.001)).squared()
    }
}

impl<R: Real> Surface<R> for DropWave {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let square = x.squared() + y.squared();
        -(c(1.0) + root(square).times(12.0).cosine()) / (square.times(0.5) + c(2.0))
    }
}

impl<R: Real> Surface<R> for RoughBowl {
    #[inline(always)]
    fn height(&self, [x, y]: [R; 2]) -> R {
        let c = R::constant;
        let f = c(self.frequency);
        let first = (f * (x.times(0.9) + y.times(0.4))).sine();
        let second = (f * (y.times(0.7) - x.times(0.5))).sine();
        (x.squared() + y.squared()).times(0.25)
            + (first.squared() + second.squared()).times(self.amplitude)
    }
}

landscape!(Ackley, ACKLEY);
landscape!(Levy13, LEVY_13);
landscape!(Schaffer2, SCHAFFER_2);
landscape!(DropWave, DROP_WAVE);

impl Rastrigin {
    /// With the card's defaults.
    pub const DEFAULT: Self = Self { amplitude: 10.0 };
}

impl Landscape for Rastrigin {
    fn card(&self) -> LandscapeCard<'_> {
        RASTRIGIN
    }

    fn with_settings(&self, values: &[f64]) -> Chosen {
        let [amplitude] = super::settings(values);
        Chosen::set(Arc::new(Self { amplitude }), values)
    }
}

impl RoughBowl {
    /// With the card's defaults.
    pub const DEFAULT: Self = Self {
        amplitude: 0.1,
        frequency: 6.0,
    };
}

impl Landscape for RoughBowl {
    fn card(&self) -> LandscapeCard<'_> {
        ROUGH_BOWL
    }

    fn with_settings(&self, values: &[f64]) -> Chosen {
        let [amplitude, frequency] = super::settings(values);
        Chosen::set(
            Arc::new(Self {
                amplitude,
                frequency,
            }),
            values,
        )
    }
}
