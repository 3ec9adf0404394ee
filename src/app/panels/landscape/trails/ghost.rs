//! The pinned experiment's trails: grey, dashed, each with its run's name.

use super::{Ground, Plane, visible_lines};
use crate::app::comparison::Pinned;
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::app::widgets::marker;
use crate::figures::clip;
use crate::figures::theme::Theme;
use egui::{Align2, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, Ui, vec2};
use egui_plot::PlotBounds;
use std::sync::Arc;

/// Lengths of a dash and of a gap.
const DASH: (f32, f32) = (7.0, 4.0);

/// Letters of a name beside a trail's head.
const LETTERS: usize = 20;

/// How visible what the surface hides still is.
const HIDDEN: f32 = 0.35;

/// Dashed trails on the map, prepared for one pinned experiment and view.
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

/// The pinned experiment where it has trails to be drawn here.
pub fn pinned_on_landscape(lab: &Lab) -> Option<&Pinned> {
    let pinned = lab.pinned_here()?;
    let on_landscape = pinned.record.checked.objective.landscape().is_some();
    on_landscape.then_some(pinned)
}

impl GhostTrails {
    /// Draws the pinned trails whole, and where they are at the playhead.
    pub fn show(&mut self, lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
        let Some(pinned) = pinned_on_landscape(lab) else {
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
            let (tokens, pen) = (theme::of(ui), Pen::new(ui.ctx()));
            self.trails = Arc::new(dashes(lines(pinned, plane).into_iter(), false, tokens, pen));
            self.key = Some(key);
        }
        if !self.trails.is_empty() {
            painter.add(Shape::Mesh(Arc::clone(&self.trails)));
        }
        let seen = |w| clip::contains(plane.seen(), w).then(|| (plane.position(w), false));
        heads(pinned, lab.playhead.step(), &seen, painter, ui);
    }
}

/// The pinned runs' markers and names where they are after `step` updates. `place` is where a
/// point of the plane lies on the screen, and whether something stands in front of it.
pub fn heads(
    pinned: &Pinned,
    step: u64,
    place: &dyn Fn([f64; 2]) -> Option<(Pos2, bool)>,
    painter: &Painter,
    ui: &Ui,
) {
    let tokens = theme::of(ui);
    let mut named: Vec<Rect> = Vec::new();
    for (run, colour) in pinned.shown_runs() {
        let frame = pinned.record.history.traces[run].frame_at(step);
        let Some((at, is_hidden)) = frame.and_then(|f| place([f.parameters[0], f.parameters[1]]))
        else {
            continue;
        };
        let opacity = if is_hidden { HIDDEN } else { 1.0 };
        let [grey, halo] = [tokens.quiet_text, tokens.halo]
            .map(|colour| theme::colour(colour).gamma_multiply(opacity));
        marker::of_look(painter, colour, at, 4.0, grey, halo);
        let label = pinned.experiment.runs[run].display_label();
        name(&label, at, &mut named, painter, ui);
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

/// The pinned trails on the map.
fn lines(pinned: &Pinned, plane: Plane) -> Vec<Vec<Pos2>> {
    let of_run = |(run, _): (usize, u8)| {
        let lines = visible_lines(&pinned.record.history.traces[run], &plane);
        lines
            .into_iter()
            .map(move |line| line.iter().map(|step| plane.position(step.w)).collect())
    };
    pinned.shown_runs().flat_map(of_run).collect()
}

/// Lines in grey dashes; those that something hides are faint and have no outline.
pub fn dashes(
    lines: impl Iterator<Item = Vec<Pos2>>,
    are_hidden: bool,
    tokens: &Theme,
    pen: Pen,
) -> Mesh {
    let mut pieces: Vec<Vec<Pos2>> = Vec::new();
    for line in lines {
        let dashed = Shape::dashed_line(&line, Stroke::NONE, DASH.0, DASH.1);
        pieces.extend(dashed.into_iter().filter_map(|shape| match shape {
            Shape::LineSegment { points, .. } => Some(points.to_vec()),
            _ => None,
        }));
    }
    let grey = theme::colour(tokens.quiet_text);
    if are_hidden {
        return pen.mesh(
            pieces.into_iter(),
            Stroke::new(1.0, grey.gamma_multiply(HIDDEN)),
        );
    }
    let halo = Stroke::new(3.0, theme::translucent(tokens.halo, 0.6));
    let mut mesh = pen.mesh(pieces.iter().cloned(), halo);
    mesh.append(pen.mesh(pieces.into_iter(), Stroke::new(1.4, grey)));
    mesh
}
