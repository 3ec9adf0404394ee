//! Trails on the map.

use super::{Ground, Head, Look, Strokes, Trail, chunks, visible_lines};
use crate::app::data::SliceAxes;
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::app::widgets::line::Pen;
use crate::engine::Record;
use crate::figures::field::Window;
use egui::{Painter, Pos2, Rect, Ui, vec2};
use egui_plot::{PlotBounds, PlotPoint, PlotTransform};
use rayon::prelude::*;

/// The visible part of the plane, and where its points lie on the screen.
#[derive(Clone, Copy)]
pub struct Plane(pub PlotTransform);

impl Plane {
    /// What can be seen.
    pub fn seen(&self) -> Window {
        let (min, max) = (self.0.bounds().min(), self.0.bounds().max());
        Window {
            x: (min[0], max[0]),
            y: (min[1], max[1]),
        }
    }
}

impl Ground for Plane {
    /// A little more than can be seen, so that what is cut off at the border is cut outside the
    /// picture.
    fn window(&self) -> Window {
        let Window { x, y } = self.seen();
        let margin = [(x.1 - x.0) * 0.05, (y.1 - y.0) * 0.05];
        Window {
            x: (x.0 - margin[0], x.1 + margin[0]),
            y: (y.0 - margin[1], y.1 + margin[1]),
        }
    }

    fn frame(&self) -> Rect {
        *self.0.frame()
    }

    fn position(&self, w: [f64; 2]) -> Pos2 {
        self.0.position_from_point(&PlotPoint::new(w[0], w[1]))
    }
}

/// Trails, prepared for one record and view.
#[derive(Default)]
pub struct Trails {
    key: Option<Key>,
    trails: Vec<Trail>,
}

/// What trails were prepared for.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    record: (u64, u64),
    axes: Option<(SliceAxes, usize)>,
    /// The runs that are drawn, with their colours.
    pub shown: Vec<(usize, u8)>,
    frame: Rect,
    bounds: PlotBounds,
    appearance: Appearance,
    pixels_per_point: f32,
}

impl Key {
    pub fn of(lab: &Lab, record: &Record, plane: Plane, ui: &Ui) -> Self {
        Self {
            record: record.identity(),
            axes: lab.plane_on_show(),
            shown: lab.shown_runs().collect(),
            frame: plane.frame(),
            bounds: *plane.0.bounds(),
            appearance: Appearance::of(ui),
            pixels_per_point: ui.ctx().pixels_per_point(),
        }
    }
}

impl Trails {
    /// Draws every shown run's trail and its marker at the playhead. Gives where the markers are.
    pub fn show(
        &mut self,
        lab: &Lab,
        plane: Plane,
        painter: &Painter,
        ui: &Ui,
    ) -> Vec<(usize, Pos2)> {
        let Some(record) = lab.record_on_landscape() else {
            return Vec::new();
        };
        let mut markers = Vec::new();
        self.prepare(lab, record, plane, ui);
        let step = lab.playhead.step();
        let traces = &record.history.traces;
        for trail in &self.trails {
            trail.draw(traces[trail.run].index_at(step), painter);
        }
        for trail in &self.trails {
            let look = Look::new(theme::of(ui), trail.colour, false);
            match Head::of(&traces[trail.run], step, plane.seen()) {
                Some(Head::Inside(w)) => {
                    look.marker(painter, plane.position(w));
                    markers.push((trail.run, plane.position(w)));
                }
                Some(Head::Left(border, direction)) => {
                    let towards = vec2(direction[0] as f32, -direction[1] as f32);
                    look.arrow(painter, plane.position(border), towards);
                    markers.push((trail.run, plane.position(border)));
                }
                None => {}
            }
        }
        markers
    }

    fn prepare(&mut self, lab: &Lab, record: &Record, plane: Plane, ui: &Ui) {
        let key = Key::of(lab, record, plane, ui);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let tokens = theme::of(ui);
        let pen = Pen::new(ui.ctx());
        let trail = |&(run, colour): &(usize, u8)| {
            let strokes = Strokes::new(tokens, colour);
            let chunks = visible_lines(&record.history.traces[run], &plane)
                .iter()
                .flat_map(|line| {
                    let line: Vec<_> = line
                        .iter()
                        .map(|step| (step.frame, plane.position(step.w)))
                        .collect();
                    chunks(&line, strokes, pen).collect::<Vec<_>>()
                })
                .collect();
            Trail {
                run,
                colour,
                chunks,
            }
        };
        self.trails = key.shown.par_iter().map(trail).collect();
        self.key = Some(key);
    }
}
