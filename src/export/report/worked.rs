//! A regression worked by hand, on paper and in the window.

use super::ReportError;
use super::document::{Document, Part, Piece};
use crate::analysis::worked::{self, Convention, WorkedUpdate};
use crate::experiment::{Checked, CheckedRun};
use crate::formulas::{Expression, MOST_INSTRUCTIONS, Math};
use crate::models::regression::{Loss, Regression, RowWork};
use std::ops::ControlFlow;

/// How much of an update is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The most rows of a batch's table.
    pub rows: usize,
    /// The most terms of a sum.
    pub terms: usize,
    /// The most parameters.
    pub parameters: usize,
}

impl Extent {
    /// As much as fits on paper.
    pub const PAPER: Self = Self {
        rows: 40,
        terms: 12,
        parameters: 24,
    };
}

/// The most updates of an epoch that are written out.
const MOST_UPDATES: u64 = 8;

/// Writes the chosen epoch of every run; of a rule with two conventions, both.
pub fn write(
    checked: &Checked,
    epoch: u64,
    document: &mut Document,
    watch: &mut impl FnMut() -> ControlFlow<()>,
) -> Result<(), ReportError> {
    let Some(regression) = checked.regression() else {
        return Ok(());
    };
    let updates = worked::updates_of_epoch(checked, epoch);
    if checked.runs.is_empty() || updates.is_empty() {
        return Ok(());
    }
    document.heading(2, format!("Epoch {epoch}, worked by hand"));
    features(regression, document);
    let last = (*updates.end()).min(updates.start() + MOST_UPDATES - 1);
    if last < *updates.end() {
        let count = updates.end() - updates.start() + 1;
        document.say(format!(
            "The epoch has {count} updates; the first {MOST_UPDATES} are written out."
        ));
    }
    let updates = *updates.start()..=last;
    let mut seen: Vec<Vec<WorkedUpdate>> = Vec::new();
    for (index, run) in checked.runs.iter().enumerate() {
        let own = worked::solve(checked, index, updates.clone(), &mut *watch);
        let own = own.ok_or(ReportError::Cancelled)?;
        let others = worked::conventions(checked, index);
        let is_named = |(_, other): &&(Convention, Checked)| {
            other.runs[index].hyperparameters == run.hyperparameters
        };
        let convention = others
            .iter()
            .find(is_named)
            .map(|(convention, _)| *convention);
        chapter(regression, run, &run.label, convention, &own, document);
        seen.push(own);
    }
    for index in 0..checked.runs.len() {
        for (convention, other) in worked::conventions(checked, index) {
            let solution = worked::solve(&other, index, updates.clone(), &mut *watch);
            let solution = solution.ok_or(ReportError::Cancelled)?;
            if !seen.contains(&solution) {
                let run = &other.runs[index];
                let title = format!("{}, with the other convention", run.label);
                chapter(
                    regression,
                    run,
                    &title,
                    Some(convention),
                    &solution,
                    document,
                );
                seen.push(solution);
            }
        }
    }
    Ok(())
}

/// One run's updates.
fn chapter(
    regression: &Regression,
    run: &CheckedRun,
    title: &str,
    convention: Option<Convention>,
    solution: &[WorkedUpdate],
    document: &mut Document,
) {
    document.heading(3, title);
    if let Some(convention) = convention {
        document.say(format!(
            "{}: so in {}.",
            convention.formula, convention.used_by
        ));
    }
    if solution.is_empty() {
        document.say("The run had diverged before.");
    }
    for update in solution {
        let rows: Vec<String> = update
            .batch
            .rows
            .iter()
            .take(12)
            .map(|row| (row.row + 1).to_string())
            .collect();
        let more = if update.batch.rows.len() > 12 {
            ", …"
        } else {
            ""
        };
        document.heading(
            4,
            format!("Update {} (rows {}{more})", update.update, rows.join(", ")),
        );
        document
            .parts
            .extend(sheet(regression, run, update, Extent::PAPER).parts);
    }
}

/// The derivatives of the model, which are the features of the rows where it is linear.
fn features(regression: &Regression, document: &mut Document) {
    let model = regression.model();
    let what = match model.is_linear() {
        true => "The model is linear in its parameters. Its features, which are its derivatives:",
        false => "The derivatives of the model by its parameters:",
    };
    document.say(what);
    for j in 0..model.parameters().len().min(Extent::PAPER.parameters) {
        if let Some(derivative) = derivative(regression, j) {
            document.formula([by_parameter(regression, j), Math::Operator("="), derivative]);
        }
    }
}

/// ∂ŷ/∂w written out, unless that would fill pages.
fn derivative(regression: &Regression, j: usize) -> Option<Math> {
    let model = regression.model();
    let names: Vec<String> = model
        .parameters()
        .iter()
        .chain(model.columns())
        .cloned()
        .collect();
    let is_short = model.program().instructions().len() <= MOST_INSTRUCTIONS;
    is_short.then(|| {
        Expression::of(model.program())
            .derivative(j)
            .to_math(&names)
    })
}

fn by_parameter(regression: &Regression, j: usize) -> Math {
    Math::partial(Math::Hat("y".into()), parameter(regression, j))
}

fn parameter(regression: &Regression, j: usize) -> Math {
    Math::name(&regression.model().parameters()[j])
}

/// Everything about one update: the batch's table, the loss, the gradient as a sum, what the rule
/// remembers and the new parameters.
pub fn sheet(
    regression: &Regression,
    run: &CheckedRun,
    update: &WorkedUpdate,
    extent: Extent,
) -> Document {
    let mut document = Document::default();
    batch_table(regression, update, extent, &mut document);
    loss_line(regression, update, extent, &mut document);
    gradient_lines(regression, update, extent, &mut document);
    step_lines(regression, run, update, extent, &mut document);
    memory_table(regression, update, extent, &mut document);
    document
}

fn batch_table(
    regression: &Regression,
    update: &WorkedUpdate,
    extent: Extent,
    document: &mut Document,
) {
    let model = regression.model();
    let inputs = model.used_columns();
    let parameters = model.parameters().len().min(extent.parameters);
    let term = match regression.loss() {
        Loss::MeanSquared | Loss::HalfMeanSquared | Loss::SumSquared => {
            Math::name("e").above(Math::Number(2.0))
        }
        _ => Math::name("ℓ"),
    };
    let mut header = vec![Piece::from("row")];
    let inputs = inputs
        .iter()
        .map(|&column| Math::name(&model.columns()[column]));
    header.extend(inputs.map(Piece::from));
    header.extend((0..parameters).map(|j| Piece::from(by_parameter(regression, j))));
    header.push(Math::Hat("y".into()).into());
    header.push(Math::name("y").into());
    header.push(Math::name("e").into());
    header.push(term.into());
    let row = |row: &RowWork| {
        let numbers = row.inputs.iter().chain(&row.features[..parameters]);
        let last = [row.prediction, row.target, row.error, row.term];
        let numbers = numbers.copied().chain(last).map(Piece::from);
        let number = Piece::from((row.row + 1).to_string());
        [number].into_iter().chain(numbers).collect()
    };
    let rows = update
        .batch
        .rows
        .iter()
        .take(extent.rows)
        .map(row)
        .collect();
    document.parts.push(Part::Table(header, rows));
    if update.batch.rows.len() > extent.rows {
        let count = update.batch.rows.len();
        document.say(format!("The first {} of {count} rows.", extent.rows));
    }
}

/// Terms with signs between them, at most so many of them, in parentheses where there are several.
fn sum(terms: impl ExactSizeIterator<Item = Vec<Math>>, most: usize) -> Math {
    let count = terms.len();
    let mut parts = Vec::new();
    for (index, term) in terms.take(most).enumerate() {
        if index > 0 {
            parts.push(Math::Operator("+"));
        }
        parts.extend(term);
    }
    if count > most {
        parts.extend([Math::Operator("+"), Math::Operator("…")]);
    }
    match count {
        1 => Math::Row(parts),
        _ => Math::Fenced(Box::new(Math::Row(parts))),
    }
}

/// s as a fraction, or nothing where it is 1.
fn scale(regression: &Regression, rows: usize) -> Vec<Math> {
    let below = match regression.loss() {
        Loss::SumSquared => return Vec::new(),
        Loss::HalfMeanSquared => 2 * rows,
        _ => rows,
    };
    let fraction = Math::fraction(Math::Number(1.0), Math::Number(below as f64));
    vec![fraction, Math::Operator("·")]
}

fn loss_line(
    regression: &Regression,
    update: &WorkedUpdate,
    extent: Extent,
    document: &mut Document,
) {
    let batch = &update.batch;
    let terms = batch.rows.iter().map(|row| vec![Math::Number(row.term)]);
    let mut line = vec![Math::name("J"), Math::Operator("=")];
    line.extend(scale(regression, batch.rows.len()));
    line.push(sum(terms, extent.terms));
    line.extend([Math::Operator("="), Math::Number(batch.loss)]);
    document.formula(line);
}

fn gradient_lines(
    regression: &Regression,
    update: &WorkedUpdate,
    extent: Extent,
    document: &mut Document,
) {
    let batch = &update.batch;
    let is_squared = regression.loss().is_squared();
    for j in 0..update.before.len().min(extent.parameters) {
        let terms = batch.rows.iter().map(|row| {
            let feature = Math::factor(row.features[j]);
            match is_squared {
                true => vec![
                    Math::Number(2.0),
                    Math::Operator("·"),
                    Math::factor(row.error),
                    Math::Operator("·"),
                    feature,
                ],
                false => vec![Math::factor(row.slope), Math::Operator("·"), feature],
            }
        });
        let slope = Math::partial(Math::name("J"), parameter(regression, j));
        let mut line = vec![slope, Math::Operator("=")];
        line.extend(scale(regression, batch.rows.len()));
        line.push(sum(terms, extent.terms));
        line.extend([Math::Operator("="), Math::Number(batch.gradient[j])]);
        document.formula(line);
    }
}

/// The velocity and the step in lines, where the rule is that simple.
fn step_lines(
    regression: &Regression,
    run: &CheckedRun,
    update: &WorkedUpdate,
    extent: Extent,
    document: &mut Document,
) {
    let Some(velocity) = worked::velocity(run, update) else {
        return;
    };
    let names = regression.model().parameters();
    for (j, name) in names.iter().enumerate().take(extent.parameters) {
        for line in velocity.lines(update, j, name) {
            document.formula([line]);
        }
    }
}

/// Every parameter with its gradient, what the rule remembers of it and its new value.
fn memory_table(
    regression: &Regression,
    update: &WorkedUpdate,
    extent: Extent,
    document: &mut Document,
) {
    let slots: Vec<_> = update
        .memory
        .iter()
        .filter(|slot| slot.is_by_parameter)
        .collect();
    let names = ["parameter", "before", "gradient"].map(Piece::from);
    let mut header: Vec<Piece> = names.into();
    for slot in &slots {
        header.push(format!("{} before", slot.symbol).into());
        header.push(format!("{} after", slot.symbol).into());
    }
    header.push("after".into());
    let row = |j: usize| {
        let mut cells = vec![
            Piece::from(parameter(regression, j)),
            update.before[j].into(),
            update.batch.gradient[j].into(),
        ];
        for slot in &slots {
            cells.extend([slot.before[j].into(), slot.after[j].into()]);
        }
        cells.push(update.after[j].into());
        cells
    };
    let count = update.before.len();
    let rows = (0..count.min(extent.parameters)).map(row).collect();
    document.parts.push(Part::Table(header, rows));
    for slot in update.memory.iter().filter(|slot| !slot.is_by_parameter) {
        if let ([before], [after]) = (&slot.before[..], &slot.after[..]) {
            let number = crate::formulas::number;
            let (before, after) = (number(*before), number(*after));
            document.say(format!(
                "{} ({}): {before} → {after}.",
                slot.symbol, slot.meaning
            ));
        }
    }
    if count > extent.parameters {
        document.say(format!(
            "The first {} of {count} parameters.",
            extent.parameters
        ));
    }
}
