//! `Real`: what a formula may do with a number.

use super::elementary;
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

    /// eˣ.
    fn exponential(self) -> Self;

    /// ln x; NaN below zero.
    fn natural_logarithm(self) -> Self;

    /// sin x, in radians.
    fn sine(self) -> Self;

    /// cos x, in radians.
    fn cosine(self) -> Self;

    /// tanh x.
    fn hyperbolic_tangent(self) -> Self;

    /// arcsin x, from −π/2 to π/2; NaN where |x| > 1.
    fn arc_sine(self) -> Self;

    /// arccos x, from 0 to π; NaN where |x| > 1.
    fn arc_cosine(self) -> Self;

    /// arctan x, from −π/2 to π/2.
    fn arc_tangent(self) -> Self;

    /// xʸ. The derivative by the exponent is taken as 0 where x ≤ 0.
    fn power(self, exponent: Self) -> Self;

    /// Whether `self < other`; a comparison with NaN is false.
    fn less_than(self, other: Self) -> Self::Mask;

    /// `if_true` where the mask holds, `if_false` elsewhere.
    fn select(mask: Self::Mask, if_true: Self, if_false: Self) -> Self;

    /// Whether a mask holds in any lane: where it holds in none, what it would select need not be
    /// computed.
    fn any(mask: Self::Mask) -> bool;

    /// What many numbers are to be divided by, so that one division serves all.
    #[inline(always)]
    fn common_divisor(self) -> CommonDivisor<Self> {
        CommonDivisor {
            divisor: self,
            inverse: Self::one() / self,
        }
    }

    /// self·(1/divisor).
    #[inline(always)]
    fn over_common(self, common: CommonDivisor<Self>) -> Self {
        self * common.inverse
    }

    /// −1, 0 or 1; NaN stays NaN. Its derivative is 0, also at the jump.
    #[inline(always)]
    fn sign(self) -> Self {
        let positive = Self::select(Self::zero().less_than(self), Self::one(), self);
        Self::select(self.less_than(Self::zero()), -Self::one(), positive)
    }

    /// The larger of two numbers; `self` where they are equal or one is NaN.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        Self::select(self.less_than(other), other, self)
    }

    /// The smaller of two numbers; `self` where they are equal or one is NaN.
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        Self::select(other.less_than(self), other, self)
    }

    /// x times a factor that has no derivative.
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        Self::constant(factor) * self
    }

    /// x², as one multiplication.
    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }

    /// The same number under the name that it has in formulas, such as m̂: for
    /// [`Recorded`](super::Recorded), which notes it.
    #[inline(always)]
    fn named(self, _symbol: &'static str) -> Self {
        self
    }

    /// Zero.
    #[inline(always)]
    fn zero() -> Self {
        Self::constant(0.0)
    }

    /// One.
    #[inline(always)]
    fn one() -> Self {
        Self::constant(1.0)
    }
}

/// A divisor and its inverse; see [`Real::common_divisor`].
#[derive(Clone, Copy, Debug)]
pub struct CommonDivisor<R> {
    /// The divisor.
    pub divisor: R,
    /// 1/divisor.
    pub inverse: R,
}

/// √(x₁² + x₂² + …), summed in order, wherever the result itself is within range: values too
/// large or too small to be squared are scaled by the largest of them.
#[inline(always)]
pub fn norm<R: Real>(values: impl Iterator<Item = R> + Clone) -> R {
    let plain = root_of_squares(values.clone());
    // Between these no square has lost digits; in single precision they are 0 and infinite.
    let (least, most) = (R::constant(1e-140), R::constant(1e150));
    let beyond = R::select(plain.less_than(most), R::zero(), R::one());
    let beyond = R::select(least.less_than(plain), beyond, R::one());
    // Nearly always: divisions would take several times as long as all the rest.
    if !R::any(R::zero().less_than(beyond)) {
        return plain;
    }
    let largest = values
        .clone()
        .fold(R::zero(), |largest, value| largest.larger(value.absolute()));
    let scaled = largest * root_of_squares(values.map(|value| value / largest));
    // Where nothing can be divided by the largest, 0 or infinite, the plain sum is right.
    let scaled = R::select(largest.less_than(R::constant(f64::INFINITY)), scaled, plain);
    let scaled = R::select(R::zero().less_than(largest), scaled, plain);
    let norm = R::select(least.less_than(plain), plain, scaled);
    R::select(plain.less_than(most), norm, scaled)
}

/// The cosine of the angle between two vectors; none where one of them has no length.
pub fn cosine(
    a: impl Iterator<Item = f64> + Clone,
    b: impl Iterator<Item = f64> + Clone,
) -> Option<f64> {
    let (of_a, of_b) = (norm(a.clone()), norm(b.clone()));
    if of_a == 0.0 || of_b == 0.0 {
        return None;
    }
    // Each is scaled to 1 first, so that no product overflows.
    let product: f64 = a.zip(b).map(|(a, b)| (a / of_a) * (b / of_b)).sum();
    Some(product.clamp(-1.0, 1.0))
}

#[inline(always)]
fn root_of_squares<R: Real>(values: impl Iterator<Item = R>) -> R {
    values
        .fold(R::zero(), |sum, value| sum + value.squared())
        .square_root()
}

/// dividend/divisor, and 0 where the dividend is 0, whatever it is divided by: a step scaled by a
/// root mean square that may be 0 without any ε.
#[inline(always)]
pub fn quotient<R: Real>(dividend: R, divisor: R) -> R {
    let is_something = R::zero().less_than(dividend.absolute());
    // What is no number stays so.
    R::select(is_something, dividend / divisor, dividend)
}

macro_rules! real_for_float {
    ($float:ty, $power:path) => {
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
            fn exponential(self) -> Self {
                elementary::exp(f64::from(self)) as $float
            }

            #[inline(always)]
            fn natural_logarithm(self) -> Self {
                elementary::ln(f64::from(self)) as $float
            }

            #[inline(always)]
            fn sine(self) -> Self {
                elementary::sin([f64::from(self)])[0] as $float
            }

            #[inline(always)]
            fn cosine(self) -> Self {
                elementary::cos([f64::from(self)])[0] as $float
            }

            #[inline(always)]
            fn hyperbolic_tangent(self) -> Self {
                elementary::tanh(f64::from(self)) as $float
            }

            #[inline(always)]
            fn arc_sine(self) -> Self {
                libm::asin(f64::from(self)) as $float
            }

            #[inline(always)]
            fn arc_cosine(self) -> Self {
                libm::acos(f64::from(self)) as $float
            }

            #[inline(always)]
            fn arc_tangent(self) -> Self {
                libm::atan(f64::from(self)) as $float
            }

            #[inline(always)]
            fn power(self, exponent: Self) -> Self {
                $power(self, exponent)
            }

            #[inline(always)]
            fn less_than(self, other: Self) -> bool {
                self < other
            }

            #[inline(always)]
            fn select(mask: bool, if_true: Self, if_false: Self) -> Self {
                if mask { if_true } else { if_false }
            }

            #[inline(always)]
            fn any(mask: bool) -> bool {
                mask
            }
        }
    };
}

// Powers and arc functions come from `libm`, not from the system, so that the bits are the same everywhere.
real_for_float!(f64, libm::pow);
real_for_float!(f32, libm::powf);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_larger_and_smaller() {
        assert_eq!([-2.5, 0.0, 7.0].map(f64::sign), [-1.0, 0.0, 1.0]);
        assert!(f64::NAN.sign().is_nan());
        assert_eq!(
            (1.0.larger(2.0), 2.0.larger(1.0), 2.0.smaller(1.0)),
            (2.0, 2.0, 1.0)
        );
        assert!(f64::NAN.larger(1.0).is_nan() && f64::NAN.smaller(1.0).is_nan());
    }

    #[test]
    fn arc_functions() {
        use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};
        assert_eq!(
            [-1.0, 0.0, 1.0].map(f64::arc_sine),
            [-FRAC_PI_2, 0.0, FRAC_PI_2]
        );
        assert_eq!([-1.0, 0.0, 1.0].map(f64::arc_cosine), [PI, FRAC_PI_2, 0.0]);
        assert_eq!(
            [1.0, f64::INFINITY].map(f64::arc_tangent),
            [FRAC_PI_4, FRAC_PI_2]
        );
        assert!(1.1_f64.arc_sine().is_nan() && (-1.1_f64).arc_cosine().is_nan());
        assert_eq!(1.0_f32.arc_tangent(), FRAC_PI_4 as f32);
    }

    #[test]
    fn powers_and_norm() {
        assert_eq!((-2.0_f64).power(3.0), -8.0);
        assert_eq!(16.0_f32.power(0.75), 8.0);
        assert_eq!(norm([3.0, -4.0].into_iter()), 5.0);
    }

    #[test]
    fn norms_reach_as_far_as_numbers_do() {
        for scale in [1e-300, 1e-200, 1e-140, 1.0, 1e150, 1e200, 1e300] {
            let found: f64 = norm([3.0 * scale, -4.0 * scale].into_iter());
            assert!((found / (5.0 * scale) - 1.0).abs() < 1e-12, "{scale}");
        }
        assert!((norm([3e30_f32, 4e30].into_iter()) / 5e30 - 1.0).abs() < 1e-6);
        assert!((norm([3e-30_f32, 4e-30].into_iter()) / 5e-30 - 1.0).abs() < 1e-6);
        assert_eq!(norm([0.0, -0.0].into_iter()), 0.0);
        assert_eq!(norm([f64::INFINITY, 1.0].into_iter()), f64::INFINITY);
        for values in [
            [f64::NAN, 1.0],
            [f64::NAN, f64::NAN],
            [f64::NAN, f64::INFINITY],
        ] {
            assert!(norm(values.into_iter()).is_nan());
        }
    }

    #[test]
    fn nothing_divided_is_nothing() {
        assert_eq!((quotient(1.0, 4.0), quotient(0.0, 0.0)), (0.25, 0.0));
        assert_eq!(quotient(1.0, 0.0), f64::INFINITY);
        assert!(quotient(f64::NAN, 1.0).is_nan() && quotient(1.0, f64::NAN).is_nan());
    }

    #[test]
    fn squares_out_of_range_do_not_matter_to_a_norm() {
        let of = |x: &[f64]| norm(x.iter().copied());
        assert_eq!(of(&[3.0, -4.0]), 5.0);
        assert_eq!(of(&[]), 0.0);
        for scale in [1e-300, 1e-160, 1e-140, 1e150, 1e300] {
            let found = of(&[3.0 * scale, 4.0 * scale]) / scale;
            assert!((found - 5.0).abs() < 1e-12, "{scale:e}: {found}");
        }
        assert_eq!(of(&[f64::NEG_INFINITY, 1.0]), f64::INFINITY);
        assert!(of(&[1.0, f64::NAN]).is_nan());
    }

    #[test]
    fn vectors_whose_product_is_out_of_range_have_an_angle() {
        for scale in [1e-200, 1.0, 1e200] {
            let of = |b: [f64; 2]| cosine([scale, 0.0].into_iter(), b.into_iter());
            let found = of([3.0 * scale, -4.0 * scale]).unwrap();
            assert!((found - 0.6).abs() < 1e-12, "{scale:e}: {found}");
            assert_eq!(of([-scale, 0.0]), Some(-1.0));
            assert_eq!(of([0.0, 0.0]), None);
        }
    }
}
