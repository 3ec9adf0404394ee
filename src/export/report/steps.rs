//! How every run went, and chosen steps explained.

use super::ReportError;
use super::document::{Document, Part, Piece};
use crate::analysis::diagnosis::{self, Episode, remedies};
use crate::analysis::explanation;
use crate::analysis::step_sizes::{self, StepSizes};
use crate::experiment::Checked;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

/// The most episodes of a run that are told.
const MOST_EPISODES: usize = 8;

/// Writes what a watcher of every update says of each run.
pub fn diagnoses(
    checked: &Checked,
    document: &mut Document,
    watch: &mut impl FnMut() -> ControlFlow<()>,
) -> Result<(), ReportError> {
    // Watching every update of a network would train it once more.
    if checked.runs.is_empty() || checked.updates() == 0 || checked.task().is_some() {
        return Ok(());
    }
    document.heading(2, "Diagnosis");
    let header = ["run", "updates", "verdict", "what shows it", "what to try"].map(Piece::from);
    let mut rows = Vec::new();
    let (watch, is_cut) = (RefCell::new(watch), Cell::new(false));
    let goes_on = || {
        let goes_on = watch.borrow_mut()().is_continue();
        is_cut.set(is_cut.get() || !goes_on);
        goes_on
    };
    for run in 0..checked.runs.len() {
        let found = diagnosis::diagnose(checked, run, &goes_on);
        if is_cut.get() {
            return Err(ReportError::Cancelled);
        }
        let Some(found) = found else { continue };
        let first = found.episodes.len().saturating_sub(MOST_EPISODES);
        for episode in &found.episodes[first..] {
            rows.push(row(checked, run, &found.label, episode));
        }
    }
    document.parts.push(Part::Table(header.into(), rows));
    Ok(())
}

fn row(checked: &Checked, run: usize, label: &str, episode: &Episode) -> Vec<Piece> {
    let spec = &checked.experiment.runs[run];
    let remedies = remedies(spec, label, episode);
    let remedies: Vec<_> = remedies.into_iter().map(|remedy| remedy.title).collect();
    vec![
        label.to_owned().into(),
        format!("{}–{}", episode.from, episode.to).into(),
        episode.verdict.name().into(),
        episode.evidence.lines().join("; ").into(),
        remedies.join("; ").into(),
    ]
}

/// Of one of the paper's three cases, writes which rule takes large steps and which small ones in
/// each of them, after as many updates as the experiment has.
pub fn sizes(checked: &Checked, document: &mut Document) {
    let own = checked.experiment.objective.expression();
    let is_case = own.is_some_and(|own| step_sizes::expressions().iter().any(|of| of == own));
    let step = checked.updates();
    if !is_case || step == 0 || checked.runs.is_empty() {
        return;
    }
    document.heading(2, "Large and small steps");
    let cases = step_sizes::cases_of(&checked.experiment, step).into_iter();
    let cases: Result<Vec<Checked>, _> = cases.map(|case| case.check()).collect();
    let Ok(cases) = cases else {
        let reason = "No table: the runs cannot be made on every one of the three cases.";
        document.parts.push(Part::Warning(reason.to_owned()));
        return;
    };
    match step_sizes::step_sizes(&cases, step) {
        Ok(table) => document.parts.push(sizes_table(&table)),
        Err(reason) => {
            let reason = format!("No table: {reason}.");
            document.parts.push(Part::Warning(reason));
        }
    }
}

fn sizes_table(table: &StepSizes) -> Part {
    let mut header = vec![Piece::from(format!("after {} updates", table.step))];
    header.extend(table.cases.iter().map(|case| Piece::from(case.as_str())));
    let row = |(name, formula, cells): (String, String, Vec<String>)| {
        let what = [name, formula].into_iter().filter(|text| !text.is_empty());
        let what: Vec<String> = what.collect();
        let first = Piece::from(what.join(", "));
        std::iter::once(first)
            .chain(cells.into_iter().map(Piece::from))
            .collect()
    };
    Part::Table(header, table.rows().into_iter().map(row).collect())
}

/// Writes the chosen steps of every run that made them.
pub fn explained(checked: &Checked, steps: &[u64], document: &mut Document) {
    if steps.is_empty() {
        return;
    }
    document.heading(2, "Steps explained");
    for &step in steps {
        for run in 0..checked.runs.len() {
            match explanation::explain(checked, run, step) {
                Ok(found) => document.parts.push(Part::Explanation {
                    markdown: found.to_markdown(),
                    text: found.to_text(),
                }),
                Err(reason) => document.say(format!("{}: {reason}.", checked.runs[run].label)),
            }
        }
    }
}
