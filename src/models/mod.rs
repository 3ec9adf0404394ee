//! Models and the data they are trained on.

pub mod datasets;
pub mod network;
