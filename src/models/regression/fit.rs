//! The least-squares solution in closed form.

use super::Regression;
use nalgebra::{DMatrix, DVector};
use thiserror::Error;

/// Rows that are taken into the triangle at a time.
const ROWS: usize = 2048;

/// The most work, in multiplications: some seconds.
const MOST_WORK: usize = 4_000_000_000;

/// Singular values below this share of the largest are rounding, once every column has length 1.
const NOTHING: f64 = 1e-10;

/// The parameters with the least sum of squared errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// w*; of all solutions the shortest, in the columns' units of length, where there are many.
    pub parameters: Vec<f64>,
    /// How many directions of the parameters the data tell apart.
    pub rank: usize,
    /// J at w*, in the experiment's own loss.
    pub loss: f64,
}

impl Fit {
    /// Whether the data determine every parameter.
    pub fn is_determined(&self) -> bool {
        self.rank == self.parameters.len()
    }

    /// What is to be said where they don't.
    pub fn warning(&self) -> Option<String> {
        let count = self.parameters.len();
        (!self.is_determined()).then(|| {
            format!(
                "the data do not determine the parameters: they tell {} of {count} directions \
                 apart, so that infinitely many parameters fit equally well; one of them is marked",
                self.rank
            )
        })
    }
}

/// Why there is no solution in closed form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FitError {
    /// Another loss.
    #[error("the loss is not made of squared errors, so that there is no closed form")]
    Loss,
    /// A parameter stands in a power, a function or a product with another.
    #[error("the model is not linear in its parameters, so that there is no closed form")]
    NotLinear,
    /// A feature is not finite somewhere.
    #[error("a feature of the model is not finite in row {row}, so that there is no solution")]
    NotFinite {
        /// The row's number, from 1.
        row: usize,
    },
    /// Too large.
    #[error("the data are too many for the closed form")]
    TooLarge,
}

impl Fit {
    /// Solves min ‖Φw − (y − φ₀)‖ by an orthogonal triangle of Φ and, for the rank, its singular
    /// values (Golub & Van Loan 2013, Matrix Computations, § 5.3 and 5.5).
    pub(super) fn of(regression: &Regression) -> Result<Self, FitError> {
        let count = regression.model().parameters().len();
        if !regression.loss().is_squared() {
            return Err(FitError::Loss);
        }
        if !regression.model().is_linear() {
            return Err(FitError::NotLinear);
        }
        let rows = regression.all_rows();
        let width = count + 1;
        if rows.len().saturating_mul(width * width) > MOST_WORK {
            return Err(FitError::TooLarge);
        }
        let triangle = triangle(regression, width)?;
        let (parameters, rank) = solve(&triangle, count);
        let loss = regression.evaluate(&rows, &parameters, None);
        Ok(Self {
            parameters,
            rank,
            loss,
        })
    }
}

/// R of the orthogonal triangle of (Φ, y − φ₀), a part of the rows at a time.
fn triangle(regression: &Regression, width: usize) -> Result<DMatrix<f64>, FitError> {
    let origin = vec![0.0; width - 1];
    let mut triangle = DMatrix::<f64>::zeros(0, width);
    let mut waiting: Vec<f64> = Vec::new();
    let mut wrong = None;
    let mut take = |waiting: &mut Vec<f64>| {
        let rows = DMatrix::from_row_slice(waiting.len() / width, width, waiting);
        let above = triangle.nrows();
        let mut stacked = DMatrix::zeros(above + rows.nrows(), width);
        stacked.rows_mut(0, above).copy_from(&triangle);
        stacked.rows_mut(above, rows.nrows()).copy_from(&rows);
        triangle = stacked.qr().r();
        waiting.clear();
    };
    regression.each_block(
        &regression.all_rows(),
        &origin,
        |numbers, offsets, features| {
            for (index, &row) in numbers.iter().enumerate() {
                let begin = waiting.len();
                waiting.extend(features.iter().map(|feature| feature[index]));
                waiting.push(regression.targets()[row] - offsets[index]);
                if !waiting[begin..].iter().all(|x| x.is_finite()) {
                    wrong = wrong.or(Some(row + 1));
                }
            }
            if waiting.len() >= ROWS * width {
                take(&mut waiting);
            }
        },
    );
    if !waiting.is_empty() {
        take(&mut waiting);
    }
    match wrong {
        Some(row) => Err(FitError::NotFinite { row }),
        None => Ok(triangle),
    }
}

/// The shortest w with the least ‖Rw − q‖, and the rank of R.
fn solve(triangle: &DMatrix<f64>, count: usize) -> (Vec<f64>, usize) {
    let rows = triangle.nrows().min(count);
    let mut matrix = triangle.view((0, 0), (rows, count)).into_owned();
    let right: DVector<f64> = triangle.view((0, count), (rows, 1)).column(0).into_owned();
    let lengths: Vec<f64> = matrix
        .column_iter()
        .map(|column| column.norm())
        .map(|length| if length > 0.0 { length } else { 1.0 })
        .collect();
    for (mut column, length) in matrix.column_iter_mut().zip(&lengths) {
        column /= *length;
    }
    let decomposed = matrix.svd(true, true);
    let largest = decomposed
        .singular_values
        .iter()
        .fold(0.0, |a: f64, &b| a.max(b));
    let rank = decomposed.rank(largest * NOTHING);
    let solution = decomposed
        .solve(&right, largest * NOTHING)
        .unwrap_or_else(|_| DVector::zeros(count));
    let parameters = solution.iter().zip(&lengths).map(|(w, length)| w / length);
    (parameters.collect(), rank)
}
