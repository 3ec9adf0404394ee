//! The landscape: from above, as a surface in space, or both.

mod controls;
mod curving;
mod inside;
mod map;
mod marks;
mod range;
mod readout;
mod start;
mod succession;
mod surface;
mod trails;

use super::Commands;
use crate::app::command::Action;
use crate::app::state::Lab;
use crate::storage::settings::LandscapeView;
use egui::{Rect, Ui, UiBuilder, pos2};
use map::Map;
use surface::SurfaceView;

/// What the right mouse button offers on either view.
const OFFERED: &[Action] = &[
    Action::ResetView,
    Action::ShowMap,
    Action::ToggleSurface,
    Action::ShowBoth,
    Action::ToggleHeightSpread,
    Action::NextContours,
    Action::ToggleInside,
    Action::ToggleCurvature,
    Action::ToggleFlow,
    Action::Export,
];

/// Between the two views, in points.
const GAP: f32 = 6.0;

/// The panel, with both views.
pub struct LandscapePanel {
    map: Map,
    surface: SurfaceView,
}

impl LandscapePanel {
    /// A panel that has shown nothing yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            map: Map::new(ctx),
            surface: SurfaceView::new(ctx),
        }
    }

    /// Shows the landscape.
    pub fn show(&mut self, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
        controls::show(lab, commands, ui);
        // Every one of them costs the factors of an ellipse.
        let held = lab.held_runs();
        succession::caption(lab, &held, ui);
        let whole = ui.available_rect_before_wrap();
        let (map, surface) = match lab.settings.landscape_view {
            LandscapeView::Map => (Some(whole), None),
            LandscapeView::Surface => (None, Some(whole)),
            LandscapeView::Both => {
                let [map, surface] = halves(whole);
                (Some(map), Some(surface))
            }
        };
        // The surface looks for the pointer first and is drawn last, so that each view can mark
        // what the pointer is on in the other.
        let mut marked = None;
        if let Some(rect) = surface {
            marked = self.surface.move_camera(lab, commands, rect, ui);
        }
        if let Some(rect) = map {
            let there = ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
                self.map.show(lab, &held, commands, marked, ui)
            });
            marked = there.inner.or(marked);
        }
        if surface.is_some() {
            self.surface.show(lab, &held, commands, marked, ui);
        }
        ui.advance_cursor_after_rect(whole);
    }
}

/// The rectangle in two, so that each part is as square as can be.
fn halves(whole: Rect) -> [Rect; 2] {
    let middle = whole.center();
    let beside = whole.width() >= whole.height();
    let (first, second) = if beside {
        let x = middle.x - GAP / 2.0;
        (pos2(x, whole.bottom()), pos2(x + GAP, whole.top()))
    } else {
        let y = middle.y - GAP / 2.0;
        (pos2(whole.right(), y), pos2(whole.left(), y + GAP))
    };
    [
        Rect::from_min_max(whole.min, first),
        Rect::from_min_max(second, whole.max),
    ]
}
