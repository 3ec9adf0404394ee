//! The regression as an objective.

use super::{Batches, Fit, FitError, Loss, Model, Rows, Table};
use crate::formulas::BLOCK;
use crate::numbers::{Dual, Noise, Real};
use crate::objective::{Function, Objective};
use crate::optimizers::Shape;
use rayon::prelude::*;
use std::sync::{Arc, OnceLock};

/// Rows whose sums are formed one after another; parts of this size are summed in order, so that
/// the result is the same on any number of cores.
const PART: usize = 64 * BLOCK;

/// A model, data and a loss.
#[derive(Debug)]
pub struct Regression {
    model: Model,
    /// Shared by all seeds.
    table: Arc<Table>,
    target: usize,
    loss: Loss,
    batches: Batches,
    draws: Noise,
    fit: OnceLock<Result<Fit, FitError>>,
}

impl Regression {
    /// `target` is the number of the column that the model predicts; the model's columns are
    /// those of the table, in its order.
    pub fn new(
        model: Model,
        table: Table,
        target: usize,
        loss: Loss,
        batches: Batches,
        draws: Noise,
    ) -> Self {
        Self {
            model,
            table: Arc::new(table),
            target,
            loss,
            batches,
            draws,
            fit: OnceLock::new(),
        }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The data.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The number of the column that is predicted.
    pub fn target(&self) -> usize {
        self.target
    }

    /// What wrong predictions cost.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// Which rows an update sees.
    pub fn batches(&self) -> &Batches {
        &self.batches
    }

    /// All rows, in table order.
    pub fn all_rows(&self) -> Rows {
        Rows::InOrder(0..self.table.rows())
    }

    /// y, one a row.
    pub fn targets(&self) -> &[f64] {
        self.table.columns()[self.target].values()
    }

    /// The values of every column of the table.
    pub(super) fn inputs(&self) -> Vec<&[f64]> {
        let columns = self.table.columns().iter();
        columns.map(|column| column.values()).collect()
    }

    /// The least-squares solution, where the model is linear in its parameters; found when it is
    /// first asked for.
    ///
    /// # Errors
    /// Why there is none.
    pub fn fit(&self) -> Result<&Fit, &FitError> {
        self.fit.get_or_init(|| Fit::of(self)).as_ref()
    }

    /// Calls `block` with the numbers of up to [`BLOCK`] rows, their predictions and, one slice
    /// a parameter, the derivatives of these.
    pub(super) fn each_block(
        &self,
        rows: &Rows,
        at: &[f64],
        mut block: impl FnMut(&[usize], &[f64], &[Vec<f64>]),
    ) {
        let sweep = self.model.sweep();
        let mut work = sweep.workspace(at, BLOCK.min(rows.len().max(1)));
        let mut features = vec![vec![0.0; BLOCK]; at.len()];
        for begin in (0..rows.len()).step_by(BLOCK) {
            let part = rows.part(begin..(begin + BLOCK).min(rows.len()));
            let count = part.len();
            let predictions = sweep
                .forwards(&mut work, count, |column, values| {
                    self.read(column, &part, values);
                })
                .to_vec();
            sweep.slopes(&mut work, count, |parameter, slopes| {
                features[parameter][..count].copy_from_slice(slopes);
            });
            block(&part.numbers(), &predictions, &features);
        }
    }

    /// ŷ of every row of the table.
    pub fn predictions(&self, at: &[f64]) -> Vec<f64> {
        let sweep = self.model.sweep();
        let rows = self.all_rows();
        let mut work = sweep.workspace(at, BLOCK.min(rows.len().max(1)));
        let mut all = Vec::with_capacity(rows.len());
        for begin in (0..rows.len()).step_by(BLOCK) {
            let part = rows.part(begin..(begin + BLOCK).min(rows.len()));
            let read = |column: usize, values: &mut [f64]| self.read(column, &part, values);
            all.extend_from_slice(sweep.forwards(&mut work, part.len(), read));
        }
        all
    }

    /// Writes what a column holds in some rows.
    fn read<R: Real>(&self, column: usize, rows: &Rows, values: &mut [R]) {
        let column = self.table.columns()[column].values();
        match rows {
            Rows::InOrder(range) => {
                for (value, &cell) in values.iter_mut().zip(&column[range.clone()]) {
                    *value = R::constant(cell);
                }
            }
            Rows::Shuffled(order, range) => {
                for (value, &row) in values.iter_mut().zip(&order[range.clone()]) {
                    *value = R::constant(column[row as usize]);
                }
            }
        }
    }

    /// J over some rows; adds its gradient to `gradient`, where that is asked for.
    pub fn evaluate<R: Real>(&self, rows: &Rows, at: &[R], gradient: Option<&mut [R]>) -> R {
        let scale = R::constant(self.loss.scale(rows.len()));
        let wants_gradient = gradient.is_some();
        let sum = |begin: usize| {
            let part = rows.part(begin..(begin + PART).min(rows.len()));
            self.sum_of_part(&part, at, scale, wants_gradient)
        };
        let begins = (0..rows.len().max(1)).step_by(PART);
        let sums: Vec<(R, Vec<R>)> = if rows.len() > PART {
            let begins: Vec<_> = begins.collect();
            begins.into_par_iter().map(sum).collect()
        } else {
            begins.map(sum).collect()
        };
        let gradients = sums
            .iter()
            .flat_map(|(_, gradient)| gradient.iter().enumerate());
        if let Some(total) = gradient {
            total.fill(R::zero());
            gradients.for_each(|(parameter, &slope)| total[parameter] = total[parameter] + slope);
        }
        scale * sums.iter().fold(R::zero(), |total, (sum, _)| total + *sum)
    }

    /// Σ ℓ over a part of a batch, and the scaled gradient of it.
    fn sum_of_part<R: Real>(
        &self,
        rows: &Rows,
        at: &[R],
        scale: R,
        wants_gradient: bool,
    ) -> (R, Vec<R>) {
        let sweep = self.model.sweep();
        let mut work = sweep.workspace(at, BLOCK.min(rows.len().max(1)));
        let mut targets = [R::zero(); BLOCK];
        let mut seeds = [R::zero(); BLOCK];
        let mut sum = R::zero();
        for begin in (0..rows.len()).step_by(BLOCK) {
            let part = rows.part(begin..(begin + BLOCK).min(rows.len()));
            let count = part.len();
            self.read(self.target, &part, &mut targets[..count]);
            let read = |column: usize, values: &mut [R]| self.read(column, &part, values);
            let predictions = sweep.forwards(&mut work, count, read);
            for ((seed, &prediction), &target) in seeds.iter_mut().zip(predictions).zip(&targets) {
                sum = sum + self.loss.term(prediction, target);
                *seed = scale * self.loss.slope(prediction, target);
            }
            if wants_gradient {
                sweep.backwards(&mut work, &seeds[..count]);
            }
        }
        let mut gradient = vec![R::zero(); if wants_gradient { at.len() } else { 0 }];
        if wants_gradient {
            sweep.finish(&mut work, &mut gradient);
        }
        (sum, gradient)
    }

    /// Writes the Hessian matrix of J over some rows, two columns at a time: the gradient's
    /// sweep carries their tangents along.
    pub fn hessian_of(&self, rows: &Rows, at: &[f64], matrix: &mut [f64]) {
        let count = at.len();
        for first in (0..count).step_by(2) {
            let point: Vec<Dual<f64>> = at
                .iter()
                .enumerate()
                .map(|(parameter, &value)| Dual {
                    value,
                    slope: [0, 1].map(|k| if parameter == first + k { 1.0 } else { 0.0 }),
                })
                .collect();
            let mut gradient = vec![Dual::zero(); count];
            self.evaluate(rows, &point, Some(&mut gradient));
            for (row, slope) in gradient.iter().enumerate() {
                for k in 0..(count - first).min(2) {
                    matrix[row * count + first + k] = slope.slope[k];
                }
            }
        }
    }
}

impl Function<f64> for Regression {
    fn value(&self, at: &[f64]) -> f64 {
        self.evaluate(&self.all_rows(), at, None)
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.evaluate(&self.all_rows(), at, Some(gradient))
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        self.hessian_of(&self.all_rows(), at, rows);
    }
}

/// The name of the loss over all data in tables.
const FULL_LOSS: &str = "full_loss";

/// Data of at most this many rows are measured after every update, others after every epoch.
const MEASURED_ALWAYS: usize = 4096;

impl Objective for Regression {
    fn parameter_names(&self) -> Vec<String> {
        self.model.parameters().to_vec()
    }

    fn updates_per_epoch(&self) -> u64 {
        self.batches.updates_per_epoch()
    }

    fn has_batches(&self) -> bool {
        !self.batches.are_full()
    }

    fn batch_value(&self, update: u64, at: &[f64]) -> f64 {
        self.evaluate(&self.batches.of_update(update), at, None)
    }

    fn batch_gradient(&self, update: u64, at: &[f64], gradient: &mut [f64]) -> f64 {
        self.evaluate(&self.batches.of_update(update), at, Some(gradient))
    }

    fn batch_hessian(&self, update: u64, at: &[f64], rows: &mut [f64]) {
        self.hessian_of(&self.batches.of_update(update), at, rows);
    }

    fn measures(&self) -> &'static [&'static str] {
        if self.has_batches() {
            &[FULL_LOSS]
        } else {
            &[]
        }
    }

    fn is_measured_after(&self, update: u64) -> bool {
        self.table.rows() <= MEASURED_ALWAYS || update.is_multiple_of(self.updates_per_epoch())
    }

    fn measure(&self, at: &[f64], values: &mut [f64]) {
        values[0] = self.value(at);
    }

    fn work_per_update(&self) -> u64 {
        (self.batches.size() * self.model.program().instructions().len()) as u64
    }

    fn shapes(&self) -> Vec<Shape> {
        vec![Shape::vector(self.model.parameters().len())]
    }

    fn disturb(&self, _update: u64, _gradient: &mut [f64]) {}

    fn is_exact(&self) -> bool {
        !self.has_batches()
    }

    fn sign(&self, update: u64, index: u64) -> f64 {
        self.draws.sign(update, index)
    }

    fn reseeded(&self, seed: u64) -> Arc<dyn Objective> {
        Arc::new(Self {
            model: self.model.clone(),
            table: Arc::clone(&self.table),
            target: self.target,
            loss: self.loss,
            batches: self.batches.reseeded(seed),
            draws: Noise::new(seed),
            fit: self.fit.clone(),
        })
    }

    fn counts(&self, _at: &[f64], _loss: f64) -> bool {
        true
    }

    fn contains(&self, _at: &[f64]) -> bool {
        true
    }

    fn least_value(&self) -> Option<f64> {
        self.fit().ok().map(|fit| fit.loss)
    }

    fn distance_to_minimum(&self, at: &[f64]) -> Option<f64> {
        let fit = self.fit().ok().filter(|fit| fit.is_determined())?;
        let pairs = at.iter().zip(&fit.parameters);
        let squares = pairs.map(|(w, least)| (w - least).powi(2));
        Some(squares.sum::<f64>().sqrt())
    }
}
