//! Two-parameter cost landscapes: what each is, and the list of all of them.
//!
//! Adding a landscape: its file here, one `mod` line and one line in [`LANDSCAPES`].

mod beale;
mod goldstein_price;
mod himmelblau;
mod rosenbrock;
mod styblinski_tang;

use crate::numbers::{Dual, Lanes, Real};
use serde::Serialize;
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
    + Send
    + Sync
{
    /// What is known about it.
    fn card(&self) -> &'static LandscapeCard;
}

impl fmt::Debug for dyn Landscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.card().id)
    }
}

/// What the laboratory knows about a landscape; menus, plots, `list` and README read this.
#[derive(Debug, Serialize)]
pub struct LandscapeCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// J in Unicode mathematics.
    pub formula: &'static str,
    /// What is worth knowing before running on it, one or two sentences.
    pub about: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// The range of w1 and of w2 in which it is studied.
    pub range: [(f64, f64); 2],
    /// The start that a new experiment uses.
    pub start: [f64; 2],
    /// Every known minimum in the range, the least first.
    pub minima: &'static [Minimum],
}

impl LandscapeCard {
    /// J*: the least value in the range.
    pub fn least_value(&self) -> f64 {
        self.minima
            .iter()
            .map(|minimum| minimum.value)
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether a point lies in the studied range (its border included).
    pub fn contains(&self, at: [f64; 2]) -> bool {
        self.range
            .iter()
            .zip(at)
            .all(|(&(low, high), w)| (low..=high).contains(&w))
    }

    /// Euclidean distance to the nearest listed minimum.
    pub fn distance_to_minimum(&self, at: [f64; 2]) -> f64 {
        self.minima
            .iter()
            .map(|minimum| (at[0] - minimum.at[0]).hypot(at[1] - minimum.at[1]))
            .fold(f64::INFINITY, f64::min)
    }
}

/// A point where the gradient vanishes and the surface curves up.
#[derive(Debug, Serialize)]
pub struct Minimum {
    /// (w1, w2).
    pub at: [f64; 2],
    /// J there.
    pub value: f64,
}

impl Minimum {
    const fn new(w1: f64, w2: f64, value: f64) -> Self {
        Self {
            at: [w1, w2],
            value,
        }
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

    proptest! {
        #[test]
        fn gradients_equal_central_differences((landscape, at) in landscape_and_point()) {
            let (height, slope) = gradient::<f64>(landscape, at);
            prop_assert_eq!(height, value(landscape, at));
            for i in 0..2 {
                let h = 1e-5;
                let shifted = |by: f64| { let mut w = at; w[i] += by; value(landscape, w) };
                let quotient = (shifted(-2.0 * h) - 8.0 * shifted(-h) + 8.0 * shifted(h)
                    - shifted(2.0 * h)) / (12.0 * h);
                let scale = 1.0 + slope[i].abs() + height.abs();
                prop_assert!((slope[i] - quotient).abs() < 1e-7 * scale,
                    "{} at {at:?}: {} against {quotient}", landscape.card().id, slope[i]);
            }
        }

        #[test]
        fn hessians_are_symmetric_and_equal_differences_of_gradients(
            (landscape, at) in landscape_and_point()
        ) {
            let (_, slope, matrix) = hessian(landscape, at);
            let scale = 1.0 + matrix.iter().flatten().fold(0.0, |a: f64, b| a.max(b.abs()))
                + slope[0].abs() + slope[1].abs();
            prop_assert!((matrix[0][1] - matrix[1][0]).abs() <= 1e-10 * scale);
            for j in 0..2 {
                let h = 1e-5;
                let shifted = |by: f64| { let mut w = at; w[j] += by; gradient::<f64>(landscape, w).1 };
                let (below, above) = (shifted(-h), shifted(h));
                for i in 0..2 {
                    let quotient = (above[i] - below[i]) / (2.0 * h);
                    prop_assert!((matrix[i][j] - quotient).abs() < 1e-5 * scale);
                }
            }
        }
    }

    #[test]
    fn listed_minima_are_minima_with_the_listed_value() {
        for landscape in LANDSCAPES {
            let card = landscape.card();
            for minimum in card.minima {
                let (height, slope, [[a, b], [_, d]]) = hessian(*landscape, minimum.at);
                let name = (card.id, minimum.at);
                let scale = 1.0 + a.abs() + d.abs();
                assert!(
                    slope.iter().all(|g| g.abs() < 1e-12 * scale),
                    "{name:?} {slope:?}"
                );
                assert!(
                    (height - minimum.value).abs() < 1e-11 * (1.0 + height.abs()),
                    "{name:?}"
                );
                assert!(
                    a > 0.0 && a * d - b * b > 0.0,
                    "{name:?} is not a strict minimum"
                );
                assert!(card.contains(minimum.at), "{name:?} lies outside its range");
            }
        }
    }

    #[test]
    fn nothing_in_the_range_lies_below_the_least_value() {
        for landscape in LANDSCAPES {
            let card = landscape.card();
            let [(a, b), (c, d)] = card.range;
            let least = card.least_value();
            for i in 0..=200 {
                for j in 0..=200 {
                    let at = [
                        a + (b - a) * f64::from(i) / 200.0,
                        c + (d - c) * f64::from(j) / 200.0,
                    ];
                    let height = value(*landscape, at);
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
            assert!(!card.minima.is_empty() && !card.source.is_empty() && !card.formula.is_empty());
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
