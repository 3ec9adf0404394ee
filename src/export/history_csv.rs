//! `history.csv`: one row a recorded step, grouped by run.

use super::{Figure, shortest};
use crate::engine::{Frame, History, Trace};
use crate::experiment::{Checked, CheckedRun};
use crate::figures::curves::Quantity;
use std::io::Write;

/// The columns before the parameters'.
const COLUMNS: [&str; 8] = [
    "run",
    "label",
    "optimizer",
    "step",
    "epoch",
    "learning_rate",
    "loss",
    "gradient_norm",
];

/// Writes the record of every run, the header first. Row `step` 0 is the start and has no
/// learning rate; the rows of a diverged run end with its last finite state.
///
/// # Errors
/// When `writer` does not take what is written.
pub fn history_csv(
    checked: &Checked,
    history: &History,
    writer: impl Write,
) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let parameters = history.parameter_names.iter().map(String::as_str);
    let measures = checked.objective.measures().iter().copied();
    table.write_record(COLUMNS.into_iter().chain(parameters).chain(measures))?;
    for (number, (run, trace)) in checked.runs.iter().zip(&history.traces).enumerate() {
        for frame in trace.frames() {
            let mut row = row(number, run, &frame, checked);
            row.extend(measured(checked, trace, frame.step));
            table.write_record(row)?;
        }
    }
    table.flush()?;
    Ok(())
}

/// Writes what a figure shows as a table: one row a recorded step of every run, its value or,
/// for the landscape, its place and loss.
///
/// # Errors
/// When `writer` does not take what is written.
pub fn figure_csv(
    figure: Figure,
    checked: &Checked,
    history: &History,
    writer: impl Write,
) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(writer);
    let names = match figure {
        Figure::Curves(_) => vec![figure.id().to_owned()],
        Figure::Landscape => {
            let parameters = history.parameter_names.iter().cloned();
            parameters.chain(["loss".to_owned()]).collect()
        }
    };
    let header = ["run", "label", "step"].map(str::to_owned);
    table.write_record(header.into_iter().chain(names))?;
    for (number, (run, trace)) in checked.runs.iter().zip(&history.traces).enumerate() {
        for frame in trace.frames() {
            let head = [
                number.to_string(),
                run.label.clone(),
                frame.step.to_string(),
            ];
            table.write_record(head.into_iter().chain(values(figure, checked, &frame)))?;
        }
    }
    table.flush()?;
    Ok(())
}

/// What a figure shows of a frame; empty where there is nothing.
fn values(figure: Figure, checked: &Checked, frame: &Frame<'_>) -> Vec<String> {
    let text = |value: Option<f64>| value.map_or_else(String::new, shortest);
    match figure {
        Figure::Curves(Quantity::Loss) => vec![shortest(frame.loss)],
        Figure::Curves(Quantity::LearningRate) => {
            vec![text(Some(frame.learning_rate).filter(|_| frame.step > 0))]
        }
        Figure::Curves(Quantity::GradientNorm) => vec![shortest(frame.gradient_norm)],
        Figure::Curves(Quantity::Distance) => {
            vec![text(
                checked.objective.distance_to_minimum(frame.parameters),
            )]
        }
        Figure::Landscape => {
            let all = frame.parameters.iter().copied().chain([frame.loss]);
            all.map(shortest).collect()
        }
    }
}

/// What was measured after `step` updates; empty cells where nothing was.
fn measured(checked: &Checked, trace: &Trace, step: u64) -> Vec<String> {
    match trace.measured.exactly_at(step) {
        Some(values) => values.iter().copied().map(shortest).collect(),
        None => vec![String::new(); checked.objective.measures().len()],
    }
}

fn row(number: usize, run: &CheckedRun, frame: &Frame<'_>, checked: &Checked) -> Vec<String> {
    let learning_rate = match frame.step {
        0 => String::new(),
        _ => shortest(frame.learning_rate),
    };
    let mut row = vec![
        number.to_string(),
        run.label.clone(),
        run.optimizer.card().id.to_owned(),
        frame.step.to_string(),
        checked.epoch_of(frame.step).to_string(),
        learning_rate,
        shortest(frame.loss),
        shortest(frame.gradient_norm),
    ];
    row.extend(frame.parameters.iter().copied().map(shortest));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;
    use crate::experiment::preset;
    use std::ops::ControlFlow;

    fn table(text: &str) -> String {
        let checked = preset::read(text).unwrap().check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        let mut bytes = Vec::new();
        history_csv(&checked, &history, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn rows_follow_the_documented_form() {
        let text = r#"(version: 1, epochs: 1, runs: [(optimizer: "sgd", learning_rate: 0.25,
            label: "one, \"two\"")], objective: Landscape(surface: "rosenbrock", start: (1, 1)))"#;
        assert_eq!(
            table(text),
            "run,label,optimizer,step,epoch,learning_rate,loss,gradient_norm,w1,w2\n\
             0,\"one, \"\"two\"\"\",sgd,0,0,,0,0,1,1\n\
             0,\"one, \"\"two\"\"\",sgd,1,1,0.25,0,0,1,1\n"
        );
    }

    #[test]
    fn a_diverged_run_ends_with_its_last_finite_state() {
        let text = r#"(version: 1, epochs: 9, runs: [(optimizer: "sgd", learning_rate: 1e308)],
            objective: Landscape(surface: "rosenbrock"))"#;
        let lines = table(text);
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert!(
            lines
                .lines()
                .nth(1)
                .unwrap()
                .starts_with("0,Gradient descent,sgd,0,0,,")
        );
    }
}
