//! The pinned experiment's trails on the surface.

use super::scene::Scene;
use super::trails::draped;
use crate::app::panels::landscape::trails::{dashes, ghost_heads, pinned_on_landscape};
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::figures::surface::{Place, Projection};
use egui::{Mesh, Painter, Pos2, Shape, Ui};
use rayon::prelude::*;
use std::sync::Arc;

/// Cells a side on which the lines are thinned.
const SIDE: u32 = 1024;

/// Dashed trails, prepared for one pinned experiment and view.
#[derive(Default)]
pub struct SurfaceGhost {
    /// The pinned experiment and the surface on which its lines lie.
    draped: Option<(u64, u64)>,
    lines: Vec<Vec<Place>>,
    view: Option<ViewKey>,
    trails: Arc<Mesh>,
}

/// What the trails were made for.
#[derive(PartialEq)]
struct ViewKey {
    draped: (u64, u64),
    projection: Projection,
    appearance: Appearance,
    pixels_per_point: f32,
}

impl SurfaceGhost {
    /// Draws the pinned trails whole, and where they are at the playhead.
    pub fn show(&mut self, lab: &Lab, scene: &Scene<'_>, surface: u64, painter: &Painter, ui: &Ui) {
        let Some(pinned) = pinned_on_landscape(lab) else {
            return;
        };
        let draped_for = (pinned.serial, surface);
        if self.draped != Some(draped_for) {
            let relief = &scene.answer.relief;
            let traces = &pinned.record.history.traces;
            let of_run = |(run, _): (usize, u8)| draped(&traces[run], relief, SIDE);
            self.lines = pinned.shown_runs().flat_map(of_run).collect();
            self.draped = Some(draped_for);
        }
        let key = ViewKey {
            draped: draped_for,
            projection: scene.projection,
            appearance: Appearance::of(ui),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        if self.view.as_ref() != Some(&key) {
            self.trails = Arc::new(self.look(scene, ui));
            self.view = Some(key);
        }
        if !self.trails.is_empty() {
            painter.add(Shape::Mesh(Arc::clone(&self.trails)));
        }
        let seen = |w| scene.spot(w).map(|spot| (spot.at, spot.is_hidden));
        ghost_heads(pinned, lab.playhead.step(), &seen, painter, ui);
    }

    /// The dashes; what is hidden lies below what is seen.
    fn look(&self, scene: &Scene<'_>, ui: &Ui) -> Mesh {
        let parts = |line: &Vec<Place>| scene.parts(line).collect::<Vec<_>>();
        let parts: Vec<_> = self.lines.par_iter().flat_map_iter(parts).collect();
        let on_screen = |(_, part): &(bool, Vec<(usize, Pos2)>)| -> Vec<Pos2> {
            part.iter().map(|(_, at)| *at).collect()
        };
        let (tokens, pen) = (theme::of(ui), Pen::new(ui.ctx()));
        let [mut hidden, seen] = [true, false].map(|are_hidden| {
            let these = parts
                .iter()
                .filter(|(is_hidden, _)| *is_hidden == are_hidden);
            dashes(these.map(on_screen), are_hidden, tokens, pen)
        });
        hidden.append(seen);
        hidden
    }
}
