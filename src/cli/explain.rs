//! `explain FILE|NAME`.

use super::{WRONG_USE, output, run};
use crate::analysis::explanation::{self, Explanation};
use crate::experiment::{Checked, nearest};
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
    let of = |run: usize| {
        explanation::explain(&checked, run, arguments.step)
            .map_err(|reason| format!("{}: {reason}", checked.runs[run].label))
    };
    let explanations: Vec<Explanation> = match &arguments.run {
        Some(named) => vec![of(find(&checked, named)?)?],
        None => every(&checked, of)?,
    };
    let pages: Vec<_> = explanations
        .iter()
        .map(|explanation| match arguments.format {
            Format::Text => explanation.to_text(),
            Format::Markdown => explanation.to_markdown(),
        })
        .collect();
    Ok(pages.join("\n"))
}

/// Every run that made the step; the others are named, and it is an error when none did.
fn every(
    checked: &Checked,
    of: impl Fn(usize) -> Result<Explanation, String>,
) -> Result<Vec<Explanation>, String> {
    if checked.runs.is_empty() {
        return Err("the experiment has no runs, so there is nothing to explain".to_owned());
    }
    let mut reasons = Vec::new();
    let mut explanations = Vec::new();
    for run in 0..checked.runs.len() {
        match of(run) {
            Ok(explanation) => explanations.push(explanation),
            Err(reason) => reasons.push(reason),
        }
    }
    let reasons = reasons.join("\n");
    if explanations.is_empty() {
        return Err(reasons);
    }
    if !reasons.is_empty() {
        output::say(&reasons);
    }
    Ok(explanations)
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
