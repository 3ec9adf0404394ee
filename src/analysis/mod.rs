//! What can be said about a run: how each of its steps came about, how the surface curves where it
//! is, what is wrong with it, and a regression worked by hand.

pub mod curvature;
pub mod diagnosis;
pub mod explanation;
pub mod step_sizes;
pub mod worked;
