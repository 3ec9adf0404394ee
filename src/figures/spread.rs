//! Bands of several starts and seeds in the units of an axis.

use super::curves::{self, Abscissa, AxisScale, Quantity};
use crate::engine::summary::{Band, Quartiles, Track};
use crate::engine::{History, Outcome, Trace};
use crate::objective::Objective;
use std::borrow::Cow;

/// Points along a band; more could not be told apart.
const MOST_POINTS: u64 = 600;

/// The most values that a band is made of; of very many records fewer points are taken.
const MOST_VALUES: u64 = 400_000;

/// The middle half of a run's values and their median, in axis units: (place, lower quartile),
/// and so on. Infinite where too many records have diverged, −∞ where a logarithm has no value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// Epochs or evaluations as places of their axis, rising.
    pub places: Vec<f64>,
    /// The lower quartiles.
    pub lower: Vec<f64>,
    /// The medians.
    pub median: Vec<f64>,
    /// The upper quartiles.
    pub upper: Vec<f64>,
}

/// What a band is of.
#[derive(Clone, Copy)]
pub struct SpreadOf<'a> {
    /// The records.
    pub history: &'a History,
    /// What was minimised.
    pub objective: &'a dyn Objective,
    /// Which number.
    pub quantity: Quantity,
    /// Along what.
    pub abscissa: Abscissa,
    /// How the places and the values are spread.
    pub scales: [AxisScale; 2],
}

impl SpreadOf<'_> {
    /// The band of all records of run `run`. Over evaluations every record stands where its own
    /// updates cost; one that has ended keeps its last value. The start has no place on a
    /// logarithmic axis.
    pub fn run(&self, run: usize) -> Spread {
        let traces: Vec<&Trace> = self.history.traces_of(run).collect();
        let tracks: Vec<Track<'_>> = traces.iter().map(|trace| self.track(trace)).collect();
        let most = (MOST_VALUES / tracks.len().max(1) as u64).clamp(2, MOST_POINTS);
        let stride = match self.abscissa {
            // Steps that every record has kept.
            Abscissa::Epochs => traces.iter().map(|trace| trace.stride()).max(),
            Abscissa::Evaluations => None,
        };
        let band = Band::of(&tracks, stride.unwrap_or(1), most);
        self.in_units_of_the_axes(&band)
    }

    /// One record; the loss over all data where that was measured.
    fn track<'b>(&self, trace: &'b Trace) -> Track<'b> {
        let places = self.abscissa.places(trace);
        let whole = trace.measured.steps();
        let (places, values) = if self.quantity == Quantity::Loss && !whole.is_empty() {
            let place = |&step: &u64| trace.index_at(step).map_or(0, |index| places[index]);
            let values = trace.measured.values(0).collect();
            (Cow::Owned(whole.iter().map(place).collect()), values)
        } else {
            let values = curves::values(trace, self.objective, self.quantity);
            (
                Cow::Borrowed(places),
                values.map(|v| self.counted(v)).collect(),
            )
        };
        Track {
            end: self.end(trace),
            places,
            values,
        }
    }

    /// A best loss that there is not yet is infinitely bad; other values have no place yet.
    fn counted(&self, value: f64) -> f64 {
        match self.quantity {
            Quantity::BestLoss if value.is_nan() => f64::INFINITY,
            _ => value,
        }
    }

    /// From where on a diverged run has no finite value any more. Its rates and its best loss
    /// stay what they were.
    fn end(&self, trace: &Trace) -> Option<(u64, f64)> {
        let Outcome::Diverged { step } = trace.outcome else {
            return None;
        };
        if matches!(self.quantity, Quantity::BestLoss | Quantity::LearningRate) {
            return None;
        }
        let place = match self.abscissa {
            Abscissa::Epochs => step,
            // What the last update cost is not kept with a frame.
            Abscissa::Evaluations => {
                let last = trace.evaluations_at().last();
                last.map_or(0, |&last| trace.evaluations.max(last + 1))
            }
        };
        Some((place, f64::INFINITY))
    }

    fn in_units_of_the_axes(&self, band: &Band) -> Spread {
        let [along, up] = self.scales;
        let offset = curves::offset(self.objective, self.quantity, up);
        let spread = |value: f64| match up {
            AxisScale::Linear => value - offset,
            // What rounding left below J* lies as low as J* itself.
            AxisScale::Logarithmic => (value - offset).max(0.0).log10(),
        };
        let begin = match along {
            AxisScale::Linear => 0,
            AxisScale::Logarithmic => band.places.partition_point(|&place| place == 0),
        };
        let quartiles = &band.quartiles[begin..];
        let each = |quartile: fn(&Quartiles) -> f64| {
            quartiles.iter().map(|all| spread(quartile(all))).collect()
        };
        let places = band.places[begin..].iter();
        Spread {
            places: places.map(|&place| along.place(place as f64)).collect(),
            lower: each(|quartiles| quartiles.lower),
            median: each(|quartiles| quartiles.median),
            upper: each(|quartiles| quartiles.upper),
        }
    }
}

impl Spread {
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
    use crate::experiment::{Checked, preset};
    use std::ops::ControlFlow;

    const EVEN: [AxisScale; 2] = [AxisScale::Linear; 2];

    fn run(text: &str) -> (Checked, History) {
        let checked = preset::read(text).unwrap().check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        (checked, history)
    }

    fn spread(
        (checked, history): &(Checked, History),
        quantity: Quantity,
        abscissa: Abscissa,
        scales: [AxisScale; 2],
    ) -> Spread {
        let of = SpreadOf {
            history,
            objective: &*checked.objective,
            quantity,
            abscissa,
            scales,
        };
        of.run(0)
    }

    #[test]
    fn logarithms_of_nothing_lie_infinitely_low_and_divergence_infinitely_high() {
        let ran = run(
            r#"(version: 1, epochs: 3, runs: [(optimizer: "sgd", learning_rate: 1e200)],
            objective: Landscape(surface: "booth"), starts: [(1, 3), (1, 3), (0, 0), (5, 5)])"#,
        );
        let logarithmic = [AxisScale::Linear, AxisScale::Logarithmic];
        let found = spread(&ran, Quantity::Loss, Abscissa::Epochs, logarithmic);
        assert_eq!(found.places, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(found.lower, [f64::NEG_INFINITY; 4]);
        assert_eq!(found.upper[1..], [f64::INFINITY; 3]);
        assert_eq!(found.line(&found.upper).count(), 1);
        let linear = [AxisScale::Logarithmic, AxisScale::Linear];
        let found = spread(&ran, Quantity::Loss, Abscissa::Epochs, linear);
        assert_eq!(found.places, [0.0, 2_f64.log10(), 3_f64.log10()]);
        assert_eq!(found.lower[0], 0.0);
        // A best loss, once reached, is not lost with the run.
        let best = spread(&ran, Quantity::BestLoss, Abscissa::Epochs, EVEN);
        assert!(best.upper.iter().all(|value| value.is_finite()), "{best:?}");
        let distance = spread(&ran, Quantity::Distance, Abscissa::Epochs, EVEN);
        assert_eq!(distance.upper[2], f64::INFINITY);
    }

    #[test]
    fn every_quantity_has_the_quartiles_of_its_own_curves() {
        let ran = run(
            r#"(version: 1, epochs: 40, runs: [(optimizer: "momentum", learning_rate: 0.01)],
            objective: Landscape(surface: "himmelblau"),
            starts: [(0, 0), (1, 3), (-2, 0.5), (4, -1), (-3, -3)])"#,
        );
        let (checked, history) = &ran;
        for quantity in curves::QUANTITIES {
            let found = spread(&ran, quantity, Abscissa::Epochs, EVEN);
            let begins = found.places[0];
            let has_step_0 = !matches!(quantity, Quantity::LearningRate | Quantity::UpdateNorm);
            assert_eq!(begins, if has_step_0 { 0.0 } else { 1.0 }, "{quantity:?}");
            for (index, &place) in found.places.iter().enumerate() {
                let mut values: Vec<f64> = history
                    .traces_of(0)
                    .map(|trace| {
                        curves::value(trace, &*checked.objective, quantity, place as usize)
                    })
                    .collect();
                values.sort_by(f64::total_cmp);
                let expected = [values[1], values[2], values[3]];
                let here = [&found.lower, &found.median, &found.upper].map(|all| all[index]);
                assert_eq!(here, expected, "{quantity:?} at {place}");
            }
            assert_eq!(found.places.last(), Some(&40.0));
        }
    }

    #[test]
    fn over_evaluations_every_record_stands_where_its_own_updates_cost() {
        let ran = run(
            r#"(version: 1, epochs: 12, runs: [(optimizer: "lbfgs", learning_rate: 1)],
            objective: Landscape(surface: "himmelblau"),
            starts: [(0, 0), (1, 3), (-2, 0.5)])"#,
        );
        let (checked, history) = &ran;
        let found = spread(&ran, Quantity::Loss, Abscissa::Evaluations, EVEN);
        let ends = history
            .traces_of(0)
            .map(|trace| trace.evaluations_at().last());
        let ends: Vec<u64> = ends.flatten().copied().collect();
        assert!(
            ends.iter().any(|&end| end != ends[0]),
            "costs differ: {ends:?}"
        );
        assert_eq!(
            found.places.last(),
            ends.iter().max().map(|&e| e as f64).as_ref()
        );
        for (&place, &median) in found.places.iter().zip(&found.median) {
            let at = |trace: &Trace| {
                let after = trace
                    .evaluations_at()
                    .partition_point(|&e| e as f64 <= place);
                let index = after.checked_sub(1).unwrap();
                curves::value(trace, &*checked.objective, Quantity::Loss, index)
            };
            let mut values: Vec<f64> = history.traces_of(0).map(at).collect();
            values.sort_by(f64::total_cmp);
            assert_eq!(median, values[1], "at {place}");
        }
    }
}
