//! A NumPy script that computes a regression again, and says whether it agrees.

use super::ReportError;
use crate::analysis::worked::{self, Velocity, WorkedUpdate};
use crate::engine::History;
use crate::experiment::Checked;
use crate::formulas::{Expression, MOST_INSTRUCTIONS, python_number};
use crate::models::regression::{Loss, Regression};
use std::ops::ControlFlow;

/// The most updates of a run that the script computes.
const MOST_UPDATES: u64 = 1000;

/// The script.
///
/// # Errors
/// When what is minimised is no regression, or its formula is too long.
pub fn script(checked: &Checked, history: &History) -> Result<String, ReportError> {
    let regression = checked.regression().ok_or(ReportError::NoRegression)?;
    if regression.model().program().instructions().len() > MOST_INSTRUCTIONS {
        return Err(ReportError::TooLong);
    }
    let mut text = String::from(
        "# Written by Descent Lab. Python 3 with NumPy computes every number of this regression\n\
         # again: predictions, errors, loss, gradient, velocity and parameters of every update.\n\
         import numpy as np\n\n",
    );
    text += &data(regression);
    text += &model(regression);
    text += &loss(regression.loss());
    text += CHECK;
    for run in 0..checked.runs.len() {
        text += &of_run(checked, history, run);
    }
    text += "\nif worst > 1e-9:\n    raise SystemExit(f\"differs by {worst:.3g}\")\n\
             print(f\"agrees with Descent Lab: {count} numbers, largest difference {worst:.3g}\")\n";
    Ok(text)
}

fn list(values: &[f64]) -> String {
    let values: Vec<_> = values.iter().map(|value| python_number(*value)).collect();
    format!("[{}]", values.join(", "))
}

fn data(regression: &Regression) -> String {
    let model = regression.model();
    let mut text = String::from("# The data, one list a column.\n");
    for column in model.used_columns() {
        let values = list(regression.table().columns()[column].values());
        text += &format!("{}_ = np.array({values})\n", model.columns()[column]);
    }
    text + &format!("target_ = np.array({})\n", list(regression.targets()))
}

/// The model and its derivatives as functions of parameters and rows. Every name gets a trailing
/// mark, so that none is a word of Python.
fn model(regression: &Regression) -> String {
    let model = regression.model();
    let marked = |name: &String| format!("{name}_");
    let names: Vec<String> = model
        .parameters()
        .iter()
        .chain(model.columns())
        .map(marked)
        .collect();
    let tree = Expression::of(model.program());
    let (parameters, columns) = names.split_at(model.parameters().len());
    let inputs: String = model
        .used_columns()
        .iter()
        .map(|&column| format!("    {0} = globals()[\"{0}\"][rows]\n", columns[column]))
        .collect();
    let take = format!("    [{}] = parameters\n", parameters.join(", "));
    let slopes: Vec<String> = (0..parameters.len())
        .map(|j| format!("        {} + zero", tree.derivative(j).to_python(&names)))
        .collect();
    format!(
        "\n\ndef predict(parameters, rows):\n{take}{inputs}    return {} + np.zeros(len(rows))\n\n\n\
         def features(parameters, rows):\n    # One row for each parameter.\n{take}{inputs}    \
         zero = np.zeros(len(rows))\n    return np.array([\n{},\n    ])\n",
        tree.to_python(&names),
        slopes.join(",\n")
    )
}

fn loss(loss: Loss) -> String {
    let (term, slope) = match loss {
        Loss::MeanSquared | Loss::HalfMeanSquared | Loss::SumSquared => {
            ("(p - y) ** 2".to_owned(), "2.0 * (p - y)".to_owned())
        }
        Loss::MeanAbsolute => ("np.abs(p - y)".to_owned(), "np.sign(p - y)".to_owned()),
        Loss::Huber { delta } => {
            let delta = python_number(delta);
            (
                format!(
                    "np.where(np.abs(p - y) > {delta}, {delta} * (np.abs(p - y) - 0.5 * {delta}), \
                     0.5 * (p - y) ** 2)"
                ),
                format!("np.clip(p - y, -{delta}, {delta})"),
            )
        }
        Loss::Logistic => (
            "np.logaddexp(0.0, p) - y * p".to_owned(),
            "0.5 + 0.5 * np.tanh(0.5 * p) - y".to_owned(),
        ),
    };
    let scale = match loss {
        Loss::SumSquared => "1.0",
        Loss::HalfMeanSquared => "0.5 / n",
        _ => "1.0 / n",
    };
    format!(
        "\n\ndef term(p, y):\n    return {term}\n\n\ndef slope(p, y):\n    return {slope}\n\n\n\
         def scale(n):\n    return {scale}\n\n\n\
         def loss_and_gradient(parameters, rows):\n    p, y = predict(parameters, rows), \
         target_[rows]\n    s = scale(len(rows))\n    return s * np.sum(term(p, y)), s * \
         features(parameters, rows) @ slope(p, y)\n"
    )
}

const CHECK: &str = "\n
worst, count = 0.0, 0\n\n
def compare(found, expected):
    # How far two lists of numbers are apart, relative to their size.
    global worst, count
    found, expected = np.atleast_1d(found), np.atleast_1d(expected)
    difference = np.abs(found - expected) / np.maximum(1.0, np.abs(expected))
    worst, count = max(worst, float(np.max(difference))), count + len(expected)

";

/// The updates of a run. The arithmetic of a velocity is in the script; of other rules, the
/// parameters after each update are those of the record.
fn of_run(checked: &Checked, history: &History, run: usize) -> String {
    let last = checked.updates().min(MOST_UPDATES);
    let label = checked.runs[run].label.replace(char::is_control, " ");
    let updates = 1..=last;
    let solution = worked::solve(checked, run, updates, || ControlFlow::Continue(()));
    let solution = solution.unwrap_or_default();
    let Some(first) = solution.first() else {
        return format!("\n# {label}: no update.\n");
    };
    let velocity = worked::velocity(&checked.runs[run], first);
    // The first gradient may count differently from the later ones.
    let later = solution
        .get(1)
        .and_then(|second| worked::velocity(&checked.runs[run], second));
    let is_known = |update: &WorkedUpdate| worked::velocity(&checked.runs[run], update).is_some();
    let arithmetic = match solution.iter().all(is_known) {
        true => velocity.map(|first| (first, later.unwrap_or(first))),
        false => None,
    };
    let rows = |update: &WorkedUpdate| {
        let rows: Vec<_> = update
            .batch
            .rows
            .iter()
            .map(|row| row.row.to_string())
            .collect();
        format!("[{}]", rows.join(", "))
    };
    let mut text = format!("\n# {label}\nprint({label:?})\n");
    text += &format!("parameters = np.array({})\n", list(&first.before));
    text += "velocity = np.zeros(len(parameters))\n";
    text += "# Rows of the batch, rate, loss, gradient, parameters after.\nupdates = [\n";
    for update in &solution {
        text += &format!(
            "    ({}, {}, {}, {}, {}),\n",
            rows(update),
            python_number(update.learning_rate),
            python_number(update.batch.loss),
            list(&update.batch.gradient),
            list(&update.after)
        );
    }
    text += "]\nfor k, (rows, rate, loss, gradient, after) in enumerate(updates, start=1):\n";
    text += "    own_loss, own_gradient = loss_and_gradient(parameters, rows)\n";
    text += "    compare(own_loss, loss)\n    compare(own_gradient, gradient)\n";
    text += &step(arithmetic);
    text += "    print(f\"update {k}: predictions {predict(before, rows).tolist()}, errors \
             {(predict(before, rows) - target_[rows]).tolist()}, loss {own_loss}, gradient \
             {own_gradient.tolist()}, parameters {parameters.tolist()}\")\n";
    if let Some(full) = history.traces[run]
        .final_loss()
        .filter(|_| is_whole(checked, history, run, last))
    {
        text += "everything = list(range(len(target_)))\n";
        text += &format!(
            "compare(scale(len(everything)) * np.sum(term(predict(parameters, everything), \
             target_)), {})\n",
            python_number(full)
        );
    }
    text
}

/// Whether the record ends with the update with this number, and shows what the rule works on.
fn is_whole(checked: &Checked, history: &History, run: usize, last: u64) -> bool {
    history.traces[run].last_step() == Some(last) && checked.runs[run].wrappers.is_empty()
}

fn step(arithmetic: Option<(Velocity, Velocity)>) -> String {
    let before = "    before = parameters\n";
    let Some((first, later)) = arithmetic else {
        return format!(
            "{before}    # The rule's own arithmetic is in the explanation of the step.\n    \
             parameters = np.array(after)\n"
        );
    };
    let inside = |velocity: &Velocity| velocity.rate == 1.0;
    let velocity = match first.decay {
        None => "own_gradient".to_owned(),
        Some(decay) => {
            let weight = |velocity: &Velocity| match inside(velocity) {
                true => "rate".to_owned(),
                false => python_number(velocity.weight),
            };
            format!(
                "{} * velocity + ({} if k == 1 else {}) * own_gradient",
                python_number(decay),
                weight(&first),
                weight(&later)
            )
        }
    };
    let rate = if inside(&first) { "1.0" } else { "rate" };
    format!(
        "{before}    velocity = {velocity}\n    parameters = parameters - {rate} * velocity\n    \
         compare(parameters, after)\n"
    )
}
