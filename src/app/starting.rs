//! What is chosen in the dialog of several starts.

use crate::experiment::{Experiment, starts};
use crate::landscapes::LandscapeCard;

/// The most starts along one side of a grid.
pub const MOST_ALONG: usize = 64;

/// How starts are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// At the centres of equal cells.
    Grid,
    /// Drawn evenly from the range.
    Random,
}

/// The choices.
#[derive(Clone, Debug, PartialEq)]
pub struct StartsForm {
    /// How.
    pub placing: Placing,
    /// Cells of the grid along w1.
    pub columns: usize,
    /// Cells of the grid along w2.
    pub rows: usize,
    /// How many are drawn.
    pub count: usize,
    /// With which seed they are drawn.
    pub seed: u64,
    /// Whether the present first start stays the first.
    pub keeps_first: bool,
}

impl Default for StartsForm {
    fn default() -> Self {
        Self {
            placing: Placing::Grid,
            columns: 5,
            rows: 5,
            count: 25,
            seed: 0,
            keeps_first: true,
        }
    }
}

impl StartsForm {
    /// The points that are chosen, on a landscape, for an experiment.
    pub fn points(&self, card: &LandscapeCard<'_>, experiment: &Experiment) -> Vec<Vec<f64>> {
        let mut points = match self.placing {
            Placing::Grid => starts::grid(card.range, self.columns, self.rows),
            Placing::Random => starts::random(card.range, self.count, self.seed),
        };
        if self.keeps_first {
            points.insert(0, experiment.start().to_vec());
        }
        points
    }
}
