//! The browser of the whole catalogue: what there is on the left, what it is on the right, and
//! one button that uses it.

mod details;
mod entries;
mod landscapes;
mod offer;
mod rules;
mod schedules;

use super::Commands;
use super::dialogs::typed_field;
use crate::app::browsing::{Browsing, Shelf};
use crate::app::command::Command;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use egui::{Align, Button, ComboBox, Key, Layout, Modifiers, RichText, ScrollArea, Ui, vec2};
use entries::{Entry, families, listed};
use offer::Offer;

/// The width that the browser takes where the window has it.
pub const WIDTH: f32 = 860.0;

/// Width of the list, and the width from which on the details have room beside it.
const LIST: f32 = 212.0;
const BESIDE: f32 = 520.0;

/// How many entries a page up or down goes.
const PAGE: usize = 8;

/// Shows the browser in a dialog.
pub fn show(lab: &Lab, browsing: &Browsing, commands: &mut Commands, ui: &mut Ui) {
    let mut next = browsing.clone();
    heading(&mut next, commands, ui);
    let moved = moved_by_key(ui);
    let confirmed = search(browsing, &mut next, commands, ui);
    let found = listed(lab, &next);
    let place = moved_place(&found, &mut next, moved);
    ui.separator();
    // Title bar, transport and the dialog's own lines stay in the window.
    let height = (ui.ctx().content_rect().height() - 150.0).clamp(90.0, 520.0);
    let Some(entry) = found.get(place) else {
        ui.set_min_height(height);
        ui.weak("Nothing in the catalogue has these words.");
        finish(browsing, next, commands);
        return;
    };
    let offer = Offer::of(lab, &next, entry);
    let mut chosen = confirmed;
    if ui.available_width() >= BESIDE {
        ui.horizontal_top(|ui| {
            chosen |= list(
                &found,
                place,
                moved.is_some(),
                &mut next,
                vec2(LIST, height),
                ui,
            );
            ui.separator();
            let size = vec2(ui.available_width(), height);
            chosen |= selected(lab, entry, &offer, &mut next, size, ui);
        });
    } else {
        let size = vec2(ui.available_width(), height * 0.36);
        chosen |= list(&found, place, moved.is_some(), &mut next, size, ui);
        ui.separator();
        let size = vec2(ui.available_width(), height * 0.64 - 8.0);
        chosen |= selected(lab, entry, &offer, &mut next, size, ui);
    }
    if let (true, Ok(change)) = (chosen, offer.change) {
        commands.push(Command::CloseDialog);
        commands.push(Command::Select(change.unfolded));
        commands.push(Command::Edit(Box::new(change.experiment)));
    } else {
        finish(browsing, next, commands);
    }
}

/// Remembers where someone has got to.
fn finish(before: &Browsing, next: Browsing, commands: &mut Commands) {
    if next != *before {
        commands.push(Command::Browse(Box::new(next)));
    }
}

fn heading(next: &mut Browsing, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.heading("Catalogue");
        ui.add_space(8.0);
        for shelf in Shelf::ALL {
            if ui
                .selectable_label(next.shelf == shelf, shelf.name())
                .clicked()
            {
                next.shelf = shelf;
                next.selected = None;
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Close, "Close the catalogue", false).clicked() {
                commands.push(Command::CloseDialog);
            }
        });
    });
}

/// The field and, for rules, the family; whether Enter was pressed in the field.
fn search(browsing: &Browsing, next: &mut Browsing, commands: &mut Commands, ui: &mut Ui) -> bool {
    ui.horizontal(|ui| {
        let has_families = next.shelf == Shelf::Optimizers;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if has_families {
                family(next, ui);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let hint = next.shelf.hint();
                let name = next.shelf.search_name();
                let (typed, confirmed) = typed_field(&browsing.typed, name, hint, commands, ui);
                if typed != next.typed {
                    next.typed = typed;
                    next.selected = None;
                }
                confirmed
            })
            .inner
        })
        .inner
    })
    .inner
}

fn family(next: &mut Browsing, ui: &mut Ui) {
    let all = "All families";
    let present = next
        .family
        .map_or(all.to_owned(), |family| family.to_string());
    let combo = ComboBox::from_id_salt("family")
        .selected_text(present)
        .width(150.0)
        .truncate()
        .show_ui(ui, |ui| {
            let before = next.family;
            ui.selectable_value(&mut next.family, None, all);
            for family in families() {
                ui.selectable_value(&mut next.family, Some(family), family.to_string());
            }
            if next.family != before {
                next.selected = None;
            }
        });
    named(combo.response, "Family");
}

/// How far the keys move the selection, while no control of its own answers to them.
fn moved_by_key(ui: &Ui) -> Option<isize> {
    if egui::Popup::is_any_open(ui.ctx()) || !(ui.ctx().text_edit_focused() || is_unfocused(ui)) {
        return None;
    }
    let page = PAGE as isize;
    let keys = [
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -page),
        (Key::PageDown, page),
    ];
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    keys.into_iter()
        .find(|(key, _)| pressed(*key))
        .map(|(_, by)| by)
}

fn is_unfocused(ui: &Ui) -> bool {
    ui.memory(|memory| memory.focused().is_none())
}

/// The place of the selection in the list, after the keys.
fn moved_place(found: &[Entry], next: &mut Browsing, moved: Option<isize>) -> usize {
    let present = next.selected;
    let place = found.iter().position(|entry| Some(entry.id) == present);
    let place = place.unwrap_or(0);
    let Some(by) = moved else { return place };
    let place = place
        .saturating_add_signed(by)
        .min(found.len().saturating_sub(1));
    next.selected = found.get(place).map(|entry| entry.id);
    place
}

/// Everything that fits the search; whether an entry was double-clicked.
fn list(
    found: &[Entry],
    place: usize,
    moved: bool,
    next: &mut Browsing,
    size: egui::Vec2,
    ui: &mut Ui,
) -> bool {
    let mut chosen = false;
    ui.allocate_ui_with_layout(size, Layout::top_down_justified(Align::LEFT), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.y = 1.0;
        let area = ScrollArea::vertical().id_salt(("entries", next.shelf));
        area.auto_shrink([false, false]).show(ui, |ui| {
            let mut group = "";
            for (index, entry) in found.iter().enumerate() {
                if entry.group != group {
                    group = &entry.group;
                    ui.add_space(4.0);
                    ui.label(RichText::new(group).small().weak());
                }
                let response = line(entry, index == place, ui);
                if moved && index == place {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    next.selected = Some(entry.id);
                }
                chosen |= response.double_clicked() && index == place;
            }
        });
    });
    chosen
}

fn line(entry: &Entry, is_selected: bool, ui: &mut Ui) -> egui::Response {
    let name = RichText::new(entry.name);
    match &entry.refusal {
        None => ui.add(Button::selectable(is_selected, name).truncate()),
        Some(reason) => {
            let button = Button::selectable(is_selected, name.weak()).truncate();
            ui.add(button.shortcut_text(RichText::new("refused").small()))
                .on_hover_text(format!("Refused here: {reason}"))
        }
    }
}

/// What is selected, and the button that uses it; whether it was pressed.
fn selected(
    lab: &Lab,
    entry: &Entry,
    offer: &Offer,
    next: &mut Browsing,
    size: egui::Vec2,
    ui: &mut Ui,
) -> bool {
    let mut pressed = false;
    ui.allocate_ui_with_layout(size, Layout::bottom_up(Align::LEFT), |ui| {
        ui.set_min_size(size);
        pressed = offer.show(lab, next, ui);
        ui.separator();
        ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
            let area = ScrollArea::vertical().id_salt(("details", next.shelf, entry.id));
            area.auto_shrink([false, false])
                .show(ui, |ui| details::show(next.shelf, entry, ui));
        });
    });
    pressed
}
