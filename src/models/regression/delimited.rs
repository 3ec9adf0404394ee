//! Tables as text: CSV, and what a spreadsheet puts on the clipboard.
//!
//! A file is read line by line and never held as a whole, so that its size costs time but no
//! memory beyond the table's own.

use super::{Column, MOST_COLUMNS, MOST_ROWS, Table, TableError};
use crate::formulas::check_name;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use thiserror::Error;

/// The most cells of a table that is read: 128 MiB.
const MOST_CELLS: usize = 1 << 24;

/// The longest line, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// How many mistakes are told one by one.
pub(in crate::models) const MOST_MISTAKES: usize = 12;

/// How many lines are read between two looks at whether to go on.
const LINES: usize = 4096;

/// What separates cells, the likelier first.
const DELIMITERS: [char; 4] = ['\t', ';', ',', '|'];

/// A table that was read, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Delimited {
    /// The table.
    pub table: Table,
    /// What separated its cells.
    pub delimiter: char,
    /// Whether its first line named the columns.
    pub has_header: bool,
    /// Columns whose names cannot stand in a formula: their name, and the one given in its place.
    pub renamed: Vec<(String, String)>,
    /// Whether there are more rows than a table holds; the first ones were read.
    pub is_cut: bool,
}

/// A mistake in a table's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its line, from 1.
    pub row: usize,
    /// Its column, from 1; none where the whole line is meant.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "row {}, column {column}: {}", self.row, self.message),
            None => write!(f, "row {}: {}", self.row, self.message),
        }
    }
}

/// Why a text is no table.
#[derive(Debug, Error)]
pub enum DelimitedError {
    /// Nothing in it.
    #[error(
        "there is no row of numbers in it; the first line may name the columns, every other \
             one is a row"
    )]
    Empty,
    /// Another encoding.
    #[error("row {row}: this is not UTF-8 text ({hint}); save it as CSV in UTF-8")]
    NotUtf8 {
        /// Where.
        row: usize,
        /// What it may be.
        hint: &'static str,
    },
    /// A line that no table has.
    #[error("row {row} is longer than 1 MiB; is this a table?")]
    LongLine {
        /// Where.
        row: usize,
    },
    /// Two columns of one name, or too many columns.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Cells that are no numbers.
    #[error("{}", listed(mistakes, *is_all))]
    Mistakes {
        /// The first ones.
        mistakes: Vec<Mistake>,
        /// Whether these are all.
        is_all: bool,
    },
    /// The system refused.
    #[error("reading stopped: {0}")]
    System(#[from] io::Error),
    /// The user ended it.
    #[error("cancelled; nothing was read")]
    Cancelled,
}

fn listed(mistakes: &[Mistake], is_all: bool) -> String {
    let lines: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    let more = if is_all { "" } else { "\nand more" };
    lines.join("\n") + more
}

/// Reads a table. `watch` is called now and then with the number of bytes read so far.
///
/// # Errors
/// Everything that keeps the text from being a table of numbers, with row and column.
pub fn read_delimited(
    reader: impl BufRead,
    mut watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Delimited, DelimitedError> {
    let mut lines = Lines::new(reader);
    let Some(first) = lines.next_filled()? else {
        return Err(DelimitedError::Empty);
    };
    let delimiter = delimiter_of(&first);
    let mut names = cells(&first, delimiter);
    let has_header = names.iter().any(|name| number(name, delimiter).is_err());
    let mut reading = Reading::new(names.len(), delimiter)?;
    let mut renamed = Vec::new();
    if has_header {
        renamed = rename(&mut names);
    } else {
        reading.take(&first, lines.row);
        names = usual_names(names.len());
    }
    let most = MOST_ROWS.min(MOST_CELLS / names.len().max(1));
    let mut is_cut = false;
    while let Some(line) = lines.next_filled()? {
        if lines.row.is_multiple_of(LINES) && watch(lines.bytes).is_break() {
            return Err(DelimitedError::Cancelled);
        }
        if reading.rows == most {
            is_cut = true;
            break;
        }
        reading.take(&line, lines.row);
        if reading.mistakes.len() > MOST_MISTAKES {
            break;
        }
    }
    Ok(Delimited {
        table: reading.finish(names)?,
        delimiter,
        has_header,
        renamed,
        is_cut,
    })
}

/// Reads cells to be pasted: rows of numbers, without a header.
///
/// # Errors
/// As [`read_delimited`].
pub fn read_cells(text: &str) -> Result<Vec<Vec<f64>>, DelimitedError> {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let delimiter = delimiter_of(first.ok_or(DelimitedError::Empty)?);
    let mut mistakes = Vec::new();
    let mut block = Vec::new();
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    for (row, line) in lines.take(MOST_ROWS) {
        let mut values = Vec::new();
        for (column, cell) in cells(line, delimiter).iter().enumerate() {
            match number(cell, delimiter) {
                Ok(value) => values.push(value),
                Err(message) => mistakes.push(Mistake {
                    row: row + 1,
                    column: Some(column + 1),
                    message,
                }),
            }
        }
        block.push(values);
    }
    if mistakes.is_empty() {
        return Ok(block);
    }
    let is_all = mistakes.len() <= MOST_MISTAKES;
    mistakes.truncate(MOST_MISTAKES);
    Err(DelimitedError::Mistakes { mistakes, is_all })
}

/// The columns as far as they were read.
struct Reading {
    columns: Vec<Vec<f64>>,
    delimiter: char,
    rows: usize,
    mistakes: Vec<Mistake>,
}

impl Reading {
    fn new(columns: usize, delimiter: char) -> Result<Self, TableError> {
        if columns > MOST_COLUMNS {
            return Err(TableError::TooLarge);
        }
        Ok(Self {
            columns: vec![Vec::new(); columns],
            delimiter,
            rows: 0,
            mistakes: Vec::new(),
        })
    }

    /// Takes a line in.
    fn take(&mut self, line: &str, row: usize) {
        let cells = cells(line, self.delimiter);
        let expected = self.columns.len();
        if cells.len() != expected {
            let message = format!("{} cells, where the first row has {expected}", cells.len());
            return self.mistakes.push(Mistake {
                row,
                column: None,
                message,
            });
        }
        for (index, cell) in cells.iter().enumerate() {
            match number(cell, self.delimiter) {
                Ok(value) => self.columns[index].push(value),
                Err(message) => self.mistakes.push(Mistake {
                    row,
                    column: Some(index + 1),
                    message,
                }),
            }
        }
        self.rows += 1;
    }

    fn finish(mut self, names: Vec<String>) -> Result<Table, DelimitedError> {
        if !self.mistakes.is_empty() {
            let is_all = self.mistakes.len() <= MOST_MISTAKES;
            self.mistakes.truncate(MOST_MISTAKES);
            let mistakes = self.mistakes;
            return Err(DelimitedError::Mistakes { mistakes, is_all });
        }
        if self.rows == 0 {
            return Err(DelimitedError::Empty);
        }
        let pairs = names.into_iter().zip(self.columns);
        let columns = pairs.map(|(name, values)| Column::new(name, values));
        Ok(Table::new(columns.collect())?)
    }
}

/// The lines of a text, as many bytes at a time as one line has.
pub(in crate::models) struct Lines<R> {
    reader: R,
    /// The number of the line that was read last.
    pub row: usize,
    bytes: u64,
}

impl<R: BufRead> Lines<R> {
    /// Nothing is read yet.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            row: 0,
            bytes: 0,
        }
    }

    /// The next line with something on it.
    pub fn next_filled(&mut self) -> Result<Option<String>, DelimitedError> {
        loop {
            let mut bytes = Vec::new();
            let mut limited = (&mut self.reader).take(LONGEST_LINE as u64 + 1);
            if limited.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.row += 1;
            self.bytes += bytes.len() as u64;
            let row = self.row;
            if row == 1 && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])) {
                let hint = "it looks like UTF-16";
                return Err(DelimitedError::NotUtf8 { row, hint });
            }
            if bytes.len() > LONGEST_LINE {
                return Err(DelimitedError::LongLine { row });
            }
            let hint = "perhaps an old 8-bit encoding such as Windows-1252";
            let wrong = |_| DelimitedError::NotUtf8 { row, hint };
            let line = String::from_utf8(bytes).map_err(wrong)?;
            if line.contains('\0') {
                let hint = "it holds zero bytes";
                return Err(DelimitedError::NotUtf8 { row, hint });
            }
            let line = line
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r']);
            if !line.trim().is_empty() {
                return Ok(Some(line.to_owned()));
            }
        }
    }
}

/// The separator that the line has most of.
pub(in crate::models) fn delimiter_of(line: &str) -> char {
    let count = |delimiter: &char| cells(line, *delimiter).len();
    let most = DELIMITERS.iter().map(count).max().unwrap_or(1);
    // Of several as frequent, the likelier.
    let mut likely = DELIMITERS
        .iter()
        .filter(|delimiter| count(delimiter) == most);
    match most {
        0 | 1 => ',',
        _ => likely.next().copied().unwrap_or(','),
    }
}

/// The cells of a line; in quotes a separator is a character like others, and two quotes are one.
pub(in crate::models) fn cells(line: &str, delimiter: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let last = cells.last_mut().expect("there is a first cell");
        if c == '"' && is_quoted && characters.peek() == Some(&'"') {
            characters.next();
            last.push('"');
        } else if c == '"' && (is_quoted || last.trim().is_empty()) {
            is_quoted = !is_quoted;
        } else if c == delimiter && !is_quoted {
            cells.push(String::new());
        } else {
            last.push(c);
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// The number in a cell. A decimal comma is understood where commas do not separate.
pub(in crate::models) fn number(cell: &str, delimiter: char) -> Result<f64, String> {
    let shown = || {
        let short: String = cell.chars().take(24).collect();
        short.replace(char::is_control, " ")
    };
    let has_comma = delimiter != ',' && !cell.contains('.') && cell.matches(',').count() == 1;
    let plain = if has_comma {
        cell.replace(',', ".")
    } else {
        cell.to_owned()
    };
    match plain.replace('−', "-").parse::<f64>() {
        _ if cell.is_empty() => Err("the cell is empty; give a number".to_owned()),
        Ok(value) if value.is_finite() => Ok(value),
        Ok(value) => Err(format!(
            "{value} is not a finite number; give one, or take the row out"
        )),
        Err(_) => Err(format!("`{}` is not a number", shown())),
    }
}

/// Names without a header: inputs, and the target last.
fn usual_names(count: usize) -> Vec<String> {
    let inputs = (1..count).map(|index| format!("x{index}"));
    inputs.chain(["y".to_owned()]).collect()
}

/// Gives names that cannot stand in a formula ones that can; returns which.
fn rename(names: &mut [String]) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    for (index, name) in names.iter_mut().enumerate() {
        if check_name(name).is_ok() {
            continue;
        }
        let is_part = |c: char| c.is_alphabetic() || c.is_ascii_digit();
        let replaced = name.chars().map(|c| if is_part(c) { c } else { '_' });
        let mut fitting: String = replaced.take(40).collect();
        if fitting.is_empty() {
            fitting = format!("column_{}", index + 1);
        }
        if fitting.starts_with(|c: char| c.is_ascii_digit()) {
            fitting.insert(0, '_');
        }
        if check_name(&fitting).is_err() {
            fitting.push('_');
        }
        renamed.push((std::mem::replace(name, fitting.clone()), fitting));
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Result<Delimited, DelimitedError> {
        read_delimited(text, |_| ControlFlow::Continue(()))
    }

    fn wrong(text: &[u8]) -> String {
        read(text).unwrap_err().to_string()
    }

    fn column(read: &Delimited, name: &str) -> Vec<f64> {
        read.table.column(name).unwrap().values().to_vec()
    }

    #[test]
    fn separators_headers_quotes_and_decimal_commas_are_understood() {
        let plain = read(b"x1,x2,y\n1,-1,10\n\n2,0,1.3e1\r\n").unwrap();
        assert_eq!((plain.delimiter, plain.has_header), (',', true));
        assert_eq!(column(&plain, "y"), [10.0, 13.0]);
        let german = read("\u{feff}x;y\n1,5;−2\n3;4,25\n".as_bytes()).unwrap();
        assert_eq!(
            (german.delimiter, column(&german, "x")),
            (';', vec![1.5, 3.0])
        );
        assert_eq!(column(&german, "y"), [-2.0, 4.25]);
        let bare = read(b"1\t2\t3\n4\t5\t6\n").unwrap();
        assert!(!bare.has_header);
        assert_eq!(
            (column(&bare, "x2"), column(&bare, "y")),
            (vec![2.0, 5.0], vec![3.0, 6.0])
        );
        let quoted = read(b"\"a, b\",\"y\"\n\"1\",2\n").unwrap();
        assert_eq!(quoted.renamed, [("a, b".to_owned(), "a__b".to_owned())]);
        let single = read(b"y\n3\n").unwrap();
        assert_eq!(column(&single, "y"), [3.0]);
    }

    #[test]
    fn names_that_cannot_stand_in_a_formula_are_replaced_and_told() {
        let named = read(b"petal width,sin,2nd,\n1,2,3,4\n").unwrap();
        let names: Vec<_> = named
            .table
            .columns()
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(names, ["petal_width", "sin_", "_2nd", "column_4"]);
        assert_eq!(named.renamed.len(), 4);
    }

    #[test]
    fn bad_cells_are_named_with_row_and_column() {
        assert_eq!(
            wrong(b"x,y\n1,2\nthree,4\n5,\n6,NaN\n7\n"),
            "row 3, column 1: `three` is not a number\nrow 4, column 2: the cell is empty; give a \
             number\nrow 5, column 2: NaN is not a finite number; give one, or take the row \
             out\nrow 6: 1 cells, where the first row has 2"
        );
        let many = "x,y\n".to_owned() + &"a,b\n".repeat(100_000);
        assert!(wrong(many.as_bytes()).ends_with("and more"));
    }

    #[test]
    fn duplicate_names_empty_files_and_other_encodings_are_refused() {
        assert!(wrong(b"x,y,x\n1,2,3\n").contains("two columns are called `x`"));
        assert!(wrong(b"").contains("no row of numbers"));
        assert!(wrong(b"x,y\n").contains("no row of numbers"));
        assert!(wrong(b"h\xf6he,y\n1,2\n").contains("row 1: this is not UTF-8 text (perhaps"));
        assert!(wrong(b"\xff\xfex\0,\0y\0").contains("UTF-16"));
        assert!(wrong(b"x,y\n1\0,2\n").contains("zero bytes"));
        assert!(wrong(&vec![b'1'; 3 << 20]).contains("row 1 is longer than 1 MiB"));
        let wide = vec!["1"; 300].join(",");
        assert!(wrong(wide.as_bytes()).contains("at most"));
    }

    /// Half a gigabyte of rows, made as they are read.
    struct Endless {
        left: u64,
        given: u64,
    }

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let row = b"0.125,2.5,-3.75\n";
            let count = buffer.len().min(self.left as usize);
            for byte in &mut buffer[..count] {
                *byte = row[(self.given % row.len() as u64) as usize];
                self.given += 1;
            }
            self.left -= count as u64;
            Ok(count)
        }
    }

    #[test]
    fn half_a_gigabyte_is_cut_at_what_a_table_holds_and_can_be_cancelled() {
        let file = || {
            let endless = Endless {
                left: 500 << 20,
                given: 0,
            };
            io::BufReader::new(endless)
        };
        let mut seen = 0;
        let cut = read_delimited(file(), |bytes| {
            seen = bytes;
            ControlFlow::Continue(())
        });
        let cut = cut.unwrap();
        assert!(cut.is_cut);
        assert_eq!(cut.table.rows(), MOST_ROWS);
        assert!(seen < 20 << 20, "it stops where the table is full");
        let mut looks = 0;
        let cancelled = read_delimited(file(), |_| {
            looks += 1;
            ControlFlow::Break(())
        });
        assert!(matches!(cancelled, Err(DelimitedError::Cancelled)));
        assert_eq!(looks, 1);
    }

    #[test]
    fn cells_of_a_spreadsheet_are_pasted() {
        assert_eq!(
            read_cells("1\t2,5\n3\t4\n").unwrap(),
            [[1.0, 2.5], [3.0, 4.0]]
        );
        assert_eq!(read_cells("7").unwrap(), [[7.0]]);
        let error = read_cells("1\t2\nx\t4").unwrap_err().to_string();
        assert_eq!(error, "row 2, column 1: `x` is not a number");
        assert!(matches!(read_cells(" \n"), Err(DelimitedError::Empty)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
            let _ = read_cells(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn written_numbers_are_read_back(rows in prop::collection::vec(prop::array::uniform3(-1e300..1e300), 1..20)) {
            let line = |row: &[f64; 3]| row.map(|x| x.to_string()).join(";") + "\n";
            let text: String = rows.iter().map(line).collect();
            let found = read(text.as_bytes()).unwrap();
            for (index, row) in rows.iter().enumerate() {
                for (column, value) in row.iter().enumerate() {
                    prop_assert_eq!(found.table.cell(index, column), Some(*value));
                }
            }
        }
    }
}
