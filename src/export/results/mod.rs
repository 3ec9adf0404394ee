//! The results of runs as a table: what became of each, in which order, and which did best.

mod text;

pub use text::TableForm;
pub(super) use text::{escaped_for_latex, escaped_for_markdown};

use super::shortest;
use crate::engine::summary::{Quartiles, Reached, Summary};
use crate::engine::{Best, History, Outcome, Trace};
use crate::figures::axis::significant;

/// A column of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResultColumn {
    /// The run's name.
    Run,
    /// The last loss.
    FinalLoss,
    /// The lowest loss that counts.
    BestLoss,
    /// Updates until the target loss was reached.
    Epochs,
    /// The share of records that reached it.
    Success,
    /// Where, or how many of its records, diverged.
    Diverged,
    /// Evaluations of the objective.
    Evaluations,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// By what.
    pub column: ResultColumn,
    /// Whether from the worst to the best.
    pub is_reversed: bool,
}

/// Runs that one history records.
#[derive(Debug)]
pub struct Source<'a> {
    /// Their record.
    pub history: &'a History,
    /// Number and name of every run that is to have a row.
    pub runs: Vec<(usize, String)>,
    /// How many updates are an epoch.
    pub updates_per_epoch: u64,
    /// Whether it is a pinned experiment, not the present one.
    pub is_pinned: bool,
}

/// One run's line.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRow {
    /// Its number in its experiment.
    pub run: usize,
    /// Its name.
    pub label: String,
    /// How many updates are an epoch.
    pub updates_per_epoch: u64,
    /// Whether it belongs to a pinned experiment.
    pub is_pinned: bool,
    /// Whether it did best, by the column that decides.
    pub is_best: bool,
    /// What all its records say together.
    pub summary: Summary,
    /// When the first record reached the target.
    pub reached: Reached,
    /// How the first record ended.
    pub outcome: Outcome,
    /// The lowest loss of the first record.
    pub best: Option<Best>,
}

/// The lines of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultTable {
    /// In order.
    pub columns: Vec<ResultColumn>,
    /// In order.
    pub rows: Vec<ResultRow>,
    /// Whether any run goes from several starts or with several seeds.
    pub has_several: bool,
}

impl Sorting {
    /// The order after a click on a heading: the best first, and the other way round at the
    /// second click.
    pub fn clicked(self, column: ResultColumn) -> Self {
        Self {
            column,
            is_reversed: self.column == column && !self.is_reversed,
        }
    }
}

impl ResultTable {
    /// The results of all runs, with `target` as the loss to be reached.
    pub fn new(sources: &[Source<'_>], target: Option<f64>, sorting: Sorting) -> Self {
        let rows = sources.iter().flat_map(|source| rows(source, target));
        let mut rows: Vec<_> = rows.collect();
        let has_several = rows.iter().any(|row| row.summary.records > 1);
        let columns = columns(target, has_several);
        mark_best(&mut rows, sorting.column);
        rows.sort_by(|a, b| match sorting.column {
            ResultColumn::Run => a.label.to_lowercase().cmp(&b.label.to_lowercase()),
            column => a.badness(column).total_cmp(&b.badness(column)),
        });
        if sorting.is_reversed {
            rows.reverse();
        }
        Self {
            columns,
            rows,
            has_several,
        }
    }
}

fn columns(target: Option<f64>, has_several: bool) -> Vec<ResultColumn> {
    use ResultColumn as C;
    let all = [
        C::Run,
        C::FinalLoss,
        C::BestLoss,
        C::Epochs,
        C::Success,
        C::Diverged,
        C::Evaluations,
    ];
    let is_there = |column: &C| match column {
        C::Epochs => target.is_some(),
        C::Success => target.is_some() && has_several,
        _ => true,
    };
    all.into_iter().filter(is_there).collect()
}

fn rows(source: &Source<'_>, target: Option<f64>) -> Vec<ResultRow> {
    let row = |(run, label): &(usize, String)| {
        let first: &Trace = source.history.traces.get(*run)?;
        Some(ResultRow {
            run: *run,
            label: label.clone(),
            updates_per_epoch: source.updates_per_epoch.max(1),
            is_pinned: source.is_pinned,
            is_best: false,
            summary: Summary::of(source.history, *run, target)?,
            reached: target.map_or(Reached::Never, |target| Reached::of(first, target)),
            outcome: first.outcome,
            best: first.best,
        })
    };
    source.runs.iter().filter_map(row).collect()
}

/// Marks whatever is best in the column that the table is sorted by; names and divergence decide
/// nothing, there the best loss does.
fn mark_best(rows: &mut [ResultRow], column: ResultColumn) {
    let column = match column {
        ResultColumn::Run | ResultColumn::Diverged => ResultColumn::BestLoss,
        column => column,
    };
    let least = rows.iter().map(|row| row.badness(column));
    let least = least.fold(f64::INFINITY, f64::min);
    for row in rows {
        row.is_best = least.is_finite() && row.badness(column) == least;
    }
}

impl ResultColumn {
    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::FinalLoss => "final loss",
            Self::BestLoss => "best loss",
            Self::Epochs => "epochs to target",
            Self::Success => "success",
            Self::Diverged => "diverged",
            Self::Evaluations => "evaluations",
        }
    }

    /// What it says, for one record or for several.
    pub fn meaning(self, has_several: bool) -> &'static str {
        match (self, has_several) {
            (Self::Run, _) => "The run's name; pinned runs are of the pinned experiment.",
            (Self::FinalLoss, false) => "The loss after the last update.",
            (Self::FinalLoss, true) => {
                "Median of the loss after the last update, and its quartiles; a diverged run's \
                 counts as infinite."
            }
            (Self::BestLoss, false) => "The lowest loss that counts, and the epoch it came at.",
            (Self::BestLoss, true) => "Median of the lowest loss that counts.",
            (Self::Epochs, false) => {
                "Epochs until the loss was first at most the target. Two numbers: the record is \
                 thinned, and it was in between."
            }
            (Self::Epochs, true) => {
                "Median of the epochs until the loss was first at most the target; one that never \
                 was counts as infinite."
            }
            (Self::Success, _) => "How many of the records reached the target loss.",
            (Self::Diverged, false) => "The epoch at which the numbers left the finite range.",
            (Self::Diverged, true) => "How many of the records left the finite range.",
            (Self::Evaluations, false) => "How often the rule has evaluated the objective.",
            (Self::Evaluations, true) => "Median of how often the rule evaluated the objective.",
        }
    }
}

impl ResultRow {
    /// The number that decides the order in a column; the less the better.
    fn badness(&self, column: ResultColumn) -> f64 {
        let summary = &self.summary;
        let median = |quartiles: Option<Quartiles>| quartiles.map_or(f64::INFINITY, |q| q.median);
        let share = |count: usize| count as f64 / summary.records as f64;
        match column {
            ResultColumn::Run => 0.0,
            ResultColumn::FinalLoss => summary.final_loss.median,
            ResultColumn::BestLoss => summary.best_loss.median,
            ResultColumn::Epochs => median(summary.reached),
            ResultColumn::Success => summary.successes.map_or(f64::INFINITY, |n| -share(n)),
            ResultColumn::Diverged => match self.outcome {
                _ if summary.records > 1 => share(summary.diverged),
                // The later, the better; never is best.
                Outcome::Diverged { step } => 1.0 / (1.0 + step as f64),
                _ => 0.0,
            },
            ResultColumn::Evaluations => summary.evaluations.median,
        }
    }

    /// What stands in a column, as people read it.
    pub fn cell(&self, column: ResultColumn) -> String {
        self.text(column, &|value| significant(value, 5))
    }

    /// The same with every digit, for other programs.
    fn exact_cell(&self, column: ResultColumn) -> String {
        let cell = self.text(column, &|value| match value.is_finite() {
            true => shortest(value),
            false => String::new(),
        });
        cell.replace('–', "-")
    }

    fn text(&self, column: ResultColumn, number: &dyn Fn(f64) -> String) -> String {
        let summary = &self.summary;
        let is_one = summary.records == 1;
        match column {
            ResultColumn::Run => self.label.clone(),
            ResultColumn::FinalLoss => number(summary.final_loss.median),
            ResultColumn::BestLoss => number(summary.best_loss.median),
            ResultColumn::Epochs => match (self.reached, summary.reached) {
                (Reached::Within { earliest, latest }, _) if is_one => {
                    let [earliest, latest] =
                        [earliest, latest].map(|step| step.div_ceil(self.updates_per_epoch));
                    format!("{earliest}–{latest}")
                }
                (_, Some(reached)) => number(reached.median / self.updates_per_epoch as f64),
                (_, None) => String::new(),
            },
            ResultColumn::Success => match summary.successes {
                Some(count) => format!("{count}/{}", summary.records),
                None => String::new(),
            },
            ResultColumn::Diverged => match self.outcome {
                _ if !is_one => format!("{}/{}", summary.diverged, summary.records),
                Outcome::Diverged { step } => step.to_string(),
                _ => String::new(),
            },
            ResultColumn::Evaluations => number(summary.evaluations.median),
        }
    }
}

#[cfg(test)]
mod tests;
