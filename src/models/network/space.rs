//! The memory that one group of images goes through a network in.

use super::arithmetic::{LANES, Number};
use super::buffer::Buffer;
use super::kernels::dense;
use super::plan::{Operation, Plan, Role};

/// Values and slopes between all stages for [`LANES`] images. It is used again for the next
/// images, so that training allocates nothing.
#[derive(Debug)]
pub struct Space<N> {
    /// The input and every stage's output.
    pub values: Vec<Buffer<N>>,
    /// The loss's slopes along them.
    pub slopes: Vec<Buffer<N>>,
    /// The input of a dense stage with its lanes set apart.
    pub apart: Buffer<N>,
    /// How many of the lanes are images.
    pub active: usize,
    /// Which example of the batch the first lane is.
    pub first: usize,
}

impl<N: Number> Space<N> {
    /// Room for a network.
    pub fn new(plan: &Plan) -> Self {
        let room = |volumes: &[super::volume::Volume]| {
            let rooms = volumes.iter().map(|volume| Buffer::zeros(volume.memory()));
            rooms.collect()
        };
        Self {
            values: room(&plan.values),
            slopes: room(&plan.slopes),
            apart: Buffer::zeros(apart(plan)),
            active: 0,
            first: 0,
        }
    }

    /// How many bytes it takes for this network.
    pub fn bytes(plan: &Plan) -> usize {
        let volumes = plan.values.iter().chain(&plan.slopes);
        let numbers: usize = volumes.map(super::volume::Volume::memory).sum();
        (numbers + apart(plan)) * size_of::<N>()
    }
}

/// The room for the widest input of a dense stage, lanes apart.
fn apart(plan: &Plan) -> usize {
    let stages = plan.stages.iter().zip(&plan.values);
    let dense = stages.filter(|(stage, _)| stage.operation == Operation::Dense);
    let widths = dense.map(|(_, volume)| dense::padded(volume.channels) * LANES);
    widths.max().unwrap_or(0)
}

/// Where the gradient of each block is gathered: rows of a dense stage's weights are filled up
/// to whole vectors there.
#[derive(Clone, Debug)]
pub struct Layout {
    /// For each block where it begins, how many rows it has, how long they are and how far apart.
    blocks: Vec<[usize; 4]>,
    /// How many numbers there are.
    pub length: usize,
}

impl Layout {
    /// The layout for a network.
    pub fn new(plan: &Plan) -> Self {
        let mut layout = Self {
            blocks: vec![[0; 4]; plan.blocks.len()],
            length: 0,
        };
        for stage in &plan.stages {
            let Some(first) = stage.parameters else {
                continue;
            };
            for (index, block) in plan.blocks.iter().enumerate().skip(first).take(2) {
                let is_matrix = stage.operation == Operation::Dense && block.role == Role::Weight;
                let (rows, columns) = (block.shape.rows, block.shape.columns);
                let distance = if is_matrix {
                    dense::padded(columns)
                } else {
                    columns
                };
                layout.blocks[index] = [layout.length, rows, columns, distance];
                // Blocks begin at whole vectors.
                layout.length += (rows * distance).next_multiple_of(LANES);
            }
        }
        layout
    }

    /// The gradients of two neighbouring blocks.
    pub fn pair<'g, N>(&self, first: usize, gathered: &'g mut [N]) -> [&'g mut [N]; 2] {
        let [one, two] = [self.blocks[first], self.blocks[first + 1]];
        let (before, behind) = gathered.split_at_mut(two[0]);
        [
            &mut before[one[0]..one[0] + one[1] * one[3]],
            &mut behind[..two[1] * two[3]],
        ]
    }

    /// Adds what was gathered to a gradient without gaps.
    pub fn add<N: Number>(&self, gathered: &[N], gradient: &mut [N]) {
        let mut rest = gradient;
        for &[begin, rows, columns, distance] in &self.blocks {
            let (block, others) = std::mem::take(&mut rest).split_at_mut(rows * columns);
            rest = others;
            for (row, sums) in block.chunks_exact_mut(columns.max(1)).enumerate() {
                let parts = &gathered[begin + row * distance..][..columns];
                for (sum, &part) in sums.iter_mut().zip(parts) {
                    *sum += part;
                }
            }
        }
    }
}
