//! An experiment: plain data, what makes it valid, and its text.

pub mod built_in;
mod check;
mod newer;
mod objective;
mod outline;
mod position;
pub mod preset;
mod run_text;
mod schedule;
mod spec;
pub mod starts;
mod wrapper;

pub(crate) use check::nearest;
pub use check::{Checked, CheckedRun, CheckedVariation, MAX_RUNS, MAX_WRAPPERS, Problem};
pub use objective::{EXPRESSION, MODEL, NetworkSpec, ObjectiveSpec, RegressionSpec};
pub use spec::{Experiment, RUN_COLOURS, RunSpec, USUAL_EPOCHS};
pub use wrapper::WrapperSpec;
