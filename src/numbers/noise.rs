//! Seeded random draws that depend on nothing but their address.

use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// A source of random numbers addressed by (step, index) instead of consumed in order.
///
/// Because a draw is a pure function of (seed, step, index), every run of an experiment sees
/// the same noise at the same step, whichever thread computes it and whatever was computed
/// before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noise {
    seed: u64,
}

impl Noise {
    /// The noise of one experiment.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A standard Gaussian draw, by the Box–Muller transform of two uniform draws
    /// (Box & Muller 1958, Ann. Math. Statist. 29, 610–611).
    ///
    /// Logarithm and cosine come from `libm`, not from the system, so that the bits are the
    /// same everywhere.
    pub fn gaussian(self, step: u64, index: u64) -> f64 {
        let first = mix(mix(mix(self.seed) ^ step) ^ index);
        let second = mix(first);
        // In (0, 1], so that the logarithm is finite.
        let radius = (-2.0 * libm::log(1.0 - unit_interval(first))).sqrt();
        radius * libm::cos(TAU * unit_interval(second))
    }

    /// A number in [0, 1), each as likely, from draws of their own.
    pub fn uniform(self, step: u64, index: u64) -> f64 {
        // Mixed once more than the others, so that starts and noise of one seed are not related.
        unit_interval(mix(mix(mix(mix(self.seed)) ^ step) ^ index))
    }

    /// Another seed than `seed`, of at most six digits so that it can be read and typed again.
    pub fn another_seed(seed: u64) -> u64 {
        let drawn = mix(seed) % 1_000_000;
        if drawn == seed { drawn + 1 } else { drawn }
    }

    /// −1 or 1, each as likely, from draws of their own.
    pub fn sign(self, step: u64, index: u64) -> f64 {
        let bits = mix(mix(mix(!self.seed) ^ step) ^ index);
        if bits >> 63 == 0 { 1.0 } else { -1.0 }
    }

    /// A whole number below `bound` (at least 1), each as likely to within 2⁻⁶⁴·bound, from draws
    /// of their own.
    pub fn below(self, step: u64, index: u64, bound: u64) -> u64 {
        let bits = mix(mix(mix(self.seed.rotate_left(32) ^ 0x5851_F42D_4C95_7F2D) ^ step) ^ index);
        ((u128::from(bits) * u128::from(bound)) >> 64) as u64
    }
}

/// 53 random bits as a number in [0, 1).
fn unit_interval(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// One output of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, fig. 13) for the state `word`.
fn mix(word: u64) -> u64 {
    let z = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_outputs_of_splitmix64_for_seed_zero() {
        // Published test vector of the generator: its state grows by the golden gamma.
        let gamma = 0x9E37_79B9_7F4A_7C15_u64;
        assert_eq!(mix(0), 0xE220_A839_7B1D_CDAF);
        assert_eq!(mix(gamma), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn draws_have_zero_mean_unit_variance_and_gaussian_tails() {
        let noise = Noise::new(7);
        let draws: Vec<f64> = (0..200_000).map(|i| noise.gaussian(i / 2, i % 2)).collect();
        let count = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / count;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        let beyond_two = draws.iter().filter(|x| x.abs() > 2.0).count() as f64 / count;
        assert!(mean.abs() < 0.01, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.015, "variance {variance}");
        assert!((beyond_two - 0.0455).abs() < 0.003, "tails {beyond_two}");
    }

    #[test]
    fn new_seeds_are_short_and_seldom_come_back() {
        let mut seed = 0;
        let mut seen = std::collections::BTreeSet::from([seed]);
        for _ in 0..100 {
            seed = Noise::another_seed(seed);
            assert!(seed <= 1_000_000 && seen.insert(seed), "{seed}");
        }
    }

    #[test]
    fn signs_are_as_often_up_as_down_and_not_correlated() {
        let count = 100_000_u64;
        let sum = |other: &dyn Fn(u64) -> f64| -> f64 {
            let terms = (0..count).map(|k| Noise::new(3).sign(k, 0) * other(k));
            terms.sum::<f64>() / count as f64
        };
        assert!((0..100).all(|k| Noise::new(3).sign(k, 0).abs() == 1.0));
        assert!(sum(&|_| 1.0).abs() < 0.01);
        assert!(sum(&|k| Noise::new(3).sign(k, 1)).abs() < 0.01);
        assert!(sum(&|k| Noise::new(3).sign(k + 1, 0)).abs() < 0.01);
        assert!(sum(&|k| Noise::new(3).gaussian(k, 0)).abs() < 0.01);
    }

    #[test]
    fn components_and_steps_are_not_correlated() {
        let noise = Noise::new(3);
        let count = 100_000_u64;
        let correlation = |other: &dyn Fn(u64) -> f64| {
            (0..count)
                .map(|k| noise.gaussian(k, 0) * other(k))
                .sum::<f64>()
                / count as f64
        };
        assert!(correlation(&|k| noise.gaussian(k, 1)).abs() < 0.01);
        assert!(correlation(&|k| noise.gaussian(k + 1, 0)).abs() < 0.01);
        assert!(correlation(&|k| Noise::new(4).gaussian(k, 0)).abs() < 0.01);
    }
}
