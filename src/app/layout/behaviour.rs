//! How a tile of the window's middle looks and what can be done with it.

use super::arranging::Direction;
use super::registry::{PanelCard, card};
use super::tiles::GAP;
use super::{Contents, LayoutCommand};
use crate::app::command::{Action, Command};
use crate::app::panels::{Commands, tour};
use crate::app::state::Lab;
use egui::{
    Color32, CursorIcon, Order, Popup, Rect, Role, Sense, Stroke, Style, Ui, UiBuilder, Visuals,
    WidgetInfo, WidgetText, pos2, vec2,
};
use egui_tiles::{Behavior, EditAction, ResizeState, TabState, Tabs, TileId, Tiles, UiResponse};

/// Around the contents of a panel, in points.
pub const MARGIN: f32 = 8.0;

/// Shows panels and notes what was done with their tiles.
pub struct Behaviour<'a> {
    /// The panels.
    pub contents: &'a mut Contents,
    /// What they read.
    pub lab: &'a Lab,
    /// What they ask for.
    pub commands: &'a mut Commands,
    /// Tiles of panels.
    pub panes: Vec<TileId>,
    /// Tiles that are not seen.
    pub hidden: Vec<TileId>,
    /// Whether a tile was moved to another place or brought to the front.
    pub rearranged: bool,
}

impl Behavior<&'static str> for Behaviour<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, panel: &mut &'static str) -> UiResponse {
        let Some(card) = card(panel) else {
            return UiResponse::None;
        };
        let whole = ui.max_rect();
        // One that is being dragged floats above others; elsewhere the window has this colour.
        if ui.layer_id().order != Order::Background {
            ui.painter().rect_filled(whole, 0, ui.visuals().panel_fill);
        }
        tour::mark(card.id, whole, ui);
        let taken = grip(self.lab, card, whole, self.commands, ui);
        let builder = UiBuilder::new()
            .scope_id(scope(card))
            .max_rect(whole.shrink(MARGIN));
        ui.scope_builder(builder, |ui| {
            self.contents.draw(card, self.lab, self.commands, ui);
        });
        if taken {
            UiResponse::DragStarted
        } else {
            UiResponse::None
        }
    }

    fn tab_title_for_pane(&mut self, panel: &&'static str) -> WidgetText {
        card(panel)
            .map_or("?", |card| card.title_for(self.lab))
            .into()
    }

    fn is_tab_bar_visible(&self, _tile: TileId, tabs: &Tabs) -> bool {
        let seen = tabs
            .children
            .iter()
            .filter(|tab| !self.hidden.contains(tab));
        seen.count() > 1
    }

    /// Whole columns stay where they are; panels leave them one by one.
    fn is_tile_draggable(&self, _: &Tiles<&'static str>, tile: TileId) -> bool {
        // The tiles themselves don't tell: the one that is being drawn is not among them.
        self.panes.contains(&tile)
    }

    /// Boundaries of our own have names and listen to keys.
    fn is_container_resizable(&self, _: &Tiles<&'static str>, _: TileId) -> bool {
        false
    }

    fn resize_stroke(&self, _: &Style, _: ResizeState) -> Stroke {
        Stroke::NONE
    }

    fn gap_width(&self, _: &Style) -> f32 {
        GAP
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        visuals.extreme_bg_color
    }

    fn tab_bg_color(
        &self,
        visuals: &Visuals,
        _: &Tiles<&'static str>,
        _: TileId,
        state: &TabState,
    ) -> Color32 {
        if state.active {
            visuals.panel_fill
        } else {
            Color32::TRANSPARENT
        }
    }

    fn tab_text_color(
        &self,
        visuals: &Visuals,
        _: &Tiles<&'static str>,
        _: TileId,
        state: &TabState,
    ) -> Color32 {
        if state.active {
            visuals.text_color()
        } else {
            visuals.weak_text_color()
        }
    }

    fn on_edit(&mut self, action: EditAction) {
        self.rearranged |= matches!(action, EditAction::TileDropped | EditAction::TabSelected);
    }
}

/// What a panel's controls are told apart by: where it stands makes no difference.
pub fn scope(card: &PanelCard) -> egui::Id {
    egui::Id::unique(("panel", card.id))
}

/// The handle in a panel's upper margin. Gives whether it was taken to move the panel.
fn grip(lab: &Lab, card: &PanelCard, panel: Rect, commands: &mut Commands, ui: &mut Ui) -> bool {
    let centre = pos2(panel.center().x, panel.top() + MARGIN / 2.0);
    let rect = Rect::from_center_size(centre, vec2(56.0, MARGIN));
    let id = scope(card).with("handle");
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let enabled = ui.is_enabled();
    let name = format!("{} panel: move or hide", card.title_for(lab));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    let is_held = response.hovered() || response.has_focus() || response.dragged();
    let colour = if is_held {
        ui.visuals().selection.stroke.color
    } else {
        ui.visuals().widgets.noninteractive.bg_stroke.color
    };
    let pill = Rect::from_center_size(centre, vec2(32.0, if is_held { 4.0 } else { 3.0 }));
    ui.painter().rect_filled(pill, 2, colour);
    let taken = response.drag_started();
    let popup = Popup::menu(&response);
    if response.secondary_clicked() {
        Popup::open_id(ui.ctx(), popup.get_id());
    }
    popup.show(|ui| menu(lab, card, commands, ui));
    response
        .on_hover_cursor(CursorIcon::Grab)
        .on_hover_text(format!(
            "{}: {} Drag to move it, click for more.",
            card.title_for(lab),
            card.about_for(lab)
        ));
    taken
}

/// What can be done with a panel, without dragging.
fn menu(lab: &Lab, card: &PanelCard, commands: &mut Commands, ui: &mut Ui) {
    ui.set_min_width(160.0);
    for (direction, name) in Direction::ALL {
        if ui.button(name).clicked() {
            commands.push(Command::Layout(LayoutCommand::Move(card.id, direction)));
        }
    }
    if ui.button("Hide").clicked() {
        commands.push(Command::Layout(LayoutCommand::Show(card.id, false)));
    }
    ui.separator();
    let is_usual = lab.settings.layout == Default::default();
    let reset = egui::Button::new(Action::ResetLayout.card().name);
    if ui.add_enabled(!is_usual, reset).clicked() {
        commands.act(Action::ResetLayout);
    }
}
