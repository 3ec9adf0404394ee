//! Remedies that keep examples: rehearsal, joint training, A-GEM.

use super::guard::{Border, Footprint, Guard, Present};
use super::memory::Memory;
use crate::models::network::{Network, Purpose};
use crate::numbers::{Noise, dot};
use serde::{Deserialize, Serialize};

/// What the kept examples are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Use {
    /// They are trained on, beside the present ones.
    Training,
    /// The gradient on them is one that an update must not go against.
    Constraint,
}

/// A memory of past examples.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rehearsal {
    memory: Memory,
    most_per_task: usize,
    purpose: Use,
    draws: Noise,
    past: usize,
}

impl Rehearsal {
    /// Before the first task; of each up to `most_per_task` examples are kept.
    pub fn new(most_per_task: usize, purpose: Use, seed: u64) -> Self {
        Self {
            memory: Memory::default(),
            most_per_task,
            purpose,
            draws: Noise::new(seed ^ 0x4E3E_A45A),
            past: 0,
        }
    }
}

/// Takes from `gradient` what goes against `reference`: g − (g·r/r·r)·r where g·r < 0 (Chaudhry et
/// al. 2019, ICLR, arXiv:1812.00420, eq. 11).
pub(super) fn without_opposition(gradient: &mut [f32], reference: &[f32]) {
    let product = dot(gradient, reference);
    let square = dot(reference, reference);
    if product < 0.0 && square > 0.0 {
        // In double precision: beside a vanishing reference the share alone is out of f32's range.
        let share = product / square;
        for (g, &r) in gradient.iter_mut().zip(reference) {
            *g -= (share * f64::from(r)) as f32;
        }
    }
}

impl Guard for Rehearsal {
    fn begin(&mut self, border: &mut Border<'_>, _: &[f32]) {
        self.memory.grow(&border.data.outputs);
    }

    fn add(
        &self,
        network: &mut Network<f32>,
        present: &Present<'_>,
        at: &[f32],
        loss: f64,
        gradient: &mut [f32],
    ) -> f64 {
        if self.memory.is_empty() {
            return loss;
        }
        let count = present.chosen.len();
        let drawn = self.memory.draw(self.draws, present.update, count);
        let mut remembered = vec![0.0; at.len()];
        let purpose = Purpose::Probe(present.update);
        let old = network.gradient(&self.memory, &drawn, at, purpose, &mut remembered);
        match self.purpose {
            Use::Constraint => {
                without_opposition(gradient, &remembered);
                loss
            }
            Use::Training => {
                // Every task so far weighs the same.
                let share = 1.0 / (1.0 + self.past as f64);
                for (g, &r) in gradient.iter_mut().zip(&remembered) {
                    *g = share as f32 * *g + (1.0 - share) as f32 * r;
                }
                share * loss + (1.0 - share) * old.loss
            }
        }
    }

    fn learn(&mut self, border: &mut Border<'_>, _: &mut [f32]) {
        self.memory.keep(border.data, self.most_per_task);
        self.past += 1;
    }

    fn footprint(&self) -> Footprint {
        Footprint {
            examples: self.memory.len(),
            numbers: 0,
        }
    }
}
