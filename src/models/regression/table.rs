//! A table of numbers with named columns.

use crate::formulas;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// The most rows of a table.
pub const MOST_ROWS: usize = 1_000_000;

/// The most columns of a table.
pub const MOST_COLUMNS: usize = 256;

/// From this many rows on a table is written with its columns' names once.
const WRITTEN_IN_FULL: usize = 256;

/// Numbers in rows and columns. Copies share their columns until one of them is changed.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    values: Arc<Vec<f64>>,
}

/// Why columns make no table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// Two columns of one name.
    #[error("two columns are called `{0}`; rename one of them")]
    Duplicate(String),
    /// A name that cannot stand in a formula.
    #[error("{0}")]
    Name(String),
    /// Columns of different lengths.
    #[error("column `{name}` has {found} cells, the first one has {expected}; give as many")]
    Length {
        /// The column.
        name: String,
        /// How many cells it has.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// More than fits.
    #[error("a table has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns; leave some out")]
    TooLarge,
}

impl Column {
    /// A column of these values.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self {
            name: name.into(),
            values: Arc::new(values),
        }
    }

    /// Its values, one a row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

impl PartialEq for Column {
    /// Bit for bit: NaN is a value like others here.
    fn eq(&self, other: &Self) -> bool {
        let bits = |values: &[f64], others: &[f64]| {
            let pairs = values.iter().zip(others);
            values.len() == others.len()
                && pairs.into_iter().all(|(a, b)| a.to_bits() == b.to_bits())
        };
        self.name == other.name
            && (Arc::ptr_eq(&self.values, &other.values) || bits(&self.values, &other.values))
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns
    }
}

impl Table {
    /// A table of these columns.
    ///
    /// # Errors
    /// When two have one name, or other lengths, or there are too many.
    pub fn new(columns: Vec<Column>) -> Result<Self, TableError> {
        let expected = columns.first().map_or(0, |column| column.values.len());
        if expected > MOST_ROWS || columns.len() > MOST_COLUMNS {
            return Err(TableError::TooLarge);
        }
        for (index, column) in columns.iter().enumerate() {
            let name = column.name.clone();
            if columns[..index].iter().any(|other| other.name == name) {
                return Err(TableError::Duplicate(name));
            }
            let found = column.values.len();
            if found != expected {
                return Err(TableError::Length {
                    name,
                    found,
                    expected,
                });
            }
        }
        Ok(Self { columns })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<f64> {
        self.columns.get(column)?.values.get(row).copied()
    }

    /// Writes a cell, if there is such a one.
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        let column = self.columns.get_mut(column);
        let values = column.map(|column| Arc::make_mut(&mut column.values));
        if let Some(cell) = values.and_then(|values| values.get_mut(row)) {
            *cell = value;
        }
    }

    /// Gives a column another name.
    ///
    /// # Errors
    /// When another has it already, or it cannot stand in a formula.
    pub fn rename(&mut self, column: usize, name: &str) -> Result<(), TableError> {
        formulas::check_name(name).map_err(TableError::Name)?;
        let mut others = self.columns.iter().enumerate();
        if others.any(|(index, other)| index != column && other.name == name) {
            return Err(TableError::Duplicate(name.to_owned()));
        }
        if let Some(column) = self.columns.get_mut(column) {
            name.clone_into(&mut column.name);
        }
        Ok(())
    }

    /// Puts a row of zeros before the one with this number, or behind the last, unless there is
    /// no room for more.
    pub fn insert_row(&mut self, row: usize) {
        if self.rows() >= MOST_ROWS {
            return;
        }
        for column in &mut self.columns {
            let values = Arc::make_mut(&mut column.values);
            values.insert(row.min(values.len()), 0.0);
        }
    }

    /// Takes a row out.
    pub fn remove_row(&mut self, row: usize) {
        for column in &mut self.columns {
            if row < column.values.len() {
                Arc::make_mut(&mut column.values).remove(row);
            }
        }
    }

    /// Adds a column of zeros.
    ///
    /// # Errors
    /// When its name cannot stand in a formula or is taken, or there are too many.
    pub fn add_column(&mut self, name: &str) -> Result<(), TableError> {
        formulas::check_name(name).map_err(TableError::Name)?;
        let mut columns = self.columns.clone();
        columns.push(Column::new(name, vec![0.0; self.rows()]));
        *self = Self::new(columns)?;
        Ok(())
    }

    /// Writes a block of cells with its upper left corner at a cell; rows that are missing are
    /// added, what would lie beyond the last column is left out. Returns how many cells were
    /// left out.
    pub fn paste(&mut self, row: usize, column: usize, block: &[Vec<f64>]) -> usize {
        let end = (row + block.len()).min(MOST_ROWS);
        for values in &mut self.columns {
            let values = Arc::make_mut(&mut values.values);
            values.resize(values.len().max(end), 0.0);
        }
        let mut left_out = 0;
        for (down, cells) in block.iter().enumerate() {
            for (across, &value) in cells.iter().enumerate() {
                if column + across < self.columns.len() && row + down < end {
                    self.set(row + down, column + across, value);
                } else {
                    left_out += 1;
                }
            }
        }
        left_out
    }
}

/// A row as a map, borrowed for writing.
struct Row<'a>(&'a Table, usize);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.0.columns.iter();
        serializer.collect_map(columns.map(|column| (&column.name, column.values[self.1])))
    }
}

impl Serialize for Table {
    /// Small tables as a list of maps, large ones with every name once.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.rows() < WRITTEN_IN_FULL {
            let mut rows = serializer.serialize_seq(Some(self.rows()))?;
            for row in 0..self.rows() {
                rows.serialize_element(&Row(self, row))?;
            }
            return rows.end();
        }
        let names: Vec<_> = self.columns.iter().map(|column| &column.name).collect();
        let cells: Vec<_> = self.columns.iter().map(|column| &*column.values).collect();
        let mut table = serializer.serialize_struct("Table", 2)?;
        table.serialize_field("columns", &names)?;
        table.serialize_field("values", &cells)?;
        table.end()
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TableVisitor)
    }
}

struct TableVisitor;

impl<'de> Visitor<'de> for TableVisitor {
    type Value = Table;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a list of rows such as {\"x\": 1, \"y\": 2}, or (columns: [names], values: [columns])",
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Table, A::Error> {
        let mut columns: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut names: Vec<String> = Vec::new();
        let mut count = 0;
        while let Some(NamedCells(row)) = rows.next_element()? {
            if count == 0 {
                names = row.iter().map(|(name, _)| name.clone()).collect();
                columns = names
                    .iter()
                    .map(|name| (name.clone(), Vec::new()))
                    .collect();
            }
            let missing = names
                .iter()
                .find(|name| !row.iter().any(|(own, _)| own == *name));
            if let Some(name) = missing {
                return Err(A::Error::custom(format!(
                    "row data[{count}] has no `{name}`, which the first row has; give every row \
                     the same columns"
                )));
            }
            for (name, value) in row {
                let Some(column) = columns.get_mut(&name) else {
                    return Err(A::Error::custom(format!(
                        "row data[{count}] has a column `{name}`, which the first row has not; \
                         give every row the same columns"
                    )));
                };
                column.push(value);
            }
            count += 1;
            if count > MOST_ROWS {
                return Err(A::Error::custom(TableError::TooLarge));
            }
        }
        let column = |name| {
            let values = columns.remove(&name).unwrap_or_default();
            Column::new(name, values)
        };
        Table::new(names.into_iter().map(column).collect()).map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Table, A::Error> {
        let (mut names, mut values) = (Vec::<String>::new(), Vec::<Vec<f64>>::new());
        while let Some(field) = fields.next_key::<String>()? {
            match field.as_str() {
                "columns" => names = fields.next_value()?,
                "values" => values = fields.next_value()?,
                other => return Err(A::Error::unknown_field(other, &["columns", "values"])),
            }
        }
        if names.len() != values.len() {
            return Err(A::Error::custom(format!(
                "there are {} names of columns and {} columns; give as many",
                names.len(),
                values.len()
            )));
        }
        let pairs = names.into_iter().zip(values);
        let columns = pairs.map(|(name, values)| Column::new(name, values));
        Table::new(columns.collect()).map_err(A::Error::custom)
    }
}

/// A row in file order; a name that comes twice is an error.
struct NamedCells(Vec<(String, f64)>);

impl<'de> Deserialize<'de> for NamedCells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowVisitor;
        impl<'de> Visitor<'de> for RowVisitor {
            type Value = NamedCells;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row such as {\"x\": 1, \"y\": 2}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut cells: A) -> Result<NamedCells, A::Error> {
                let mut row: Vec<(String, f64)> = Vec::new();
                while let Some((name, value)) = cells.next_entry::<String, f64>()? {
                    if row.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(TableError::Duplicate(name)));
                    }
                    row.push((name, value));
                }
                Ok(NamedCells(row))
            }
        }
        deserializer.deserialize_map(RowVisitor)
    }
}
