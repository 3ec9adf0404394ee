//! A plane through the space of parameters.

use nalgebra::{DMatrix, SymmetricEigen};

/// A point and two directions of length 1 at right angles; w = origin + u·a + v·b.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Where u = v = 0.
    pub origin: Vec<f64>,
    /// a and b.
    pub axes: [Vec<f64>; 2],
}

impl Plane {
    /// The plane of parameters `i` and `j`, whose values are u and v; the others stay as they are
    /// at `at`. A single parameter has nothing beside it: v then changes nothing.
    pub fn of_parameters([i, j]: [usize; 2], at: &[f64]) -> Self {
        let mut origin = at.to_vec();
        let unit = |index: usize, is_there: bool| {
            let mut axis = vec![0.0; at.len()];
            if let Some(entry) = axis.get_mut(index).filter(|_| is_there) {
                *entry = 1.0;
            }
            axis
        };
        for index in [i, j] {
            if let Some(entry) = origin.get_mut(index) {
                *entry = 0.0;
            }
        }
        Self {
            origin,
            axes: [unit(i, true), unit(j, i != j)],
        }
    }

    /// The plane of the two directions in which a path extends most, through `at`: the axes are
    /// the eigenvectors of the path's covariance with the largest eigenvalues (Li et al. 2018,
    /// Visualizing the Loss Landscape of Neural Nets, § 7.2). None for fewer than two parameters,
    /// or a path that does not move.
    pub fn of_path<'a>(path: impl Iterator<Item = &'a [f64]>, at: &[f64]) -> Option<Self> {
        let dimension = at.len();
        if dimension < 2 {
            return None;
        }
        let mut matrix = DMatrix::<f64>::zeros(dimension, dimension);
        for point in path {
            let away: Vec<f64> = point.iter().zip(at).map(|(w, centre)| w - centre).collect();
            for i in 0..dimension {
                for j in 0..dimension {
                    matrix[(i, j)] += away[i] * away[j];
                }
            }
        }
        if !(matrix.norm() > 0.0 && matrix.norm().is_finite()) {
            return None;
        }
        let decomposed = SymmetricEigen::new(matrix);
        let mut order: Vec<usize> = (0..dimension).collect();
        let size = |index: &usize| decomposed.eigenvalues[*index];
        order.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let axis = |index: usize| {
            let vector: Vec<f64> = decomposed
                .eigenvectors
                .column(index)
                .iter()
                .copied()
                .collect();
            // Of the two senses, the one in which the largest part rises.
            let largest = vector
                .iter()
                .fold(0.0, |a: f64, &b| if b.abs() > a.abs() { b } else { a });
            vector
                .iter()
                .map(|x| if largest < 0.0 { -x } else { *x })
                .collect()
        };
        Some(Self {
            origin: at.to_vec(),
            axes: [axis(order[0]), axis(order[1])],
        })
    }

    /// (u, v) of the foot of the perpendicular from a point.
    pub fn foot(&self, point: &[f64]) -> [f64; 2] {
        let along = |axis: &Vec<f64>| {
            let away = point.iter().zip(&self.origin).map(|(w, origin)| w - origin);
            away.zip(axis).map(|(away, a)| away * a).sum()
        };
        [along(&self.axes[0]), along(&self.axes[1])]
    }

    /// The point at (u, v).
    pub fn point(&self, [u, v]: [f64; 2]) -> Vec<f64> {
        let [a, b] = &self.axes;
        let parts = self.origin.iter().zip(a.iter().zip(b));
        parts
            .map(|(origin, (a, b))| origin + u * a + v * b)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_of_two_parameters_holds_the_others() {
        let plane = Plane::of_parameters([2, 0], &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(plane.foot(&[5.0, 6.0, 7.0, 8.0]), [7.0, 5.0]);
        assert_eq!(plane.point([7.0, 5.0]), [5.0, 2.0, 7.0, 4.0]);
        let single = Plane::of_parameters([0, 0], &[3.0]);
        assert_eq!(
            (single.foot(&[3.0]), single.point([2.0, 9.0])),
            ([3.0, 0.0], vec![2.0])
        );
    }

    #[test]
    fn principal_axes_of_a_path_along_a_diagonal() {
        let path: Vec<Vec<f64>> = (0..9)
            .map(f64::from)
            .map(|t| vec![t, t + 0.01 * (t * 9.0).sin(), 5.0])
            .collect();
        let plane = Plane::of_path(path.iter().map(Vec::as_slice), &path[8]).unwrap();
        let half = 0.5_f64.sqrt();
        assert!((plane.axes[0][0] - half).abs() < 0.01 && (plane.axes[0][1] - half).abs() < 0.01);
        let dot: f64 = plane.axes[0]
            .iter()
            .zip(&plane.axes[1])
            .map(|(a, b)| a * b)
            .sum();
        assert!(dot.abs() < 1e-12);
        assert!(plane.axes.iter().all(|axis| axis[2].abs() < 1e-12));
        let resting = [vec![1.0, 2.0], vec![1.0, 2.0]];
        assert_eq!(
            Plane::of_path(resting.iter().map(Vec::as_slice), &[1.0, 2.0]),
            None
        );
    }
}
