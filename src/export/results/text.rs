//! The results table as text for papers, notes and other programs.

use super::{ResultColumn, ResultRow, ResultTable};

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// For notes and web pages.
    Markdown,
    /// For other programs, with every digit.
    Csv,
    /// For papers; needs no package.
    Latex,
}

impl TableForm {
    /// Every form, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Csv, Self::Latex];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Csv => "CSV",
            Self::Latex => "LaTeX",
        }
    }
}

impl ResultTable {
    /// The table as text.
    pub fn text(&self, form: TableForm) -> String {
        match form {
            TableForm::Markdown => self.markdown(),
            TableForm::Csv => self.csv(),
            TableForm::Latex => self.latex(),
        }
    }

    fn headings(&self) -> impl Iterator<Item = String> {
        let medians = |column: &ResultColumn| {
            self.has_several
                && !matches!(
                    column,
                    ResultColumn::Run | ResultColumn::Success | ResultColumn::Diverged
                )
        };
        self.columns.iter().map(move |column| {
            let median = if medians(column) { "median " } else { "" };
            format!("{median}{}", column.heading())
        })
    }

    fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.headings().collect());
        let rule = |column: &ResultColumn| match column {
            ResultColumn::Run => ":--".to_owned(),
            _ => "--:".to_owned(),
        };
        text += &line(self.columns.iter().map(rule).collect());
        for row in &self.rows {
            let cell = |&column: &ResultColumn| match column {
                ResultColumn::Run => {
                    let name = escaped_for_markdown(&name(row));
                    match row.is_best {
                        true => format!("**{name}** (best)"),
                        false => name,
                    }
                }
                _ => row.cell(column),
            };
            text += &line(self.columns.iter().map(cell).collect());
        }
        text
    }

    fn csv(&self) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let headings = self.headings().map(|heading| heading.replace(' ', "_"));
        let headings = headings.chain(["best".to_owned()]);
        let written = table.write_record(headings).and_then(|()| {
            self.rows.iter().try_for_each(|row| {
                let cell = |&column: &ResultColumn| match column {
                    ResultColumn::Run => name(row),
                    _ => row.exact_cell(column),
                };
                let best = if row.is_best { "yes" } else { "no" };
                let cells = self.columns.iter().map(cell);
                table.write_record(cells.chain([best.to_owned()]))
            })
        });
        written.expect("memory takes every byte, and every row has as many fields as the header");
        let bytes = table.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn latex(&self) -> String {
        let alignment: String = self
            .columns
            .iter()
            .map(|column| match column {
                ResultColumn::Run => 'l',
                _ => 'r',
            })
            .collect();
        let headings: Vec<_> = self.headings().collect();
        let mut text = format!(
            "\\begin{{tabular}}{{{alignment}}}\n\\hline\n{} \\\\\n\\hline\n",
            headings.join(" & ")
        );
        for row in &self.rows {
            let cell = |&column: &ResultColumn| match column {
                ResultColumn::Run => {
                    let name = escaped_for_latex(&name(row));
                    match row.is_best {
                        true => format!("\\textbf{{{name}}} (best)"),
                        false => name,
                    }
                }
                _ => number_for_latex(&row.cell(column)),
            };
            let cells: Vec<_> = self.columns.iter().map(cell).collect();
            text += &format!("{} \\\\\n", cells.join(" & "));
        }
        text + "\\hline\n\\end{tabular}\n"
    }
}

fn name(row: &ResultRow) -> String {
    match row.is_pinned {
        true => format!("{} (pinned)", row.label),
        false => row.label.clone(),
    }
}

pub(in crate::export) fn escaped_for_markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '\\' | '<' | '[' | ']' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

pub(in crate::export) fn escaped_for_latex(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '~' => escaped += "\\textasciitilde{}",
            '^' => escaped += "\\textasciicircum{}",
            '\\' => escaped += "\\textbackslash{}",
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A number such as −1.5·10⁻³ in mathematics of TeX; what is none stays as it is.
fn number_for_latex(cell: &str) -> String {
    if cell.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    let mut is_raised = false;
    for c in cell.chars() {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars().position(|raised| raised == c);
        if digit.is_some() != is_raised {
            text += if is_raised { "}" } else { "^{" };
            is_raised = !is_raised;
        }
        match (digit, c) {
            (Some(10), _) => text.push('-'),
            (Some(digit), _) => text += &digit.to_string(),
            (None, '−') => text.push('-'),
            (None, '·') => text += "\\cdot ",
            (None, '∞') => text += "\\infty",
            (None, '–') => text += "\\ldots ",
            (None, c) => text.push(c),
        }
    }
    if is_raised {
        text.push('}');
    }
    format!("${text}$")
}
