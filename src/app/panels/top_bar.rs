//! The top bar: menus, the experiment's title, undo and redo, search, appearance.

use super::{Commands, context_menu};
use crate::app::command::{ACTIONS, Action, Command, Menu};
use crate::app::layout::LayoutCommand;
use crate::app::layout::registry::PANELS;
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::{at_right, named};
use crate::storage::settings::LandscapeView;
use egui::{Align, Layout, RichText, TextEdit, Ui, vec2};

/// Shows the bar.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    egui::MenuBar::new().ui(ui, |ui| {
        for (menu, name) in [
            (Menu::File, "File"),
            (Menu::Edit, "Edit"),
            (Menu::View, "View"),
            (Menu::Play, "Play"),
            (Menu::Help, "Help"),
        ] {
            ui.menu_button(name, |ui| items(lab, commands, menu, ui));
        }
        ui.separator();
        let has_room = ui.available_width() > 460.0;
        let width = ui.available_width() - at_right::width(ui, "bar") - ui.spacing().item_spacing.x;
        let size = vec2(width.max(30.0), ui.available_height());
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            title(lab, commands, ui);
        });
        at_right::show(ui, "bar", |ui| ends(lab, commands, has_room, ui));
    });
}

/// What stands at the right end of the bar.
fn ends(lab: &Lab, commands: &mut Commands, has_room: bool, ui: &mut Ui) {
    for (action, icon, able) in [
        (Action::Undo, Icon::Undo, lab.undo.can_undo()),
        (Action::Redo, Icon::Redo, lab.undo.can_redo()),
    ] {
        ui.add_enabled_ui(able, |ui| {
            if icon_button(ui, icon, action.card().name, false).clicked() {
                commands.act(action);
            }
        });
    }
    if has_room && ui.button("Search commands").clicked() {
        commands.act(Action::Palette);
    }
    if icon_button(ui, Icon::Theme, "Dark or light", false).clicked() {
        commands.act(Action::ToggleTheme);
    }
}

fn title(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let mark = if lab.is_unsaved() { "unsaved" } else { "" };
    let width = (ui.available_width() - 60.0).max(30.0);
    let mut text = lab.experiment.title.clone();
    let field = TextEdit::singleline(&mut text)
        .hint_text("Untitled experiment")
        .frame(egui::Frame::NONE)
        .desired_width(width.min(420.0));
    let response = named(ui.add(field), "Title of the experiment");
    if response.changed() {
        let mut edited = lab.experiment.clone();
        edited.title = text;
        commands.push(Command::Edit(Box::new(edited)));
    }
    let place = match &lab.document.path {
        Some(path) => path.display().to_string(),
        None => "Not in a file yet".into(),
    };
    response.on_hover_text(place);
    if !mark.is_empty() {
        ui.label(
            RichText::new(mark)
                .small()
                .color(ui.visuals().warn_fg_color),
        )
        .on_hover_text("There are changes that are not in a file. Ctrl+S saves them.");
    }
}

fn items(lab: &Lab, commands: &mut Commands, menu: Menu, ui: &mut Ui) {
    ui.set_min_width(220.0);
    for card in ACTIONS.iter().filter(|card| card.menu == menu) {
        context_menu::item(lab, commands, card.action, ui);
        match card.action {
            Action::Open => recent(lab, commands, ui),
            Action::ToggleNotes => panels(lab, commands, ui),
            Action::KeepLayout => layouts(lab, commands, ui),
            _ => {}
        }
    }
}

fn recent(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ui.add_enabled_ui(!lab.settings.recent.is_empty(), |ui| {
        ui.menu_button("Recent", |ui| {
            for path in &lab.settings.recent {
                let name = path.file_name().unwrap_or(path.as_os_str());
                if ui
                    .button(name.to_string_lossy())
                    .on_hover_text(path.display().to_string())
                    .clicked()
                {
                    commands.push(Command::OpenFile(path.clone()));
                    ui.close();
                }
            }
        });
    });
}

/// Every panel, to be shown or hidden.
fn panels(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ui.menu_button("Panels", |ui| {
        for card in PANELS.iter().filter(|card| (card.applies)(lab)) {
            let mut shown = lab.shows_panel(card.id);
            let name = format!("Show {}", card.title_for(lab).to_lowercase());
            if ui
                .checkbox(&mut shown, name)
                .on_hover_text(card.about_for(lab))
                .clicked()
            {
                commands.push(Command::Layout(LayoutCommand::Show(card.id, shown)));
            }
        }
    });
}

/// The kept layouts.
fn layouts(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let names = lab.settings.layouts.keys();
    ui.add_enabled_ui(names.len() > 0, |ui| {
        ui.menu_button("Layouts", |ui| {
            for name in names {
                ui.horizontal(|ui| {
                    let forget = format!("Forget layout {name}");
                    if ui
                        .button(name)
                        .on_hover_text("Take this layout up.")
                        .clicked()
                    {
                        commands.push(Command::Layout(LayoutCommand::TakeUp(name.clone())));
                        ui.close();
                    }
                    if icon_button(ui, Icon::Delete, &forget, false).clicked() {
                        commands.push(Command::Layout(LayoutCommand::Forget(name.clone())));
                    }
                });
            }
        });
    });
}

/// Whether an action would do anything now.
pub fn is_able(lab: &Lab, action: Action) -> bool {
    match action {
        Action::Undo => lab.undo.can_undo(),
        Action::Redo => lab.undo.can_redo(),
        Action::Revert => lab.document.saved.is_some() && lab.is_unsaved(),
        Action::Pin => lab.can_pin(),
        Action::Unpin => lab.view.comparison.pinned.is_some(),
        Action::CancelWork => lab.is_working(),
        Action::MoveRunUp | Action::MoveRunDown | Action::DuplicateRun => {
            !lab.experiment.runs.is_empty()
        }
        Action::ResetLayout => lab.settings.layout != Default::default(),
        Action::UsualSizes => lab.settings.layout.arrangement.is_some(),
        Action::ToggleHeightSpread | Action::NextContours => {
            lab.settings.landscape_view != LandscapeView::Map
        }
        _ => true,
    }
}
