//! Toy data with two features, drawn from a seed.

use super::{Data, Dataset, Inputs};
use crate::models::network::Volume;
use crate::numbers::Noise;
use std::f64::consts::{PI, TAU};
use std::sync::Arc;

/// A shape that toy data lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toy {
    /// Two half circles that reach into each other (as scikit-learn's `make_moons`).
    Moons,
    /// Two spirals of one and a half turns around each other.
    Spirals,
    /// A circle within another, of half its radius.
    Circles,
    /// Three clouds.
    Blobs,
}

impl Toy {
    /// How many classes it has.
    pub fn classes(self) -> usize {
        match self {
            Self::Blobs => 3,
            Self::Moons | Self::Spirals | Self::Circles => 2,
        }
    }

    /// So many examples to train on and a quarter as many, at least one of each class, to test
    /// on. Every coordinate gets Gaussian noise of this standard deviation.
    pub fn data(self, examples: usize, noise: f64, seed: u64) -> Data {
        let draws = Noise::new(seed ^ 0x7035);
        let part = |part: u64, count: usize| {
            let mut numbers = Vec::with_capacity(2 * count);
            for index in 0..count as u64 {
                let along = draws.uniform(part, index);
                let class = index as usize % self.classes();
                let point = self.point(class, along);
                for (axis, coordinate) in (0..).zip(point) {
                    let error = noise * draws.gaussian(2 + part, 2 * index + axis);
                    numbers.push((coordinate + error) as f32);
                }
            }
            let labels = (0..count).map(|index| (index % self.classes()) as u8);
            Arc::new(Dataset {
                shape: Volume::vector(2),
                classes: (0..self.classes()).map(|class| class.to_string()).collect(),
                inputs: Inputs::Numbers(numbers),
                labels: labels.collect(),
            })
        };
        Data {
            train: part(0, examples),
            test: part(1, self.tests(examples)),
        }
    }

    /// How many examples there are to test on for so many to train on.
    pub fn tests(self, examples: usize) -> usize {
        (examples / 4).max(self.classes())
    }

    /// The point of a class at a share of its way.
    fn point(self, class: usize, along: f64) -> [f64; 2] {
        let on_circle =
            |angle: f64, radius: f64| [radius * libm::cos(angle), radius * libm::sin(angle)];
        match (self, class) {
            (Self::Moons, 0) => on_circle(PI * along, 1.0),
            (Self::Moons, _) => {
                let [x, y] = on_circle(PI * along, 1.0);
                [1.0 - x, 0.5 - y]
            }
            (Self::Spirals, _) => {
                // From a little off the middle, where both classes would be one point.
                let turned = 0.08 + 0.92 * along.sqrt();
                on_circle(3.0 * PI * turned + PI * class as f64, turned)
            }
            (Self::Circles, _) => on_circle(TAU * along, if class == 0 { 1.0 } else { 0.5 }),
            (Self::Blobs, _) => on_circle(TAU * class as f64 / 3.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toys_are_the_same_for_the_same_seed_and_lie_where_they_should() {
        for toy in [Toy::Moons, Toy::Spirals, Toy::Circles, Toy::Blobs] {
            let data = toy.data(200, 0.0, 7);
            assert_eq!(data, toy.data(200, 0.0, 7));
            assert_eq!((data.train.len(), data.test.len()), (200, 50));
            let counts = data.train.balance();
            assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
            for example in 0..data.train.len() {
                let point = data.train.input(example);
                assert!(point.iter().all(|x| x.abs() <= 2.0), "{toy:?} {point:?}");
            }
        }
        let noisy = Toy::Circles.data(100, 0.1, 7);
        assert_ne!(noisy, Toy::Circles.data(100, 0.1, 8));
        let radius =
            |example: usize| noisy.train.input(example)[0].hypot(noisy.train.input(example)[1]);
        assert!((0..100).all(|i| (radius(i) - if i % 2 == 0 { 1.0 } else { 0.5 }).abs() < 0.5));
    }
}
