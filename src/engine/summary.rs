//! What several starts and seeds say together: medians, quartiles, successes.
//!
//! Everywhere here a run that diverged, or that never reached what is asked for, counts as
//! infinitely bad instead of being left out: a rule must not look good because its failures were
//! thrown away.

use super::{History, Outcome, Trace};
use crate::experiment::Checked;
use std::borrow::Cow;

/// How far above the least known loss a run may stay and still succeed, where nothing else is
/// asked for.
pub const TOLERANCE: f64 = 1e-3;

/// The loss that counts as a success where nothing else is asked for: [`TOLERANCE`] above the
/// least known value of the objective; none where no least value is known.
pub fn usual_target(checked: &Checked) -> Option<f64> {
    Some(checked.objective.least_value()? + TOLERANCE)
}

/// The quartiles of some values; infinite where too many of the values are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the values are at most this.
    pub lower: f64,
    /// Half of them.
    pub median: f64,
    /// Three quarters.
    pub upper: f64,
}

impl Quartiles {
    /// Of some values, none of which is NaN, by linear interpolation between neighbours in order
    /// (definition 7 of Hyndman & Fan 1996, The American Statistician 50, 361–365); none of no
    /// values.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (values.len() as f64 - 1.0);
            let below = *values.get(place.floor() as usize)?;
            let above = *values.get(place.ceil() as usize)?;
            Some(between(below, above, place.fract()))
        };
        Some(Self {
            lower: at(0.25)?,
            median: at(0.5)?,
            upper: at(0.75)?,
        })
    }
}

/// The number a share of the way from `below` to `above`.
fn between(below: f64, above: f64, share: f64) -> f64 {
    if below == above || share == 0.0 {
        below
    } else if above.is_infinite() {
        above
    } else {
        // Without the difference, which may be too large a number.
        below * (1.0 - share) + above * share
    }
}

/// When a run first had a loss of at most the target that counts as a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It has not.
    Never,
    /// After exactly so many updates.
    At(u64),
    /// Somewhere between two kept frames of a thinned record.
    Within {
        /// The first update that it may have been.
        earliest: u64,
        /// The last one.
        latest: u64,
    },
}

impl Reached {
    /// When a run first had a loss of at most `target`. Losses of updates that were thinned out
    /// count: the best loss so far is kept with every frame.
    pub fn of(trace: &Trace, target: f64) -> Self {
        // The best loss never rises once there is one; before, it is NaN.
        let is_short_of = |&best: &f64| best.is_nan() || best > target;
        let first = trace.best_losses().partition_point(is_short_of);
        let Some(&latest) = trace.steps().get(first) else {
            return Self::Never;
        };
        let before = first.checked_sub(1).map(|index| trace.steps()[index]);
        match before {
            Some(before) if before + 1 < latest => Self::Within {
                earliest: before + 1,
                latest,
            },
            _ => Self::At(latest),
        }
    }

    /// The number of updates, the last possible one where it is not known exactly; infinite where
    /// the target was not reached.
    pub fn steps(self) -> f64 {
        match self {
            Self::Never => f64::INFINITY,
            Self::At(step) | Self::Within { latest: step, .. } => step as f64,
        }
    }

    /// Whether the target was reached.
    pub fn is_reached(self) -> bool {
        self != Self::Never
    }
}

/// What the records of one run say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// How many records there are: starts times seeds.
    pub records: usize,
    /// How many of them diverged.
    pub diverged: usize,
    /// How many reached the target; none where there is no target.
    pub successes: Option<usize>,
    /// The last loss; a diverged run's is infinite.
    pub final_loss: Quartiles,
    /// The best loss that counts.
    pub best_loss: Quartiles,
    /// Updates to the target; none where there is no target.
    pub reached: Option<Quartiles>,
    /// Evaluations of the objective.
    pub evaluations: Quartiles,
}

impl Summary {
    /// Of run `run`, with `target` as the loss that counts as a success; none where nothing is
    /// recorded of it.
    pub fn of(history: &History, run: usize, target: Option<f64>) -> Option<Self> {
        let traces: Vec<&Trace> = history.traces_of(run).collect();
        let quartiles = |value: &dyn Fn(&Trace) -> f64| {
            Quartiles::of(traces.iter().map(|trace| value(trace)).collect())
        };
        let reached = |target: f64| move |trace: &Trace| Reached::of(trace, target);
        let count =
            |holds: &dyn Fn(&Trace) -> bool| traces.iter().filter(|trace| holds(trace)).count();
        Some(Self {
            records: traces.len(),
            diverged: count(&has_diverged),
            successes: target.map(|target| count(&|trace| reached(target)(trace).is_reached())),
            final_loss: quartiles(&final_loss)?,
            best_loss: quartiles(&|trace| trace.best.map_or(f64::INFINITY, |best| best.loss))?,
            reached: match target {
                Some(target) => Some(quartiles(&|trace| reached(target)(trace).steps())?),
                None => None,
            },
            evaluations: quartiles(&|trace| trace.evaluations as f64)?,
        })
    }
}

fn has_diverged(trace: &Trace) -> bool {
    matches!(trace.outcome, Outcome::Diverged { .. })
}

/// The last loss of a run, infinite where it diverged.
fn final_loss(trace: &Trace) -> f64 {
    match trace.final_loss() {
        Some(loss) if !has_diverged(trace) => loss,
        _ => f64::INFINITY,
    }
}

/// One number of a record along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Track<'a> {
    /// Where each kept value stands, never falling.
    pub places: Cow<'a, [u64]>,
    /// The kept values; NaN where there is none yet.
    pub values: Vec<f64>,
    /// From where on the record has this value instead, as one that diverged has.
    pub end: Option<(u64, f64)>,
}

impl Track<'_> {
    /// The values at places that rise: what was kept last, so that a record which has ended
    /// rests. Infinite where nothing at all was kept.
    fn at<'b>(&'b self, places: &'b [u64]) -> impl Iterator<Item = f64> + 'b {
        let mut after = 0;
        places.iter().map(move |&place| {
            while self.places.get(after).is_some_and(|&kept| kept <= place) {
                after += 1;
            }
            match self.end {
                Some((end, value)) if place >= end => value,
                _ if self.values.is_empty() => f64::INFINITY,
                _ => after
                    .checked_sub(1)
                    .map_or(f64::NAN, |index| self.values[index]),
            }
        })
    }
}

/// The quartiles of one number of several records along an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Where every record has a value, rising.
    pub places: Vec<u64>,
    /// The quartiles at each.
    pub quartiles: Vec<Quartiles>,
}

impl Band {
    /// Of these records, at multiples of `stride`: all of them, or at most about `most_places`
    /// evenly where there are more, and always the last place of any record. Places at which a
    /// record has no value yet are left out.
    pub fn of(tracks: &[Track<'_>], mut stride: u64, most_places: u64) -> Self {
        let last = tracks.iter().filter_map(|track| track.places.last()).max();
        let Some(&last) = last else {
            return Self::default();
        };
        stride = stride.max(1);
        while last / stride > most_places.max(1) {
            stride *= 2;
        }
        let on_stride = (0..=last / stride).map(|index| index * stride);
        let end = (last % stride != 0).then_some(last);
        let places: Vec<u64> = on_stride.chain(end).collect();
        let mut values = vec![Vec::with_capacity(tracks.len()); places.len()];
        for track in tracks {
            let here = values.iter_mut().zip(track.at(&places));
            here.for_each(|(values, value)| values.push(value));
        }
        let quartiles = |values: Vec<f64>| match values.iter().any(|value| value.is_nan()) {
            true => None,
            false => Quartiles::of(values),
        };
        let found = places.into_iter().zip(values);
        let found = found.filter_map(|(place, values)| Some((place, quartiles(values)?)));
        let (places, quartiles) = found.unzip();
        Self { places, quartiles }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Best, Frame, Variation};
    use proptest::prelude::*;

    /// A record of these losses, as the engine makes it: the best is kept, all of it counts.
    fn trace(losses: &[f64], most_frames: usize) -> Trace {
        let mut trace = Trace::holding(most_frames, 1);
        for (step, &loss) in losses.iter().enumerate() {
            let step = step as u64;
            if trace.best.is_none_or(|best| loss < best.loss) {
                trace.best = Some(Best { loss, step });
            }
            trace.evaluations = step;
            trace.push(Frame {
                step,
                evaluations: step,
                learning_rate: 0.1,
                loss,
                gradient_norm: 1.0,
                parameters: &[0.0],
            });
        }
        trace
    }

    fn history(records: &[&[f64]]) -> History {
        let mut traces = records.iter().map(|losses| trace(losses, 1000));
        History {
            parameter_names: vec!["w".into()],
            traces: traces.by_ref().take(1).collect(),
            variations: traces
                .enumerate()
                .map(|(index, trace)| Variation {
                    start: index + 1,
                    seed: 0,
                    traces: vec![trace],
                })
                .collect(),
            updates: 0,
        }
    }

    fn quartiles(lower: f64, median: f64, upper: f64) -> Quartiles {
        Quartiles {
            lower,
            median,
            upper,
        }
    }

    #[test]
    fn quartiles_are_those_of_numpy() {
        // numpy.percentile(x, [25, 50, 75]), whose default is the same definition.
        let of = |values: &[f64]| Quartiles::of(values.to_vec()).unwrap();
        assert_eq!(of(&[3.0, 1.0, 2.0, 4.0]), quartiles(1.75, 2.5, 3.25));
        assert_eq!(of(&[5.0]), quartiles(5.0, 5.0, 5.0));
        assert_eq!(of(&[1.0, 2.0, 4.0, 8.0, 16.0]), quartiles(2.0, 4.0, 8.0));
        assert_eq!(Quartiles::of(Vec::new()), None);
    }

    #[test]
    fn failures_count_as_infinitely_bad() {
        let inf = f64::INFINITY;
        let of = |values: &[f64]| Quartiles::of(values.to_vec()).unwrap();
        assert_eq!(of(&[inf, 1.0, 1.0, 1.0]), quartiles(1.0, 1.0, inf));
        assert_eq!(of(&[1.0, inf, inf, inf]), quartiles(inf, inf, inf));
        assert_eq!(of(&[inf; 3]), quartiles(inf, inf, inf));
        assert_eq!(of(&[-f64::MAX, f64::MAX]).median, 0.0);
    }

    proptest! {
        #[test]
        fn quartiles_are_in_order_between_the_least_and_the_most(
            values in proptest::collection::vec(prop_oneof![-1e300..1e300, Just(f64::INFINITY)], 1..40)
        ) {
            let found = Quartiles::of(values.clone()).unwrap();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(least <= found.lower && found.lower <= found.median);
            prop_assert!(found.median <= found.upper && found.upper <= most);
            let below = values.iter().filter(|&&value| value <= found.median).count();
            prop_assert!(2 * below >= values.len());
        }

        #[test]
        fn a_thinned_record_knows_between_which_updates_the_target_was_reached(
            losses in proptest::collection::vec(0.0..1.0_f64, 1..300),
            target in 0.0..0.2_f64,
        ) {
            let exact = losses.iter().position(|&loss| loss <= target).map(|at| at as u64);
            let whole = Reached::of(&trace(&losses, 1000), target);
            prop_assert_eq!(whole, exact.map_or(Reached::Never, Reached::At));
            match (Reached::of(&trace(&losses, 16), target), exact) {
                (Reached::Never, None) => {}
                (Reached::At(step), Some(exact)) => prop_assert_eq!(step, exact),
                (Reached::Within { earliest, latest }, Some(exact)) => {
                    prop_assert!(earliest <= exact && exact <= latest);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn a_summary_counts_successes_and_divergence() {
        let mut history = history(&[
            &[8.0, 0.5, 2.0],
            &[8.0, 4.0, 1.0],
            &[8.0, 9.0],
            &[8.0, 6.0, 5.0],
        ]);
        history.variations[1].traces[0].outcome = Outcome::Diverged { step: 2 };
        let summary = Summary::of(&history, 0, Some(1.0)).unwrap();
        assert_eq!((summary.records, summary.diverged), (4, 1));
        assert_eq!(summary.successes, Some(2));
        assert_eq!(summary.final_loss.median, 3.5);
        assert_eq!(summary.final_loss.upper, f64::INFINITY);
        assert_eq!(summary.best_loss.median, 3.0);
        assert_eq!(summary.reached.unwrap().lower, 1.75);
        assert_eq!(summary.reached.unwrap().median, f64::INFINITY);
        assert_eq!(Summary::of(&history, 0, None).unwrap().successes, None);
        assert_eq!(Summary::of(&history, 1, None), None);
    }

    /// A record of these values, one at every place; infinite from `end` on.
    fn track(values: &[f64], end: Option<u64>) -> Track<'static> {
        Track {
            places: (0..values.len() as u64).collect(),
            values: values.to_vec(),
            end: end.map(|end| (end, f64::INFINITY)),
        }
    }

    #[test]
    fn a_band_holds_the_quartiles_of_every_place() {
        let tracks = [
            track(&[8.0, 4.0, 2.0], None),
            track(&[8.0, 6.0, 4.0], None),
            track(&[8.0, 9.0], Some(2)),
        ];
        let band = Band::of(&tracks, 1, 100);
        assert_eq!(band.places, [0, 1, 2]);
        assert_eq!(band.quartiles[0], quartiles(8.0, 8.0, 8.0));
        assert_eq!(band.quartiles[1], quartiles(5.0, 6.0, 7.5));
        assert_eq!(band.quartiles[2], quartiles(3.0, 4.0, f64::INFINITY));
        let coarse = Band::of(&tracks, 1, 1);
        assert_eq!(coarse.places, [0, 2]);
        assert_eq!(Band::of(&[], 1, 100), Band::default());
    }

    #[test]
    fn records_that_end_rest_and_places_without_a_value_are_left_out() {
        let costly = Track {
            places: vec![0, 10, 10, 30].into(),
            values: vec![f64::NAN, 5.0, 4.0, 1.0],
            end: None,
        };
        let cheap = Track {
            places: vec![0, 5].into(),
            values: vec![f64::NAN, 3.0],
            end: None,
        };
        let band = Band::of(&[costly, cheap.clone()], 5, 100);
        assert_eq!(band.places, [10, 15, 20, 25, 30]);
        assert_eq!(
            band.quartiles[0].median, 3.5,
            "the last of two at one place"
        );
        assert_eq!(band.quartiles[4], quartiles(1.5, 2.0, 2.5));
        // A record of nothing has failed from the start on.
        let nothing = Track {
            places: Vec::new().into(),
            values: Vec::new(),
            end: None,
        };
        let band = Band::of(&[cheap, nothing], 1, 100);
        assert_eq!(band.quartiles[0].upper, f64::INFINITY);
    }
}
