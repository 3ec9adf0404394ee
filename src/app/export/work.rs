//! What the export thread does.

use super::form::{ExportForm, Subject};
use crate::analysis::curvature::Sharpness;
use crate::engine::Record;
use crate::engine::inside::Ledger;
use crate::experiment::Checked;
use crate::export::{self, ExportError, Shown};
use crate::storage::atomic;
use egui::ColorImage;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Everything that an export is made of.
pub struct Work {
    /// Whether a file that is there may be written over.
    pub may_replace: bool,
    /// Where the playhead stands.
    pub step: u64,
    /// What is chosen.
    pub form: Box<ExportForm>,
    /// What was recorded.
    pub record: Arc<Record>,
    /// Its experiment as it is shown.
    pub checked: Checked,
    /// The pinned experiment as it is shown, and its record.
    pub pinned: Option<(Checked, Arc<Record>)>,
    /// The window, where that is exported.
    pub picture: Option<Arc<ColorImage>>,
    /// Set when the user ends it.
    pub cancelled: Arc<AtomicBool>,
}

/// What came of it.
pub enum Outcome {
    /// The file is there.
    Written(PathBuf),
    /// There was a file already.
    Exists(Box<ExportForm>),
    /// The user ended it; there is no file.
    Cancelled,
    /// There is no file; the text says why.
    Failed(String),
}

impl Work {
    /// Draws and writes. `report` is told how much of how much is done and can end the work.
    pub fn perform(self, mut report: impl FnMut(usize, usize) -> ControlFlow<()>) -> Outcome {
        let path = self.form.path();
        let path = std::path::absolute(&path).unwrap_or(path);
        if !self.may_replace && path.exists() {
            return Outcome::Exists(self.form);
        }
        let bytes = match self.bytes(&mut report) {
            Ok(bytes) => bytes,
            Err(ExportError::Cancelled) => return Outcome::Cancelled,
            Err(error) => return Outcome::Failed(format!("Nothing was exported: {error}.")),
        };
        if report(1, 1).is_break() {
            return Outcome::Cancelled;
        }
        match atomic::write(&path, &bytes) {
            Ok(()) => Outcome::Written(path),
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    fn bytes(
        &self,
        report: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Vec<u8>, ExportError> {
        let form = &self.form;
        let style = form.style(self.step);
        style.size.check()?;
        let ledgers = match form.subject.needs_replay() {
            true => self.replays(report)?,
            false => Vec::new(),
        };
        let sharpness = match form.subject.needs_sharpness() {
            true => self.sharpness(report)?,
            false => Vec::new(),
        };
        let pinned = self.pinned.as_ref();
        let shown = Shown {
            pinned: pinned.map(|(checked, record)| (checked, &record.history)),
            ledgers: &ledgers,
            sharpness: &sharpness,
            ..Shown::new(&self.checked, &self.record.history)
        };
        match form.subject {
            Subject::Figure(figure) if form.is_png => shown.png(figure, &style, form.scale),
            Subject::Figure(figure) => Ok(shown.svg(figure, &style).into_bytes()),
            Subject::Data => Ok(shown.table(None)),
            Subject::Inside => Ok(shown.inside_table()),
            Subject::Playback => shown.playback(&form.playback(), report),
            Subject::Window => {
                let picture = self.picture.as_ref();
                let picture = picture
                    .ok_or_else(|| ExportError::Broken("the window gave no picture".into()))?;
                let size = picture
                    .size
                    .map(|side| u32::try_from(side).unwrap_or(u32::MAX));
                let pixels: Vec<u8> = picture.pixels.iter().flat_map(|p| p.to_array()).collect();
                export::encode_png(&pixels, size)
            }
        }
    }

    /// What happened inside the rules, update by update.
    fn replays(
        &self,
        report: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Vec<Option<Ledger>>, ExportError> {
        let updates = self.record.history.updates;
        if report(0, 1).is_break() {
            return Err(ExportError::Cancelled);
        }
        export::replays(&self.checked, updates, self.watch()).ok_or(ExportError::Cancelled)
    }

    /// How sharp it was along the runs.
    fn sharpness(
        &self,
        report: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Vec<Vec<Sharpness>>, ExportError> {
        if report(0, 1).is_break() {
            return Err(ExportError::Cancelled);
        }
        export::sharpness(&self.checked, self.watch()).ok_or(ExportError::Cancelled)
    }

    /// Looks at whether the user has ended it.
    fn watch(&self) -> impl Fn() -> ControlFlow<()> + Sync + use<> {
        let cancelled = Arc::clone(&self.cancelled);
        move || match cancelled.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
