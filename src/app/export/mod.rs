//! Exporting from the window: what is chosen, and the thread that draws and writes it.

mod exporter;
mod form;
mod work;

pub use exporter::Exporter;
pub use form::{ExportForm, Subject};

use super::state::{Dialog, Lab};
use crate::engine::Record;
use crate::experiment::Checked;
use crate::export::Figure;
use std::path::PathBuf;
use std::sync::Arc;
use work::{Outcome, Work};

/// What can be asked of exporting.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// The choices as the user has just changed them.
    Edit(Box<ExportForm>),
    /// Write the file; ask first when there is one already.
    Start,
    /// Write over the file that is there.
    Replace,
    /// Choose the place with the system's dialog.
    Browse,
    /// End the present export; nothing is written.
    Cancel,
}

/// Opens the dialog on what was last exported.
pub fn open(lab: &mut Lab, dark: bool) {
    let mut form = lab.exporter.last_form().unwrap_or_else(|| ExportForm {
        folder: super::perform::folder(lab)
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default(),
        is_dark: dark,
        ..ExportForm::default()
    });
    // What was exported last may be of rules that this experiment has not.
    if let Subject::Figure(Figure::Plot(subject)) = form.subject
        && !lab.subjects().contains(&subject)
    {
        form.subject = ExportForm::default().subject;
    }
    form.settle_path();
    lab.view.dialog = Some(Dialog::Export(Box::new(form)));
}

/// Carries out a command.
pub fn perform(lab: &mut Lab, command: ExportCommand) {
    match command {
        ExportCommand::Edit(mut form) => {
            form.settle_path();
            lab.view.dialog = Some(Dialog::Export(form));
        }
        ExportCommand::Start => start(lab, false),
        ExportCommand::Replace => start(lab, true),
        ExportCommand::Browse => {
            if let Some(Dialog::Export(form)) = &lab.view.dialog {
                let path = form.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let folder = path.parent().map(PathBuf::from);
                lab.files.choose_to_export(folder, name.into_owned());
            }
        }
        ExportCommand::Cancel => lab.exporter.cancel(),
    }
}

/// A place was chosen with the system's dialog.
pub fn choose_place(lab: &mut Lab, path: PathBuf) {
    if let Some(Dialog::Export(form)) = &mut lab.view.dialog {
        form.set_path(&path);
    }
}

fn start(lab: &mut Lab, may_replace: bool) {
    let Some(Dialog::Export(form)) = lab.view.dialog.clone() else {
        return;
    };
    if lab.exporter.is_busy() {
        return;
    }
    let Some((record, checked)) = shown(lab) else {
        lab.complain("There is nothing to export yet: wait until the computation has a result.");
        return;
    };
    lab.view.dialog = None;
    let work = Work {
        may_replace,
        step: lab.playhead.step(),
        form,
        record,
        checked,
        pinned: pinned(lab),
        picture: None,
        cancelled: Arc::default(),
    };
    if let Err(error) = lab.exporter.start(work) {
        lab.complain(format!(
            "The system gave no thread for the export: {error}. Try again."
        ));
    }
}

/// The record, and its experiment with names, colours and visibility as they are shown now.
fn shown(lab: &Lab) -> Option<(Arc<Record>, Checked)> {
    lab.record_here()?;
    let record = lab.record.clone()?;
    let mut checked = Checked::clone(&record.checked);
    checked.experiment.title = lab.title().to_owned();
    let runs = checked.experiment.runs.iter_mut().zip(&mut checked.runs);
    for (index, ((spec, run), edited)) in runs.zip(&lab.experiment.runs).enumerate() {
        spec.visible = lab.is_shown(index);
        spec.colour = edited.colour;
        spec.label.clone_from(&edited.label);
        run.label = edited.display_label();
    }
    Some((record, checked))
}

/// The pinned experiment where it is shown, with the names, colours and visibility it was pinned
/// with.
fn pinned(lab: &Lab) -> Option<(Checked, Arc<Record>)> {
    let pinned = lab.pinned_here()?;
    let mut checked = Checked::clone(&pinned.record.checked);
    checked.experiment = pinned.experiment.clone();
    for (run, spec) in checked.runs.iter_mut().zip(&pinned.experiment.runs) {
        run.label = spec.display_label();
    }
    Some((checked, Arc::clone(&pinned.record)))
}

/// Takes in what the thread has done and what the window looks like.
pub fn attend(lab: &mut Lab) {
    if let Err(error) = lab.exporter.take_picture() {
        lab.complain(format!(
            "The system gave no thread for the export: {error}. Try again."
        ));
    }
    match lab.exporter.finished() {
        None => {}
        Some(Outcome::Written(path)) => lab.inform(format!("Exported to {}", path.display())),
        Some(Outcome::Cancelled) => lab.inform("Export cancelled; nothing was written"),
        Some(Outcome::Failed(text)) => lab.complain(text),
        Some(Outcome::Exists(mut form)) => {
            form.asks_to_replace = true;
            lab.view.dialog = Some(Dialog::Export(form));
        }
    }
}
