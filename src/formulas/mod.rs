//! Formulas that people write.
//!
//! A text goes through `grammar` to a flat [`Program`] without names, which `evaluation` runs on
//! any number type, and [`Sweep`] on many rows of data at once with the derivatives by all
//! parameters.
//!
//! # What the derivatives are where there is none
//!
//! |x|′ and √x′ are taken as 0 at 0, as in the catalogue; where both arguments of `min` or `max`
//! are equal, the first one's derivative is taken. A power with a whole constant exponent of at
//! most 64 is a product (so (−2)^3 has a derivative), any other is e^(y ln x) with its
//! derivative by the exponent taken as 0 where x ≤ 0.

mod evaluation;
mod expression;
#[cfg(test)]
mod expression_tests;
mod grammar;
mod mathematics;
mod mistake;
mod program;
mod sweep;
#[cfg(test)]
mod sweep_tests;
mod tokens;
mod vocabulary;

pub use expression::{Expression, MOST_INSTRUCTIONS, python_number};
pub use grammar::read;
pub use mathematics::{Math, escaped, number};
pub use mistake::{FormulaError, Mistake};
pub use program::{CONSTANT_NAMES, FUNCTIONS, Function, Instruction, Program};
pub use sweep::{BLOCK, Sweep, Workspace};
pub use vocabulary::{Vocabulary, check_name};

/// The most characters of a formula.
pub const MOST_CHARACTERS: usize = 4096;

/// The most levels of parentheses, functions, signs and exponents inside each other.
pub const MOST_LEVELS: usize = 64;
