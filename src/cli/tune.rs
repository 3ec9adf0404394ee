//! `tune FILE|NAME`.

use super::interruption::Interruption;
use super::progress::Progress;
use super::sweep::chosen_runs;
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, output, rates, run, table};
use crate::analysis::tuner::{self, Question, Rung, Tuned};
use crate::engine;
use crate::experiment::{Criterion, Experiment, Quantity, TuneSpec, preset};
use crate::export::shortest;
use crate::storage::{self, atomic};
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;

/// What makes one setting better than another.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// The lowest loss within the epochs.
    BestLoss,
    /// The fewest epochs until the loss is first no higher than the target.
    FirstTouch,
    /// The fewest epochs until the loss is no higher than the target and stays so.
    Stays,
}

/// The arguments of `tune`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Whatever is not said here is as the experiment's own `tune` has it; without one, learning rate and \
decay are searched for the lowest loss, or, with --target, for its first touch. AXIS is as in \
`sweep`.

Where a network is trained on one set of data, a budget of N settings is spent by successive \
halving: all are trained for a short time, a third of them for three times as long, and so on, the \
last ones for all epochs. --range-test makes one training instead, whose rate grows, and suggests rates.

  descent-lab tune hw3_q3b
  descent-lab tune hw3_q3a --target 0.01 --criterion stays --axis learning_rate=1e-4:1 --json
  descent-lab tune hw3_q6 --run 0 --budget 27 --epochs 9
  descent-lab tune hw3_q6 --run 0 --range-test")]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// What makes one setting better than another.
    #[arg(long, value_enum)]
    criterion: Option<By>,
    /// The loss that is to be reached.
    #[arg(long, value_name = "LOSS", allow_negative_numbers = true)]
    target: Option<f64>,
    /// How many epochs a trial has.
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// What is searched, in place of learning rate and decay; may be given again.
    #[arg(long, value_name = "AXIS")]
    axis: Vec<String>,
    /// How many trials every run may spend.
    #[arg(long, value_name = "N")]
    budget: Option<u64>,
    /// The seed of the search.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Only this run, counted from 0 in file order; may be given again.
    #[arg(long, value_name = "R")]
    run: Vec<usize>,
    /// Test the learning rates of every run by one run whose rate grows (L. N. Smith, WACV 2017),
    /// in place of a search.
    #[arg(long, conflicts_with_all = ["criterion", "target", "epochs", "axis", "budget", "seed"])]
    range_test: bool,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Write tune.json, and tuned.ron with the settings found, into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print no progress, and the results only as JSON where that is asked for.
    #[arg(long)]
    quiet: bool,
}

#[derive(Serialize)]
struct Report {
    experiment: String,
    criterion: Criterion,
    target: Option<f64>,
    epochs: u64,
    seed: u64,
    fairness: String,
    runs: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    run: usize,
    label: String,
    optimizer: String,
    /// Whether the target was reached as the criterion asks.
    reached: bool,
    learning_rate: f64,
    decay: f64,
    /// Every quantity that was searched.
    settings: BTreeMap<String, f64>,
    epochs: Option<u64>,
    loss: Option<f64>,
    robustness: Option<f64>,
    /// Trials spent: those of the search and those of the neighbourhood.
    experiments: u64,
    search_experiments: u64,
    /// How a network was trained, round after round, and for how many epochs altogether.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rounds: Vec<Round>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epochs_trained: Option<u64>,
}

/// A round of successive halving: so many settings, trained from the end of one epoch to that of
/// another.
#[derive(Serialize)]
struct Round {
    settings: u64,
    from_epoch: u64,
    to_epoch: u64,
}

impl Round {
    fn of(rung: &Rung) -> Self {
        Self {
            settings: rung.trials,
            from_epoch: rung.begin,
            to_epoch: rung.end,
        }
    }
}

/// Tunes every chosen run and prints, or writes, what was found.
pub fn execute(arguments: &Arguments) -> u8 {
    let (question, runs) = match arguments.question() {
        Ok(asked) => asked,
        Err(reason) => {
            output::say(&reason);
            return WRONG_USE;
        }
    };
    if let Some(folder) = &arguments.out
        && let Err(error) = storage::create_folder(folder)
    {
        output::say(&error);
        return FAILED;
    }
    if let Err(reason) = make_ready(&question.experiment) {
        output::say(&reason);
        return FAILED;
    }
    let interruption = Interruption::watch();
    if arguments.range_test {
        return arguments.test_rates(&question.experiment, &runs, &interruption);
    }
    let mut tuned = Vec::new();
    let progress = Mutex::new(Progress::new(runs.len() as u64, "runs", arguments.quiet));
    for &run in &runs {
        let watch = |_: tuner::Progress<'_>| {
            if let Ok(mut progress) = progress.try_lock() {
                progress.show(tuned.len() as u64);
            }
            match interruption.has_come() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        match question.tune(run, &watch) {
            Ok(found) => tuned.push(found),
            Err(error) => {
                output::say(&error);
                return WRONG_USE;
            }
        }
    }
    if let Ok(progress) = progress.lock() {
        progress.clear();
    }
    let report = report(&question, &tuned);
    if let Some(folder) = &arguments.out {
        let code = write(folder, &question, &report, &tuned);
        if code != DONE {
            return code;
        }
    }
    let printed = match (arguments.json, arguments.quiet) {
        (true, _) => output::print(&json(&report)),
        (false, false) => output::print(&text(&report)),
        (false, true) => DONE,
    };
    if printed != DONE || !tuned.iter().any(|tuned| tuned.is_cancelled) {
        return printed;
    }
    output::say(&"interrupted; the results are the best of the trials made so far");
    INTERRUPTED
}

/// Reads the data that every trial is to learn from, where there are any.
fn make_ready(experiment: &Experiment) -> Result<(), String> {
    match experiment.check() {
        Ok(checked) => engine::ready(&checked),
        // Said already.
        Err(_) => Ok(()),
    }
}

impl Arguments {
    fn test_rates(
        &self,
        experiment: &Experiment,
        runs: &[usize],
        interruption: &Interruption,
    ) -> u8 {
        let left_out = experiment.left_out([]);
        if let Some(left_out) = left_out.filter(|_| !self.quiet) {
            output::say(&left_out);
        }
        let tested = rates::test(experiment, runs, interruption);
        let printed = match (self.json, self.quiet) {
            (true, _) => rates::Printed::Json,
            (false, false) => rates::Printed::Text,
            (false, true) => rates::Printed::Nothing,
        };
        rates::report(&tested, printed, self.out.as_deref())
    }

    fn question(&self) -> Result<(Question, Vec<usize>), String> {
        let mut experiment = run::prepare(&self.experiment, None)?.experiment;
        let runs = chosen_runs(&experiment, &self.run)?;
        let own = experiment.tune.clone();
        let mut tune = own.clone().unwrap_or_default();
        if let Some(target) = self.target {
            tune.target = Some(target);
            if own.is_none() {
                tune.criterion = Criterion::FirstTouch;
            }
        }
        if let Some(by) = self.criterion {
            tune.criterion = match by {
                By::BestLoss => Criterion::BestLoss,
                By::FirstTouch => Criterion::FirstTouch,
                By::Stays => Criterion::Stays,
            };
        }
        if !self.axis.is_empty() {
            tune.axes.clone_from(&self.axis);
        }
        tune = TuneSpec {
            epochs: self.epochs.or(tune.epochs),
            budget: self.budget.or(tune.budget),
            seed: self.seed.unwrap_or(tune.seed),
            ..tune
        };
        experiment.tune = Some(tune);
        let problems = experiment.tune_problems();
        if !problems.is_empty() {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return Err(lines.join("\n"));
        }
        let question = Question::of(&experiment).with_one_budget(&runs);
        if experiment.epochs == 0 && experiment.tune.is_some_and(|tune| tune.epochs.is_none()) {
            return Err(
                "in 0 epochs every setting does the same; give at least 1 with --epochs".to_owned(),
            );
        }
        Ok((question.map_err(|error| error.to_string())?, runs))
    }
}

/// The experiment with the settings that were found.
fn applied(question: &Question, tuned: &[Tuned]) -> Experiment {
    let mut experiment = question.experiment.clone();
    for tuned in tuned {
        tuned.apply(&mut experiment);
    }
    experiment
}

fn report(question: &Question, tuned: &[Tuned]) -> Report {
    let experiment = applied(question, tuned);
    let row = |tuned: &Tuned| {
        let spec = &experiment.runs[tuned.run];
        let value = |quantity: Quantity| quantity.value(&experiment, tuned.run).unwrap_or(0.0);
        let axes = tuned.axes.iter().zip(tuned.values.iter().flatten());
        Row {
            run: tuned.run,
            label: spec.display_label(),
            optimizer: spec.optimizer.clone(),
            reached: tuned.verdict.succeeds,
            learning_rate: value(Quantity::LearningRate),
            decay: value(Quantity::Decay),
            settings: axes
                .map(|(axis, &value)| (axis.quantity.to_string(), value))
                .collect(),
            epochs: tuned.verdict.epochs,
            loss: Some(tuned.verdict.loss).filter(|loss| loss.is_finite()),
            robustness: tuned.robustness,
            experiments: tuned.searched + tuned.neighbours,
            search_experiments: tuned.searched,
            rounds: tuned.rungs.iter().map(Round::of).collect(),
            epochs_trained: Some(tuned.epochs_trained()).filter(|epochs| *epochs > 0),
        }
    };
    Report {
        experiment: experiment.title.clone(),
        criterion: question.criterion,
        target: Some(question.target).filter(|target| target.is_finite()),
        epochs: question.experiment.epochs,
        seed: question.seed,
        fairness: tuner::note(question, tuned),
        runs: tuned.iter().map(row).collect(),
    }
}

fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("a report is plain data with text for keys");
    text.push('\n');
    text
}

fn text(report: &Report) -> String {
    let digits = |x: f64| shortest(format!("{x:.5e}").parse().unwrap_or(x));
    let optional = |x: Option<f64>| x.map_or("–".to_owned(), digits);
    let row = |row: &Row| {
        let settings = row.settings.iter();
        let settings: Vec<_> = settings
            .map(|(name, x)| format!("{name} {}", digits(*x)))
            .collect();
        [
            row.label.clone(),
            settings.join(", "),
            if row.reached { "yes" } else { "no" }.to_owned(),
            row.epochs
                .map_or("–".to_owned(), |epochs| epochs.to_string()),
            optional(row.loss),
            row.robustness
                .map_or("–".to_owned(), |r| format!("{:.0} %", 100.0 * r)),
            row.experiments.to_string(),
        ]
    };
    let rows: Vec<_> = report.runs.iter().map(row).collect();
    let header = [
        "run",
        "settings",
        "reached",
        "epochs",
        "best loss",
        "robustness",
        "experiments",
    ];
    format!("{}\n{}\n", table::aligned(header, &rows), report.fairness)
}

fn write(folder: &std::path::Path, question: &Question, report: &Report, tuned: &[Tuned]) -> u8 {
    let ron = preset::write(&applied(question, tuned));
    for (name, text) in [("tune.json", json(report)), ("tuned.ron", ron)] {
        if let Err(error) = atomic::write(&folder.join(name), text.as_bytes()) {
            output::say(&error);
            return FAILED;
        }
    }
    DONE
}
