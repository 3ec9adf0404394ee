//! What the export thread does.

use super::form::{ExportForm, Subject};
use crate::engine::Record;
use crate::experiment::Checked;
use crate::export::{self, ExportError};
use crate::storage::atomic;
use egui::ColorImage;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

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
    /// The window, where that is exported.
    pub picture: Option<Arc<ColorImage>>,
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
        let (checked, history, form) = (&self.checked, &self.record.history, &self.form);
        let style = form.style(self.step);
        style.size.check()?;
        match form.subject {
            Subject::Figure(figure) if form.is_png => {
                export::png(figure, checked, history, &style, form.scale)
            }
            Subject::Figure(figure) => {
                Ok(export::svg(figure, checked, history, &style).into_bytes())
            }
            Subject::Data => Ok(export::table(None, checked, history)),
            Subject::Playback => export::playback_gif(checked, history, &form.playback(), report),
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
}
