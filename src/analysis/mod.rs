//! What many runs tell together: maps over two quantities, the tuner, the range test of learning
//! rates, and where theory puts the edge of stability.

pub mod map;
pub mod range_test;
pub mod stability;
pub mod tuner;
