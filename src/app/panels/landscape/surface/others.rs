//! Every other start and seed on the surface: rings where runs begin, dots at the playhead.

use super::scene::{Scene, Spot};
use crate::app::panels::landscape::marks;
use crate::app::panels::landscape::trails::others::{MOST_IN_SPACE, chosen, drawn, say_how_many};
use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::Record;
use egui::{Painter, Ui};

/// How visible rings and dots are that the surface hides.
const HIDDEN: f32 = 0.35;

/// Marks every other start, and draws a dot where each run from there is at the playhead.
pub fn heads(lab: &Lab, record: &Record, scene: &Scene<'_>, painter: &Painter, ui: &Ui) {
    let history = &record.history;
    if history.variations.is_empty() {
        return;
    }
    let tokens = theme::of(ui);
    let starts = lab.experiment.starts.iter().skip(1);
    let feet = starts.filter_map(|start| lab.foot_on_landscape(start));
    for spot in feet.filter_map(|w| scene.spot(w)) {
        marks::small_ring(painter, spot.at, opacity(spot), tokens);
    }
    let shown: Vec<_> = lab.shown_runs().collect();
    for other in chosen(history, &shown, MOST_IN_SPACE) {
        let frame = other.trace(record).frame_at(lab.playhead.step());
        let spot = frame.and_then(|f| scene.spot([f.parameters[0], f.parameters[1]]));
        if let Some(spot) = spot {
            marks::small_head(painter, spot.at, other.colour, opacity(spot), tokens);
        }
    }
    let drawn = drawn(history.variations.len(), shown.len(), MOST_IN_SPACE);
    say_how_many(drawn, history, painter, ui);
}

fn opacity(spot: Spot) -> f32 {
    if spot.is_hidden { HIDDEN } else { 1.0 }
}
