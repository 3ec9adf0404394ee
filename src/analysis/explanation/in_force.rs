//! Formulas without what the settings have switched off.

use super::Expression;
use crate::numbers::recorded::Binary;

impl Expression {
    /// The same without terms and factors that settings of 0 switch off: θ·(1 − α·λ) is θ where
    /// λ is 0. Its numbers give the same result.
    pub fn in_force(&self, is_setting: &dyn Fn(&str) -> bool) -> Self {
        self.reduced(is_setting).0
    }

    /// Products and quotients in one order, whatever order the program works them out in:
    /// α·(m/d) is α·m/d.
    pub fn in_order(&self) -> Self {
        match self {
            Self::Binary(operation, a, b) => {
                let (a, b) = (a.in_order(), b.in_order());
                match (operation, b) {
                    (Binary::Product, Self::Binary(Binary::Quotient, n, d)) => {
                        binary(Binary::Quotient, binary(Binary::Product, a, *n), *d)
                    }
                    (operation, b) => binary(*operation, a, b),
                }
            }
            Self::Unary(function, x) => Self::Unary(*function, Box::new(x.in_order())),
            other => other.clone(),
        }
    }

    /// What is left, and its value where a setting has made it the constant 0 or 1.
    fn reduced(&self, is_setting: &dyn Fn(&str) -> bool) -> (Self, Option<f64>) {
        match self {
            Self::Symbol(symbol) if symbol.value == 0.0 && is_setting(&symbol.name) => {
                (Self::Number(0.0), Some(0.0))
            }
            Self::Unary(function, x) => {
                let (x, _) = x.reduced(is_setting);
                (Self::Unary(*function, Box::new(x)), None)
            }
            Self::Binary(operation, a, b) => {
                let (a, b) = (a.reduced(is_setting), b.reduced(is_setting));
                joined(*operation, a, b)
            }
            other => (other.clone(), None),
        }
    }
}

fn joined(
    operation: Binary,
    (a, a_is): (Expression, Option<f64>),
    (b, b_is): (Expression, Option<f64>),
) -> (Expression, Option<f64>) {
    let is = |known: Option<f64>, value: f64| known == Some(value);
    match operation {
        Binary::Sum if is(a_is, 0.0) => (b, b_is),
        Binary::Sum if is(b_is, 0.0) => (a, a_is),
        Binary::Difference if is(b_is, 0.0) => {
            let known = match a {
                Expression::Number(value) => Some(value),
                _ => a_is,
            };
            (a, known)
        }
        Binary::Product if is(a_is, 0.0) || is(b_is, 0.0) => (Expression::Number(0.0), Some(0.0)),
        Binary::Product if is(a_is, 1.0) => (b, b_is),
        Binary::Product | Binary::Quotient if is(b_is, 1.0) => (a, a_is),
        _ => (binary(operation, a, b), None),
    }
}

fn binary(operation: Binary, a: Expression, b: Expression) -> Expression {
    Expression::Binary(operation, Box::new(a), Box::new(b))
}
