//! Remedies that pull the weights back to where they were: L2, EWC, synaptic intelligence, MAS.

use super::guard::{Border, Footprint, Guard, Present};
use super::importance::{Labels, fisher, output_sensitivity};
use crate::models::network::Network;
use serde::{Deserialize, Serialize};

/// What a parameter's pull is weighed by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weighing {
    /// 1 for all.
    Equal,
    /// The diagonal of the Fisher information.
    Fisher {
        /// Over how many examples.
        samples: usize,
        /// With whose labels.
        labels: Labels,
        /// Of tasks before, what share is kept at each border; none keeps a pull of its own for
        /// every task.
        online: Option<f64>,
    },
    /// What moving it brought the loss down, over how far it moved.
    Path {
        /// ξ, beside the squared distance.
        damping: f64,
    },
    /// How strongly the outputs answer to it.
    Outputs {
        /// Over how many examples.
        samples: usize,
    },
}

/// A quadratic pull to the weights that past tasks ended with: Σ_k c/2 Σᵢ Ω_k,ᵢ (θᵢ − θ*_k,ᵢ)².
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anchors {
    strength: f64,
    weighing: Weighing,
    anchors: Vec<Anchor>,
    /// −Σ g·Δθ over the present task's updates, for [`Weighing::Path`].
    path: Vec<f32>,
    /// The weights that the present task began with.
    begun: Vec<f32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Anchor {
    at: Vec<f32>,
    weights: Vec<f32>,
}

impl Anchors {
    /// Before the first task; `strength` is c.
    pub fn new(strength: f64, weighing: Weighing) -> Self {
        Self {
            strength,
            weighing,
            anchors: Vec::new(),
            path: Vec::new(),
            begun: Vec::new(),
        }
    }

    /// Pulls to `at` from now on as well, with these weights Ω.
    pub fn pull_to(&mut self, at: Vec<f32>, weights: Vec<f32>) {
        self.anchors.push(Anchor { at, weights });
    }

    /// The penalty at `at`; adds its gradient.
    pub fn penalty(&self, at: &[f32], gradient: &mut [f32]) -> f64 {
        let strength = self.strength as f32;
        let mut sum = 0.0_f64;
        for anchor in &self.anchors {
            let pulls = at.iter().zip(&anchor.at).zip(&anchor.weights);
            for (g, ((&w, &a), &weight)) in gradient.iter_mut().zip(pulls) {
                let slope = strength * weight * (w - a);
                *g += slope;
                sum += 0.5 * f64::from(slope) * f64::from(w - a);
            }
        }
        sum
    }

    /// The weights Ω of the task that ends, and how much of those before is kept in the same
    /// pull; none where theirs stay beside it.
    fn weigh(&self, border: &mut Border<'_>, parameters: &[f32]) -> (Vec<f32>, Option<f64>) {
        let (network, data) = (&mut *border.network, border.data);
        match self.weighing {
            Weighing::Equal => (vec![1.0; parameters.len()], Some(0.0)),
            Weighing::Fisher {
                samples,
                labels,
                online,
            } => (fisher(network, data, parameters, samples, labels), online),
            Weighing::Outputs { samples } => {
                let weights = output_sensitivity(network, data, parameters, samples);
                (weights, Some(1.0))
            }
            Weighing::Path { damping } => {
                let moved = parameters.iter().zip(&self.begun).map(|(w, b)| w - b);
                let path = self.path.iter().zip(moved);
                // A sum that says the loss rose protects nothing (as in the authors' code).
                let weight = |(&p, m): (&f32, f32)| (p / (m * m + damping as f32)).max(0.0);
                (path.map(weight).collect(), Some(1.0))
            }
        }
    }
}

impl Guard for Anchors {
    fn begin(&mut self, _: &mut Border<'_>, parameters: &[f32]) {
        if let Weighing::Path { .. } = self.weighing {
            self.path = vec![0.0; parameters.len()];
            self.begun = parameters.to_vec();
        }
    }

    fn add(
        &self,
        _: &mut Network<f32>,
        _: &Present<'_>,
        at: &[f32],
        loss: f64,
        gradient: &mut [f32],
    ) -> f64 {
        loss + self.penalty(at, gradient)
    }

    fn correct(&mut self, own: &[f32], before: &[f32], parameters: &mut [f32]) {
        let moves = parameters.iter().zip(before).zip(own);
        for (path, ((&after, &before), &g)) in self.path.iter_mut().zip(moves) {
            *path -= g * (after - before);
        }
    }

    fn learn(&mut self, border: &mut Border<'_>, parameters: &mut [f32]) {
        let (mut weights, kept) = self.weigh(border, parameters);
        if let Some(kept) = kept
            && let Some(last) = self.anchors.pop()
        {
            for (weight, old) in weights.iter_mut().zip(last.weights) {
                *weight += kept as f32 * old;
            }
        }
        self.pull_to(parameters.to_vec(), weights);
    }

    fn footprint(&self) -> Footprint {
        let numbers = |anchor: &Anchor| anchor.at.len() + anchor.weights.len();
        let pulls: usize = self.anchors.iter().map(numbers).sum();
        Footprint {
            examples: 0,
            numbers: pulls + self.path.len() + self.begun.len(),
        }
    }
}
