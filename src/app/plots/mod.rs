//! What plots there are, which of them are seen, and how.

mod command;

pub use crate::figures::source::Source;
pub use crate::figures::subject::{LayerQuantity, Replayed, Subject};
pub use command::{PlotCommand, perform};

use super::state::Lab;
use crate::experiment::ObjectiveSpec;
use crate::figures::curves::{Abscissa, AxisScale};
use crate::optimizers;

impl Lab {
    /// What the plots go along.
    pub fn abscissa(&self) -> Abscissa {
        if self.settings.plots.by_evaluations {
            Abscissa::Evaluations
        } else {
            Abscissa::Epochs
        }
    }

    /// How that is spread.
    pub fn along(&self) -> AxisScale {
        if self.settings.plots.log_x {
            AxisScale::Logarithmic
        } else {
            AxisScale::Linear
        }
    }

    /// How the values of a plot are spread.
    pub fn scale_of(&self, subject: Subject) -> AxisScale {
        match self.settings.plots.logarithmic.get(&subject.id()) {
            Some(true) => AxisScale::Logarithmic,
            Some(false) => AxisScale::Linear,
            None => subject.usual_scale(),
        }
    }

    /// Every plot that there can be of the experiment and its rules, in their order. The least loss
    /// of a network is nowhere known, so that there is no distance to it.
    pub fn subjects(&self) -> Vec<Subject> {
        let rules = self.experiment.runs.iter();
        let rules = rules.filter_map(|run| optimizers::find(&run.optimizer));
        let slots = Replayed::slots_of(rules.map(|rule| rule.card()));
        let slots = slots.into_iter().map(Subject::Replayed);
        let objective = &self.experiment.objective;
        let learns = matches!(
            objective,
            ObjectiveSpec::Network(_) | ObjectiveSpec::Tasks(_)
        );
        let is_known = |subject: &Subject| !learns || *subject != Subject::DISTANCE;
        let always = Subject::ALWAYS.into_iter().filter(is_known);
        always.chain(slots).chain(self.layer_subjects()).collect()
    }

    /// The plots of the layers of a network, quantity by quantity.
    pub fn layer_subjects(&self) -> Vec<Subject> {
        let task = self.record_here().and_then(|record| record.checked.task());
        let layers = task.map_or_else(Vec::new, |task| task.plan().layers());
        Subject::of_layers(layers.iter().map(|(layer, _)| *layer)).collect()
    }

    /// Whether a plot is chosen.
    pub fn is_chosen(&self, subject: Subject) -> bool {
        self.settings.plots.shown.contains(&subject.id())
    }

    /// The plots that are chosen, as far as the experiment has them.
    pub fn chosen_plots(&self) -> Vec<Subject> {
        let mut subjects = self.subjects();
        subjects.retain(|subject| self.is_chosen(*subject));
        subjects
    }

    /// The plot that is drawn large, alone.
    pub fn large_plot(&self) -> Option<Subject> {
        let large = self.settings.plots.large.as_ref()?;
        let subjects = self.subjects();
        let named = subjects.iter().find(|subject| subject.id() == *large);
        Some(named.copied().unwrap_or(Subject::LOSS))
    }

    /// The plots that are drawn.
    pub fn drawn_plots(&self) -> Vec<Subject> {
        match self.large_plot() {
            Some(large) => vec![large],
            None => self.chosen_plots(),
        }
    }

    /// The same, none where their panel is not seen.
    pub fn seen_plots(&self) -> Vec<Subject> {
        match self.draws_panel("plots") {
            true => self.drawn_plots(),
            false => Vec::new(),
        }
    }
}
