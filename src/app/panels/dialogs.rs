//! What stands in front of the window: opening, saving, searching, help.

use super::Commands;
use super::catalogue;
use super::palette;
use crate::app::command::{ACTIONS, Command};
use crate::app::layout::LayoutCommand;
use crate::app::state::{Dialog, Lab};
use crate::app::widgets::named;
use crate::experiment::built_in::BUILT_IN;
use egui::{Button, Key, Modal, RichText, ScrollArea, TextEdit, Ui};
use std::path::{Path, PathBuf};

/// Shows the open dialog, if any.
pub fn show(lab: &Lab, commands: &mut Commands, ctx: &egui::Context) {
    let Some(dialog) = &lab.view.dialog else {
        return;
    };
    let response = Modal::new(egui::Id::unique("dialog")).show(ctx, |ui| {
        let usual = match dialog {
            Dialog::Catalogue(_) => catalogue::WIDTH,
            Dialog::Values(_) => super::values::WIDTH,
            _ => 460.0,
        };
        let width = usual.min(ctx.content_rect().width() - 48.0).max(40.0);
        ui.set_width(width);
        match dialog {
            Dialog::Open(typed) => open(lab, typed, commands, ui),
            Dialog::Save(typed) => save(typed, commands, ui),
            Dialog::Replace(path) => replace(path, commands, ui),
            Dialog::OverwriteNewer(path) => overwrite_newer(lab, path, commands, ui),
            Dialog::Palette(typed) => palette::show(lab, typed, commands, ui),
            Dialog::Catalogue(browsing) => catalogue::show(lab, browsing, commands, ui),
            Dialog::Export(form) => super::export::show(lab, form, commands, ui),
            Dialog::Starts(form) => super::starts::show(lab, form, commands, ui),
            Dialog::Values(subject) => super::values::show(lab, *subject, commands, ui),
            Dialog::KeepLayout(typed) => keep_layout(lab, typed, commands, ui),
            Dialog::Help => help(ui),
            Dialog::About => about(lab, ui),
        }
    });
    if response.should_close() {
        commands.push(Command::CloseDialog);
    }
}

/// A list that takes the height it needs, up to `most` or what the window has.
pub fn list(most: f32, ui: &Ui) -> ScrollArea {
    let room = (ui.ctx().content_rect().height() - 220.0).max(60.0);
    ScrollArea::vertical()
        .max_height(most.min(room))
        .min_scrolled_height(most.min(room))
}

/// A text field that has the keyboard as soon as the dialog opens; what it holds is kept in the
/// dialog's state. Gives the text as it is now, and whether Enter was pressed in it.
pub fn typed_field(
    typed: &str,
    name: &str,
    hint: &str,
    commands: &mut Commands,
    ui: &mut Ui,
) -> (String, bool) {
    let mut text = typed.to_owned();
    let field = TextEdit::singleline(&mut text)
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let response = named(ui.add(field), name);
    let confirmed = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if !confirmed && ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    if response.changed() {
        commands.push(Command::Type(text.clone()));
    }
    (text, confirmed)
}

fn open(lab: &Lab, typed: &str, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Open an experiment");
    let (typed, mut chosen) = typed_field(
        typed,
        "Path to open",
        "Path of an experiment file",
        commands,
        ui,
    );
    ui.horizontal(|ui| {
        chosen |= ui
            .add_enabled(!typed.is_empty(), Button::new("Open file"))
            .clicked();
        if ui.button("Browse…").clicked() {
            commands.push(Command::BrowseToOpen);
        }
    });
    if chosen && !typed.is_empty() {
        commands.push(Command::CloseDialog);
        commands.push(Command::OpenFile(PathBuf::from(typed.trim())));
    }
    ui.separator();
    list(320.0, ui).show(ui, |ui| {
        ui.label(RichText::new("Built in").strong());
        for built_in in BUILT_IN {
            let title = built_in.experiment().title;
            if item(ui, &title, built_in.id) {
                commands.push(Command::OpenBuiltIn(built_in.id));
            }
        }
        if !lab.settings.recent.is_empty() {
            ui.add_space(6.0);
            ui.label(RichText::new("Recent").strong());
        }
        for path in &lab.settings.recent {
            let name = path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy();
            if item(ui, &name, &path.display().to_string()) {
                commands.push(Command::CloseDialog);
                commands.push(Command::OpenFile(path.clone()));
            }
        }
    });
}

/// A line that can be chosen.
fn item(ui: &mut Ui, name: &str, help: &str) -> bool {
    line(ui, Button::selectable(false, name).truncate())
        .on_hover_text(help)
        .clicked()
}

/// A button as wide as the dialog, its text on the left.
pub fn line(ui: &mut Ui, button: Button<'_>) -> egui::Response {
    let layout = egui::Layout::top_down_justified(egui::Align::LEFT);
    ui.with_layout(layout, |ui| ui.add(button)).inner
}

fn save(typed: &str, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Save the experiment");
    let (typed, mut chosen) =
        typed_field(typed, "Path to save to", "Path of the file", commands, ui);
    ui.horizontal(|ui| {
        chosen |= ui
            .add_enabled(!typed.is_empty(), Button::new("Save file"))
            .clicked();
        if ui.button("Browse…").clicked() {
            commands.push(Command::BrowseToSave);
        }
    });
    ui.weak("The ending .ron is added when there is none.");
    if chosen && !typed.trim().is_empty() {
        commands.push(Command::SaveTo(PathBuf::from(typed.trim())));
    }
}

fn replace(path: &Path, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Replace the file?");
    ui.label(format!("{} is there already.", path.display()));
    ui.horizontal(|ui| {
        if ui.button("Keep it").clicked() {
            commands.push(Command::CloseDialog);
        }
        if ui.button("Replace").clicked() {
            commands.push(Command::Replace(path.to_owned()));
        }
    });
}

fn overwrite_newer(lab: &Lab, path: &Path, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Write over a newer version's file?");
    ui.label(format!(
        "{} was written by a newer version. Saving over it loses what is not understood here:",
        path.display()
    ));
    for line in &lab.document.left_out {
        ui.weak(line);
    }
    ui.horizontal(|ui| {
        if ui.button("Keep it").clicked() {
            commands.push(Command::CloseDialog);
        }
        if ui.button("Write over it").clicked() {
            commands.push(Command::Replace(path.to_owned()));
        }
    });
}

fn keep_layout(lab: &Lab, typed: &str, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Keep this layout");
    let (typed, mut chosen) = typed_field(typed, "Name of the layout", "Name", commands, ui);
    let name = typed.trim();
    let keep = Button::new("Keep layout");
    chosen |= ui.add_enabled(!name.is_empty(), keep).clicked();
    if lab.settings.layouts.contains_key(name) {
        ui.weak("The layout of this name will be replaced.");
    }
    if chosen && !name.is_empty() {
        commands.push(Command::CloseDialog);
        commands.push(Command::Layout(LayoutCommand::Keep(name.to_owned())));
    }
}

/// Whether every word typed stands in one of the texts.
pub fn matches(typed: &str, texts: &[&str]) -> bool {
    let text = texts.join(" ").to_lowercase();
    typed
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

fn help(ui: &mut Ui) {
    ui.heading("Keys and mouse");
    list(420.0, ui).show(ui, |ui| {
        egui::Grid::new("keys").striped(true).show(ui, |ui| {
            for card in ACTIONS {
                let Some(shortcut) = &card.shortcut else {
                    continue;
                };
                ui.label(ui.ctx().format_shortcut(shortcut));
                ui.label(card.name);
                ui.end_row();
            }
            for (gesture, effect) in [
                ("Drag the ring", "Move the start; everything follows"),
                ("Double-click the landscape", "Put the start there"),
                ("Shift+double-click the map", "One more start there"),
                (
                    "Click a trail's head",
                    "Its run's settings; right click for more",
                ),
                ("Drag the landscape or a plot", "Move the view"),
                ("Wheel", "Zoom at the pointer"),
                ("Right drag", "Zoom to a rectangle"),
                ("Drag the surface (3-D)", "Turn it; arrow keys do too"),
                ("Right drag or Shift+drag it", "Move it"),
                ("Click a plot", "Move the playhead there"),
                ("Point at a plot", "Read every run's values in all plots"),
                ("Double-click a plot", "All plots whole again"),
                ("Drag a number", "Change it; double-click to type"),
                (
                    "Arrow keys on a number",
                    "Change it; Shift ten times as much, Alt a tenth",
                ),
                (
                    "Double-click a slider, or bright words",
                    "The default again",
                ),
                ("Drag a run's name", "Another place among the runs"),
                ("Drag the handle above a panel", "Another place for it"),
                (
                    "Drag a line between panels",
                    "Other sizes; arrow keys do too",
                ),
                (
                    "Right click a run, landscape, plot",
                    "What can be done with it",
                ),
                ("Drop a file on the window", "Open it"),
                (
                    "Tab, arrows",
                    "Go through the controls, change the one in focus",
                ),
            ] {
                ui.label(gesture);
                ui.label(effect);
                ui.end_row();
            }
        });
    });
}

fn about(lab: &Lab, ui: &mut Ui) {
    ui.heading(format!("Descent Lab {}", env!("CARGO_PKG_VERSION")));
    ui.label("A laboratory for the optimizers that train neural networks.");
    ui.label("Licence: MIT or Apache-2.0. Fonts: Noto Sans and Noto Sans Math, SIL Open Font License 1.1.");
    match lab.files.places() {
        Some(places) => {
            ui.label(format!("Settings: {}", places.settings.display()));
            ui.label(format!("Unsaved work: {}", places.recovery.display()));
        }
        None => {
            ui.label(crate::storage::places::NO_PLACE);
        }
    }
    ui.weak("A picture of two parameters shows how a rule moves. It does not show which rule trains a large network best.");
}
