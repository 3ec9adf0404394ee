//! What became of the runs.

use super::document::{Document, Part, Piece};
use crate::engine::{History, Outcome, Trace};
use crate::experiment::{Checked, CheckedRun};
use crate::formulas::Math;

/// The most parameters that are printed.
const MOST_PARAMETERS: usize = 12;

/// Writes the table of results.
pub fn write(checked: &Checked, history: &History, document: &mut Document) {
    document.heading(2, "Results");
    let names = &history.parameter_names[..history.parameter_names.len().min(MOST_PARAMETERS)];
    let fixed = [
        "run",
        "outcome",
        "final loss",
        "best loss",
        "best step",
        "evaluations",
    ];
    let header = fixed.into_iter().map(Piece::from);
    let header = header.chain(names.iter().map(|name| Piece::Math(Math::name(name))));
    let pairs = checked.runs.iter().zip(&history.traces);
    let rows = pairs
        .map(|(run, trace)| row(run, trace, names.len()))
        .collect();
    document.parts.push(Part::Table(header.collect(), rows));
    if !checked.objective.measures().is_empty() {
        document.say(
            "Final and best loss are those over all data; the loss of each update is that of its \
             batch, before it.",
        );
    }
}

fn row(run: &CheckedRun, trace: &Trace, parameters: usize) -> Vec<Piece> {
    let outcome = match trace.outcome {
        Outcome::Finished => "finished".to_owned(),
        Outcome::Diverged { step } => format!("diverged at step {step}"),
        Outcome::Cancelled | Outcome::Running => "cancelled".to_owned(),
    };
    let number = |value: Option<f64>| value.map_or(Piece::from("–"), Piece::from);
    let best = trace.best;
    let last = trace.parameters().last().unwrap_or_default();
    let mut cells = vec![
        run.label.clone().into(),
        outcome.into(),
        number(trace.final_loss()),
        number(best.map(|best| best.loss)),
        best.map_or("–".to_owned(), |best| best.step.to_string())
            .into(),
        trace.evaluations.to_string().into(),
    ];
    cells.extend((0..parameters).map(|j| number(last.get(j).copied())));
    cells
}
