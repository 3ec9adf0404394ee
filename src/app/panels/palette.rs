//! The search for a command: every named action, every panel, every kept layout.

use super::Commands;
use super::dialogs::{line, list, matches, typed_field};
use super::top_bar::is_able;
use crate::app::command::{ACTIONS, Command};
use crate::app::layout::LayoutCommand;
use crate::app::layout::registry::PANELS;
use crate::app::state::Lab;
use egui::{Button, KeyboardShortcut, Ui};

/// A command as the palette shows it.
struct Offer {
    name: String,
    help: String,
    shortcut: Option<KeyboardShortcut>,
    command: Command,
}

/// Shows the palette.
pub fn show(lab: &Lab, typed: &str, commands: &mut Commands, ui: &mut Ui) {
    let (typed, run) = typed_field(typed, "Words of a command", "Search commands", commands, ui);
    let fits = |offer: &Offer| matches(&typed, &[&offer.name, &offer.help]);
    let found: Vec<_> = offers(lab).into_iter().filter(fits).collect();
    let mut chosen = found.first().filter(|_| run);
    list(340.0, ui).show(ui, |ui| {
        for (place, offer) in found.iter().enumerate() {
            let is_first = place == 0 && !typed.is_empty();
            let mut button = Button::selectable(is_first, &offer.name);
            if let Some(shortcut) = &offer.shortcut {
                button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
            }
            if line(ui, button).on_hover_text(&offer.help).clicked() {
                chosen = Some(offer);
            }
        }
        if found.is_empty() {
            ui.weak("No command has these words.");
        }
    });
    if let Some(offer) = chosen {
        commands.push(Command::CloseDialog);
        commands.push(offer.command.clone());
    }
}

/// Everything that would do something now.
fn offers(lab: &Lab) -> Vec<Offer> {
    let able = ACTIONS.iter().filter(|card| is_able(lab, card.action));
    let actions = able.map(|card| Offer {
        name: card.name.to_owned(),
        help: card.help.to_owned(),
        shortcut: card.shortcut,
        command: Command::Act(card.action),
    });
    let there = PANELS.iter().filter(|card| (card.applies)(lab));
    let panels = there.flat_map(|card| {
        let offer = |verb: &str, command| Offer {
            name: format!("{verb} {}", card.title_for(lab).to_lowercase()),
            help: card.about_for(lab).to_owned(),
            shortcut: None,
            command: Command::Layout(command),
        };
        match lab.shows_panel(card.id) {
            true => vec![
                offer("Go to", LayoutCommand::BringToFront(card.id)),
                offer("Hide", LayoutCommand::Show(card.id, false)),
            ],
            false => vec![offer("Show", LayoutCommand::Show(card.id, true))],
        }
    });
    let layouts = lab.settings.layouts.keys().map(|name| Offer {
        name: format!("Layout {name}"),
        help: "Take up this kept layout.".to_owned(),
        shortcut: None,
        command: Command::Layout(LayoutCommand::TakeUp(name.clone())),
    });
    actions.chain(panels).chain(layouts).collect()
}
