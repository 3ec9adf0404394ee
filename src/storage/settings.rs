//! What the program remembers between sessions.
//!
//! The file is read field by field: what this version does not understand, in a newer
//! version's file or a hand-edited one, is kept word for word and written back.

use super::arrangement::Layout;
use super::fields::{Fields, text_of};
use super::{StorageError, aside, atomic, create_folder, experiments};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use super::landscape_view::{ContourPlace, HeightSpread, LandscapeView};
pub use super::plot_view::PlotView;

/// The format that this program writes.
const VERSION: u32 = 1;

/// How many recent files are remembered.
pub const MAX_RECENT: usize = 12;

/// How many layouts can be kept under a name.
pub const MAX_LAYOUTS: usize = 24;

/// What the program remembers between sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The format of the file; 1, or that of the newer program which wrote it.
    pub version: u32,
    /// Dark, light, or what the system has.
    pub theme: Theme,
    /// Width and height of the window in points, where known.
    pub window_size: Option<[f32; 2]>,
    /// How much larger than usual everything is drawn.
    pub scale: f32,
    /// The experiment files used last, the latest first.
    pub recent: Vec<PathBuf>,
    /// What was open when the program was closed.
    pub last: Option<LastExperiment>,
    /// From where the landscape is seen.
    pub landscape_view: LandscapeView,
    /// How heights are spread over the surface in space.
    pub surface_height: HeightSpread,
    /// Where the surface's contour lines lie.
    pub surface_contours: ContourPlace,
    /// Whether colours stand out more than usual.
    pub high_contrast: bool,
    /// Whether nothing fades, glides or blinks.
    pub reduced_motion: bool,
    /// Where the panels stand and which are seen.
    pub layout: Layout,
    /// Layouts that were kept under a name.
    pub layouts: BTreeMap<String, Layout>,
    /// Which plots are seen, and how.
    pub plots: PlotView,
    /// Whether the landscape shows what happens inside the rule of the selected run.
    pub shows_inside: bool,
    /// Whether the landscape shows how it curves at the playhead.
    pub shows_curvature: bool,
    /// Whether the landscape shows the path of gradient flow from the start.
    pub shows_flow: bool,
    /// Fields that this version does not understand, as they stand in the file.
    pub(super) kept: BTreeMap<String, String>,
}

/// Dark, light, or what the system has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// As the system.
    #[default]
    System,
}

/// An experiment to open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LastExperiment {
    /// A file of the user's.
    File(PathBuf),
    /// A built-in experiment, by its id.
    BuiltIn(String),
}

/// Something that the user should be told once.
pub type Notice = String;

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            theme: Theme::default(),
            window_size: None,
            scale: 1.0,
            recent: Vec::new(),
            last: None,
            landscape_view: LandscapeView::default(),
            surface_height: HeightSpread::default(),
            surface_contours: ContourPlace::default(),
            high_contrast: false,
            reduced_motion: false,
            layout: Layout::default(),
            layouts: BTreeMap::new(),
            plots: PlotView::default(),
            shows_inside: false,
            shows_curvature: false,
            shows_flow: false,
            kept: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Puts a file first among the recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MAX_RECENT);
    }

    /// The settings in `file` where they can be read, without setting anything aside.
    pub fn peek(file: &Path) -> Option<Self> {
        let text = experiments::read_text(file).ok()?;
        parse(&text).ok().map(|(settings, _)| settings)
    }

    /// The settings in `file`. A missing file gives the defaults. One that is damaged or cannot
    /// be read is set aside as `….damaged`, and the notice says so.
    pub fn load(file: &Path) -> (Self, Option<Notice>) {
        atomic::remove_stale_temporaries(file);
        if !file.exists() {
            return (Self::default(), None);
        }
        let read = match experiments::read_text(file) {
            Ok(text) => parse(&text).map_err(|error| format!("{}: {error}", file.display())),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok((settings, notice)) => (settings, notice),
            Err(reason) => (Self::default(), Some(set_aside(file, &reason))),
        }
    }

    /// Writes the settings atomically, in a folder that is made where needed.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn save(&self, file: &Path) -> Result<(), StorageError> {
        if let Some(folder) = file.parent() {
            create_folder(folder)?;
        }
        atomic::write(file, self.text().as_bytes())
    }

    pub(super) fn text(&self) -> String {
        let usual = Self::default();
        // A path that is not Unicode has no RON text; the others are worth keeping without it.
        let written = |path: &&PathBuf| path.to_str().is_some();
        let recent: Vec<_> = self.recent.iter().filter(written).collect();
        let last = self.last.as_ref().filter(|last| match last {
            LastExperiment::File(path) => path.to_str().is_some(),
            LastExperiment::BuiltIn(_) => true,
        });
        let fields = [
            ("version", false, text_of(&self.version)),
            ("theme", self.theme == usual.theme, text_of(&self.theme)),
            (
                "window_size",
                self.window_size.is_none(),
                text_of(&self.window_size),
            ),
            ("scale", self.scale == usual.scale, text_of(&self.scale)),
            ("recent", recent.is_empty(), text_of(&recent)),
            ("last", last.is_none(), text_of(&last)),
            (
                "landscape_view",
                self.landscape_view == usual.landscape_view,
                text_of(&self.landscape_view),
            ),
            (
                "surface_height",
                self.surface_height == usual.surface_height,
                text_of(&self.surface_height),
            ),
            (
                "surface_contours",
                self.surface_contours == usual.surface_contours,
                text_of(&self.surface_contours),
            ),
            (
                "high_contrast",
                !self.high_contrast,
                text_of(&self.high_contrast),
            ),
            (
                "reduced_motion",
                !self.reduced_motion,
                text_of(&self.reduced_motion),
            ),
            ("layout", self.layout == usual.layout, text_of(&self.layout)),
            ("layouts", self.layouts.is_empty(), text_of(&self.layouts)),
            (
                "shows_inside",
                !self.shows_inside,
                text_of(&self.shows_inside),
            ),
            (
                "shows_curvature",
                !self.shows_curvature,
                text_of(&self.shows_curvature),
            ),
            ("shows_flow", !self.shows_flow, text_of(&self.shows_flow)),
        ];
        let fields: Vec<_> = fields.into_iter().chain(self.plots.fields()).collect();
        let mut lines = String::new();
        for (name, is_usual, text) in &fields {
            // What was not understood gives way only to a choice made since.
            let kept = self.kept.get(*name).filter(|_| *is_usual);
            lines += &format!("    {name}: {},\n", kept.unwrap_or(text));
        }
        for (name, text) in &self.kept {
            if fields.iter().all(|field| field.0 != name) {
                lines += &format!("    {name}: {text},\n");
            }
        }
        format!("(\n{lines})\n")
    }
}

/// Moves a settings file that cannot be used out of the way, and says so.
fn set_aside(file: &Path, reason: &str) -> Notice {
    match aside::set_aside(file) {
        Ok(moved) => format!(
            "The settings could not be read, so the program starts with its defaults. The file \
             is kept as {}. ({reason})",
            moved.display()
        ),
        Err(error) => format!(
            "The settings could not be read, so the program starts with its defaults. ({reason}; \
             {error})"
        ),
    }
}

/// Whether every kept layout can be used.
fn are_valid(layouts: &BTreeMap<String, Layout>) -> bool {
    layouts.len() <= MAX_LAYOUTS && layouts.values().all(Layout::is_valid)
}

/// The settings in a text, and what to say about fields that are not understood.
pub(super) fn parse(text: &str) -> Result<(Settings, Option<Notice>), ron::error::SpannedError> {
    let mut fields = Fields::read(text)?;
    let usual = Settings::default();
    let mut settings = Settings {
        version: fields.take("version", VERSION, |_| true).max(VERSION),
        theme: fields.take("theme", usual.theme, |_| true),
        window_size: fields.take("window_size", None, |size: &Option<[f32; 2]>| {
            size.is_none_or(|sides| sides.iter().all(|s| s.is_finite() && *s > 0.0))
        }),
        scale: fields.take("scale", usual.scale, |scale| (0.25..=8.0).contains(scale)),
        recent: fields.take("recent", Vec::new(), |_| true),
        last: fields.take("last", None, |_| true),
        landscape_view: fields.take("landscape_view", usual.landscape_view, |_| true),
        surface_height: fields.take("surface_height", usual.surface_height, |_| true),
        surface_contours: fields.take("surface_contours", usual.surface_contours, |_| true),
        high_contrast: fields.take("high_contrast", false, |_| true),
        reduced_motion: fields.take("reduced_motion", false, |_| true),
        layout: fields.take("layout", usual.layout, Layout::is_valid),
        layouts: fields.take("layouts", usual.layouts, are_valid),
        plots: PlotView::take(&mut fields),
        shows_inside: fields.take("shows_inside", usual.shows_inside, |_| true),
        shows_curvature: fields.take("shows_curvature", usual.shows_curvature, |_| true),
        shows_flow: fields.take("shows_flow", usual.shows_flow, |_| true),
        kept: BTreeMap::new(),
    };
    for path in std::mem::take(&mut settings.recent).iter().rev() {
        settings.remember(path);
    }
    let notice = (!fields.refused.is_empty()).then(|| {
        format!(
            "Some settings are not understood and have their usual values: {}.",
            fields.refused.join(", ")
        )
    });
    settings.kept = fields.texts;
    Ok((settings, notice))
}

#[cfg(test)]
mod tests;
