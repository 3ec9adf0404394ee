//! An experiment: plain data, what makes it valid, and its text.

pub mod built_in;
mod check;
mod newer;
mod outline;
mod position;
pub mod preset;
mod schedule;
mod spec;
mod wrapper;

pub(crate) use check::nearest;
pub use check::{Checked, CheckedRun, MAX_RUNS, MAX_WRAPPERS, Problem};
pub use spec::{Experiment, ObjectiveSpec, RUN_COLOURS, RunSpec};
pub use wrapper::WrapperSpec;
