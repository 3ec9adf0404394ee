//! An experiment: plain data, what makes it valid, and its text.

mod axis;
pub mod built_in;
mod check;
mod data_text;
pub mod event;
mod newer;
mod objective;
mod outline;
mod position;
pub mod preset;
mod quantity;
mod run_text;
mod schedule;
mod spec;
pub mod starts;
mod tune;
mod wrapper;

pub use axis::{Axis, AxisError, MAX_COUNT, Spread, USUAL_COUNT};
pub(crate) use check::nearest;
pub use check::{Checked, CheckedRun, CheckedVariation, MAX_RUNS, MAX_WRAPPERS, Problem};
pub use data_text::data_from_text;
pub use event::RateEvent;
pub use objective::{
    EXPRESSION, LATER, MODEL, NetworkSpec, ObjectiveSpec, RegressionSpec, TasksSpec,
};
pub use quantity::{NoSuchQuantity, Quantity, Traits};
pub use spec::{Experiment, RUN_COLOURS, RunSpec, USUAL_EPOCHS};
pub use tune::{Criterion, TuneSpec};
pub use wrapper::WrapperSpec;
