//! Reading, writing and the system's dialogs, on threads of their own: a slow disk or an open
//! dialog never stops the window.

use crate::experiment::Experiment;
use crate::storage::experiments::{self, LoadError, Opened};
use crate::storage::places::Places;
use crate::storage::recovery::{LeftBehind, Recovery};
use crate::storage::settings::Settings;
use crate::storage::StorageError;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

/// What came of a request.
pub enum Done {
    /// A file was read, or not.
    Opened(PathBuf, Result<Box<Opened>, LoadError>),
    /// The experiment was written to a file, or not.
    Saved(Box<Written>, Result<(), StorageError>),
    /// A file was chosen to open; none when the dialog was closed or the system has none.
    ChosenToOpen(Option<PathBuf>),
    /// A place was chosen to save to.
    ChosenToSave(Option<PathBuf>),
    /// There is another file where the experiment was to be written; nothing was written.
    Exists(PathBuf),
    /// Something else failed; the text says what.
    Failed(String),
}

/// What was to be written where.
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// The experiment.
    pub experiment: Experiment,
    /// How many documents had been shown when it was asked for: when another has been shown
    /// since, the file is not the one on show.
    pub shown: u64,
}

/// Whether a file that is there already may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It is the experiment's own, or the user has agreed.
    Yes,
    /// Ask first.
    Never,
}

/// The threads' requests and answers.
pub struct Files {
    places: Option<Places>,
    sender: Sender<Done>,
    receiver: Receiver<Done>,
    keeper: Option<Sender<Keep>>,
    keeper_thread: Option<std::thread::JoinHandle<()>>,
    wake: egui::Context,
}

/// What the keeper thread is told; it writes in order and skips what newer orders replace.
enum Keep {
    Settings(Box<Settings>),
    Unsaved(Box<Experiment>, Option<PathBuf>),
    NothingUnsaved,
    LeaveBehind,
    Forget(LeftBehind),
}

impl Files {
    /// Nothing is read or written yet. `places` is where settings and unsaved work are kept.
    pub fn new(ctx: &egui::Context, places: Option<Places>) -> Self {
        let (sender, receiver) = channel();
        let (keeper, orders) = channel();
        let keeper_thread = places.clone().and_then(|places| {
            let answers = sender.clone();
            let ctx = ctx.clone();
            std::thread::Builder::new()
                .name("keeper".into())
                .spawn(move || keep(&places, &orders, &answers, &ctx))
                .ok()
        });
        Self {
            keeper: keeper_thread.is_some().then_some(keeper),
            keeper_thread,
            places,
            sender,
            receiver,
            wake: ctx.clone(),
        }
    }

    /// Where settings and unsaved work are kept.
    pub fn places(&self) -> Option<&Places> {
        self.places.as_ref()
    }

    /// What has been done since the last call.
    pub fn done(&self) -> Vec<Done> {
        self.receiver.try_iter().collect()
    }

    /// Reads an experiment.
    pub fn open(&self, path: PathBuf) {
        self.spawn("open", move || {
            let opened = experiments::open(&path).map(Box::new);
            Done::Opened(path, opened)
        });
    }

    /// Writes an experiment; over a file that is there already only when `replace`.
    pub fn save(&self, written: Written, replace: Replace) {
        self.spawn("save", move || {
            if replace == Replace::Never && written.path.exists() {
                return Done::Exists(written.path);
            }
            let saved = experiments::save(&written.path, &written.experiment);
            Done::Saved(Box::new(written), saved)
        });
    }

    /// Asks for a file with the system's dialog.
    pub fn choose_to_open(&self, folder: Option<PathBuf>) {
        self.spawn("choose", move || {
            Done::ChosenToOpen(dialog(folder.as_deref()).pick_file())
        });
    }

    /// Asks for a place with the system's dialog.
    pub fn choose_to_save(&self, folder: Option<PathBuf>, name: String) {
        self.spawn("choose", move || {
            Done::ChosenToSave(dialog(folder.as_deref()).set_file_name(name).save_file())
        });
    }

    /// Writes the settings, soon.
    pub fn keep_settings(&self, settings: &Settings) {
        self.order(Keep::Settings(Box::new(settings.clone())));
    }

    /// Keeps unsaved work for the next start, soon.
    pub fn keep_unsaved(
    recovery: &mut Option<Recovery>,
    folder: &Path,
    order: Keep,
) -> Result<(), StorageError> {
    match order {
        Keep::Unsaved(experiment, origin) => {
            if recovery.is_none() {
                *recovery = Some(Recovery::begin(folder)?);
            }
            match recovery {
                Some(recovery) => recovery.keep(&experiment, origin.as_deref()),
                None => Ok(()),
            }
        }
        Keep::NothingUnsaved => recovery.as_ref().map_or(Ok(()), Recovery::discard),
        Keep::LeaveBehind => {
            *recovery = None;
            Ok(())
        }
        Keep::Forget(left) => left.forget(),
        Keep::Settings(_) => Ok(()),
    }
}
