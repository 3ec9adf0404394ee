//! `explain FILE|NAME`.

use super::{WRONG_USE, output, run};
use crate::analysis::explanation::{self, NoSuchStep};
use crate::experiment::{Checked, nearest};
use crate::optimizers::{self, OPTIMIZERS, Optimizer};
use std::ffi::OsString;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// An experiment file, or the name of a built-in experiment.
    #[arg(value_name = "FILE|NAME")]
    experiment: OsString,
    /// Which update, from 1.
    #[arg(long, value_name = "K")]
    step: u64,
    /// Which run: its number from 0, its label, or its optimizer's id. All runs when absent.
    #[arg(long, value_name = "R")]
    run: Option<String>,
    /// The id of another rule that makes the same step from the same state, beside the run's own.
    #[arg(long, value_name = "RULE")]
    beside: Option<String>,
    /// From which start, where there are several: its number from 0 in file order.
    #[arg(long, value_name = "I", default_value_t = 0)]
    start: usize,
    /// With which seed, where there are several; the first when absent.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Plain text, or Markdown with LaTeX.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// With LaTeX between dollars.
    Markdown,
}

/// Prints what a step of one run, or of every run, did and why.
pub fn execute(arguments: &Arguments) -> u8 {
    match pages(arguments) {
        Ok(pages) => output::print(&pages),
        Err(reason) => {
            output::say(&reason);
            WRONG_USE
        }
    }
}

fn pages(arguments: &Arguments) -> Result<String, String> {
    let checked = run::prepare(&arguments.experiment, None)?;
    let checked = from_origin(&checked, arguments)?;
    let beside = arguments.beside.as_deref().map(rule).transpose()?;
    let of = |run: usize| {
        page(&checked, run, beside, arguments)
            .map_err(|reason| format!("{}: {reason}", checked.runs[run].label))
    };
    let pages = match &arguments.run {
        Some(named) => vec![of(find(&checked, named)?)?],
        None => every(&checked, of)?,
    };
    Ok(pages.join("\n"))
}

/// The explanation of a run's step, or of two rules' steps, as it is to be written.
fn page(
    checked: &Checked,
    run: usize,
    beside: Option<&'static dyn Optimizer>,
    arguments: &Arguments,
) -> Result<String, NoSuchStep> {
    let step = arguments.step;
    match (beside, arguments.format) {
        (None, Format::Text) => explanation::explain(checked, run, step).map(|of| of.to_text()),
        (None, Format::Markdown) => {
            explanation::explain(checked, run, step).map(|of| of.to_markdown())
        }
        (Some(other), Format::Text) => {
            explanation::share(checked, run, step, other).map(|of| of.to_text())
        }
        (Some(other), Format::Markdown) => {
            explanation::share(checked, run, step, other).map(|of| of.to_markdown())
        }
    }
}

/// The experiment from the start and with the seed that are asked for.
fn from_origin(checked: &Checked, arguments: &Arguments) -> Result<Checked, String> {
    let (starts, seeds) = (
        checked.experiment.all_starts(),
        checked.experiment.all_seeds(),
    );
    let start = arguments.start;
    if start >= starts.len() {
        let count = starts.len();
        return Err(format!(
            "there is no start {start}; the experiment has {count}, counted from 0"
        ));
    }
    let seed = arguments.seed.unwrap_or(seeds[0]);
    let Some(place) = seeds.iter().position(|&known| known == seed) else {
        let known: Vec<_> = seeds.iter().map(ToString::to_string).collect();
        let known = known.join(", ");
        return Err(format!(
            "the experiment has no seed {seed}; its seeds are {known}"
        ));
    };
    let origin = start * seeds.len() + place;
    let found = checked.from_origin(origin);
    found.ok_or_else(|| format!("there is no start {start} with seed {seed}"))
}

/// The rule of this id.
fn rule(id: &str) -> Result<&'static dyn Optimizer, String> {
    optimizers::find(id).ok_or_else(|| {
        let ids = OPTIMIZERS.iter().map(|rule| rule.card().id);
        let hint = nearest(id, ids);
        let hint = hint.map_or(String::new(), |known| format!("; did you mean `{known}`?"));
        format!("unknown optimizer `{id}`{hint}")
    })
}

/// Every run that made the step; the others are named, and it is an error when none did.
fn every(
    checked: &Checked,
    of: impl Fn(usize) -> Result<String, String>,
) -> Result<Vec<String>, String> {
    if checked.runs.is_empty() {
        return Err("the experiment has no runs, so there is nothing to explain".to_owned());
    }
    let mut reasons = Vec::new();
    let mut pages = Vec::new();
    for run in 0..checked.runs.len() {
        match of(run) {
            Ok(page) => pages.push(page),
            Err(reason) => reasons.push(reason),
        }
    }
    let reasons = reasons.join("\n");
    if pages.is_empty() {
        return Err(reasons);
    }
    if !reasons.is_empty() {
        output::say(&reasons);
    }
    Ok(pages)
}

/// The run that is meant: by number, label or optimizer, in this order.
fn find(checked: &Checked, named: &str) -> Result<usize, String> {
    let runs = &checked.runs;
    if let Some(index) = named
        .parse()
        .ok()
        .filter(|&index: &usize| index < runs.len())
    {
        return Ok(index);
    }
    let by_label: Vec<_> = (0..runs.len())
        .filter(|&i| runs[i].label == named)
        .collect();
    let by_rule = |i: &usize| runs[*i].optimizer.card().id == named;
    let found = match by_label.is_empty() {
        true => (0..runs.len()).filter(by_rule).collect(),
        false => by_label,
    };
    match found[..] {
        [run] => Ok(run),
        [] => Err(unknown(checked, named)),
        _ => {
            let numbers: Vec<_> = found.iter().map(ToString::to_string).collect();
            let numbers = numbers.join(", ");
            Err(format!(
                "`{named}` could be each of the runs {numbers}; give one by number"
            ))
        }
    }
}

fn unknown(checked: &Checked, named: &str) -> String {
    let labels = || checked.runs.iter().map(|run| run.label.as_str());
    let ids = checked.runs.iter().map(|run| run.optimizer.card().id);
    let hint = nearest(named, ids.chain(labels()));
    let hint = hint.map_or(String::new(), |known| format!(" (did you mean `{known}`?)"));
    let runs = labels().enumerate();
    let runs: Vec<_> = runs
        .map(|(index, label)| format!("{index} {label}"))
        .collect();
    format!(
        "there is no run `{named}`{hint}; the runs are {}",
        runs.join(", ")
    )
}
