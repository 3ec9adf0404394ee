//! The engine: every run of an experiment, one update at a time, in lockstep.

mod history;
pub mod inside;
mod simulation;
pub mod summary;
pub mod training;
mod worker;

pub use history::{Best, Frame, History, MAX_FRAMES, Measured, Outcome, Trace, Variation};
pub use simulation::{Simulation, ready, run};
pub use worker::{Record, Stage, Worker};
