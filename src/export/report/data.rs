//! The data of a regression, and what they say by themselves.

use super::document::{Document, Part, Piece};
use crate::experiment::Checked;
use crate::formulas::Math;
use crate::models::regression::Regression;

/// The most rows that are printed.
const MOST_ROWS: usize = 60;

/// The most parameters that are printed.
const MOST_PARAMETERS: usize = 24;

/// Writes the table and the closed form.
pub fn write(checked: &Checked, document: &mut Document) {
    let Some(regression) = checked.regression() else {
        return;
    };
    document.heading(2, "Data");
    let table = regression.table();
    let names = table
        .columns()
        .iter()
        .map(|column| Piece::Math(Math::name(&column.name)));
    let header = [Piece::from("row")].into_iter().chain(names).collect();
    let row = |row: usize| {
        let cells = table
            .columns()
            .iter()
            .map(|column| Piece::from(column.values()[row]));
        [Piece::from((row + 1).to_string())]
            .into_iter()
            .chain(cells)
            .collect()
    };
    let shown = table.rows().min(MOST_ROWS);
    document
        .parts
        .push(Part::Table(header, (0..shown).map(row).collect()));
    if shown < table.rows() {
        document.say(format!("The first {shown} of {} rows.", table.rows()));
    }
    closed_form(regression, document);
}

fn closed_form(regression: &Regression, document: &mut Document) {
    document.heading(2, "Least squares in closed form");
    let fit = match regression.fit() {
        Ok(fit) => fit,
        Err(reason) => {
            let mut text = reason.to_string();
            if let Some(first) = text.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            return document.say(text + ".");
        }
    };
    let names = regression.model().parameters();
    for (name, value) in names.iter().zip(&fit.parameters).take(MOST_PARAMETERS) {
        let star = Math::name(name).above(Math::Operator("*"));
        document.formula([star, Math::Operator("="), Math::Number(*value)]);
    }
    document.paragraph([
        "The loss there is ".into(),
        Piece::from(fit.loss),
        ": the least that the model can reach on these data.".into(),
    ]);
    if let Some(warning) = fit.warning() {
        let mut text = warning;
        text.replace_range(0..1, "T");
        document.parts.push(Part::Warning(text + "."));
    }
}
