//! Where data come from, as experiment files say it.

use super::fashion_mnist::{
    CLASSES, DEBIAN_FOLDER, DIGITS, FolderError, count, read_folder, sample,
};
use super::{Data, Toy};
use crate::models::network::Volume;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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

impl Source {
    /// The shape of one input.
    pub fn shape(&self) -> Volume {
        match self.toy() {
            Some(_) => Volume::vector(2),
            None => Volume::new(1, 28, 28),
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.toy().map_or(10, |(toy, ..)| toy.classes())
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
            Self::FashionMnistSample | Self::FashionMnist { .. } | Self::Mnist { .. } => None,
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
        match self.folder() {
            None => Ok(sample()),
            Some(folder) => {
                let is_digits = matches!(self, Self::Mnist { .. });
                remembered(folder, if is_digits { &DIGITS } else { &CLASSES })
            }
        }
    }
}

impl Source {
    /// The data of a folder, where they have been read already.
    pub fn at_hand(&self) -> Option<Data> {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, data) = last.as_ref()?;
        (Some(known.as_path()) == self.folder()).then(|| data.clone())
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
