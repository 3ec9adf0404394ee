//! What learns from data.

pub mod datasets;
pub mod network;
pub mod regression;
