//! Trails from every other start and with every other seed, on the map.

use super::head::head_inside;
use super::plane::Key;
use super::{Ground, Plane, Step, Strokes, Trail, chunks, visible_lines};
use crate::app::panels::landscape::marks;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::line::Pen;
use crate::engine::Record;
use crate::figures::thinning::evenly;
use egui::{Align2, FontId, Painter, Ui, vec2};
use rayon::prelude::*;

/// The most trails that are drawn; more would cover one another.
const MOST: usize = 400;

/// Thin trails, prepared for one record and view.
#[derive(Default)]
pub struct OtherTrails {
    key: Option<Key>,
    /// The number of the variation, and the trail of one of its runs.
    trails: Vec<(usize, Trail)>,
    /// How many variations are drawn.
    drawn: usize,
}

impl OtherTrails {
    /// Draws every other start, and the shown runs' trails from there with a dot at the playhead.
    pub fn show(&mut self, lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
        let Some(record) = lab.record_on_landscape() else {
            return;
        };
        let history = &record.history;
        if history.variations.is_empty() {
            return;
        }
        self.prepare(lab, record, plane, ui);
        rings(lab, plane, painter, ui);
        let step = lab.playhead.step();
        for (variation, trail) in &self.trails {
            let trace = &history.variations[*variation].traces[trail.run];
            trail.draw(trace.index_at(step), painter);
        }
        let tokens = theme::of(ui);
        for (variation, trail) in &self.trails {
            let trace = &history.variations[*variation].traces[trail.run];
            if let Some(w) = head_inside(trace, step, plane) {
                marks::small_head(painter, plane.position(w), trail.colour, 1.0, tokens);
            }
        }
        say_how_many(self.drawn, history.variations.len(), painter, ui);
    }

    fn prepare(&mut self, lab: &Lab, record: &Record, plane: Plane, ui: &Ui) {
        let key = Key::of(lab, record, plane, ui);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let variations = &record.history.variations;
        let Candidates { drawn, trails } = Candidates::new(variations.len(), &key.shown);
        self.drawn = drawn;
        let (tokens, pen) = (theme::of(ui), Pen::new(ui.ctx()));
        let trail = |&(variation, run, colour): &(usize, usize, u8)| {
            let strokes = Strokes::thin(tokens, colour);
            let lines = visible_lines(&variations[variation].traces[run], &plane);
            let place = |line: &Vec<Step>| -> Vec<_> {
                let points = line.iter();
                points
                    .map(|step| (step.frame, plane.position(step.w)))
                    .collect()
            };
            let pieces = lines.iter().map(place);
            let chunks = pieces.flat_map(|line| chunks(&line, strokes, pen).collect::<Vec<_>>());
            let trail = Trail {
                run,
                colour,
                chunks: chunks.collect(),
            };
            (variation, trail)
        };
        self.trails = trails.par_iter().map(trail).collect();
        self.key = Some(key);
    }
}

/// The trails that are drawn of all starts and seeds.
pub struct Candidates {
    /// Of how many variations.
    pub drawn: usize,
    /// The variation, the run and its colour.
    pub trails: Vec<(usize, usize, u8)>,
}

impl Candidates {
    /// The trails of these runs in as many variations as can be told apart.
    pub fn new(variations: usize, shown: &[(usize, u8)]) -> Self {
        let drawn = variations.min(MOST / shown.len().max(1));
        let of_variation = |variation| {
            shown
                .iter()
                .map(move |&(run, colour)| (variation, run, colour))
        };
        Self {
            drawn,
            trails: evenly(drawn, variations).flat_map(of_variation).collect(),
        }
    }
}

/// Says how many of the variations have a trail, where it is not every one.
pub fn say_how_many(drawn: usize, variations: usize, painter: &Painter, ui: &Ui) {
    if drawn >= variations {
        return;
    }
    let text = format!(
        "Trails of {} of {} starts and seeds",
        drawn + 1,
        variations + 1
    );
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
