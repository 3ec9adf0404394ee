//! Continual learning: tasks one after the other on one network, and remedies against forgetting.
//!
//! A [`Course`] hands out the training data of one task at a time and keeps none of what it gave:
//! whoever drops a task's data cannot have them again. What a remedy keeps of the past, it keeps
//! in memory of its own, which is counted. Remedies compose with any optimizer: they add to what
//! the rule sees of the objective, and correct its update afterwards.

mod anchors;
mod card;
mod course;
mod distillation;
mod guard;
mod head;
mod importance;
mod memory;
mod metrics;
mod neurons;
mod orthogonal;
mod pull;
mod rehearsal;
mod remedy;
mod scenario;
mod sequence;
mod surfaces;
#[cfg(test)]
mod tests;
mod units;
mod views;

pub use anchors::{Anchors, Weighing};
pub use card::{Kind, REMEDIES, RemedyCard};
pub use course::Course;
pub use distillation::Distillation;
pub use guard::{Border, Footprint, Guard, Present};
pub use head::Head;
pub use importance::{Labels, fisher, output_sensitivity};
pub use memory::Memory;
pub use metrics::AccuracyMatrix;
pub use neurons::{Criterion, Neurons};
pub use orthogonal::Orthogonal;
pub use pull::{Ellipse, Pull};
pub use rehearsal::{Rehearsal, Use};
pub use remedy::{Remedy, guard};
pub use scenario::{Joined, Plan, Scenario};
pub use sequence::{Batching, MAX_TASKS, Parts, Sequence};
pub use surfaces::{MAX_SURFACES, Surfaces};
pub use units::{Units, information};
pub use views::Headed;
