//! Where the panels stand, at every size of the window.

use super::command::{Command, Tab};
use super::panels::landscape::LandscapePanel;
use super::panels::notes::NotesPanel;
use super::panels::objective::ObjectivePanel;
use super::panels::plots::PlotsPanel;
use super::panels::{Commands, dialogs, notices, readout, results, runs, top_bar, transport};
use super::state::Lab;
use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

/// Below this width the middle shows one thing at a time.
const NARROW: f32 = 1000.0;

/// Below this width the settings are one of those things.
const VERY_NARROW: f32 = 640.0;

/// The panels that remember something.
pub struct Panels {
    objective: ObjectivePanel,
    landscape: LandscapePanel,
    plots: PlotsPanel,
    notes: NotesPanel,
}

impl Panels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            objective: ObjectivePanel::default(),
            landscape: LandscapePanel::new(ctx),
            plots: PlotsPanel::default(),
            notes: NotesPanel::default(),
        }
    }

    /// Shows the whole window and returns what was asked for.
    pub fn show(&mut self, lab: &Lab, ui: &mut Ui) -> Commands {
        let mut commands = Commands::default();
        let size = ui.available_size();
        let bar = Frame::side_top_panel(ui.style()).inner_margin(Margin::symmetric(8, 4));
        Panel::top("top bar")
            .frame(bar)
            .show(ui, |ui| top_bar::show(lab, &mut commands, ui));
        let formula_in_sight = size.x >= VERY_NARROW || lab.view.tab == Tab::Setup;
        if notices::is_needed(lab, formula_in_sight) {
            Panel::top("notices").frame(bar).show(ui, |ui| {
                notices::show(lab, formula_in_sight, &mut commands, ui)
            });
        }
        Panel::bottom("transport")
            .frame(bar)
            .show(ui, |ui| transport::show(lab, &mut commands, ui));
        if size.x >= NARROW {
            self.wide(lab, &mut commands, size, ui);
        } else {
            self.narrow(lab, &mut commands, size, ui);
        }
        results::show(lab, &mut commands, ui.ctx());
        notices::float(lab, &mut commands, ui.ctx());
        dialogs::show(lab, &mut commands, ui.ctx());
        commands
    }

    /// Everything at once.
    fn wide(&mut self, lab: &Lab, commands: &mut Commands, size: egui::Vec2, ui: &mut Ui) {
        let side = side_frame(ui);
        Panel::left("setup")
            .frame(side)
            .default_size((size.x * 0.24).clamp(290.0, 400.0))
            .size_range(230.0..=480.0)
            .show(ui, |ui| self.setup(lab, commands, ui));
        Panel::right("plots")
            .frame(side)
            .default_size((size.x * 0.30).clamp(340.0, 760.0))
            .size_range(280.0..=(size.x * 0.5))
            .show(ui, |ui| self.plots_and_readout(lab, commands, ui));
        CentralPanel::default().frame(side).show(ui, |ui| {
            if !lab.view.hides_notes {
                Panel::bottom("notes")
                    .frame(Frame::new().inner_margin(Margin {
                        top: 8,
                        ..Margin::ZERO
                    }))
                    .resizable(true)
                    .default_size((size.y * 0.2).clamp(90.0, 320.0))
                    .size_range(60.0..=(size.y * 0.6))
                    .show(ui, |ui| self.notes.show(lab, commands, ui));
            }
            self.landscape.show(lab, commands, ui);
        });
    }

    /// One thing at a time in the middle.
    fn narrow(&mut self, lab: &Lab, commands: &mut Commands, size: egui::Vec2, ui: &mut Ui) {
        let side = side_frame(ui);
        let setup_beside = size.x >= VERY_NARROW;
        if setup_beside {
            Panel::left("narrow setup")
                .frame(side)
                .resizable(false)
                .exact_size(268.0)
                .show(ui, |ui| self.setup(lab, commands, ui));
        }
        let tab = match lab.view.tab {
            Tab::Setup if setup_beside => Tab::Landscape,
            tab => tab,
        };
        CentralPanel::default().frame(side).show(ui, |ui| {
            ui.horizontal(|ui| {
                for (offered, name) in [
                    (Tab::Setup, "Setup"),
                    (Tab::Landscape, "Landscape"),
                    (Tab::Plots, "Plots"),
                    (Tab::Notes, "Notes"),
                ] {
                    if offered == Tab::Setup && setup_beside {
                        continue;
                    }
                    if ui.selectable_label(tab == offered, name).clicked() {
                        commands.push(Command::ShowTab(offered));
                    }
                }
            });
            match tab {
                Tab::Setup => self.setup(lab, commands, ui),
                Tab::Landscape => self.landscape.show(lab, commands, ui),
                Tab::Plots => self.plots_and_readout(lab, commands, ui),
                Tab::Notes => self.notes.show(lab, commands, ui),
            }
        });
    }

    fn setup(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        ScrollArea::vertical()
            .id_salt("setup")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                self.objective.show(lab, commands, ui);
                ui.add_space(4.0);
                ui.separator();
                runs::show(lab, commands, ui);
            });
    }

    fn plots_and_readout(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let rows = lab.shown_runs().count() as f32;
        let wanted = 64.0 + 24.0 * rows.clamp(1.0, 12.0);
        let height = wanted.min(ui.available_height() * 0.3);
        Panel::bottom("readout")
            .frame(Frame::new().inner_margin(Margin {
                top: 6,
                ..Margin::ZERO
            }))
            .resizable(false)
            .exact_size(height)
            .show(ui, |ui| readout::show(lab, commands, ui));
        self.plots.show(lab, commands, ui);
    }
}

fn side_frame(ui: &Ui) -> Frame {
    Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::same(8))
}
