//! Curves of a run over its steps or evaluations: which there are, and their values.

pub use super::curve::Curve;

use crate::engine::Trace;
use crate::objective::Objective;

/// What a plot shows over the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// J.
    Loss,
    /// The lowest J so far.
    BestLoss,
    /// The rate of each update.
    LearningRate,
    /// ‖∇J‖₂.
    GradientNorm,
    /// ‖Δw‖₂ of each update.
    UpdateNorm,
    /// Distance to the nearest known minimum.
    Distance,
}

/// Every quantity, in the order of the plots.
pub const QUANTITIES: [Quantity; 6] = [
    Quantity::Loss,
    Quantity::BestLoss,
    Quantity::LearningRate,
    Quantity::GradientNorm,
    Quantity::UpdateNorm,
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

impl AxisScale {
    /// Where a value stands on the axis; not finite where it has no place on it.
    pub fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Logarithmic => value.log10(),
        }
    }

    /// The value that stands at a place of the axis.
    pub fn value(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Logarithmic => 10_f64.powf(place),
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Linear => Self::Logarithmic,
            Self::Logarithmic => Self::Linear,
        }
    }
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

impl Quantity {
    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::BestLoss => "best_loss",
            Self::LearningRate => "learning_rate",
            Self::GradientNorm => "gradient_norm",
            Self::UpdateNorm => "update_norm",
            Self::Distance => "distance",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::BestLoss => "Best loss so far",
            Self::LearningRate => "Learning rate",
            Self::GradientNorm => "Gradient norm",
            Self::UpdateNorm => "Update norm",
            Self::Distance => "Distance to minimum",
        }
    }

    /// The symbol on the axis, given whether J* is subtracted.
    pub fn symbol(self, subtracts_least: bool) -> &'static str {
        match self {
            Self::Loss if subtracts_least => "J − J*",
            Self::Loss => "J",
            Self::BestLoss if subtracts_least => "min J − J*",
            Self::BestLoss => "min J",
            Self::LearningRate => "α",
            Self::GradientNorm => "‖∇J‖",
            Self::UpdateNorm => "‖Δw‖",
            Self::Distance => "‖w − w*‖",
        }
    }

    /// Whether it is a loss, of which J* may be subtracted.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::Loss | Self::BestLoss)
    }

    /// How its values are spread unless chosen otherwise. Rates are compared with 0, the others
    /// by ratio.
    pub fn usual_scale(self) -> AxisScale {
        match self {
            Self::LearningRate => AxisScale::Linear,
            _ => AxisScale::Logarithmic,
        }
    }
}

/// The least value J* of an objective whose loss can be negative, so that its logarithm is taken
/// of J − J*.
pub fn subtracted_least(objective: &dyn Objective) -> Option<f64> {
    objective.least_value().filter(|&least| least < 0.0)
}

/// The recorded numbers of a quantity; none where they follow from the parameters.
fn recorded(trace: &Trace, quantity: Quantity) -> Option<&[f64]> {
    match quantity {
        Quantity::Loss => Some(trace.losses()),
        Quantity::BestLoss => Some(trace.best_losses()),
        Quantity::LearningRate => Some(trace.learning_rates()),
        Quantity::GradientNorm => Some(trace.gradient_norms()),
        Quantity::UpdateNorm => Some(trace.update_norms()),
        Quantity::Distance => None,
    }
}

/// Distance to the nearest minimum; without one there is none, and no curve.
fn distance(objective: &dyn Objective, w: &[f64]) -> f64 {
    objective.distance_to_minimum(w).unwrap_or(f64::NAN)
}

/// The values of a quantity at every kept frame; NaN where there is none.
pub fn values<'a>(
    trace: &'a Trace,
    objective: &'a dyn Objective,
    quantity: Quantity,
) -> Box<dyn Iterator<Item = f64> + 'a> {
    match recorded(trace, quantity) {
        Some(numbers) => Box::new(numbers.iter().copied()),
        None => Box::new(trace.parameters().map(|w| distance(objective, w))),
    }
}

/// The value of a quantity at the kept frame with this index; NaN where there is none.
pub fn value(trace: &Trace, objective: &dyn Objective, quantity: Quantity, index: usize) -> f64 {
    let value = match recorded(trace, quantity) {
        Some(numbers) => numbers.get(index).copied(),
        None => trace
            .frame(index)
            .map(|frame| distance(objective, frame.parameters)),
    };
    value.unwrap_or(f64::NAN)
}

/// What is subtracted from a quantity on an axis of this scale: J* from a loss that can be
/// negative, where its logarithm is taken.
pub fn offset(objective: &dyn Objective, quantity: Quantity, scale: AxisScale) -> f64 {
    let least = subtracted_least(objective);
    let subtracted = least.filter(|_| quantity.is_loss() && scale == AxisScale::Logarithmic);
    subtracted.unwrap_or(0.0)
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
    curve_along(
        trace,
        objective,
        quantity,
        abscissa,
        [AxisScale::Linear, scale],
    )
}

/// The same on a place axis that is spread in a way of its own.
pub fn curve_along(
    trace: &Trace,
    objective: &dyn Objective,
    quantity: Quantity,
    abscissa: Abscissa,
    scales: [AxisScale; 2],
) -> Curve {
    let offset = offset(objective, quantity, scales[1]);
    let values = values(trace, objective, quantity).map(|value| value - offset);
    let places = trace.steps().iter().zip(abscissa.places(trace));
    let rows = places.zip(values);
    Curve::spread(
        rows.map(|((&step, &place), value)| (step, place, value)),
        scales,
    )
}

/// The loss over all data where it was measured beside the batches' losses; none where the loss
/// of every update is that over everything.
pub fn whole_loss(
    trace: &Trace,
    objective: &dyn Objective,
    abscissa: Abscissa,
    scales: [AxisScale; 2],
) -> Option<Curve> {
    let steps = trace.measured.steps();
    if steps.is_empty() {
        return None;
    }
    let offset = offset(objective, Quantity::Loss, scales[1]);
    let places = abscissa.places(trace);
    let place = |step: u64| match abscissa {
        Abscissa::Epochs => step,
        Abscissa::Evaluations => trace.index_at(step).map_or(0, |index| places[index]),
    };
    let values = trace.measured.values(0);
    let rows = steps.iter().zip(values);
    Some(Curve::spread(
        rows.map(|(&step, value)| (step, place(step), value - offset)),
        scales,
    ))
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
    with_margin(low, high, scale)
}

/// The range of a plot that holds every value of `curves`, with a margin; none when there is
/// nothing to hold. For values that grow from nearly nothing by themselves, as an accumulator
/// does.
pub fn whole_range<'a>(
    curves: impl Iterator<Item = &'a [[f64; 2]]>,
    scale: AxisScale,
) -> Option<(f64, f64)> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &[_, value] in curves.flatten() {
        low = low.min(value);
        high = high.max(value);
    }
    with_margin(low, high, scale)
}

fn with_margin(low: f64, high: f64, scale: AxisScale) -> Option<(f64, f64)> {
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
        let growing = [[1.0, 1e-6], [2.0, -3.0], [3.0, 1000.0]];
        let (low, high) = whole_range([&growing[..]].into_iter(), AxisScale::Linear).unwrap();
        assert!(low < -3.0 && high > 1000.0);
        assert_eq!(whole_range([].into_iter(), AxisScale::Linear), None);
    }
}
