//! The runs' trails on the landscape, up to the playhead and faintly beyond.
//!
//! A trail of ten thousand steps is turned into triangles once a record and view, in chunks;
//! playing then only draws the chunk in which the playhead stands anew.

use super::View;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::line::Pen;
use crate::app::widgets::marker;
use crate::engine::{Record, Trace};
use crate::figures::clip;
use crate::figures::field::Window;
use crate::figures::theme::{Marker, Theme};
use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, Ui, vec2};
use egui_plot::PlotBounds;
use rayon::prelude::*;
use std::sync::Arc;

/// Points of a chunk.
const CHUNK: usize = 128;

/// Trails, prepared for one record and view.
#[derive(Default)]
pub struct Trails {
    key: Option<Key>,
    trails: Vec<Trail>,
}

/// What trails were prepared for.
#[derive(Clone, PartialEq)]
struct Key {
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    frame: Rect,
    bounds: PlotBounds,
    dark: bool,
    pixels_per_point: f32,
}

struct Trail {
    run: usize,
    colour: u8,
    chunks: Vec<Chunk>,
}

/// A piece of a trail that is one unbroken line.
struct Chunk {
    points: Vec<Pos2>,
    /// Index of the frame that each point shows.
    frames: Vec<usize>,
    halo: Arc<Mesh>,
    line: Arc<Mesh>,
    ahead: Arc<Mesh>,
}

/// The strokes of a run.
#[derive(Clone, Copy)]
struct Strokes {
    halo: Stroke,
    line: Stroke,
    ahead: Stroke,
}

impl Strokes {
    fn new(tokens: &Theme, colour: u8) -> Self {
        let fill = theme::colour(tokens.run(colour));
        Self {
            halo: Stroke::new(3.5, theme::translucent(tokens.halo, 0.7)),
            line: Stroke::new(1.8, fill),
            ahead: Stroke::new(1.0, fill.gamma_multiply(0.35)),
        }
    }
}

impl Trails {
    /// Draws every shown run's trail and its marker at the playhead.
    pub fn show(&mut self, lab: &Lab, view: &View, ui: &Ui) {
        let Some(record) = lab.record_here() else {
            return;
        };
        self.prepare(lab, record, view, ui);
        let tokens = theme::of(ui);
        let step = lab.playhead.step();
        let traces = &record.history.traces;
        for trail in &self.trails {
            let now = traces[trail.run].index_at(step);
            trail.draw(now, Strokes::new(tokens, trail.colour), view);
        }
        let halo = theme::colour(tokens.halo);
        for trail in &self.trails {
            let fill = theme::colour(tokens.run(trail.colour));
            let shape = Marker::of(trail.colour);
            draw_head(&traces[trail.run], step, shape, fill, halo, view);
        }
    }

    fn prepare(&mut self, lab: &Lab, record: &Record, view: &View, ui: &Ui) {
        let key = Key {
            record: record.identity(),
            shown: lab.shown_runs().collect(),
            frame: *view.transform.frame(),
            bounds: *view.transform.bounds(),
            dark: ui.visuals().dark_mode,
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let tokens = theme::of(ui);
        let pen = Pen::new(ui.ctx());
        self.trails = key
            .shown
            .par_iter()
            .map(|&(run, colour)| Trail {
                run,
                colour,
                chunks: chunks(
                    &record.history.traces[run],
                    view,
                    Strokes::new(tokens, colour),
                    pen,
                ),
            })
            .collect();
        self.key = Some(key);
    }
}

impl Trail {
    /// Draws the trail with the playhead at frame `now`.
    fn draw(&self, now: Option<usize>, strokes: Strokes, view: &View) {
        let now = now.unwrap_or(0);
        // Chunks before `passed` lie behind the playhead; the one there may lie across it.
        let passed = self
            .chunks
            .partition_point(|chunk| chunk.frames.last().is_some_and(|&last| last <= now));
        let across = self
            .chunks
            .get(passed)
            .map(|chunk| (chunk, chunk.frames.partition_point(|&frame| frame <= now)));
        let add = |mesh: &Arc<Mesh>| {
            view.painter.add(Shape::Mesh(Arc::clone(mesh)));
        };
        let line = |points: &[Pos2], stroke: Stroke| {
            if points.len() > 1 {
                view.painter.add(Shape::line(points.to_vec(), stroke));
            }
        };
        if let Some((chunk, split)) = across {
            line(&chunk.points[split.saturating_sub(1)..], strokes.ahead);
        }
        for chunk in self.chunks.iter().skip(passed + 1) {
            add(&chunk.ahead);
        }
        for chunk in &self.chunks[..passed] {
            add(&chunk.halo);
        }
        if let Some((chunk, split)) = across {
            line(&chunk.points[..split], strokes.halo);
            line(&chunk.points[..split], strokes.line);
        }
        for chunk in &self.chunks[..passed] {
            add(&chunk.line);
        }
    }
}

/// The part of a trace that can be seen, as meshes.
fn chunks(trace: &Trace, view: &View, strokes: Strokes, pen: Pen) -> Vec<Chunk> {
    let mesh =
        |points: &[Pos2], stroke| Arc::new(pen.mesh(std::iter::once(points.to_vec()), stroke));
    visible_lines(trace, view)
        .into_iter()
        .flat_map(|line| {
            // Neighbouring chunks share a point, so that the line does not break.
            let starts = (0..line.len().saturating_sub(1)).step_by(CHUNK - 1);
            starts
                .map(|start| line[start..(start + CHUNK).min(line.len())].to_vec())
                .collect::<Vec<_>>()
        })
        .map(|part| {
            let points: Vec<Pos2> = part.iter().map(|(_, at)| *at).collect();
            Chunk {
                halo: mesh(&points, strokes.halo),
                line: mesh(&points, strokes.line),
                ahead: mesh(&points, strokes.ahead),
                frames: part.iter().map(|(frame, _)| *frame).collect(),
                points,
            }
        })
        .collect()
}

/// The lines (frame, place on the screen) of a trace that add something to the picture: points
/// nearer than a pixel to the last one, and segments over ground that the trail has covered
/// already, do not.
fn visible_lines(trace: &Trace, view: &View) -> Vec<Vec<(usize, Pos2)>> {
    const NEAR: f32 = 0.8;
    let window = view.window();
    let mut covered = Covered::new(*view.transform.frame());
    let mut lines: Vec<Vec<(usize, Pos2)>> = vec![Vec::new()];
    let mut before: Option<[f64; 2]> = None;
    let mut last_drawn = Pos2::ZERO;
    for (frame, w) in trace.parameters().enumerate() {
        let here = [w[0], w[1]];
        let segment = before.and_then(|before| clip::segment(window, before, here));
        before = Some(here);
        let Some((a, b)) = segment.map(|(a, b)| (view.position(a), view.position(b))) else {
            lines.push(Vec::new());
            continue;
        };
        let is_last = frame + 1 == trace.len();
        let continues = lines.last().is_some_and(|line| !line.is_empty());
        if continues && last_drawn.distance_sq(b) < NEAR * NEAR && !is_last {
            continue;
        }
        if covered.covers(a, b) && !is_last {
            lines.push(Vec::new());
            continue;
        }
        if let Some(line) = lines.last_mut() {
            // After a gap the line begins where this segment does.
            if line.is_empty() {
                line.push((frame.saturating_sub(1), a));
            }
            line.push((frame, b));
            last_drawn = b;
        }
    }
    lines.retain(|line| line.len() > 1);
    lines
}

/// Which cells of the screen a trail has been drawn over, and by which of its segments.
struct Covered {
    origin: Pos2,
    columns: usize,
    /// Number of the first segment over a cell, from 1; 0 for none.
    cells: Vec<u32>,
    segments: u32,
}

impl Covered {
    /// Side of a cell in points; a stroke with its outline covers as much.
    const CELL: f32 = 3.0;

    /// A segment's own neighbours along the line lie in the same cells; only what is older than
    /// so many segments is other ground.
    const NEIGHBOURS: u32 = 12;

    fn new(frame: Rect) -> Self {
        let count = |length: f32| (length.clamp(0.0, 1e4) * 1.1 / Self::CELL) as usize + 2;
        let columns = count(frame.width());
        Self {
            origin: frame.min - 0.05 * frame.size(),
            columns,
            cells: vec![0; columns * count(frame.height())],
            segments: 0,
        }
    }

    /// Marks a segment's cells; whether older parts of the trail had covered them all.
    fn covers(&mut self, a: Pos2, b: Pos2) -> bool {
        self.segments = self.segments.saturating_add(1);
        let count = (a.distance(b) / Self::CELL).ceil().clamp(1.0, 2e4) as usize;
        let mut all = true;
        for k in 0..=count {
            let at = a.lerp(b, k as f32 / count as f32) - self.origin;
            let column = (at.x / Self::CELL).max(0.0) as usize;
            let row = (at.y / Self::CELL).max(0.0) as usize;
            match self.cells.get_mut(row * self.columns + column) {
                Some(cell) => {
                    all &= *cell != 0 && *cell + Self::NEIGHBOURS < self.segments;
                    if *cell == 0 {
                        *cell = self.segments;
                    }
                }
                None => all = false,
            }
        }
        all
    }
}

/// The marker at the playhead, or an arrow where the run has left the picture.
fn draw_head(trace: &Trace, step: u64, shape: Marker, fill: Color32, halo: Color32, view: &View) {
    let Some(index) = trace.index_at(step) else {
        return;
    };
    let Some(frame) = trace.frame(index) else {
        return;
    };
    let visible = view.position([frame.parameters[0], frame.parameters[1]]);
    if view.transform.frame().contains(visible) {
        marker::paint(&view.painter, shape, visible, 5.5, fill, halo);
        return;
    }
    let bounds = view.transform.bounds();
    let window = Window {
        x: (bounds.min()[0], bounds.max()[0]),
        y: (bounds.min()[1], bounds.max()[1]),
    };
    let path = trace.parameters().take(index + 1).map(|w| [w[0], w[1]]);
    let Some((at, direction)) = clip::exit(window, path) else {
        return;
    };
    let towards = vec2(direction[0] as f32, -direction[1] as f32);
    let tip = view.position(at) - 2.0 * towards;
    let side = 5.0 * towards.rot90();
    let base = tip - 12.0 * towards;
    view.painter.add(Shape::convex_polygon(
        vec![tip, base + side, base - side],
        fill,
        Stroke::new(1.5, halo),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn a_slow_line_is_never_interrupted_and_trodden_ground_is() {
        let frame = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 300.0));
        let mut covered = Covered::new(frame);
        let at = |step: i32| pos2(10.0 + 0.9 * step as f32, 50.0);
        for step in 0..200 {
            assert!(!covered.covers(at(step), at(step + 1)), "gap at {step}");
        }
        assert!((0..100).all(|step| covered.covers(at(step + 1), at(step))));
    }
}
