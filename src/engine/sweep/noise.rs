//! The disturbance of packed gradients.

use crate::numbers::{Lanes, Noise, Real};
use crate::optimizers::packed::Point;

/// Gaussian noise with a deviation and a seed of its own for every lane.
pub(super) struct PackedNoise {
    deviation: Lanes,
    seeds: [u64; 8],
}

/// The draws of one update, kept while the seed stays the same.
#[derive(Default)]
pub(super) struct Draws {
    latest: Option<(u64, u64, [f64; 2])>,
}

impl Draws {
    fn of(&mut self, seed: u64, update: u64) -> [f64; 2] {
        match self.latest {
            Some((s, u, draws)) if (s, u) == (seed, update) => draws,
            _ => {
                let draws = [0, 1].map(|index| Noise::new(seed).gaussian(update, index));
                self.latest = Some((seed, update, draws));
                draws
            }
        }
    }
}

impl PackedNoise {
    /// None where no lane is disturbed.
    pub fn new(deviation: Lanes, seeds: [u64; 8]) -> Option<Self> {
        let is_noisy = deviation.0.iter().any(|deviation| *deviation != 0.0);
        is_noisy.then_some(Self { deviation, seeds })
    }

    /// What update `number` sees in place of an exact gradient.
    pub fn disturb(&self, number: u64, exact: Point, draws: &mut Draws) -> Point {
        let drawn = self.seeds.map(|seed| draws.of(seed, number));
        [0, 1].map(|i| {
            let draws = Lanes(drawn.map(|pair| pair[i]));
            // Adding 0 is not the same as adding nothing: −0 would become 0.
            let is_noisy = Lanes::zero().less_than(self.deviation);
            Lanes::select(is_noisy, exact[i] + self.deviation * draws, exact[i])
        })
    }
}
