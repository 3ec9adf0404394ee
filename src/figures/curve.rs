//! One curve of a plot.

use super::curves::AxisScale;

/// One run's curve, in axis units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// After how many updates each point was recorded, rising.
    pub steps: Vec<u64>,
    /// The points; where evaluations are plotted, several may stand at one x.
    pub points: Vec<[f64; 2]>,
}

impl Curve {
    /// The curve of (step, place along the axis, value), on axes spread in these ways. What has
    /// no place on a logarithmic axis (0, below 0) is left out.
    pub fn spread(
        rows: impl Iterator<Item = (u64, u64, f64)>,
        [along, up]: [AxisScale; 2],
    ) -> Self {
        let (steps, points) = rows
            .map(|(step, place, value)| (step, [along.place(place as f64), up.place(value)]))
            .filter(|(_, point)| point.iter().all(|part| part.is_finite()))
            .unzip();
        Self { steps, points }
    }

    /// The last point that is not after `step`.
    pub fn at_step(&self, step: u64) -> Option<[f64; 2]> {
        let index = self.steps.partition_point(|&recorded| recorded <= step);
        self.points.get(index.checked_sub(1)?).copied()
    }

    /// The last point that does not stand after x.
    pub fn at_place(&self, x: f64) -> Option<[f64; 2]> {
        let after = self
            .points
            .partition_point(|point| point[0] <= x + 1e-9 * x.abs());
        self.points.get(after.checked_sub(1)?).copied()
    }

    /// The step of the point nearest to x, and the point.
    pub fn nearest_to(&self, x: f64) -> Option<(u64, [f64; 2])> {
        let after = self.points.partition_point(|point| point[0] <= x);
        let beside = [after.checked_sub(1), Some(after)].into_iter().flatten();
        beside
            .filter_map(|index| Some((*self.steps.get(index)?, *self.points.get(index)?)))
            .min_by(|a, b| (a.1[0] - x).abs().total_cmp(&(b.1[0] - x).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_leaves_out_what_has_no_place_on_it() {
        let rows = [(0, 0, 5.0), (1, 10, 100.0), (2, 20, 0.0), (3, 100, 0.01)];
        let both = [AxisScale::Logarithmic; 2];
        let curve = Curve::spread(rows.into_iter(), both);
        assert_eq!(curve.steps, [1, 3]);
        assert_eq!(curve.points, [[1.0, 2.0], [2.0, -2.0]]);
        let even = Curve::spread(rows.into_iter(), [AxisScale::Linear; 2]);
        assert_eq!(even.points[2], [20.0, 0.0]);
        assert_eq!(even.at_place(19.0), Some([10.0, 100.0]));
        assert_eq!(even.at_place(20.0), Some([20.0, 0.0]));
        assert_eq!(curve.at_place(0.5), None);
        assert_eq!(AxisScale::Logarithmic.value(2.0), 100.0);
        assert_eq!(AxisScale::Linear.other(), AxisScale::Logarithmic);
    }
}
