//! The runs' trails, up to the playhead and faintly beyond.
//!
//! A trail of ten thousand steps is turned into triangles once a record and view, in chunks;
//! playing then only draws the chunk in which the playhead stands anew.

mod ghost;
pub mod handles;
mod head;
mod others;
mod plane;
mod thin;

pub use ghost::{GhostTrails, dashes, heads as ghost_heads, pinned_on_landscape};
pub use head::{Head, Look};
pub use others::{Candidates, OtherTrails, say_how_many};
pub use plane::{Plane, Trails};
pub use thin::{Ground, Step, visible_lines};

use crate::app::theme;
use crate::app::widgets::line::Pen;
use crate::figures::theme::Theme;
use egui::{Mesh, Painter, Pos2, Shape, Stroke};
use std::sync::Arc;

/// Points of a chunk.
const CHUNK: usize = 128;

/// A run's trail, ready to be drawn.
pub struct Trail {
    /// Which run.
    pub run: usize,
    /// Its colour.
    pub colour: u8,
    /// In the order of the frames.
    pub chunks: Vec<Chunk>,
}

/// A piece of a trail that is one unbroken line.
pub struct Chunk {
    points: Vec<Pos2>,
    /// Index of the frame that each point shows, or leads to.
    frames: Vec<usize>,
    strokes: Strokes,
    halo: Arc<Mesh>,
    line: Arc<Mesh>,
    ahead: Arc<Mesh>,
}

/// The strokes of a run.
#[derive(Clone, Copy)]
pub struct Strokes {
    halo: Stroke,
    line: Stroke,
    ahead: Stroke,
}

impl Strokes {
    /// Of what is seen.
    pub fn new(tokens: &Theme, colour: u8) -> Self {
        let fill = theme::colour(tokens.run(colour));
        Self {
            halo: Stroke::new(3.5, theme::translucent(tokens.halo, 0.7)),
            line: Stroke::new(1.8, fill),
            ahead: Stroke::new(1.0, fill.gamma_multiply(0.35)),
        }
    }

    /// Of another start or seed: thin.
    pub fn thin(tokens: &Theme, colour: u8) -> Self {
        let fill = theme::colour(tokens.run(colour));
        Self {
            halo: Stroke::NONE,
            line: Stroke::new(0.9, fill.gamma_multiply(0.75)),
            ahead: Stroke::new(0.7, fill.gamma_multiply(0.2)),
        }
    }

    /// Of another start or seed, behind something: thin and nearly gone.
    pub fn thin_hidden(tokens: &Theme, colour: u8) -> Self {
        let fill = theme::colour(tokens.run(colour));
        Self {
            halo: Stroke::NONE,
            line: Stroke::new(0.8, fill.gamma_multiply(0.28)),
            ahead: Stroke::new(0.7, fill.gamma_multiply(0.08)),
        }
    }

    /// Of what lies behind something: thin and faint.
    pub fn hidden(tokens: &Theme, colour: u8) -> Self {
        let fill = theme::colour(tokens.run(colour));
        Self {
            halo: Stroke::NONE,
            line: Stroke::new(1.0, fill.gamma_multiply(0.4)),
            ahead: Stroke::new(1.0, fill.gamma_multiply(0.14)),
        }
    }
}

/// A line of (frame, place on the screen) in chunks. Neighbouring chunks share a point, so that
/// the line does not break.
pub fn chunks(line: &[(usize, Pos2)], strokes: Strokes, pen: Pen) -> impl Iterator<Item = Chunk> {
    let starts = (0..line.len().saturating_sub(1)).step_by(CHUNK - 1);
    starts.map(move |start| {
        let part = &line[start..(start + CHUNK).min(line.len())];
        let points: Vec<Pos2> = part.iter().map(|(_, at)| *at).collect();
        let mesh = |stroke: Stroke| match stroke.is_empty() {
            true => Arc::default(),
            false => Arc::new(pen.mesh(std::iter::once(points.clone()), stroke)),
        };
        Chunk {
            halo: mesh(strokes.halo),
            line: mesh(strokes.line),
            ahead: mesh(strokes.ahead),
            frames: part.iter().map(|(frame, _)| *frame).collect(),
            strokes,
            points,
        }
    })
}

impl Trail {
    /// Draws the trail with the playhead at frame `now`.
    pub fn draw(&self, now: Option<usize>, painter: &Painter) {
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
            if !mesh.is_empty() {
                painter.add(Shape::Mesh(Arc::clone(mesh)));
            }
        };
        let line = |points: &[Pos2], stroke: Stroke| {
            if points.len() > 1 && !stroke.is_empty() {
                painter.add(Shape::line(points.to_vec(), stroke));
            }
        };
        if let Some((chunk, split)) = across {
            line(
                &chunk.points[split.saturating_sub(1)..],
                chunk.strokes.ahead,
            );
        }
        for chunk in self.chunks.iter().skip(passed + 1) {
            add(&chunk.ahead);
        }
        for chunk in &self.chunks[..passed] {
            add(&chunk.halo);
        }
        if let Some((chunk, split)) = across {
            line(&chunk.points[..split], chunk.strokes.halo);
            line(&chunk.points[..split], chunk.strokes.line);
        }
        for chunk in &self.chunks[..passed] {
            add(&chunk.line);
        }
    }
}
