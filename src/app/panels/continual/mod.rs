//! Tasks learnt one after the other: how well each is known over the epochs, what is left of it
//! at the end, and what its hidden units do.

mod accuracies;
mod forgetting;
mod plane;
mod run_choice;
pub mod setup;
mod surfaces;
mod units;

use crate::app::state::Lab;
use accuracies::AccuracyPanel;
use forgetting::ForgettingPanel;
use plane::PlanePanel;
use units::UnitsPanel;

/// The panels, with what they have prepared.
pub struct ContinualPanels {
    /// The accuracy on every task over the epochs.
    pub accuracies: AccuracyPanel,
    /// Accuracy, transfer and forgetting, as numbers.
    pub forgetting: ForgettingPanel,
    /// What every hidden unit answers to.
    pub units: UnitsPanel,
    /// The plane through the ends of the tasks.
    pub plane: PlanePanel,
}

impl ContinualPanels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            accuracies: AccuracyPanel::default(),
            forgetting: ForgettingPanel::default(),
            units: UnitsPanel::default(),
            plane: PlanePanel::new(ctx),
        }
    }
}

/// Whether a network learns tasks.
pub fn applies(lab: &Lab) -> bool {
    lab.experiment.objective.tasks().is_some()
}

/// Whether there is anything that could be forgotten.
pub fn can_forget(lab: &Lab) -> bool {
    applies(lab) || lab.experiment.objective.later_surfaces() > 0
}
