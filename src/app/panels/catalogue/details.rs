//! What is selected, in full, and the pieces that all shelves are described with.

use super::entries::Entry;
use super::{landscapes, rules, schedules};
use crate::app::browsing::Shelf;
use crate::app::widgets::setting::{domain_in_words, in_words};
use crate::optimizers::Hyperparameter;
use egui::{Frame, Label, RichText, Ui, vec2};

/// Shows everything on the card of an entry.
pub fn show(shelf: Shelf, entry: &Entry, ui: &mut Ui) {
    // Lines of text and nothing to press: they stand as close as in a book.
    ui.spacing_mut().interact_size.y = 0.0;
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(entry.name).heading());
        ui.label(RichText::new(entry.id).monospace().weak())
            .on_hover_text("The name in experiment files.");
        ui.label(RichText::new(&entry.group).weak());
    });
    match shelf {
        Shelf::Optimizers => rules::optimizer(entry, ui),
        Shelf::Wrappers => rules::wrapper(entry, ui),
        Shelf::Schedules => schedules::show(entry, ui),
        Shelf::Landscapes => landscapes::show(entry, ui),
    }
}

/// The lines of a formula, set off.
pub fn formula(lines: &[&str], ui: &mut Ui) {
    Frame::new()
        .fill(ui.visuals().code_bg_color)
        .corner_radius(4)
        .inner_margin(6)
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 3.0;
            for line in lines {
                ui.add(Label::new(*line).wrap());
            }
        });
}

/// A paragraph.
pub fn paragraph(text: &str, ui: &mut Ui) {
    ui.add(Label::new(text).wrap());
}

/// Where it comes from.
pub fn source(text: &str, ui: &mut Ui) {
    ui.add_space(4.0);
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

/// The head of a part.
pub fn part(title: &str, ui: &mut Ui) {
    ui.add_space(4.0);
    ui.label(RichText::new(title).strong());
}

/// A word and what is said about it, in one line where that has room.
pub fn fact(name: &str, text: impl Into<RichText>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
        ui.label(RichText::new(name).weak());
        ui.label(text.into());
    });
}

/// Settings with default, values and meaning.
pub fn settings(settings: &[Hyperparameter], ui: &mut Ui) {
    for setting in settings {
        let default = in_words(setting, setting.default);
        let text = format!("default {default}; {}", domain_in_words(setting));
        entry_of_list((setting.symbol, setting.id), &text, setting.meaning, ui);
    }
}

/// A symbol with its name and what belongs to it, and its meaning below.
pub fn entry_of_list((symbol, id): (&str, &str), text: &str, meaning: &str, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 0.0);
        ui.label(RichText::new(symbol).strong());
        ui.label(RichText::new(id).monospace());
        ui.label(RichText::new(text).weak());
    });
    ui.indent(id, |ui| {
        ui.add(Label::new(RichText::new(meaning).small()).wrap());
    });
}
