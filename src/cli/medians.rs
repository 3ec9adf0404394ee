//! What became of runs that went from several starts or with several seeds.

use super::run::six_digits;
use super::table;
use crate::engine::History;
use crate::engine::summary::{Quartiles, Summary, usual_target};
use crate::experiment::Checked;

/// Medians, quartiles and success rates as a table, and a line that says what they are.
pub fn results(checked: &Checked, history: &History) -> String {
    let target = usual_target(checked);
    let summary = |run: usize| Summary::of(history, run, target);
    let rows: Vec<_> = checked
        .runs
        .iter()
        .enumerate()
        .filter_map(|(number, run)| Some(row(&run.label, &summary(number)?, checked)))
        .collect();
    let header = [
        "run",
        "success",
        "diverged",
        "final loss",
        "quartiles",
        "best loss",
        "epochs to success",
    ];
    table::aligned(header, &rows) + &explanation(checked, target)
}

fn row(label: &str, summary: &Summary, checked: &Checked) -> [String; 7] {
    let epochs = |updates: f64| updates / checked.updates_per_epoch() as f64;
    let records = summary.records;
    [
        label.to_owned(),
        summary.successes.map_or("–".to_owned(), |count| {
            format!("{count}/{records} ({:.0} %)", percent(count, records))
        }),
        format!("{}/{records}", summary.diverged),
        number(summary.final_loss.median),
        quartiles(&summary.final_loss),
        number(summary.best_loss.median),
        summary
            .reached
            .map_or("–".to_owned(), |reached| number(epochs(reached.median))),
    ]
}

fn percent(count: usize, of: usize) -> f64 {
    100.0 * count as f64 / of.max(1) as f64
}

fn quartiles(of: &Quartiles) -> String {
    format!("{} to {}", number(of.lower), number(of.upper))
}

/// A number as people read it; what no record reached is said so.
fn number(value: f64) -> String {
    if value.is_infinite() {
        "∞".to_owned()
    } else {
        six_digits(Some(value))
    }
}

fn explanation(checked: &Checked, target: Option<f64>) -> String {
    let experiment = &checked.experiment;
    let [starts, seeds] = [experiment.all_starts().len(), experiment.all_seeds().len()];
    let mut text = format!(
        "Medians over {starts} {} × {seeds} {}; a diverged run's loss counts as infinite.\n",
        plural("start", starts),
        plural("seed", seeds)
    );
    if let Some(target) = target {
        let target = number(target);
        text += &format!(
            "Success: a loss of at most {target}, 0.001 above the least known, was reached.\n"
        );
    }
    text
}

fn plural(noun: &str, count: usize) -> String {
    format!("{noun}{}", if count == 1 { "" } else { "s" })
}
