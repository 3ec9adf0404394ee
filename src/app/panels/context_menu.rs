//! Menus under the right mouse button: the same actions as in the menu bar.

use super::Commands;
use super::top_bar::is_able;
use crate::app::command::Action;
use crate::app::state::Lab;
use egui::{Button, Popup, Response, Ui};

/// Offers actions where `response` is clicked with the right button.
pub fn show(response: &Response, lab: &Lab, commands: &mut Commands, actions: &[Action]) {
    Popup::context_menu(response).show(|ui| {
        ui.set_min_width(200.0);
        for action in actions {
            item(lab, commands, *action, ui);
        }
    });
}

/// One action as a line of a menu.
pub fn item(lab: &Lab, commands: &mut Commands, action: Action, ui: &mut Ui) {
    let card = action.card();
    let mut button = Button::new(card.name);
    if let Some(shortcut) = &card.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
    }
    let able = is_able(lab, action);
    let response = ui.add_enabled(able, button).on_hover_text(card.help);
    if response.clicked() {
        commands.act(action);
        ui.close();
    }
}
