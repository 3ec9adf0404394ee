//! `Real`: what a formula may do with a number.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number that formulas are written in.
///
/// The operations are few on purpose: every one of them must be exact on plain floats, have a
/// derivative for [`Dual`](super::Dual), and give the same bits in [`Lanes`](super::Lanes) as
/// alone. Where a formula depends on a comparison it uses [`Real::select`], because packed
/// lanes cannot branch.
pub trait Real:
    Copy
    + Debug
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The outcome of a comparison: one flag, or one flag a lane.
    type Mask: Copy;

    /// The same value in every lane, with no derivative.
    fn constant(value: f64) -> Self;

    /// √x; NaN below zero.
    fn square_root(self) -> Self;

    /// |x|; its derivative at 0 is taken as 0.
    fn absolute(self) -> Self;

    /// Whether `self < other`; a comparison with NaN is false.
    fn less_than(self, other: Self) -> Self::Mask;

    /// `if_true` where the mask holds, `if_false` elsewhere.
    fn select(mask: Self::Mask, if_true: Self, if_false: Self) -> Self;

    /// x², as one multiplication.
    fn squared(self) -> Self {
        self * self
    }

    /// Zero.
    fn zero() -> Self {
        Self::constant(0.0)
    }

    /// One.
    fn one() -> Self {
        Self::constant(1.0)
    }
}

macro_rules! real_for_float {
    ($float:ty) => {
        impl Real for $float {
            type Mask = bool;

            #[inline(always)]
            fn constant(value: f64) -> Self {
                value as $float
            }

            #[inline(always)]
            fn square_root(self) -> Self {
                self.sqrt()
            }

            #[inline(always)]
            fn absolute(self) -> Self {
                self.abs()
            }

            #[inline(always)]
            fn less_than(self, other: Self) -> bool {
                self < other
            }

            #[inline(always)]
            fn select(mask: bool, if_true: Self, if_false: Self) -> Self {
                if mask { if_true } else { if_false }
            }
        }
    };
}

real_for_float!(f64);
real_for_float!(f32);
