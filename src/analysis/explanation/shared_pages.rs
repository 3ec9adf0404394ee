//! Two rules' steps from the same state, for a terminal and as Markdown.

use super::markdown::plain;
use super::shared::comparable;
use super::text::{in_numbers, origin};
use super::{Explanation, Line, Moved, SharedStep, Worked, shortest};
use crate::analysis::side_by_side::{Beside, Renamed, Span, alone, compared};
use std::fmt::{Result, Write};

/// A formula of both rules, or the same in numbers for one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The parameter with a colon, where the row is of one.
    pub of: String,
    /// Whether it is a formula; numbers otherwise.
    pub is_formula: bool,
    /// What the run's rule has there, and what the other, with what differs marked.
    pub beside: Beside,
}

impl Row {
    /// Whether both have the same there.
    pub fn is_same(&self) -> bool {
        self.beside.left == self.beside.right
    }

    /// Whether anything is marked.
    pub fn differs(&self) -> bool {
        let sides = [&self.beside.left, &self.beside.right];
        let mut spans = sides.into_iter().flatten().flatten();
        spans.any(|span| span.differs)
    }
}

impl SharedStep {
    /// Every row of the two steps: each formula, and below it its numbers, with six digits or all.
    pub fn compared(&self, is_rounded: bool) -> Vec<Row> {
        match is_rounded {
            true => rows(self, Worked::rounded),
            false => rows(self, in_numbers),
        }
    }
}

/// Every row of the two steps: each formula, and below it its numbers.
fn rows(of: &SharedStep, in_numbers: fn(&Worked) -> String) -> Vec<Row> {
    let mut rows = Vec::new();
    let renamed = of.renamed();
    for (own, other) in &of.rows() {
        let (own, other) = (own.as_ref(), other.as_ref());
        let count = |line: Option<&Line>| line.map_or(0, |line| line.worked.len());
        for index in 0..count(own).max(count(other)) {
            let left = own.and_then(|line| Some((line, line.worked.get(index)?)));
            let right = other.and_then(|line| Some((line, line.worked.get(index)?)));
            let component = left.or(right).and_then(|(_, worked)| worked.component);
            let name = component.and_then(|c| of.own.parameter_names.get(c));
            let name = name.map_or_else(String::new, |name| format!("{name}: "));
            // Where a formula mixes the parameters, each has its own.
            let mixes =
                |side: Option<(&Line, &Worked)>| side.is_some_and(|(l, _)| l.mixes_components);
            let is_mixed = mixes(left) || mixes(right);
            if index == 0 || is_mixed {
                let formula = |(line, worked): (&Line, &Worked)| {
                    comparable(line, worked, &of.own.parameter_names)
                };
                rows.push(Row {
                    of: if is_mixed {
                        name.clone()
                    } else {
                        String::new()
                    },
                    is_formula: true,
                    beside: beside(left.map(formula), right.map(formula), &renamed),
                });
            }
            let numbers = |(_, worked): (&Line, &Worked)| in_numbers(worked);
            rows.push(Row {
                of: name,
                is_formula: false,
                beside: beside(left.map(numbers), right.map(numbers), &renamed),
            });
        }
    }
    rows
}

fn beside(left: Option<String>, right: Option<String>, renamed: &[Renamed]) -> Beside {
    match (left, right) {
        (Some(a), Some(b)) => compared(&a, &b, renamed),
        (a, b) => Beside {
            left: a.as_deref().map(alone),
            right: b.as_deref().map(alone),
        },
    }
}

/// The page for a terminal; what differs stands in ‹ ›.
pub(super) fn text(of: &SharedStep) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_text(&mut out, of);
    out
}

fn write_text(out: &mut String, of: &SharedStep) -> Result {
    let (own, other) = (&of.own, &of.other);
    writeln!(
        out,
        "{} ({}) and {} ({}) from the same state, step {} of {}",
        own.label, own.card.id, other.card.name, other.card.id, own.step, own.updates
    )?;
    writeln!(out, "\nThe state")?;
    writeln!(out, "  J = {}", shortest(own.loss))?;
    for (index, moved) in own.parameters.iter().enumerate() {
        let (w, g) = (shortest(moved.before), shortest(given_gradient(own, index)));
        writeln!(out, "  {} = {w}, g = {g}", moved.name)?;
    }
    writeln!(out, "  α = {}: {}", shortest(own.rate.value), origin(own))?;
    writeln!(out, "\nHow {} is given it", other.card.name)?;
    for line in of.given() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nThe two steps; what differs stands in ‹ ›")?;
    if let Some(renamed) = of.renamed_in_words() {
        writeln!(out, "  {renamed}.")?;
    }
    let names = [own.card.name, other.card.name];
    for row in of.compared(false) {
        let indent = if row.is_formula { "  " } else { "      " };
        if row.is_same() {
            let same = marked(row.beside.left.as_deref(), ["", ""]);
            writeln!(out, "{indent}both: {}{same}", row.of)?;
            continue;
        }
        for (name, spans) in names.iter().zip([&row.beside.left, &row.beside.right]) {
            if let Some(spans) = spans {
                writeln!(
                    out,
                    "{indent}{name}: {}{}",
                    row.of,
                    marked(Some(spans), ["‹", "›"])
                )?;
            }
        }
    }
    writeln!(out, "\nAfter the step")?;
    for (name, of) in names.iter().zip([own, other]) {
        for moved in &of.parameters {
            writeln!(out, "  {name}: {}", in_words(moved))?;
        }
        let (before, after) = (shortest(of.loss), shortest(of.loss_after));
        writeln!(out, "  {name}: J {before} → {after}")?;
    }
    Ok(())
}

/// The gradient that both rules are given, with noise where there is some.
fn given_gradient(of: &Explanation, index: usize) -> f64 {
    let given = of.disturbed.as_ref().unwrap_or(&of.gradient);
    given.get(index).copied().unwrap_or(f64::NAN)
}

fn in_words(moved: &Moved) -> String {
    format!(
        "{} {} → {}, by {}",
        moved.name,
        shortest(moved.before),
        shortest(moved.after),
        shortest(moved.step())
    )
}

/// Spans with marks around what differs; spaces stay outside of them.
fn marked(spans: Option<&[Span]>, marks: [&str; 2]) -> String {
    let mut out = String::new();
    for span in spans.unwrap_or_default() {
        let inside = span.text.trim();
        if !span.differs || inside.is_empty() {
            out.push_str(&span.text);
            continue;
        }
        let begin = span.text.len() - span.text.trim_start().len();
        let end = begin + inside.len();
        out.push_str(&span.text[..begin]);
        out.push_str(marks[0]);
        out.push_str(inside);
        out.push_str(marks[1]);
        out.push_str(&span.text[end..]);
    }
    out
}

/// The page as Markdown; what differs is bold.
pub(super) fn markdown(of: &SharedStep) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_markdown(&mut out, of);
    out
}

fn write_markdown(out: &mut String, of: &SharedStep) -> Result {
    let (own, other) = (&of.own, &of.other);
    let names = [own.card.name, other.card.name].map(plain);
    writeln!(
        out,
        "## {} (`{}`) and {} (`{}`) from the same state, step {} of {}\n",
        plain(&own.label),
        own.card.id,
        names[1],
        other.card.id,
        own.step,
        own.updates
    )?;
    for line in of.given() {
        writeln!(out, "- {}", plain(&line))?;
    }
    if let Some(renamed) = of.renamed_in_words() {
        writeln!(out, "- {}.", plain(&renamed))?;
    }
    writeln!(out, "\n| | {} | {} |", names[0], names[1])?;
    writeln!(out, "| :--- | :--- | :--- |")?;
    for row in of.compared(false) {
        let cell = |spans: &Option<Vec<Span>>| {
            let escaped: Vec<Span> = spans
                .iter()
                .flatten()
                .map(|span| Span {
                    text: plain(&span.text),
                    differs: span.differs,
                })
                .collect();
            match escaped.is_empty() {
                true => "–".to_owned(),
                false => marked(Some(&escaped), ["**", "**"]),
            }
        };
        let of = plain(row.of.trim_end_matches(": "));
        let (left, right) = (cell(&row.beside.left), cell(&row.beside.right));
        writeln!(out, "| {of} | {left} | {right} |")?;
    }
    for (index, moved) in own.parameters.iter().enumerate() {
        let theirs = other.parameters.get(index).map_or(f64::NAN, Moved::step);
        let (name, step) = (plain(&moved.name), shortest(moved.step()));
        writeln!(out, "| Δ{name} | {step} | {} |", shortest(theirs))?;
    }
    let (left, right) = (shortest(own.loss_after), shortest(other.loss_after));
    writeln!(out, "| J after | {left} | {right} |")
}
