//! `Scalar`: one number, which a formula may branch on.

use super::Real;

/// A [`Real`] that holds one value, so that loops and branches may depend on it: a line search,
/// a simplex. Packed lanes are not scalars; their runs go through such a rule one by one.
pub trait Scalar: Real<Mask = bool> + PartialOrd {
    /// The value, for counts and indices kept beside others in a rule's memory.
    fn to_f64(self) -> f64;
}

impl Scalar for f64 {
    fn to_f64(self) -> f64 {
        self
    }
}

impl Scalar for f32 {
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}
