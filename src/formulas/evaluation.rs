//! Running a program on any number type.

use super::program::{Function, Instruction, Program};
use crate::numbers::Real;
use std::f64::consts::LN_10;

/// The most numbers that a formula of the deepest nesting has on its stack: each level leaves at
/// most a sum, a product and a base behind.
const MOST: usize = 4 * super::MOST_LEVELS;

impl Program {
    /// The formula's value where the variables have these values.
    ///
    /// # Panics
    /// When a variable that it names has none.
    pub fn value<R: Real>(&self, at: &[R]) -> R {
        // Most formulas need few numbers at a time, and clearing room for more takes longer than
        // they do.
        match self.height {
            0..=6 => run::<R, 6>(self.instructions(), at),
            7..=32 => run::<R, 32>(self.instructions(), at),
            _ => run::<R, MOST>(self.instructions(), at),
        }
    }
}

/// Instructions that need no variables.
pub struct Fixed<'a>(pub &'a [Instruction]);

impl Fixed<'_> {
    /// Their value.
    pub fn value(&self) -> f64 {
        run::<f64, 6>(self.0, &[])
    }
}

/// Runs instructions on a stack of `N` numbers.
fn run<R: Real, const N: usize>(instructions: &[Instruction], at: &[R]) -> R {
    let mut stack = [R::zero(); N];
    // One more than the place of the upper number.
    let mut top = 0;
    for &instruction in instructions {
        let (value, taken) = match instruction {
            Instruction::Constant(value) => (R::constant(value), 0),
            Instruction::Variable(index) => (at[index], 0),
            Instruction::Negate => (-stack[top - 1], 1),
            Instruction::WholePower(exponent, is_inverse) => {
                (whole_power(stack[top - 1], exponent, is_inverse), 1)
            }
            Instruction::Apply(function) if function.arguments() == 1 => {
                (of_one(function, stack[top - 1]), 1)
            }
            of_two => (combined(of_two, stack[top - 2], stack[top - 1]), 2),
        };
        top = top + 1 - taken;
        stack[top - 1] = value;
    }
    stack[0]
}

/// The value of an instruction that takes two numbers.
pub(super) fn combined<R: Real>(instruction: Instruction, a: R, b: R) -> R {
    match instruction {
        Instruction::Add => a + b,
        Instruction::Subtract => a - b,
        Instruction::Multiply => a * b,
        Instruction::Divide => a / b,
        Instruction::Apply(Function::Smaller) => ordered(a, b, [a, b]),
        Instruction::Apply(Function::Larger) => ordered(a, b, [b, a]),
        // The rest takes one number and never comes here.
        _ => a.power(b),
    }
}

/// The first choice where a < b, the second where b < a; where they are equal a with its own
/// derivative, and NaN where one of them is that.
#[expect(clippy::eq_op, reason = "b − b is 0, but NaN where b is")]
fn ordered<R: Real>(a: R, b: R, [if_less, if_more]: [R; 2]) -> R {
    let neither = a + (b - b);
    R::select(
        a.less_than(b),
        if_less,
        R::select(b.less_than(a), if_more, neither),
    )
}

/// The value of a function of one number.
pub(super) fn of_one<R: Real>(function: Function, x: R) -> R {
    let half = R::constant(0.5);
    match function {
        Function::Sine => x.sine(),
        Function::Cosine => x.cosine(),
        Function::Tangent => x.sine() / x.cosine(),
        Function::ArcSine => x.arc_sine(),
        Function::ArcCosine => x.arc_cosine(),
        Function::ArcTangent => x.arc_tangent(),
        // Not the difference of two exponentials, which would cancel near 0.
        Function::HyperbolicSine => x.hyperbolic_tangent() * of_one(Function::HyperbolicCosine, x),
        Function::HyperbolicCosine => half * (x.exponential() + (-x).exponential()),
        Function::HyperbolicTangent => x.hyperbolic_tangent(),
        Function::Exponential => x.exponential(),
        Function::NaturalLogarithm => x.natural_logarithm(),
        Function::CommonLogarithm => x.natural_logarithm() / R::constant(LN_10),
        Function::SquareRoot => {
            let root = x.square_root();
            let at_zero = R::select(x.less_than(R::zero()), root, R::zero() * x);
            R::select(R::zero().less_than(x), root, at_zero)
        }
        // The rest takes two numbers and never comes here.
        _ => x.absolute(),
    }
}

/// xⁿ by repeated squaring, or its inverse; 1 for n = 0.
pub(super) fn whole_power<R: Real>(x: R, exponent: u32, is_inverse: bool) -> R {
    let mut left = exponent;
    let mut square = x;
    let mut product: Option<R> = None;
    while left > 0 {
        if left & 1 == 1 {
            product = Some(product.map_or(square, |product| product * square));
        }
        left >>= 1;
        if left > 0 {
            square = square.squared();
        }
    }
    let product = product.unwrap_or(R::one());
    if is_inverse {
        R::one() / product
    } else {
        product
    }
}
