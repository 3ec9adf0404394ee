//! Remedies side by side over several seeds: means, their spread, and what lies within it.

use super::Results;
use crate::engine::History;
use crate::experiment::Checked;
use crate::models::continual::{AccuracyMatrix, Head};

/// The mean of a quantity over seeds, and how far single seeds lie from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; none of a single seed.
    pub deviation: Option<f64>,
}

impl Spread {
    /// Of these values; none where there are none or one is missing.
    pub fn of(values: impl Iterator<Item = Option<f64>>) -> Option<Self> {
        let values = values.collect::<Option<Vec<f64>>>()?;
        let count = values.len() as f64;
        (!values.is_empty()).then(|| {
            let mean = values.iter().sum::<f64>() / count;
            let squares = values.iter().map(|value| (value - mean).powi(2));
            let deviation = (squares.sum::<f64>() / (count - 1.0)).sqrt();
            Self {
                mean,
                deviation: (values.len() > 1).then_some(deviation),
            }
        })
    }
}

/// How a run's mean accuracy lies to that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Higher by more than both standard deviations together.
    Above,
    /// Lower by more than that.
    Below,
    /// No farther away than that.
    WithinSpread,
}

impl Standing {
    fn of(own: Spread, other: Spread) -> Option<Self> {
        let bound = own.deviation? + other.deviation?;
        let difference = own.mean - other.mean;
        Some(if difference > bound {
            Self::Above
        } else if difference < -bound {
            Self::Below
        } else {
            Self::WithinSpread
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

/// What a run has learnt and forgotten, over all seeds. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The run's number.
    pub run: usize,
    /// Which outputs answered for a task.
    pub head: Head,
    /// The remedy's name in files.
    pub remedy: &'static str,
    /// The accuracy on every finished task at the end.
    pub at_the_end: Vec<Spread>,
    /// The accuracy on every task just after it.
    pub when_learnt: Vec<Spread>,
    /// ACC: over all finished tasks at the end.
    pub mean_accuracy: Option<Spread>,
    /// BWT; negative is forgetting.
    pub backward_transfer: Option<Spread>,
    /// Against the best that a task ever had.
    pub forgetting: Option<Spread>,
    /// Against what it had just after it.
    pub forgetting_of_first: Option<Spread>,
    /// Against joint training with the same head and rule, where that is another run.
    pub intransigence: Option<Spread>,
    /// Copies of examples that the remedy keeps.
    pub kept_examples: u64,
    /// How the mean accuracy lies to fine-tuning's with the same head and rule, where that is
    /// another run and there are several seeds.
    pub against_fine_tuning: Option<Standing>,
}

/// Every run over all seeds.
pub fn compare(checked: &Checked, history: &History) -> Vec<Compared> {
    let all = Results::all(checked, history);
    let runs = 0..checked.runs.len();
    let of_run = |run: usize| {
        let own = all.iter().filter(move |(number, ..)| *number == run);
        own.map(|(.., results)| results).collect::<Vec<_>>()
    };
    let mut compared: Vec<Compared> = runs.filter_map(|run| one(run, &of_run(run))).collect();
    for index in 0..compared.len() {
        let reference = reference(checked, &compared, index);
        compared[index].against_fine_tuning = reference;
    }
    compared
}

fn one(run: usize, seeds: &[&Results]) -> Option<Compared> {
    let first = seeds.first()?;
    let tasks = seeds.iter().map(|r| r.matrix.rows.len()).min()?;
    let of = |value: &dyn Fn(&AccuracyMatrix) -> Option<f64>| {
        Spread::of(seeds.iter().map(|r| value(&r.matrix)))
    };
    let by_task = |value: &dyn Fn(&AccuracyMatrix, usize) -> f64| {
        let spread = |task: usize| of(&|matrix| Some(value(matrix, task)));
        (0..tasks).filter_map(spread).collect()
    };
    Some(Compared {
        run,
        head: first.head,
        remedy: first.remedy,
        at_the_end: by_task(&|matrix, task| matrix.rows[tasks - 1][task]),
        when_learnt: by_task(&|matrix, task| matrix.rows[task][task]),
        mean_accuracy: of(&AccuracyMatrix::mean_accuracy),
        backward_transfer: of(&AccuracyMatrix::backward_transfer),
        forgetting: of(&AccuracyMatrix::forgetting),
        forgetting_of_first: of(&AccuracyMatrix::forgetting_of_first),
        intransigence: Spread::of(seeds.iter().map(|r| r.intransigence)),
        kept_examples: first.kept_examples,
        against_fine_tuning: None,
    })
}

/// How a run lies to fine-tuning with the same head and rule.
fn reference(checked: &Checked, compared: &[Compared], index: usize) -> Option<Standing> {
    let own = &compared[index];
    let rule = |run: usize| checked.runs[run].optimizer.card().id;
    let reference = compared.iter().find(|other| {
        other.remedy == "FineTuning" && other.head == own.head && rule(other.run) == rule(own.run)
    })?;
    if reference.run == own.run {
        return None;
    }
    Standing::of(own.mean_accuracy?, reference.mean_accuracy?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_seeds_give_mean_and_standard_deviation() {
        let three = Spread::of([Some(0.9), Some(0.8), Some(0.7)].into_iter()).unwrap();
        assert!((three.mean - 0.8).abs() < 1e-12);
        assert!((three.deviation.unwrap() - 0.1).abs() < 1e-12);
        let one = Spread::of([Some(0.987)].into_iter()).unwrap();
        assert_eq!((one.mean, one.deviation), (0.987, None));
        assert_eq!(Spread::of([Some(0.9), None].into_iter()), None);
        assert_eq!(Spread::of([].into_iter()), None);
    }

    #[test]
    fn what_lies_within_both_deviations_is_called_that() {
        let spread = |mean, deviation| Spread {
            mean,
            deviation: Some(deviation),
        };
        let of = |own, other| Standing::of(own, other).unwrap();
        assert_eq!(of(spread(0.8, 0.02), spread(0.7, 0.05)), Standing::Above);
        assert_eq!(of(spread(0.7, 0.05), spread(0.8, 0.02)), Standing::Below);
        let near = of(spread(0.75, 0.02), spread(0.7, 0.04));
        assert_eq!(near, Standing::WithinSpread);
        let single = Spread {
            mean: 0.5,
            deviation: None,
        };
        assert_eq!(Standing::of(single, single), None);
    }
}
