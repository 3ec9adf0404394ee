//! The experiment's notes: Markdown, shown or written.

use super::Commands;
use crate::app::command::{Action, Command};
use crate::app::state::Lab;
use crate::app::widgets::named;
use egui::{RichText, ScrollArea, TextEdit, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

/// The panel, with what the Markdown renderer remembers.
#[derive(Default)]
pub struct NotesPanel {
    cache: CommonMarkCache,
}

impl NotesPanel {
    /// Shows the notes.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Notes").heading());
            let editing = lab.view.edits_notes;
            let (text, name) = if editing {
                ("Done", "Done with the notes")
            } else {
                ("Edit", "Edit notes")
            };
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let button = ui
                    .button(text)
                    .on_hover_text("Write the notes as Markdown (Ctrl+E).");
                if named(button, name).clicked() {
                    commands.act(Action::EditNotes);
                }
            });
        });
        ScrollArea::vertical()
            .id_salt("notes")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                if lab.view.edits_notes {
                    edit(lab, commands, ui);
                } else if lab.experiment.notes.is_empty() {
                    ui.weak("No notes yet. Edit writes some: what to try, what to look at.");
                } else {
                    CommonMarkViewer::new().show(ui, &mut self.cache, &lab.experiment.notes);
                }
            });
    }
}

fn edit(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let mut text = lab.experiment.notes.clone();
    let field = TextEdit::multiline(&mut text)
        .desired_width(f32::INFINITY)
        .desired_rows(6)
        .font(egui::TextStyle::Monospace);
    if named(ui.add(field), "Notes as Markdown").changed() {
        let mut edited = lab.experiment.clone();
        edited.notes = text;
        commands.push(Command::Edit(Box::new(edited)));
    }
}
