//! The arithmetic that formulas are written in, and the number types it runs on.
//!
//! A landscape or an update rule is written once, over [`Real`]. The same text then serves
//! plain floats, [`Dual`] numbers that carry exact derivatives, [`Lanes`] that carry several runs
//! at once, and [`Recorded`] numbers that write down how they came about.

pub mod domain;
pub mod dot;
pub mod dual;
pub mod elementary;
pub mod lanes;
pub mod noise;
pub mod real;
pub mod recorded;
pub mod scalar;
pub mod sobol;
pub mod vector;

pub use domain::{Domain, Scale};
pub use dot::dot;
pub use dual::Dual;
pub use lanes::Lanes;
pub use noise::Noise;
pub use real::{CommonDivisor, Real, cosine, norm, quotient};
pub use recorded::Recorded;
pub use scalar::Scalar;
pub use sobol::Sobol;
