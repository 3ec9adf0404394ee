//! A batch worked by hand: every number between the data and the gradient.

use super::{Regression, Rows};

/// One row of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct RowWork {
    /// Its number in the table, from 0.
    pub row: usize,
    /// The columns that the model uses.
    pub inputs: Vec<f64>,
    /// y.
    pub target: f64,
    /// ŷ = f(x; w).
    pub prediction: f64,
    /// e = ŷ − y.
    pub error: f64,
    /// ℓ(ŷ, y).
    pub term: f64,
    /// ∂ℓ/∂ŷ.
    pub slope: f64,
    /// ∂ŷ/∂w, one a parameter: the row's features where the model is linear.
    pub features: Vec<f64>,
}

/// A batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchWork {
    /// The rows, in the batch's order.
    pub rows: Vec<RowWork>,
    /// s, the factor before the sums.
    pub scale: f64,
    /// J = s·Σ ℓ.
    pub loss: f64,
    /// ∂J/∂w = s·Σ ∂ℓ/∂ŷ·∂ŷ/∂w.
    pub gradient: Vec<f64>,
}

impl Regression {
    /// Everything between the data and the gradient of a batch, with the parameters at `at`.
    pub fn work(&self, rows: &Rows, at: &[f64]) -> BatchWork {
        let columns = self.model().used_columns();
        let mut work = Vec::with_capacity(rows.len());
        self.each_block(rows, at, |numbers, predictions, features| {
            for (index, (&row, &prediction)) in numbers.iter().zip(predictions).enumerate() {
                let target = self.targets()[row];
                work.push(RowWork {
                    row,
                    inputs: columns.iter().map(|&c| self.inputs()[c][row]).collect(),
                    target,
                    prediction,
                    error: prediction - target,
                    term: self.loss().term(prediction, target),
                    slope: self.loss().slope(prediction, target),
                    features: features.iter().map(|feature| feature[index]).collect(),
                });
            }
        });
        let scale = self.loss().scale(work.len());
        let sum = |of: &dyn Fn(&RowWork) -> f64| scale * work.iter().map(of).sum::<f64>();
        let parameters = 0..self.model().parameters().len();
        BatchWork {
            loss: sum(&|row| row.term),
            gradient: parameters
                .map(|j| sum(&|row| row.slope * row.features[j]))
                .collect(),
            rows: work,
            scale,
        }
    }
}
