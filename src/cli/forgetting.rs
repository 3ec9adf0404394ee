//! What runs remember of the tasks that they learnt one after the other.

use super::table;
use crate::engine::History;
use crate::engine::continual::Results;
use crate::experiment::Checked;

/// Accuracies and forgetting as a table, and a line that says what they are. Several seeds give
/// means and standard deviations.
pub fn results(checked: &Checked, history: &History) -> String {
    let all = Results::all(checked, history);
    let rows = (0..checked.runs.len()).map(|run| {
        let of_run = all.iter().filter(|(number, ..)| *number == run);
        row(
            &checked.runs[run].label,
            &of_run.map(|(.., r)| r).collect::<Vec<_>>(),
        )
    });
    let header = [
        "run",
        "head",
        "task by task at the end",
        "when learnt",
        "mean",
        "forgetting",
        "kept examples",
    ];
    let seeds = match checked.experiment.all_seeds().len() {
        1 => String::new(),
        count => format!(" Means over {count} seeds ± standard deviation."),
    };
    let explained = format!(
        "Accuracies in % on test data. Mean: over all tasks at the end. Forgetting: what tasks \
         before the last lost of their best.{seeds}\n"
    );
    "\n".to_owned() + &table::aligned(header, &rows.collect::<Vec<_>>()) + &explained
}

fn row(label: &str, results: &[&Results]) -> [String; 7] {
    let tasks = results
        .iter()
        .map(|r| r.matrix.rows.len())
        .min()
        .unwrap_or(0);
    let by_task = |value: &dyn Fn(&Results, usize) -> f64| {
        let of = |task: usize| spread(results.iter().map(|r| Some(value(r, task))));
        (0..tasks).map(of).collect::<Vec<_>>().join(", ")
    };
    let first = results.first();
    [
        label.to_owned(),
        first.map_or("–", |r| r.head.name()).to_owned(),
        by_task(&|r, task| r.matrix.rows[tasks - 1][task]),
        by_task(&|r, task| r.matrix.rows[task][task]),
        spread(results.iter().map(|r| r.matrix.mean_accuracy())),
        spread(results.iter().map(|r| r.matrix.forgetting())),
        first.map_or(0, |r| r.kept_examples).to_string(),
    ]
}

/// Shares in %: their mean and, of several, their standard deviation; a dash where one is
/// missing.
fn spread(shares: impl Iterator<Item = Option<f64>>) -> String {
    let Some(shares) = shares
        .collect::<Option<Vec<f64>>>()
        .filter(|s| !s.is_empty())
    else {
        return "–".to_owned();
    };
    let count = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / count;
    if shares.len() == 1 {
        return format!("{:.1}", 100.0 * mean);
    }
    let squares = shares.iter().map(|share| (share - mean).powi(2));
    let deviation = (squares.sum::<f64>() / (count - 1.0)).sqrt();
    format!("{:.1} ± {:.1}", 100.0 * mean, 100.0 * deviation)
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn several_seeds_give_mean_and_standard_deviation() {
        assert_eq!(
            spread([Some(0.9), Some(0.8), Some(0.7)].into_iter()),
            "80.0 ± 10.0"
        );
        assert_eq!(spread([Some(0.987)].into_iter()), "98.7");
        assert_eq!(spread([Some(0.9), None].into_iter()), "–");
        assert_eq!(spread([].into_iter()), "–");
    }
}
