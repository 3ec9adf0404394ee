//! The objective: the gallery of landscapes or the user's formula, the start, the noise.

mod fitted;
mod formula;
mod gallery;
mod repeats;

use super::regression::setup;
use super::{Commands, continual, network};
use crate::app::command::Command;
use crate::app::state::Lab;
use crate::app::widgets::number::{exact, slider_and_field_from};
use crate::app::widgets::reset;
use crate::app::widgets::{at_right, named};
use crate::experiment::{Experiment, ObjectiveSpec};
use crate::landscapes::LandscapeCard;
use egui::{RichText, TextureHandle, Ui};

/// The panel: what is searched for, and the thumbnails drawn so far.
#[derive(Default)]
pub struct ObjectivePanel {
    search: String,
    thumbnails: Vec<Option<TextureHandle>>,
    drawn_dark: bool,
    /// The landscape that was last brought into view.
    revealed: Option<&'static str>,
    /// The formula that was last shown, for coming back to it.
    own: Option<ObjectiveSpec>,
    /// What the experiment had before or instead of a regression, for coming back to it.
    regression: setup::Other,
    /// What the editor of tasks keeps.
    tasks: continual::setup::Remembered,
}

impl ObjectivePanel {
    /// Shows the objective of the experiment.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let mut edited = lab.experiment.clone();
        self.heading(&mut edited, ui);
        if edited.objective.tasks().is_some() {
            continual::setup::show(lab, &mut edited, &mut self.tasks, ui);
            repeats::seeds(&mut edited, commands, ui);
            if edited != lab.experiment {
                commands.push(Command::Edit(Box::new(edited)));
            }
            return;
        }
        if edited.objective.network().is_some() {
            network::setup::show(lab, &mut edited, commands, ui);
            repeats::seeds(&mut edited, commands, ui);
            if edited != lab.experiment {
                commands.push(Command::Edit(Box::new(edited)));
            }
            return;
        }
        if edited.objective.regression().is_some() {
            setup::show(lab, &mut edited, ui);
            if edited != lab.experiment {
                commands.push(Command::Edit(Box::new(edited)));
            }
            return;
        }
        self.gallery(lab, &mut edited, ui);
        let landscape = lab.first_landscape();
        let card = landscape.card();
        if edited.objective.expression().is_some() {
            self.own = Some(edited.objective.clone());
            formula::show(&mut edited, &card, ui);
        } else {
            description(&card, ui);
            setting_fields(&mut edited, &card, ui);
            if let Some(fitted) = card.fitted {
                fitted::show(lab, fitted, ui);
            }
        }
        repeats::start(&mut edited, &card, ui);
        repeats::starts(&edited, commands, ui);
        repeats::noise(&mut edited, ui);
        repeats::seeds(&mut edited, commands, ui);
        if edited != lab.experiment {
            commands.push(Command::Edit(Box::new(edited)));
        }
    }

    /// What can be chosen: a landscape that is searched for, or a formula.
    fn heading(&mut self, edited: &mut Experiment, ui: &mut Ui) {
        let fits_data = edited.objective.regression().is_some();
        let trains = edited.objective.network().is_some();
        ui.horizontal(|ui| {
            if fits_data {
                ui.label(RichText::new("Data and model").heading());
                at_right::show(ui, "regression", |ui| {
                    setup::button(edited, &mut self.regression, ui);
                });
                return;
            }
            if edited.objective.tasks().is_some() {
                ui.label(RichText::new("Tasks").heading());
            } else if trains {
                ui.label(RichText::new("Training").heading());
            } else {
                ui.label(RichText::new("Landscape").heading());
                let gap = ui.spacing().item_spacing.x;
                let width = ui.available_width() - at_right::width(ui, "formula") - gap;
                let field = egui::TextEdit::singleline(&mut self.search)
                    .hint_text("Search")
                    .desired_width((width - 8.0).max(24.0));
                named(ui.add(field), "Search landscapes");
            }
            at_right::show(ui, "formula", |ui| {
                formula::button(edited, self.own.as_ref(), ui);
            });
        });
        if !fits_data {
            // In a line of its own: a narrow panel has no room for more beside the search.
            ui.horizontal(|ui| {
                setup::button(edited, &mut self.regression, ui);
                ui.weak("fits a model to a table");
            });
        }
    }
}

fn description(card: &LandscapeCard<'_>, ui: &mut Ui) {
    ui.strong(card.name);
    let formula = RichText::new(card.formula).small();
    ui.add(egui::Label::new(formula).wrap()).on_hover_ui(|ui| {
        ui.label(card.about);
        ui.weak(card.source);
    });
}

/// The settings of the landscape; what equals the card's default is not kept.
fn setting_fields(edited: &mut Experiment, card: &LandscapeCard<'_>, ui: &mut Ui) {
    let ObjectiveSpec::Landscape { settings, .. } = &mut edited.objective else {
        return;
    };
    for setting in card.settings {
        let present = settings.get(setting.id).copied();
        let mut value = present.unwrap_or(setting.default);
        let before = value;
        let meaning = format!("{} It may be {}.", setting.meaning, setting.domain);
        let (is_usual, usual) = (value == setting.default, exact(setting.default));
        let name = setting.name;
        if reset::short_caption(ui, name, name, is_usual, &meaning, &usual) {
            value = setting.default;
        }
        ui.horizontal(|ui| {
            let spread = (setting.slider, setting.scale, setting.domain);
            slider_and_field_from(ui, name, &mut value, setting.default, spread)
                .on_hover_text(meaning);
        });
        if value != before {
            settings.insert(setting.id.into(), value);
            settings.retain(|id, value| card.setting(id).is_none_or(|s| s.default != *value));
        }
    }
}
