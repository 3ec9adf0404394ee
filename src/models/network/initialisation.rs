//! The parameters before the first update.

use super::plan::{Block, Plan, Role};
use crate::numbers::Noise;
use serde::{Deserialize, Serialize};

/// How weights are drawn. Scales of batch normalisation begin at 1 and its shifts at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Initialisation {
    /// torch's default for `Linear` and `Conv2d`: weights and biases uniform within
    /// ±1/√fan_in.
    #[default]
    Torch,
    /// Uniform within ±√(6/(fan_in + fan_out)), biases 0 (Glorot & Bengio 2010, AISTATS, eq. 16).
    Xavier,
    /// Gaussian of variance 2/fan_in, biases 0 (He et al. 2015, arXiv:1502.01852, eq. 10).
    He,
    /// Gaussian of this standard deviation, biases 0.
    Gaussian(f64),
    /// All 0: the neurons of a layer then stay equal, and most networks do not learn.
    Zero,
}

impl Initialisation {
    /// The parameters that the seed gives; the same for every run.
    pub fn parameters(self, plan: &Plan, seed: u64) -> Vec<f32> {
        let noise = Noise::new(seed ^ 0x1417_1A11);
        let mut parameters = Vec::with_capacity(plan.parameters());
        for (index, block) in plan.blocks.iter().enumerate() {
            let draw = |number| self.draw(block, noise, (index as u64, number));
            parameters.extend((0..block.shape.size() as u64).map(|number| draw(number) as f32));
        }
        parameters
    }

    fn draw(self, block: &Block, noise: Noise, (index, number): (u64, u64)) -> f64 {
        let uniform = |bound: f64| bound * (2.0 * noise.uniform(index, number) - 1.0);
        let gaussian = |deviation: f64| deviation * noise.gaussian(index, number);
        let (fan_in, fan_out) = (block.fan_in as f64, block.fan_out as f64);
        match (block.role, self) {
            (Role::Scale, _) => 1.0,
            (Role::Shift, _) | (_, Self::Zero) => 0.0,
            (_, Self::Torch) => uniform(1.0 / fan_in.sqrt()),
            (Role::Bias, _) => 0.0,
            (Role::Weight, Self::Xavier) => uniform((6.0 / (fan_in + fan_out)).sqrt()),
            (Role::Weight, Self::He) => gaussian((2.0 / fan_in).sqrt()),
            (Role::Weight, Self::Gaussian(deviation)) => gaussian(deviation),
        }
    }
}
