//! Networks: architectures as data, their layers forward and backward, and losses.
//!
//! Sixteen images go through a layer side by side, each in a lane of its own: every layer is
//! then the same arithmetic on whole vectors, whatever its shape. Memory for what flows between
//! layers is used again and again; training allocates nothing.

pub mod architecture;
pub mod arithmetic;
pub mod batch;
pub mod buffer;
pub mod examples;
pub mod initialisation;
mod kernels;
pub mod layer;
pub mod loss;
mod over_batch;
mod part;
pub mod plan;
pub mod presets;
pub mod sharpness;
mod space;
mod stage;
pub mod task;
pub mod volume;
pub mod weights;

pub use architecture::{Misfit, plan};
pub use batch::{Network, Purpose, Score};
pub use examples::Examples;
pub use initialisation::Initialisation;
pub use kernels::normalisation::Moments;
pub use layer::Layer;
pub use loss::{Loss, Target, Verdict};
pub use plan::{LayerName, Plan};
pub use task::Task;
pub use volume::Volume;
