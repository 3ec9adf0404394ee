//! Curves of many points as pixels.
//!
//! Curves stand still while the playhead moves. Those of noisy runs have so many points that a
//! renderer without a graphics processor could not draw them again for every frame; they are
//! drawn once a record and view, on a thread of their own.

use super::prepared::{Prepared, seen};
use super::whole::{Curve, Whole};
use crate::app::background::Background;
use crate::app::canvas::{self, Canvas};
use crate::app::plots::Subject;
use crate::app::theme::{self, Appearance};
use crate::figures::dashes;
use crate::figures::raster::{Lines, Pixel, Stroke, picture};
use egui::{Context, TextureHandle, Ui};
use egui_plot::{PlotPoint, PlotTransform};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// The pictures of all plots.
pub struct CurvePictures {
    worker: Option<Background<Vec<Request>, Vec<Drawn>>>,
    /// What each plot should show.
    wanted: HashMap<Subject, Wanted>,
    /// What is being drawn.
    asked: Vec<Wanted>,
    shown: HashMap<Subject, Shown>,
}

/// What a picture is of.
#[derive(Clone)]
struct Wanted {
    whole: Arc<Whole>,
    appearance: Appearance,
    transform: PlotTransform,
    canvas: Canvas,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.whole, &other.whole)
            && self.appearance == other.appearance
            && self.canvas == other.canvas
            && canvas::is_same(&self.transform, &other.transform)
    }
}

impl Wanted {
    /// Whether its picture may be shown for these curves: it is of them, or of earlier ones on
    /// the same axes.
    fn may_show(&self, whole: &Whole, appearance: Appearance) -> bool {
        self.whole.key.stands_in_for(&whole.key) && self.appearance == appearance
    }
}

struct Request {
    subject: Subject,
    wanted: Wanted,
}

struct Drawn {
    subject: Subject,
    wanted: Wanted,
    pixels: Vec<Pixel>,
}

struct Shown {
    wanted: Wanted,
    texture: TextureHandle,
}

impl CurvePictures {
    /// None yet. Where the system gives no thread there never are any.
    pub fn new(ctx: &Context) -> Self {
        let wake = ctx.clone();
        let worker = Background::start("curves", move || wake.request_repaint(), draw);
        Self {
            worker: worker.ok(),
            wanted: HashMap::new(),
            asked: Vec::new(),
            shown: HashMap::new(),
        }
    }

    /// Whether there is a picture of these curves, perhaps for another view of them.
    pub fn has(&mut self, subject: Subject, prepared: &Prepared, ui: &Ui) -> bool {
        for drawn in self
            .worker
            .as_ref()
            .and_then(Background::take)
            .into_iter()
            .flatten()
        {
            self.take(drawn, ui.ctx());
        }
        let appearance = Appearance::of(ui);
        let fits = |shown: &Shown| shown.wanted.may_show(&prepared.whole, appearance);
        prepared.is_pictured && self.shown.get(&subject).is_some_and(fits)
    }

    /// Shows the picture of these curves, if there is one, where it belongs in this view.
    pub fn show(
        &mut self,
        subject: Subject,
        prepared: &Prepared,
        transform: &PlotTransform,
        ui: &Ui,
    ) {
        if !prepared.is_pictured {
            self.wanted.remove(&subject);
            self.shown.remove(&subject);
            return;
        }
        self.want(subject, prepared, transform, ui);
        let Some(shown) = self.shown.get(&subject) else {
            return;
        };
        let wanted = &shown.wanted;
        if wanted.may_show(&prepared.whole, Appearance::of(ui)) {
            let painter = ui.painter().with_clip_rect(*transform.frame());
            let rect = canvas::placed(wanted.canvas, &wanted.transform, transform);
            canvas::paint(shown.texture.id(), rect, &painter);
        }
    }

    fn want(&mut self, subject: Subject, prepared: &Prepared, to: &PlotTransform, ui: &Ui) {
        let wanted = Wanted {
            whole: Arc::clone(&prepared.whole),
            appearance: Appearance::of(ui),
            transform: *to,
            canvas: Canvas::over(*to.frame(), ui.ctx()),
        };
        if self.wanted.get(&subject) != Some(&wanted) {
            self.wanted.insert(subject, wanted);
        }
    }

    /// Has the pictures drawn that are not there yet, of the plots on show.
    pub fn ask(&mut self, subjects: &[Subject]) {
        self.wanted.retain(|subject, _| subjects.contains(subject));
        self.shown.retain(|subject, _| subjects.contains(subject));
        let missing = subjects.iter().filter_map(|&subject| {
            let wanted = self.wanted.get(&subject)?;
            let shown = self.shown.get(&subject);
            let is_there = shown.is_some_and(|shown| shown.wanted == *wanted);
            (!is_there).then(|| Request {
                subject,
                wanted: wanted.clone(),
            })
        });
        let missing: Vec<Request> = missing.collect();
        let asked = missing.iter().map(|request| &request.wanted);
        let Some(worker) = self.worker.as_ref().filter(|_| !missing.is_empty()) else {
            // What was asked for has come; it may be dropped and be missing again.
            self.asked.clear();
            return;
        };
        if !asked.clone().eq(&self.asked) {
            self.asked = asked.cloned().collect();
            worker.ask(missing);
        }
    }

    fn take(&mut self, drawn: Drawn, ctx: &Context) {
        let image = canvas::image(drawn.wanted.canvas.size(), drawn.pixels.into_iter());
        let old = self.shown.remove(&drawn.subject);
        let texture = canvas::load(old.map(|shown| shown.texture), "curves", image, ctx);
        let shown = Shown {
            wanted: drawn.wanted,
            texture,
        };
        self.shown.insert(drawn.subject, shown);
    }
}

fn draw(requests: Vec<Request>) -> Vec<Drawn> {
    let drawn = |request: Request| Drawn {
        pixels: picture(request.wanted.canvas.size(), &request.wanted.lines()),
        subject: request.subject,
        wanted: request.wanted,
    };
    requests.into_iter().map(drawn).collect()
}

impl Wanted {
    fn lines(&self) -> Vec<Lines> {
        self.whole
            .curves
            .par_iter()
            .map(|curve| self.line(curve))
            .collect()
    }

    /// A curve in the pixels of the canvas, in dashes where earlier runs have its colour.
    fn line(&self, curve: &Curve) -> Lines {
        let (to, canvas) = (&self.transform, self.canvas);
        let points = seen(&curve.whole.points, *to.bounds(), to.frame().size()).into_iter();
        let pixel = |[x, y]: [f64; 2]| canvas.pixel(to.position_from_point(&PlotPoint::new(x, y)));
        let pattern = dashes::pattern(dashes::round(curve.colour));
        let colour = theme::colour(self.appearance.tokens().run(curve.colour));
        Lines {
            stroke: Stroke {
                width: curve.width * canvas.scale,
                colour: colour.to_array(),
            },
            lines: dashes::cut(points.map(pixel).collect(), pattern, canvas.scale),
        }
    }
}
