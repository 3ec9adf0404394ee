//! `tune FILE|NAME`.

pub(super) mod report;

use super::interruption::Interruption;
use super::progress::Progress;
use super::sweep::{chosen_runs, shard_number};
use super::{DONE, FAILED, INTERRUPTED, WRONG_USE, data, output, rates, run};
use crate::analysis::tuner::{self, Journal, NoJournal, Question, Tuned};
use crate::engine;
use crate::experiment::{Criterion, Experiment, TuneSpec, preset};
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
    /// Write tune.json, and tuned.ron with the settings found, into this folder (with --shard,
    /// tune-I-of-N.ron), and keep there what is found on the way.
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
    if let Err(code) = output::make_folder(arguments.out.as_deref()) {
        return code;
    }
    let known = match request.begin() {
        Ok(known) => known,
        Err(error) => return output::refuse(&error),
    };
    if let (Some(tuned), Some(shard)) = (known, &request.shard) {
        return arguments.repeat(&request, shard, &tuned);
    }
    let interruption = Interruption::watch();
    let code = arguments.make(&request, &interruption);
    if let Some(shard) = request.shard.as_ref().filter(|_| code != DONE) {
        shard.leave();
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
    /// What was found before, where that was everything; otherwise room for what will be.
    fn begin(&self) -> Result<Option<Vec<Tuned>>, ShardError> {
        let Some(shard) = &self.shard else {
            return Ok(None);
        };
        let Some(outcomes) = shard.finished()? else {
            shard.begin()?;
            return Ok(None);
        };
        let tuned = self.question.answers(outcomes);
        match tuned {
            Some(tuned) => Ok(Some(tuned)),
            None => Err(ShardError::of_another_experiment(shard.file())),
        }
    }

    /// Tunes one run, unless that was done before; the exit code and the reason where that cannot
    /// be done.
    fn tune(
        &self,
        run: usize,
        watch: &(dyn Fn(tuner::Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Tuned, (u8, String)> {
        let shard = self.shard.as_ref();
        let known = shard.and_then(|shard| shard.outcome(run));
        if let Some(tuned) = known.and_then(|outcome| self.question.answer(outcome)) {
            return Ok(tuned);
        }
        let journal = shard.map_or(&NoJournal as &dyn Journal, |shard| shard);
        let tuned = self.question.tune(run, journal, watch);
        let tuned = tuned.map_err(|error| (WRONG_USE, error.to_string()))?;
        if tuned.unbegun > 0 {
            make_ready(&self.question.experiment).map_err(|reason| (FAILED, reason))?;
            let label = self.question.experiment.runs[run].display_label();
            let reason = format!(
                "run {run} ({label}): {} trainings could not begin, as if their data had been out \
                 of reach for a while; nothing is written, and the same command makes them again",
                tuned.unbegun
            );
            return Err((FAILED, reason));
        }
        if let (Some(shard), Some(outcome)) = (shard, tuned.outcome()) {
            shard.keep(&outcome);
        }
        Ok(tuned)
    }

    /// Says once that what is found cannot be kept.
    fn tell_failure(&self) {
        if let Some(error) = self.shard.as_ref().and_then(SearchShard::failure) {
            output::say(&format_args!(
                "{error}; should this search be broken off, it cannot go on from there"
            ));
        }
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
        if self.range_test {
            return self.test_rates(&request.question.experiment, &request.runs, interruption);
        }
        let mut tuned = Vec::new();
        let count = request.runs.len() as u64;
        let progress = Mutex::new(Progress::new(count, "runs", self.quiet));
        for &run in &request.runs {
            let watch = |_: tuner::Progress<'_>| {
                request.tell_failure();
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
                Err((code, reason)) => {
                    if let Ok(progress) = progress.lock() {
                        progress.clear();
                    }
                    output::say(&reason);
                    return code;
                }
            }
        }
        if let Ok(progress) = progress.lock() {
            progress.clear();
        }
        match tuned.iter().any(|tuned| tuned.is_cancelled) {
            true => self.break_off(request, &tuned),
            false => self.hand_over(request, &tuned),
        }
    }

    /// Prints the best of the trials made so far.
    fn break_off(&self, request: &Request, tuned: &[Tuned]) -> u8 {
        let printed = self.print(&report::report(&request.question, tuned));
        if printed != DONE {
            return printed;
        }
        let goes_on = match &request.shard {
            Some(shard) if !shard.has_failed() => {
                "; nothing is written yet, and the same command goes on from what is finished"
            }
            Some(_) => "; nothing is written yet",
            None => "",
        };
        output::say(&format_args!(
            "interrupted; the results are the best of the trials made so far{goes_on}"
        ));
        INTERRUPTED
    }

    /// Writes and prints what was found.
    fn hand_over(&self, request: &Request, tuned: &[Tuned]) -> u8 {
        let report = report::report(&request.question, tuned);
        if let (Some(shard), Some(folder)) = (&request.shard, &self.out) {
            if !shard.is_one_of_several() {
                let code = report::write(folder, &request.question, &report, tuned);
                if code != DONE {
                    return code;
                }
            }
            let experiment = preset::write(&request.question.experiment);
            let outcomes = tuned.iter().filter_map(Tuned::outcome).collect();
            if let Err(error) = shard.finish(experiment, outcomes) {
                output::say(&error);
                return FAILED;
            }
            if !self.quiet && shard.is_one_of_several() {
                output::say(&format_args!("wrote {}", shard.file().display()));
            }
        }
        self.print(&report)
    }

    /// Says and prints what was found before; files of it that have been removed are written again.
    fn repeat(&self, request: &Request, shard: &SearchShard, tuned: &[Tuned]) -> u8 {
        let path = shard.file();
        if !self.quiet {
            let path = path.display();
            output::say(&format_args!(
                "nothing to do: this search is complete in {path}"
            ));
        }
        let report = report::report(&request.question, tuned);
        if let Some(folder) = self.out.as_ref().filter(|_| !shard.is_one_of_several()) {
            let code = report::write(folder, &request.question, &report, tuned);
            if code != DONE {
                return code;
            }
        }
        self.print(&report)
    }

    fn print(&self, report: &report::Report) -> u8 {
        match (self.json, self.quiet) {
            (true, _) => output::print(&report::json(report)),
            (false, false) => output::print(&report::text(report)),
            (false, true) => DONE,
        }
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
        let checked = run::prepare(&self.experiment, None)?;
        let mut experiment = checked.experiment.clone();
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
            let data = data::checksum(&checked)?;
            let fingerprint = fingerprint(&question, &runs, &data);
            Ok::<_, String>(SearchShard::new(folder, fingerprint, number, runs.clone()))
        });
        let shard = shard.transpose()?;
        let runs = shard.as_ref().map_or(runs, |shard| shard.runs().to_vec());
        Ok(Request {
            question,
            runs,
            shard,
        })
    }
}

/// Equal for searches whose answers are equal.
fn fingerprint(question: &Question, runs: &[usize], data: &str) -> String {
    let text = format!(
        "{}\n{runs:?}\n{:?}\n{data}\n{}",
        preset::write(&question.experiment),
        question.budget,
        env!("CARGO_PKG_VERSION")
    );
    Checksum::of(text.as_bytes())
}
