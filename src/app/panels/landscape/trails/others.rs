//! Trails from every other start and with every other seed, on the map.

use super::head::head_inside;
use super::plane::Key;
use super::{Ground, Plane, Strokes, Trail, chunks, visible_lines};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::line::Pen;
use crate::engine::{History, Record};
use egui::{Align2, FontId, Painter, Stroke, Ui, vec2};
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
                let fill = theme::colour(tokens.run(trail.colour));
                let halo = Stroke::new(1.0, theme::colour(tokens.halo));
                painter.circle(plane.position(w), 2.5, fill, halo);
            }
        }
        if self.drawn < history.variations.len() {
            self.say_how_many(history, painter, ui);
        }
    }

    fn say_how_many(&self, history: &History, painter: &Painter, ui: &Ui) {
        let all = history.variations.len() + 1;
        let text = format!("Trails of {} of {all} starts and seeds", self.drawn + 1);
        let corner = painter.clip_rect().left_top() + vec2(8.0, 8.0);
        let colour = theme::colour(theme::of(ui).text);
        painter.text(
            corner,
            Align2::LEFT_TOP,
            text,
            FontId::proportional(12.0),
            colour,
        );
    }

    fn prepare(&mut self, lab: &Lab, record: &Record, plane: Plane, ui: &Ui) {
        let key = Key::of(lab, record, plane, ui);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let variations = &record.history.variations;
        self.drawn = variations.len().min(MOST / key.shown.len().max(1));
        let pairs: Vec<(usize, usize, u8)> = (0..self.drawn)
            // Evenly, so that a part of a grid stands for the whole.
            .map(|place| place * variations.len() / self.drawn.max(1))
            .flat_map(|variation| key.shown.iter().map(move |&(run, c)| (variation, run, c)))
            .collect();
        let (tokens, pen) = (theme::of(ui), Pen::new(ui.ctx()));
        let trail = |&(variation, run, colour): &(usize, usize, u8)| {
            let strokes = Strokes::thin(tokens, colour);
            let lines = visible_lines(&variations[variation].traces[run], &plane);
            let place = |line: &Vec<super::thin::Step>| -> Vec<_> {
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
        self.trails = pairs.par_iter().map(trail).collect();
        self.key = Some(key);
    }
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
