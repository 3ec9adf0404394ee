//! Fashion-MNIST and MNIST: a sample that is part of the program, and the files of the whole.

use super::idx::{self, IdxError};
use super::{CsvError, Data, Dataset, Inputs};
use crate::models::network::Volume;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{fs, io};
use thiserror::Error;

/// Where Debian's package `dataset-fashion-mnist` puts the files.
pub const DEBIAN_FOLDER: &str = "/usr/share/datasets/fashion-mnist";

/// The classes of Fashion-MNIST, as its authors name them.
pub const CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The classes of MNIST.
pub const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The most bytes of a file.
const MAX_FILE: u64 = idx::MAX_BYTES;

/// Gives a file of the sample.
macro_rules! sample_file {
    ($name:literal) => {
        include_bytes!(concat!("../../../assets/data/fashion_mnist_sample/", $name))
    };
}

/// Why a folder's or a file's data cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// A file is missing.
    #[error(
        "{folder} has no file {name} or {name}.gz; it should have the four files of MNIST or \
         Fashion-MNIST{}",
        hint(folder)
    )]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
        /// What was looked for.
        name: String,
    },
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is too large.
    #[error("{path}: it is larger than {} MB", most >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes that are read of such a file.
        most: u64,
    },
    /// A file is not what it should be.
    #[error("{path}: {source}")]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: IdxError,
    },
    /// A CSV file has no examples.
    #[error("{path}: {source}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Arc<CsvError>,
    },
    /// Images and labels do not belong together.
    #[error("{folder}: {images} images of the {part} part have {labels} labels")]
    Counts {
        /// Where they are.
        folder: PathBuf,
        /// Which part.
        part: &'static str,
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
    /// Images of an unexpected size.
    #[error("{path}: its images have {height}×{width} pixels, not 28×28")]
    ImageSize {
        /// The file.
        path: PathBuf,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
}

/// How the files come to where they are looked for when no folder is named.
fn hint(folder: &Path) -> &'static str {
    match folder == Path::new(DEBIAN_FOLDER) {
        true => {
            ", as Debian's package dataset-fashion-mnist puts them there; or name another folder"
        }
        false => "",
    }
}

/// The balanced sample of 10,000 training and 2,000 test images that is part of the program. Its
/// first 320 training images are those of the whole set.
///
/// # Panics
/// When the program was built from damaged files; a test reads them.
pub fn sample() -> Data {
    static SAMPLE: OnceLock<Data> = OnceLock::new();
    let read = |images: &[u8], labels: &[u8]| {
        let images = idx::images(images).expect("the sample's images are whole; a test reads them");
        let labels = idx::labels(labels, CLASSES.len())
            .expect("the sample's labels are whole; a test reads them");
        Arc::new(dataset(images, labels, &CLASSES))
    };
    SAMPLE
        .get_or_init(|| Data {
            train: read(
                sample_file!("train-images-idx3-ubyte.gz"),
                sample_file!("train-labels-idx1-ubyte.gz"),
            ),
            test: read(
                sample_file!("t10k-images-idx3-ubyte.gz"),
                sample_file!("t10k-labels-idx1-ubyte.gz"),
            ),
        })
        .clone()
}

/// Reads the four files of MNIST or Fashion-MNIST, gzip or plain; `classes` are their names.
///
/// # Errors
/// The first file that is missing, cannot be read or is not what it should be.
pub fn read_folder(folder: &Path, classes: &[&str]) -> Result<Data, FolderError> {
    Ok(Data {
        train: read_part(folder, "train", "training", classes)?,
        test: read_part(folder, "t10k", "test", classes)?,
    })
}

fn read_part(
    folder: &Path,
    prefix: &str,
    part: &'static str,
    classes: &[&str],
) -> Result<Arc<Dataset>, FolderError> {
    let (path, bytes) = read_file(folder, &format!("{prefix}-images-idx3-ubyte"))?;
    let images = idx::images(&bytes).map_err(|source| FolderError::Idx {
        path: path.clone(),
        source,
    })?;
    if (images.height, images.width) != (28, 28) {
        return Err(FolderError::ImageSize {
            path,
            height: images.height,
            width: images.width,
        });
    }
    let (path, bytes) = read_file(folder, &format!("{prefix}-labels-idx1-ubyte"))?;
    let labels =
        idx::labels(&bytes, classes.len()).map_err(|source| FolderError::Idx { path, source })?;
    if images.count() != labels.len() {
        return Err(FolderError::Counts {
            folder: folder.to_owned(),
            part,
            images: images.count(),
            labels: labels.len(),
        });
    }
    Ok(Arc::new(dataset(images, labels, classes)))
}

/// How many labels a part of the data has by the header of their file.
///
/// # Errors
/// When there is no such file, it cannot be read or is no file of labels.
pub fn count(folder: &Path, prefix: &str) -> Result<usize, FolderError> {
    let path = find(folder, &format!("{prefix}-labels-idx1-ubyte"))?;
    let unreadable = |source| FolderError::Unreadable {
        path: path.clone(),
        source,
    };
    let file = fs::File::open(&path).map_err(unreadable)?;
    let mut begin = Vec::new();
    // Packed too, the header is among the first bytes.
    file.take(4096)
        .read_to_end(&mut begin)
        .map_err(unreadable)?;
    idx::promised_labels(&begin).map_err(|source| FolderError::Idx { path, source })
}

/// The path of `name` or `name.gz`. Some copies have a dot in place of the second hyphen.
fn find(folder: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let dotted = name.replace("-idx", ".idx");
    let names = [name, &dotted].into_iter();
    let mut paths = names.flat_map(|name| [folder.join(name), folder.join(format!("{name}.gz"))]);
    paths
        .find(|path| path.is_file())
        .ok_or_else(|| FolderError::Missing {
            folder: folder.to_owned(),
            name: name.to_owned(),
        })
}

fn read_file(folder: &Path, name: &str) -> Result<(PathBuf, Vec<u8>), FolderError> {
    let path = find(folder, name)?;
    let unreadable = |source| FolderError::Unreadable {
        path: path.clone(),
        source,
    };
    let size = fs::metadata(&path).map_err(unreadable)?.len();
    if size > MAX_FILE {
        return Err(FolderError::TooLarge {
            path,
            most: MAX_FILE,
        });
    }
    let bytes = fs::read(&path).map_err(unreadable)?;
    Ok((path, bytes))
}

fn dataset(images: idx::Images, labels: Vec<u8>, classes: &[&str]) -> Dataset {
    Dataset {
        shape: Volume::new(1, images.height, images.width),
        classes: classes.iter().map(|&name| name.to_owned()).collect(),
        inputs: Inputs::Pixels(images.pixels),
        labels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_balanced() {
        let data = sample();
        assert_eq!(data.train.balance(), [1000; 10]);
        assert_eq!(data.test.balance(), [200; 10]);
        assert_eq!(data.train.shape, Volume::new(1, 28, 28));
        // The first ten labels of the whole set.
        assert_eq!(data.train.labels[..10], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    }

    #[test]
    fn a_folder_is_read_and_its_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        let read = || read_folder(folder.path(), &CLASSES);
        let missing = read().unwrap_err().to_string();
        assert!(
            missing.contains("has no file train-images-idx3-ubyte or"),
            "{missing}"
        );
        let images = sample_file!("t10k-images-idx3-ubyte.gz");
        let labels = sample_file!("t10k-labels-idx1-ubyte.gz");
        write("train-images-idx3-ubyte.gz", images);
        write("train-labels.idx1-ubyte.gz", labels);
        write("t10k-images-idx3-ubyte.gz", images);
        write(
            "t10k-labels-idx1-ubyte",
            sample_file!("train-labels-idx1-ubyte.gz"),
        );
        let counts = read().unwrap_err().to_string();
        assert!(
            counts.contains("2000 images of the test part have 10000 labels"),
            "{counts}"
        );
        write("t10k-labels-idx1-ubyte", images);
        let swapped = read().unwrap_err().to_string();
        assert!(
            swapped.contains("t10k-labels-idx1-ubyte: it begins with 0x00000803"),
            "{swapped}"
        );
        write("t10k-labels-idx1-ubyte", labels);
        assert_eq!(read().unwrap().train, sample().test);
    }
}
