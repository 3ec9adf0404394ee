//! The landscape, with the loss beside it where wanted, as it changes from step to step.

use super::contenders;
use super::curves::Curves;
use super::document::Document;
use super::heading;
use super::landscape::Scene;
use crate::export::{FigureSize, FigureStyle, Shown};
use crate::figures::subject::Subject;
use crate::landscapes::Chosen;

/// What the landscape leaves to the loss, of the whole width.
const LOSS_SHARE: f64 = 0.4;

/// The pictures of a playback.
pub struct Playback<'a> {
    shown: Shown<'a>,
    landscape: &'a Chosen,
    style: FigureStyle,
    has_loss: bool,
    /// Width and height.
    pub size: [f64; 2],
}

impl<'a> Playback<'a> {
    /// The playback of a record, in the chosen size or the usual one; none where there is no
    /// landscape to look down on.
    pub fn new(shown: &Shown<'a>, style: &FigureStyle, has_loss: bool) -> Option<Self> {
        let mut playback = Self {
            shown: *shown,
            landscape: shown.checked.objective.landscape()?,
            style: *style,
            has_loss,
            size: [0.0; 2],
        };
        let [width, height] = playback.scene(0).size;
        let width = match style.size.width {
            Some(width) => f64::from(width),
            None if has_loss => width / (1.0 - LOSS_SHARE),
            None => width,
        };
        // Laid out anew at every step, the size must not depend on it.
        playback.size = [width, height].map(f64::round);
        Some(playback)
    }

    /// What all pictures have in common.
    pub fn ground(&self) -> String {
        let mut document = Document::new(self.size, self.style.theme);
        heading::draw(&mut document, self.shown.checked, Some(0));
        self.scene(0).draw_ground(&mut document);
        if self.has_loss {
            self.loss(0).draw_ground(&mut document);
        }
        document.layer(true)
    }

    /// What lies on the ground after `step` updates.
    pub fn moment(&self, step: u64) -> String {
        let mut document = Document::new(self.size, self.style.theme);
        let runs = self.runs(step);
        self.scene(step).draw_runs(&mut document, &runs);
        if self.has_loss {
            self.loss(step).draw_runs(&mut document, &runs);
        }
        document.layer(false)
    }

    fn runs(&self, step: u64) -> Vec<contenders::Contender<'a>> {
        let (checked, history) = (self.shown.checked, self.shown.history);
        contenders::visible(checked, history, self.style.theme, Some(step))
    }

    fn scene(&self, step: u64) -> Scene<'a> {
        let mut style = self.at(step);
        if let (true, Some(width)) = (self.has_loss, self.style.size.width) {
            style.size = FigureSize {
                width: Some((f64::from(width) * (1.0 - LOSS_SHARE)) as u32),
                ..style.size
            };
        }
        Scene::new(&self.shown, self.landscape, &self.runs(step), &style)
    }

    fn loss(&self, step: u64) -> Curves<'a> {
        let left = self.size[0] * (1.0 - LOSS_SHARE) + 72.0;
        let corner = [left, heading::BOTTOM];
        let size = [
            self.size[0] - left - heading::MARGIN,
            self.size[1] - heading::BOTTOM - 54.0,
        ];
        let runs = self.runs(step);
        let place = [corner, size];
        Curves::new(&self.shown, &runs, Subject::LOSS, &self.at(step), place)
    }

    fn at(&self, step: u64) -> FigureStyle {
        FigureStyle {
            step: Some(step),
            ..self.style
        }
    }
}
