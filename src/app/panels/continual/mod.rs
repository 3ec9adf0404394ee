//! Tasks learnt one after the other: how well each is known over the epochs, what is left of it
//! at the end, and what its hidden units do.

mod accuracies;
mod forgetting;
mod heat;
mod run_choice;
pub mod setup;
mod surfaces;

use crate::app::state::Lab;
use accuracies::AccuracyPanel;
use forgetting::ForgettingPanel;

/// Where the accuracies by task begin among what is measured.
const FIRST_TASK: usize = 4;

/// The panels, with what they have prepared.
#[derive(Default)]
pub struct ContinualPanels {
    /// The accuracy on every task over the epochs.
    pub accuracies: AccuracyPanel,
    /// Accuracy, transfer and forgetting, as numbers.
    pub forgetting: ForgettingPanel,
}

/// Whether a network learns tasks.
pub fn applies(lab: &Lab) -> bool {
    lab.experiment.objective.tasks().is_some()
}

/// Whether there is anything that could be forgotten.
pub fn can_forget(lab: &Lab) -> bool {
    applies(lab) || lab.experiment.objective.later_surfaces() > 0
}
