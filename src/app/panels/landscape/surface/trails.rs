//! Trails that lie on the surface.
//!
//! What of a trail adds something to the picture and how it bends over the surface is found once
//! a record; what of it is hidden, once a view.

use super::scene::Scene;
use crate::app::panels::landscape::trails::{
    Chunk, Ground, Head, Look, Step, Strokes, Trail, chunks, visible_lines,
};
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::engine::{Record, Trace};
use crate::figures::field::Window;
use crate::figures::surface::{Place, Projection, Relief};
use egui::{Painter, Pos2, Rect, Ui, pos2};
use rayon::prelude::*;

/// Trails, prepared for one record and view.
#[derive(Default)]
pub struct SurfaceTrails {
    record: Option<RecordKey>,
    threads: Vec<Thread>,
    /// Counts how often the threads were made.
    serial: u64,
    view: Option<ViewKey>,
    trails: Vec<Trail>,
}

/// What the threads were made for.
#[derive(PartialEq)]
struct RecordKey {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    surface: u64,
    side: u32,
}

/// What the trails were made for.
#[derive(PartialEq)]
struct ViewKey {
    threads: u64,
    projection: Projection,
    appearance: Appearance,
    pixels_per_point: f32,
}

/// A run's lines, draped over the surface.
struct Thread {
    run: usize,
    colour: u8,
    lines: Vec<Vec<Place>>,
}

/// The plane as a square map, on which trails are thinned.
struct Flat {
    window: Window,
    side: u32,
}

impl Ground for Flat {
    fn window(&self) -> Window {
        self.window
    }

    fn frame(&self) -> Rect {
        Rect::from_min_max(Pos2::ZERO, pos2(self.side as f32, self.side as f32))
    }

    fn position(&self, w: [f64; 2]) -> Pos2 {
        let [width, depth] = self.window.size();
        let side = f64::from(self.side);
        pos2(
            ((w[0] - self.window.x.0) / width * side) as f32,
            ((w[1] - self.window.y.0) / depth * side) as f32,
        )
    }
}

/// What of a trail can be seen at all, draped over the surface; what is nearer than a cell of
/// `side` cells a side to what was drawn is left out.
pub fn draped(trace: &Trace, relief: &Relief, side: u32) -> Vec<Vec<Place>> {
    let window = relief.window();
    let lines = visible_lines(trace, &Flat { window, side });
    let steps = |line: &Vec<Step>| line.iter().map(|step| (step.frame, step.w)).collect();
    let lines = lines.iter().map(steps);
    lines
        .map(|line: Vec<(usize, [f64; 2])>| relief.drape(line))
        .collect()
}

/// A draped line in the strokes of what is seen and of what is hidden.
pub fn cut(
    scene: &Scene<'_>,
    line: &[Place],
    [seen, hidden]: [Strokes; 2],
    pen: Pen,
) -> Vec<Chunk> {
    let stroked = |(is_hidden, part): (bool, Vec<(usize, Pos2)>)| {
        let strokes = if is_hidden { hidden } else { seen };
        chunks(&part, strokes, pen).collect::<Vec<_>>()
    };
    scene.parts(line).flat_map(stroked).collect()
}

impl SurfaceTrails {
    /// Draws every shown run's trail and its marker at the playhead.
    pub fn show(&mut self, lab: &Lab, scene: &Scene<'_>, surface: u64, painter: &Painter, ui: &Ui) {
        let Some(record) = lab.record_on_landscape() else {
            return;
        };
        self.drape(lab, record, scene, surface);
        self.look(scene, ui);
        let step = lab.playhead.step();
        let traces = &record.history.traces;
        for trail in &self.trails {
            trail.draw(traces[trail.run].index_at(step), painter);
        }
        let window = scene.answer.relief.window();
        for trail in &self.trails {
            let head = Head::of(&traces[trail.run], step, window);
            let at = match head {
                Some(Head::Inside(w) | Head::Left(w, _)) => scene.spot(w),
                None => None,
            };
            let Some(spot) = at else { continue };
            let look = Look::new(theme::of(ui), trail.colour, spot.is_hidden);
            match head {
                Some(Head::Left(_, direction)) => {
                    look.arrow(painter, spot.at, scene.direction(direction));
                }
                _ => look.marker(painter, spot.at),
            }
        }
    }

    /// Finds what of the trails can be seen at all, once a record.
    fn drape(&mut self, lab: &Lab, record: &Record, scene: &Scene<'_>, surface: u64) {
        let pixels = (2.0 * scene.projection.scale()).clamp(128.0, 2048.0);
        let key = RecordKey {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            surface,
            // Powers of two, so that zooming seldom makes them anew.
            side: (pixels as u32).next_power_of_two(),
        };
        if self.record.as_ref() == Some(&key) {
            return;
        }
        let relief = &scene.answer.relief;
        let thread = |&(run, colour): &(usize, u8)| Thread {
            run,
            colour,
            lines: draped(&record.history.traces[run], relief, key.side),
        };
        self.threads = key.shown.par_iter().map(thread).collect();
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
        let tokens = theme::of(ui);
        let pen = Pen::new(ui.ctx());
        let trail = |thread: &Thread| {
            let seen = Strokes::new(tokens, thread.colour);
            let hidden = Strokes::hidden(tokens, thread.colour);
            let lines = thread.lines.par_iter();
            Trail {
                run: thread.run,
                colour: thread.colour,
                chunks: lines
                    .flat_map_iter(|line| cut(scene, line, [seen, hidden], pen))
                    .collect(),
            }
        };
        self.trails = self.threads.par_iter().map(trail).collect();
        self.view = Some(key);
    }
}
