//! Descent Lab.

pub mod experiment;
pub mod landscapes;
pub mod numbers;
pub mod objective;
pub mod optimizers;
pub mod schedules;
