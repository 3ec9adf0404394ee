//! Rows of a CSV file as examples: numbers in, a class out.

use super::{Data, Dataset, Inputs};
use crate::models::network::Volume;
use crate::models::regression::text::{Lines, MOST_MISTAKES, cells, delimiter_of, number};
use crate::models::regression::{DelimitedError, Mistake};
use crate::numbers::Noise;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;
use thiserror::Error;

/// The most bytes of a file.
pub const MAX_BYTES: u64 = 1 << 28;

/// The most numbers that are read: 64 MiB.
const MAX_CELLS: usize = 1 << 24;

/// The most columns.
const MAX_COLUMNS: usize = 1 << 14;

/// The most classes: labels are bytes.
pub const MAX_CLASSES: usize = 256;

/// Why a CSV file has no examples.
#[derive(Debug, Error)]
pub enum CsvError {
    /// Its text is no table, or a cell is no number.
    #[error(transparent)]
    Text(#[from] DelimitedError),
    /// There is no number to learn from.
    #[error("its rows have one cell; a row needs numbers, and its class")]
    OneColumn,
    /// There are too many columns.
    #[error("its first row has {0} cells, more than the {MAX_COLUMNS} that are read")]
    TooWide(usize),
    /// There are too many cells.
    #[error("it has more than {MAX_CELLS} numbers; take a part of its rows")]
    TooLarge,
    /// The label's column is not there.
    #[error("no column is called `{name}`; there are {present}")]
    NoSuchColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        present: String,
    },
    /// Two columns have the label's name.
    #[error("two columns are called `{0}`; rename one of them")]
    Ambiguous(String),
    /// A label that is a number but counts nothing.
    #[error(
        "row {row}: the label {label} in `{column}` is no class; classes are whole numbers or \
         words (to fit numbers, take a Regression)"
    )]
    Fraction {
        /// Where, from 1.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        label: String,
    },
    /// There is nothing to tell apart.
    #[error("every row has the same class `{label}` in `{column}`; there is nothing to tell apart")]
    OneClass {
        /// The column.
        column: String,
        /// The class.
        label: String,
    },
    /// There are too many classes.
    #[error(
        "the column `{column}` has more than {MAX_CLASSES} different labels; name the column with \
         the classes as `label`"
    )]
    ManyClasses {
        /// The column.
        column: String,
    },
}

/// A CSV file as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The names of all columns, that of the labels among them.
    pub columns: Vec<String>,
    /// Which column has the labels.
    pub label: usize,
    /// The names of the classes: whole numbers by size, words in alphabetical order.
    pub classes: Vec<String>,
    /// The numbers, row after row.
    numbers: Vec<f32>,
    /// The class of every row.
    labels: Vec<u8>,
}

/// Reads rows of numbers with a column of labels: that of this name, or else the first one with
/// words, or else the last one.
///
/// The first line names the columns where it has a word above a number, or the label's name.
///
/// # Errors
/// What keeps the text from being such rows, with row and column.
pub fn read(reader: impl BufRead, label: Option<&str>) -> Result<Labelled, CsvError> {
    let mut lines = Lines::new(reader);
    let first = lines.next_filled()?.ok_or(DelimitedError::Empty)?;
    let first_row = lines.row;
    let second = lines.next_filled()?;
    let delimiter = delimiter_of(&first);
    let head = cells(&first, delimiter);
    if head.len() < 2 {
        return Err(CsvError::OneColumn);
    }
    if head.len() > MAX_COLUMNS {
        return Err(CsvError::TooWide(head.len()));
    }
    let below = second.as_deref().map(|second| cells(second, delimiter));
    let is_number = |cell: &String| number(cell, delimiter).is_ok();
    let names_label = label.is_some_and(|label| head.iter().any(|name| name == label));
    let has_header = names_label
        || match &below {
            Some(below) => {
                let mut pairs = head.iter().zip(below);
                pairs.any(|(above, below)| !is_number(above) && is_number(below))
            }
            None => !head[..head.len() - 1].iter().all(is_number),
        };
    let row = if has_header {
        below.as_ref()
    } else {
        Some(&head)
    };
    let usual = usual_label(row, head.len(), &is_number);
    let columns = match has_header {
        true => head,
        false => numbered(head.len(), usual),
    };
    let mut reading = Reading {
        label: label.map_or(Ok(usual), |label| place_of(label, &columns))?,
        width: columns.len(),
        delimiter,
        numbers: Vec::new(),
        labels: Vec::new(),
        words: BTreeMap::new(),
        mistakes: Vec::new(),
    };
    if !has_header {
        reading.take(&first, first_row, &columns)?;
    }
    let mut next = second;
    while let Some(line) = next {
        reading.take(&line, lines.row, &columns)?;
        if reading.mistakes.len() > MOST_MISTAKES {
            break;
        }
        next = lines.next_filled()?;
    }
    reading.finish(columns)
}

/// The first column with a word in this row, or the last one.
fn usual_label(
    row: Option<&Vec<String>>,
    columns: usize,
    is_number: &impl Fn(&String) -> bool,
) -> usize {
    let is_word = |cell: &String| !cell.is_empty() && !is_number(cell);
    let word = row.and_then(|row| row.iter().position(is_word));
    word.filter(|place| *place < columns).unwrap_or(columns - 1)
}

/// Names for columns without any.
fn numbered(count: usize, label: usize) -> Vec<String> {
    let name = |index: usize| match index == label {
        true => "class".to_owned(),
        false => format!("x{}", index + 1),
    };
    (0..count).map(name).collect()
}

fn place_of(label: &str, columns: &[String]) -> Result<usize, CsvError> {
    let mut places = (0..columns.len()).filter(|&index| columns[index] == label);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => Err(CsvError::Ambiguous(label.to_owned())),
        (None, _) => {
            let shown: Vec<_> = columns.iter().take(20).map(String::as_str).collect();
            Err(CsvError::NoSuchColumn {
                name: label.to_owned(),
                present: shown.join(", "),
            })
        }
    }
}

/// The rows as far as they were read.
struct Reading {
    label: usize,
    width: usize,
    delimiter: char,
    numbers: Vec<f32>,
    /// Numbers of the words, in the order in which they came.
    labels: Vec<u32>,
    /// Every label's number, and the row where it came first.
    words: BTreeMap<String, (u32, usize)>,
    mistakes: Vec<Mistake>,
}

impl Reading {
    fn take(&mut self, line: &str, row: usize, columns: &[String]) -> Result<(), CsvError> {
        let cells = cells(line, self.delimiter);
        if cells.len() != self.width {
            let expected = self.width;
            let message = format!("{} cells, where the first row has {expected}", cells.len());
            self.mistake(row, None, message);
            return Ok(());
        }
        if self.numbers.len() + self.width > MAX_CELLS {
            return Err(CsvError::TooLarge);
        }
        for (column, cell) in cells.iter().enumerate() {
            if column == self.label {
                self.take_label(cell, row);
                continue;
            }
            match number(cell, self.delimiter) {
                Ok(value) if (value as f32).is_finite() => self.numbers.push(value as f32),
                Ok(value) => {
                    let message = format!("{value:e} is too large; single precision ends at 3e38");
                    self.mistake(row, Some(column), message);
                }
                Err(message) => self.mistake(row, Some(column), message),
            }
        }
        if self.words.len() > MAX_CLASSES {
            let column = columns[self.label].clone();
            return Err(CsvError::ManyClasses { column });
        }
        Ok(())
    }

    fn take_label(&mut self, cell: &str, row: usize) {
        if cell.is_empty() {
            let message = "the cell is empty; give the row's class".to_owned();
            return self.mistake(row, Some(self.label), message);
        }
        let next = self.words.len() as u32;
        let (number, _) = *self.words.entry(cell.to_owned()).or_insert((next, row));
        self.labels.push(number);
    }

    fn mistake(&mut self, row: usize, column: Option<usize>, message: String) {
        self.mistakes.push(Mistake {
            row,
            column: column.map(|column| column + 1),
            message,
        });
    }

    fn finish(mut self, columns: Vec<String>) -> Result<Labelled, CsvError> {
        if !self.mistakes.is_empty() {
            let is_all = self.mistakes.len() <= MOST_MISTAKES;
            self.mistakes.truncate(MOST_MISTAKES);
            let mistakes = self.mistakes;
            return Err(DelimitedError::Mistakes { mistakes, is_all }.into());
        }
        if self.labels.is_empty() {
            return Err(DelimitedError::Empty.into());
        }
        let column = &columns[self.label];
        let classes = classes(&self.words, column)?;
        if let [only] = &classes.names[..] {
            return Err(CsvError::OneClass {
                column: column.clone(),
                label: only.clone(),
            });
        }
        let labels = self.labels.iter();
        Ok(Labelled {
            label: self.label,
            labels: labels
                .map(|&word| classes.of_words[word as usize])
                .collect(),
            classes: classes.names,
            numbers: self.numbers,
            columns,
        })
    }
}

/// The classes that labels stand for.
struct Classes {
    names: Vec<String>,
    /// The class of every word, by the word's number.
    of_words: Vec<u8>,
}

/// Whole numbers are classes by their size, however they are written; otherwise words are, in
/// alphabetical order.
fn classes(words: &BTreeMap<String, (u32, usize)>, column: &str) -> Result<Classes, CsvError> {
    let as_number = |word: &str| word.parse::<f64>().ok().filter(|value| value.is_finite());
    let mut of_words = vec![0; words.len()];
    if words.keys().all(|word| as_number(word).is_some()) {
        let mut numbers = BTreeMap::<i64, Vec<u32>>::new();
        for (word, &(number, row)) in words {
            let value = as_number(word).unwrap_or(f64::NAN);
            // Beyond this neighbouring whole numbers cannot be told apart.
            if value.fract() != 0.0 || value.abs() > 9e15 {
                return Err(CsvError::Fraction {
                    row,
                    column: column.to_owned(),
                    label: word.clone(),
                });
            }
            numbers.entry(value as i64).or_default().push(number);
        }
        for (class, words) in numbers.values().enumerate() {
            for &word in words {
                of_words[word as usize] = class as u8;
            }
        }
        let names = numbers.keys().map(i64::to_string).collect();
        return Ok(Classes { names, of_words });
    }
    for (class, &(word, _)) in words.values().enumerate() {
        of_words[word as usize] = class as u8;
    }
    let names = words.keys().cloned().collect();
    Ok(Classes { names, of_words })
}

impl Labelled {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// How many numbers a row has.
    pub fn features(&self) -> usize {
        self.columns.len() - 1
    }

    /// How many rows are trained on and how many are tested on, for a share of these: at least one
    /// of each, where there are two.
    pub fn counts(&self, test_share: f64) -> (usize, usize) {
        let tests = (self.rows() as f64 * test_share).round() as usize;
        let tests = tests.max(1).min(self.rows().saturating_sub(1));
        (self.rows() - tests, tests)
    }

    /// The rows in two parts; which row is tested on is drawn from the seed. Both parts keep the
    /// order of the file. Where it is asked for, every column is brought to mean 0 and variance 1
    /// over the training rows.
    pub fn data(&self, test_share: f64, standardise: bool, seed: u64) -> Data {
        let draws = Noise::new(seed ^ 0xC5F1);
        let mut order: Vec<usize> = (0..self.rows()).collect();
        for last in (1..order.len()).rev() {
            let other = draws.below(0, last as u64, last as u64 + 1) as usize;
            order.swap(last, other);
        }
        let (_, tests) = self.counts(test_share);
        let (test, train) = order.split_at_mut(tests);
        test.sort_unstable();
        train.sort_unstable();
        let moments = standardise.then(|| self.moments(train));
        let part = |rows: &[usize]| Arc::new(self.part(rows, moments.as_deref()));
        Data {
            train: part(train),
            test: part(test),
        }
    }

    fn row(&self, row: usize) -> &[f32] {
        let width = self.features();
        &self.numbers[row * width..(row + 1) * width]
    }

    /// Mean and standard deviation of every column over some rows; a constant column is only
    /// brought to 0.
    fn moments(&self, rows: &[usize]) -> Vec<(f64, f64)> {
        let count = rows.len().max(1) as f64;
        let mut means = vec![0.0; self.features()];
        for &row in rows {
            for (mean, &x) in means.iter_mut().zip(self.row(row)) {
                *mean += f64::from(x) / count;
            }
        }
        let mut variances = vec![0.0; self.features()];
        for &row in rows {
            let numbers = self.row(row).iter().zip(&means);
            for (variance, (&x, mean)) in variances.iter_mut().zip(numbers) {
                *variance += (f64::from(x) - mean).powi(2) / count;
            }
        }
        let deviations = variances.into_iter().zip(&means).map(|(variance, mean)| {
            let deviation = variance.sqrt();
            // What is left of a constant column is rounding.
            match deviation > 1e-7 * mean.abs() && deviation > 0.0 {
                true => deviation,
                false => 1.0,
            }
        });
        means
            .iter()
            .copied()
            .zip(deviations.collect::<Vec<_>>())
            .collect()
    }

    fn part(&self, rows: &[usize], moments: Option<&[(f64, f64)]>) -> Dataset {
        let mut numbers = Vec::with_capacity(rows.len() * self.features());
        for &row in rows {
            let row = self.row(row).iter().enumerate();
            numbers.extend(row.map(|(column, &x)| match moments {
                Some(moments) => {
                    let (mean, deviation) = moments[column];
                    ((f64::from(x) - mean) / deviation) as f32
                }
                None => x,
            }));
        }
        Dataset {
            shape: Volume::vector(self.features()),
            classes: self.classes.clone(),
            inputs: Inputs::Numbers(numbers),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FLOWERS: &str = "length,species,width\n1,b,10\n2,a,20\n3,b,30\n4,a,40\n5,c,50\n";

    fn wrong(text: &str, label: Option<&str>) -> String {
        read(text.as_bytes(), label).unwrap_err().to_string()
    }

    #[test]
    fn words_and_whole_numbers_are_classes() {
        let read_ = |text: &str, label| read(text.as_bytes(), label).unwrap();
        let flowers = read_(FLOWERS, Some("species"));
        assert_eq!(flowers.classes, ["a", "b", "c"]);
        assert_eq!(flowers.labels, [1, 0, 1, 0, 2]);
        assert_eq!((flowers.features(), flowers.rows()), (2, 5));
        assert_eq!(flowers.row(1), [2.0, 20.0]);
        // By size, not by spelling; 2.0 is 2. Without a header columns have numbers.
        let digits = read_("0.5;10\n1,5;2\n2.5;2.0\n", None);
        assert_eq!(digits.classes, ["2", "10"]);
        assert_eq!(digits.labels, [1, 0, 0]);
        assert_eq!(digits.columns, ["x1", "class"]);
        assert_eq!(digits.row(1), [1.5]);
        let by_name = read_("0,1,2\n3,4,5\n", Some("x2"));
        assert_eq!((by_name.label, by_name.rows()), (1, 2));
        // Without a name words are the classes, wherever they stand.
        let words = read_("a,1,2\nb,3,4\n", None);
        assert_eq!((words.label, words.rows()), (0, 2));
        assert_eq!(words.columns, ["class", "x2", "x3"]);
        assert_eq!(read_(FLOWERS, None).label, 1);
    }

    #[test]
    fn rows_are_split_by_the_seed_and_keep_their_labels() {
        let mut text = "x,class\n".to_owned();
        for row in 0..100 {
            text += &format!("{row},{}\n", row % 3);
        }
        let rows = read(text.as_bytes(), None).unwrap();
        assert_eq!(rows.counts(0.2), (80, 20));
        let plain = rows.data(0.2, false, 4);
        assert_eq!(plain, rows.data(0.2, false, 4));
        assert_ne!(plain, rows.data(0.2, false, 5));
        let inputs = |set: &Dataset| -> Vec<f32> {
            (0..set.len())
                .flat_map(|example| set.input(example))
                .collect()
        };
        let mut all = inputs(&plain.train);
        assert!(all.is_sorted() && all.len() == 80);
        for set in [&plain.train, &plain.test] {
            for (x, label) in inputs(set).iter().zip(&set.labels) {
                assert_eq!(*x as usize % 3, usize::from(*label));
            }
        }
        all.extend(inputs(&plain.test));
        all.sort_by(f32::total_cmp);
        assert_eq!(all, (0..100).map(|row| row as f32).collect::<Vec<_>>());
    }

    #[test]
    fn columns_are_standardised_over_the_training_rows() {
        let text = "x,constant,class\n1,7,a\n5,7,b\n9,7,a\n2,7,b\n8,7,b\n100,7,a\n";
        let rows = read(text.as_bytes(), None).unwrap();
        let data = rows.data(0.34, true, 1);
        let column = |of: usize| -> Vec<f64> {
            let rows = 0..data.train.len();
            rows.map(|row| f64::from(data.train.input(row)[of]))
                .collect()
        };
        let x = column(0);
        let mean = x.iter().sum::<f64>() / 4.0;
        let variance = x.iter().map(|x| x * x).sum::<f64>() / 4.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{x:?}");
        assert_eq!(column(1), [0.0; 4]);
        assert_eq!(data.test.input(0)[1], 0.0);
    }

    #[test]
    fn bad_files_are_named_with_row_and_column() {
        assert_eq!(
            wrong("x,y,class\n1,2,a\n1,b,a\n1,2\n,2,b\n1,2,\n", None),
            "row 3, column 2: `b` is not a number\nrow 4: 2 cells, where the first row has 3\nrow \
             5, column 1: the cell is empty; give a number\nrow 6, column 3: the cell is empty; \
             give the row's class"
        );
        assert!(wrong("", None).contains("no row of numbers"));
        assert!(wrong("x,class\n", None).contains("no row of numbers"));
        assert!(wrong("x\n1\n", None).contains("its rows have one cell"));
        assert!(wrong("x,class\n1,0.5\n2,1\n", None).contains("row 2: the label 0.5 in `class`"));
        assert!(wrong("x,class\n1,a\n2,a\n", None).contains("every row has the same class `a`"));
        assert!(wrong(FLOWERS, Some("kind")).contains("there are length, species, width"));
        assert!(wrong("a,b,a\n1,2,3\n", Some("a")).contains("two columns are called `a`"));
        assert!(wrong("x,class\n1e39,a\n2,b\n", None).contains("row 2, column 1: 1e39 is too"));
        let many: String = (0..400).map(|row| format!("1,w{row}\n")).collect();
        assert!(wrong(&many, None).contains("more than 256 different labels"));
        let wide = vec!["1"; MAX_COLUMNS + 1].join(",");
        assert!(wrong(&wide, None).contains("more than the 16384"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), share in 0.0..1.0_f64) {
            if let Ok(rows) = read(&bytes[..], None) {
                let data = rows.data(share, true, 3);
                prop_assert_eq!(data.train.len() + data.test.len(), rows.rows());
            }
        }
    }
}
