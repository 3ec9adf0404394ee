//! A report as one HTML file: mathematics as MathML, figures inside, nothing from elsewhere.

use super::document::{Document, Part, Piece};
use super::figures::Figured;
use super::notes::{as_html, is_right_to_left, words};
use crate::experiment::Checked;
use crate::formulas::escaped;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.55 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;max-width:62rem;\
margin:2rem auto;padding:0 1rem;text-align:start}\
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-block-start:2.2rem;\
border-block-end:1px solid #8886;padding-block-end:.2rem}h3{font-size:1.05rem}\
table{border-collapse:collapse;margin-block:1rem;font-variant-numeric:tabular-nums;\
display:block;overflow-x:auto}\
th,td{padding:.25rem .7rem;text-align:end;border-block-end:1px solid #8884}\
th:first-child,td:first-child{text-align:start}th{font-weight:600}\
math{font-size:1.05em}math[display=block]{margin-block:.8rem;direction:ltr;overflow-x:auto}\
.warning{border-inline-start:4px solid #b58900;padding-inline-start:.8rem}\
figure{margin:1rem 0}img{max-width:100%;height:auto;background:#fff;border-radius:4px}\
pre{overflow-x:auto;direction:ltr}code,pre{font-family:ui-monospace,Consolas,monospace;direction:ltr;unicode-bidi:isolate}\
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}tr,figure,math{break-inside:avoid}}";

/// The whole file.
pub fn page(checked: &Checked, document: &Document, figures: &[Figured]) -> String {
    let experiment = &checked.experiment;
    let title = match experiment.title.trim() {
        "" => "Untitled experiment",
        title => title,
    };
    let is_rtl = is_right_to_left(&experiment.title) || is_right_to_left(&experiment.notes);
    let direction = if is_rtl { "rtl" } else { "ltr" };
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"und\" dir=\"{direction}\">\n<head>\n<meta \
         charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
        escaped(title),
        words(title)
    );
    for part in &document.parts {
        text += &written(part, figures);
        text.push('\n');
    }
    text + "</body>\n</html>\n"
}

fn written(part: &Part, figures: &[Figured]) -> String {
    match part {
        Part::Heading(level, text) => {
            let level = level.clamp(&2, &6);
            format!("<h{level}>{}</h{level}>", words(text))
        }
        Part::Notes(notes) => {
            let direction = if is_right_to_left(notes) {
                "rtl"
            } else {
                "ltr"
            };
            format!(
                "<section dir=\"{direction}\">\n{}</section>",
                as_html(notes)
            )
        }
        Part::Paragraph(pieces) => format!("<p>{}</p>", line(pieces)),
        Part::Warning(text) => format!(
            "<p class=\"warning\"><strong>Note.</strong> {}</p>",
            words(text)
        ),
        Part::Formula(math) => format!("<math display=\"block\">{}</math>", math.to_mathml()),
        Part::Table(header, rows) => table(header, rows),
        Part::Explanation { text, .. } => format!("<pre>{}</pre>", escaped(text)),
        Part::Figure(number) => figure(*number, figures),
    }
}

fn line(pieces: &[Piece]) -> String {
    pieces.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => escaped(text),
        Piece::Math(math) => format!("<math>{}</math>", math.to_mathml()),
        Piece::Code(code) => format!("<code>{}</code>", escaped(code)),
    }
}

fn table(header: &[Piece], rows: &[Vec<Piece>]) -> String {
    let cells = |name: &str, cells: &[Piece]| -> String {
        let cell = |content: &Piece| format!("<{name}>{}</{name}>", piece(content));
        cells.iter().map(cell).collect()
    };
    let mut text = format!(
        "<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n",
        cells("th", header)
    );
    for row in rows {
        text += &format!("<tr>{}</tr>\n", cells("td", row));
    }
    text + "</tbody>\n</table>"
}

fn figure(number: usize, figures: &[Figured]) -> String {
    let Some(figure) = figures.iter().find(|figure| figure.number == number) else {
        return String::new();
    };
    let name = escaped(&super::figures::name(number));
    format!(
        "<figure><img alt=\"{name}\" src=\"data:image/svg+xml;base64,{}\"></figure>",
        BASE64_STANDARD.encode(&figure.svg)
    )
}
