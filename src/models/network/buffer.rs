//! Memory for activations and gradients.

use super::arithmetic::Number;
use std::ops::{Deref, DerefMut};

/// Where a buffer begins: a line of the processor's cache, and the widest vector.
const ALIGNMENT: usize = 64;

/// Numbers that begin at the beginning of a cache line. Vectors that straddle two lines take
/// twice the time to load.
#[derive(Debug)]
pub struct Buffer<N> {
    numbers: Vec<N>,
    begin: usize,
    length: usize,
}

impl<N: Number> Buffer<N> {
    /// So many zeros.
    pub fn zeros(length: usize) -> Self {
        let numbers = vec![N::zero(); length + ALIGNMENT / size_of::<N>()];
        // A pointer that cannot be aligned costs time, nothing else.
        let begin = numbers.as_ptr().align_offset(ALIGNMENT);
        Self {
            begin: begin.min(numbers.len() - length),
            numbers,
            length,
        }
    }
}

impl<N> Deref for Buffer<N> {
    type Target = [N];

    fn deref(&self) -> &[N] {
        &self.numbers[self.begin..self.begin + self.length]
    }
}

impl<N> DerefMut for Buffer<N> {
    fn deref_mut(&mut self) -> &mut [N] {
        &mut self.numbers[self.begin..self.begin + self.length]
    }
}
