//! Maps, the tuner and the range test.

mod axes;
mod colour_bar;
mod edge;
pub mod maps;
mod picture;
pub mod preview;
mod range_test;
mod results;
mod search_space;
pub mod tuner;

use crate::app::widgets::named;
use egui::{ComboBox, Ui};

/// A list to choose one of; whether another one was chosen. `explain` is its tooltip.
fn choose<T: PartialEq + Clone>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    all: &[(T, String)],
    explain: &str,
) -> bool {
    let width = ui.available_width();
    choose_within(ui, width, name, (value, all), explain)
}

/// The same in a list of at most this width.
fn choose_within<T: PartialEq + Clone>(
    ui: &mut Ui,
    width: f32,
    name: &str,
    (value, all): (&mut T, &[(T, String)]),
    explain: &str,
) -> bool {
    let present = all.iter().find(|(one, _)| one == value);
    let text = present.map_or("?", |(_, text)| text.as_str());
    let mut changed = false;
    let combo = ComboBox::from_id_salt(name)
        .selected_text(text)
        .width(width.clamp(64.0, 150.0))
        .truncate();
    let response = combo.show_ui(ui, |ui| {
        for (one, text) in all {
            if ui.selectable_label(one == value, text).clicked() {
                changed = one != value;
                value.clone_from(one);
                ui.close();
            }
        }
    });
    named(response.response, name).on_hover_text(explain);
    changed
}
