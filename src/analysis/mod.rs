//! What can be said about a run.

pub mod worked;
