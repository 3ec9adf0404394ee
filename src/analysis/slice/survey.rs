//! The loss on a grid over a plane, coarse first.

use super::WeightPlane;
use crate::models::datasets::{Dataset, FolderError};
use crate::models::network::{Network, Purpose, Task};
use std::sync::Arc;

/// Points along either side of a complete survey: a power of two, and one more.
pub const SIDE: usize = 33;

/// Points between two in the first look.
const FIRST_STRIDE: usize = 8;

/// About how many multiplications a complete survey takes at most: some seconds of two cores.
const MOST_WORK: u64 = 250_000_000_000;

/// The fewest and the most examples that losses are taken over.
const EXAMPLES: (u64, u64) = (64, 2048);

/// The most bytes of what flows through the network.
const MOST_BYTES: usize = 256 << 20;

/// The loss over a plane, finer with every look.
pub struct Survey {
    plane: Arc<WeightPlane>,
    range: [(f64, f64); 2],
    train: Arc<Dataset>,
    /// The training examples that losses are taken over.
    chosen: Vec<u32>,
    /// Whether the network's batch normalisations see the moments of the examples.
    is_normalised: bool,
    network: Network<f32>,
    stride: usize,
    losses: Vec<Option<f64>>,
}

impl Survey {
    /// A survey of a training's loss over its training data, before the first look.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn new(
        task: &Task,
        plane: Arc<WeightPlane>,
        range: [(f64, f64); 2],
    ) -> Result<Self, FolderError> {
        let plan = task.plan();
        let forward = Task::multiplications(plan).max(3) / 3;
        let worth = MOST_WORK / forward / (SIDE * SIDE) as u64;
        let mut count = worth.clamp(EXAMPLES.0, EXAMPLES.1);
        while count > EXAMPLES.0 && Network::<f32>::bytes(plan, count as usize) > MOST_BYTES {
            count /= 2;
        }
        let all = task.examples() as u64;
        let count = count.min(all);
        Ok(Self {
            train: task.data()?.train,
            // The file format counts rows in 32 bits.
            chosen: (0..count).map(|k| (k * all / count) as u32).collect(),
            is_normalised: !plan.normalised.is_empty(),
            network: task.network_for(count as usize),
            stride: 2 * FIRST_STRIDE,
            losses: vec![None; SIDE * SIDE],
            plane,
            range,
        })
    }

    /// Over how many examples the losses are.
    pub fn examples(&self) -> usize {
        self.chosen.len()
    }

    /// Whether every point of the grid is known.
    pub fn is_complete(&self) -> bool {
        self.stride == 1
    }

    /// Computes the points half as far apart as before; false when `goes_on` has said no.
    pub fn refine(&mut self, goes_on: &dyn Fn() -> bool) -> bool {
        let stride = (self.stride / 2).max(1);
        let mut weights = Vec::new();
        for index in 0..self.losses.len() {
            let place = [index % SIDE, index / SIDE];
            let is_wanted = place.iter().all(|along| along.is_multiple_of(stride));
            if !is_wanted || self.losses[index].is_some() {
                continue;
            }
            if !goes_on() {
                return false;
            }
            self.plane.point(self.at(place), &mut weights);
            self.losses[index] = Some(self.loss(&weights));
        }
        self.stride = stride;
        true
    }

    /// (u, v) of a point of the grid.
    fn at(&self, place: [usize; 2]) -> [f64; 2] {
        [0, 1].map(|axis| {
            let (low, high) = self.range[axis];
            low + (high - low) * place[axis] as f64 / (SIDE - 1) as f64
        })
    }

    /// The loss over the examples. Where there are batch normalisations these see the examples'
    /// own moments: those that a training remembers belong to its weights alone.
    fn loss(&mut self, weights: &[f32]) -> f64 {
        if !self.is_normalised {
            let seen = |_, _| {};
            return self
                .network
                .test(&*self.train, &self.chosen, weights, &seen)
                .loss;
        }
        let mut gradient = vec![0.0; weights.len()];
        let purpose = Purpose::Probe(0);
        let network = &mut self.network;
        network
            .gradient(&*self.train, &self.chosen, weights, purpose, &mut gradient)
            .loss
    }

    /// What is known so far: how many points a side, and their losses, row after row from the
    /// lowest v.
    pub fn grid(&self) -> (usize, Vec<f64>) {
        let side = (SIDE - 1) / self.stride + 1;
        let known = |index: usize| {
            let (row, column) = (index / side * self.stride, index % side * self.stride);
            self.losses[row * SIDE + column].unwrap_or(f64::NAN)
        };
        (side, (0..side * side).map(known).collect())
    }

    /// Where the plane is seen.
    pub fn range(&self) -> [(f64, f64); 2] {
        self.range
    }
}
