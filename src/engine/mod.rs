//! The engine: every run of an experiment, one update at a time, in lockstep.

mod checkpoint;
pub mod continual;
mod cores;
mod history;
pub mod inside;
pub mod over_seeds;
mod past;
mod replay;
pub mod room;
mod shared;
mod simulation;
pub mod summary;
mod sweep;
pub mod training;
mod work;
mod worker;

pub use checkpoint::{Checkpoint, CheckpointError, trunk};
pub use cores::at_length;
pub use history::{Best, Frame, History, MAX_FRAMES, Measured, Outcome, Trace, Variation};
pub use past::Descended;
pub use replay::Replay;
pub use simulation::{Simulation, ready, run};
pub use sweep::{Plan, Reached, Sampling, Sweep, one_a_core};
pub use work::Work;
pub use worker::{Message, Pace, Record, Report, Shelf, Stage, Worker};
