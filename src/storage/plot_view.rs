//! How the plots are seen, as settings remember it.

use super::fields::{Fields, text_of};
use std::collections::BTreeMap;

/// Which plots are seen, and how.
///
/// Plots go by their ids, texts, so that one which this version does not know costs only
/// itself and is still there for the version that does.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotView {
    /// The chosen plots, in no order.
    pub shown: Vec<String>,
    /// The only one that is drawn, large; none draws all of them small.
    pub large: Option<String>,
    /// Whether they go along evaluations and not epochs.
    pub by_evaluations: bool,
    /// Whether epochs or evaluations are spread by powers of ten.
    pub log_x: bool,
    /// Whether the values of a plot are spread by powers of ten, where that was chosen.
    pub logarithmic: BTreeMap<String, bool>,
}

impl Default for PlotView {
    fn default() -> Self {
        Self {
            shown: ["loss", "learning_rate", "gradient_norm", "distance"]
                .map(str::to_owned)
                .to_vec(),
            large: None,
            by_evaluations: false,
            log_x: false,
            logarithmic: BTreeMap::new(),
        }
    }
}

impl PlotView {
    /// Takes the fields of a settings file.
    pub(super) fn take(fields: &mut Fields) -> Self {
        let usual = Self::default();
        Self {
            shown: fields.take("plots_shown", usual.shown, |_| true),
            large: fields.take("plots_large", usual.large, |_| true),
            by_evaluations: fields.take("plots_by_evaluations", false, |_| true),
            log_x: fields.take("plots_log_x", false, |_| true),
            logarithmic: fields.take("plots_logarithmic", usual.logarithmic, |_| true),
        }
    }

    /// The fields of a settings file: name, whether the value is the usual one, its text.
    pub(super) fn fields(&self) -> [(&'static str, bool, String); 5] {
        let usual = Self::default();
        [
            (
                "plots_shown",
                self.shown == usual.shown,
                text_of(&self.shown),
            ),
            ("plots_large", self.large.is_none(), text_of(&self.large)),
            (
                "plots_by_evaluations",
                !self.by_evaluations,
                text_of(&self.by_evaluations),
            ),
            ("plots_log_x", !self.log_x, text_of(&self.log_x)),
            (
                "plots_logarithmic",
                self.logarithmic.is_empty(),
                text_of(&self.logarithmic),
            ),
        ]
    }
}
