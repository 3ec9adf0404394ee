//! `history.csv`: one row a recorded step, grouped by run.

use super::{records_of, shortest};
use crate::engine::{Frame, History, Trace};
use crate::experiment::Checked;
use crate::figures::subject::LayerQuantity;
use std::io::Write;

/// What tells records apart.
const HEAD: [&str; 3] = ["run", "label", "optimizer"];

/// What tells the records of one run apart, where an experiment has several starts or seeds.
pub(super) const ORIGIN: [&str; 2] = ["start", "seed"];

/// The columns between those and the parameters'.
const COLUMNS: [&str; 5] = ["step", "epoch", "learning_rate", "loss", "gradient_norm"];

/// Writes the record of every run from every start with every seed, the header first. Row `step` 0
/// is the start and has no learning rate; the rows of a diverged run end with its last finite
/// state.
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
    let has_several = checked.experiment.has_several();
    let origin = ORIGIN.into_iter().filter(|_| has_several);
    let columns = HEAD.into_iter().chain(origin).chain(COLUMNS);
    let measures = checked.objective.measures().iter().copied();
    let layers = layer_columns(checked);
    let columns = columns.chain(parameters).chain(measures);
    table.write_record(columns.chain(layers.iter().map(String::as_str)))?;
    for (number, run) in checked.runs.iter().enumerate() {
        let id = run.optimizer.card().id;
        for record in records_of(checked, history, number) {
            let mut head = vec![number.to_string(), run.label.clone(), id.to_owned()];
            if has_several {
                head.extend([record.start.to_string(), record.seed.to_string()]);
            }
            for frame in record.trace.frames() {
                let measured = measured(checked, record.trace, frame.step);
                let row = row(&frame, checked).into_iter().chain(measured);
                let lengths = lengths(record.trace, frame.step, layers.len());
                table.write_record(head.iter().cloned().chain(row).chain(lengths))?;
            }
        }
    }
    table.flush()?;
    Ok(())
}

/// What was measured after `step` updates; empty cells where nothing was.
fn measured(checked: &Checked, trace: &Trace, step: u64) -> Vec<String> {
    match trace.measured.exactly_at(step) {
        // Empty where a measure says nothing of this run.
        Some(values) => values
            .iter()
            .map(|value| Some(*value).filter(|value| !value.is_nan()))
            .map(|value| value.map_or_else(String::new, shortest))
            .collect(),
        None => vec![String::new(); checked.objective.measures().len()],
    }
}

/// `gradient_norm_conv1, …, update_ratio_conv1, …`; none of what is no network.
fn layer_columns(checked: &Checked) -> Vec<String> {
    let layers = checked.objective.layer_names();
    let of = |quantity: LayerQuantity| {
        let layers = layers.iter();
        layers.map(move |name| format!("{}_{name}", quantity.id()))
    };
    LayerQuantity::ALL.into_iter().flat_map(of).collect()
}

/// What was recorded of the layers at an update; empty cells where nothing was.
fn lengths(trace: &Trace, step: u64, columns: usize) -> Vec<String> {
    let text = |&value: &f64| match value.is_nan() {
        true => String::new(),
        false => shortest(value),
    };
    match trace.layers.exactly_at(step) {
        Some(values) => values.iter().map(text).collect(),
        None => vec![String::new(); columns],
    }
}

fn row(frame: &Frame<'_>, checked: &Checked) -> Vec<String> {
    let learning_rate = match frame.step {
        0 => String::new(),
        _ => shortest(frame.learning_rate),
    };
    let mut row = vec![
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
    fn several_starts_and_seeds_have_columns_of_their_own() {
        let text = r#"(version: 1, epochs: 1, runs: [(optimizer: "sgd", learning_rate: 0.25)],
            objective: Landscape(surface: "rosenbrock"), starts: [(1, 1), (0, 0)], seeds: [7, 5])"#;
        let table = table(text);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines[0],
            "run,label,optimizer,start,seed,step,epoch,learning_rate,loss,gradient_norm,w1,w2"
        );
        assert_eq!(lines[1], "0,Gradient descent,sgd,0,7,0,0,,0,0,1,1");
        let origins: Vec<_> = lines[1..].iter().map(|line| &line[23..28]).collect();
        let expected = [
            "0,7,0", "0,7,1", "0,5,0", "0,5,1", "1,7,0", "1,7,1", "1,5,0", "1,5,1",
        ];
        assert_eq!(origins, expected);
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
