//! Trails on the map.

use super::others::{self, Other};
use super::{Ground, Head, Look, Request, TrailPicture, dashed, pens, thin_pens, visible_lines};
use crate::app::canvas::{self, Canvas};
use crate::app::data::SliceAxes;
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::engine::{Record, Trace};
use crate::figures::field::Window;
use crate::figures::raster::{Knot, Pens, Trail};
use crate::figures::theme::Theme;
use egui::{Painter, Pos2, Rect, Ui, vec2};
use egui_plot::{PlotPoint, PlotTransform};
use rayon::prelude::*;
use std::sync::Arc;

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

/// So many steps are drawn within a frame.
const QUICK: usize = 2000;

/// Every run's trail from every start, on the map.
pub struct Trails {
    picture: TrailPicture<Key>,
}

/// What the trails are drawn for.
#[derive(Clone)]
struct Key {
    /// Which of the documents that were shown.
    document: u64,
    record: (u64, u64),
    landscape: &'static str,
    axes: Option<(SliceAxes, usize)>,
    /// The runs that are drawn, with their colours.
    shown: Vec<(usize, u8)>,
    plane: Plane,
    canvas: Canvas,
    appearance: Appearance,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        let of = |key: &Self| {
            (
                key.record,
                key.landscape,
                key.axes,
                key.canvas,
                key.appearance,
            )
        };
        of(self) == of(other)
            && self.shown == other.shown
            && canvas::is_same(&self.plane.0, &other.plane.0)
    }
}

impl Key {
    fn of(lab: &Lab, record: &Record, plane: Plane, ui: &Ui) -> Self {
        Self {
            document: lab.shown,
            record: record.identity(),
            landscape: lab.landscape().card().id,
            axes: lab.plane_on_show(),
            shown: lab.shown_runs().collect(),
            plane,
            canvas: Canvas::over(plane.frame(), ui.ctx()),
            appearance: Appearance::of(ui),
        }
    }
}

impl Trails {
    /// Nothing drawn yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            picture: TrailPicture::new("trails", ctx),
        }
    }

    /// Draws every shown run's trail.
    pub fn show(&mut self, lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) {
        let Some(record) = lab.record_on_landscape() else {
            return;
        };
        let step = lab.playhead.step();
        let key = Key::of(lab, record, plane, ui);
        let plane_of = |key: &Key| (key.document, key.landscape, key.axes);
        let here = plane_of(&key);
        if self.picture.asked() != Some(&key) {
            let others = others::chosen(&record.history, &key.shown, others::MOST_ON_MAP);
            let of_others = others.iter().map(|other| other.trace(record).len());
            let of_first = key.shown.iter();
            let of_first = of_first.map(|&(run, _)| record.history.traces[run].len());
            let steps: usize = of_others.chain(of_first).sum();
            let request = Request {
                canvas: key.canvas,
                epoch: step,
                trails: Box::new(drawing(
                    key.clone(),
                    Arc::clone(record),
                    others,
                    theme::of(ui),
                )),
                key,
            };
            self.picture.ask(request, steps <= QUICK, ui.ctx());
        }
        // Another plane's or another experiment's trails would be read as this one's.
        let place = |key: &Key| {
            let is_here = plane_of(key) == here;
            is_here.then(|| canvas::placed(key.canvas, &key.plane.0, &plane.0))
        };
        self.picture.show(step, place, painter);
    }
}

/// Every run's marker at the playhead. Gives where they are.
pub fn heads(lab: &Lab, plane: Plane, painter: &Painter, ui: &Ui) -> Vec<(usize, Pos2)> {
    let Some(record) = lab.record_on_landscape() else {
        return Vec::new();
    };
    let mut markers = Vec::new();
    for (run, colour) in lab.shown_runs() {
        let look = Look::new(theme::of(ui), colour, false);
        match Head::of(
            &record.history.traces[run],
            lab.playhead.step(),
            plane.seen(),
        ) {
            Some(Head::Inside(w)) => {
                look.marker(painter, plane.position(w));
                markers.push((run, plane.position(w)));
            }
            Some(Head::Left(border, direction)) => {
                let towards = vec2(direction[0] as f32, -direction[1] as f32);
                look.arrow(painter, plane.position(border), towards);
                markers.push((run, plane.position(border)));
            }
            None => {}
        }
    }
    markers
}

/// What finds the trails' lines, on whichever thread: other starts' below the first's.
fn drawing(
    key: Key,
    record: Arc<Record>,
    others: Vec<Other>,
    tokens: &'static Theme,
) -> impl FnOnce() -> Vec<Trail> + Send {
    move || {
        let scale = key.canvas.scale;
        let lines = |trace: &Trace, look: u8, pens: Pens| Trail {
            pens,
            lines: dashed(lines(trace, key.plane, key.canvas), look, scale),
        };
        let thin = others.par_iter().map(|other| {
            let pens = thin_pens(tokens, other.colour, scale);
            lines(other.trace(&record), other.colour, pens)
        });
        let first = key.shown.par_iter().map(|&(run, colour)| {
            let pens = pens(tokens, colour, scale);
            lines(&record.history.traces[run], colour, pens)
        });
        thin.chain(first).collect()
    }
}

fn lines(trace: &Trace, plane: Plane, canvas: Canvas) -> Vec<Vec<Knot>> {
    let lines = visible_lines(trace, &plane);
    let knot = |step: &super::thin::Step| Knot {
        epoch: trace.steps()[step.frame],
        at: canvas.pixel(plane.position(step.w)),
    };
    let of_line = |line: &Vec<super::thin::Step>| line.iter().map(knot).collect();
    lines.iter().map(of_line).collect()
}
