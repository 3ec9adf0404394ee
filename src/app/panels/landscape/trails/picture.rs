//! The trails' picture as a texture on the screen.

use crate::app::background::Background;
use crate::app::canvas::{self, Canvas};
use crate::figures::raster::{Part, Sheet, Trail};
use egui::{ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions};

/// The trails' picture, kept while what it shows stays.
///
/// Few steps on a canvas of usual size are drawn at once. Many are drawn on a thread of their own,
/// and the last picture is shown until then.
pub struct TrailPicture<K> {
    name: &'static str,
    worker: Option<Drawer<K>>,
    asked: Option<K>,
    /// Counts what was asked for.
    serial: u64,
    shown: Option<Shown<K>>,
}

/// Of a larger canvas even an empty picture takes longer than is to be noticed.
const MOST_PIXELS: usize = 1_000_000;

/// The thread that draws; what is asked for is counted.
type Drawer<K> = Background<(u64, Request<K>), Drawn<K>>;

/// What is to be drawn.
pub struct Request<K> {
    /// What it is drawn for.
    pub key: K,
    /// Where.
    pub canvas: Canvas,
    /// The playhead just now.
    pub epoch: u64,
    /// Gives the trails, in pixels of the canvas.
    pub trails: Box<dyn FnOnce() -> Vec<Trail> + Send>,
}

struct Drawn<K> {
    serial: u64,
    key: K,
    sheet: Sheet,
}

struct Shown<K> {
    drawn: Drawn<K>,
    texture: TextureHandle,
}

impl<K: Clone + PartialEq + Send + 'static> TrailPicture<K> {
    /// No picture yet. Where the system gives no thread every picture is drawn at once.
    pub fn new(name: &'static str, ctx: &Context) -> Self {
        let wake = ctx.clone();
        let worker = Background::start(name, move || wake.request_repaint(), draw).ok();
        Self {
            name,
            worker,
            asked: None,
            serial: 0,
            shown: None,
        }
    }

    /// What was asked for last.
    pub fn asked(&self) -> Option<&K> {
        self.asked.as_ref()
    }

    /// Has another picture drawn, here where that `is_quick`.
    pub fn ask(&mut self, request: Request<K>, is_quick: bool, ctx: &Context) {
        self.asked = Some(request.key.clone());
        self.serial += 1;
        let pixels: usize = request.canvas.size().iter().product();
        match &self.worker {
            Some(worker) if !is_quick || pixels > MOST_PIXELS => worker.ask((self.serial, request)),
            _ => self.take(draw((self.serial, request)), ctx),
        }
    }

    /// Shows the newest picture at the playhead, in the rectangle that `place` gives it.
    pub fn show(&mut self, epoch: u64, place: impl FnOnce(&K) -> Option<Rect>, painter: &Painter) {
        let newest = self.worker.as_ref().and_then(Background::take);
        // One that was drawn at once is newer than what the thread still had in hand.
        let here = self.shown.as_ref().map_or(0, |shown| shown.drawn.serial);
        if let Some(drawn) = newest.filter(|drawn| drawn.serial > here) {
            self.take(drawn, painter.ctx());
        }
        let Some(shown) = &mut self.shown else { return };
        let sheet = &mut shown.drawn.sheet;
        let parts = sheet.turn_to(epoch);
        let [columns, rows] = sheet.size();
        let area = |part: &Part| part[0].len() * part[1].len();
        let options = TextureOptions::LINEAR;
        if 2 * parts.iter().map(area).sum::<usize>() > columns * rows {
            let image = image_of(sheet, &[0..columns, 0..rows]);
            shown.texture.set(image, options);
        } else {
            for part in parts {
                let corner = [part[0].start, part[1].start];
                let image = image_of(sheet, &part);
                shown.texture.set_partial(corner, image, options);
            }
        }
        if let Some(rect) = place(&shown.drawn.key) {
            canvas::paint(shown.texture.id(), rect, painter);
        }
    }

    fn take(&mut self, drawn: Drawn<K>, ctx: &Context) {
        let [columns, rows] = drawn.sheet.size();
        let image = image_of(&drawn.sheet, &[0..columns, 0..rows]);
        let old = self.shown.take().map(|shown| shown.texture);
        let texture = canvas::load(old, self.name, image, ctx);
        self.shown = Some(Shown { drawn, texture });
    }
}

fn draw<K>((serial, request): (u64, Request<K>)) -> Drawn<K> {
    let mut sheet = Sheet::new(request.canvas.size(), &(request.trails)());
    sheet.turn_to(request.epoch);
    Drawn {
        serial,
        key: request.key,
        sheet,
    }
}

fn image_of(sheet: &Sheet, [columns, rows]: &Part) -> ColorImage {
    let width = sheet.size()[0];
    let row = |row: usize| &sheet.pixels()[row * width..][columns.clone()];
    let pixels = rows.clone().flat_map(|at| row(at).iter().copied());
    canvas::image([columns.len(), rows.len()], pixels)
}
