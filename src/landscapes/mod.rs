//! Two-parameter cost landscapes: what each is, and the list of all of them.
//!
//! Beside the list there is [`formula`]: whatever the user writes down.
//!
//! Adding a landscape: its file here, one `mod` line and one line in [`LANDSCAPES`].

/// Lists a surface without settings under its card.
macro_rules! landscape {
    ($surface:ident, $card:ident) => {
        impl Landscape for $surface {
            fn card(&self) -> LandscapeCard<'_> {
                $card
            }
        }
    };
}

mod beale;
mod camel;
mod card;
mod chosen;
mod dents;
mod fitting;
pub mod formula;
mod goldstein_price;
mod himmelblau;
mod kinked;
mod obstacles;
mod packed;
mod polynomial;
mod quadratic;
mod ripples;
mod rosenbrock;
mod styblinski_tang;
mod waves;

pub use card::{Fitted, LandscapeCard, Minimum, Regularity, Setting};
pub use chosen::{Chosen, choose};
pub use packed::PackedSurface;

use crate::numbers::{Dual, Lanes, Real};
use std::fmt;

/// A height over the plane, written once for every number type.
pub trait Surface<R: Real> {
    /// J(w1, w2) at `at = [w1, w2]`.
    fn height(&self, at: [R; 2]) -> R;
}

/// A landscape of the catalogue: a surface on every number type, and its card.
pub trait Landscape:
    Surface<f64>
    + Surface<Lanes>
    + Surface<Dual<f64>>
    + Surface<Dual<Lanes>>
    + Surface<Dual<Dual<f64>>>
    + PackedSurface
    + Send
    + Sync
{
    /// What is known about it.
    fn card(&self) -> LandscapeCard<'_>;

    /// The same landscape with these values in place of its card's settings, in their order.
    /// A landscape without settings is itself.
    fn with_settings(&self, _values: &[f64]) -> Chosen {
        Chosen::listed(&self.card())
    }
}

/// The values of a landscape's settings, to be taken apart by name.
///
/// # Panics
/// When the card lists another number of them; the tests set every landscape once.
fn settings<const N: usize>(values: &[f64]) -> [f64; N] {
    values
        .try_into()
        .expect("a landscape takes apart as many settings as its card lists")
}

/// √x whose derivative at 0 is taken as 0, as that of |x| is.
#[inline(always)]
fn root<R: Real>(x: R) -> R {
    R::select(R::zero().less_than(x), x.square_root(), R::zero() * x)
}

impl fmt::Debug for dyn Landscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.card().id)
    }
}

/// Every landscape, in menu order; the first four are the AI Notes page's gallery.
pub static LANDSCAPES: &[&dyn Landscape] = &[
    &himmelblau::Himmelblau,
    &styblinski_tang::StyblinskiTang,
    &rosenbrock::Rosenbrock,
    &goldstein_price::GoldsteinPriceAiNotes,
    &goldstein_price::GoldsteinPrice,
    &beale::Beale,
    &quadratic::Parabola,
    &quadratic::Ravine::DEFAULT,
    &quadratic::Booth,
    &quadratic::Matyas,
    &polynomial::Zakharov,
    &polynomial::DixonPrice,
    &polynomial::DifferentPowers,
    &obstacles::LongValley,
    &obstacles::Plateau,
    &obstacles::Staircase::DEFAULT,
    &obstacles::Saddle,
    &obstacles::MonkeySaddle,
    &waves::McCormick,
    &camel::ThreeHumpCamel,
    &camel::SixHumpCamel,
    &waves::Branin,
    &waves::Bohachevsky1,
    &waves::Easom,
    &waves::Griewank,
    &ripples::Rastrigin::DEFAULT,
    &ripples::Ackley,
    &ripples::Levy13,
    &ripples::DropWave,
    &ripples::Schaffer2,
    &ripples::RoughBowl::DEFAULT,
    &kinked::Bukin6,
    &kinked::AdaBeliefA,
    &kinked::AdaBeliefB,
    &kinked::AdaBeliefC,
    &kinked::AdaBeliefD,
    &polynomial::Distill,
    &dents::Dupont,
    &dents::VizLocalMinimum,
    &dents::VizGlobalMinimum,
    &dents::VizSaddlePoint,
    &dents::VizEclipticBowl,
    &dents::VizHills,
    &dents::VizPlateau,
    &fitting::LogisticRegression,
    &fitting::OneNeuron,
];

/// The landscape with this id.
pub fn find(id: &str) -> Option<&'static dyn Landscape> {
    LANDSCAPES
        .iter()
        .copied()
        .find(|landscape| landscape.card().id == id)
}

/// J and its exact gradient.
pub fn gradient<R: Real>(surface: &(impl Surface<Dual<R>> + ?Sized), at: [R; 2]) -> (R, [R; 2]) {
    let height = surface.height(Dual::variables(at));
    (height.value, height.slope)
}

/// J, its exact gradient and its exact Hessian matrix.
pub fn hessian(
    surface: &(impl Surface<Dual<Dual<f64>>> + ?Sized),
    at: [f64; 2],
) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    surface
        .height(Dual::twice_variables(at))
        .value_gradient_hessian()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// (landscape, a point in its range).
    fn landscape_and_point() -> impl Strategy<Value = (&'static dyn Landscape, [f64; 2])> {
        (0..LANDSCAPES.len(), 0.0..1.0, 0.0..1.0).prop_map(|(index, u, v)| {
            let landscape = LANDSCAPES[index];
            let [(a, b), (c, d)] = landscape.card().range;
            (landscape, [a + u * (b - a), c + v * (d - c)])
        })
    }

    fn value(landscape: &dyn Landscape, at: [f64; 2]) -> f64 {
        landscape.height(at)
    }

    /// Every landscape as listed, and with every setting at both ends of its slider.
    fn all_settings() -> Vec<Chosen> {
        let mut all: Vec<Chosen> = LANDSCAPES.iter().map(|l| (*l).into()).collect();
        for card in LANDSCAPES.iter().map(|landscape| landscape.card()) {
            for setting in card.settings {
                for end in [setting.slider.0, setting.slider.1] {
                    all.push(choose(card.id, &[(setting.id.to_owned(), end)].into()).unwrap());
                }
            }
        }
        all
    }

    /// Five-point difference quotients of the height with steps of `h`.
    fn quotients(landscape: &dyn Landscape, at: [f64; 2], h: f64) -> [f64; 2] {
        [0, 1].map(|i| {
            let shifted = |by: f64| {
                let mut w = at;
                w[i] += by;
                value(landscape, w)
            };
            (shifted(-2.0 * h) - 8.0 * shifted(-h) + 8.0 * shifted(h) - shifted(2.0 * h))
                / (12.0 * h)
        })
    }

    /// Whether a crease lies so near that differences reach over it: two steps disagree.
    fn is_at_a_crease(landscape: &dyn Landscape, at: [f64; 2]) -> bool {
        let (near, far) = (
            quotients(landscape, at, 1e-5),
            quotients(landscape, at, 2e-5),
        );
        landscape.card().regularity == Regularity::Kinked
            && (0..2).any(|i| (near[i] - far[i]).abs() > 1e-8 * (1.0 + near[i].abs()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8_000))]
        #[test]
        fn gradients_equal_central_differences((landscape, at) in landscape_and_point()) {
            let (height, slope) = gradient::<f64>(landscape, at);
            prop_assert_eq!(height, value(landscape, at));
            if is_at_a_crease(landscape, at) {
                return Ok(());
            }
            let quotient = quotients(landscape, at, 1e-5);
            for i in 0..2 {
                let scale = 1.0 + slope[i].abs() + height.abs();
                prop_assert!((slope[i] - quotient[i]).abs() < 1e-7 * scale,
                    "{} at {at:?}: {} against {}", landscape.card().id, slope[i], quotient[i]);
            }
        }

        #[test]
        fn hessians_are_symmetric_and_equal_differences_of_gradients(
            (landscape, at) in landscape_and_point()
        ) {
            if is_at_a_crease(landscape, at) {
                return Ok(());
            }
            let (_, slope, matrix) = hessian(landscape, at);
            let scale = 1.0 + matrix.iter().flatten().fold(0.0, |a: f64, b| a.max(b.abs()))
                + slope[0].abs() + slope[1].abs();
            prop_assert!((matrix[0][1] - matrix[1][0]).abs() <= 1e-10 * scale);
            for j in 0..2 {
                let slope_at = |by: f64| { let mut w = at; w[j] += by; gradient::<f64>(landscape, w).1 };
                let quotients = |h: f64| {
                    let (below, above) = (slope_at(-h), slope_at(h));
                    [0, 1].map(|i| (above[i] - below[i]) / (2.0 * h))
                };
                let (near, far) = (quotients(1e-5), quotients(2e-5));
                for i in 0..2 {
                    // Beside a crease the curvature changes so fast that differences of slopes
                    // do not tell it: two steps disagree.
                    let is_told = landscape.card().regularity != Regularity::Kinked
                        || (near[i] - far[i]).abs() < 1e-6 * scale;
                    prop_assert!(!is_told || (matrix[i][j] - near[i]).abs() < 1e-5 * scale);
                }
            }
        }
    }

    #[test]
    fn listed_minima_are_minima_with_the_listed_value() {
        for landscape in all_settings() {
            let card = landscape.card();
            for minimum in card.minima {
                let (height, slope, [[a, b], [_, d]]) = hessian(&*landscape, minimum.at);
                let name = (&landscape, minimum.at);
                let scale = 1.0 + a.abs() + d.abs();
                assert!(
                    slope.iter().all(|g| g.abs() < 1e-12 * scale),
                    "{name:?} {slope:?}"
                );
                assert!(
                    (height - minimum.value).abs() < 1e-11 * (1.0 + height.abs()),
                    "{name:?} {height}"
                );
                assert!(
                    card.regularity != Regularity::Smooth || a > 0.0 && a * d - b * b > 0.0,
                    "{name:?} is not a strict minimum"
                );
                assert!(card.contains(minimum.at), "{name:?} lies outside its range");
                assert_nothing_near_is_lower(&landscape, minimum);
            }
        }
    }

    fn assert_nothing_near_is_lower(landscape: &Chosen, minimum: &Minimum) {
        let height = value(&**landscape, minimum.at);
        for k in 0..720 {
            let (sine, cosine) = f64::from(k).to_radians().sin_cos();
            let radius = 1e-3 * f64::from(1 + k % 7) / 7.0;
            let near = [
                minimum.at[0] + radius * cosine,
                minimum.at[1] + radius * sine,
            ];
            assert!(
                value(&**landscape, near) >= height - 1e-15 * height.abs(),
                "{landscape:?} is lower at {near:?} than at {minimum:?}"
            );
        }
    }

    #[test]
    fn settings_at_their_defaults_are_the_listed_landscape() {
        for landscape in LANDSCAPES {
            let card = landscape.card();
            let defaults: Vec<_> = card.settings.iter().map(|s| s.default).collect();
            let set = landscape.with_settings(&defaults);
            for at in [card.start, [0.3, -0.7], [1.25, 2.5]] {
                let (listed, set) = (gradient::<f64>(*landscape, at), gradient::<f64>(&*set, at));
                assert_eq!(listed, set, "{}", card.id);
            }
            for s in card.settings {
                assert!(s.domain.contains(s.default), "{}.{}", card.id, s.id);
                assert!(s.domain.contains(s.slider.0) && s.domain.contains(s.slider.1));
            }
        }
    }

    #[test]
    fn published_values() {
        // From the sources named in the cards and the collections that repeat them.
        for (id, at, published, digits) in [
            ("mccormick", [-0.54719, -1.54719], -1.9133, 1e-4),
            ("branin", [9.42478, 2.475], 0.397887, 1e-6),
            ("six_hump_camel", [0.0898, -0.7126], -1.0316, 1e-4),
            (
                "easom",
                [std::f64::consts::PI, std::f64::consts::PI],
                -1.0,
                1e-15,
            ),
            ("rastrigin", [4.52299366, 4.52299366], 80.7066, 1e-3),
            ("drop_wave", [0.0, 0.0], -1.0, 1e-15),
            ("bukin_6", [-10.0, 1.0], 0.0, 1e-12),
            ("levy_13", [1.0, 1.0], 0.0, 1e-15),
            ("distill_momentum", [-1.21, 0.853], 28.860_220_2, 1e-12),
            ("viz_saddle_point", [0.0, 2.0], 4.0, 1e-15),
            ("adabelief_b", [2.5, 0.0], 2.75, 1e-15),
        ] {
            let height = value(find(id).unwrap(), at);
            assert!((height - published).abs() <= digits, "{id}: {height}");
        }
    }

    #[test]
    fn nothing_in_the_range_lies_below_the_least_value() {
        for landscape in all_settings() {
            let card = landscape.card();
            let [(a, b), (c, d)] = card.range;
            let least = card.least_value();
            for i in 0..=200 {
                for j in 0..=200 {
                    let at = [
                        a + (b - a) * f64::from(i) / 200.0,
                        c + (d - c) * f64::from(j) / 200.0,
                    ];
                    let height = value(&*landscape, at);
                    assert!(height >= least - 1e-9, "{} {at:?} {height}", card.id);
                }
            }
        }
    }

    #[test]
    fn cards_are_complete_and_ids_unique() {
        for (index, landscape) in LANDSCAPES.iter().enumerate() {
            let card = landscape.card();
            assert!(card.contains(card.start), "{}", card.id);
            assert!(!card.name.is_empty() && !card.about.is_empty());
            assert!(!card.source.is_empty() && !card.formula.is_empty());
            assert_eq!(card.minima.is_empty(), card.lowest.is_some());
            assert!(card.least_value().is_finite());
            assert!(card.minima.is_sorted_by_key(|minimum| minimum.value));
            assert!(
                LANDSCAPES[..index]
                    .iter()
                    .all(|other| other.card().id != card.id),
                "{} twice",
                card.id
            );
        }
    }

    #[test]
    fn the_ai_notes_surface_differs_from_the_standard_one_as_documented() {
        let page = find("goldstein_price_ai_notes").unwrap();
        let standard = find("goldstein_price").unwrap();
        assert_eq!(value(page, [0.0, -1.0]), 3.0);
        assert_eq!(value(standard, [0.0, -1.0]), 3.0);
        // Outside the page's range its surface falls far below 3; the standard one does not.
        assert!(value(page, [0.73, 2.89]) < -572_000.0);
        assert!(value(standard, [0.73, 2.89]) > 3.0);
        let slope = gradient::<f64>(page, [0.3, -0.2]).1[0];
        assert!((slope - 804.4).abs() < 0.05, "{slope}");
        let slope = gradient::<f64>(standard, [0.3, -0.2]).1[0];
        assert!((slope - 547.0).abs() < 0.05, "{slope}");
    }
}
