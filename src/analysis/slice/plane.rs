//! The plane itself.

use crate::analysis::curvature::Eigen;
use crate::models::network::Plan;
use crate::models::network::plan::Role;
use crate::numbers::Noise;
use rayon::prelude::*;

/// The most points of all paths together that principal axes are found from; of more, evenly
/// chosen ones.
const MOST_POINTS: usize = 160;

/// A plane through the space of weights: w = origin + u·a + v·b. The axes need not be at right
/// angles.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightPlane {
    /// Where u = v = 0.
    pub origin: Vec<f32>,
    /// a and b.
    pub axes: [Vec<f32>; 2],
    /// a·a, a·b, b·b.
    gram: [f64; 3],
}

impl WeightPlane {
    fn new(origin: Vec<f32>, axes: [Vec<f32>; 2]) -> Self {
        let [a, b] = &axes;
        Self {
            gram: [dot(a, a), dot(a, b), dot(b, b)],
            origin,
            axes,
        }
    }

    /// The plane through `at` along two random directions. In each, the part that belongs to a
    /// filter, or to what one neuron weighs its inputs with, is drawn from a Gaussian and brought
    /// to the length of that filter; biases and what batch normalisations scale and shift by stay
    /// as they are (Li et al. 2018, § 4, and their program's `ignore='biasbn'`).
    pub fn random(plan: &Plan, at: &[f32], seed: u64) -> Self {
        let noise = Noise::new(seed);
        let direction = |axis: u64| {
            let mut direction = vec![0.0; at.len()];
            for block in &plan.blocks {
                if block.role == Role::Weight {
                    let filters = block.range.clone().step_by(block.shape.columns.max(1));
                    for begin in filters {
                        let filter = begin..begin + block.shape.columns;
                        draw(noise, axis, filter, at, &mut direction);
                    }
                }
            }
            direction
        };
        Self::new(at.to_vec(), [direction(0), direction(1)])
    }

    /// The plane of the two directions in which all paths together extend most, through their
    /// mean: the principal axes of their points, of length 1. Also the share of the points'
    /// variance that lies within it. None where there are not two different points.
    pub fn principal(paths: &[Vec<&[f32]>]) -> Option<(Self, f64)> {
        let all: Vec<&[f32]> = paths.concat();
        let step = all.len().div_ceil(MOST_POINTS).max(1);
        // The last points are those that matter.
        let points: Vec<&[f32]> = all.iter().rev().step_by(step).copied().collect();
        let mean = mean(&points)?;
        let away: Vec<Vec<f32>> = points.iter().map(|point| minus(point, &mean)).collect();
        // The matrix of the points' products has the same eigenvalues as their covariance, which
        // would have as many rows as there are weights.
        let size = away.len();
        let products: Vec<f64> = (0..size * size)
            .into_par_iter()
            .map(|index| match (index / size, index % size) {
                (row, column) if row <= column => dot(&away[row], &away[column]),
                _ => 0.0,
            })
            .collect();
        let total: f64 = (0..size).map(|index| products[index * (size + 1)]).sum();
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let eigen = Eigen::of_symmetric(&products, size);
        let value = |index: usize| eigen.values.get(index).copied().unwrap_or(0.0).max(0.0);
        let first = combined(&away, &eigen.vectors[0])?;
        let second = match value(1) > 1e-9 * value(0) {
            true => combined(&away, &eigen.vectors[1])?,
            // Points on a line leave the second direction open.
            false => beside(&first)?,
        };
        let plane = Self::new(mean, [first, second]);
        let share = plane.share_of(&all);
        Some((plane, share))
    }

    /// (u, v) of the foot of the perpendicular from a point: where the plane comes nearest to it.
    pub fn foot(&self, point: &[f32]) -> [f64; 2] {
        let away = minus(point, &self.origin);
        let [p, q] = [0, 1].map(|axis| dot(&self.axes[axis], &away));
        let [aa, ab, bb] = self.gram;
        let determinant = aa * bb - ab * ab;
        match determinant > 0.0 {
            true => [
                (bb * p - ab * q) / determinant,
                (aa * q - ab * p) / determinant,
            ],
            false => [p / aa, 0.0],
        }
    }

    /// Writes the weights at (u, v).
    pub fn point(&self, [u, v]: [f64; 2], weights: &mut Vec<f32>) {
        let [a, b] = &self.axes;
        let parts = self.origin.iter().zip(a.iter().zip(b));
        weights.clear();
        weights.extend(parts.map(|(&origin, (&a, &b))| {
            (f64::from(origin) + u * f64::from(a) + v * f64::from(b)) as f32
        }));
    }

    /// Which share of the variance of points around their mean lies within planes parallel to
    /// this one; 0 where they don't differ.
    pub fn share_of(&self, points: &[&[f32]]) -> f64 {
        let Some(mean) = mean(points) else { return 0.0 };
        let middle = self.foot(&mean);
        let [aa, ab, bb] = self.gram;
        let (mut within, mut total) = (0.0, 0.0);
        for point in points {
            let away = minus(point, &mean);
            let foot = self.foot(point);
            let [u, v] = [0, 1].map(|axis| foot[axis] - middle[axis]);
            within += aa * u * u + 2.0 * ab * u * v + bb * v * v;
            total += dot(&away, &away);
        }
        match total > 0.0 {
            true => (within / total).clamp(0.0, 1.0),
            false => 0.0,
        }
    }
}

/// Draws one filter's part of a direction.
fn draw(
    noise: Noise,
    axis: u64,
    filter: std::ops::Range<usize>,
    at: &[f32],
    direction: &mut [f32],
) {
    for index in filter.clone() {
        direction[index] = noise.gaussian(axis, index as u64) as f32;
    }
    let length = |x: &[f32]| dot(x, x).sqrt();
    let drawn = length(&direction[filter.clone()]);
    let factor = match drawn > 0.0 {
        true => length(&at[filter.clone()]) / drawn,
        false => 0.0,
    };
    for part in &mut direction[filter] {
        *part = (f64::from(*part) * factor) as f32;
    }
}

/// A rectangle around all of `feet`, neither a line nor a sliver; none where there are none.
pub fn range(feet: &[[f64; 2]]) -> Option<[(f64, f64); 2]> {
    let ends = [0, 1].map(|axis| {
        let along = feet.iter().map(|foot| foot[axis]);
        along
            .filter(|x| x.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            })
    });
    let width = |(low, high): (f64, f64)| high - low;
    let widest = width(ends[0]).max(width(ends[1]));
    (widest > 0.0 && widest.is_finite()).then(|| {
        ends.map(|(low, high)| {
            let half = 0.5 * (high - low).max(0.5 * widest) * 1.4;
            let middle = 0.5 * (low + high);
            (middle - half, middle + half)
        })
    })
}

fn dot(x: &[f32], y: &[f32]) -> f64 {
    let pairs = x.iter().zip(y);
    pairs.map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
}

fn minus(x: &[f32], y: &[f32]) -> Vec<f32> {
    x.iter().zip(y).map(|(x, y)| x - y).collect()
}

fn mean(points: &[&[f32]]) -> Option<Vec<f32>> {
    let mut sum: Vec<f64> = points.first()?.iter().map(|_| 0.0).collect();
    for point in points {
        for (sum, &w) in sum.iter_mut().zip(*point) {
            *sum += f64::from(w);
        }
    }
    let count = points.len() as f64;
    Some(sum.into_iter().map(|sum| (sum / count) as f32).collect())
}

/// Σ shareᵢ·pointᵢ, brought to length 1; of the two senses, the one in which the largest part
/// rises. None where it has no length.
fn combined(points: &[Vec<f32>], shares: &[f64]) -> Option<Vec<f32>> {
    let mut sum = vec![0.0_f64; points.first()?.len()];
    for (point, share) in points.iter().zip(shares) {
        for (sum, &w) in sum.iter_mut().zip(point) {
            *sum += share * f64::from(w);
        }
    }
    let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    let largest = sum
        .iter()
        .fold(0.0, |a: f64, &b| if b.abs() > a.abs() { b } else { a });
    let factor = largest.signum() / length;
    let is_fit = length > 0.0 && factor.is_finite();
    is_fit.then(|| sum.iter().map(|x| (x * factor) as f32).collect())
}

/// A direction of length 1 at right angles to another one of length 1.
fn beside(first: &[f32]) -> Option<Vec<f32>> {
    let noise = Noise::new(0);
    let draws = 0..first.len() as u64;
    let drawn: Vec<f32> = draws.map(|k| noise.gaussian(0, k) as f32).collect();
    let along = dot(&drawn, first);
    combined(&[drawn, first.to_vec()], &[1.0, -along])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::network::{Layer, Volume, plan};

    fn length(x: &[f32]) -> f64 {
        dot(x, x).sqrt()
    }

    /// Three points on an L in five dimensions, in two paths.
    fn paths() -> Vec<Vec<f32>> {
        let at = |x: f32, y: f32| vec![1.0 + x, 2.0, 3.0 + y, 4.0, 5.0];
        vec![at(0.0, 0.0), at(3.0, 0.0), at(6.0, 0.0), at(6.0, 2.0)]
    }

    #[test]
    fn principal_axes_hold_paths_that_lie_in_a_plane() {
        let points = paths();
        let views: Vec<&[f32]> = points.iter().map(Vec::as_slice).collect();
        let (plane, share) =
            WeightPlane::principal(&[views[..2].to_vec(), views[2..].to_vec()]).unwrap();
        assert!((share - 1.0).abs() < 1e-9, "{share}");
        let [a, b] = &plane.axes;
        assert!((length(a) - 1.0).abs() < 1e-6 && (length(b) - 1.0).abs() < 1e-6);
        assert!(dot(a, b).abs() < 1e-6);
        let mut back = Vec::new();
        for point in &points {
            plane.point(plane.foot(point), &mut back);
            let off = minus(point, &back);
            assert!(length(&off) < 1e-5, "{point:?} {back:?}");
        }
        // Points that all are one have no directions; two are a line with something beside it.
        assert_eq!(WeightPlane::principal(&[vec![views[0], views[0]]]), None);
        assert_eq!(WeightPlane::principal(&[]), None);
        let (line, share) = WeightPlane::principal(&[vec![views[0], views[1]]]).unwrap();
        assert!((share - 1.0).abs() < 1e-9);
        assert!(dot(&line.axes[0], &line.axes[1]).abs() < 1e-6);
    }

    #[test]
    fn the_share_says_how_much_of_a_path_a_plane_shows() {
        // Thrice as far beside the plane as within it: a tenth of the variance.
        let points = [[0.0_f32, 0.0, 0.0], [1.0, 0.0, 3.0]];
        let axes = [vec![2.0, 0.0, 0.0], vec![1.0, 1.0, 0.0]];
        let plane = WeightPlane::new(vec![0.0; 3], axes);
        let views: Vec<&[f32]> = points.iter().map(|point| &point[..]).collect();
        assert!((plane.share_of(&views) - 0.1).abs() < 1e-6);
        assert_eq!(plane.foot(&[3.0, 1.0, 7.0]), [1.0, 1.0]);
        assert_eq!(plane.share_of(&views[..1]), 0.0);
    }

    #[test]
    fn random_directions_are_as_long_as_the_filters_and_leave_biases() {
        let layers = [
            Layer::Dense { outputs: 3 },
            Layer::Tanh,
            Layer::Dense { outputs: 2 },
        ];
        let plan = plan(&layers, Volume::vector(4), 2).unwrap();
        let at: Vec<f32> = (0..plan.parameters()).map(|k| k as f32 - 7.0).collect();
        let plane = WeightPlane::random(&plan, &at, 3);
        assert_eq!(plane.origin, at);
        assert_ne!(plane.axes[0], plane.axes[1]);
        assert_eq!(plane, WeightPlane::random(&plan, &at, 3));
        for block in &plan.blocks {
            for axis in &plane.axes {
                if block.role != Role::Weight {
                    assert!(axis[block.range.clone()].iter().all(|x| *x == 0.0));
                    continue;
                }
                let rows = block.range.clone().step_by(block.shape.columns);
                for row in rows {
                    let filter = row..row + block.shape.columns;
                    let (drawn, own) = (length(&axis[filter.clone()]), length(&at[filter]));
                    assert!((drawn - own).abs() < 1e-4 * (1.0 + own), "{drawn} {own}");
                }
            }
        }
    }

    #[test]
    fn ranges_hold_all_feet_with_a_margin() {
        let feet = [[0.0, 1.0], [10.0, 1.0], [f64::NAN, 1.0]];
        assert_eq!(range(&feet), Some([(-2.0, 12.0), (-2.5, 4.5)]));
        assert_eq!(range(&[[1.0, 1.0]]), None);
        assert_eq!(range(&[]), None);
    }
}
