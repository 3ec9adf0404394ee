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
    fn zip(mut self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        for lane in 0..N {
            self.0[lane] = operation(self.0[lane], other.0[lane]);
        }
        self
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
        Self(elementary::each(self.0, |lane| -lane))
    }
}

impl<const N: usize> Real for Lanes<N> {
    /// All bits of a lane, or none: what a comparison of vectors gives.
    type Mask = [u64; N];

    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self([value; N])
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        Self(elementary::each(self.0, f64::sqrt))
    }

    #[inline(always)]
    fn absolute(self) -> Self {
        Self(elementary::each(self.0, f64::abs))
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

    /// Once for all lanes that have the same numbers: it takes longer than all the rest of a step.
    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        let first = (self.0[0], exponent.0[0]);
        let mut are_alike = true;
        for lane in 1..N {
            are_alike &= self.0[lane].to_bits() == first.0.to_bits();
            are_alike &= exponent.0[lane].to_bits() == first.1.to_bits();
        }
        match are_alike {
            true => Self([first.0.power(first.1); N]),
            false => self.zip(exponent, Real::power),
        }
    }

    #[inline(always)]
    #[expect(
        clippy::needless_range_loop,
        reason = "the form that becomes vector instructions"
    )]
    fn less_than(self, other: Self) -> [u64; N] {
        let mut mask = [0; N];
        for lane in 0..N {
            mask[lane] = if self.0[lane] < other.0[lane] {
                u64::MAX
            } else {
                0
            };
        }
        mask
    }

    #[inline(always)]
    fn any(mask: [u64; N]) -> bool {
        mask.iter().fold(0, |any, lane| any | lane) != 0
    }

    #[inline(always)]
    #[expect(
        clippy::needless_range_loop,
        reason = "the form that becomes vector instructions"
    )]
    fn select(mask: [u64; N], mut if_true: Self, if_false: Self) -> Self {
        for lane in 0..N {
            let (yes, no) = (if_true.0[lane].to_bits(), if_false.0[lane].to_bits());
            if_true.0[lane] = f64::from_bits((yes & mask[lane]) | (no & !mask[lane]));
        }
        if_true
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
