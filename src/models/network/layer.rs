//! The layers that an architecture is made of, as data.

use serde::{Deserialize, Serialize};

/// One layer. Architectures are lists of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Layer {
    /// Every output a weighted sum of all inputs and a bias: y = W·x + b.
    Dense {
        /// How many outputs.
        outputs: usize,
    },
    /// Square filters moved over the image, as torch's `Conv2d`.
    Convolution {
        /// How many filters.
        channels: usize,
        /// Rows and columns of a filter.
        kernel: usize,
        /// How many zeros are thought around the image.
        #[serde(default, skip_serializing_if = "is_zero")]
        padding: usize,
        /// How far the filters are moved from place to place.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        stride: usize,
    },
    /// The largest number of every window.
    MaxPool {
        /// Rows and columns of a window.
        size: usize,
        /// How far windows lie apart; their size when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stride: Option<usize>,
    },
    /// The mean of every window.
    AveragePool {
        /// Rows and columns of a window.
        size: usize,
        /// How far windows lie apart; their size when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stride: Option<usize>,
    },
    /// max(x, 0).
    Relu,
    /// 1/(1 + e⁻ˣ).
    Sigmoid,
    /// tanh x.
    Tanh,
    /// Channels, rows and columns become one vector.
    Flatten,
    /// Every channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted
    /// by two parameters of its own (Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1). Tests
    /// use running means, as torch with momentum 0.1 and ε = 10⁻⁵.
    BatchNorm,
    /// Sets each number to 0 with this probability while training, and scales the others by
    /// 1/(1 − rate) (Srivastava et al. 2014, JMLR 15).
    Dropout {
        /// The probability.
        rate: f64,
    },
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn one() -> usize {
    1
}

fn is_one(value: &usize) -> bool {
    *value == 1
}

impl Layer {
    /// Its name as experiment files have it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "Dense",
            Self::Convolution { .. } => "Convolution",
            Self::MaxPool { .. } => "MaxPool",
            Self::AveragePool { .. } => "AveragePool",
            Self::Relu => "Relu",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Flatten => "Flatten",
            Self::BatchNorm => "BatchNorm",
            Self::Dropout { .. } => "Dropout",
        }
    }
}
