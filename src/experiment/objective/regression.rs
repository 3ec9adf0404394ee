//! A regression in an experiment file, and what can be wrong with it.

use super::{ObjectiveSpec, check::placed};
use crate::experiment::check::Problems;
use crate::formulas::{Mistake, check_name};
use crate::models::regression::{Batches, Loss, Model, Regression, Table};
use crate::numbers::Noise;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where problems of the model's text are.
pub const MODEL: &str = "objective.model";

/// The most cells that are complained about one by one.
const MOST_CELLS: usize = 20;

/// A model formula fitted to a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegressionSpec {
    /// ŷ as a formula of columns and parameters.
    pub model: String,
    /// Every parameter and its value before the first update.
    pub start: BTreeMap<String, f64>,
    /// The rows.
    pub data: Table,
    /// The column that the model is to predict.
    #[serde(default = "usual_target", skip_serializing_if = "is_usual_target")]
    pub target: String,
    /// What wrong predictions cost.
    #[serde(default, skip_serializing_if = "is_usual_loss")]
    pub loss: Loss,
    /// How many rows an update sees; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<usize>,
    /// Whether every epoch has an order of its own, drawn from the seed; else table order.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shuffle: bool,
    /// Whether a last batch with too few rows is left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub drop_last: bool,
}

fn usual_target() -> String {
    "y".to_owned()
}

fn is_usual_target(target: &str) -> bool {
    target == "y"
}

fn is_usual_loss(loss: &Loss) -> bool {
    *loss == Loss::default()
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl RegressionSpec {
    /// The parameters in the order in which the model names them, then those that it does not.
    pub fn parameters(&self) -> Vec<String> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let mut ordered: Vec<String> = Vec::new();
        for word in self.model.split(|c| !is_part(c)) {
            if self.start.contains_key(word) && !ordered.iter().any(|known| known == word) {
                ordered.push(word.to_owned());
            }
        }
        let others = self.start.keys().filter(|name| !ordered.contains(name));
        let others: Vec<String> = others.cloned().collect();
        ordered.extend(others);
        ordered
    }

    /// The start in that order.
    pub fn start_values(&self) -> Vec<f64> {
        let value = |name: &String| self.start.get(name).copied().unwrap_or(0.0);
        self.parameters().iter().map(value).collect()
    }

    /// Writes the start in that order; whether it has one number a parameter.
    pub fn set_start_values(&mut self, at: &[f64]) -> bool {
        let names = self.parameters();
        let fits = names.len() == at.len();
        if fits {
            self.start = names.into_iter().zip(at.iter().copied()).collect();
        }
        fits
    }

    /// The model alone; none where its text or a name is wrong.
    pub fn read_model(&self) -> Option<Model> {
        let columns = self.data.columns().iter().map(|column| column.name.clone());
        Model::new(&self.model, self.parameters(), columns.collect()).ok()
    }
}

/// The regression as runs see it, or its problems.
pub fn check(spec: &RegressionSpec, seed: u64, problems: &mut Problems) -> Option<Regression> {
    let before = problems.count();
    check_start(spec, problems);
    let target = check_columns(spec, problems);
    check_batches(spec, problems);
    if let Loss::Huber { delta } = spec.loss {
        let expected = "a number above 0";
        problems.number("objective.loss.delta", delta, delta > 0.0, &expected);
    }
    let model = check_model(spec, problems);
    check_cells(spec, model.as_ref(), target, problems);
    if problems.count() > before {
        return None;
    }
    let rows = spec.data.rows();
    let size = spec.batch_size.unwrap_or(rows);
    let batches = Batches::new(rows, size, spec.shuffle, spec.drop_last, seed);
    let data = spec.data.clone();
    Some(Regression::new(
        model?,
        data,
        target?,
        spec.loss,
        batches,
        Noise::new(seed),
    ))
}

fn check_start(spec: &RegressionSpec, problems: &mut Problems) {
    if spec.start.is_empty() {
        let message = "there is no parameter; give each one its value before the first update, \
                       such as {\"w\": 0, \"b\": 0}";
        problems.add("objective.start", message.to_owned());
    }
    for (name, &value) in &spec.start {
        let place = format!("objective.start.{name}");
        problems.number(&place, value, true, &"the start as a finite number");
        if let Err(message) = check_name(name) {
            problems.add(&place, message);
        }
        if spec.data.column(name).is_some() {
            let message = format!("`{name}` is also a column of the data; rename one of them");
            problems.add(&place, message);
        }
    }
}

/// The number of the target's column.
fn check_columns(spec: &RegressionSpec, problems: &mut Problems) -> Option<usize> {
    if spec.data.rows() == 0 {
        let message = "the table is empty; give at least one row such as {\"x\": 1, \"y\": 2}";
        problems.add("objective.data", message.to_owned());
        return None;
    }
    for column in spec.data.columns() {
        if let Err(message) = check_name(&column.name) {
            problems.add("objective.data", format!("column {message}"));
        }
    }
    let columns = spec.data.columns();
    let found = columns.iter().position(|column| column.name == spec.target);
    if found.is_none() {
        let names = columns.iter().map(|column| column.name.as_str());
        problems.unknown("objective.target", "column", &spec.target, names);
    }
    found
}

fn check_batches(spec: &RegressionSpec, problems: &mut Problems) {
    let rows = spec.data.rows();
    let Some(size) = spec.batch_size.filter(|_| rows > 0) else {
        return;
    };
    let place = "objective.batch_size";
    if size == 0 {
        problems.add(place, format!("a batch of 0 rows; give 1 to {rows}"));
    } else if size > rows {
        let message = format!("{size} is more than the {rows} rows of the data; give 1 to {rows}");
        problems.add(place, message);
    }
}

fn check_model(spec: &RegressionSpec, problems: &mut Problems) -> Option<Model> {
    let columns = spec.data.columns().iter().map(|column| column.name.clone());
    let model = match Model::new(&spec.model, spec.parameters(), columns.collect()) {
        Ok(model) => model,
        Err(error) => {
            let mut message = placed(&error, &spec.model);
            if matches!(error.mistake, Mistake::Name { .. }) {
                message += " It is neither a column of the data nor a parameter with a start";
            }
            problems.add(MODEL, message);
            return None;
        }
    };
    for name in model.unused_parameters() {
        let place = format!("objective.start.{name}");
        let message = format!("the model does not use `{name}`; use it or take it out");
        problems.add(&place, message);
    }
    let used = model.used_columns();
    let uses_target = used
        .iter()
        .any(|&column| model.columns()[column] == spec.target);
    if uses_target {
        let target = &spec.target;
        let message = format!("the model uses `{target}`, which is what it is to predict");
        problems.add(MODEL, message);
    }
    Some(model)
}

/// Reports cells that the model cannot use; all cells where there is no model to tell.
fn check_cells(
    spec: &RegressionSpec,
    model: Option<&Model>,
    target: Option<usize>,
    problems: &mut Problems,
) {
    let used = model.map(Model::used_columns);
    let is_used = |column: &usize| {
        target == Some(*column) || used.as_ref().is_none_or(|used| used.contains(column))
    };
    let mut wrong = Vec::new();
    for index in (0..spec.data.columns().len()).filter(is_used) {
        let column = &spec.data.columns()[index];
        let needs_class = spec.loss == Loss::Logistic && target == Some(index);
        let is_fine =
            |value: f64| value.is_finite() && (!needs_class || value == 0.0 || value == 1.0);
        let cells = column.values().iter().enumerate();
        let cells = cells.filter(|(_, value)| !is_fine(**value));
        wrong.extend(cells.map(|(row, &value)| (row, &column.name, value, needs_class)));
    }
    wrong.sort_by_key(|(row, ..)| *row);
    for &(row, name, value, needs_class) in wrong.iter().take(MOST_CELLS) {
        let expected: &dyn std::fmt::Display = match needs_class {
            true => &"0 or 1, as the logistic loss needs",
            false => &"a number, or take the row out",
        };
        problems.number(
            &format!("objective.data[{row}].{name}"),
            value,
            false,
            expected,
        );
    }
    if let Some(more) = wrong.len().checked_sub(MOST_CELLS).filter(|more| *more > 0) {
        let message = format!("{more} more cells are no finite numbers, or not 0 or 1");
        problems.add("objective.data", message);
    }
}

impl ObjectiveSpec {
    /// The regression, where it is one.
    pub fn regression(&self) -> Option<&RegressionSpec> {
        match self {
            Self::Regression(spec) => Some(spec),
            Self::Landscape { .. } | Self::Formula { .. } | Self::Network(_) | Self::Tasks(_) => {
                None
            }
        }
    }

    /// The regression, to be changed.
    pub fn regression_mut(&mut self) -> Option<&mut RegressionSpec> {
        match self {
            Self::Regression(spec) => Some(spec),
            Self::Landscape { .. } | Self::Formula { .. } | Self::Network(_) | Self::Tasks(_) => {
                None
            }
        }
    }
}
