//! Dual numbers: exact derivatives by forward-mode differentiation.

use super::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A value and its partial derivatives with respect to `N` variables.
///
/// Computing with `a + a′ε`, ε² = 0, carries every derivative along exactly (no difference
/// quotient, no step size). Nesting, `Dual<Dual<R, N>, N>`, gives the second derivatives.
///
/// ```
/// use descent_lab::numbers::{Dual, Real};
/// let [x, y] = Dual::variables([3.0, 2.0]);
/// let product = x * y + x;
/// assert_eq!((product.value, product.slope), (9.0, [3.0, 3.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<R, const N: usize = 2> {
    /// The value itself.
    pub value: R,
    /// ∂value/∂variable, in the order of [`Dual::variables`].
    pub slope: [R; N],
}

impl<R: Real, const N: usize> Dual<R, N> {
    /// The point `at` as variables: the i-th has slope 1 in direction i.
    #[inline(always)]
    pub fn variables(at: [R; N]) -> [Self; N] {
        let mut variables = [Self::constant(0.0); N];
        for i in 0..N {
            variables[i].value = at[i];
            variables[i].slope[i] = R::one();
        }
        variables
    }

    /// f(self) given f's value and derivative there (chain rule).
    #[inline(always)]
    fn chain(self, value: R, derivative: R) -> Self {
        self.with(value, |_, slope| derivative * slope)
    }

    /// `value`, with every slope made anew from its index and the present one. A plain loop: the
    /// compiler leaves calls in what `map` and `from_fn` make of packed lanes.
    #[inline(always)]
    fn with(mut self, value: R, slope: impl Fn(usize, R) -> R) -> Self {
        self.value = value;
        for i in 0..N {
            self.slope[i] = slope(i, self.slope[i]);
        }
        self
    }
}

impl<R: Real, const N: usize> Dual<Dual<R, N>, N> {
    /// The point `at` as variables of a function whose Hessian is wanted.
    pub fn twice_variables(at: [R; N]) -> [Self; N] {
        Self::variables(Dual::variables(at))
    }

    /// Value, gradient and Hessian matrix (rows) of a nested result.
    pub fn value_gradient_hessian(self) -> (R, [R; N], [[R; N]; N]) {
        (
            self.value.value,
            self.value.slope,
            self.slope.map(|row| row.slope),
        )
    }
}

impl<R: Real, const N: usize> Add for Dual<R, N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(self.value + other.value, |i, slope| slope + other.slope[i])
    }
}

impl<R: Real, const N: usize> Sub for Dual<R, N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(self.value - other.value, |i, slope| slope - other.slope[i])
    }
}

impl<R: Real, const N: usize> Mul for Dual<R, N> {
    type Output = Self;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "the product rule")]
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(self.value * other.value, |i, slope| {
            slope * other.value + self.value * other.slope[i]
        })
    }
}

impl<R: Real, const N: usize> Div for Dual<R, N> {
    type Output = Self;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "the quotient rule")]
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        self.with(value, |i, slope| {
            (slope - value * other.slope[i]) / other.value
        })
    }
}

impl<R: Real, const N: usize> Neg for Dual<R, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.with(-self.value, |_, slope| -slope)
    }
}

impl<R: Real, const N: usize> Real for Dual<R, N> {
    type Mask = R::Mask;

    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self {
            value: R::constant(value),
            slope: [R::zero(); N],
        }
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        let root = self.value.square_root();
        self.chain(root, R::one() / (R::constant(2.0) * root))
    }

    #[inline(always)]
    fn absolute(self) -> Self {
        self.chain(self.value.absolute(), self.value.sign())
    }

    #[inline(always)]
    fn exponential(self) -> Self {
        let value = self.value.exponential();
        self.chain(value, value)
    }

    #[inline(always)]
    fn sine(self) -> Self {
        self.chain(self.value.sine(), self.value.cosine())
    }

    #[inline(always)]
    fn cosine(self) -> Self {
        self.chain(self.value.cosine(), -self.value.sine())
    }

    #[inline(always)]
    fn hyperbolic_tangent(self) -> Self {
        let value = self.value.hyperbolic_tangent();
        self.chain(value, R::one() - value.squared())
    }

    #[inline(always)]
    fn natural_logarithm(self) -> Self {
        self.chain(self.value.natural_logarithm(), R::one() / self.value)
    }

    #[inline(always)]
    fn arc_sine(self) -> Self {
        let slope = R::one() / complement(self.value).square_root();
        self.chain(self.value.arc_sine(), slope)
    }

    #[inline(always)]
    fn arc_cosine(self) -> Self {
        let slope = -R::one() / complement(self.value).square_root();
        self.chain(self.value.arc_cosine(), slope)
    }

    #[inline(always)]
    fn arc_tangent(self) -> Self {
        let slope = R::one() / (R::one() + self.value.squared());
        self.chain(self.value.arc_tangent(), slope)
    }

    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        let (x, y) = (self.value, exponent.value);
        let value = x.power(y);
        let by_base = y * x.power(y - R::one());
        let positive = R::zero().less_than(x);
        let by_exponent = R::select(positive, value * x.natural_logarithm(), R::zero());
        self.with(value, |i, slope| {
            by_base * slope + by_exponent * exponent.slope[i]
        })
    }

    #[inline(always)]
    fn sign(self) -> Self {
        self.chain(self.value.sign(), R::zero())
    }

    #[inline(always)]
    fn less_than(self, other: Self) -> Self::Mask {
        self.value.less_than(other.value)
    }

    #[inline(always)]
    fn select(mask: Self::Mask, if_true: Self, if_false: Self) -> Self {
        let value = R::select(mask, if_true.value, if_false.value);
        if_true.with(value, |i, slope| R::select(mask, slope, if_false.slope[i]))
    }

    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        R::any(mask)
    }

    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        self.with(self.value.times(factor), |_, slope| slope.times(factor))
    }

    #[inline(always)]
    fn squared(self) -> Self {
        self.chain(self.value.squared(), R::constant(2.0) * self.value)
    }
}

/// 1 − x², with full accuracy also where |x| is nearly 1.
#[inline(always)]
fn complement<R: Real>(x: R) -> R {
    (R::one() - x) * (R::one() + x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_multiplies_value_and_slopes() {
        let [x, y] = Dual::<Dual<f64>>::twice_variables([2.0, -3.0]);
        let product = x * y;
        assert_eq!(product.times(0.3), Dual::constant(0.3) * product);
        assert_eq!(f64::times(2.0, 0.3), 0.6);
    }

    #[test]
    fn hessian_of_a_cubic() {
        // f = x²y + y³ at (2, 3): ∇f = (2xy, x² + 3y²), ∇²f = [[2y, 2x], [2x, 6y]].
        let [x, y] = Dual::<Dual<f64>>::twice_variables([2.0, 3.0]);
        let (value, gradient, hessian) = (x.squared() * y + y * y * y).value_gradient_hessian();
        assert_eq!(value, 39.0);
        assert_eq!(gradient, [12.0, 31.0]);
        assert_eq!(hessian, [[6.0, 4.0], [4.0, 18.0]]);
    }

    #[test]
    fn quotient_root_and_absolute_value() {
        let [x, y] = Dual::<f64>::variables([4.0, -2.0]);
        let quotient = x / y;
        assert_eq!(quotient.slope, [-0.5, -1.0]);
        assert_eq!(x.square_root().slope, [0.25, 0.0]);
        assert_eq!(y.absolute().slope, [0.0, -1.0]);
        assert_eq!(Dual::<f64>::constant(0.0).absolute().slope, [0.0, 0.0]);
    }

    #[test]
    fn exponential_sine_cosine_and_hyperbolic_tangent() {
        let [x, _] = Dual::<Dual<f64>>::twice_variables([0.5, 0.0]);
        let derivatives = |y: Dual<Dual<f64>>| {
            let (value, [first, _], [[second, _], _]) = y.value_gradient_hessian();
            [value, first, second]
        };
        let (e, s, c, t) = (
            0.5_f64.exponential(),
            0.5_f64.sine(),
            0.5_f64.cosine(),
            0.5_f64.hyperbolic_tangent(),
        );
        assert_eq!(derivatives(x.exponential()), [e, e, e]);
        assert_eq!(derivatives(x.sine()), [s, c, -s]);
        assert_eq!(derivatives(x.cosine()), [c, -s, -c]);
        let slope = 1.0 - t * t;
        assert_eq!(
            derivatives(x.hyperbolic_tangent()),
            [t, slope, -2.0 * t * slope]
        );
    }

    #[test]
    fn arc_functions() {
        // arcsin″ = x/(1 − x²)^1.5, arccos″ its negative, arctan″ = −2x/(1 + x²)².
        let [x, _] = Dual::<Dual<f64>>::twice_variables([0.6, 0.0]);
        let derivatives = |y: Dual<Dual<f64>>| {
            let (value, [first, _], [[second, _], _]) = y.value_gradient_hessian();
            [value, first, second]
        };
        let near = |found: [f64; 3], expected: [f64; 3]| {
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-15 * (1.0 + expected.abs()));
            }
        };
        near(
            derivatives(x.arc_sine()),
            [libm::asin(0.6), 1.25, 0.6 / 0.512],
        );
        near(
            derivatives(x.arc_cosine()),
            [libm::acos(0.6), -1.25, -0.6 / 0.512],
        );
        let square = 1.36;
        near(
            derivatives(x.arc_tangent()),
            [libm::atan(0.6), 1.0 / square, -1.2 / (square * square)],
        );
    }

    #[test]
    fn power_logarithm_sign_and_larger() {
        // ∂xʸ/∂x = y·xʸ⁻¹, ∂xʸ/∂y = xʸ·ln x.
        let [x, y] = Dual::<f64>::variables([2.0, 3.0]);
        assert_eq!(x.power(y).slope, [12.0, 8.0 * libm::log(2.0)]);
        assert_eq!((-x).power(Dual::constant(3.0)).slope, [-12.0, 0.0]);
        assert_eq!(x.natural_logarithm().slope, [0.5, 0.0]);
        assert_eq!(x.sign().slope, [0.0, 0.0]);
        assert_eq!(x.larger(y), y);
        assert_eq!(x.smaller(y), x);
    }
}
