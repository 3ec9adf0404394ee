//! What an experiment file says about what is minimised.

mod check;
mod data;
mod network;
mod regression;
#[cfg(test)]
mod regression_tests;
mod tasks;
#[cfg(test)]
mod tests;

pub(super) use check::check;
pub use network::NetworkSpec;
pub use regression::{MODEL, RegressionSpec};
pub use tasks::TasksSpec;

use crate::landscapes::formula::{self, USUAL_RANGE};
use crate::landscapes::{self, Chosen, LandscapeCard};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where problems of a formula's text are.
pub const EXPRESSION: &str = "objective.expression";

/// Where problems of the formulas that follow it are.
pub const LATER: &str = "objective.then";

/// Settings of an objective that has none.
static NONE: BTreeMap<String, f64> = BTreeMap::new();

/// What is minimised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ObjectiveSpec {
    /// A surface of the catalogue.
    Landscape {
        /// Its id.
        surface: String,
        /// (w1, w2) before the first update; the card's when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<[f64; 2]>,
        /// Standard deviation of the Gaussian noise on each gradient component.
        #[serde(default, skip_serializing_if = "is_zero")]
        noise: f64,
        /// Settings of the surface that differ from the card's defaults.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        settings: BTreeMap<String, f64>,
    },
    /// A formula of the user's own.
    Formula {
        /// J in w1 and w2, in the language of [`landscapes::formula`].
        expression: String,
        /// Further formulas, which take its place one after the other: every one is descended for
        /// as many epochs as the experiment has.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<String>,
        /// The range of w1 that is drawn and searched for minima.
        #[serde(default = "usual_range")]
        w1: (f64, f64),
        /// The range of w2.
        #[serde(default = "usual_range")]
        w2: (f64, f64),
        /// (w1, w2) before the first update; off the middle of the ranges when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<[f64; 2]>,
        /// Standard deviation of the Gaussian noise on each gradient component.
        #[serde(default, skip_serializing_if = "is_zero")]
        noise: f64,
    },
    /// A model fitted to data.
    Regression(RegressionSpec),
    /// A network trained on data.
    Network(NetworkSpec),
    /// Tasks that a network learns one after the other.
    Tasks(TasksSpec),
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn usual_range() -> (f64, f64) {
    USUAL_RANGE
}

impl ObjectiveSpec {
    /// A formula over the usual range.
    pub fn formula(expression: &str) -> Self {
        Self::Formula {
            expression: expression.to_owned(),
            then: Vec::new(),
            w1: USUAL_RANGE,
            w2: USUAL_RANGE,
            start: None,
            noise: 0.0,
        }
    }

    /// The surface; none where its name, its text or its range is not valid, which `check` says.
    pub fn landscape(&self) -> Option<Chosen> {
        match self {
            Self::Landscape {
                surface, settings, ..
            } => landscapes::choose(surface, settings),
            Self::Formula {
                expression, w1, w2, ..
            } => {
                let is_drawable = check::is_range(*w1) && check::is_range(*w2);
                let made = is_drawable.then(|| formula::own(expression, [*w1, *w2]));
                made.and_then(Result::ok)
            }
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => None,
        }
    }

    /// The surfaces that follow one another, the first first; a single one where none follows.
    /// None where one is not valid.
    pub fn surfaces(&self) -> Option<Vec<Chosen>> {
        let first = self.landscape()?;
        let Self::Formula { then, w1, w2, .. } = self else {
            return Some(vec![first]);
        };
        let later = then.iter().map(|text| formula::own(text, [*w1, *w2]).ok());
        std::iter::once(Some(first)).chain(later).collect()
    }

    /// How many surfaces follow the first.
    pub fn later_surfaces(&self) -> usize {
        match self {
            Self::Formula { then, .. } => then.len(),
            _ => 0,
        }
    }

    /// The start on a landscape: the one that is written, or the landscape's own.
    pub fn start(&self) -> [f64; 2] {
        self.written_start().unwrap_or_else(|| match self {
            Self::Landscape { surface, .. } => {
                landscapes::find(surface).map_or([0.0; 2], |landscape| landscape.card().start)
            }
            Self::Formula { w1, w2, .. } => formula::usual_start([*w1, *w2]),
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => [0.0; 2],
        })
    }

    /// Every parameter before the first update.
    pub fn start_values(&self) -> Vec<f64> {
        match self {
            Self::Landscape { .. } | Self::Formula { .. } => self.start().to_vec(),
            Self::Regression(spec) => spec.start_values(),
            Self::Network(_) | Self::Tasks(_) => Vec::new(),
        }
    }

    /// Whether it is this landscape of the catalogue, whatever its start and settings.
    pub fn is(&self, card: &LandscapeCard<'_>) -> bool {
        matches!(self, Self::Landscape { surface, .. } if surface == card.id)
    }

    /// Another landscape of the catalogue in its place: with the same noise, and the same start
    /// where that lies in its range.
    pub fn moved_to(&self, card: &LandscapeCard<'_>) -> Self {
        let present = self.start();
        let start = if card.contains(present) {
            present
        } else {
            card.start
        };
        Self::Landscape {
            surface: card.id.into(),
            start: Some(start),
            noise: self.noise(),
            settings: BTreeMap::new(),
        }
    }

    /// The start as it is written.
    pub fn written_start(&self) -> Option<[f64; 2]> {
        match self {
            Self::Landscape { start, .. } | Self::Formula { start, .. } => *start,
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => None,
        }
    }

    /// Writes a start.
    pub fn set_start(&mut self, at: [f64; 2]) {
        match self {
            Self::Landscape { start, .. } | Self::Formula { start, .. } => *start = Some(at),
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => {}
        }
    }

    /// Writes a start, one number a parameter; whether there are as many of them.
    pub fn set_start_values(&mut self, at: &[f64]) -> bool {
        match (self, at) {
            (Self::Landscape { start, .. } | Self::Formula { start, .. }, &[w1, w2]) => {
                *start = Some([w1, w2]);
                true
            }
            (Self::Regression(spec), at) => spec.set_start_values(at),
            _ => false,
        }
    }

    /// Standard deviation of the noise on each gradient component.
    pub fn noise(&self) -> f64 {
        match self {
            Self::Landscape { noise, .. } | Self::Formula { noise, .. } => *noise,
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => 0.0,
        }
    }

    /// Writes the noise.
    pub fn set_noise(&mut self, deviation: f64) {
        match self {
            Self::Landscape { noise, .. } | Self::Formula { noise, .. } => *noise = deviation,
            Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => {}
        }
    }

    /// The settings that are written; what is no landscape has none.
    pub fn settings(&self) -> &BTreeMap<String, f64> {
        match self {
            Self::Landscape { settings, .. } => settings,
            Self::Formula { .. } | Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => &NONE,
        }
    }

    /// Writes a setting of the surface.
    pub fn set_setting(&mut self, id: &str, value: f64) {
        if let Self::Landscape { settings, .. } = self {
            settings.insert(id.to_owned(), value);
        }
    }

    /// Gives a formula another range of w1 (0) or w2 (1), unless that cannot be drawn.
    pub fn set_range(&mut self, parameter: usize, range: (f64, f64)) {
        if let Self::Formula { w1, w2, .. } = self
            && check::is_range(range)
        {
            *(if parameter == 0 { w1 } else { w2 }) = range;
        }
    }

    /// The text of a formula.
    pub fn expression(&self) -> Option<&str> {
        match self {
            Self::Landscape { .. } | Self::Regression(_) | Self::Network(_) | Self::Tasks(_) => {
                None
            }
            Self::Formula { expression, .. } => Some(expression),
        }
    }
}
