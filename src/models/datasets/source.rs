//! Where data come from, as experiment files say it.

use super::fashion_mnist::{
    CLASSES, DEBIAN_FOLDER, DIGITS, FolderError, count, read_folder, sample,
};
use super::{Data, Labelled, Toy, csv_cache};
use crate::models::network::Volume;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The most examples of a toy.
pub const MAX_TOY: usize = 100_000;

/// Data to train on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Source {
    /// The balanced sample of Fashion-MNIST that is part of the program.
    FashionMnistSample,
    /// The whole of Fashion-MNIST.
    FashionMnist {
        /// The folder with its four files; where Debian's package puts them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
    },
    /// MNIST.
    Mnist {
        /// The folder with its four files.
        folder: String,
    },
    /// Rows of a CSV file: columns of numbers, and one with the class as a word or a whole number.
    Csv {
        /// The file.
        file: String,
        /// The column with the class; when absent the first one with words, or else the last one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// The share of the rows that is tested on, drawn from the seed.
        #[serde(default = "usual_share")]
        test_share: f64,
        /// Whether every column is brought to mean 0 and variance 1 over the training rows.
        #[serde(default = "yes")]
        standardise: bool,
    },
    /// Two half circles that reach into each other.
    Moons {
        /// How many to train on.
        #[serde(default = "usual_examples")]
        examples: usize,
        /// Standard deviation of the noise on each coordinate.
        #[serde(default = "usual_noise")]
        noise: f64,
    },
    /// Two spirals around each other.
    Spirals {
        /// How many to train on.
        #[serde(default = "usual_examples")]
        examples: usize,
        /// Standard deviation of the noise on each coordinate.
        #[serde(default)]
        noise: f64,
    },
    /// A circle within another.
    Circles {
        /// How many to train on.
        #[serde(default = "usual_examples")]
        examples: usize,
        /// Standard deviation of the noise on each coordinate.
        #[serde(default = "usual_noise")]
        noise: f64,
    },
    /// Three clouds.
    Blobs {
        /// How many to train on.
        #[serde(default = "usual_examples")]
        examples: usize,
        /// Standard deviation of the noise on each coordinate.
        #[serde(default = "usual_noise")]
        noise: f64,
    },
}

fn usual_examples() -> usize {
    512
}

fn usual_noise() -> f64 {
    0.1
}

fn usual_share() -> f64 {
    0.2
}

fn yes() -> bool {
    true
}

impl Source {
    /// The rows of a CSV file, trained on as many as its share leaves, or what is wrong with it.
    pub fn rows(&self) -> Option<Result<Arc<Labelled>, FolderError>> {
        match self {
            Self::Csv { file, label, .. } => {
                Some(csv_cache::read(Path::new(file), label.as_deref()))
            }
            _ => None,
        }
    }

    /// The rows of a CSV file as it was read last, without a look at the disk.
    pub fn rows_at_hand(&self) -> Option<Arc<Labelled>> {
        match self {
            Self::Csv { file, label, .. } => csv_cache::at_hand(Path::new(file), label.as_deref()),
            _ => None,
        }
    }

    /// The shape of one input; empty for a CSV file that cannot be read.
    pub fn shape(&self) -> Volume {
        match (self.toy(), self.rows()) {
            (Some(_), _) => Volume::vector(2),
            (None, Some(rows)) => Volume::vector(rows.map_or(0, |rows| rows.features())),
            (None, None) => Volume::new(1, 28, 28),
        }
    }

    /// How many classes there are; none for a CSV file that cannot be read.
    pub fn classes(&self) -> usize {
        match (self.toy(), self.rows()) {
            (Some((toy, ..)), _) => toy.classes(),
            (None, Some(rows)) => rows.map_or(0, |rows| rows.classes.len()),
            (None, None) => 10,
        }
    }

    /// Whether its inputs are images.
    pub fn has_images(&self) -> bool {
        match self {
            Self::FashionMnistSample | Self::FashionMnist { .. } | Self::Mnist { .. } => true,
            Self::Csv { .. }
            | Self::Moons { .. }
            | Self::Spirals { .. }
            | Self::Circles { .. }
            | Self::Blobs { .. } => false,
        }
    }

    /// The name of a class: its number where it has no other.
    pub fn class_name(&self, class: usize) -> String {
        let names = match self {
            Self::FashionMnistSample | Self::FashionMnist { .. } => &CLASSES[..],
            _ => &[],
        };
        let name = names.get(class).map(|name| (*name).to_owned());
        name.unwrap_or_else(|| class.to_string())
    }

    /// A toy with its number of examples and its noise.
    pub fn toy(&self) -> Option<(Toy, usize, f64)> {
        match *self {
            Self::Moons { examples, noise } => Some((Toy::Moons, examples, noise)),
            Self::Spirals { examples, noise } => Some((Toy::Spirals, examples, noise)),
            Self::Circles { examples, noise } => Some((Toy::Circles, examples, noise)),
            Self::Blobs { examples, noise } => Some((Toy::Blobs, examples, noise)),
            Self::FashionMnistSample
            | Self::FashionMnist { .. }
            | Self::Mnist { .. }
            | Self::Csv { .. } => None,
        }
    }

    /// The folder that it is read from.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::FashionMnist { folder } => {
                Some(Path::new(folder.as_deref().unwrap_or(DEBIAN_FOLDER)))
            }
            Self::Mnist { folder } => Some(Path::new(folder)),
            _ => None,
        }
    }

    /// How many training and test examples there are; of files what their headers say, which
    /// [`load`](Self::load) compares with what is there.
    ///
    /// # Errors
    /// When a file is missing, cannot be read or begins with something else.
    pub fn counts(&self) -> Result<(usize, usize), FolderError> {
        if let (Some(rows), Self::Csv { test_share, .. }) = (self.rows(), self) {
            return Ok(rows?.counts(*test_share));
        }
        match (self.folder(), self.toy()) {
            (Some(folder), _) => Ok((count(folder, "train")?, count(folder, "t10k")?)),
            (None, Some((toy, examples, _))) => Ok((examples, toy.tests(examples))),
            (None, None) => Ok((10_000, 2_000)),
        }
    }

    /// The data; files are read only once while they are in use.
    ///
    /// # Errors
    /// When a file is missing, cannot be read or is not what it should be.
    pub fn load(&self, seed: u64) -> Result<Data, FolderError> {
        if let Some((toy, examples, noise)) = self.toy() {
            return Ok(toy.data(examples, noise, seed));
        }
        if let (
            Some(rows),
            Self::Csv {
                test_share,
                standardise,
                ..
            },
        ) = (self.rows(), self)
        {
            return Ok(rows?.data(*test_share, *standardise, seed));
        }
        match self.folder() {
            None => Ok(sample()),
            Some(folder) => {
                let is_digits = matches!(self, Self::Mnist { .. });
                remembered(folder, if is_digits { &DIGITS } else { &CLASSES })
            }
        }
    }
}

/// The files that were read last: every new run of an experiment asks for them again.
static LAST: Mutex<Option<(PathBuf, Data)>> = Mutex::new(None);

fn remembered(folder: &Path, classes: &[&str; 10]) -> Result<Data, FolderError> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, data)) = &*last
        && known == folder
        && data.train.classes == classes
        && count(folder, "train")? == data.train.len()
    {
        return Ok(data.clone());
    }
    let data = read_folder(folder, classes)?;
    *last = Some((folder.to_owned(), data.clone()));
    Ok(data)
}
