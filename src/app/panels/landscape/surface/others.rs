//! Trails from every other start and with every other seed, on the surface.

use super::scene::{Scene, Spot};
use super::trails::{cut, draped};
use crate::app::panels::landscape::marks;
use crate::app::panels::landscape::trails::{Candidates, Strokes, Trail, say_how_many};
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::engine::Record;
use crate::figures::surface::{Place, Projection};
use crate::figures::thinning::evenly;
use egui::{Painter, Ui};
use rayon::prelude::*;

/// The most places of all lines together: whether each is hidden is found anew in every frame
/// in which the camera turns.
const MOST_PLACES: usize = 24_000;

/// Cells a side on which these thin lines are thinned.
const SIDE: u32 = 512;

/// How visible rings and heads are that the surface hides.
const HIDDEN: f32 = 0.35;

/// Thin trails, prepared for one record and view.
#[derive(Default)]
pub struct SurfaceOthers {
    record: Option<RecordKey>,
    threads: Vec<Thread>,
    /// How many variations are drawn.
    drawn: usize,
    /// Counts how often the threads were made.
    serial: u64,
    view: Option<ViewKey>,
    trails: Vec<(usize, Trail)>,
}

/// What the threads were made for.
#[derive(PartialEq)]
struct RecordKey {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    surface: u64,
}

/// What the trails were made for.
#[derive(PartialEq)]
struct ViewKey {
    threads: u64,
    projection: Projection,
    appearance: Appearance,
    pixels_per_point: f32,
}

/// The lines of one run in one variation, draped over the surface.
struct Thread {
    variation: usize,
    run: usize,
    colour: u8,
    lines: Vec<Vec<Place>>,
}

impl Thread {
    fn places(&self) -> usize {
        self.lines.iter().map(Vec::len).sum()
    }
}

impl SurfaceOthers {
    /// Draws every other start, and the shown runs' trails from there with a dot at the playhead.
    pub fn show(&mut self, lab: &Lab, scene: &Scene<'_>, surface: u64, painter: &Painter, ui: &Ui) {
        let Some(record) = lab.record_on_landscape() else {
            return;
        };
        let variations = &record.history.variations;
        if variations.is_empty() {
            return;
        }
        self.drape(lab, record, scene, surface);
        self.look(scene, ui);
        rings(lab, scene, painter, ui);
        let step = lab.playhead.step();
        for (variation, trail) in &self.trails {
            let trace = &variations[*variation].traces[trail.run];
            trail.draw(trace.index_at(step), painter);
        }
        for (variation, trail) in &self.trails {
            let frame = variations[*variation].traces[trail.run].frame_at(step);
            let spot = frame.and_then(|f| scene.spot([f.parameters[0], f.parameters[1]]));
            let Some(spot) = spot else { continue };
            let tokens = theme::of(ui);
            marks::small_head(painter, spot.at, trail.colour, opacity(spot), tokens);
        }
        say_how_many(self.drawn, variations.len(), painter, ui);
    }

    /// Finds what of the trails can be seen at all, once a record, of as many variations as can
    /// be drawn while the camera turns.
    fn drape(&mut self, lab: &Lab, record: &Record, scene: &Scene<'_>, surface: u64) {
        let key = RecordKey {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            surface,
        };
        if self.record.as_ref() == Some(&key) {
            return;
        }
        let variations = &record.history.variations;
        let relief = &scene.answer.relief;
        let Candidates { drawn, trails } = Candidates::new(variations.len(), &key.shown);
        let thread = |&(variation, run, colour): &(usize, usize, u8)| Thread {
            variation,
            run,
            colour,
            lines: draped(&variations[variation].traces[run], relief, SIDE),
        };
        let threads: Vec<Thread> = trails.par_iter().map(thread).collect();
        (self.drawn, self.threads) = thinned(drawn, threads);
        self.record = Some(key);
        self.serial += 1;
    }

    /// Finds what of the trails is hidden, once a view.
    fn look(&mut self, scene: &Scene<'_>, ui: &Ui) {
        let key = ViewKey {
            threads: self.serial,
            projection: scene.projection,
            appearance: Appearance::of(ui),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        if self.view.as_ref() == Some(&key) {
            return;
        }
        let (tokens, pen) = (theme::of(ui), Pen::new(ui.ctx()));
        let trail = |thread: &Thread| {
            let strokes = [Strokes::thin, Strokes::thin_hidden].map(|of| of(tokens, thread.colour));
            let lines = thread.lines.iter();
            let chunks = lines.flat_map(|line| cut(scene, line, strokes, pen));
            let trail = Trail {
                run: thread.run,
                colour: thread.colour,
                chunks: chunks.collect(),
            };
            (thread.variation, trail)
        };
        self.trails = self.threads.par_iter().map(trail).collect();
        self.view = Some(key);
    }
}

/// As many of the variations, evenly, as have no more places than [`MOST_PLACES`], and how many
/// these are; at least one. The threads are those of `drawn` variations, one after another.
fn thinned(drawn: usize, threads: Vec<Thread>) -> (usize, Vec<Thread>) {
    let places: usize = threads.iter().map(Thread::places).sum();
    if places <= MOST_PLACES || drawn == 0 {
        return (drawn, threads);
    }
    let count = (drawn * MOST_PLACES / places).max(1);
    let runs = threads.len() / drawn;
    let kept: Vec<usize> = evenly(count, drawn).collect();
    let threads = threads.into_iter().enumerate();
    let is_kept = |index: &usize| kept.binary_search(&(index / runs.max(1))).is_ok();
    let threads = threads.filter(|(index, _)| is_kept(index));
    (count, threads.map(|(_, thread)| thread).collect())
}

fn opacity(spot: Spot) -> f32 {
    if spot.is_hidden { HIDDEN } else { 1.0 }
}

/// A small ring at every start but the first.
fn rings(lab: &Lab, scene: &Scene<'_>, painter: &Painter, ui: &Ui) {
    let starts = lab.experiment.starts.iter().skip(1);
    let feet = starts.filter_map(|start| lab.foot_on_landscape(start));
    for spot in feet.filter_map(|w| scene.spot(w)) {
        marks::small_ring(painter, spot.at, opacity(spot), theme::of(ui));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(variation: usize, run: usize, places: usize) -> Thread {
        let place = Place {
            at: [0.0, 0.0],
            source: 0,
        };
        Thread {
            variation,
            run,
            colour: 0,
            lines: vec![vec![place; places]],
        }
    }

    #[test]
    fn whole_variations_are_left_out_evenly_when_there_are_too_many_places() {
        let all = |places: usize| -> Vec<Thread> {
            let pairs = (0..40).flat_map(|variation| [(variation, 0), (variation, 3)]);
            pairs.map(|(v, run)| thread(v, run, places)).collect()
        };
        let (drawn, kept) = thinned(40, all(10));
        assert_eq!((drawn, kept.len()), (40, 80));
        let (drawn, kept) = thinned(40, all(MOST_PLACES / 40));
        assert_eq!((drawn, kept.len()), (20, 40));
        let variations: Vec<_> = kept.iter().map(|thread| thread.variation).collect();
        assert_eq!(variations[..4], [0, 0, 2, 2]);
        assert!(kept.iter().map(Thread::places).sum::<usize>() <= MOST_PLACES);
        let (drawn, kept) = thinned(1, vec![thread(0, 0, 2 * MOST_PLACES)]);
        assert_eq!((drawn, kept.len()), (1, 1), "one is always drawn");
        assert_eq!(thinned(0, Vec::new()).0, 0);
    }
}
