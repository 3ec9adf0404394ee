//! How the objective curves at a point, and what a rule can bear of it.

mod eigen;
mod flow;
mod sharpness;

pub use eigen::Eigen;
pub use flow::gradient_flow;
pub use sharpness::{MOST_POINTS, Sharpness, at_step, go_to, over_time};

use crate::objective::Function;

/// The most parameters whose Hessian matrix is worked out as a whole.
const MOST_PARAMETERS: usize = 64;

/// The objective around a point, up to second order.
#[derive(Clone, Debug, PartialEq)]
pub struct Curvature {
    /// The point.
    pub at: Vec<f64>,
    /// J there.
    pub value: f64,
    /// ∂J/∂w there.
    pub gradient: Vec<f64>,
    /// The eigenvalues and directions of the Hessian matrix there.
    pub eigen: Eigen,
}

impl Curvature {
    /// The curvature of `function` at `at`; none where the value or a derivative is not finite, and
    /// where there are more parameters than a whole Hessian matrix is for.
    pub fn of(function: &dyn Function<f64>, at: &[f64]) -> Option<Self> {
        let size = at.len();
        if size > MOST_PARAMETERS {
            return None;
        }
        let mut gradient = vec![0.0; size];
        let value = function.gradient(at, &mut gradient);
        let mut rows = vec![0.0; size * size];
        function.hessian(at, &mut rows);
        let finite = |values: &[f64]| values.iter().all(|x| x.is_finite());
        (value.is_finite() && finite(&gradient) && finite(&rows)).then(|| Self {
            at: at.to_vec(),
            value,
            gradient,
            eigen: Eigen::of_symmetric(&rows, size),
        })
    }

    /// The largest eigenvalue: how sharply the surface curves upwards at most.
    pub fn sharpness(&self) -> f64 {
        self.eigen.values.first().copied().unwrap_or(0.0)
    }

    /// The least eigenvalue.
    pub fn flattest(&self) -> f64 {
        self.eigen.values.last().copied().unwrap_or(0.0)
    }

    /// λ_max/λ_min; none where the surface doesn't curve upwards in every direction.
    pub fn condition_number(&self) -> Option<f64> {
        let least = self.flattest();
        (least > 0.0).then(|| self.sharpness() / least)
    }

    /// Where the bottom of the local quadratic model lies, w − H⁻¹g; none where it has none, as the
    /// surface doesn't curve upwards in every direction.
    pub fn bottom(&self) -> Option<Vec<f64>> {
        (self.flattest() > 0.0).then(|| self.centre())?
    }

    /// Where the local quadratic model is level, w − H⁻¹g, be it a bottom, a top or a saddle; none
    /// where the surface does not curve at all in some direction.
    pub fn centre(&self) -> Option<Vec<f64>> {
        let mut centre = self.at.clone();
        for (value, vector) in self.eigen.values.iter().zip(&self.eigen.vectors) {
            let along = dot(&self.gradient, vector) / value;
            for (w, part) in centre.iter_mut().zip(vector) {
                *w -= along * part;
            }
        }
        centre.iter().all(|w| w.is_finite()).then_some(centre)
    }

    /// How much lower the bottom of the local quadratic model lies than this point, ½·gᵀH⁻¹g; none
    /// where it has no bottom.
    pub fn left_to_bottom(&self) -> Option<f64> {
        let along = |(value, vector): (&f64, &Vec<f64>)| {
            let slope = dot(&self.gradient, vector);
            0.5 * slope * slope / value
        };
        let pairs = self.eigen.values.iter().zip(&self.eigen.vectors);
        (self.flattest() > 0.0).then(|| pairs.map(along).sum())
    }

    /// The local quadratic model J + g·d + ½·dᵀHd at a point d away.
    pub fn model(&self, to: &[f64]) -> f64 {
        let away: Vec<f64> = to.iter().zip(&self.at).map(|(to, at)| to - at).collect();
        let slope = dot(&self.gradient, &away);
        let pairs = self.eigen.values.iter().zip(&self.eigen.vectors);
        let curved: f64 = pairs
            .map(|(value, vector)| value * dot(vector, &away).powi(2))
            .sum();
        self.value + slope + 0.5 * curved
    }

    /// The ellipse on which the model's curved part around `centre` is `height`, for two parameters,
    /// as `points` points in order; none where the surface curves downwards in some direction, as
    /// no ellipse is there.
    pub fn ellipse(&self, centre: [f64; 2], height: f64, points: usize) -> Option<Vec<[f64; 2]>> {
        if self.at.len() != 2 || self.flattest() <= 0.0 || height <= 0.0 {
            return None;
        }
        let axes = self
            .eigen
            .values
            .iter()
            .map(|value| (2.0 * height / value).sqrt());
        let axes: Vec<f64> = axes.collect();
        let vectors = &self.eigen.vectors;
        let point = |index: usize| {
            let angle = std::f64::consts::TAU * index as f64 / points as f64;
            let (along, across) = (axes[0] * angle.cos(), axes[1] * angle.sin());
            [0, 1].map(|i| centre[i] + along * vectors[0][i] + across * vectors[1][i])
        };
        Some((0..points).map(point).collect())
    }

    /// The two branches of the hyperbola on which the model's curved part around `centre` is
    /// `height`, for two parameters, as `points` points each, no farther than `reach` from there;
    /// none where the surface does not curve upwards in one direction and downwards in the other,
    /// and where the hyperbola lies farther away.
    pub fn hyperbola(
        &self,
        centre: [f64; 2],
        height: f64,
        reach: f64,
        points: usize,
    ) -> Option<[Vec<[f64; 2]>; 2]> {
        let &[up, down] = self.eigen.values.as_slice() else {
            return None;
        };
        let is_saddle = up > 0.0 && down < 0.0;
        // The branches lie on either side of the centre along this direction.
        let (apart, along) = if height > 0.0 { (0, 1) } else { (1, 0) };
        let half_axis = |index: usize| (2.0 * height / self.eigen.values[index]).abs().sqrt();
        let (a, b) = (half_axis(apart), half_axis(along));
        if !is_saddle || height == 0.0 || reach.is_nan() || reach <= a || points < 2 {
            return None;
        }
        let farthest = ((reach * reach + b * b) / (a * a + b * b)).sqrt().acosh();
        let vectors = &self.eigen.vectors;
        let branch = |side: f64| -> Vec<[f64; 2]> {
            let point = |index: usize| {
                let t = farthest * (2.0 * index as f64 / (points - 1) as f64 - 1.0);
                let (x, y) = (side * a * t.cosh(), b * t.sinh());
                [0, 1].map(|i| centre[i] + x * vectors[apart][i] + y * vectors[along][i])
            };
            (0..points).map(point).collect()
        };
        Some([branch(1.0), branch(-1.0)])
    }
}

/// x·y.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ½(9·w1² + w2²) + w1·w2, from which the Hessian is [[9, 1], [1, 1]].
    struct Tilted;

    impl Function<f64> for Tilted {
        fn value(&self, at: &[f64]) -> f64 {
            4.5 * at[0] * at[0] + 0.5 * at[1] * at[1] + at[0] * at[1]
        }

        fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
            gradient.copy_from_slice(&[9.0 * at[0] + at[1], at[0] + at[1]]);
            self.value(at)
        }

        fn hessian(&self, _: &[f64], rows: &mut [f64]) {
            rows.copy_from_slice(&[9.0, 1.0, 1.0, 1.0]);
        }
    }

    #[test]
    fn a_quadratic_is_its_own_model() {
        let curvature = Curvature::of(&Tilted, &[0.3, -0.7]).unwrap();
        for to in [[0.0, 0.0], [2.0, 1.0], [-3.0, 0.5]] {
            assert!((curvature.model(&to) - Tilted.value(&to)).abs() < 1e-12);
        }
        let left = curvature.left_to_bottom().unwrap();
        assert!((left - curvature.value).abs() < 1e-12);
        let bottom = curvature.bottom().unwrap();
        assert!(bottom.iter().all(|w| w.abs() < 1e-12), "{bottom:?}");
        let root = 17.0_f64.sqrt();
        assert!((curvature.sharpness() - (5.0 + root)).abs() < 1e-12);
        let condition = curvature.condition_number().unwrap();
        assert!((condition - (5.0 + root) / (5.0 - root)).abs() < 1e-10);
    }

    /// At a saddle the model's level lines are hyperbolas, on either side for heights above and
    /// below the saddle.
    #[test]
    fn the_hyperbola_lies_where_the_curved_part_is_its_height() {
        let saddle = Curvature {
            at: vec![0.3, -0.2],
            value: 1.0,
            gradient: vec![0.4, -0.1],
            eigen: Eigen::of_symmetric(&[2.0, 1.5, 1.5, -1.0], 2),
        };
        let centre = saddle.centre().unwrap();
        let centre = [centre[0], centre[1]];
        assert_eq!(saddle.bottom(), None);
        let level = saddle.model(&centre);
        for height in [0.5, -0.25] {
            let branches = saddle.hyperbola(centre, height, 3.0, 9).unwrap();
            for point in branches.into_iter().flatten() {
                assert!((saddle.model(&point) - level - height).abs() < 1e-12);
                let away = (point[0] - centre[0]).hypot(point[1] - centre[1]);
                assert!(away < 3.0 + 1e-9, "{away}");
            }
        }
        assert_eq!(saddle.hyperbola(centre, 0.5, 0.1, 9), None);
        let bowl = Curvature::of(&Tilted, &[0.3, -0.7]).unwrap();
        assert_eq!(bowl.hyperbola([0.0; 2], 1.0, 3.0, 9), None);
    }

    #[test]
    fn the_ellipse_lies_where_the_curved_part_is_its_height() {
        let curvature = Curvature::of(&Tilted, &[0.0, 0.0]).unwrap();
        for point in curvature.ellipse([0.0; 2], 2.5, 16).unwrap() {
            assert!((Tilted.value(&point) - 2.5).abs() < 1e-12);
        }
        assert_eq!(curvature.ellipse([0.0; 2], 0.0, 16), None);
    }
}
