//! Controls at the right end of a row that the keyboard still goes through from left to right.
//! In egui's layout from right to left it would go through them backwards.

use egui::{Id, Ui};

/// The width that the controls of [`show`] took last; 0 before they were first shown.
pub fn width(ui: &Ui, name: &str) -> f32 {
    let known = ui.data(|data| data.get_temp::<f32>(id(ui, name)));
    known.unwrap_or(0.0)
}

fn id(ui: &Ui, name: &str) -> Id {
    ui.scope_id().with(("at right", name))
}

/// Shows controls in a row, so that the last ends where the row ends. `name` tells the groups of
/// one place apart.
pub fn show<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let id = id(ui, name);
    let before = width(ui, name);
    ui.add_space((ui.available_width() - before).max(0.0));
    let inner = ui.scope(add);
    let now = inner.response.rect.width();
    if (now - before).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx()
            .request_discard("controls at the right have another width");
    }
    inner.inner
}
