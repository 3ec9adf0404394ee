//! Networks: their gradients against PyTorch's and against differences, on any number of cores.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod continual;
mod control;
mod gradients;
mod lenet;
mod training;
mod views;
