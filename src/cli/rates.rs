//! `tune --range-test`.

use super::interruption::Interruption;
use super::{DONE, FAILED, INTERRUPTED, output, table};
use crate::analysis::range_test::{RangeTest, range_test, usual_rates};
use crate::experiment::Experiment;
use crate::export::shortest;
use crate::storage::atomic;
use serde::Serialize;
use std::path::Path;

/// What was tested of every run.
#[derive(Serialize)]
pub struct Tested {
    experiment: String,
    seed: u64,
    runs: Vec<Row>,
    #[serde(skip)]
    is_interrupted: bool,
    /// Why runs were not tested.
    #[serde(skip)]
    failures: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    run: usize,
    label: String,
    optimizer: String,
    /// The suggested rates; null where the loss never falls.
    lowest_rate: Option<f64>,
    highest_rate: Option<f64>,
    /// The rate at which the run diverged.
    diverged_at: Option<f64>,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    learning_rate: f64,
    loss: f64,
    /// What the suggestion is read from.
    smoothed_loss: f64,
}

/// Tests the rates of these runs, one after the other.
pub fn test(experiment: &Experiment, runs: &[usize], interruption: &Interruption) -> Tested {
    let mut tested = Tested {
        experiment: experiment.title.clone(),
        seed: experiment.all_seeds()[0],
        runs: Vec::new(),
        is_interrupted: false,
        failures: Vec::new(),
    };
    let goes_on = || !interruption.has_come();
    for &run in runs {
        match of_run(experiment, run, &goes_on) {
            Ok(Some(found)) => tested.runs.push(row(experiment, run, found)),
            Ok(None) => tested.is_interrupted |= interruption.has_come(),
            Err(reason) => tested
                .failures
                .push(format!("run {run} cannot be tested: {reason}")),
        }
    }
    tested
}

/// The test of one run, none when it was interrupted, or what keeps it from being tested.
fn of_run(
    experiment: &Experiment,
    run: usize,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<RangeTest>, String> {
    let rates = usual_rates(experiment, run).map_err(|error| error.to_string())?;
    range_test(experiment, run, &rates, goes_on).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        problems.join("; ")
    })
}

fn row(experiment: &Experiment, run: usize, found: RangeTest) -> Row {
    let spec = &experiment.runs[run];
    let points = found.points.iter().map(|point| Point {
        learning_rate: point.rate,
        loss: point.loss,
        smoothed_loss: point.smoothed,
    });
    Row {
        run,
        label: spec.display_label(),
        optimizer: spec.optimizer.clone(),
        lowest_rate: found.band.map(|(low, _)| low),
        highest_rate: found.band.map(|(_, high)| high),
        diverged_at: found.diverged_at,
        points: points.collect(),
    }
}

/// What is printed of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// Everything, for programs.
    Json,
    /// A table, for people.
    Text,
    /// Nothing; there is the file.
    Nothing,
}

/// Prints what was tested, and writes `range_test.json`. Returns the exit code.
pub fn report(tested: &Tested, printed: Printed, folder: Option<&Path>) -> u8 {
    let mut json =
        serde_json::to_string_pretty(tested).expect("a report is plain data with text for keys");
    json.push('\n');
    if let Some(folder) = folder
        && let Err(error) = atomic::write(&folder.join("range_test.json"), json.as_bytes())
    {
        output::say(&error);
        return FAILED;
    }
    let printed = match printed {
        Printed::Json => output::print(&json),
        Printed::Text => output::print(&text(tested)),
        Printed::Nothing => DONE,
    };
    for failure in &tested.failures {
        output::say(failure);
    }
    if printed != DONE {
        return printed;
    }
    match (tested.is_interrupted, tested.failures.is_empty()) {
        (true, _) => {
            output::say(&"interrupted; only the runs before are tested");
            INTERRUPTED
        }
        (false, false) => FAILED,
        (false, true) => DONE,
    }
}

fn text(tested: &Tested) -> String {
    let digits = |x: f64| shortest(format!("{x:.2e}").parse().unwrap_or(x));
    let optional = |x: Option<f64>| x.map_or("–".to_owned(), digits);
    let row = |row: &Row| {
        let [low, high] = [row.lowest_rate, row.highest_rate];
        let middle = low.zip(high).map(|(low, high)| (low * high).sqrt());
        let [low, middle, high] = [low, middle, high].map(optional);
        [
            row.label.clone(),
            low,
            middle,
            high,
            optional(row.diverged_at),
        ]
    };
    let rows: Vec<_> = tested.runs.iter().map(row).collect();
    let header = ["run", "from", "middle", "to", "diverges at"];
    format!(
        "{}\nSuggested learning rates: from where the loss has begun to fall to a quarter of the \
         rate at which it was lowest, in one run whose rate grows at every step (L. N. Smith, \
         WACV 2017).\n",
        table::aligned(header, &rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn a_run_that_cannot_be_tested_is_named_and_fails() {
        let text = r#"(version: 1, objective: Landscape(surface: "booth"), runs: [
            (optimizer: "sgd"), (optimizer: "adam", hyperparameters: {"beta1": 7})])"#;
        let experiment = preset::read(text).unwrap();
        let tested = test(&experiment, &[0, 1, 9], &Interruption::watch());
        assert_eq!(tested.runs.len(), 1);
        let [wrong, missing] = &tested.failures[..] else {
            panic!("{:?}", tested.failures);
        };
        assert!(wrong.starts_with("run 1 cannot be tested: "), "{wrong}");
        assert!(missing.starts_with("run 9 cannot be tested: "), "{missing}");
        assert_eq!(report(&tested, Printed::Nothing, None), FAILED);
    }
}
