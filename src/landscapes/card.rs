//! The card of a landscape: everything that menus, plots, `list` and README say about it.

use crate::numbers::{Domain, Scale};
use serde::Serialize;

/// What the laboratory knows about a landscape; menus, plots, `list` and README read this.
///
/// A card borrows its texts: those of the catalogue live as long as the program, those of the
/// user's formula as long as the formula.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LandscapeCard<'a> {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'a str,
    /// J in Unicode mathematics.
    pub formula: &'a str,
    /// What is worth knowing before running on it, one or two sentences.
    pub about: &'a str,
    /// Where the definition comes from.
    pub source: &'a str,
    /// The range of w1 and of w2 in which it is studied.
    pub range: [(f64, f64); 2],
    /// The start that a new experiment uses.
    pub start: [f64; 2],
    /// Every minimum in the range, the least first; only the least where there are too many to
    /// be marked, and none on a saddle.
    pub minima: &'a [Minimum],
    /// Whether there are, or may be, more minima in the range than are listed.
    pub has_more_minima: bool,
    /// Whether its minima were searched for numerically, and so may be incomplete, instead of
    /// being known.
    #[serde(skip)]
    pub is_searched: bool,
    /// The least value in the range where that is not a minimum's but lies on the border.
    pub lowest: Option<f64>,
    /// Whether its derivatives exist everywhere.
    pub regularity: Regularity,
    /// Numbers in the formula that an experiment may choose. Whatever they are, range and
    /// minima stay as listed.
    pub settings: &'static [Setting],
    /// The data behind a loss, and the model whose parameters w1 and w2 are.
    #[serde(skip)]
    pub fitted: Option<&'static Fitted>,
}

/// Data and the model that a loss fits to them.
#[derive(Debug)]
pub struct Fitted {
    /// What the data are, with the model, for people.
    pub caption: &'static str,
    /// (input, target).
    pub points: &'static [(f64, f64)],
    /// The model's prediction for an input with the parameters (w1, w2).
    pub model: fn([f64; 2], f64) -> f64,
}

/// How well a landscape can be differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Regularity {
    /// Two derivatives everywhere, and the surface curves up at every minimum.
    Smooth,
    /// Differentiable, but at a minimum the curvature vanishes in some direction.
    Flat,
    /// The slope jumps along lines or at points, where |x|′ and √x′ are taken as 0.
    Kinked,
}

/// A number in the formula that an experiment may choose.
#[derive(Debug, Serialize)]
pub struct Setting {
    /// The key in experiment files.
    pub id: &'static str,
    /// The name for people, with its symbol in the formula.
    pub name: &'static str,
    /// What it does, for the tooltip.
    pub meaning: &'static str,
    /// Its value where an experiment says nothing.
    pub default: f64,
    /// The values that make sense at all.
    #[serde(rename = "range")]
    pub domain: Domain,
    /// The values that a slider offers.
    pub slider: (f64, f64),
    /// How a slider spreads them.
    pub scale: Scale,
}

impl LandscapeCard<'_> {
    /// What a card takes where it says nothing else; not a card by itself.
    pub(super) const BLANK: Self = Self {
        id: "",
        name: "",
        formula: "",
        about: "",
        source: "",
        range: [(0.0, 0.0); 2],
        start: [0.0; 2],
        minima: &[],
        has_more_minima: false,
        is_searched: false,
        lowest: None,
        regularity: Regularity::Smooth,
        settings: &[],
        fitted: None,
    };

    /// J*: the least value in the range, at a minimum or on the border.
    pub fn least_value(&self) -> f64 {
        let values = self.minima.iter().map(|minimum| minimum.value);
        values
            .chain(self.lowest)
            .reduce(f64::min)
            .expect("every card lists a minimum or the lowest value of its border")
    }

    /// Whether a point lies in the studied range (its border included).
    pub fn contains(&self, at: [f64; 2]) -> bool {
        self.range
            .iter()
            .zip(at)
            .all(|(&(low, high), w)| (low..=high).contains(&w))
    }

    /// Euclidean distance to the nearest listed minimum; none where there is no minimum.
    pub fn distance_to_minimum(&self, at: [f64; 2]) -> Option<f64> {
        self.minima
            .iter()
            .map(|minimum| (at[0] - minimum.at[0]).hypot(at[1] - minimum.at[1]))
            .reduce(f64::min)
    }

    /// The setting with this id.
    pub fn setting(&self, id: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.id == id)
    }
}

/// A point below which nothing near lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Minimum {
    /// (w1, w2).
    pub at: [f64; 2],
    /// J there.
    pub value: f64,
}

impl Minimum {
    pub(super) const fn new(w1: f64, w2: f64, value: f64) -> Self {
        Self {
            at: [w1, w2],
            value,
        }
    }
}
