//! Bands of several starts and seeds in the units of an axis.

use super::curves::AxisScale;
use crate::engine::History;
use crate::engine::summary::Band;

/// Points along a band; more could not be told apart.
const MOST_POINTS: u64 = 600;

/// The middle half of a run's losses and their median, in axis units: (place, lower quartile),
/// and so on. Infinite where too many records have diverged, −∞ where a logarithm has no value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// Epochs, rising.
    pub places: Vec<f64>,
    /// The lower quartiles.
    pub lower: Vec<f64>,
    /// The medians.
    pub median: Vec<f64>,
    /// The upper quartiles.
    pub upper: Vec<f64>,
}

impl Spread {
    /// Of a run's loss over the epochs, less `offset`, on axes of these scales. The start has no
    /// place on a logarithmic axis of epochs.
    pub fn of_loss(
        history: &History,
        run: usize,
        [along, scale]: [AxisScale; 2],
        offset: f64,
    ) -> Self {
        let mut band = Band::of_loss(history, run, MOST_POINTS);
        if along == AxisScale::Logarithmic && band.steps.first() == Some(&0) {
            band.steps.remove(0);
            band.quartiles.remove(0);
        }
        let spread = |value: f64| match scale {
            AxisScale::Linear => value - offset,
            // What rounding left below J* lies as low as J* itself.
            AxisScale::Logarithmic => (value - offset).max(0.0).log10(),
        };
        let each = |quartile: fn(&crate::engine::summary::Quartiles) -> f64| {
            let values = band.quartiles.iter().map(quartile);
            values.map(spread).collect()
        };
        Self {
            places: band
                .steps
                .iter()
                .map(|&step| along.place(step as f64))
                .collect(),
            lower: each(|quartiles| quartiles.lower),
            median: each(|quartiles| quartiles.median),
            upper: each(|quartiles| quartiles.upper),
        }
    }

    /// The finite points of one of its lines.
    pub fn line<'a>(&'a self, values: &'a [f64]) -> impl Iterator<Item = [f64; 2]> + 'a {
        let points = self.places.iter().zip(values);
        let points = points.map(|(&place, &value)| [place, value]);
        points.filter(|[_, value]| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;
    use crate::experiment::preset;
    use std::ops::ControlFlow;

    #[test]
    fn logarithms_of_nothing_lie_infinitely_low_and_divergence_infinitely_high() {
        let text = r#"(version: 1, epochs: 3, runs: [(optimizer: "sgd", learning_rate: 1e200)],
            objective: Landscape(surface: "booth"), starts: [(1, 3), (1, 3), (0, 0), (5, 5)])"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        let logarithmic = [AxisScale::Linear, AxisScale::Logarithmic];
        let spread = Spread::of_loss(&history, 0, logarithmic, 0.0);
        assert_eq!(spread.places, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(spread.lower, [f64::NEG_INFINITY; 4]);
        assert_eq!(spread.upper[1..], [f64::INFINITY; 3]);
        assert_eq!(spread.line(&spread.upper).count(), 1);
        let linear = Spread::of_loss(
            &history,
            0,
            [AxisScale::Logarithmic, AxisScale::Linear],
            0.0,
        );
        assert_eq!(linear.places, [0.0, 2_f64.log10(), 3_f64.log10()]);
        assert_eq!(linear.lower[0], 0.0);
    }
}
