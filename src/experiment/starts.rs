//! Several starts and seeds: how a file writes them, how they are generated, and what is wrong
//! with them.

use super::check::Problems;
use super::{Experiment, Quantity};
use crate::numbers::Noise;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, SerializeTuple, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The most records of an experiment, runs times starts times seeds; thinned where there are
/// many, they stay within a gigabyte.
pub const MAX_RECORDS: usize = 4096;

/// Keeps starts and noise of one seed unrelated.
const APART: u64 = 0xC2B2_AE3D_27D4_EB4F;

/// A point as a file writes it: `(w1, w2)`; `[w1, w2]` reads as well.
struct Point(Vec<f64>);

impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for coordinate in &self.0 {
            tuple.serialize_element(coordinate)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Coordinates)
    }
}

struct Coordinates;

impl<'de> Visitor<'de> for Coordinates {
    type Value = Point;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a point such as (w1, w2), one number a parameter")
    }

    fn visit_unit<E>(self) -> Result<Point, E> {
        Ok(Point(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Point, A::Error> {
        let mut point = Vec::new();
        while let Some(number) = numbers.next_element()? {
            point.push(number);
        }
        Ok(Point(point))
    }
}

/// Writes a list of points.
///
/// # Errors
/// Those of the serializer.
pub(super) fn serialize<S: Serializer>(
    starts: &[Vec<f64>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(starts.len()))?;
    for start in starts {
        list.serialize_element(&Point(start.clone()))?;
    }
    list.end()
}

/// Reads a list of points.
///
/// # Errors
/// Where there is something else.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<f64>>, D::Error> {
    let points = Vec::<Point>::deserialize(from)?;
    Ok(points.into_iter().map(|point| point.0).collect())
}

/// The centres of `columns` × `rows` equal cells of the range, row after row from the lower left:
/// on the border itself many landscapes are at their steepest.
pub fn grid(range: [(f64, f64); 2], columns: usize, rows: usize) -> Vec<Vec<f64>> {
    let along = |(low, high): (f64, f64), index: usize, count: usize| {
        low + (high - low) * (index as f64 + 0.5) / count as f64
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    cells
        .map(|(column, row)| {
            let point = [along(range[0], column, columns), along(range[1], row, rows)];
            readable(range, point).to_vec()
        })
        .collect()
}

/// `count` points drawn evenly from the range; the same seed gives the same points, and fewer of
/// them are the first of more.
pub fn random(range: [(f64, f64); 2], count: usize, seed: u64) -> Vec<Vec<f64>> {
    let draws = Noise::new(seed ^ APART);
    let point = |number: u64| {
        let mut axis = 0;
        let point = range.map(|(low, high)| {
            axis += 1;
            low + (high - low) * draws.uniform(number, axis)
        });
        readable(range, point).to_vec()
    };
    (0..count as u64).map(point).collect()
}

/// A point rounded to a ten-thousandth of the range, so that it can be read and typed again.
pub fn readable([x, y]: [(f64, f64); 2], point: [f64; 2]) -> [f64; 2] {
    let grid = 10_f64.powf(((x.1 - x.0).max(y.1 - y.0) * 1e-4).log10().ceil());
    let per_unit = (1.0 / grid).round().max(1.0);
    point.map(|w| (w * per_unit).round() / per_unit)
}

impl Experiment {
    /// Every start, the first of which is the one that is dragged and explained.
    pub fn all_starts(&self) -> Vec<Vec<f64>> {
        if self.starts.is_empty() {
            vec![self.objective.start_values()]
        } else {
            self.starts.clone()
        }
    }

    /// Every seed, the first of which is the one that is shown in full.
    pub fn all_seeds(&self) -> Vec<u64> {
        if self.seeds.is_empty() {
            vec![self.seed]
        } else {
            self.seeds.clone()
        }
    }

    /// Whether every run goes more than once, from several starts or with several seeds.
    pub fn has_several(&self) -> bool {
        self.starts.len() > 1 || self.seeds.len() > 1
    }

    /// Moves the first start.
    pub fn set_start(&mut self, at: [f64; 2]) {
        match self.starts.first_mut() {
            Some(first) => *first = at.to_vec(),
            None => self.objective.set_start(at),
        }
    }

    /// Starts there instead; one start is written where it always was.
    pub fn set_starts(&mut self, starts: Vec<Vec<f64>>) {
        if let [only] = &starts[..]
            && self.objective.set_start_values(only)
        {
            self.starts = Vec::new();
        } else {
            self.starts = starts;
        }
    }

    /// Takes `count` seeds from `first` on; one seed is written where it always was.
    pub fn set_seeds(&mut self, first: u64, count: usize) {
        self.seed = first;
        self.seeds = match count {
            0 | 1 => Vec::new(),
            _ => (0..count as u64)
                .map(|more| first.wrapping_add(more))
                .collect(),
        };
    }

    /// The experiment with one run alone, from the first start with the first seed.
    #[must_use]
    pub fn only(&self, run: usize) -> Self {
        let mut only = self.clone();
        only.runs = self.runs.get(run).cloned().into_iter().collect();
        only.set_starts(self.all_starts().into_iter().take(1).collect());
        only.set_seeds(self.all_seeds()[0], 1);
        // What is to be tuned may be of another run.
        only.tune = None;
        only
    }

    /// Which of its starts and seeds [`Experiment::only`] leaves out where `varied` does not bring
    /// others, in words; none where it leaves out none.
    pub fn left_out<'a>(&self, varied: impl IntoIterator<Item = &'a Quantity>) -> Option<String> {
        let (mut starts, mut seeds) = (self.all_starts().len(), self.all_seeds().len());
        let mut coordinates = BTreeSet::new();
        for quantity in varied {
            match quantity {
                Quantity::Start(index) => {
                    coordinates.insert(index);
                }
                Quantity::Seed => seeds = 1,
                _ => {}
            }
        }
        if coordinates.len() == self.start().len() {
            starts = 1;
        }
        match (starts, seeds) {
            (1, 1) => None,
            (_, 1) => Some(format!("Only from the first of the {starts} starts.")),
            (1, _) => Some(format!("Only with the first of the {seeds} seeds.")),
            _ => Some(format!(
                "Only from the first of the {starts} starts, with the first of the {seeds} seeds."
            )),
        }
    }

    /// Takes as many seeds as there are now from another first one.
    pub fn reseed(&mut self) {
        let present = self.all_seeds();
        self.set_seeds(Noise::another_seed(present[0]), present.len());
    }
}

/// Reports starts that are no points of `dimension` finite numbers, seeds that are there twice,
/// and more of both than memory holds.
pub(super) fn check(experiment: &Experiment, dimension: usize, problems: &mut Problems) {
    for (index, start) in experiment.starts.iter().enumerate() {
        let place = format!("starts[{index}]");
        if start.len() != dimension {
            let count = start.len();
            problems.add(
                &place,
                format!("it has {count} numbers and the objective {dimension} parameters"),
            );
        }
        for (axis, &number) in start.iter().enumerate() {
            let place = format!("{place}[{axis}]");
            problems.number(&place, number, true, &"a start as finite numbers");
        }
    }
    let mut seen = BTreeSet::new();
    for (index, seed) in experiment.seeds.iter().enumerate() {
        if !seen.insert(seed) {
            problems.add(
                &format!("seeds[{index}]"),
                format!("{seed} is there already and would count twice; leave it out"),
            );
        }
    }
    let counts = [
        experiment.runs.len().max(1),
        experiment.starts.len().max(1),
        experiment.seeds.len().max(1),
    ];
    let [runs, starts, seeds] = counts;
    let records = runs.saturating_mul(starts).saturating_mul(seeds);
    if starts * seeds > 1 && records > MAX_RECORDS {
        let place = if starts >= seeds { "starts" } else { "seeds" };
        problems.add(
            place,
            format!(
                "{runs} runs × {starts} starts × {seeds} seeds make {records} records, more than \
                 the {MAX_RECORDS} that an experiment may have; take fewer of them"
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;
    use proptest::prelude::*;

    const RANGE: [(f64, f64); 2] = [(-2.0, 2.0), (-1.0, 3.0)];

    fn with(fields: &str) -> Experiment {
        let text = format!(
            r#"(version: 1, objective: Landscape(surface: "rosenbrock"), runs: [(optimizer: "sgd")], {fields})"#
        );
        preset::read(&text).unwrap()
    }

    fn problems(fields: &str) -> Vec<String> {
        let problems = with(fields).check().unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn points_read_as_tuples_and_as_lists_and_are_written_as_tuples() {
        let read = with("starts: [(-1.5, 1), [0.5, 0.5]], seeds: [3, 1]");
        assert_eq!(read.starts, [[-1.5, 1.0], [0.5, 0.5]]);
        assert_eq!(read.all_seeds(), [3, 1]);
        assert_eq!(read.start(), [-1.5, 1.0]);
        let text = preset::write(&read);
        assert!(text.contains("(-1.5, 1.0)"), "{text}");
        assert!(text.contains("seeds: ["), "{text}");
        assert_eq!(preset::read(&text).unwrap(), read);
        let plain = with("");
        assert!(!preset::write(&plain).contains("starts"));
        assert_eq!(plain.all_starts(), [[-1.54, -0.64]]);
    }

    #[test]
    fn points_of_any_dimension_survive_writing() {
        let mut experiment = with("");
        experiment.starts = vec![vec![0.25], vec![], vec![1.0, 2.0, 3.0]];
        let text = preset::write(&experiment);
        assert_eq!(preset::read(&text).unwrap(), experiment, "{text}");
    }

    #[test]
    fn wrong_starts_and_seeds_are_named_with_their_places() {
        assert_eq!(
            problems("starts: [(1, 2), (1, 2, 3), (inf, 0)]"),
            [
                "starts[1]: it has 3 numbers and the objective 2 parameters",
                "starts[2][0]: inf is not a finite number; give a start as finite numbers",
            ]
        );
        assert_eq!(
            problems("seeds: [4, 5, 4]"),
            ["seeds[2]: 4 is there already and would count twice; leave it out"]
        );
    }

    #[test]
    fn more_records_than_memory_holds_are_refused() {
        let mut crowd = with("");
        crowd.starts = vec![vec![0.0, 0.0]; 64];
        crowd.set_seeds(0, 64);
        assert!(crowd.check().is_ok());
        crowd.starts.push(vec![1.0, 1.0]);
        let problems = crowd.check().unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "starts: 1 runs × 65 starts × 64 seeds make 4160 records, more than the 4096 that an \
             experiment may have; take fewer of them"
        );
    }

    #[test]
    fn one_start_and_one_seed_are_written_where_they_always_were() {
        let mut experiment = with("starts: [(1, 2), (3, 4)], seeds: [7, 8]");
        experiment.set_start([0.5, 0.25]);
        assert_eq!(experiment.starts, [[0.5, 0.25], [3.0, 4.0]]);
        experiment.set_starts(vec![vec![3.0, 4.0]]);
        assert!(experiment.starts.is_empty());
        assert_eq!(experiment.start(), [3.0, 4.0]);
        experiment.set_seeds(8, 1);
        assert_eq!((experiment.seed, experiment.seeds.len()), (8, 0));
        assert!(!experiment.has_several());
        experiment.set_seeds(8, 3);
        experiment.reseed();
        assert_ne!(experiment.seed, 8);
        assert_eq!(experiment.seeds[2], experiment.seed + 2);
    }

    #[test]
    fn a_grid_lies_at_the_centres_of_its_cells() {
        assert_eq!(
            grid(RANGE, 2, 2),
            [[-1.0, 0.0], [1.0, 0.0], [-1.0, 2.0], [1.0, 2.0]]
        );
        assert_eq!(grid(RANGE, 1, 1), [[0.0, 1.0]]);
        assert!(grid(RANGE, 0, 5).is_empty());
    }

    proptest! {
        #[test]
        fn drawn_starts_lie_in_the_range_and_fewer_are_the_first_of_more(
            seed: u64,
            count in 1..40_usize,
        ) {
            let points = random(RANGE, count, seed);
            for point in &points {
                for (w, (low, high)) in point.iter().zip(RANGE) {
                    prop_assert!((low..=high).contains(w));
                }
            }
            prop_assert_eq!(&random(RANGE, 40, seed)[..count], &points[..]);
        }
    }

    #[test]
    fn drawn_starts_spread_over_the_whole_range() {
        let points = random(RANGE, 2000, 1);
        let mean = |axis: usize| points.iter().map(|p| p[axis]).sum::<f64>() / 2000.0;
        assert!(mean(0).abs() < 0.1 && (mean(1) - 1.0).abs() < 0.1);
        let corner = points.iter().filter(|p| p[0] > 1.0 && p[1] > 2.0).count();
        assert!((85..165).contains(&corner), "{corner} of 125 expected");
    }
}
