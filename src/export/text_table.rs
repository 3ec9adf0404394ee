//! A table of texts, as Markdown, CSV or LaTeX.

use super::results::{TableForm, escaped_for_latex, escaped_for_markdown};

/// Headings and rows; every row has as many cells as there are headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextTable {
    /// What stands above the columns.
    pub headings: Vec<String>,
    /// The cells, row by row; the first of each names its row.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// The table as text.
    pub fn text(&self, form: TableForm) -> String {
        match form {
            TableForm::Markdown => self.markdown(),
            TableForm::Csv => self.csv(),
            TableForm::Latex => self.latex(),
        }
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<_> = cells
                .iter()
                .map(|cell| escaped_for_markdown(cell))
                .collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rules = (0..self.headings.len()).map(|column| match column {
            0 => ":--",
            _ => "--:",
        });
        let rules = format!("| {} |\n", rules.collect::<Vec<_>>().join(" | "));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        line(&self.headings) + &rules + &rows
    }

    fn csv(&self) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut lines = std::iter::once(&self.headings).chain(&self.rows);
        let written = lines.try_for_each(|line| table.write_record(line));
        written.expect("memory takes every byte, and every row has as many fields as the header");
        let bytes = table.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn latex(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<_> = cells.iter().map(|cell| escaped_for_latex(cell)).collect();
            format!("{} \\\\\n", cells.join(" & "))
        };
        let columns = self.headings.len().saturating_sub(1);
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!(
            "\\begin{{tabular}}{{l{}}}\n\\hline\n{}\\hline\n{rows}\\hline\n\\end{{tabular}}\n",
            "r".repeat(columns),
            line(&self.headings),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_every_cell_and_nothing_breaks_out_of_it() {
        let table = TextTable {
            headings: vec!["run".into(), "a_b".into()],
            rows: vec![vec!["x|y, z".into(), "50 %".into()]],
        };
        assert_eq!(
            table.text(TableForm::Markdown),
            "| run | a\\_b |\n| :-- | --: |\n| x\\|y, z | 50 % |\n"
        );
        assert_eq!(table.text(TableForm::Csv), "run,a_b\n\"x|y, z\",50 %\n");
        assert_eq!(
            table.text(TableForm::Latex),
            "\\begin{tabular}{lr}\n\\hline\nrun & a\\_b \\\\\n\\hline\nx|y, z & 50 \\% \
             \\\\\n\\hline\n\\end{tabular}\n"
        );
    }
}
