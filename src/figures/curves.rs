//! Curves of a run over its steps or evaluations: which there are, and their values.

use crate::engine::Trace;
use crate::objective::Objective;

/// What a plot shows over the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// J.
    Loss,
    /// The rate of each update.
    LearningRate,
    /// ‖∇J‖₂.
    GradientNorm,
    /// Distance to the nearest known minimum.
    Distance,
}

/// Every quantity, in the order of the plots.
pub const QUANTITIES: [Quantity; 4] = [
    Quantity::Loss,
    Quantity::LearningRate,
    Quantity::GradientNorm,
    Quantity::Distance,
];

/// How a plot's values are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AxisScale {
    /// Evenly.
    Linear,
    /// Evenly in log₁₀.
    #[default]
    Logarithmic,
}

/// What a plot goes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Abscissa {
    /// Updates, which on a landscape are epochs: all runs in lockstep.
    #[default]
    Epochs,
    /// What the updates cost: a line search or SAM is compared fairly.
    Evaluations,
}

impl Abscissa {
    /// The caption of the axis.
    pub fn caption(self) -> &'static str {
        match self {
            Self::Epochs => "epoch",
            Self::Evaluations => "evaluations",
        }
    }

    /// Where each kept frame of a run stands, never falling.
    pub fn places(self, trace: &Trace) -> &[u64] {
        match self {
            Self::Epochs => trace.steps(),
            Self::Evaluations => trace.evaluations_at(),
        }
    }
}

/// One run's curve, in axis units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// After how many updates each point was recorded, rising.
    pub steps: Vec<u64>,
    /// The points; where evaluations are plotted, several may stand at one x.
    pub points: Vec<[f64; 2]>,
}

impl Curve {
    /// The last point that is not after `step`.
    pub fn at_step(&self, step: u64) -> Option<[f64; 2]> {
        let index = self.steps.partition_point(|&recorded| recorded <= step);
        self.points.get(index.checked_sub(1)?).copied()
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

impl Quantity {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::LearningRate => "Learning rate",
            Self::GradientNorm => "Gradient norm",
            Self::Distance => "Distance to minimum",
        }
    }

    /// The symbol on the axis, given whether J* is subtracted.
    pub fn symbol(self, subtracts_least: bool) -> &'static str {
        match self {
            Self::Loss if subtracts_least => "J − J*",
            Self::Loss => "J",
            Self::LearningRate => "α",
            Self::GradientNorm => "‖∇J‖",
            Self::Distance => "‖w − w*‖",
        }
    }
}

/// The least value J* of an objective whose loss can be negative, so that its logarithm is taken
/// of J − J*.
pub fn subtracted_least(objective: &dyn Objective) -> Option<f64> {
    objective.least_value().filter(|&least| least < 0.0)
}

/// (place, value) of every kept frame; on a logarithmic axis the value is its log₁₀, and frames
/// whose value has none (0, below 0) are left out.
pub fn curve(
    trace: &Trace,
    objective: &dyn Objective,
    quantity: Quantity,
    scale: AxisScale,
    abscissa: Abscissa,
) -> Curve {
    let offset = match (quantity, scale) {
        (Quantity::Loss, AxisScale::Logarithmic) => subtracted_least(objective).unwrap_or(0.0),
        _ => 0.0,
    };
    let values: Box<dyn Iterator<Item = f64>> = match quantity {
        Quantity::Loss => Box::new(trace.losses().iter().map(|loss| loss - offset)),
        Quantity::LearningRate => Box::new(trace.learning_rates().iter().copied()),
        Quantity::GradientNorm => Box::new(trace.gradient_norms().iter().copied()),
        Quantity::Distance => Box::new(
            trace
                .parameters()
                // Without a minimum there is no distance, and no curve.
                .map(|w| objective.distance_to_minimum(w).unwrap_or(f64::NAN)),
        ),
    };
    let spread = |value: f64| match scale {
        AxisScale::Linear => value,
        AxisScale::Logarithmic => value.log10(),
    };
    let places = abscissa.places(trace).iter().map(|&place| place as f64);
    let (steps, points) = trace
        .steps()
        .iter()
        .zip(places.zip(values))
        .map(|(&step, (place, value))| (step, [place, spread(value)]))
        .filter(|(_, [_, value])| value.is_finite())
        .unzip();
    Curve { steps, points }
}

/// The range of a plot that holds `curves`, with a margin; none when there is nothing to hold.
///
/// A run that blows up would squeeze all others flat, so what lies far above every curve's
/// first value does not count unless the curve comes back: such runs leave at the edge.
pub fn value_range<'a>(
    curves: impl Iterator<Item = &'a [[f64; 2]]> + Clone,
    scale: AxisScale,
) -> Option<(f64, f64)> {
    let highest_start = curves
        .clone()
        .filter_map(|curve| curve.first())
        .map(|point| point[1])
        .fold(f64::NEG_INFINITY, f64::max);
    let ceiling = match scale {
        AxisScale::Linear => highest_start + highest_start.abs() * 0.5,
        AxisScale::Logarithmic => highest_start + 2.0,
    };
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for curve in curves {
        let comes_back = curve.last().is_some_and(|point| point[1] <= ceiling);
        for &[_, value] in curve {
            low = low.min(value);
            if value <= ceiling || comes_back {
                high = high.max(value);
            }
        }
    }
    if !(low.is_finite() && high.is_finite()) {
        return None;
    }
    let margin = match scale {
        AxisScale::Linear => 0.05 * (high - low).max(high.abs() * 1e-3).max(1e-12),
        AxisScale::Logarithmic => 0.05 * (high - low).max(0.5),
    };
    Some((low - margin, high + margin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Frame;
    use crate::landscapes;
    use crate::numbers::Noise;
    use crate::objective::LandscapeObjective;

    /// Losses 8, 4, 2, … and the evaluations that led to them.
    fn trace(evaluations: &[u64]) -> Trace {
        let mut trace = Trace::new(2);
        for (step, &evaluations) in evaluations.iter().enumerate() {
            trace.push(Frame {
                step: step as u64,
                evaluations,
                learning_rate: 0.1,
                loss: 8.0 * 0.5_f64.powi(step as i32),
                gradient_norm: 1.0,
                parameters: &[1.0, 2.0],
            });
        }
        trace
    }

    fn along(abscissa: Abscissa, evaluations: &[u64]) -> Curve {
        let rosenbrock = LandscapeObjective {
            landscape: landscapes::find("rosenbrock").unwrap().into(),
            noise: 0.0,
            draws: Noise::new(0),
        };
        let trace = trace(evaluations);
        curve(
            &trace,
            &rosenbrock,
            Quantity::Loss,
            AxisScale::Linear,
            abscissa,
        )
    }

    #[test]
    fn a_curve_against_evaluations_stands_where_the_updates_cost() {
        let costs = [0, 5, 5, 12];
        let by_cost = along(Abscissa::Evaluations, &costs);
        let expected = [[0.0, 8.0], [5.0, 4.0], [5.0, 2.0], [12.0, 1.0]];
        assert_eq!(by_cost.points, expected);
        let by_epoch = along(Abscissa::Epochs, &costs);
        assert_eq!(by_epoch.points[3], [3.0, 1.0]);
        assert_eq!(by_cost.steps, by_epoch.steps);
    }

    #[test]
    fn the_playhead_finds_its_own_place_on_every_curve() {
        let by_cost = along(Abscissa::Evaluations, &[0, 5, 5, 12]);
        assert_eq!(by_cost.at_step(1), Some([5.0, 4.0]));
        assert_eq!(by_cost.at_step(2), Some([5.0, 2.0]));
        assert_eq!(by_cost.at_step(99), Some([12.0, 1.0]));
        assert_eq!(by_cost.nearest_to(-3.0), Some((0, [0.0, 8.0])));
        assert_eq!(by_cost.nearest_to(11.0), Some((3, [12.0, 1.0])));
        assert_eq!(by_cost.nearest_to(1e9), Some((3, [12.0, 1.0])));
        assert_eq!(Curve::default().nearest_to(0.0), None);
        assert_eq!(Curve::default().at_step(0), None);
    }

    #[test]
    fn a_run_that_blows_up_does_not_squeeze_the_others() {
        let calm: Vec<[f64; 2]> = (0..100)
            .map(|k| [f64::from(k), 100.0 - f64::from(k)])
            .collect();
        let wild = [[0.0, 100.0], [1.0, 1e9], [2.0, 1e300]];
        let (low, high) =
            value_range([&calm[..], &wild[..]].into_iter(), AxisScale::Linear).unwrap();
        assert!(low < 1.0 && high < 160.0, "{low} {high}");
        assert_eq!(value_range([].into_iter(), AxisScale::Linear), None);
    }
}
