//! A regression: its model and data, the worked solution, the fit, and reports.

mod axes;
mod fit;
mod generate;
mod paste;
mod report;
pub mod setup;
mod table;
mod worked;

pub use axes::show as axes;

use fit::FitPanel;
use report::ReportPanel;
use table::DataPanel;
use worked::WorkedPanel;

/// The panels that remember something.
pub struct RegressionPanels {
    /// The table of data.
    pub data: DataPanel,
    /// The update at the playhead, worked by hand.
    pub worked: WorkedPanel,
    /// Predictions, residuals and parameters.
    pub fit: FitPanel,
    /// Reports.
    pub report: ReportPanel,
}

impl RegressionPanels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            data: DataPanel::default(),
            worked: WorkedPanel::new(ctx),
            fit: FitPanel::default(),
            report: ReportPanel::default(),
        }
    }
}
