//! The pinned experiment's trails on the map: grey, dashed, each with its run's name.

use super::head::head_inside;
use super::{Ground, Plane, visible_lines};
use crate::app::comparison::Pinned;
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::app::widgets::marker;
use crate::figures::theme::Marker;
use egui::{Align2, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, Ui, vec2};
use egui_plot::PlotBounds;
use std::sync::Arc;

/// Lengths of a dash and of a gap.
const DASH: (f32, f32) = (7.0, 4.0);

/// Letters of a name beside a trail's head.
const LETTERS: usize = 20;

/// Dashed trails, prepared for one pinned experiment and view.
#[derive(Default)]
pub struct GhostTrails {
    key: Option<Key>,
    trails: Arc<Mesh>,
}

/// What trails were prepared for.
#[derive(Clone, PartialEq)]
struct Key {
    pinned: u64,
    frame: Rect,
    bounds: PlotBounds,
    appearance: Appearance,
    pixels_per_point: f32,
}

impl GhostTrails {
    /// Draws the pinned trails whole, and where they are at the playhead.
    pub fn show(&mut self, lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
        let is_landscape = |pinned: &&Pinned| pinned.record.checked.objective.landscape().is_some();
        let Some(pinned) = lab.pinned_here().filter(is_landscape) else {
            return;
        };
        let key = Key {
            pinned: pinned.serial,
            frame: plane.frame(),
            bounds: *plane.0.bounds(),
            appearance: Appearance::of(ui),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        if self.key.as_ref() != Some(&key) {
            self.trails = Arc::new(dashes(pinned, plane, ui));
            self.key = Some(key);
        }
        if !self.trails.is_empty() {
            painter.add(Shape::Mesh(Arc::clone(&self.trails)));
        }
        let step = lab.playhead.step();
        let tokens = theme::of(ui);
        let grey = theme::colour(tokens.quiet_text);
        let mut named: Vec<Rect> = Vec::new();
        for (run, colour) in pinned.shown_runs() {
            let trace = &pinned.record.history.traces[run];
            let Some(w) = head_inside(trace, step, plane) else {
                continue;
            };
            let at = plane.position(w);
            let halo = theme::colour(tokens.halo);
            marker::paint(painter, Marker::of(colour), at, 4.0, grey, halo);
            let label = pinned.experiment.runs[run].display_label();
            name(&label, at, &mut named, painter, ui);
        }
    }
}

/// A name beside a head, cut where it is long and moved down where another one stands.
fn name(label: &str, at: Pos2, named: &mut Vec<Rect>, painter: &Painter, ui: &Ui) {
    let tokens = theme::of(ui);
    let short: String = label.chars().take(LETTERS).collect();
    let font = FontId::proportional(11.0);
    let text = format!("{short} (pinned)");
    let galley = painter.layout_no_wrap(text, font, theme::colour(tokens.quiet_text));
    let mut rect = Align2::LEFT_CENTER.anchor_size(at + vec2(9.0, 0.0), galley.size());
    for _ in 0..named.len() {
        if named.iter().any(|other| other.intersects(rect)) {
            rect = rect.translate(vec2(0.0, rect.height() + 2.0));
        }
    }
    named.push(rect);
    painter.rect_filled(rect.expand(2.0), 3, theme::translucent(tokens.panel, 0.7));
    painter.galley(rect.min, galley, theme::colour(tokens.quiet_text));
}

fn dashes(pinned: &Pinned, plane: Plane, ui: &Ui) -> Mesh {
    let tokens = theme::of(ui);
    let pen = Pen::new(ui.ctx());
    let mut pieces: Vec<Vec<Pos2>> = Vec::new();
    for (run, _) in pinned.shown_runs() {
        for line in visible_lines(&pinned.record.history.traces[run], &plane) {
            let points: Vec<_> = line.iter().map(|step| plane.position(step.w)).collect();
            let dashed = Shape::dashed_line(&points, Stroke::NONE, DASH.0, DASH.1);
            pieces.extend(dashed.into_iter().filter_map(|shape| match shape {
                Shape::LineSegment { points, .. } => Some(points.to_vec()),
                _ => None,
            }));
        }
    }
    let halo = Stroke::new(3.0, theme::translucent(tokens.halo, 0.6));
    let line = Stroke::new(1.4, theme::colour(tokens.quiet_text));
    let mut mesh = pen.mesh(pieces.iter().cloned(), halo);
    mesh.append(pen.mesh(pieces.into_iter(), line));
    mesh
}
