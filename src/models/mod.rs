//! What learns from data.

pub mod regression;
