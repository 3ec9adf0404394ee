//! What `sweep` is asked, and what that means for an experiment.

use crate::cli::{data, run};
use crate::engine::{Plan, Sampling};
use crate::experiment::{Axis, Experiment, preset};
use crate::numbers::sobol::MAX_DIMENSIONS;
use crate::storage::shards::{Checksum, Shard};
use clap::ValueEnum;
use std::ffi::OsString;
use std::path::PathBuf;

/// The most rows of a sweep.
const MAX_ROWS: u64 = 1_000_000_000;

/// How trials lie over the axes.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum How {
    /// At every combination of the axes' values.
    #[default]
    Grid,
    /// Anywhere, drawn by the seed.
    Random,
    /// Spread evenly by a Sobol sequence.
    Sobol,
}

/// The arguments of `sweep`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
AXIS is QUANTITY=[0,]LOW:HIGH[:COUNT][:log|:linear], or QUANTITY=VALUE,VALUE,…, or QUANTITY alone \
for its usual values. QUANTITY is learning_rate, decay, a hyperparameter of the run, w1, w2, noise, \
seed, schedule.FIELD, surface.SETTING, wrappers.INDEX.SETTING or remedy.SETTING. COUNT is for grids; \
samples lie anywhere in the range. Of tasks that are learnt one after the other, final_loss and \
best_loss are the mean over all tasks' test data at the end.

  descent-lab sweep hw3_q3a --run 3 --x learning_rate=1e-4:1:256:log --y decay=0.001:1:64:log
  descent-lab sweep hw3_q3a --x w1=-2:2:128 --y w2=-2:2:128 --axis seed=0:9 --out starts")]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// The first axis, which changes fastest.
    #[arg(long, value_name = "AXIS")]
    x: Option<String>,
    /// The second axis.
    #[arg(long, value_name = "AXIS")]
    y: Option<String>,
    /// One more axis; as many as are wanted.
    #[arg(long, value_name = "AXIS")]
    axis: Vec<String>,
    /// Only this run, counted from 0 in file order; may be given again.
    #[arg(long, value_name = "R")]
    run: Vec<usize>,
    /// How trials lie over the axes; anything but a grid needs --trials.
    #[arg(long, value_enum, default_value = "grid")]
    sample: How,
    /// So many trials of each run, where they are sampled.
    #[arg(long, value_name = "N")]
    trials: Option<u64>,
    /// The seed of the sampling.
    #[arg(long, value_name = "S")]
    sample_seed: Option<u64>,
    /// The loss that is to be reached; the experiment's own target where it has one.
    #[arg(long, value_name = "LOSS", allow_negative_numbers = true)]
    target: Option<f64>,
    /// Run so many epochs in place of the experiment's own number.
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// Write sweep.csv into this folder, and go on from what an interrupted sweep has left there.
    /// Without it the table is printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make only shard I of N, from 1, of the same sweep; `merge` joins them.
    #[arg(long, value_name = "I/N", requires = "out")]
    shard: Option<String>,
    /// Say nothing but errors, and print no progress.
    #[arg(long)]
    quiet: bool,
}

/// A sweep that is ready to be made.
pub(super) struct Request {
    pub experiment: Experiment,
    pub plan: Plan,
    pub shard: Option<Shard>,
    pub quiet: bool,
}

impl Arguments {
    /// What the arguments ask for, or why they make no sense.
    pub(super) fn request(&self) -> Result<Request, String> {
        let checked = run::prepare(&self.experiment, self.epochs)?;
        let experiment = checked.experiment.clone();
        let runs = chosen_runs(&experiment, &self.run)?;
        let texts: Vec<&String> = self.x.iter().chain(&self.y).chain(&self.axis).collect();
        let axes = read_axes(&experiment, &runs, &texts)?;
        let sampling = self.sampling(axes.len())?;
        let own = experiment.tune.as_ref().and_then(|tune| tune.target);
        if let Some(target) = self.target.filter(|target| !target.is_finite()) {
            return Err(format!(
                "--target: {target} is not a finite number; give the loss to be reached"
            ));
        }
        let target = self.target.or(own).unwrap_or(f64::NAN);
        let plan = Plan::new(&experiment, &runs, axes, sampling, target)
            .map_err(|error| error.to_string())?;
        if plan.rows() > MAX_ROWS {
            return Err(format!(
                "{} trials are more than the {MAX_ROWS} that a sweep may have; give the axes \
                 fewer values",
                plan.rows()
            ));
        }
        let number = shard_number(self.shard.as_deref())?;
        if number.1 > plan.rows() {
            let (rows, shards) = (plan.rows(), number.1);
            return Err(format!(
                "--shard: {rows} trials cannot be spread over {shards} shards"
            ));
        }
        let shard = self.out.as_ref().map(|folder| {
            let data = data::checksum(&checked)?;
            let judged = (sampling, target);
            let question = fingerprint(&experiment, &runs, &plan, judged, &data);
            Ok::<_, String>(Shard::new(folder, question, number, plan.rows()))
        });
        let shard = shard.transpose()?;
        Ok(Request {
            experiment,
            plan,
            shard,
            quiet: self.quiet,
        })
    }

    fn sampling(&self, axes: usize) -> Result<Sampling, String> {
        let seed = self.sample_seed.unwrap_or(0);
        let sampled = || match self.trials {
            Some(trials) if (1..=u64::from(u32::MAX)).contains(&trials) => Ok(trials),
            Some(trials) => Err(format!(
                "--trials: {trials} is out of range; give 1 to {}",
                u32::MAX
            )),
            None => Err("--sample: say with --trials how many trials each run has".to_owned()),
        };
        match self.sample {
            How::Grid if self.trials.is_some() => Err(
                "--trials: a grid has as many trials as its axes say; sample with `--sample \
                 sobol` or `random`"
                    .to_owned(),
            ),
            How::Grid if self.sample_seed.is_some() => Err(
                "--sample-seed: nothing is drawn for a grid; sample with `--sample sobol` or \
                 `random`"
                    .to_owned(),
            ),
            How::Grid => Ok(Sampling::Grid),
            How::Random => Ok(Sampling::Random {
                trials: sampled()?,
                seed,
            }),
            How::Sobol if axes > MAX_DIMENSIONS => Err(format!(
                "--sample: a Sobol sequence has at most {MAX_DIMENSIONS} axes, and there are {axes}"
            )),
            How::Sobol => Ok(Sampling::Sobol {
                trials: sampled()?,
                seed,
            }),
        }
    }
}

/// Which of how many shards is meant; the only one where nobody says.
pub(in crate::cli) fn shard_number(text: Option<&str>) -> Result<(u64, u64), String> {
    let Some(text) = text else {
        return Ok((1, 1));
    };
    let numbers = text
        .split_once('/')
        .and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
    match numbers {
        Some((i, n)) if (1..=n).contains(&i) => Ok((i, n)),
        _ => Err(format!(
            "--shard: `{text}` is no shard; write I/N with I from 1 to N, as 2/8"
        )),
    }
}

/// The runs that are meant: those named, or all.
pub(in crate::cli) fn chosen_runs(
    experiment: &Experiment,
    named: &[usize],
) -> Result<Vec<usize>, String> {
    let count = experiment.runs.len();
    if count == 0 {
        return Err("the experiment has no runs".to_owned());
    }
    for &run in named {
        if run >= count {
            return Err(format!(
                "--run: there is no run {run}; the runs are 0 to {}",
                count - 1
            ));
        }
    }
    if named.is_empty() {
        return Ok((0..count).collect());
    }
    let mut runs = named.to_vec();
    runs.sort_unstable();
    runs.dedup();
    Ok(runs)
}

/// Axes that every chosen run has.
fn read_axes(
    experiment: &Experiment,
    runs: &[usize],
    texts: &[&String],
) -> Result<Vec<Axis>, String> {
    if texts.is_empty() {
        return Err("give at least one axis, as --x learning_rate=1e-5:1:64:log".to_owned());
    }
    let mut axes: Vec<Axis> = Vec::new();
    for text in texts {
        let mut read = Err(String::new());
        for &run in runs.iter().rev() {
            read = Axis::read(text, experiment, run).map_err(|error| {
                let label = experiment.runs[run].display_label();
                format!("run {run} ({label}): {error}")
            });
            if read.is_err() {
                break;
            }
        }
        let axis = read?;
        if axes
            .iter()
            .any(|other| other.quantity.is_same(&axis.quantity))
        {
            return Err(format!("`{}` is on two axes", axis.quantity));
        }
        axes.push(axis);
    }
    Ok(axes)
}

/// Equal for sweeps whose rows are equal.
fn fingerprint(
    experiment: &Experiment,
    runs: &[usize],
    plan: &Plan,
    (sampling, target): (Sampling, f64),
    data: &str,
) -> String {
    let mut part = experiment.deciding_part();
    // Labels stand in the table.
    for (run, own) in part.runs.iter_mut().zip(&experiment.runs) {
        run.label.clone_from(&own.label);
    }
    let axes: Vec<_> = plan.axes().iter().map(Axis::to_string).collect();
    let text = format!(
        "{}\n{runs:?}\n{axes:?}\n{sampling:?}\n{target:?}\n{data}{}",
        preset::write(&part),
        env!("CARGO_PKG_VERSION")
    );
    Checksum::of(text.as_bytes())
}
