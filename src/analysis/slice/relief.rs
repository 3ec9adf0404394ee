//! What a survey has found, as a landscape.

use super::Survey;
use crate::landscapes::{Chosen, Landscape, LandscapeCard, Regularity, Surface};
use crate::numbers::Real;
use std::sync::Arc;

/// The id of the card of every relief.
pub const RELIEF_ID: &str = "loss_slice";

/// The lowest loss that is told from 0.
const LEAST: f64 = 1e-12;

/// Losses on a grid, and between its points a smooth surface through their logarithms: cubic
/// convolution (R. G. Keys, IEEE Trans. Acoust. Speech Signal Process. 29 (1981) 1153–1160, eq. 15,
/// a = −½). Outside the grid nothing is known, and the height is not a number.
#[derive(Clone, Debug)]
pub struct Relief {
    range: [(f64, f64); 2],
    side: usize,
    /// ln J, row after row from the lowest v, with one more point around, which continues the
    /// border straight.
    logarithms: Vec<f64>,
    name: String,
    about: String,
    start: [f64; 2],
    lowest: f64,
}

impl Relief {
    /// The relief of what a survey knows so far. `name` and `about` tell people which plane it is,
    /// `start` is where the runs begin on it, and `identity` tells it from others.
    pub fn of(
        survey: &Survey,
        name: String,
        about: String,
        start: [f64; 2],
        identity: u64,
    ) -> Chosen {
        let (side, losses) = survey.grid();
        let relief = Self::new(survey.range(), side, &losses);
        let unknown = losses.iter().filter(|loss| !loss.is_finite()).count();
        let wild = match unknown {
            0 => String::new(),
            _ => format!(
                " {unknown} of {} losses were not finite and are drawn as high as the highest.",
                losses.len()
            ),
        };
        let relief = Self {
            about: format!(
                "{about} The loss is that over {} training examples, at {side} × {side} points \
                 of the plane; between them is a smooth surface.{wild}",
                survey.examples()
            ),
            name,
            start,
            ..relief
        };
        // A whole number of this size is exact.
        Chosen::set(Arc::new(relief), &[identity as f64, side as f64])
    }

    /// The relief of `side` × `side` losses over a range.
    fn new(range: [(f64, f64); 2], side: usize, losses: &[f64]) -> Self {
        let finite = losses.iter().copied().filter(|loss| loss.is_finite());
        let highest = finite.clone().reduce(f64::max).unwrap_or(1.0);
        let logarithm = |loss: f64| {
            let loss = if loss.is_finite() { loss } else { highest };
            libm::log(loss.max(LEAST))
        };
        let known = |row: usize, column: usize| logarithm(losses[row * side + column]);
        // −1 and `side` stand for the points around.
        let along = |index: usize| match index {
            0 => [(0, 2.0), (1, -1.0)],
            _ if index > side => [(side - 1, 2.0), (side - 2, -1.0)],
            _ => [(index - 1, 1.0), (index - 1, 0.0)],
        };
        let wide = side + 2;
        let continued = |index: usize| {
            let (rows, columns) = (along(index / wide), along(index % wide));
            let pairs = rows
                .iter()
                .flat_map(|row| columns.iter().map(move |c| (row, c)));
            let parts = pairs.filter(|(row, column)| row.1 * column.1 != 0.0);
            parts
                .map(|(row, column)| row.1 * column.1 * known(row.0, column.0))
                .sum()
        };
        Self {
            range,
            side,
            logarithms: (0..wide * wide).map(continued).collect(),
            name: String::new(),
            about: String::new(),
            start: [0.0; 2],
            lowest: finite.reduce(f64::min).unwrap_or(0.0),
        }
    }

    /// How far along the grid a coordinate is: 0 at its first point.
    fn along<R: Real>(&self, axis: usize, coordinate: R) -> R {
        let (low, high) = self.range[axis];
        let scale = R::constant((self.side - 1) as f64 / (high - low));
        (coordinate - R::constant(low)) * scale
    }
}

/// Keys' kernel: how much a point that is `away` grid points off has to say.
fn kernel<R: Real>(away: R) -> R {
    let c = R::constant;
    let x = away.absolute();
    let near = (c(1.5) * x - c(2.5)) * x * x + c(1.0);
    let far = ((c(-0.5) * x + c(2.5)) * x - c(4.0)) * x + c(2.0);
    let outer = R::select(x.less_than(c(2.0)), far, R::zero());
    R::select(x.less_than(c(1.0)), near, outer)
}

impl<R: Real> Surface<R> for Relief {
    fn height(&self, at: [R; 2]) -> R {
        let [x, y] = [0, 1].map(|axis| self.along(axis, at[axis]));
        let wide = self.side + 2;
        // Most points are too far away to have a say; in every lane they are passed over.
        let has_say = |away: R| R::any(away.absolute().less_than(R::constant(2.0)));
        let away = |index: usize, along: R| along - R::constant(index as f64 - 1.0);
        let mut sum = R::zero();
        for row in 0..wide {
            let below = away(row, y);
            if !has_say(below) {
                continue;
            }
            let mut line = R::zero();
            for column in 0..wide {
                let beside = away(column, x);
                if has_say(beside) {
                    let known = R::constant(self.logarithms[row * wide + column]);
                    line = line + kernel(beside) * known;
                }
            }
            sum = sum + kernel(below) * line;
        }
        // A rounding beyond the border is still on it.
        let slack = 1e-9;
        let end = R::constant((self.side - 1) as f64 + slack);
        let mut height = sum.exponential();
        for along in [x, y] {
            let nothing = R::constant(f64::NAN);
            height = R::select(along.less_than(R::constant(-slack)), nothing, height);
            height = R::select(end.less_than(along), nothing, height);
            // No comparison tells what is no number.
            height = height + R::zero() * along;
        }
        height
    }
}

impl Landscape for Relief {
    fn card(&self) -> LandscapeCard<'_> {
        LandscapeCard {
            id: RELIEF_ID,
            name: &self.name,
            formula: "J over the training data",
            about: &self.about,
            source: "the experiment",
            range: self.range,
            start: self.start,
            minima: &[],
            has_more_minima: true,
            is_searched: false,
            lowest: Some(self.lowest),
            regularity: Regularity::Smooth,
            settings: &[],
            fitted: None,
        }
    }

    fn with_settings(&self, values: &[f64]) -> Chosen {
        Chosen::set(Arc::new(self.clone()), values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscapes::gradient;

    const RANGE: [(f64, f64); 2] = [(-2.0, 2.0), (0.0, 8.0)];

    /// exp of a plane, which the surface must continue exactly, and of a parabola.
    fn relief(of: fn(f64, f64) -> f64) -> Relief {
        let side = 9;
        let point = |index: usize, (low, high): (f64, f64)| low + (high - low) * index as f64 / 8.0;
        let losses: Vec<f64> = (0..side * side)
            .map(|k| libm::exp(of(point(k % side, RANGE[0]), point(k / side, RANGE[1]))))
            .collect();
        Relief::new(RANGE, side, &losses)
    }

    #[test]
    fn the_surface_goes_through_its_points_and_is_smooth_between() {
        let plane = relief(|u, v| 0.3 * u - 0.1 * v);
        for at in [
            [-2.0, 0.0],
            [2.0, 8.0],
            [0.37, 1.23],
            [-1.9, 7.7],
            [0.5, 5.0],
        ] {
            let (height, slope) = gradient::<f64>(&plane, at);
            let exact = libm::exp(0.3 * at[0] - 0.1 * at[1]);
            assert!(
                (height / exact - 1.0).abs() < 1e-9,
                "{at:?} {height} {exact}"
            );
            assert!(
                (slope[0] / (0.3 * exact) - 1.0).abs() < 1e-6,
                "{at:?} {slope:?}"
            );
            assert!(
                (slope[1] / (-0.1 * exact) - 1.0).abs() < 1e-6,
                "{at:?} {slope:?}"
            );
        }
        let bowl = relief(|u, v| u * u - 0.2 * v);
        let inside: f64 = bowl.height([0.25, 4.0]);
        assert!(
            (inside / libm::exp(0.0625 - 0.8) - 1.0).abs() < 0.05,
            "{inside}"
        );
    }

    #[test]
    fn nothing_is_known_outside_and_what_is_not_finite_is_the_highest() {
        let plane = relief(|u, _| u);
        for at in [
            [-2.1, 1.0],
            [2.1, 1.0],
            [0.0, -0.1],
            [0.0, 8.1],
            [f64::NAN, 1.0],
        ] {
            let height: f64 = plane.height(at);
            assert!(height.is_nan(), "{at:?} {height}");
        }
        let losses = [1.0, f64::NAN, f64::INFINITY, 3.0];
        let wild = Relief::new([(0.0, 1.0); 2], 2, &losses);
        let corner: f64 = wild.height([1.0, 0.0]);
        assert!((corner - 3.0).abs() < 1e-9, "{corner}");
        assert_eq!(wild.card().lowest, Some(1.0));
    }

    /// Packed points are passed over only where no lane wants them.
    #[test]
    fn lanes_are_the_same_as_alone() {
        use crate::numbers::Lanes;
        let bowl = relief(|u, v| u * u - 0.2 * v);
        let us = [-2.0, -1.3, 0.0, 0.4, 1.1, 1.9, 2.0, 3.0];
        let vs = [0.0, 1.0, 2.5, 8.0, 7.9, 3.3, 4.1, 1.0];
        let packed: Lanes = bowl.height([Lanes(us), Lanes(vs)]);
        for lane in 0..8 {
            let alone: f64 = bowl.height([us[lane], vs[lane]]);
            assert_eq!(packed.0[lane].to_bits(), alone.to_bits(), "{lane}");
        }
    }
}
