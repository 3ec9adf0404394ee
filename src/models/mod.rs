//! What learns from data, and the data.

pub mod continual;
pub mod datasets;
pub mod network;
pub mod regression;
