//! What of a trail adds something to the picture.

use crate::engine::Trace;
use crate::figures::clip;
use crate::figures::field::Window;
use egui::{Pos2, Rect};

/// A point of a trail.
#[derive(Clone, Copy)]
pub struct Step {
    /// Index of the frame that it shows.
    pub frame: usize,
    /// (w1, w2).
    pub w: [f64; 2],
}

/// A map on which trails are thinned.
pub trait Ground {
    /// What of the plane is drawn.
    fn window(&self) -> Window;

    /// The map's rectangle, in points of the screen.
    fn frame(&self) -> Rect;

    /// Where a point of the plane lies on it.
    fn position(&self, w: [f64; 2]) -> Pos2;
}

/// The lines of a trace that add something to the picture: points
/// nearer than a pixel to the last one, and segments over ground that the trail has covered
/// already, do not.
pub fn visible_lines(trace: &Trace, view: &impl Ground) -> Vec<Vec<Step>> {
    const NEAR: f32 = 0.8;
    let window = view.window();
    let mut covered = Covered::new(view.frame());
    let mut lines: Vec<Vec<Step>> = vec![Vec::new()];
    let mut before: Option<[f64; 2]> = None;
    let mut last_drawn = Pos2::ZERO;
    for (frame, w) in trace.parameters().enumerate() {
        let here = [w[0], w[1]];
        let segment = before.and_then(|before| clip::segment(window, before, here));
        before = Some(here);
        let Some((from, to)) = segment else {
            lines.push(Vec::new());
            continue;
        };
        let (a, b) = (view.position(from), view.position(to));
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
                line.push(Step {
                    frame: frame.saturating_sub(1),
                    w: from,
                });
            }
            line.push(Step { frame, w: to });
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
