//! A formula fitted to a table of data, in mini-batches, with everything in between.
//!
//! The model is any formula over the table's columns and named parameters. Per row i it gives a
//! prediction ŷᵢ = f(xᵢ; w), per batch B a loss J = s·Σ ℓ(ŷᵢ, yᵢ), and the gradient
//! ∂J/∂w = s·Σ ℓ′(ŷᵢ, yᵢ)·∂f/∂w, exactly, by one sweep backwards over blocks of rows.

mod batches;
mod delimited;
mod fit;
mod generate;
mod loss;
mod model;
mod objective;
mod plane;
mod slice;
mod table;
#[cfg(test)]
mod tests;
mod work;

pub use batches::{Batches, Order, Rows};
/// How tables are read line by line and cell by cell, for other data in text.
pub(in crate::models) mod text {
    pub(in crate::models) use super::delimited::{
        Lines, MOST_MISTAKES, cells, delimiter_of, number,
    };
}

pub use delimited::{Delimited, DelimitedError, Mistake, read_cells, read_delimited};
pub use fit::{Fit, FitError};
pub use generate::{Generator, generate};
pub use loss::Loss;
pub use model::Model;
pub use objective::Regression;
pub use plane::Plane;
pub use slice::{SLICE_ID, Slice};
pub use table::{Column, MOST_COLUMNS, MOST_ROWS, Table, TableError};
pub use work::{BatchWork, RowWork};
