//! Which figures there are, and how one is to look.

use crate::figures::curves::{AxisScale, QUANTITIES};
use crate::figures::subject::Subject;
use crate::figures::theme::{LIGHT, Theme};
use std::borrow::Cow;
use thiserror::Error;

/// A figure of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// The curves of every visible run over the epochs.
    Plot(Subject),
    /// The ways of the runs over the landscape.
    Landscape,
}

/// Every figure that the record of any experiment is enough for, the plots first.
pub const FIGURES: [Figure; 7] = [
    Figure::Plot(Subject::Recorded(QUANTITIES[0])),
    Figure::Plot(Subject::Recorded(QUANTITIES[1])),
    Figure::Plot(Subject::Recorded(QUANTITIES[2])),
    Figure::Plot(Subject::Recorded(QUANTITIES[3])),
    Figure::Plot(Subject::Recorded(QUANTITIES[4])),
    Figure::Plot(Subject::Recorded(QUANTITIES[5])),
    Figure::Landscape,
];

impl Figure {
    /// The name of its files and on the command line.
    pub fn id(self) -> Cow<'static, str> {
        match self {
            Self::Plot(subject) => subject.file_id().into(),
            Self::Landscape => "landscape".into(),
        }
    }

    /// The name for people.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Plot(subject) => subject.name().into(),
            Self::Landscape => "Landscape".into(),
        }
    }

    /// Whether the runs must be replayed for it.
    pub fn needs_replay(self) -> bool {
        matches!(self, Self::Plot(subject) if subject.needs_replay())
    }

    /// Whether the sharpness along the runs must be worked out for it.
    pub fn needs_sharpness(self) -> bool {
        self == Self::Plot(Subject::Sharpness)
    }
}

/// How a figure is to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureStyle {
    /// Its width and height; without them it is as large as what it shows needs.
    pub size: FigureSize,
    /// Light or dark.
    pub theme: &'static Theme,
    /// How the values of a plot are spread; none for what suits the quantity.
    pub scale: Option<AxisScale>,
    /// After how many updates; none for the end.
    pub step: Option<u64>,
}

impl Default for FigureStyle {
    /// In its usual size, light, at the end: as for print.
    fn default() -> Self {
        Self {
            size: FigureSize::default(),
            theme: &LIGHT,
            scale: None,
            step: None,
        }
    }
}

impl FigureStyle {
    /// How the values of a plot are spread.
    pub(super) fn scale_of(&self, subject: Subject) -> AxisScale {
        self.scale.unwrap_or(subject.usual_scale())
    }
}

/// Width and height of a figure in units of which text is 12 high, each where it is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FigureSize {
    /// Its width.
    pub width: Option<u32>,
    /// Its height.
    pub height: Option<u32>,
}

/// The widths that a figure can have.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 480..=8192;
/// The heights that a figure can have.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 320..=8192;
/// The scales at which a figure can be turned into pixels.
pub const SCALES: std::ops::RangeInclusive<f64> = 0.25..=16.0;
/// The most pixels of a picture; it takes some ten bytes a pixel while it is made.
pub const MOST_PIXELS: u64 = 36_000_000;

/// A size that no figure can have.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SizeError {
    /// Too narrow or too wide.
    #[error("a width of {0} is out of range; choose one from {low} to {high}", low = WIDTHS.start(), high = WIDTHS.end())]
    Width(u32),
    /// Too low or too high.
    #[error("a height of {0} is out of range; choose one from {low} to {high}", low = HEIGHTS.start(), high = HEIGHTS.end())]
    Height(u32),
    /// Too coarse or too fine.
    #[error("a scale of {0} is out of range; choose one from {low} to {high}", low = SCALES.start(), high = SCALES.end())]
    Scale(f64),
    /// Too large.
    #[error(
        "a picture of {width} × {height} pixels is too large; choose a smaller size or scale \
         (at most {} million pixels)", .most / 1_000_000
    )]
    Pixels {
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// How many it may have.
        most: u64,
    },
}

impl FigureSize {
    /// Whether a figure can have this size.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn check(self) -> Result<(), SizeError> {
        match (self.width, self.height) {
            (Some(width), _) if !WIDTHS.contains(&width) => Err(SizeError::Width(width)),
            (_, Some(height)) if !HEIGHTS.contains(&height) => Err(SizeError::Height(height)),
            _ => Ok(()),
        }
    }
}

/// The pixels of a picture of `size` at `scale`.
///
/// # Errors
/// When there are none or too many.
pub fn pixels(size: [f64; 2], scale: f64) -> Result<[u32; 2], SizeError> {
    if !SCALES.contains(&scale) {
        return Err(SizeError::Scale(scale));
    }
    let [width, height] = size.map(|side| (side * scale).round().max(1.0) as u64);
    let too_large = SizeError::Pixels {
        width,
        height,
        most: MOST_PIXELS,
    };
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(w), Ok(h)) if width.saturating_mul(height) <= MOST_PIXELS => Ok([w, h]),
        _ => Err(too_large),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_sizes_and_scales_are_refused() {
        for (width, height) in [(0, 400), (u32::MAX, 400), (700, 0), (700, 100_000)] {
            let size = FigureSize {
                width: Some(width),
                height: Some(height),
            };
            assert!(size.check().is_err(), "{size:?}");
        }
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert!(matches!(
                pixels([720.0, 440.0], scale),
                Err(SizeError::Scale(_))
            ));
        }
        assert!(matches!(
            pixels([8192.0, 8192.0], 16.0),
            Err(SizeError::Pixels { .. })
        ));
        assert_eq!(pixels([720.0, 440.0], 2.0), Ok([1440, 880]));
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        for (index, figure) in FIGURES.iter().enumerate() {
            for other in &FIGURES[..index] {
                assert!(figure.id() != other.id() && figure.name() != other.name());
            }
        }
    }
}
