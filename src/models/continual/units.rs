//! The hidden units of a network: their weights, what they answer to, how much they matter.

use super::importance::{Labels, fisher};
use super::views::{Headed, Noted};
use crate::models::datasets::Dataset;
use crate::models::network::batch::PART;
use crate::models::network::plan::{Block, Operation, Plan, Role, Stage};
use crate::models::network::{Loss, Network, Volume};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A layer of units: rows of its weights. Of a convolution a unit is a filter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Units {
    /// Where the incoming weights lie among all parameters, unit after unit.
    pub weights: Range<usize>,
    /// Where the biases lie.
    pub bias: Range<usize>,
    /// How many units there are.
    pub rows: usize,
    /// How many incoming weights one has.
    pub columns: usize,
    /// The stage that its outputs come from, activation function and all.
    stage: usize,
}

impl Units {
    /// The layers with weights, in order; the last is that of the outputs.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let affine = plan.stages.iter().enumerate().filter_map(|(index, stage)| {
            let block: &Block = &plan.blocks[stage.parameters?];
            (block.role == Role::Weight).then_some((index, stage.parameters?, block))
        });
        let is_activation = |stage: usize| {
            let operation = plan.stages.get(stage).map(|stage| stage.operation);
            let activations = [Operation::Relu, Operation::Sigmoid, Operation::Tanh];
            operation.is_some_and(|operation| activations.contains(&operation))
        };
        let units = affine.map(|(index, first, block)| Self {
            weights: block.range.clone(),
            bias: plan.blocks[first + 1].range.clone(),
            rows: block.shape.rows,
            columns: block.shape.columns,
            stage: index + usize::from(is_activation(index + 1)),
        });
        units.collect()
    }

    /// The hidden layers, in order.
    pub fn hidden(plan: &Plan) -> Vec<Self> {
        let mut layers = Self::of(plan);
        layers.pop();
        layers
    }

    /// The incoming weights of a unit.
    pub fn row(&self, unit: usize) -> Range<usize> {
        let begin = self.weights.start + unit * self.columns;
        begin..begin + self.columns
    }

    /// Sums `numbers` over every unit's incoming weights and its bias.
    pub fn sums(&self, numbers: &[f32]) -> Vec<f64> {
        let sum = |unit: usize| {
            let row = numbers[self.row(unit)].iter().map(|&x| f64::from(x));
            row.sum::<f64>() + f64::from(numbers[self.bias.start + unit])
        };
        (0..self.rows).map(sum).collect()
    }

    /// The mean absolute activation of every unit over these examples; of a filter over its whole
    /// image.
    pub(super) fn activity(
        &self,
        plan: &Plan,
        data: &Dataset,
        chosen: &[u32],
        parameters: &[f32],
    ) -> Vec<f64> {
        let rows = self.activations(plan, data, chosen, parameters);
        let mut sums = vec![0.0; self.rows];
        let width = self.width(plan);
        for row in rows.chunks_exact((self.rows * width).max(1)) {
            for (sum, numbers) in sums.iter_mut().zip(row.chunks_exact(width)) {
                let total: f64 = numbers.iter().map(|&a| f64::from(a.abs())).sum();
                *sum += total / (width * chosen.len()) as f64;
            }
        }
        sums
    }

    /// What every unit answers to every class: its mean activation over up to `per_class` examples
    /// of the class, of a filter over its whole image. One row a class, `classes` of them, one
    /// number a unit; a class without examples has NaN. Labels are counted from `first`.
    pub fn responses(
        &self,
        plan: &Plan,
        data: &Dataset,
        (first, classes): (usize, usize),
        per_class: usize,
        parameters: &[f32],
    ) -> Vec<f32> {
        let chosen = of_every_class(data, (first, classes), per_class);
        let rows = self.activations(plan, data, &chosen, parameters);
        let width = self.width(plan);
        let mut sums = vec![0.0_f64; classes * self.rows];
        let mut counts = vec![0_u32; classes];
        let examples = rows.chunks_exact((self.rows * width).max(1));
        for (row, &example) in examples.zip(&chosen) {
            let class = usize::from(data.labels[example as usize]) - first;
            counts[class] += 1;
            let own = &mut sums[class * self.rows..(class + 1) * self.rows];
            for (sum, numbers) in own.iter_mut().zip(row.chunks_exact(width)) {
                *sum += numbers.iter().map(|&a| f64::from(a)).sum::<f64>() / width as f64;
            }
        }
        let mean = |(index, sum): (usize, &f64)| sum / f64::from(counts[index / self.rows]);
        let means = sums.iter().enumerate().map(mean);
        means.map(|mean| mean as f32).collect()
    }

    /// How many numbers a unit puts out: the pixels of a filter's image.
    fn width(&self, plan: &Plan) -> usize {
        let Volume { height, width, .. } = plan.values[self.stage + 1];
        (height * width).max(1)
    }

    /// What comes out of the layer, one row an example.
    fn activations(
        &self,
        plan: &Plan,
        data: &Dataset,
        chosen: &[u32],
        parameters: &[f32],
    ) -> Vec<f32> {
        let part = self.until_here(plan);
        let width = part.outputs();
        let rows = Mutex::new(vec![0.0; data.len() * width]);
        let noted = Noted { data, rows: &rows };
        let mut network = Network::new(Arc::new(part), Loss::default(), PART, 0);
        network.test(&noted, chosen, parameters, &|_, _| {});
        let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        let row = |&example: &u32| &rows[example as usize * width..][..width];
        chosen.iter().flat_map(row).copied().collect()
    }

    /// The network up to this layer; images are flattened.
    fn until_here(&self, plan: &Plan) -> Plan {
        let mut part = plan.clone();
        part.stages.truncate(self.stage + 1);
        part.values.truncate(self.stage + 2);
        part.slopes.truncate(self.stage + 2);
        let outputs = part.values[self.stage + 1];
        if !outputs.is_vector() {
            part.stages.push(Stage {
                operation: Operation::Flatten,
                parameters: None,
            });
            part.values.push(Volume::vector(outputs.size()));
            part.slopes.push(Volume::vector(outputs.size()));
        }
        part
    }
}

/// The first examples of every class, up to `per_class` of each.
fn of_every_class(data: &Dataset, (first, classes): (usize, usize), per_class: usize) -> Vec<u32> {
    let mut counts = vec![0; classes];
    let mut chosen = Vec::new();
    for (row, &label) in (0..).zip(&data.labels) {
        let class = usize::from(label).checked_sub(first);
        if let Some(count) = class.and_then(|class| counts.get_mut(class))
            && *count < per_class
        {
            *count += 1;
            chosen.push(row);
        }
    }
    chosen
}

/// The Fisher information of every parameter over up to `samples` examples, and what it sums to in
/// every hidden unit, as a multiple of its layer's mean; zeros where that is 0.
pub fn information(
    network: &mut Network<f32>,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
) -> (Vec<f32>, Vec<Vec<f32>>) {
    let layers = Units::hidden(network.plan());
    let information = fisher(network, data, parameters, samples, Labels::Model);
    let of = |layer: &Units| {
        let relative = over_their_mean(&layer.sums(&information));
        relative.into_iter().map(|share| share as f32).collect()
    };
    let units = layers.iter().map(of).collect();
    (information, units)
}

/// Numbers as multiples of their mean; zeros where that is 0.
pub(super) fn over_their_mean(numbers: &[f64]) -> Vec<f64> {
    let mean = numbers.iter().sum::<f64>() / numbers.len().max(1) as f64;
    let share = |&number: &f64| if mean > 0.0 { number / mean } else { 0.0 };
    numbers.iter().map(share).collect()
}
