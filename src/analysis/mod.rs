//! What can be said about a run, and what many runs tell together.

pub mod map;
pub mod range_test;
pub mod stability;
pub mod tuner;
pub mod worked;
