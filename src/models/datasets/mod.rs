//! Data that networks are trained on: images from IDX files, rows of CSV files, and toys with two
//! features.

mod csv_cache;
mod csv_file;
mod fashion_mnist;
pub mod idx;
mod source;
mod toys;

pub use csv_file::{CsvError, Labelled, MAX_CLASSES};
pub use fashion_mnist::{CLASSES, DEBIAN_FOLDER, DIGITS, FolderError, read_folder, sample};
pub use source::{MAX_TOY, Source};
pub use toys::Toy;

use super::network::examples::{Examples, fill_lane};
use super::network::{Target, Volume, arithmetic::Number};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Labelled examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// The shape of one input.
    pub shape: Volume,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The inputs, one after the other.
    pub inputs: Inputs,
    /// The class of each.
    pub labels: Vec<u8>,
}

/// The numbers of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inputs {
    /// Pixels; networks are given them divided by 255.
    Pixels(Vec<u8>),
    /// Numbers as they are.
    Numbers(Vec<f32>),
}

/// What is trained on and what is tested on.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// Shown in training.
    pub train: Arc<Dataset>,
    /// Never shown in training.
    pub test: Arc<Dataset>,
}

impl Dataset {
    /// How many examples there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many examples each class has.
    pub fn balance(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    /// One input, as networks are given it.
    pub fn input(&self, example: usize) -> Vec<f32> {
        let size = self.shape.size();
        let range = example * size..(example + 1) * size;
        match &self.inputs {
            Inputs::Pixels(pixels) => pixels[range]
                .iter()
                .map(|&p| f32::from(p) / 255.0)
                .collect(),
            Inputs::Numbers(numbers) => numbers[range].to_vec(),
        }
    }
}

impl<N: Number> Examples<N> for Dataset {
    fn count(&self) -> usize {
        self.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [N], volume: Volume) {
        let size = self.shape.size();
        let range = example * size..(example + 1) * size;
        match &self.inputs {
            Inputs::Pixels(pixels) => {
                let grey = |&pixel: &u8| N::constant(f64::from(pixel)) / N::constant(255.0);
                fill_lane(pixels[range].iter().map(grey), lane, input, volume);
            }
            Inputs::Numbers(numbers) => {
                let numbers = numbers[range].iter().map(|&x| N::constant(f64::from(x)));
                fill_lane(numbers, lane, input, volume);
            }
        }
    }

    fn target(&self, example: usize) -> Target<'_> {
        Target::Class(usize::from(self.labels[example]))
    }
}
