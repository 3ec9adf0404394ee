//! Rows from a spreadsheet, with the system's paste key.

use crate::experiment::RunSpec;
use egui::{Event, Rect, Ui};

/// The text that the paste key brings for the table, taken so that nothing else has it too.
///
/// It is for the table while one of its rows has the focus or the pointer is over it. While a
/// cell is being typed in, a single number is for that cell alone; several are for the cells
/// from there on. A run on the clipboard is never for the table.
pub fn arrived(
    typed_in: Option<(usize, usize)>,
    has_focus: bool,
    area: Rect,
    ui: &Ui,
) -> Option<String> {
    let is_here = has_focus || ui.rect_contains_pointer(area);
    if typed_in.is_none() && (ui.ctx().text_edit_focused() || !is_here) {
        return None;
    }
    let is_meant = |event: &Event| match event {
        Event::Paste(text) if typed_in.is_some() => text.trim().contains(['\t', '\n']),
        Event::Paste(text) => RunSpec::from_text(text).is_err(),
        _ => false,
    };
    let taken = ui.input_mut(|input| {
        let place = input.events.iter().position(is_meant)?;
        Some(input.events.remove(place))
    });
    let Some(Event::Paste(text)) = taken else {
        return None;
    };
    if typed_in.is_some() {
        stop_typing(ui);
    }
    Some(text)
}

/// Ends typing in the cell that has the focus without taking what was typed.
fn stop_typing(ui: &Ui) {
    let focused = ui.memory(|memory| memory.focused());
    if let Some(id) = focused {
        // What egui's field keeps of a number that is being typed.
        ui.data_mut(|data| data.remove_temp::<String>(id));
        ui.memory_mut(|memory| memory.surrender_focus(id));
    }
}
