//! Protection of neurons: units that matter to past tasks learn slower, or not at all.

use super::guard::{Border, Footprint, Guard};
use super::importance::{Labels, fisher};
use super::views::{Headed, Noted};
use crate::models::network::batch::PART;
use crate::models::network::plan::{Block, Operation, Plan, Role, Stage};
use crate::models::network::{Loss, Network, Purpose, Volume};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// How much a hidden unit matters to a task. Of a convolution a unit is a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Criterion {
    /// Fisher information, summed over the unit's incoming weights and its bias.
    Fisher,
    /// 1/N Σₙ |Σ θ·∂J/∂θ| over them: to first order what the loss would change by if the unit
    /// were gone, for units that are piecewise linear (after Molchanov et al. 2017, ICLR,
    /// arXiv:1611.06440, eq. 8).
    Taylor,
    /// Mean absolute activation.
    Activation,
}

/// A layer of units: rows of its weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Units {
    weights: Range<usize>,
    bias: Range<usize>,
    rows: usize,
    columns: usize,
    /// The stage that its outputs come from, activation function and all.
    stage: usize,
}

impl Units {
    /// The layers with weights, in order; the last is that of the outputs.
    fn of(plan: &Plan) -> Vec<Self> {
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

    /// The incoming weights of a unit.
    fn row(&self, unit: usize) -> Range<usize> {
        let begin = self.weights.start + unit * self.columns;
        begin..begin + self.columns
    }

    /// Sums `numbers` over every unit's incoming weights and its bias.
    fn sums(&self, numbers: &[f32]) -> Vec<f64> {
        let sum = |unit: usize| {
            let row = numbers[self.row(unit)].iter().map(|&x| f64::from(x));
            row.sum::<f64>() + f64::from(numbers[self.bias.start + unit])
        };
        (0..self.rows).map(sum).collect()
    }
}

/// What is done to units that matter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Protection {
    /// Their updates are multiplied by 1/(1 + strength·importance).
    Slower { strength: f64 },
    /// They are frozen, and what they would still see of others is cut off.
    Frozen {
        /// Which share of the units that are free.
        share: f64,
        /// Whether the units that stay free begin anew.
        renew: bool,
    },
}

/// The units' importance and what follows from it for every parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Neurons {
    criterion: Criterion,
    samples: usize,
    protection: Protection,
    layers: Vec<Units>,
    /// A layer a hidden layer: the importance over the layer's mean, the most of all tasks.
    importance: Vec<Vec<f64>>,
    /// Whether units are frozen.
    frozen: Vec<Vec<bool>>,
    /// What every parameter's update is multiplied by; empty before the first border.
    rates: Vec<f32>,
}

impl Neurons {
    pub(super) fn new(criterion: Criterion, samples: usize, protection: Protection) -> Self {
        Self {
            criterion,
            samples,
            protection,
            layers: Vec::new(),
            importance: Vec::new(),
            frozen: Vec::new(),
            rates: Vec::new(),
        }
    }

    /// What every parameter's update is multiplied by; empty before the first border.
    pub fn rates(&self) -> &[f32] {
        &self.rates
    }

    /// The importance of the hidden units over their layer's mean, layer after layer.
    pub fn importance(&self) -> &[Vec<f64>] {
        &self.importance
    }

    fn measure(&self, border: &mut Border<'_>, parameters: &[f32]) -> Vec<Vec<f64>> {
        let hidden = &self.layers[..self.layers.len().saturating_sub(1)];
        let data = border.data;
        match self.criterion {
            Criterion::Fisher => {
                let labels = Labels::Model;
                let information = fisher(border.network, data, parameters, self.samples, labels);
                hidden
                    .iter()
                    .map(|layer| layer.sums(&information))
                    .collect()
            }
            Criterion::Taylor => taylor(border.network, data, parameters, hidden, self.samples),
            Criterion::Activation => {
                let plan = Arc::clone(border.network.plan());
                let of = |layer| activation(&plan, layer, data, parameters, self.samples);
                hidden.iter().map(of).collect()
            }
        }
    }

    /// Takes a task's importance over: the most that a unit had in any task counts.
    fn take(&mut self, measured: Vec<Vec<f64>>) {
        if self.importance.is_empty() {
            self.importance = measured
                .iter()
                .map(|layer| vec![0.0; layer.len()])
                .collect();
            self.frozen = measured
                .iter()
                .map(|layer| vec![false; layer.len()])
                .collect();
        }
        for (kept, layer) in self.importance.iter_mut().zip(measured) {
            let mean = layer.iter().sum::<f64>() / layer.len().max(1) as f64;
            for (most, importance) in kept.iter_mut().zip(layer) {
                let relative = if mean > 0.0 { importance / mean } else { 0.0 };
                *most = most.max(relative);
            }
        }
    }

    fn slow_down(&mut self, strength: f64) {
        for (layer, importance) in self.layers.iter().zip(&self.importance) {
            for (unit, &importance) in importance.iter().enumerate() {
                let rate = 1.0 / (1.0 + strength * importance);
                self.rates[layer.row(unit)].fill(rate as f32);
                self.rates[layer.bias.start + unit] = rate as f32;
            }
        }
    }

    /// Freezes the most important of the free units, cuts what frozen units see of free ones, and
    /// lets those begin anew.
    fn freeze(&mut self, share: f64, renew: bool, start: &[f32], parameters: &mut [f32]) {
        for (frozen, importance) in self.frozen.iter_mut().zip(&self.importance) {
            let mut free: Vec<usize> = (0..frozen.len()).filter(|&unit| !frozen[unit]).collect();
            free.sort_by(|&a, &b| importance[b].total_cmp(&importance[a]));
            let count = (share * free.len() as f64).round() as usize;
            for &unit in &free[..count.min(free.len())] {
                frozen[unit] = true;
            }
        }
        for (layer, frozen) in self.layers.iter().zip(&self.frozen) {
            for (unit, &is_frozen) in frozen.iter().enumerate() {
                let bias = layer.bias.start + unit;
                if is_frozen {
                    self.rates[layer.row(unit)].fill(0.0);
                    self.rates[bias] = 0.0;
                } else if renew {
                    parameters[layer.row(unit)].copy_from_slice(&start[layer.row(unit)]);
                    parameters[bias] = start[bias];
                }
            }
        }
        for index in 1..self.layers.len() {
            self.cut(index, parameters);
        }
    }

    /// Sets to 0 what frozen units of a layer, and rows of its outputs that are protected, see of
    /// free units of the layer before.
    fn cut(&self, index: usize, parameters: &mut [f32]) {
        let (layer, before) = (&self.layers[index], &self.frozen[index - 1]);
        // A unit has several columns where it is a filter and an image lies between.
        let width = layer.columns / before.len().max(1);
        for unit in 0..layer.rows {
            if self.rates[layer.bias.start + unit] != 0.0 {
                continue;
            }
            let row = &mut parameters[layer.row(unit)];
            for (weights, &is_frozen) in row.chunks_mut(width.max(1)).zip(before) {
                if !is_frozen {
                    weights.fill(0.0);
                }
            }
        }
    }
}

/// 1/N Σₙ |Σ θ·∂J/∂θ| over every unit's incoming weights and bias.
fn taylor(
    network: &mut Network<f32>,
    data: &Headed<'_>,
    parameters: &[f32],
    layers: &[Units],
    samples: usize,
) -> Vec<Vec<f64>> {
    let mut sums: Vec<Vec<f64>> = layers.iter().map(|layer| vec![0.0; layer.rows]).collect();
    let mut gradient = vec![0.0; parameters.len()];
    let chosen = data.sample(samples);
    for &example in &chosen {
        network.gradient(
            data,
            &[example],
            parameters,
            Purpose::Probe(0),
            &mut gradient,
        );
        for (g, &w) in gradient.iter_mut().zip(parameters) {
            *g *= w;
        }
        for (layer, sums) in layers.iter().zip(&mut sums) {
            for (sum, product) in sums.iter_mut().zip(layer.sums(&gradient)) {
                *sum += product.abs() / chosen.len() as f64;
            }
        }
    }
    sums
}

/// The mean absolute activation of every unit of a layer.
fn activation(
    plan: &Plan,
    layer: &Units,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
) -> Vec<f64> {
    let outputs = plan.values[layer.stage + 1];
    if !outputs.is_vector() {
        // Of filters: the activity that the next layer is given, over the whole image.
        return filters(plan, layer, data, parameters, samples);
    }
    let rows = activations(plan, layer.stage, data, parameters, samples);
    means(&rows, layer.rows, 1)
}

/// The same of filters, whose images are flattened for it.
fn filters(
    plan: &Plan,
    layer: &Units,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
) -> Vec<f64> {
    let Volume { height, width, .. } = plan.values[layer.stage + 1];
    let mut flat = plan.clone();
    flat.stages.truncate(layer.stage + 1);
    flat.values.truncate(layer.stage + 2);
    flat.slopes.truncate(layer.stage + 2);
    let size = flat.values[layer.stage + 1].size();
    flat.stages.push(Stage {
        operation: Operation::Flatten,
        parameters: None,
    });
    flat.values.push(Volume::vector(size));
    flat.slopes.push(Volume::vector(size));
    let rows = activations(&flat, layer.stage + 1, data, parameters, samples);
    means(&rows, layer.rows, height * width)
}

/// Means of absolute values over examples and over `width` neighbours.
fn means(rows: &[f32], units: usize, width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; units];
    let examples = rows.len() / (units * width).max(1);
    for row in rows.chunks_exact((units * width).max(1)) {
        for (sum, numbers) in sums.iter_mut().zip(row.chunks_exact(width.max(1))) {
            let total: f64 = numbers.iter().map(|&a| f64::from(a.abs())).sum();
            *sum += total / (width * examples) as f64;
        }
    }
    sums
}

/// What comes out of a stage, one row an example.
fn activations(
    plan: &Plan,
    stage: usize,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
) -> Vec<f32> {
    let mut part = plan.clone();
    part.stages.truncate(stage + 1);
    part.values.truncate(stage + 2);
    part.slopes.truncate(stage + 2);
    let width = part.outputs();
    let chosen = data.sample(samples);
    let rows = Mutex::new(vec![0.0; data.data.len() * width]);
    let noted = Noted {
        data: data.data,
        rows: &rows,
    };
    let mut network = Network::new(Arc::new(part), Loss::default(), PART, 0);
    network.test(&noted, &chosen, parameters, &|_, _| {});
    let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    let row = |&example: &u32| &rows[example as usize * width..][..width];
    chosen.iter().flat_map(row).copied().collect()
}

impl Guard for Neurons {
    /// What is frozen gets its very bits back, whatever the rule and its memory made of it.
    fn correct(&mut self, _: &[f32], before: &[f32], parameters: &mut [f32]) {
        for ((w, &before), &rate) in parameters.iter_mut().zip(before).zip(&self.rates) {
            if rate == 0.0 {
                *w = before;
            } else if rate < 1.0 {
                *w = before + rate * (*w - before);
            }
        }
    }

    fn learn(&mut self, border: &mut Border<'_>, parameters: &mut [f32]) {
        if self.layers.is_empty() {
            self.layers = Units::of(border.network.plan());
            self.rates = vec![1.0; parameters.len()];
        }
        let measured = self.measure(border, parameters);
        self.take(measured);
        // The outputs of a task that is over are nobody else's.
        if let (Some(own), Some(last)) = (border.own.clone(), self.layers.last()) {
            for output in own {
                self.rates[last.row(output)].fill(0.0);
                self.rates[last.bias.start + output] = 0.0;
            }
        }
        match self.protection {
            Protection::Slower { strength } => self.slow_down(strength),
            Protection::Frozen { share, renew } => {
                self.freeze(share, renew, border.start, parameters);
            }
        }
    }

    fn footprint(&self) -> Footprint {
        let units: usize = self.importance.iter().map(Vec::len).sum();
        Footprint {
            examples: 0,
            // The rates follow from them.
            numbers: units,
        }
    }
}
