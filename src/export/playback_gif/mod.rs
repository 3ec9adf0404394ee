//! The playback as an animated GIF: the ground is drawn once, each picture lays its trails over
//! it, and the file holds only what changed from one picture to the next.

mod palette;

use super::figure::pixels;
use super::picture::{blank, paint};
use super::svg::Playback;
use super::{ExportError, FigureStyle, Shown, SizeError};
use crate::engine::{History, Outcome, Trace};
use crate::experiment::Checked;
use gif::{DisposalMethod, Encoder, Frame, Repeat};
use palette::{Palette, UNCHANGED};
use rayon::prelude::*;
use resvg::tiny_skia::Pixmap;
use std::borrow::Cow;
use std::ops::ControlFlow;

/// The most pictures of an animation.
pub const MOST_FRAMES: u64 = 2000;
/// As many pictures as an animation has where it is not said otherwise, about.
const USUAL_FRAMES: u64 = 150;
/// The most pixels of a picture; browsers keep some of them.
const MOST_FRAME_PIXELS: u32 = 4_000_000;
/// The largest file; it is kept in memory until it is complete.
const MOST_BYTES: usize = 256 << 20;
/// The last picture stays for so long, in hundredths of a second.
const HOLD: u16 = 150;

/// How a playback is to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaybackStyle {
    /// Size and appearance of its pictures; their step is their own.
    pub figure: FigureStyle,
    /// Pixels to a unit.
    pub scale: f64,
    /// Pictures a second, 1 to 50.
    pub frames_per_second: u32,
    /// Shows every n-th epoch; none for about 150 pictures.
    pub every: Option<u64>,
    /// Whether the loss stands beside the landscape.
    pub has_loss: bool,
}

impl Default for PlaybackStyle {
    fn default() -> Self {
        Self {
            figure: FigureStyle::default(),
            scale: 1.0,
            frames_per_second: 20,
            every: None,
            has_loss: true,
        }
    }
}

/// The playback of a record from the start to the end, forever. `report` is told how many of
/// how many pictures are done and can end the work.
///
/// # Errors
/// When the animation would be too large or too long, or `report` has ended it.
pub fn playback_gif(
    checked: &Checked,
    history: &History,
    style: &PlaybackStyle,
    report: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Vec<u8>, ExportError> {
    of_shown(&Shown::new(checked, history), style, report)
}

/// The same of everything that is shown with the record.
pub(super) fn of_shown(
    shown: &Shown<'_>,
    style: &PlaybackStyle,
    mut report: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Vec<u8>, ExportError> {
    if !(1..=50).contains(&style.frames_per_second) {
        return Err(ExportError::Speed(style.frames_per_second));
    }
    let steps = steps(shown.history, style.every)?;
    let mut report = |done| match report(done, steps.len()) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ExportError::Cancelled),
    };
    report(0)?;
    let playback =
        Playback::new(shown, &style.figure, style.has_loss).ok_or(ExportError::NoLandscape)?;
    let painter = Painter::new(&playback, style.scale)?;
    let mut file = File::new(&painter, &steps, style)?;
    // As many at once as there are cores: the others would only take memory.
    for part in steps.chunks(rayon::current_num_threads().clamp(1, 16)) {
        let pictures: Vec<_> = part.par_iter().map(|&step| painter.picture(step)).collect();
        for picture in pictures {
            file.add(&picture?)?;
            report(file.written)?;
        }
    }
    file.finish()
}

/// The steps of the pictures: the start, every n-th, and the end.
fn steps(history: &History, every: Option<u64>) -> Result<Vec<u64>, ExportError> {
    let last = |trace: &Trace| match trace.outcome {
        Outcome::Diverged { step } => step,
        _ => trace.last_step().unwrap_or(0),
    };
    let end = history.traces.iter().map(last).max().unwrap_or(0);
    let every = every.unwrap_or(end.div_ceil(USUAL_FRAMES)).max(1);
    let frames = end.div_ceil(every) + 1;
    if frames > MOST_FRAMES {
        return Err(ExportError::TooLong {
            frames,
            most: MOST_FRAMES,
            every: end.div_ceil(MOST_FRAMES - 1),
        });
    }
    Ok((0..frames).map(|k| (k * every).min(end)).collect())
}

/// Draws pictures on the ground that they have in common.
struct Painter<'a> {
    playback: &'a Playback<'a>,
    ground: Pixmap,
    scale: f64,
}

impl<'a> Painter<'a> {
    fn new(playback: &'a Playback<'a>, scale: f64) -> Result<Self, ExportError> {
        let [width, height] = pixels(playback.size, scale)?;
        if width.saturating_mul(height) > MOST_FRAME_PIXELS {
            let [width, height] = [width, height].map(u64::from);
            let most = u64::from(MOST_FRAME_PIXELS);
            return Err(SizeError::Pixels {
                width,
                height,
                most,
            }
            .into());
        }
        let mut ground = blank([width, height])?;
        paint(&playback.ground(), scale, &mut ground)?;
        Ok(Self {
            playback,
            ground,
            scale,
        })
    }

    fn picture(&self, step: u64) -> Result<Pixmap, ExportError> {
        let mut picture = self.ground.clone();
        paint(&self.playback.moment(step), self.scale, &mut picture)?;
        Ok(picture)
    }
}

/// The file as it grows.
struct File {
    encoder: Encoder<Vec<u8>>,
    palette: Palette,
    /// The picture before.
    shown: Option<Vec<u8>>,
    written: usize,
    frames: usize,
    delay: u16,
}

impl File {
    fn new(
        painter: &Painter<'_>,
        steps: &[u64],
        style: &PlaybackStyle,
    ) -> Result<Self, ExportError> {
        // What the runs bring is there at the end, and half-way where they leave the picture.
        let samples = [steps.len() / 2, steps.len() - 1].map(|index| painter.picture(steps[index]));
        let [middle, end] = samples;
        let palette = Palette::of(&[painter.ground.data(), middle?.data(), end?.data()]);
        let side = |pixels: u32| u16::try_from(pixels).map_err(broken);
        let [width, height] = [
            side(painter.ground.width())?,
            side(painter.ground.height())?,
        ];
        let mut encoder =
            Encoder::new(Vec::new(), width, height, &palette.bytes()).map_err(broken)?;
        encoder.set_repeat(Repeat::Infinite).map_err(broken)?;
        Ok(Self {
            encoder,
            palette,
            shown: None,
            written: 0,
            frames: steps.len(),
            delay: (100.0 / f64::from(style.frames_per_second)).round() as u16,
        })
    }

    fn add(&mut self, picture: &Pixmap) -> Result<(), ExportError> {
        let size = [picture.width() as usize, picture.height() as usize];
        let now = picture.data();
        let area = match &self.shown {
            Some(before) => changed_area(before, now, size),
            None => Area {
                left: 0,
                top: 0,
                width: size[0],
                height: size[1],
            },
        };
        let buffer = self.numbers(now, size[0], &area);
        self.written += 1;
        let is_last = self.written == self.frames;
        let frame = Frame {
            left: area.left as u16,
            top: area.top as u16,
            width: area.width as u16,
            height: area.height as u16,
            delay: if is_last { HOLD } else { self.delay },
            dispose: DisposalMethod::Keep,
            transparent: self.shown.is_some().then_some(UNCHANGED),
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(broken)?;
        self.shown = Some(now.to_vec());
        if self.encoder.get_ref().len() > MOST_BYTES {
            return Err(ExportError::TooManyBytes(MOST_BYTES >> 20));
        }
        Ok(())
    }

    /// The palette's numbers of an area, row after row.
    fn numbers(&mut self, now: &[u8], width: usize, area: &Area) -> Vec<u8> {
        let mut numbers = Vec::with_capacity(area.width * area.height);
        for row in area.top..area.top + area.height {
            let line = 4 * (row * width + area.left)..4 * (row * width + area.left + area.width);
            let before = self.shown.as_ref().map(|before| &before[line.clone()]);
            for (column, pixel) in now[line].chunks_exact(4).enumerate() {
                let is_same = before.is_some_and(|b| b[4 * column..4 * column + 4] == *pixel);
                numbers.push(match is_same {
                    true => UNCHANGED,
                    false => self.palette.number([pixel[0], pixel[1], pixel[2]]),
                });
            }
        }
        numbers
    }

    fn finish(self) -> Result<Vec<u8>, ExportError> {
        self.encoder.into_inner().map_err(broken)
    }
}

/// A rectangle of pixels, at least one.
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// The smallest area outside of which both pictures are the same.
fn changed_area(before: &[u8], now: &[u8], [width, height]: [usize; 2]) -> Area {
    let (mut left, mut right) = (width, 0);
    let (mut top, mut bottom) = (height, 0);
    let rows = before
        .chunks_exact(4 * width)
        .zip(now.chunks_exact(4 * width));
    for (row, (before, now)) in rows.enumerate() {
        if before == now {
            continue;
        }
        let differs = |column: &usize| before[4 * column..][..4] != now[4 * column..][..4];
        left = left.min((0..width).find(differs).unwrap_or(left));
        right = right.max((0..width).rfind(differs).unwrap_or(0));
        (top, bottom) = (top.min(row), row);
    }
    if left > right || top > bottom {
        (left, right, top, bottom) = (0, 0, 0, 0);
    }
    Area {
        left,
        top,
        width: right - left + 1,
        height: bottom - top + 1,
    }
}

fn broken(error: impl std::fmt::Display) -> ExportError {
    ExportError::Broken(error.to_string())
}
