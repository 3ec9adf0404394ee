//! Descent Lab.

pub mod landscapes;
pub mod numbers;
pub mod optimizers;
