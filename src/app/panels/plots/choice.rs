//! Which plots are seen.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::plots::{PlotCommand, Replayed, Subject};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::optimizers;
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{ComboBox, PopupCloseBehavior, RichText, ScrollArea, Ui};

/// The menu of all plots that the experiment has.
pub fn menu(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (button, _) = MenuButton::new("Plots…").config(stays).ui(ui, |ui| {
        ui.set_min_width(300.0);
        let height = (ui.ctx().content_rect().height() - 120.0).max(120.0);
        ScrollArea::vertical()
            .max_height(height)
            .show(ui, |ui| offers(lab, commands, ui));
    });
    named(button, "Choose plots").on_hover_text(
        "Which plots are shown: losses, norms, steps, and what the rules of the experiment \
         remember.",
    );
}

fn offers(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let subjects = lab.subjects();
    let is_always = |subject: &Subject| Subject::ALWAYS.contains(subject);
    let (always, others): (Vec<_>, Vec<_>) = subjects.into_iter().partition(is_always);
    let is_layer = |subject: &Subject| matches!(subject, Subject::Layer(..));
    let (layers, slots): (Vec<_>, Vec<_>) = others.into_iter().partition(is_layer);
    for subject in always {
        offer(lab, commands, subject, subject.help(), ui);
    }
    if !slots.is_empty() {
        ui.separator();
        ui.label(RichText::new("Memory of the rules").strong());
    }
    for subject in slots {
        let owners = format!("Remembered by {}.", owners(lab, subject));
        offer(lab, commands, subject, &owners, ui);
    }
    if !layers.is_empty() {
        ui.separator();
        ui.label(RichText::new("Layers of the network").strong());
    }
    for subject in layers {
        offer(lab, commands, subject, subject.help(), ui);
    }
    ui.separator();
    if ui
        .button("Usual plots")
        .on_hover_text(
            "Loss, learning rate, gradient norm and, where a minimum is known, the distance to it.",
        )
        .clicked()
    {
        commands.push(Command::Plot(PlotCommand::ChooseUsual));
    }
}

fn offer(lab: &Lab, commands: &mut Commands, subject: Subject, help: &str, ui: &mut Ui) {
    let mut is_chosen = lab.is_chosen(subject);
    let name = subject.name();
    let checkbox = ui.checkbox(&mut is_chosen, &name);
    if named(checkbox, &format!("Show {name}"))
        .on_hover_text(help)
        .changed()
    {
        commands.push(Command::Plot(PlotCommand::Choose(subject, is_chosen)));
    }
}

/// The names of the experiment's rules that remember a slot.
fn owners(lab: &Lab, subject: Subject) -> String {
    let mut names: Vec<&str> = Vec::new();
    let rules = lab.experiment.runs.iter();
    for rule in rules.filter_map(|run| optimizers::find(&run.optimizer)) {
        let card = rule.card();
        let mut slots = card.slots.iter().chain(card.scalar_slots);
        if slots.any(|slot| Subject::Replayed(Replayed::of_slot(slot)) == subject)
            && !names.contains(&card.name)
        {
            names.push(card.name);
        }
    }
    names.join(", ")
}

/// The choice of the plot that is drawn large.
pub fn large(lab: &Lab, commands: &mut Commands, present: Subject, ui: &mut Ui) {
    let width = (ui.available_width() * 0.6).clamp(60.0, 260.0);
    let combo = ComboBox::from_id_salt("large plot")
        .selected_text(present.name())
        .width(width)
        .truncate()
        .show_ui(ui, |ui| {
            for subject in lab.subjects() {
                let offer = ui.selectable_label(subject == present, subject.name());
                if offer.on_hover_text(subject.help()).clicked() {
                    let command = PlotCommand::Enlarge(Some(subject));
                    commands.push(Command::Plot(command));
                }
            }
        });
    named(combo.response, "Plot shown large").on_hover_text(present.help());
}
