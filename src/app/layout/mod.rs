//! Where the panels stand, at every size of the window.
//!
//! [`registry::PANELS`] lists the panels; another one is one more entry there. In a wide window
//! they are tiles that can be moved, sized, stacked as tabs and hidden; a narrow one shows one
//! tab at a time.

mod arranging;
mod behaviour;
mod middle;
mod perform;
pub mod registry;
mod separators;
mod tiles;

pub use arranging::Direction;
pub use perform::{act, perform};

use super::command::Command;
use super::panels::continual::ContinualPanels;
use super::panels::explanation::ExplanationPanels;
use super::panels::landscape::LandscapePanel;
use super::panels::network::NetworkPanels;
use super::panels::notes::NotesPanel;
use super::panels::objective::ObjectivePanel;
use super::panels::plots::PlotsPanel;
use super::panels::regression::RegressionPanels;
use super::panels::tuning::maps::MapsPanel;
use super::panels::{Commands, dialogs, notices, runs, top_bar, tour, transport};
use super::state::Lab;
use crate::storage::arrangement::Arrangement;
use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui, UiBuilder};
use middle::Middle;
use registry::{PANELS, PanelCard};

/// Below this width the middle shows one thing at a time.
const NARROW: f32 = 1000.0;

/// Below this width the settings are one of those things.
const VERY_NARROW: f32 = 640.0;

/// A change of the layout.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutCommand {
    /// The panels stand so now.
    Arrange(Box<Arrangement>),
    /// Move a panel one place on.
    Move(&'static str, Direction),
    /// Show or hide a panel.
    Show(&'static str, bool),
    /// Put a panel in front of the others in its place.
    BringToFront(&'static str),
    /// Keep the present layout under a name.
    Keep(String),
    /// Take up the layout of this name.
    TakeUp(String),
    /// Forget the layout of this name.
    Forget(String),
}

/// The panels that remember something.
pub struct Contents {
    /// The panels that this frame has drawn.
    drawn: Vec<&'static str>,
    /// The objective, with its thumbnails.
    pub objective: ObjectivePanel,
    /// The landscape, with both its views.
    pub landscape: LandscapePanel,
    /// A network's curves and data, and what it makes of them.
    pub network: NetworkPanels,
    /// What was learnt and forgotten of tasks.
    pub continual: ContinualPanels,
    /// The plots, with their curves.
    pub plots: PlotsPanel,
    /// The notes.
    pub notes: NotesPanel,
    /// The map, with its picture.
    pub maps: MapsPanel,
    /// The data, the worked solution and the fit of a regression.
    pub regression: RegressionPanels,
    /// The update at the playhead, explained, and what is wrong with the runs.
    pub explanation: ExplanationPanels,
}

impl Contents {
    fn new(ctx: &egui::Context) -> Self {
        Self {
            drawn: Vec::new(),
            objective: ObjectivePanel::default(),
            landscape: LandscapePanel::new(ctx),
            network: NetworkPanels::new(ctx),
            plots: PlotsPanel::new(ctx),
            continual: ContinualPanels::new(ctx),
            notes: NotesPanel::default(),
            maps: MapsPanel::default(),
            regression: RegressionPanels::new(ctx),
            explanation: ExplanationPanels::new(ctx),
        }
    }

    /// Draws a panel, and notes that it is seen.
    fn draw(&mut self, card: &PanelCard, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        self.drawn.push(card.id);
        (card.show)(self, lab, commands, ui);
    }

    /// The objective and the runs, in one scroll.
    pub fn setup(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        ScrollArea::vertical()
            .id_salt("setup")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let seen = ui.clip_rect();
                let objective = ui.scope(|ui| self.objective.show(lab, commands, ui));
                tour::mark("objective", objective.response.rect.intersect(seen), ui);
                ui.add_space(4.0);
                ui.separator();
                let runs = ui.scope(|ui| runs::show(lab, commands, ui));
                tour::mark("runs", runs.response.rect.intersect(seen), ui);
            });
    }
}

/// The whole window: bars, the panels between them, and what stands in front.
pub struct Panels {
    contents: Contents,
    middle: Middle,
}

impl Panels {
    /// Panels that have shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            contents: Contents::new(ctx),
            middle: Middle::default(),
        }
    }

    /// The panels that the last frame has drawn.
    pub fn drawn(&self) -> &Vec<&'static str> {
        &self.contents.drawn
    }

    /// Shows the whole window and returns what was asked for.
    pub fn show(&mut self, lab: &Lab, ui: &mut Ui) -> Commands {
        let mut commands = Commands::default();
        self.contents.drawn.clear();
        let size = ui.available_size();
        // The window has the panels' colour where nothing is painted.
        let bar = Frame::new().inner_margin(Margin::symmetric(8, 4));
        Panel::top("top bar")
            .frame(bar)
            .show(ui, |ui| top_bar::show(lab, &mut commands, ui));
        let formula_in_sight = if size.x >= VERY_NARROW {
            size.x < NARROW || lab.shows_panel("setup")
        } else {
            lab.view.tab == "Setup"
        };
        if notices::is_needed(lab, formula_in_sight) {
            Panel::top("notices").frame(bar).show(ui, |ui| {
                notices::show(lab, formula_in_sight, &mut commands, ui)
            });
        }
        // Its room is taken first and its controls come last, as they stand: the keyboard goes
        // through the window from top to bottom.
        let transport = Panel::bottom("transport")
            .frame(bar)
            .exact_size(transport::HEIGHT + 8.0)
            .show(ui, |ui| ui.max_rect())
            .inner;
        if size.x >= NARROW {
            CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
                self.middle.show(&mut self.contents, lab, &mut commands, ui);
            });
        } else {
            self.narrow(lab, &mut commands, size, ui);
        }
        ui.scope_builder(UiBuilder::new().max_rect(transport), |ui| {
            tour::mark("transport", transport, ui);
            transport::show(lab, &mut commands, ui);
        });
        notices::float(lab, &mut commands, ui.ctx());
        tour::show(lab, &mut commands, ui.ctx());
        dialogs::show(lab, &mut commands, ui.ctx());
        commands
    }

    /// One tab at a time in the middle.
    fn narrow(&mut self, lab: &Lab, commands: &mut Commands, size: egui::Vec2, ui: &mut Ui) {
        let side = Frame::new().inner_margin(Margin::same(behaviour::MARGIN as i8));
        let beside = size.x >= VERY_NARROW;
        if beside {
            Panel::left("narrow setup")
                .frame(side)
                .resizable(false)
                .exact_size(268.0)
                .show(ui, |ui| self.stacked("Setup", lab, commands, ui));
        }
        let seen = |tab: &&str| {
            let mut on_it = PANELS.iter().filter(|card| card.tab == *tab);
            !(beside && *tab == "Setup") && on_it.any(|card| lab.shows_panel(card.id))
        };
        let tabs: Vec<_> = registry::tabs().into_iter().filter(seen).collect();
        let chosen = tabs.iter().copied().find(|tab| *tab == lab.view.tab);
        let landscape = || tabs.iter().copied().find(|tab| *tab == "Landscape");
        let chosen = chosen.or_else(landscape).or(tabs.first().copied());
        CentralPanel::default().frame(side).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                for tab in &tabs {
                    let title = registry::tab_title(tab, lab);
                    if ui.selectable_label(chosen == Some(tab), title).clicked() {
                        commands.push(Command::ShowTab(tab));
                    }
                }
            });
            match chosen {
                Some(tab) => self.stacked(tab, lab, commands, ui),
                None => nothing(ui),
            }
        });
    }

    /// The panels of one tab, one below the other.
    fn stacked(&mut self, tab: &str, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        let on_it =
            |card: &&PanelCard| card.tab == tab && (tab == "Setup" || lab.shows_panel(card.id));
        let cards: Vec<_> = PANELS.iter().filter(on_it).collect();
        let all = ui.available_rect_before_wrap();
        let gap = 8.0;
        let height = |card: &PanelCard| match card.height {
            Some(height) if cards.len() > 1 => Some(height(lab, all.height())),
            _ => None,
        };
        let fixed: f32 = cards.iter().filter_map(|card| height(card)).sum();
        let free = cards.iter().filter(|card| height(card).is_none()).count();
        let gaps = gap * cards.len().saturating_sub(1) as f32;
        let rest = ((all.height() - fixed - gaps) / free.max(1) as f32).max(0.0);
        let mut top = all.top();
        for card in &cards {
            let bottom = top + height(card).unwrap_or(rest);
            let rect = egui::Rect::from_x_y_ranges(all.x_range(), top..=bottom.max(top));
            let builder = UiBuilder::new()
                .scope_id(behaviour::scope(card))
                .max_rect(rect);
            tour::mark(card.id, rect, ui);
            ui.scope_builder(builder, |ui| {
                self.contents.draw(card, lab, commands, ui);
            });
            top = bottom + gap;
        }
        ui.advance_cursor_after_rect(all);
    }
}

/// What is said where every panel is hidden.
fn nothing(ui: &mut Ui) {
    ui.centered_and_justified(|ui| {
        ui.weak("Every panel is hidden. View, Panels shows them again.")
    });
}
