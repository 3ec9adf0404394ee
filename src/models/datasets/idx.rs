//! The IDX format of MNIST and its relatives: a magic number, sizes, then bytes.
//!
//! Format: Y. LeCun, C. Cortes & C. Burges, "The MNIST database", section "file formats".

use flate2::read::GzDecoder;
use std::io::Read;
use thiserror::Error;

/// The most bytes that a file may hold unpacked: a gzip file of 1 MB can unpack to 1 GB.
pub const MAX_BYTES: u64 = 1 << 29;

/// The magic number of images: bytes in three dimensions.
const IMAGES: u32 = 0x0803;

/// The magic number of labels: bytes in one dimension.
const LABELS: u32 = 0x0801;

/// What gzip files begin with.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// Why bytes are not the IDX file that they should be.
#[derive(Debug, Error)]
pub enum IdxError {
    /// The gzip stream is damaged.
    #[error("the gzip data are damaged: {0}")]
    Gzip(std::io::Error),
    /// Unpacked it is too large.
    #[error("it holds more than {} MB unpacked, which no such data set does", MAX_BYTES >> 20)]
    TooLarge,
    /// There is no header.
    #[error("it has {0} bytes, too few for the header of an IDX file")]
    NoHeader(usize),
    /// It is something else.
    #[error("it begins with {found:#010x}, but a file of {expected} begins with {magic:#010x}")]
    WrongMagic {
        /// What it begins with.
        found: u32,
        /// What it should hold.
        expected: &'static str,
        /// What it should begin with.
        magic: u32,
    },
    /// The header and the size of the file disagree.
    #[error("its header promises {promised} bytes of {of}, but there are {found}")]
    WrongSize {
        /// What the header says.
        promised: u64,
        /// Of what.
        of: &'static str,
        /// What is there.
        found: usize,
    },
    /// Nothing is in it.
    #[error("it holds no {0}")]
    Empty(&'static str),
    /// A label that is no class.
    #[error("label {place} is {label}, but classes go from 0 to {last}")]
    WrongLabel {
        /// Which label, from 0.
        place: usize,
        /// What it is.
        label: u8,
        /// The last class.
        last: usize,
    },
}

/// Images of one size.
#[derive(Debug, PartialEq, Eq)]
pub struct Images {
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// All of them, row after row.
    pub pixels: Vec<u8>,
}

impl Images {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }
}

/// Reads a file of images, packed or not.
///
/// # Errors
/// When it is no such file, or its size is not what its header says.
pub fn images(bytes: &[u8]) -> Result<Images, IdxError> {
    let unpacked = unpack(bytes)?;
    let ([count, height, width], pixels) = split(&unpacked, IMAGES, "images")?;
    let promised = [height, width]
        .iter()
        .try_fold(count, |product, &size| product.checked_mul(size));
    check_size(promised, pixels, "images")?;
    // The product is as large as the file and not 0, so each of its factors fits.
    Ok(Images {
        height: height as usize,
        width: width as usize,
        pixels: pixels.to_vec(),
    })
}

/// Reads a file of labels below `classes`, packed or not.
///
/// # Errors
/// When it is no such file, its size is not what its header says, or a label is no class.
pub fn labels(bytes: &[u8], classes: usize) -> Result<Vec<u8>, IdxError> {
    let unpacked = unpack(bytes)?;
    let ([count], labels) = split(&unpacked, LABELS, "labels")?;
    check_size(Some(count), labels, "labels")?;
    let wrong = labels
        .iter()
        .position(|&label| usize::from(label) >= classes);
    match wrong {
        Some(place) => Err(IdxError::WrongLabel {
            place,
            label: labels[place],
            last: classes.saturating_sub(1),
        }),
        None => Ok(labels.to_vec()),
    }
}

/// How many labels the header at the beginning of a file promises, packed or not.
///
/// # Errors
/// When it is no such file.
pub fn promised_labels(begin: &[u8]) -> Result<usize, IdxError> {
    let mut header = begin.get(..8).unwrap_or(begin).to_vec();
    if begin.starts_with(&GZIP) {
        header.clear();
        let unpacked = GzDecoder::new(begin).take(8).read_to_end(&mut header);
        unpacked.map_err(IdxError::Gzip)?;
    }
    let ([count], _) = split(&header, LABELS, "labels")?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Takes gzip off, where it is.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, IdxError> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes.to_vec());
    }
    let mut unpacked = Vec::new();
    let mut limited = GzDecoder::new(bytes).take(MAX_BYTES + 1);
    limited.read_to_end(&mut unpacked).map_err(IdxError::Gzip)?;
    if unpacked.len() as u64 > MAX_BYTES {
        return Err(IdxError::TooLarge);
    }
    Ok(unpacked)
}

/// The sizes in the header, and what is behind it.
fn split<'b, const D: usize>(
    bytes: &'b [u8],
    magic: u32,
    expected: &'static str,
) -> Result<([u64; D], &'b [u8]), IdxError> {
    let mut words = bytes.chunks_exact(4).map(|word| {
        let word = [word[0], word[1], word[2], word[3]];
        u32::from_be_bytes(word)
    });
    let found = words.next().ok_or(IdxError::NoHeader(bytes.len()))?;
    if found != magic {
        return Err(IdxError::WrongMagic {
            found,
            expected,
            magic,
        });
    }
    let mut sizes = [0; D];
    for size in &mut sizes {
        *size = u64::from(words.next().ok_or(IdxError::NoHeader(bytes.len()))?);
    }
    Ok((sizes, &bytes[4 * (D + 1)..]))
}

/// Compares what a header promises with what is there; none is a product beyond all numbers.
fn check_size(promised: Option<u64>, data: &[u8], of: &'static str) -> Result<(), IdxError> {
    match promised {
        Some(0) if data.is_empty() => Err(IdxError::Empty(of)),
        Some(promised) if promised == data.len() as u64 => Ok(()),
        promised => Err(IdxError::WrongSize {
            promised: promised.unwrap_or(u64::MAX),
            of,
            found: data.len(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn file(magic: u32, sizes: &[u32], data: &[u8]) -> Vec<u8> {
        let header = std::iter::once(&magic).chain(sizes);
        let mut bytes: Vec<u8> = header.flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend_from_slice(data);
        bytes
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn wrong(bytes: &[u8]) -> String {
        images(bytes).unwrap_err().to_string()
    }

    #[test]
    fn plain_and_packed_files_are_read() {
        let plain = file(IMAGES, &[2, 1, 3], &[1, 2, 3, 4, 5, 6]);
        for bytes in [plain.clone(), packed(&plain)] {
            let read = images(&bytes).unwrap();
            assert_eq!((read.count(), read.height, read.width), (2, 1, 3));
            assert_eq!(read.pixels, [1, 2, 3, 4, 5, 6]);
        }
        let plain = file(LABELS, &[3], &[0, 9, 4]);
        assert_eq!(labels(&packed(&plain), 10).unwrap(), [0, 9, 4]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(wrong(b"").contains("0 bytes, too few"));
        assert!(wrong(&file(IMAGES, &[2], b"")).contains("too few"));
        assert!(wrong(&file(LABELS, &[2], b"ab")).contains("begins with 0x00000801"));
        assert!(wrong(b"GIF89a, a picture").contains("a file of images begins with 0x00000803"));
        let short = file(IMAGES, &[2, 1, 3], &[1, 2, 3, 4, 5]);
        assert!(wrong(&short).contains("promises 6 bytes of images, but there are 5"));
        let long = file(IMAGES, &[1, 1, 3], &[1, 2, 3, 4]);
        assert!(wrong(&long).contains("promises 3"));
        assert!(wrong(&file(IMAGES, &[0, 28, 28], b"")).contains("holds no images"));
        let none = labels(&file(LABELS, &[0], b""), 10).unwrap_err();
        assert_eq!(none.to_string(), "it holds no labels");
    }

    #[test]
    fn a_header_that_lies_costs_no_memory() {
        let huge = file(IMAGES, &[u32::MAX, u32::MAX, u32::MAX], &[0; 8]);
        assert!(wrong(&huge).contains("but there are 8"));
        let zero = file(IMAGES, &[0, u32::MAX, u32::MAX], &[0; 8]);
        assert!(wrong(&zero).contains("promises 0"));
    }

    #[test]
    fn labels_must_be_classes_and_gzip_whole() {
        let bytes = file(LABELS, &[4], &[0, 9, 10, 255]);
        let error = labels(&bytes, 10).unwrap_err().to_string();
        assert_eq!(error, "label 2 is 10, but classes go from 0 to 9");
        let whole = packed(&file(IMAGES, &[1, 28, 28], &[7; 784]));
        for length in 3..whole.len() - 1 {
            assert!(images(&whole[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = images(&bytes);
            let _ = labels(&bytes, 10);
            let headed = [file(IMAGES, &[], &[]), bytes].concat();
            let _ = images(&headed);
        }
    }
}
