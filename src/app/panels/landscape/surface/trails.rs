//! Trails that lie on the surface.
//!
//! What of a trail adds something to the picture and how it bends over the surface is found once
//! a record; what of it is hidden, once a view.

use super::others;
use super::prepare::Answer;
use super::scene::Scene;
use crate::app::canvas::Canvas;
use crate::app::panels::landscape::trails::others::{MOST_IN_SPACE, Other, chosen};
use crate::app::panels::landscape::trails::{
    Ground, Head, Look, Request, Step, TrailPicture, dashed, hidden_pens, pens, thin_hidden_pens,
    thin_pens, visible_lines,
};
use crate::app::state::Lab;
use crate::app::theme::{self, Appearance};
use crate::engine::{Record, Trace};
use crate::figures::field::Window;
use crate::figures::raster::{Knot, Pens, Trail};
use crate::figures::surface::{Place, Projection, Relief};
use crate::figures::theme::Theme;
use egui::{Painter, Pos2, Rect, Ui, pos2};
use rayon::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// So many steps are drawn within a frame.
const QUICK: usize = 1500;

/// Cells a side on which trails from other starts are thinned.
const SIDE_OF_OTHERS: u32 = 512;

/// Every run's trail on the surface.
pub struct SurfaceTrails {
    picture: TrailPicture<Key>,
    /// What was draped last, for whichever thread draws next.
    draped: Arc<Draped>,
}

/// What was draped, for what.
type Draped = Mutex<Option<(Drape, Arc<Vec<Thread>>)>>;

/// What the trails are drawn for.
#[derive(Clone, PartialEq)]
struct Key {
    drape: Drape,
    projection: Projection,
    canvas: Canvas,
    appearance: Appearance,
}

/// What the trails' way over the surface depends on.
#[derive(Clone, PartialEq)]
struct Drape {
    /// Which of the documents that were shown.
    document: u64,
    record: (u64, u64),
    shown: Vec<(usize, u8)>,
    surface: u64,
    side: u32,
}

/// A run's lines from one start, draped over the surface.
struct Thread {
    whose: Whose,
    colour: u8,
    lines: Vec<Vec<Place>>,
}

/// Whose trail it is.
#[derive(Clone, Copy)]
enum Whose {
    /// Of the run with this number, from the first start.
    Run(usize),
    /// From another start or with another seed.
    Other(Other),
}

impl Whose {
    fn trace(self, record: &Record) -> &Trace {
        match self {
            Self::Run(run) => &record.history.traces[run],
            Self::Other(other) => other.trace(record),
        }
    }
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
/// `side` cells a side to what was drawn already is left out.
pub fn draped(trace: &Trace, relief: &Relief, side: u32) -> Vec<Vec<Place>> {
    let window = relief.window();
    let lines = visible_lines(trace, &Flat { window, side });
    let lines = lines.iter();
    let draped = |line: &Vec<Step>| relief.drape(line.iter().map(|step| (step.frame, step.w)));
    lines.map(draped).collect()
}

impl SurfaceTrails {
    /// Nothing drawn yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            picture: TrailPicture::new("trails on the surface", ctx),
            draped: Arc::default(),
        }
    }

    /// Draws every shown run's trail, thinly those from other starts, and its marker at the
    /// playhead.
    pub fn show(
        &mut self,
        lab: &Lab,
        (answer, surface): (&Arc<Answer>, u64),
        projection: Projection,
        painter: &Painter,
        ui: &Ui,
    ) {
        let Some(record) = lab.record_on_landscape() else {
            return;
        };
        let rect = painter.clip_rect();
        let key = Key {
            drape: Drape {
                document: lab.shown,
                record: record.identity(),
                shown: lab.shown_runs().collect(),
                surface,
                // Powers of two, so that zooming seldom makes them anew.
                side: ((2.0 * projection.scale()).clamp(128.0, 2048.0) as u32).next_power_of_two(),
            },
            projection,
            canvas: Canvas::over(rect, ui.ctx()),
            appearance: Appearance::of(ui),
        };
        let step = lab.playhead.step();
        let whose = |drape: &Drape| (drape.document, drape.surface);
        let here = whose(&key.drape);
        if self.picture.asked() != Some(&key) {
            self.ask(key, record, answer, step, ui);
        }
        let place = |key: &Key| (whose(&key.drape) == here).then_some(key.canvas.rect);
        self.picture.show(step, place, painter);
        let scene = Scene {
            answer,
            projection,
            rect,
        };
        others::heads(lab, record, &scene, painter, ui);
        heads(lab, record, &scene, painter, ui);
    }

    fn ask(&mut self, key: Key, record: &Arc<Record>, answer: &Arc<Answer>, epoch: u64, ui: &Ui) {
        let trails = whose(record, &key.drape.shown).into_iter();
        let steps: usize = trails.map(|(whose, _)| whose.trace(record).len()).sum();
        let drawing = Drawing {
            key: key.clone(),
            record: Arc::clone(record),
            answer: Arc::clone(answer),
            tokens: theme::of(ui),
        };
        let draped = Arc::clone(&self.draped);
        let request = Request {
            canvas: key.canvas,
            epoch,
            trails: Box::new(move || drawing.trails(&draped)),
            key,
        };
        self.picture.ask(request, steps <= QUICK, ui.ctx());
    }
}

/// The trails that are drawn, with their colours: other starts' below the first's.
fn whose(record: &Record, shown: &[(usize, u8)]) -> Vec<(Whose, u8)> {
    let others = chosen(&record.history, shown, MOST_IN_SPACE).into_iter();
    let others = others.map(|other| (Whose::Other(other), other.colour));
    let first = shown.iter().map(|&(run, colour)| (Whose::Run(run), colour));
    others.chain(first).collect()
}

/// Draws every run's marker at the playhead.
fn heads(lab: &Lab, record: &Record, scene: &Scene<'_>, painter: &Painter, ui: &Ui) {
    let window = scene.answer.relief.window();
    for (run, colour) in lab.shown_runs() {
        let head = Head::of(&record.history.traces[run], lab.playhead.step(), window);
        let at = match head {
            Some(Head::Inside(w) | Head::Left(w, _)) => scene.spot(w),
            None => None,
        };
        let Some(spot) = at else { continue };
        let look = Look::new(theme::of(ui), colour, spot.is_hidden);
        match head {
            Some(Head::Left(_, direction)) => {
                look.arrow(painter, spot.at, scene.direction(direction));
            }
            _ => look.marker(painter, spot.at),
        }
    }
}

/// Everything that drawing needs, on whichever thread.
struct Drawing {
    key: Key,
    record: Arc<Record>,
    answer: Arc<Answer>,
    tokens: &'static Theme,
}

impl Drawing {
    /// The trails in this view, draped anew where the last ones were others.
    fn trails(&self, draped: &Draped) -> Vec<Trail> {
        // A thread that panicked holding the lock left a whole value behind.
        let lock = || draped.lock().unwrap_or_else(PoisonError::into_inner);
        let last = lock().clone();
        let threads = match last {
            Some((drape, threads)) if drape == self.key.drape => threads,
            _ => {
                let threads = Arc::new(self.drape());
                *lock() = Some((self.key.drape.clone(), Arc::clone(&threads)));
                threads
            }
        };
        threads
            .par_iter()
            .flat_map_iter(|thread| self.look(thread))
            .collect()
    }

    /// What of the trails can be seen at all, as it lies on the surface.
    fn drape(&self) -> Vec<Thread> {
        let relief = &self.answer.relief;
        let side = self.key.drape.side;
        let thread = |&(whose, colour): &(Whose, u8)| {
            // Thin lines are thinned more: whether they are hidden is asked for every place.
            let side = match whose {
                Whose::Run(_) => side,
                Whose::Other(_) => side.min(SIDE_OF_OTHERS),
            };
            Thread {
                whose,
                colour,
                lines: draped(whose.trace(&self.record), relief, side),
            }
        };
        let trails = whose(&self.record, &self.key.drape.shown);
        trails.par_iter().map(thread).collect()
    }

    /// One trail: what is hidden below what is seen.
    fn look(&self, thread: &Thread) -> [Trail; 2] {
        let canvas = self.key.canvas;
        let scene = Scene {
            answer: &self.answer,
            projection: self.key.projection,
            rect: canvas.rect,
        };
        let steps = thread.whose.trace(&self.record).steps();
        let knot = |(frame, at): (usize, Pos2)| Knot {
            epoch: steps[frame],
            at: canvas.pixel(at),
        };
        let parts: Vec<(bool, Vec<Knot>)> = thread
            .lines
            .par_iter()
            .flat_map_iter(|line| scene.parts(line))
            .map(|(is_hidden, part)| (is_hidden, part.into_iter().map(knot).collect()))
            .collect();
        let (hidden, seen): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(hidden, _)| *hidden);
        let lines = |parts: Vec<(bool, Vec<Knot>)>| {
            let lines = parts.into_iter().map(|part| part.1).collect();
            dashed(lines, thread.colour, canvas.scale)
        };
        type OfRun = fn(&Theme, u8, f32) -> Pens;
        let of_run: [OfRun; 2] = match thread.whose {
            Whose::Run(_) => [hidden_pens, pens],
            Whose::Other(_) => [thin_hidden_pens, thin_pens],
        };
        let [hidden_pens, pens] = of_run.map(|of| of(self.tokens, thread.colour, canvas.scale));
        [
            Trail {
                pens: hidden_pens,
                lines: lines(hidden),
            },
            Trail {
                pens,
                lines: lines(seen),
            },
        ]
    }
}
