//! What can be said about a run: how each of its steps came about, how the surface curves where it
//! is, and what is wrong with it.

pub mod curvature;
pub mod diagnosis;
pub mod explanation;
pub mod step_sizes;
