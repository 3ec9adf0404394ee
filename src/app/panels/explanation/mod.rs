//! What can be said about the run at hand: the update at the playhead, worked out line by line,
//! what is wrong with every run, how the objective curves, and who takes large steps.

mod beside;
pub mod curvature;
mod diagnosis;
mod origin;
mod page;
pub mod sizes;
mod step;
mod symbols;
mod timeline;

use diagnosis::DiagnosisPanel;
use sizes::SizesPanel;
use step::StepPanel;

/// The panels that remember something.
pub struct ExplanationPanels {
    /// The update at the playhead.
    pub step: StepPanel,
    /// What is wrong with every run.
    pub diagnosis: DiagnosisPanel,
    /// The table of large and small steps.
    pub sizes: SizesPanel,
}

impl ExplanationPanels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            step: StepPanel::new(ctx),
            diagnosis: DiagnosisPanel::new(ctx),
            sizes: SizesPanel::new(ctx),
        }
    }
}
