//! What can be wrong with a formula.

use super::{MOST_CHARACTERS, MOST_LEVELS};
use std::ops::Range;
use thiserror::Error;

/// A mistake and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{mistake}")]
pub struct FormulaError {
    /// The offending bytes of the text; nothing but its end where something is missing there.
    pub place: Range<usize>,
    /// What is wrong and what would be right.
    pub mistake: Mistake,
}

impl FormulaError {
    pub(super) fn new(place: Range<usize>, mistake: Mistake) -> Self {
        Self { place, mistake }
    }

    /// The column of the place in `text`, from 1, in characters.
    pub fn column(&self, text: &str) -> usize {
        let before = text.get(..self.place.start).unwrap_or(text);
        before.chars().count() + 1
    }
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// There is nothing.
    #[error("the formula is empty; {hint}")]
    Empty {
        /// What to write.
        hint: String,
    },
    /// There is too much.
    #[error("the formula is longer than {MOST_CHARACTERS} characters; shorten it")]
    TooLong,
    /// It is nested too deep.
    #[error("more than {MOST_LEVELS} levels inside each other; write it flatter")]
    TooDeep,
    /// A character that has no place in formulas.
    #[error("`{found}` has no meaning in a formula; {hint}")]
    Character {
        /// The character, made visible.
        found: String,
        /// What to write.
        hint: &'static str,
    },
    /// A name that is neither known here nor a constant nor a function.
    #[error("unknown name `{found}`; did you mean `{nearest}`?")]
    Name {
        /// The name, shortened where it is very long.
        found: String,
        /// The valid name most like it.
        nearest: String,
    },
    /// A number beyond what can be represented.
    #[error("this number is too large; give one below 1.8e308")]
    Number,
    /// An operator, a parenthesis or the end where a value is expected.
    #[error("a number, {values}, a function or `(` is missing before {before}")]
    Operand {
        /// What stands there.
        before: String,
        /// How the known names are called.
        values: String,
    },
    /// A value right behind another.
    #[error("an operator is missing; write `*` to multiply")]
    Operator,
    /// A parenthesis that is never closed.
    #[error("this `(` is never closed; add `)`")]
    Unclosed,
    /// A closing parenthesis without an opening one.
    #[error("this `)` closes nothing; remove it, or add `(` before")]
    Unopened,
    /// A comma outside a function's arguments.
    #[error(
        "a comma stands only between the arguments of min, max and pow; write a decimal point as `.`"
    )]
    Comma,
    /// A function without its argument.
    #[error("`{name}` is a function; write `{name}({arguments})`")]
    Bare {
        /// The function.
        name: &'static str,
        /// What its arguments look like.
        arguments: String,
    },
    /// A value that is called like a function.
    #[error("`{name}` is no function; write `{name}*(…)` to multiply")]
    Called {
        /// The name.
        name: String,
    },
    /// Too many or too few arguments.
    #[error("`{name}` takes {expected}, not {found}; write `{name}({arguments})`")]
    Arguments {
        /// The function.
        name: &'static str,
        /// How many it takes, in words.
        expected: &'static str,
        /// How many there are.
        found: usize,
        /// What its arguments look like.
        arguments: String,
    },
}
