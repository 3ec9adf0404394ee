//! Reading, writing and the system's dialogs, on threads of their own: a slow disk or an open
//! dialog never stops the window.

use super::data::{DataKind, TableReading};
use crate::engine::Record;
use crate::experiment::Experiment;
use crate::export::report::{ReportFormat, ReportOptions, report};
use crate::models::datasets::Source;
use crate::models::regression::Delimited;
use crate::storage::StorageError;
use crate::storage::experiments::{self, LoadError, Opened};
use crate::storage::places::Places;
use crate::storage::recovery::{LeftBehind, Recovery};
use crate::storage::settings::Settings;
use crate::storage::{self, atomic, tables};
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What came of a request.
pub enum Done {
    /// The file of the numbered request was read, or not.
    Opened(u64, PathBuf, Result<Box<Opened>, LoadError>),
    /// The experiment was written to a file, or not.
    Saved(Box<Written>, Result<(), StorageError>),
    /// A file was chosen to open; none when the dialog was closed or the system has none.
    ChosenToOpen(Option<PathBuf>),
    /// A place was chosen to save to.
    ChosenToSave(Option<PathBuf>),
    /// A place was chosen to export to.
    ChosenToExport(Option<PathBuf>),
    /// There is another file where the experiment was to be written; nothing was written.
    Exists(PathBuf),
    /// The file to be written over is of a newer version; nothing was written.
    Newer(PathBuf, Vec<String>),
    /// A CSV file was chosen.
    ChosenTable(Option<PathBuf>),
    /// A table was read, or the reason why not.
    TableRead(Box<Result<Delimited, String>>),
    /// A folder or a file of data for a network was chosen.
    ChosenData(DataKind, Option<PathBuf>),
    /// Data for a network were read: how many there are to train and to test on, or the reason why
    /// not.
    DataRead(Box<Source>, Result<(usize, usize), String>),
    /// A report was written, or the reason why not.
    Reported(Result<Vec<PathBuf>, String>),
    /// Something else failed; the text says what.
    Failed(String),
}

/// What was to be written where.
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// The experiment.
    pub experiment: Experiment,
    /// The document it belongs to.
    pub document: u64,
}

/// Whether a file that is there already may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The user has agreed.
    Yes,
    /// It is the experiment's own; ask first when a newer version wrote it.
    Own,
    /// Ask first.
    Never,
}

/// The threads' requests and answers.
pub struct Files {
    places: Option<Places>,
    sender: Sender<Done>,
    receiver: Receiver<Done>,
    /// Number of the newest request to open a file.
    newest_open: Cell<u64>,
    /// The table that is being read.
    table: RefCell<Option<Arc<TableReading>>>,
    saver: Option<Sender<Box<(Written, Replace)>>>,
    saver_thread: Option<std::thread::JoinHandle<()>>,
    keeper: Option<Sender<Keep>>,
    keeper_thread: Option<std::thread::JoinHandle<()>>,
    wake: egui::Context,
}

fn written_report(
    record: &Record,
    format: ReportFormat,
    folder: &Path,
) -> Result<Vec<PathBuf>, String> {
    let options = ReportOptions {
        format,
        epoch: 1,
        steps: Vec::new(),
        has_folder: true,
    };
    let go_on = || ControlFlow::Continue(());
    let files = report(&record.checked, &record.history, &options, go_on);
    let files = files.map_err(|error| error.to_string())?;
    storage::create_folder(folder).map_err(|error| error.to_string())?;
    let mut written = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        atomic::write(&path, &file.bytes).map_err(|error| error.to_string())?;
        written.push(path);
    }
    Ok(written)
}

/// What the keeper thread is told; it writes in order and skips what newer orders replace.
enum Keep {
    Settings(Box<Settings>),
    Unsaved(Box<Experiment>, Option<PathBuf>),
    NothingUnsaved,
    LeaveBehind,
    Forget(Box<LeftBehind>),
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
        let (saver, saves) = channel();
        let answers = sender.clone();
        let wake = ctx.clone();
        let saver_thread = std::thread::Builder::new()
            .name("save".into())
            .spawn(move || write_in_order(&saves, &answers, &wake))
            .ok();
        Self {
            newest_open: Cell::new(0),
            table: RefCell::default(),
            saver: saver_thread.is_some().then_some(saver),
            saver_thread,
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
        let number = self.newest_open.get() + 1;
        self.newest_open.set(number);
        self.spawn("open", move || {
            let opened = experiments::open(&path).map(Box::new);
            if let Ok(opened) = &opened
                && let Some(network) = opened.experiment.objective.network()
            {
                // Read here, they are at hand when the window checks the experiment, which says
                // what is wrong with them.
                let _ = network.data.counts();
            }
            Done::Opened(number, path, opened)
        });
    }

    /// Reads a table, in place of one that is being read.
    pub fn open_table(&self, path: PathBuf) {
        self.cancel_table();
        let reading = Arc::new(TableReading::default());
        *self.table.borrow_mut() = Some(Arc::clone(&reading));
        self.spawn("table", move || {
            let read = tables::open(&path, |bytes, all| match reading.note(bytes, all) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            });
            reading.finish();
            Done::TableRead(Box::new(read.map_err(|error| error.to_string())))
        });
    }

    /// The table that is being read.
    pub fn table_reading(&self) -> Option<Arc<TableReading>> {
        let reading = self.table.borrow();
        reading
            .as_ref()
            .filter(|reading| !reading.is_finished())
            .map(Arc::clone)
    }

    /// Stops reading a table.
    pub fn cancel_table(&self) {
        if let Some(reading) = self.table.borrow().as_ref() {
            reading.cancel();
        }
    }

    /// Asks for a CSV file with the system's dialog.
    pub fn choose_table(&self) {
        self.spawn("choose", move || {
            let dialog = rfd::FileDialog::new().add_filter("Tables", &["csv", "tsv", "txt"]);
            Done::ChosenTable(dialog.pick_file())
        });
    }

    /// Reads data for a network, so that they are at hand when they are used.
    pub fn read_data(&self, source: Source) {
        self.spawn("data", move || {
            // The seed decides nothing of what is read.
            let read = source.counts().and_then(|counts| {
                source.load(0)?;
                Ok(counts)
            });
            let read = read.map_err(|error| error.to_string());
            Done::DataRead(Box::new(source), read)
        });
    }

    /// Asks for a folder or a file of data with the system's dialog.
    pub fn choose_data(&self, kind: DataKind) {
        self.spawn("choose", move || {
            let dialog = rfd::FileDialog::new();
            let chosen = match kind {
                DataKind::FashionMnist | DataKind::Mnist => dialog.pick_folder(),
                DataKind::Csv => dialog
                    .add_filter("Tables", &["csv", "tsv", "txt"])
                    .pick_file(),
            };
            Done::ChosenData(kind, chosen)
        });
    }

    /// Writes a report on a record into a folder.
    pub fn report(&self, record: Arc<Record>, format: ReportFormat, folder: PathBuf) {
        self.spawn("report", move || {
            Done::Reported(written_report(&record, format, &folder))
        });
    }

    /// Whether a request to open is the newest; what an older one brings comes too late.
    pub fn is_newest_open(&self, number: u64) -> bool {
        self.newest_open.get() == number
    }

    /// Writes an experiment, after those asked for before.
    pub fn save(&self, written: Written, replace: Replace) {
        let order = self
            .saver
            .as_ref()
            .map(|saver| saver.send(Box::new((written, replace))));
        if !matches!(order, Some(Ok(()))) {
            let text = "Nothing can be saved: the thread that writes files is gone. Restart the \
                        program; unsaved work is offered then.";
            // The receiver lives as long as `self`.
            let _ = self.sender.send(Done::Failed(text.into()));
        }
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

    /// Asks for a place for an exported file with the system's dialog.
    pub fn choose_to_export(&self, folder: Option<PathBuf>, name: String) {
        self.spawn("choose", move || {
            let dialog = rfd::FileDialog::new().set_file_name(name);
            let dialog = match folder {
                Some(folder) => dialog.set_directory(folder),
                None => dialog,
            };
            Done::ChosenToExport(dialog.save_file())
        });
    }

    /// Writes the settings, soon.
    pub fn keep_settings(&self, settings: &Settings) {
        self.order(Keep::Settings(Box::new(settings.clone())));
    }

    /// Keeps unsaved work for the next start, soon.
    pub fn keep_unsaved(&self, experiment: &Experiment, origin: Option<PathBuf>) {
        self.order(Keep::Unsaved(Box::new(experiment.clone()), origin));
    }

    /// There is no unsaved work.
    pub fn nothing_unsaved(&self) {
        self.order(Keep::NothingUnsaved);
    }

    /// What is kept stays for the next start, whatever comes after it.
    pub fn leave_behind(&self) {
        self.order(Keep::LeaveBehind);
    }

    /// Removes unsaved work of an earlier session, after everything ordered before is written.
    pub fn forget(&self, left: LeftBehind) {
        self.order(Keep::Forget(Box::new(left)));
    }

    /// Waits until everything ordered is written, when the window closes.
    pub fn finish(&mut self) {
        self.saver = None;
        self.keeper = None;
        for thread in [self.saver_thread.take(), self.keeper_thread.take()] {
            // Their failures were reported through `Done`; nobody is left to read them now.
            let _ = thread.map(std::thread::JoinHandle::join);
        }
    }

    fn order(&self, order: Keep) {
        if let Some(keeper) = &self.keeper {
            // Fails only when the thread is gone, which it reported itself.
            let _ = keeper.send(order);
        }
    }

    fn spawn(&self, name: &str, work: impl FnOnce() -> Done + Send + 'static) {
        let sender = self.sender.clone();
        let ctx = self.wake.clone();
        let thread = std::thread::Builder::new().name(name.into());
        let started = thread.spawn(move || {
            let done = work();
            // Fails only when the window is gone.
            let _ = sender.send(done);
            ctx.request_repaint();
        });
        if let Err(error) = started {
            let failed = format!("The system gave no thread for this: {error}. Try again.");
            // The receiver lives as long as `self`.
            let _ = self.sender.send(Done::Failed(failed));
        }
    }
}

/// The saver thread: one file after another, so that the last one asked for stays.
fn write_in_order(
    saves: &Receiver<Box<(Written, Replace)>>,
    answers: &Sender<Done>,
    ctx: &egui::Context,
) {
    while let Ok(save) = saves.recv() {
        let (written, replace) = *save;
        // Fails only when the window is gone.
        let _ = answers.send(write(written, replace));
        ctx.request_repaint();
    }
}

fn write(written: Written, replace: Replace) -> Done {
    if replace == Replace::Never && written.path.exists() {
        return Done::Exists(written.path);
    }
    if replace == Replace::Own
        && let Ok(there) = experiments::open(&written.path)
        && !there.left_out.is_empty()
    {
        return Done::Newer(written.path, there.left_out);
    }
    let saved = experiments::save(&written.path, &written.experiment);
    Done::Saved(Box::new(written), saved)
}

fn dialog(folder: Option<&Path>) -> rfd::FileDialog {
    let dialog = rfd::FileDialog::new().add_filter("Descent Lab experiment", &["ron"]);
    match folder {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

/// The keeper thread: writes settings and unsaved work in the order they were given.
fn keep(places: &Places, orders: &Receiver<Keep>, answers: &Sender<Done>, ctx: &egui::Context) {
    let mut recovery: Option<Recovery> = None;
    while let Ok(first) = orders.recv() {
        let waiting = std::iter::once(first).chain(orders.try_iter());
        for order in only_what_counts(waiting) {
            if let Err(error) = carry_out(order, places, &mut recovery) {
                // Fails only when the window is gone.
                let _ = answers.send(Done::Failed(error.to_string()));
                ctx.request_repaint();
            }
        }
    }
}

/// Of settings, and of states of the same unsaved work, only the newest is worth writing.
fn only_what_counts(waiting: impl Iterator<Item = Keep>) -> Vec<Keep> {
    let is_state = |order: &Keep| matches!(order, Keep::Unsaved(..) | Keep::NothingUnsaved);
    let mut kept: Vec<Keep> = Vec::new();
    for order in waiting {
        if matches!(order, Keep::Settings(_)) {
            kept.retain(|older| !matches!(older, Keep::Settings(_)));
        } else if is_state(&order) {
            while kept.pop_if(|last| is_state(last)).is_some() {}
        }
        kept.push(order);
    }
    kept
}

fn carry_out(
    order: Keep,
    places: &Places,
    recovery: &mut Option<Recovery>,
) -> Result<(), StorageError> {
    match order {
        Keep::Settings(settings) => settings.save(&places.settings),
        Keep::Unsaved(experiment, origin) => {
            let place = match recovery.take() {
                Some(place) => place,
                None => Recovery::begin(&places.recovery)?,
            };
            let kept = place.keep(&experiment, origin.as_deref());
            *recovery = Some(place);
            kept
        }
        Keep::NothingUnsaved => recovery.as_ref().map_or(Ok(()), Recovery::discard),
        Keep::LeaveBehind => {
            *recovery = None;
            Ok(())
        }
        Keep::Forget(left) => left.forget(),
    }
}
