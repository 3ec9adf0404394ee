//! Several runs packed in one number.

use super::{CommonDivisor, Real, elementary};
use std::cell::Cell;
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

    /// Whether all lanes have the same bits as `value`, which must not come from one of them in
    /// sight of the compiler: it would leave out that lane's comparison with itself, and take the
    /// odd number of others one by one.
    #[inline(always)]
    fn is_all(self, value: f64) -> bool {
        let mut is_all = true;
        for lane in self.0 {
            is_all &= lane.to_bits() == value.to_bits();
        }
        is_all
    }
}

/// How many numbers are divided by at once, at most, for their inverses to be remembered.
const REMEMBERED: usize = 2;

thread_local! {
    /// The last numbers that were inverted on this thread, each with its inverse. At one update
    /// all packs of a block divide by the same bias corrections: those of the first pack serve
    /// the others, since divisions are what sweeps wait for.
    static INVERTED: Cell<[(f64, f64); REMEMBERED]> =
        const { Cell::new([(1.0, 1.0); REMEMBERED]) };
}

/// The inverse of each, where it is the same in all lanes.
#[inline(always)]
fn common_inverses<const N: usize, const D: usize>(x: [Lanes<N>; D]) -> Option<[f64; D]> {
    const {
        assert!(
            D <= REMEMBERED,
            "as many are remembered as are divided by at once"
        )
    };
    let are = |known: &[(f64, f64); REMEMBERED]| {
        let mut are = true;
        for index in 0..D {
            are &= x[index].is_all(known[index].0);
        }
        are
    };
    let mut known = INVERTED.get();
    if !are(&known) {
        for index in 0..D {
            let first = std::hint::black_box(x[index].0[0]);
            known[index] = (first, 1.0 / first);
        }
        if !are(&known) {
            return None;
        }
        INVERTED.set(known);
    }
    let mut inverses = [0.0; D];
    for index in 0..D {
        inverses[index] = known[index].1;
    }
    Some(inverses)
}

/// `function` of every lane. Not inlined, so that the compiler does not compute it in advance in
/// case it will be needed: divisions and roots are what takes time.
#[cold]
#[inline(never)]
fn one_by_one<const N: usize>(x: [f64; N], function: fn(f64) -> f64) -> [f64; N] {
    elementary::each(x, function)
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

    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        self.zip(exponent, Real::power)
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
    fn common_root(self) -> Self {
        // Hidden from the compiler, which would take the root in advance in case it will be needed.
        let hidden = Self(std::hint::black_box(self.0));
        let first = std::hint::black_box(self.0[0]);
        match hidden.is_all(first) {
            true => Self([first.sqrt(); N]),
            false => Self(one_by_one(self.0, f64::sqrt)),
        }
    }

    /// Plain loops: the compiler leaves calls in what `map` makes of packed lanes.
    #[inline(always)]
    fn common_divisors<const D: usize>(divisors: [Self; D]) -> [CommonDivisor<Self>; D] {
        let common = common_inverses(divisors);
        let unknown = Self([f64::NAN; N]);
        let mut found = [CommonDivisor {
            divisor: unknown,
            inverse: unknown,
        }; D];
        for index in 0..D {
            found[index].divisor = divisors[index];
            found[index].inverse = match common {
                Some(inverses) => Self([inverses[index]; N]),
                None => Self(one_by_one(divisors[index].0, |x| 1.0 / x)),
            };
        }
        found
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
    #[test]
    fn inverses_are_those_of_the_numbers_whatever_was_inverted_before() {
        let same = |x: f64| Lanes([x; 8]);
        let mixed = Lanes([0.1, 0.1, 0.3, -0.0, f64::INFINITY, 1e-310, f64::NAN, 7.0]);
        let first_again = Lanes([0.1, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]);
        let all = [
            [same(0.1), same(0.3)],
            [same(0.1), same(0.3)],
            [same(0.3), same(0.1)],
            [first_again, same(0.1)],
            [same(0.1), mixed],
            [same(0.1), same(0.7)],
            [same(f64::NAN), same(-0.0)],
            [same(0.0), same(-0.0)],
        ];
        for divisors in all {
            let found = Real::common_divisors(divisors);
            for (common, divisor) in found.iter().zip(divisors) {
                let inverses = divisor.0.map(|x| (1.0 / x).to_bits());
                assert_eq!(common.inverse.0.map(f64::to_bits), inverses);
                assert_eq!(
                    common.divisor.0.map(f64::to_bits),
                    divisor.0.map(f64::to_bits)
                );
            }
        }
    }
}
