//! A network ready to be computed: its stages, the memory between them, and its parameters.

use super::volume::Volume;
use crate::optimizers::Shape;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// What a stage does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "as the layers of the same names")]
pub enum Operation {
    Dense,
    Convolution {
        kernel: usize,
        padding: usize,
        stride: usize,
    },
    MaxPool {
        size: usize,
        stride: usize,
    },
    AveragePool {
        size: usize,
        stride: usize,
    },
    Relu,
    Sigmoid,
    Tanh,
    Flatten,
    BatchNorm {
        index: usize,
    },
    Dropout {
        rate: f64,
    },
}

impl Operation {
    /// Whether it has two blocks of parameters of its own.
    pub fn has_parameters(&self) -> bool {
        matches!(
            self,
            Self::Dense | Self::Convolution { .. } | Self::BatchNorm { .. }
        )
    }
}

/// One step of the computation; stage k goes from volume k to volume k + 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// What it does.
    pub operation: Operation,
    /// Which block is its first, where it has parameters; the next is its second.
    pub parameters: Option<usize>,
}

/// What a block of parameters is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The matrix of a dense layer or the filters of a convolution.
    Weight,
    /// What is added.
    Bias,
    /// What batch normalisation multiplies by.
    Scale,
    /// What batch normalisation adds.
    Shift,
}

impl Role {
    /// The name that torch gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight | Self::Scale => "weight",
            Self::Bias | Self::Shift => "bias",
        }
    }
}

/// The name of a layer with parameters, as torch's tutorials give them: `conv1`, `fc2`, `bn1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LayerName {
    /// Its kind.
    pub kind: LayerKind,
    /// Which of its kind, from 1.
    pub number: u16,
}

/// The kinds of layers with parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "as the layers of the same names")]
pub enum LayerKind {
    Convolution,
    Dense,
    BatchNorm,
}

impl FromStr for LayerName {
    type Err = String;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// When it is no layer's name.
    fn from_str(text: &str) -> Result<Self, String> {
        let kinds = [
            ("conv", LayerKind::Convolution),
            ("fc", LayerKind::Dense),
            ("bn", LayerKind::BatchNorm),
        ];
        let found = kinds.into_iter().find_map(|(prefix, kind)| {
            let number = text.strip_prefix(prefix)?.parse().ok()?;
            Some(Self { kind, number })
        });
        // `fc01` and `fc+1` are read as numbers, but nothing is called so.
        let found = found.filter(|name| name.to_string() == text);
        found.ok_or_else(|| format!("“{text}” is no layer; layers are called conv1, fc1, bn1, …"))
    }
}

impl fmt::Display for LayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            LayerKind::Convolution => "conv",
            LayerKind::Dense => "fc",
            LayerKind::BatchNorm => "bn",
        };
        write!(f, "{kind}{}", self.number)
    }
}

/// A block of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `conv1.weight`.
    pub name: String,
    /// The layer that it belongs to; its other block is its neighbour.
    pub layer: LayerName,
    /// What it is.
    pub role: Role,
    /// Its shape: filters are rows of channels, rows and columns, as torch has them.
    pub shape: Shape,
    /// Where it lies among all parameters.
    pub range: Range<usize>,
    /// How many inputs one output of its layer sees.
    pub fan_in: usize,
    /// How many outputs one input of its layer reaches.
    pub fan_out: usize,
}

/// Everything about a network but its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is done, in order.
    pub stages: Vec<Stage>,
    /// The shapes of the input and of every stage's output.
    pub values: Vec<Volume>,
    /// The shapes of the loss's slopes along each of them.
    pub slopes: Vec<Volume>,
    /// The parameters.
    pub blocks: Vec<Block>,
    /// How many channels each batch normalisation has.
    pub normalised: Vec<usize>,
}

impl Plan {
    /// How many parameters there are.
    pub fn parameters(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.range.end)
    }

    /// The blocks' shapes, as rules see them.
    pub fn shapes(&self) -> Vec<Shape> {
        self.blocks.iter().map(|block| block.shape).collect()
    }

    /// The layers with parameters, in order, and where their parameters lie.
    pub fn layers(&self) -> Vec<(LayerName, Range<usize>)> {
        let mut layers: Vec<(LayerName, Range<usize>)> = Vec::new();
        for block in &self.blocks {
            match layers.last_mut() {
                Some((layer, range)) if *layer == block.layer => range.end = block.range.end,
                _ => layers.push((block.layer, block.range.clone())),
            }
        }
        layers
    }

    /// How many outputs there are.
    pub fn outputs(&self) -> usize {
        self.values.last().map_or(0, |volume| volume.channels)
    }

    /// The parameters of a stage: those of its first and its second block.
    pub fn parameters_of<'p, N>(&self, stage: &Stage, parameters: &'p [N]) -> [&'p [N]; 2] {
        let Some(first) = stage.parameters else {
            return [&[], &[]];
        };
        [first, first + 1].map(|block| &parameters[self.blocks[block].range.clone()])
    }
}
