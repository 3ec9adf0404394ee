//! What every layer of a network is told at an update, and how far it goes.

use super::norm;
use crate::engine::{MAX_FRAMES, Measured};
use crate::models::network::Plan;
use std::ops::Range;

/// The most numbers that are kept of one run: 8 MiB.
const MOST_NUMBERS: usize = 1 << 20;

/// The most numbers that the runs with all seeds but the first have together: 64 MiB.
const MOST_OF_VARIATIONS: usize = 1 << 23;

/// Lengths by layer, over its weights and biases together: ‖∇J‖₂ of every layer, then
/// ‖Δw‖₂/‖w‖₂ of every layer, w being the weights before the update.
///
/// The ratio is infinite where a layer of zeros moves, and NaN where it does not or where there
/// was no update. Nothing is allocated while training.
pub(super) struct LayerLengths {
    ranges: Vec<Range<usize>>,
    /// The weights before the update.
    before: Vec<f32>,
    row: Vec<f64>,
}

impl LayerLengths {
    /// Of a network that is at `parameters`.
    pub(super) fn new(plan: &Plan, parameters: &[f32]) -> Self {
        let layers = plan.layers();
        Self {
            row: vec![f64::NAN; 2 * layers.len()],
            ranges: layers.into_iter().map(|(_, range)| range).collect(),
            before: parameters.to_vec(),
        }
    }

    /// An empty record of them: every update as long as there is room, then every 2nd, 4th, …
    pub(super) fn record(layers: usize) -> Measured {
        Self::record_within(MOST_NUMBERS, layers)
    }

    /// The same for one of the `traces` records of all seeds but the first: the more there are, the
    /// fewer updates each keeps, so that all of them together stay bounded.
    pub(super) fn record_of_variation(layers: usize, traces: usize) -> Measured {
        let share = MOST_OF_VARIATIONS / traces.max(1);
        Self::record_within(share.min(MOST_NUMBERS), layers)
    }

    fn record_within(numbers: usize, layers: usize) -> Measured {
        let width = 2 * layers.max(1);
        Measured::holding((numbers / width).clamp(2, MAX_FRAMES), width)
    }

    /// Takes in the gradient of an update, and the parameters that it was taken at.
    pub(super) fn begin(&mut self, gradient: &[f32], parameters: &[f32]) {
        self.before.copy_from_slice(parameters);
        for (length, range) in self.row.iter_mut().zip(&self.ranges) {
            *length = norm(&gradient[range.clone()]);
        }
    }

    /// Takes in where the update led.
    pub(super) fn end(&mut self, parameters: &[f32]) {
        let ratios = &mut self.row[self.ranges.len()..];
        for (ratio, range) in ratios.iter_mut().zip(&self.ranges) {
            let (from, to) = (&self.before[range.clone()], &parameters[range.clone()]);
            *ratio = distance(from, to) / norm(from);
        }
    }

    /// The lengths of the last update.
    pub(super) fn row(&self) -> &[f64] {
        &self.row
    }
}

/// ‖to − from‖₂, summed in double precision in a fixed order.
fn distance(from: &[f32], to: &[f32]) -> f64 {
    let mut sums = [0.0_f64; 8];
    let square = |from: f32, to: f32| {
        let moved = f64::from(to) - f64::from(from);
        moved * moved
    };
    let ((before, rest_before), (after, rest_after)) = (from.as_chunks::<8>(), to.as_chunks::<8>());
    for (from, to) in before.iter().zip(after) {
        for (sum, (&from, &to)) in sums.iter_mut().zip(from.iter().zip(to)) {
            *sum += square(from, to);
        }
    }
    let rest = rest_before.iter().zip(rest_after);
    for (sum, (&from, &to)) in sums.iter_mut().zip(rest) {
        *sum += square(from, to);
    }
    sums.iter().sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::network::{Layer, Volume, plan};

    #[test]
    fn lengths_are_those_of_weights_and_biases_together() {
        let layers = [
            Layer::Dense { outputs: 2 },
            Layer::Relu,
            Layer::Dense { outputs: 1 },
        ];
        let plan = plan(&layers, Volume::vector(1), 1).unwrap();
        // fc1: weights 2, biases 2; fc2: weights 2, bias 1.
        let before = [3.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0];
        let mut lengths = LayerLengths::new(&plan, &before);
        lengths.begin(&[0.0, 1.0, 2.0, 2.0, 5.0, 0.0, 12.0], &before);
        assert_eq!(lengths.row()[..2], [3.0, 13.0]);
        let mut after = before;
        after[0] -= 0.3;
        after[3] -= 0.4;
        lengths.end(&after);
        assert!((lengths.row()[2] - 0.1).abs() < 1e-6, "{:?}", lengths.row());
        assert!(lengths.row()[3].is_nan(), "zeros that do not move");
        after[6] = 1.0;
        lengths.end(&after);
        assert_eq!(lengths.row()[3], f64::INFINITY);
    }

    #[test]
    fn many_seeds_keep_fewer_updates_each() {
        let (layers, traces) = (8, 10_000);
        let mut record = LayerLengths::record_of_variation(layers, traces);
        let row = vec![1.0; 2 * layers];
        for step in 0..5000 {
            record.push(step, &row);
        }
        let numbers = record.steps().len() * row.len();
        assert!(numbers * traces <= MOST_OF_VARIATIONS, "{numbers}");
        assert_eq!(record.steps().last(), Some(&4999));
    }

    #[test]
    fn a_wide_network_keeps_fewer_updates() {
        let mut record = LayerLengths::record(1 << 12);
        let row = vec![1.0; 1 << 13];
        for step in 0..1000 {
            record.push(step, &row);
        }
        assert!(record.steps().len() <= MOST_NUMBERS >> 13);
        assert_eq!(record.steps().last(), Some(&999));
    }
}
