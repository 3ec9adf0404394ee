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
        let value = |trace: &Trace| match trace.outcome {
            Outcome::Diverged { step: at } if at <= step => Some(worst),
            _ => {
                let (_, values) = trace.measured.at(step)?;
                values.get(quantity).copied()
            }
        };
        let values: Option<Vec<f64>> = history.traces_of(run).map(value).collect();
        Self::of_values(values?)
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

    /// Whether some record of the one run is at least as good as some record of the other, both
    /// ways round: then the difference of the two is within the spread. With one record each there
    /// is no spread, and nothing can be said.
    pub fn is_within_spread_of(&self, other: &Self) -> Option<bool> {
        let can_tell = self.records > 1 && other.records > 1;
        can_tell.then_some(self.least <= other.most && other.least <= self.most)
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
    fn ranges_that_overlap_are_within_the_spread() {
        let of = |values: &[f64]| OverSeeds::of_values(values.to_vec()).unwrap();
        let (low, high) = (of(&[0.1, 0.3]), of(&[0.2, 0.5]));
        assert_eq!(low.is_within_spread_of(&high), Some(true));
        assert_eq!(high.is_within_spread_of(&low), Some(true));
        let apart = of(&[0.4, 0.6]);
        assert_eq!(low.is_within_spread_of(&apart), Some(false));
        assert_eq!(apart.is_within_spread_of(&low), Some(false));
        assert_eq!(low.is_within_spread_of(&of(&[0.2])), None);
    }
}
