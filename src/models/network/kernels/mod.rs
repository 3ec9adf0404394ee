//! The arithmetic of layers, on the processor's vectors.
#![allow(
    clippy::needless_range_loop,
    reason = "loops over arrays that must stay in registers, several of them at once"
)]

pub mod activation;
mod blocks;
pub mod convolution;
pub mod dense;
pub mod normalisation;
pub mod pooling;
