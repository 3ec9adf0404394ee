//! Several runs packed in one number.

use super::{Real, elementary};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `N` independent f64 values that go through the same formula together.
///
/// Every operation is the plain f64 operation on each lane (the compiler turns the loops into
/// vector instructions, and never fuses a multiplication with an addition), so a lane's result
/// equals the scalar run's bit for bit; `tests/lanes.rs` holds this.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes<const N: usize = 8>(pub [f64; N]);

impl<const N: usize> Lanes<N> {
    #[inline(always)]
    fn zip(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|lane| {
            operation(self.0[lane], other.0[lane])
        }))
    }
}

impl<const N: usize> Add for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl<const N: usize> Sub for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl<const N: usize> Mul for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}

impl<const N: usize> Div for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
}

impl<const N: usize> Neg for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|lane| -lane))
    }
}

impl<const N: usize> Real for Lanes<N> {
    type Mask = [bool; N];

    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self([value; N])
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn absolute(self) -> Self {
        Self(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn exponential(self) -> Self {
        Self(elementary::each(self.0, elementary::exp))
    }

    #[inline(always)]
    fn natural_logarithm(self) -> Self {
        Self(elementary::each(self.0, elementary::ln))
    }

    #[inline(always)]
    fn sine(self) -> Self {
        Self(elementary::sin(self.0))
    }

    #[inline(always)]
    fn cosine(self) -> Self {
        Self(elementary::cos(self.0))
    }

    #[inline(always)]
    fn hyperbolic_tangent(self) -> Self {
        Self(elementary::each(self.0, elementary::tanh))
    }

    #[inline(always)]
    fn arc_sine(self) -> Self {
        Self(self.0.map(Real::arc_sine))
    }

    #[inline(always)]
    fn arc_cosine(self) -> Self {
        Self(self.0.map(Real::arc_cosine))
    }

    #[inline(always)]
    fn arc_tangent(self) -> Self {
        Self(self.0.map(Real::arc_tangent))
    }

    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        self.zip(exponent, Real::power)
    }

    #[inline(always)]
    fn less_than(self, other: Self) -> [bool; N] {
        std::array::from_fn(|lane| self.0[lane] < other.0[lane])
    }

    #[inline(always)]
    fn select(mask: [bool; N], if_true: Self, if_false: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            if mask[lane] {
                if_true.0[lane]
            } else {
                if_false.0[lane]
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arc_functions_have_the_same_bits_in_every_lane_as_alone() {
        let values = [-1.5, -1.0, -0.3, -0.0, 1e-300, 0.7, 1.0, 40.0];
        for (packed, alone) in [
            (Lanes(values).arc_sine(), values.map(f64::arc_sine)),
            (Lanes(values).arc_cosine(), values.map(f64::arc_cosine)),
            (Lanes(values).arc_tangent(), values.map(f64::arc_tangent)),
        ] {
            assert_eq!(packed.0.map(f64::to_bits), alone.map(f64::to_bits));
        }
    }
}
