//! What can be said about the run at hand: the update at the playhead, worked out line by line,
//! and what is wrong with every run.

mod beside;
mod diagnosis;
mod step;

use diagnosis::DiagnosisPanel;
use step::StepPanel;

/// The panels that remember something.
pub struct ExplanationPanels {
    /// The update at the playhead.
    pub step: StepPanel,
    /// What is wrong with every run.
    pub diagnosis: DiagnosisPanel,
}

impl ExplanationPanels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            step: StepPanel::new(ctx),
            diagnosis: DiagnosisPanel::new(ctx),
        }
    }
}
