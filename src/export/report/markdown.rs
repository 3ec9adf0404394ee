//! A report as Markdown with LaTeX between dollar signs.

use super::document::{Document, Part, Piece};
use super::figures::file_name;
use crate::experiment::Checked;

/// The whole file.
pub fn page(checked: &Checked, document: &Document) -> String {
    let title = match checked.experiment.title.trim() {
        "" => "Untitled experiment",
        title => title,
    };
    let mut text = format!("# {}\n\n", escaped(title));
    for part in &document.parts {
        text += &written(part);
        text += "\n\n";
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

fn written(part: &Part) -> String {
    match part {
        Part::Heading(level, text) => {
            format!("{} {}", "#".repeat(usize::from(*level)), escaped(text))
        }
        Part::Notes(notes) => super::notes::lowered(notes),
        Part::Paragraph(pieces) => pieces.iter().map(piece).collect(),
        Part::Warning(text) => format!("> **Note.** {}", escaped(text)),
        Part::Formula(math) => format!("$$\n{}\n$$", math.to_latex()),
        Part::Table(header, rows) => {
            let line = |cells: &[Piece]| {
                // A bar would end the cell.
                let cells = cells
                    .iter()
                    .map(|cell| piece(cell).replace('|', "\\vert{}"));
                format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
            };
            let rule = format!("|{}", " ---: |".repeat(header.len()));
            let lines = [line(header), rule].into_iter();
            let lines = lines.chain(rows.iter().map(|row| line(row)));
            lines.collect::<Vec<_>>().join("\n")
        }
        Part::Explanation { markdown, .. } => super::notes::lowered(markdown),
        Part::Figure(number) => {
            let name = file_name(*number);
            format!("![{}]({name})", super::figures::name(*number))
        }
    }
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => escaped(text),
        Piece::Math(math) => format!("${}$", math.to_latex()),
        Piece::Code(code) => format!("`{}`", code.replace(['`', '\n', '\r'], " ")),
    }
}

/// Words that Markdown does not take for marks.
fn escaped(text: &str) -> String {
    let is_mark = |c: char| {
        matches!(
            c,
            '*' | '_' | '`' | '[' | ']' | '<' | '#' | '|' | '\\' | '$'
        )
    };
    let escape = |c: char| match c {
        c if is_mark(c) => format!("\\{c}"),
        c if c.is_control() => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}
