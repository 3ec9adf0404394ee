//! Orthogonal gradient descent.

use super::guard::{Border, Footprint, Guard};
use super::views::Outputs;
use crate::models::network::Purpose;
use crate::numbers::dot;
use serde::{Deserialize, Serialize};

/// Below this share of its length a new direction is one of those already kept.
const NEW: f64 = 1e-4;

/// How many numbers of a vector are projected at once: they stay in the innermost cache.
const PART: usize = 2048;

/// Updates that are orthogonal to what past tasks' outputs answer to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orthogonal {
    per_task: usize,
    /// Orthonormal.
    directions: Vec<Vec<f32>>,
}

impl Orthogonal {
    /// Before the first task; of each up to `per_task` directions are kept.
    pub fn new(per_task: usize) -> Self {
        Self {
            per_task,
            directions: Vec::new(),
        }
    }

    /// Keeps the part of a direction that is new (Gram and Schmidt, twice against rounding).
    pub fn keep(&mut self, mut direction: Vec<f32>) {
        let whole = dot(&direction, &direction).sqrt();
        self.project(&mut direction);
        self.project(&mut direction);
        let rest = dot(&direction, &direction).sqrt();
        if rest.is_finite() && rest > NEW * whole {
            for d in &mut direction {
                *d = (f64::from(*d) / rest) as f32;
            }
            self.directions.push(direction);
        }
    }

    /// Takes every kept direction out of `vector`. Once is enough for an update: what is left
    /// along a direction is rounding. Part by part of the vector, so that the directions come
    /// through memory twice and not more often: they are far larger than any cache.
    pub fn project(&self, vector: &mut [f32]) {
        let along = |direction: &Vec<f32>| dot(vector, direction) as f32;
        let shares: Vec<f32> = self.directions.iter().map(along).collect();
        for (index, part) in vector.chunks_mut(PART).enumerate() {
            for (direction, &share) in self.directions.iter().zip(&shares) {
                let own = &direction[index * PART..][..part.len()];
                for (v, &d) in part.iter_mut().zip(own) {
                    *v -= share * d;
                }
            }
        }
    }

    /// The kept directions.
    pub fn directions(&self) -> &[Vec<f32>] {
        &self.directions
    }
}

impl Guard for Orthogonal {
    /// The update itself is projected, not the gradient: what momentum or Adam make of an
    /// orthogonal gradient need not be orthogonal.
    fn correct(&mut self, _: &[f32], before: &[f32], parameters: &mut [f32]) {
        if self.directions.is_empty() {
            return;
        }
        let moves = parameters.iter().zip(before);
        let mut update: Vec<f32> = moves.map(|(after, before)| after - before).collect();
        self.project(&mut update);
        for ((w, &before), &moved) in parameters.iter_mut().zip(before).zip(&update) {
            *w = before + moved;
        }
    }

    fn learn(&mut self, border: &mut Border<'_>, parameters: &mut [f32]) {
        let labels = &border.data.data.labels;
        let own = Outputs {
            data: border.data.data,
            slope: |example: usize, number, _: f32| {
                if usize::from(labels[example]) == number {
                    1.0
                } else {
                    0.0
                }
            },
        };
        for example in border.data.sample(self.per_task) {
            let mut direction = vec![0.0; parameters.len()];
            let purpose = Purpose::Probe(0);
            let network = &mut *border.network;
            network.gradient(&own, &[example], parameters, purpose, &mut direction);
            self.keep(direction);
        }
    }

    fn footprint(&self) -> Footprint {
        Footprint {
            examples: 0,
            numbers: self.directions.iter().map(Vec::len).sum(),
        }
    }
}
