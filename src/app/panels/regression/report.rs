//! Reports from the window.

use crate::app::command::Command;
use crate::app::data::DataCommand;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::export::report::ReportFormat;
use egui::{TextEdit, Ui};

/// The folder that is typed.
#[derive(Default)]
pub struct ReportPanel {
    folder: String,
}

const FORMATS: [(ReportFormat, &str, &str); 3] = [
    (
        ReportFormat::Html,
        "HTML",
        "One file with everything inside, readable without a network.",
    ),
    (
        ReportFormat::Markdown,
        "Markdown",
        "Text with LaTeX mathematics, and the figures beside it.",
    ),
    (
        ReportFormat::NumPy,
        "NumPy",
        "A Python script that computes a regression again and says whether it agrees.",
    ),
];

impl ReportPanel {
    /// Shows where a report goes, and a button for each format.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        ui.heading("Report");
        ui.label(
            "Notes, settings, figures, results and, of a regression, its first epoch worked by \
             hand: what is handed in and printed.",
        );
        ui.horizontal(|ui| {
            ui.label("Folder");
            let field = TextEdit::singleline(&mut self.folder).hint_text("/path/to/folder");
            named(
                ui.add(field.desired_width(f32::INFINITY)),
                "Folder of the report",
            );
        });
        ui.horizontal_wrapped(|ui| {
            for (format, name, help) in FORMATS {
                let is_possible = format != ReportFormat::NumPy
                    || lab.experiment.objective.regression().is_some();
                let enabled = is_possible && !self.folder.trim().is_empty() && lab.record.is_some();
                let button = egui::Button::new(format!("Write {name}"));
                let response = ui.add_enabled(enabled, button);
                if response.on_hover_text(help).clicked() {
                    let folder = self.folder.trim().into();
                    commands.push(Command::Data(DataCommand::Report(format, folder)));
                }
            }
        });
    }
}
