//! Every other start and seed on the map: rings where runs begin, dots at the playhead.

use super::head::head_inside;
use super::{Ground, Plane};
use crate::app::panels::landscape::marks;
use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::{History, Record, Trace};
use crate::figures::thinning::evenly;
use egui::{Align2, FontId, Painter, Ui, vec2};

/// The most trails that are drawn on the map; more would cover one another.
pub const MOST_ON_MAP: usize = 400;

/// The most trails that are drawn in space, where what of them is hidden is found anew whenever
/// the camera turns.
pub const MOST_IN_SPACE: usize = 120;

/// A run from another start or with another seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Other {
    /// Number of the variation.
    pub variation: usize,
    /// Number of the run.
    pub run: usize,
    /// Its colour.
    pub colour: u8,
}

impl Other {
    /// Its way.
    pub fn trace(self, record: &Record) -> &Trace {
        &record.history.variations[self.variation].traces[self.run]
    }
}

/// The runs that are drawn, at most `most`: all of evenly chosen variations.
pub fn chosen(history: &History, shown: &[(usize, u8)], most: usize) -> Vec<Other> {
    let variations = history.variations.len();
    let drawn = drawn(variations, shown.len(), most);
    evenly(drawn, variations)
        .flat_map(|variation| {
            shown.iter().map(move |&(run, colour)| Other {
                variation,
                run,
                colour,
            })
        })
        .collect()
}

/// How many of the variations are drawn.
pub fn drawn(variations: usize, runs: usize, most: usize) -> usize {
    variations.min(most / runs.max(1))
}

/// Marks every other start, and draws a dot where each run from there is at the playhead.
pub fn heads(lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
    let Some(record) = lab.record_on_landscape() else {
        return;
    };
    let history = &record.history;
    if history.variations.is_empty() {
        return;
    }
    rings(lab, plane, painter, ui);
    let tokens = theme::of(ui);
    let shown: Vec<_> = lab.shown_runs().collect();
    for other in chosen(history, &shown, MOST_ON_MAP) {
        if let Some(w) = head_inside(other.trace(record), lab.playhead.step(), plane) {
            marks::small_head(painter, plane.position(w), other.colour, 1.0, tokens);
        }
    }
    let drawn = drawn(history.variations.len(), shown.len(), MOST_ON_MAP);
    say_how_many(drawn, history, painter, ui);
}

/// Says of how many starts and seeds there are trails, where it is not all.
pub fn say_how_many(drawn: usize, history: &History, painter: &Painter, ui: &Ui) {
    if drawn >= history.variations.len() {
        return;
    }
    let all = history.variations.len() + 1;
    let text = format!("Trails of {} of {all} starts and seeds", drawn + 1);
    let corner = painter.clip_rect().left_top() + vec2(8.0, 8.0);
    let colour = theme::colour(theme::of(ui).text);
    let font = FontId::proportional(12.0);
    painter.text(corner, Align2::LEFT_TOP, text, font, colour);
}

/// A small ring at every start but the first.
fn rings(lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
    let tokens = theme::of(ui);
    for start in lab.experiment.starts.iter().skip(1) {
        let Some(w) = lab.foot_on_landscape(start) else {
            continue;
        };
        let at = plane.position(w);
        if !painter.clip_rect().contains(at) {
            continue;
        }
        marks::small_ring(painter, at, 1.0, tokens);
    }
}
