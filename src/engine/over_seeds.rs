//! What the records of a run from several starts and seeds say together of something that is
//! measured, and whether two runs differ by more than that.

use super::{History, Outcome, Trace};

/// A measured quantity over the records of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverSeeds {
    /// The least value.
    pub least: f64,
    /// The median; of an even number the mean of the two in the middle.
    pub median: f64,
    /// The greatest value.
    pub most: f64,
    /// How many records there are.
    pub records: usize,
}

impl OverSeeds {
    /// What was measured of run `run` last, not after `step` updates. `worst` counts for a record
    /// that has diverged by then: a run must not look good because its failures were left out.
    /// None where a record has nothing measured yet.
    pub fn of(
        history: &History,
        run: usize,
        quantity: usize,
        (step, worst): (u64, f64),
    ) -> Option<Self> {
        Self::of_values(by_record(history, run, quantity, (step, worst))?)
    }

    /// Of some values; none of no values.
    pub fn of_values(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let upper = *values.get(middle)?;
        let median = match values.len() % 2 {
            0 => 0.5 * (values[middle - 1] + upper),
            _ => upper,
        };
        Some(Self {
            least: values[0],
            median,
            most: values[values.len() - 1],
            records: values.len(),
        })
    }
}

/// What [`OverSeeds::of`] is of: one value a record, in the order of the records.
pub fn by_record(
    history: &History,
    run: usize,
    quantity: usize,
    (step, worst): (u64, f64),
) -> Option<Vec<f64>> {
    let value = |trace: &Trace| match trace.outcome {
        Outcome::Diverged { step: at } if at <= step => Some(worst),
        _ => {
            let (_, values) = trace.measured.at(step)?;
            values.get(quantity).copied()
        }
    };
    history.traces_of(run).map(value).collect()
}

/// The mean of a quantity over seeds, and how far single seeds lie from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; none of a single seed.
    pub deviation: Option<f64>,
}

impl Spread {
    /// Of these values; none where there are none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let deviation = (values.len() > 1).then(|| (squares.sum::<f64>() / (count - 1.0)).sqrt());
        (!values.is_empty()).then_some(Self { mean, deviation })
    }

    /// Of these values; none where one is missing, too.
    pub fn of_all(values: impl Iterator<Item = Option<f64>>) -> Option<Self> {
        Self::of(&values.collect::<Option<Vec<f64>>>()?)
    }
}

/// How a quantity of one run lies to that of another over the same seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Greater by more than seeds make it.
    Above,
    /// Less by more than that.
    Below,
    /// The differences, seed by seed, have a mean no larger than their standard deviation: these
    /// seeds do not tell the two apart.
    WithinSpread,
}

impl Standing {
    /// Of values of the same seeds in the same order; none where there are fewer than two, which
    /// have no spread.
    ///
    /// Differences are taken seed by seed, since what a seed decides (the start, the batches) it
    /// decides for both: a difference that every seed shows is one, however far the seeds lie from
    /// each other.
    pub fn of(own: &[f64], other: &[f64]) -> Option<Self> {
        // Two records that both diverged are equally bad: ∞ − ∞ is no number.
        let difference = |(own, other): (&f64, &f64)| if own == other { 0.0 } else { own - other };
        if own.len() != other.len() {
            return None;
        }
        let differences: Vec<f64> = own.iter().zip(other).map(difference).collect();
        let Spread { mean, deviation } = Spread::of(&differences)?;
        Some(if mean.abs() <= deviation? {
            Self::WithinSpread
        } else if mean > 0.0 {
            Self::Above
        } else {
            Self::Below
        })
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::WithinSpread => "within the spread",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Variation;

    fn trace(values: &[f64]) -> Trace {
        let mut trace = Trace::new(0);
        for (step, value) in values.iter().enumerate() {
            trace.measured.push(10 * step as u64, &[0.0, *value]);
        }
        trace
    }

    fn history(records: &[&[f64]]) -> History {
        let mut traces = records.iter().map(|values| trace(values));
        History {
            parameter_names: Vec::new(),
            traces: traces.by_ref().take(1).collect(),
            variations: traces
                .enumerate()
                .map(|(index, trace)| Variation {
                    start: 0,
                    seed: index as u64 + 1,
                    traces: vec![trace],
                })
                .collect(),
            updates: 20,
        }
    }

    #[test]
    fn the_last_measurement_before_the_moment_counts() {
        let history = history(&[&[0.1, 0.8], &[0.1, 0.6], &[0.1, 0.9]]);
        let at = |step| OverSeeds::of(&history, 0, 1, (step, 0.0)).unwrap();
        assert_eq!((at(9).least, at(9).most), (0.1, 0.1));
        let end = at(15);
        assert_eq!((end.least, end.median, end.most), (0.6, 0.8, 0.9));
        assert_eq!(end.records, 3);
        assert!(OverSeeds::of(&history, 1, 1, (15, 0.0)).is_none());
        let even = OverSeeds::of_values(vec![4.0, 1.0, 2.0, 3.0]).unwrap();
        assert_eq!(even.median, 2.5);
    }

    #[test]
    fn a_record_that_diverged_counts_as_the_worst() {
        let mut history = history(&[&[0.1, 0.8], &[0.1, 0.7]]);
        history.variations[0].traces[0].outcome = Outcome::Diverged { step: 12 };
        let least = |step| OverSeeds::of(&history, 0, 1, (step, 0.0)).unwrap().least;
        assert_eq!((least(11), least(12)), (0.7, 0.0));
    }

    #[test]
    fn several_seeds_give_mean_and_standard_deviation() {
        let three = Spread::of(&[0.9, 0.8, 0.7]).unwrap();
        assert!((three.mean - 0.8).abs() < 1e-12);
        assert!((three.deviation.unwrap() - 0.1).abs() < 1e-12);
        let one = Spread::of(&[0.987]).unwrap();
        assert_eq!((one.mean, one.deviation), (0.987, None));
        assert_eq!(Spread::of_all([Some(0.9), None].into_iter()), None);
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn differences_count_seed_by_seed() {
        let of = |own: &[f64], other: &[f64]| Standing::of(own, other);
        // Better with one seed, worse with another.
        let mixed = of(&[0.90, 0.80, 0.85], &[0.88, 0.83, 0.83]);
        assert_eq!(mixed, Some(Standing::WithinSpread));
        // Better by nearly the same with every seed, though the seeds lie far from each other.
        let (good, bad) = ([0.9, 0.5, 0.7], [0.85, 0.46, 0.64]);
        assert_eq!(of(&good, &bad), Some(Standing::Above));
        assert_eq!(of(&bad, &good), Some(Standing::Below));
        assert_eq!(of(&good, &good), Some(Standing::WithinSpread));
        assert_eq!(of(&[0.9], &[0.1]), None);
        assert_eq!(of(&[0.9, 0.8], &[0.1]), None);
        let diverged = [f64::INFINITY; 2];
        assert_eq!(of(&diverged, &diverged), Some(Standing::WithinSpread));
        assert_eq!(of(&diverged, &[0.1, 0.2]), Some(Standing::Above));
    }
}
