//! What is chosen in the export dialog.

use crate::app::plots;
use crate::export::{Figure, FigureSize, FigureStyle, PlaybackStyle};
use crate::figures::curves::AxisScale;
use crate::figures::theme::{DARK, LIGHT};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A plot or the landscape.
    Figure(Figure),
    /// The window as it looks.
    Window,
    /// Every recorded number.
    Data,
    /// Every number that a replay finds inside the rules.
    Inside,
    /// The landscape and the loss, animated.
    Playback,
}

/// The choices.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportForm {
    /// What.
    pub subject: Subject,
    /// Whether a figure becomes pixels and not a drawing.
    pub is_png: bool,
    /// Width in units.
    pub width: u32,
    /// Height in units.
    pub height: u32,
    /// Pixels a unit.
    pub scale: f64,
    /// Whether the appearance is dark.
    pub is_dark: bool,
    /// Whether runs are shown as at the playhead and not at the end.
    pub at_playhead: bool,
    /// How the values of a plot are spread; for the loss as in the window.
    pub loss_scale: AxisScale,
    /// Pictures a second.
    pub frames_per_second: u32,
    /// The folder.
    pub folder: PathBuf,
    /// The name of the file, or a whole path.
    pub typed: String,
    /// Whether the name is the user's own.
    pub is_named: bool,
    /// Whether there is a file already and the user is asked.
    pub asks_to_replace: bool,
}

impl Default for ExportForm {
    fn default() -> Self {
        Self {
            subject: Subject::Figure(Figure::Landscape),
            is_png: false,
            width: 840,
            height: 620,
            scale: 2.0,
            is_dark: false,
            at_playhead: false,
            loss_scale: AxisScale::Logarithmic,
            frames_per_second: 20,
            folder: PathBuf::new(),
            typed: String::new(),
            is_named: false,
            asks_to_replace: false,
        }
    }
}

impl Subject {
    /// The name for people.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Figure(figure) => figure.name(),
            Self::Window => "The whole window".into(),
            Self::Data => "Data".into(),
            Self::Inside => "Data inside the rules".into(),
            Self::Playback => "Playback".into(),
        }
    }

    /// Whether the runs must be replayed for it.
    pub fn needs_replay(self) -> bool {
        self == Self::Inside || matches!(self, Self::Figure(figure) if figure.needs_replay())
    }

    /// Whether the sharpness along the runs must be worked out for it.
    pub fn needs_sharpness(self) -> bool {
        matches!(self, Self::Figure(figure) if figure.needs_sharpness())
    }
}

impl ExportForm {
    /// The ending of the file.
    pub fn ending(&self) -> &'static str {
        match self.subject {
            Subject::Figure(_) if !self.is_png => "svg",
            Subject::Figure(_) | Subject::Window => "png",
            Subject::Data | Subject::Inside => "csv",
            Subject::Playback => "gif",
        }
    }

    /// Where to; a relative path is meant from the folder.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.typed.trim())
    }

    /// Takes a path that was chosen elsewhere.
    pub fn set_path(&mut self, path: &Path) {
        self.folder = path.parent().map(PathBuf::from).unwrap_or_default();
        self.typed = path.to_string_lossy().into_owned();
        self.is_named = true;
        self.asks_to_replace = false;
    }

    /// Gives the file a name while the user has given none, and the ending of its kind.
    pub fn settle_path(&mut self) {
        if !self.is_named {
            let name = match self.subject {
                Subject::Figure(figure) => figure.id(),
                Subject::Window => "window".into(),
                Subject::Data => "history".into(),
                Subject::Inside => "inside".into(),
                Subject::Playback => "playback".into(),
            };
            let path = self.folder.join(&*name);
            self.typed = path.to_string_lossy().into_owned();
        }
        let path = PathBuf::from(self.typed.trim());
        let known = ["svg", "png", "csv", "gif"];
        let has_known_ending = path
            .extension()
            .is_some_and(|ending| known.iter().any(|known| ending == *known));
        if !self.is_named || has_known_ending {
            let path = path.with_extension(self.ending());
            self.typed = path.to_string_lossy().into_owned();
        }
    }

    /// How a figure looks, with the playhead at `step`.
    pub fn style(&self, step: u64) -> FigureStyle {
        let scale = match self.subject {
            Subject::Figure(Figure::Plot(plots::Subject::LOSS)) | Subject::Playback => {
                Some(self.loss_scale)
            }
            _ => None,
        };
        FigureStyle {
            size: FigureSize {
                width: Some(self.width),
                height: Some(self.height),
            },
            theme: if self.is_dark { &DARK } else { &LIGHT },
            scale,
            step: self.at_playhead.then_some(step),
        }
    }

    /// How the playback looks.
    pub fn playback(&self) -> PlaybackStyle {
        PlaybackStyle {
            figure: self.style(0),
            scale: self.scale,
            frames_per_second: self.frames_per_second,
            ..PlaybackStyle::default()
        }
    }
}
