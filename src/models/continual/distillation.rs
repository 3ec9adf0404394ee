//! Learning without forgetting.

use super::guard::{Border, Footprint, Guard, Present};
use super::views::{Noted, Outputs};
use crate::models::network::{Network, Purpose};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Keeps the outputs that the network had for the present task's inputs before it was learnt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Distillation {
    strength: f64,
    temperature: f64,
    /// The old heads.
    heads: Vec<Range<usize>>,
    /// The old network's outputs for each of the present examples, one row an example.
    noted: Vec<f32>,
    width: usize,
}

impl Distillation {
    /// Before the first task.
    pub fn new(strength: f64, temperature: f64) -> Self {
        Self {
            strength,
            temperature,
            heads: Vec::new(),
            noted: Vec::new(),
            width: 0,
        }
    }
}

/// Softmax of outputs at a temperature.
fn soft(outputs: impl Iterator<Item = f32> + Clone, temperature: f64) -> Vec<f32> {
    let largest = outputs.clone().fold(f32::NEG_INFINITY, f32::max);
    let raised = outputs.map(|z| libm::exp(f64::from(z - largest) / temperature));
    let raised: Vec<f64> = raised.collect();
    let sum: f64 = raised.iter().sum();
    raised.iter().map(|r| (r / sum) as f32).collect()
}

impl Guard for Distillation {
    fn begin(&mut self, border: &mut Border<'_>, parameters: &[f32]) {
        self.heads = border.past.to_vec();
        if self.heads.is_empty() {
            return;
        }
        self.width = border.network.plan().outputs();
        let data = border.data.data;
        let rows = Mutex::new(vec![0.0; data.len() * self.width]);
        let all: Vec<u32> = (0..data.len() as u32).collect();
        let noted = Noted { data, rows: &rows };
        border.network.test(&noted, &all, parameters, &|_, _| {});
        self.noted = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    fn add(
        &self,
        network: &mut Network<f32>,
        present: &Present<'_>,
        at: &[f32],
        loss: f64,
        gradient: &mut [f32],
    ) -> f64 {
        if self.heads.is_empty() {
            return loss;
        }
        // First the outputs now, then the gradient along their difference from those before.
        let data = present.data.data;
        let rows = Mutex::new(vec![0.0; self.noted.len()]);
        let noted = Noted { data, rows: &rows };
        network.test(&noted, present.chosen, at, &|_, _| {});
        let now = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut penalty = 0.0;
        let mut slopes = vec![0.0_f32; self.noted.len()];
        for &example in present.chosen {
            let row = example as usize * self.width;
            for head in &self.heads {
                let range = row + head.start..row + head.end;
                let of = |rows: &[f32]| soft(rows[range.clone()].iter().copied(), self.temperature);
                let (new, old) = (of(&now), of(&self.noted));
                for ((slope, &p), &q) in slopes[range.clone()].iter_mut().zip(&new).zip(&old) {
                    // ∂/∂z of T²·KL(q‖p) is T·(p − q).
                    *slope = (self.strength * self.temperature) as f32 * (p - q);
                    let (p, q) = (f64::from(p).max(1e-30), f64::from(q).max(1e-30));
                    penalty += self.temperature.powi(2) * q * libm::log(q / p);
                }
            }
        }
        let along = Outputs {
            data,
            slope: |example: usize, number: usize, _: f32| slopes[example * self.width + number],
        };
        let mut pull = vec![0.0; at.len()];
        let purpose = Purpose::Probe(present.update);
        network.gradient(&along, present.chosen, at, purpose, &mut pull);
        for (g, &p) in gradient.iter_mut().zip(&pull) {
            *g += p;
        }
        loss + self.strength * penalty / present.chosen.len().max(1) as f64
    }

    fn footprint(&self) -> Footprint {
        Footprint {
            examples: 0,
            numbers: self.noted.len(),
        }
    }
}
