//! The user's own formula as a landscape.
//!
//! The language is that of [`formulas`]: heights, exact gradients and Hessians come from the same
//! program. What the catalogue knows of its landscapes, `found` searches for numerically.

mod found;
mod recent;
#[cfg(test)]
mod tests;

pub use crate::formulas::{
    CONSTANT_NAMES, FUNCTIONS, FormulaError, Function, MOST_CHARACTERS, MOST_LEVELS, Mistake,
};
pub use recent::own;

use super::{Chosen, Landscape, LandscapeCard, Minimum, Regularity, Surface};
use crate::formulas::{self, Program, Vocabulary};
use crate::numbers::Real;
use std::sync::Arc;

/// The id of the card of every formula.
pub const ID: &str = "formula";

/// The name for people.
pub const NAME: &str = "Your own formula";

/// The range of w1 and of w2 where a file names none.
pub const USUAL_RANGE: (f64, f64) = (-2.0, 2.0);

/// How far from 0 a range may reach. A picture of more would be nothing but its largest power.
pub const FARTHEST: f64 = 1e9;

/// The least width of a range, in parts of its farther end: less cannot be told apart in a
/// picture.
pub const NARROWEST: f64 = 1e-9;

/// A formula in w1 and w2, ready to be evaluated, and what was found out about it.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    /// The text with `J = ` before it.
    formula: String,
    range: [(f64, f64); 2],
    program: Program,
    minima: Vec<Minimum>,
    lowest: f64,
}

impl Formula {
    /// Reads a formula and searches its range for minima.
    ///
    /// # Errors
    /// The first mistake in the text, with its place.
    fn new(text: &str, range: [(f64, f64); 2]) -> Result<Self, FormulaError> {
        let program = read(text)?;
        let found::Found { minima, lowest } = found::search(&program, range);
        Ok(Self {
            text: text.to_owned(),
            formula: format!(
                "J = {}",
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            ),
            range,
            program,
            minima,
            lowest,
        })
    }

    /// Whether it was made of this text and this range.
    fn is_of(&self, text: &str, range: [(f64, f64); 2]) -> bool {
        self.text == text && self.range == range
    }
}

/// Reads a formula in w1 and w2; x and y are other names of them.
fn read(text: &str) -> Result<Program, FormulaError> {
    let names = [("w1", 0), ("w2", 1), ("x", 0), ("y", 1)];
    let hint = "write one of w1 and w2, such as `w1^2 + 10*w2^2`";
    formulas::read(text, &Vocabulary::new(names, "w1, w2", hint))
}

/// Checks a text.
///
/// # Errors
/// The first mistake, with its place.
pub fn check(text: &str) -> Result<(), FormulaError> {
    read(text).map(|_| ())
}

/// Where a run on a formula begins when nobody says where: off the middle, which is a
/// stationary point of many a formula. (−1.5, 1) in the usual range.
pub fn usual_start(range: [(f64, f64); 2]) -> [f64; 2] {
    let inside = |(low, high): (f64, f64), share: f64| low + share * (high - low);
    [inside(range[0], 0.125), inside(range[1], 0.75)]
}

impl<R: Real> Surface<R> for Formula {
    fn height(&self, at: [R; 2]) -> R {
        self.program.value(&at)
    }
}

impl Landscape for Formula {
    fn card(&self) -> LandscapeCard<'_> {
        LandscapeCard {
            id: ID,
            name: NAME,
            formula: &self.formula,
            about: "Typed in. Derivatives are exact; the marked minima were found numerically in \
                    the range, so that there may be others.",
            source: "the experiment",
            range: self.range,
            start: usual_start(self.range),
            minima: &self.minima,
            has_more_minima: true,
            is_searched: true,
            lowest: Some(self.lowest),
            regularity: if self.program.is_kinked() {
                Regularity::Kinked
            } else {
                Regularity::Smooth
            },
            settings: &[],
            fitted: None,
        }
    }

    fn with_settings(&self, _values: &[f64]) -> Chosen {
        recent::chosen(Arc::new(self.clone()))
    }
}
