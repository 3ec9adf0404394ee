//! Aligned tables on standard output.

/// Rows under a header, every column as wide as its widest entry.
pub fn aligned<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> String {
    let header = header.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(&header)
        .chain(rows)
        .map(|row| row.each_ref().map(|entry| one_line(entry)))
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (entry, width) in row.iter().zip(widths) {
            line += &format!("{entry:width$}  ");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// An entry without what would break the line or steer the terminal.
fn one_line(entry: &str) -> String {
    entry
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_control_characters_do_nothing() {
        let rows = [
            ["α".to_owned(), "1".to_owned()],
            ["long\n\u{1b}[31m".to_owned(), "2".to_owned()],
        ];
        assert_eq!(
            aligned(["name", "value"], &rows),
            "name        value\nα           1\nlong  [31m  2\n"
        );
    }
}
