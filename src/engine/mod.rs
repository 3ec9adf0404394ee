//! The engine: every run of an experiment, one update at a time, in lockstep.

pub mod continual;
mod history;
pub mod inside;
mod replay;
mod simulation;
pub mod summary;
mod sweep;
pub mod training;
mod worker;

pub use history::{Best, Frame, History, MAX_FRAMES, Measured, Outcome, Trace, Variation};
pub use replay::Replay;
pub use simulation::{Simulation, ready, run, run_observed};
pub use sweep::{Plan, Reached, Sampling, Sweep};
pub use worker::{Record, Stage, Worker};
