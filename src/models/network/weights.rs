//! Weights as safetensors, with PyTorch's layouts and names.
//!
//! Format (github.com/huggingface/safetensors): eight bytes with the length of the header, the
//! header as JSON with type, shape and place of each tensor, then the numbers, little-endian.

use super::plan::{Plan, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// The longest header that is read; what is longer is no network of this program.
const MAX_HEADER: usize = 1 << 20;

/// Why bytes are not the weights of a network.
#[derive(Debug, Error)]
pub enum WeightsError {
    /// They are something else.
    #[error("these are no safetensors: {0}")]
    NoSafetensors(String),
    /// A block is not there.
    #[error("there is no tensor `{name}`; it has {present}")]
    Missing {
        /// The block.
        name: String,
        /// What there is.
        present: String,
    },
    /// A block has another shape or type.
    #[error("`{name}` is {found}, but this network's is {expected}")]
    Shape {
        /// The block.
        name: String,
        /// What it is.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// There is more than the network has.
    #[error("`{name}` is no block of this network")]
    Extra {
        /// The tensor.
        name: String,
    },
}

/// What the header says of a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

impl Entry {
    fn described(&self) -> String {
        format!("{} of shape {:?}", self.dtype, self.shape)
    }
}

/// The shapes of the blocks as torch has them: filters in four dimensions.
fn torch_shapes(plan: &Plan) -> Vec<Vec<usize>> {
    let mut shapes: Vec<Vec<usize>> = plan
        .blocks
        .iter()
        .map(|block| match block.role {
            Role::Weight => vec![block.shape.rows, block.shape.columns],
            _ => vec![block.shape.columns],
        })
        .collect();
    for (stage, from) in plan.stages.iter().zip(&plan.values) {
        if let (super::plan::Operation::Convolution { kernel, .. }, Some(block)) =
            (stage.operation, stage.parameters)
        {
            let filters = plan.blocks[block].shape.rows;
            shapes[block] = vec![filters, from.channels, kernel, kernel];
        }
    }
    shapes
}

/// The parameters as a safetensors file.
pub fn write(plan: &Plan, parameters: &[f32]) -> Vec<u8> {
    let mut header = BTreeMap::new();
    for (block, shape) in plan.blocks.iter().zip(torch_shapes(plan)) {
        let bytes = [block.range.start * 4, block.range.end * 4];
        header.insert(
            block.name.clone(),
            Entry {
                dtype: "F32".into(),
                shape,
                data_offsets: bytes,
            },
        );
    }
    // Names and numbers always have a text.
    let mut text = serde_json::to_string(&header).unwrap_or_default();
    // The numbers begin at a multiple of eight.
    text.push_str(&" ".repeat(text.len().next_multiple_of(8) - text.len()));
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend(parameters.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

/// The parameters that a safetensors file has for this network.
///
/// # Errors
/// When it is no such file, or one of another architecture; the block is named.
pub fn read(plan: &Plan, bytes: &[u8]) -> Result<Vec<f32>, WeightsError> {
    let (header, data) = split(bytes)?;
    let mut parameters = vec![0.0; plan.parameters()];
    for (block, shape) in plan.blocks.iter().zip(torch_shapes(plan)) {
        let Some(entry) = header.get(&block.name) else {
            let names: Vec<_> = header.keys().take(20).map(String::as_str).collect();
            return Err(WeightsError::Missing {
                name: block.name.clone(),
                present: names.join(", "),
            });
        };
        if entry.dtype != "F32" || entry.shape != shape {
            return Err(WeightsError::Shape {
                name: block.name.clone(),
                found: entry.described(),
                expected: format!("F32 of shape {shape:?}"),
            });
        }
        let [begin, end] = entry.data_offsets;
        let numbers = data
            .get(begin..end)
            .filter(|numbers| numbers.len() == block.shape.size() * 4)
            .ok_or_else(|| {
                WeightsError::NoSafetensors(format!("`{}` lies outside the file", block.name))
            })?;
        let places = parameters[block.range.clone()].iter_mut();
        for (place, number) in places.zip(numbers.chunks_exact(4)) {
            *place = f32::from_le_bytes([number[0], number[1], number[2], number[3]]);
        }
    }
    let mut names = header.into_keys();
    match names.find(|name| plan.blocks.iter().all(|block| block.name != *name)) {
        Some(name) => Err(WeightsError::Extra { name }),
        None => Ok(parameters),
    }
}

/// The header's entries, and what is behind it.
fn split(bytes: &[u8]) -> Result<(BTreeMap<String, Entry>, &[u8]), WeightsError> {
    let wrong = |what: &str| WeightsError::NoSafetensors(what.to_owned());
    let (length, rest) = bytes
        .split_first_chunk::<8>()
        .ok_or_else(|| wrong("there are fewer than eight bytes"))?;
    let length = u64::from_le_bytes(*length);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > MAX_HEADER || length > rest.len() {
        return Err(wrong("the header is longer than the file may have"));
    }
    let (header, data) = rest.split_at(length);
    let mut header: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(header).map_err(|error| wrong(&error.to_string()))?;
    header.remove("__metadata__");
    let entries = header.into_iter().map(|(name, value)| {
        let entry = serde_json::from_value(value).map_err(|error| wrong(&error.to_string()))?;
        Ok((name, entry))
    });
    Ok((entries.collect::<Result<_, WeightsError>>()?, data))
}
