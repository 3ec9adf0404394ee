//! Protection of neurons: units that matter to past tasks learn slower, or not at all.

use super::guard::{Border, Footprint, Guard};
use super::importance::{Labels, fisher};
use super::units::{Units, over_their_mean};
use super::views::Headed;
use crate::models::network::{Network, Purpose};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
                let chosen = data.sample(self.samples);
                let of = |layer: &Units| layer.activity(&plan, data.data, &chosen, parameters);
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
            for (most, relative) in kept.iter_mut().zip(over_their_mean(&layer)) {
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

    fn unit_rates(&self) -> Vec<Vec<f32>> {
        let hidden = self.importance.len();
        let of = |layer: &Units| self.rates[layer.bias.clone()].to_vec();
        self.layers[..hidden].iter().map(of).collect()
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
