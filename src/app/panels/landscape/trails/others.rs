//! Every other start and seed on the map: rings where runs begin, dots at the playhead.

use super::head::head_inside;
use super::{Ground, Plane};
use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::{History, Record, Trace};
use egui::{Align2, FontId, Painter, Stroke, Ui, vec2};

/// The most trails that are drawn; more would cover one another.
const MOST: usize = 400;

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

/// The runs that are drawn: all of evenly chosen variations, so that a part of a grid stands
/// for the whole.
pub fn chosen(history: &History, shown: &[(usize, u8)]) -> Vec<Other> {
    let variations = history.variations.len();
    let drawn = drawn(variations, shown.len());
    (0..drawn)
        .map(|place| place * variations / drawn)
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
fn drawn(variations: usize, runs: usize) -> usize {
    variations.min(MOST / runs.max(1))
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
    for other in chosen(history, &shown) {
        if let Some(w) = head_inside(other.trace(record), lab.playhead.step(), plane) {
            let fill = theme::colour(tokens.run(other.colour));
            let halo = Stroke::new(1.0, theme::colour(tokens.halo));
            painter.circle(plane.position(w), 2.5, fill, halo);
        }
    }
    let drawn = drawn(history.variations.len(), shown.len());
    if drawn < history.variations.len() {
        say_how_many(drawn, history, painter, ui);
    }
}

fn say_how_many(drawn: usize, history: &History, painter: &Painter, ui: &Ui) {
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
        for (width, colour) in [(2.5, tokens.halo), (1.2, tokens.text)] {
            painter.circle_stroke(at, 3.5, Stroke::new(width, theme::colour(colour)));
        }
    }
}
