//! The shape of what flows between layers.

use super::arithmetic::LANES;
use serde::{Deserialize, Serialize};

/// Channels of rows of numbers. Each row may have a border of zeros at both ends, so that a
/// convolution reads over its ends without asking.
///
/// Every number is there once for each of [`LANES`] images, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Channels; the features of a vector.
    pub channels: usize,
    /// Rows of a channel; 1 for a vector.
    pub height: usize,
    /// Numbers of a row; 1 for a vector.
    pub width: usize,
    /// Zeros before and behind each row.
    pub border: usize,
}

impl Volume {
    /// Images or maps, without border.
    pub const fn new(channels: usize, height: usize, width: usize) -> Self {
        Self {
            channels,
            height,
            width,
            border: 0,
        }
    }

    /// A vector of features.
    pub const fn vector(features: usize) -> Self {
        Self::new(features, 1, 1)
    }

    /// The same with a border of at least `border`.
    #[must_use]
    pub fn with_border(self, border: usize) -> Self {
        Self {
            border: self.border.max(border),
            ..self
        }
    }

    /// How many numbers an image has here, without the borders.
    pub const fn size(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Whether it is a vector of features.
    pub const fn is_vector(&self) -> bool {
        self.height == 1 && self.width == 1
    }

    /// How many numbers a row takes with its borders.
    pub const fn row(&self) -> usize {
        self.width + 2 * self.border
    }

    /// How many numbers of all lanes the memory for it holds.
    pub const fn memory(&self) -> usize {
        self.channels * self.height * self.row() * LANES
    }

    /// Where the numbers of row `y` of channel `channel` begin, those of all lanes together.
    pub const fn begin(&self, channel: usize, y: usize) -> usize {
        ((channel * self.height + y) * self.row() + self.border) * LANES
    }

    /// The numbers of row `y` of channel `channel`, without borders, as a range of the memory.
    pub const fn span(&self, channel: usize, y: usize) -> std::ops::Range<usize> {
        let begin = self.begin(channel, y);
        begin..begin + self.width * LANES
    }
}
