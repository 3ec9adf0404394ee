//! Why nothing was exported.

use super::SizeError;
use thiserror::Error;

/// Why there is no picture. Nothing is written then.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ExportError {
    /// No figure can be so large or so small.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// Too many pictures.
    #[error(
        "the animation would have {frames} pictures, more than {most}; show every {every}th epoch \
         or fewer"
    )]
    TooLong {
        /// How many it would have.
        frames: u64,
        /// How many it may have.
        most: u64,
        /// With which distance there are few enough.
        every: u64,
    },
    /// Pictures a second that the format does not have.
    #[error("{0} pictures a second is out of range; choose 1 to 50")]
    Speed(u32),
    /// More bytes than are kept in memory.
    #[error("the animation would be larger than {0} MiB; choose a smaller size or fewer pictures")]
    TooManyBytes(usize),
    /// There is nothing to look down on.
    #[error(
        "what is minimised has more than two parameters, so there is no landscape to play back; \
         export its plots instead"
    )]
    NoLandscape,
    /// The user ended it.
    #[error("cancelled; nothing was written")]
    Cancelled,
    /// A fault of the program.
    #[error(
        "the picture could not be drawn: {0}; this is a fault of the program, please report it"
    )]
    Broken(String),
}
