//! Data made of a true model and noise.

use super::{Column, Model, Table, TableError};
use crate::numbers::Noise;

/// How data are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// How many rows.
    pub rows: usize,
    /// The parameters of the true model, in the model's order.
    pub truth: Vec<f64>,
    /// The range that each input is drawn from evenly.
    pub range: (f64, f64),
    /// Standard deviation of the Gaussian noise on the target.
    pub noise: f64,
    /// What the draws come from.
    pub seed: u64,
}

/// A table with the model's used columns, drawn evenly from the range, and the target
/// `y = f(x; truth) + noise`.
///
/// # Errors
/// When there are too many rows.
pub fn generate(model: &Model, target: &str, generator: &Generator) -> Result<Table, TableError> {
    let draws = Noise::new(generator.seed);
    let (low, high) = generator.range;
    let used = model.used_columns();
    if generator.rows > super::MOST_ROWS {
        return Err(TableError::TooLarge);
    }
    let inputs: Vec<Vec<f64>> = (0..used.len())
        .map(|input| {
            let share = |row: usize| draws.uniform(row as u64, input as u64);
            (0..generator.rows)
                .map(|row| low + (high - low) * share(row))
                .collect()
        })
        .collect();
    let mut at = generator.truth.clone();
    at.resize(model.parameters().len() + model.columns().len(), 0.0);
    let targets = (0..generator.rows).map(|row| {
        for (input, &column) in inputs.iter().zip(&used) {
            at[model.parameters().len() + column] = input[row];
        }
        let exact: f64 = model.program().value(&at);
        exact + generator.noise * draws.gaussian(row as u64, u64::MAX)
    });
    let targets = Column::new(target, targets.collect());
    let columns = used.iter().zip(inputs);
    let columns = columns.map(|(&column, values)| Column::new(&model.columns()[column], values));
    Table::new(columns.chain([targets]).collect())
}
