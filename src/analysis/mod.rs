//! What can be said about a run: how each of its steps came about, how the surface curves where it
//! is, what is wrong with it, and a regression worked by hand. And what many runs tell together:
//! maps, the tuner, the range test. And what a network makes of its data.

pub mod classification;
pub mod curvature;
pub mod diagnosis;
mod edge;
pub mod explanation;
pub mod map;
pub mod range_test;
pub mod side_by_side;
pub mod slice;
pub mod stability;
pub mod step_sizes;
pub mod task_plane;
pub mod tuner;
pub mod worked;
