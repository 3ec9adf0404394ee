//! `tune FILE|NAME`.

pub(super) mod report;

use super::interruption::Interruption;
use super::progress::Progress;
use super::sweep::{chosen_runs, shard_number};
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, output, rates, run};
use crate::analysis::tuner::{self, Journal, NoJournal, Question, Tuned};
use crate::engine;
use crate::experiment::{Criterion, Experiment, TuneSpec, preset};
use crate::storage;
use crate::storage::shards::{Checksum, SearchShard, ShardError};
use clap::ValueEnum;
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
  descent-lab tune hw3_q6 --run 0 --range-test

With --out a search that was broken off or killed goes on with the same command: runs that are \
finished and networks that are trained are not searched or trained again. --shard I/N tunes only \
the runs of one of N machines, with the budget of all, and `merge` joins what they found:

  descent-lab tune hw3_q6 --out shards --shard 1/4
  descent-lab merge shards --out whole")]
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
    /// Tune only the runs of shard I of N, from 1; `merge` joins them.
    #[arg(
        long,
        value_name = "I/N",
        requires = "out",
        conflicts_with = "range_test"
    )]
    shard: Option<String>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Write tune.json, and tuned.ron with the settings found, into this folder, and keep there
    /// what is found on the way.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print no progress, and the results only as JSON where that is asked for.
    #[arg(long)]
    quiet: bool,
}

/// Tunes every chosen run and prints, or writes, what was found.
pub fn execute(arguments: &Arguments) -> u8 {
    let request = match arguments.request() {
        Ok(request) => request,
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
    let is_finished = match request.begin() {
        Ok(is_finished) => is_finished,
        Err(error) => return output::refuse(&error),
    };
    if let (true, Some(shard)) = (is_finished, &request.shard) {
        if !arguments.quiet {
            let path = shard.file();
            output::say(&format_args!(
                "nothing to do: this search is complete in {}",
                path.display()
            ));
        }
        return DONE;
    }
    let interruption = Interruption::watch();
    let code = arguments.make(&request, &interruption);
    if let Some(error) = request.shard.as_ref().and_then(SearchShard::failure) {
        output::say(&format_args!(
            "{error}; what was found could not be kept for a search that is broken off"
        ));
    }
    code
}

/// A search that is ready to be made.
struct Request {
    question: Question,
    /// Those that are tuned here.
    runs: Vec<usize>,
    /// Where it is kept; none without a folder, and for a range test.
    shard: Option<SearchShard>,
}

impl Request {
    /// Makes room for what is found. Whether everything has been found before.
    fn begin(&self) -> Result<bool, ShardError> {
        let Some(shard) = &self.shard else {
            return Ok(false);
        };
        let is_finished = shard.is_finished()?;
        if !is_finished {
            shard.begin()?;
        }
        Ok(is_finished)
    }

    /// Tunes one run, unless that was done before.
    fn tune(
        &self,
        run: usize,
        watch: &(dyn Fn(tuner::Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Tuned, String> {
        let Some(shard) = &self.shard else {
            let tuned = self.question.tune(run, &NoJournal, watch);
            return tuned.map_err(|error| error.to_string());
        };
        let known = shard.outcome(run);
        if let Some(tuned) = known.and_then(|outcome| self.question.answer(outcome)) {
            return Ok(tuned);
        }
        let journal: &dyn Journal = shard;
        let tuned = self.question.tune(run, journal, watch);
        let tuned = tuned.map_err(|error| error.to_string())?;
        if let Some(outcome) = tuned.outcome() {
            shard.keep(&outcome);
        }
        Ok(tuned)
    }
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
    fn make(&self, request: &Request, interruption: &Interruption) -> u8 {
        if let Err(reason) = make_ready(&request.question.experiment) {
            output::say(&reason);
            return FAILED;
        }
        if self.range_test {
            return self.test_rates(&request.question.experiment, &request.runs, interruption);
        }
        let mut tuned = Vec::new();
        let progress = Mutex::new(Progress::new(request.runs.len() as u64, "runs", self.quiet));
        for &run in &request.runs {
            let watch = |_: tuner::Progress<'_>| {
                if let Ok(mut progress) = progress.try_lock() {
                    progress.show(tuned.len() as u64);
                }
                match interruption.has_come() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            };
            match request.tune(run, &watch) {
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
        self.hand_over(request, &tuned)
    }

    /// Writes and prints what was found.
    fn hand_over(&self, request: &Request, tuned: &[Tuned]) -> u8 {
        let is_cancelled = tuned.iter().any(|tuned| tuned.is_cancelled);
        let question = &request.question;
        let report = report::report(question, tuned);
        let written = match (&request.shard, &self.out) {
            (Some(shard), _) if shard.is_one_of_several() => match is_cancelled {
                true => DONE,
                false => finish(shard, question, tuned),
            },
            (_, Some(folder)) => report::write(folder, question, &report, tuned),
            (_, None) => DONE,
        };
        if written != DONE {
            return written;
        }
        if let Some(shard) = request.shard.as_ref().filter(|_| !is_cancelled) {
            shard.clear();
        }
        let printed = match (self.json, self.quiet) {
            (true, _) => output::print(&report::json(&report)),
            (false, false) => output::print(&report::text(&report)),
            (false, true) => DONE,
        };
        if printed != DONE || !is_cancelled {
            return printed;
        }
        let goes_on = match request.shard {
            Some(_) => "; the same command goes on from there",
            None => "",
        };
        output::say(&format_args!(
            "interrupted; the results are the best of the trials made so far{goes_on}"
        ));
        INTERRUPTED
    }

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

    fn request(&self) -> Result<Request, String> {
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
        if experiment.epochs == 0
            && experiment
                .tune
                .as_ref()
                .is_some_and(|tune| tune.epochs.is_none())
        {
            return Err(
                "in 0 epochs every setting does the same; give at least 1 with --epochs".to_owned(),
            );
        }
        let question = Question::of(&experiment)
            .with_one_budget(&runs)
            .map_err(|error| error.to_string())?;
        let number = shard_number(self.shard.as_deref())?;
        if number.1 > runs.len() as u64 {
            return Err(format!(
                "--shard: {} runs cannot be spread over {} shards",
                runs.len(),
                number.1
            ));
        }
        let folder = self.out.as_ref().filter(|_| !self.range_test);
        let shard = folder.map(|folder| {
            let fingerprint = fingerprint(&question, &runs);
            SearchShard::new(folder, fingerprint, number, runs.clone())
        });
        let runs = shard.as_ref().map_or(runs, |shard| shard.runs().to_vec());
        Ok(Request {
            question,
            runs,
            shard,
        })
    }
}

/// Writes a shard that is finished.
fn finish(shard: &SearchShard, question: &Question, tuned: &[Tuned]) -> u8 {
    let outcomes = tuned.iter().filter_map(Tuned::outcome).collect();
    let experiment = preset::write(&question.experiment);
    match shard.finish(experiment, outcomes) {
        Ok(()) => DONE,
        Err(error) => {
            output::say(&error);
            FAILED
        }
    }
}

/// Equal for searches whose answers are equal.
fn fingerprint(question: &Question, runs: &[usize]) -> String {
    let text = format!(
        "{}\n{runs:?}\n{:?}\n{}",
        preset::write(&question.experiment),
        question.budget,
        env!("CARGO_PKG_VERSION")
    );
    Checksum::of(text.as_bytes())
}
