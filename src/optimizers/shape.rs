//! The shapes of parameter blocks.

/// A block of parameters: a matrix, row after row, or a vector as one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows; 1 for a vector.
    pub rows: usize,
    /// Columns; the length of a vector.
    pub columns: usize,
}

impl Shape {
    /// A vector of `length` parameters.
    pub const fn vector(length: usize) -> Self {
        Self {
            rows: 1,
            columns: length,
        }
    }

    /// A matrix.
    pub const fn matrix(rows: usize, columns: usize) -> Self {
        Self { rows, columns }
    }

    /// How many parameters it holds.
    pub const fn size(self) -> usize {
        self.rows * self.columns
    }

    /// Whether it has rows and columns of its own.
    pub const fn is_matrix(self) -> bool {
        self.rows > 1 && self.columns > 1
    }
}
