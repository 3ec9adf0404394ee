//! The window: everything that knows egui.
//!
//! Panels read the [`Lab`] and push commands; [`perform`] is the only place that changes it.
//! The engine, files and pictures work on threads of their own; the window never waits.

mod appearance;
mod asked;
mod background;
mod browsing;
mod canvas;
mod clipboard;
mod command;
mod comparison;
mod data;
mod export;
mod files;
mod inside;
mod layout;
mod panels;
mod perform;
mod pictures;
mod plots;
mod start;
mod starting;
mod state;
mod succession;
mod theme;
mod training;
mod tuning;
mod understanding;
mod undo;
mod widgets;

pub use start::open;
pub use theme::ground;

use crate::engine::{Shelf, Stage, Worker};
use crate::experiment::Experiment;
use crate::playback::Playhead;
use crate::storage::places::{NO_PLACE, Places};
use crate::storage::recovery::Recovery;
use crate::storage::settings::{LastExperiment, Settings};
use crate::storage::{checkpoints, machine};
use command::Command;
use files::{Done, Files};
use layout::Panels;
use state::{Document, Lab, View};
use std::sync::Arc;
use std::time::Duration;
use undo::Undo;

/// How long a notice that needs no answer stays.
const NOTICE_SECONDS: f64 = 5.0;

/// How often work that has not become an undo step yet is kept.
const KEEP_SECONDS: f64 = 3.0;

/// What the window is to show first.
#[derive(Clone, Debug, Default)]
pub enum First {
    /// What was open last, or the AI Notes experiment.
    #[default]
    Last,
    /// A file.
    File(std::path::PathBuf),
    /// A built-in experiment.
    BuiltIn(&'static str),
}

/// The whole program behind the window; also driven by tests and the frame benchmark, without
/// one.
pub struct Laboratory {
    lab: Lab,
    panels: Panels,
    /// The part of the experiment that decides results, as it was last asked for.
    requested: Option<Experiment>,
    /// When the first of the passing notices was first shown.
    notice_since: Option<f64>,
    /// Commands that wait for a field to hand over what was typed in it.
    postponed: Vec<Command>,
    /// The experiment as it was last kept against a crash, whether it was unsaved, and when.
    kept: Option<(Experiment, bool, f64)>,
    /// Whether the file to show first is still being read; there is nothing before it to undo.
    first_is_coming: bool,
}

impl Laboratory {
    /// A laboratory with its threads started. `places` is where settings and unsaved work are
    /// kept; none keeps nothing.
    ///
    /// # Errors
    /// When the system gives no thread for the engine.
    pub fn new(ctx: &egui::Context, places: Option<Places>, first: First) -> std::io::Result<Self> {
        theme::install(ctx);
        // Whoever has settings has been here before.
        let is_first_start = places
            .as_ref()
            .is_some_and(|places| !places.settings.exists());
        let (settings, notice) = places
            .as_ref()
            .map_or_else(Default::default, |places| Settings::load(&places.settings));
        let found = places
            .as_ref()
            .map(|places| Recovery::left_behind(&places.recovery))
            .unwrap_or_default();
        let wake = ctx.clone();
        let (shelf, trouble) = shelf(places.as_ref());
        let worker = Worker::start(shelf, move || wake.request_repaint())?;
        let (experiment, document) = state::first_experiment();
        let mut lab = Lab {
            undo: Undo::new(state::Moment {
                experiment: experiment.clone(),
                document: document.clone(),
            }),
            experiment,
            document,
            shown: 0,
            problems: Vec::new(),
            last_landscape: crate::landscapes::LANDSCAPES[0].into(),
            record: None,
            slice: None,
            loss_slice: data::LossSlice::new(ctx),
            awaited: 0,
            playhead: Playhead::default(),
            view: View {
                tour: is_first_start.then_some(0),
                ..View::default()
            },
            notices: Vec::new(),
            left_behind: found.left_behind,
            files: Files::new(ctx, places),
            exporter: export::Exporter::new(ctx),
            inside: inside::Inside::new(ctx),
            tuning: tuning::Tuning::new(ctx),
            curving: understanding::Curving::new(ctx),
            control: training::Control::default(),
            settings,
            worker,
        };
        for text in notice.into_iter().chain(found.notices).chain(trouble) {
            lab.complain(text);
        }
        if lab.files.places().is_none() {
            lab.complain(NO_PLACE);
        }
        let (theme, scale) = (lab.settings.theme, lab.settings.scale);
        perform::set_theme(&mut lab, ctx, theme);
        perform::set_scale(&mut lab, ctx, scale);
        theme::set_contrast(ctx, lab.settings.high_contrast);
        theme::set_motion(ctx, !lab.settings.reduced_motion);
        let mut laboratory = Self {
            lab,
            panels: Panels::new(ctx),
            requested: None,
            notice_since: None,
            postponed: Vec::new(),
            kept: None,
            first_is_coming: false,
        };
        laboratory.show_first(ctx, first);
        Ok(laboratory)
    }

    fn show_first(&mut self, ctx: &egui::Context, first: First) {
        let command = match first {
            First::File(path) => Some(Command::OpenFile(path)),
            First::BuiltIn(id) => Some(Command::OpenBuiltIn(id)),
            First::Last => match self.lab.settings.last.clone() {
                Some(LastExperiment::File(path)) => Some(Command::OpenFile(path)),
                Some(LastExperiment::BuiltIn(id)) => crate::experiment::built_in::find(&id)
                    .map(|built_in| Command::OpenBuiltIn(built_in.id)),
                None => None,
            },
        };
        if let Some(command) = command {
            self.first_is_coming = matches!(command, Command::OpenFile(_));
            let base = self.lab.experiment.clone();
            perform::perform(&mut self.lab, ctx, &base, command);
        }
        let now = perform::moment(&self.lab);
        self.lab.undo = Undo::new(now);
        self.request_if_changed();
    }

    /// What happens whether or not the window is visible: files, records, the playhead.
    pub fn logic(&mut self, ctx: &egui::Context) {
        for done in self.lab.files.done() {
            let is_first = matches!(done, Done::Opened(..)) && self.first_is_coming;
            perform::receive(&mut self.lab, done);
            if is_first {
                self.first_is_coming = false;
                self.lab.undo = Undo::new(perform::moment(&self.lab));
            }
        }
        for file in ctx.input(|input| input.raw.dropped_files.clone()) {
            let command = Command::OpenFile(file.path().to_owned());
            let base = self.lab.experiment.clone();
            perform::perform(&mut self.lab, ctx, &base, command);
        }
        export::attend(&mut self.lab);
        self.take_record();
        training::attend(&mut self.lab);
        inside::attend(&mut self.lab);
        tuning::attend(&mut self.lab);
        self.advance_playhead(ctx);
        data::loss_slice::attend(&mut self.lab);
        data::update(&mut self.lab);
        understanding::attend(&mut self.lab);
    }

    fn take_record(&mut self) {
        let Some(record) = self.lab.worker.latest() else {
            return;
        };
        let is_new = self
            .lab
            .record
            .as_ref()
            .is_none_or(|old| !Arc::ptr_eq(old, &record));
        if is_new {
            let end = match record.stage {
                Stage::Done => record.checked.updates(),
                _ => record.history.updates,
            };
            self.lab.playhead.set_end(end);
            self.lab.record = Some(record);
        }
    }

    fn advance_playhead(&mut self, ctx: &egui::Context) {
        let growing = self.lab.is_working();
        let seconds = ctx.input(|input| f64::from(input.stable_dt).min(0.1));
        self.lab.playhead.advance(seconds, growing);
        if let Some(wait) = self.lab.playhead.seconds_to_next_step() {
            let wait = Duration::try_from_secs_f64(wait).unwrap_or(Duration::ZERO);
            ctx.request_repaint_after(wait);
        }
    }

    /// One frame of the window.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let mut due = std::mem::take(&mut self.postponed);
        let pressed = command::pressed(&ctx);
        if ctx.text_edit_focused() && !pressed.is_empty() {
            // What is being typed counts: the field gives it up first, in the next frame.
            self.give_up_focus(&ctx, pressed);
        } else {
            due.extend(pressed);
        }
        let base = self.lab.experiment.clone();
        let asked = self.panels.show(&self.lab, ui);
        self.lab.view.drawn.clone_from(self.panels.drawn());
        // What is pointed at is said anew in every frame.
        let pointed = self.lab.view.pointed.take();
        // What a panel takes of the clipboard for itself is no run.
        if self.lab.view.dialog.is_none() {
            due.extend(command::clipboard(&ctx));
        }
        for command in asked.into_vec().into_iter().chain(due) {
            perform::perform(&mut self.lab, &ctx, &base, command);
        }
        self.settle(&ctx);
        self.request_if_changed();
        inside::attend(&mut self.lab);
        understanding::attend(&mut self.lab);
        if self.lab.view.pointed != pointed {
            ctx.request_repaint();
        }
        self.let_notices_pass(&ctx);
        self.lab.exporter.ask_for_picture(&ctx);
        let title = format!(
            "{}{} – Descent Lab",
            if self.lab.is_unsaved() { "• " } else { "" },
            self.lab.title()
        );
        set_window_title(&ctx, title);
    }

    /// Ends typing, so that its field hands over what it holds, and keeps the commands until
    /// then.
    fn give_up_focus(&mut self, ctx: &egui::Context, commands: Vec<Command>) {
        ctx.memory_mut(|memory| {
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
        self.postponed = commands;
        ctx.request_repaint();
    }

    /// Makes undo steps of finished gestures, and keeps unsaved work against a crash.
    fn settle(&mut self, ctx: &egui::Context) {
        let gesture_goes_on =
            ctx.input(|input| input.pointer.any_down()) || ctx.text_edit_focused();
        let now = perform::moment(&self.lab);
        let stepped = self.lab.undo.observe(&now, gesture_goes_on);
        let time = ctx.input(|input| input.time);
        let is_kept = self.kept.as_ref().is_some_and(|(kept, unsaved, _)| {
            *kept == self.lab.experiment && *unsaved == self.lab.is_unsaved()
        });
        if is_kept {
            return;
        }
        let waited = self
            .kept
            .as_ref()
            .map_or(KEEP_SECONDS, |(_, _, since)| time - since);
        if stepped || waited >= KEEP_SECONDS || !self.lab.is_unsaved() {
            self.keep_work(time);
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(KEEP_SECONDS));
        }
    }

    fn keep_work(&mut self, time: f64) {
        let lab = &self.lab;
        if lab.is_unsaved() {
            lab.files
                .keep_unsaved(&lab.experiment, lab.document.path.clone());
        } else {
            lab.files.nothing_unsaved();
        }
        self.kept = Some((lab.experiment.clone(), lab.is_unsaved(), time));
    }

    /// Asks the engine for the experiment when anything that decides a result has changed.
    fn request_if_changed(&mut self) {
        let deciding = self.lab.experiment.deciding_part();
        if self.requested.as_ref() == Some(&deciding) {
            return;
        }
        self.requested = Some(deciding);
        if let Some(landscape) = self.lab.experiment.objective.landscape() {
            self.lab.last_landscape = landscape;
        }
        match self.lab.experiment.check() {
            Ok(checked) => {
                let under_way = self.lab.record.as_ref();
                let under_way = under_way.filter(|record| record.stage.is_under_way());
                let under_way = under_way.map(|record| &*record.checked);
                let refusal = machine::refusal(&checked, under_way);
                self.lab.problems = refusal.into_iter().collect();
                if !self.lab.problems.is_empty() {
                    return;
                }
                training::request(&mut self.lab, Arc::new(checked));
            }
            Err(problems) => self.lab.problems = problems,
        }
    }

    fn let_notices_pass(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let Some(place) = self.lab.notices.iter().position(state::Notice::is_passing) else {
            self.notice_since = None;
            return;
        };
        let since = *self.notice_since.get_or_insert(time);
        let left = NOTICE_SECONDS - (time - since);
        if left <= 0.0 {
            self.lab.notices.remove(place);
            self.notice_since = None;
            ctx.request_repaint();
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    /// Keeps settings and unsaved work when the window closes.
    pub fn close(&mut self, window_size: Option<[f32; 2]>) {
        if window_size.is_some() {
            self.lab.settings.window_size = window_size;
        }
        self.lab.files.keep_settings(&self.lab.settings);
        self.keep_work(0.0);
        self.lab.files.finish();
    }

    /// Whether the record on show answers the newest edit completely, and what is shown of it
    /// has been replayed; tests wait for it.
    pub fn is_settled(&self) -> bool {
        !self.lab.is_working() && !self.lab.inside.is_busy() && !self.lab.curving.is_busy()
    }

    /// Whether maps, range tests and searches that were asked for are there; tests wait for it.
    pub fn is_tuned(&self) -> bool {
        !self.lab.tuning.is_busy() && !self.lab.tuning.searcher.is_searching()
    }

    /// Whether the slice through the loss that was asked for is there; tests wait for it.
    pub fn is_surveyed(&self) -> bool {
        !self.lab.loss_slice.is_busy()
    }

    /// The experiment on show.
    pub fn experiment(&self) -> &Experiment {
        &self.lab.experiment
    }

    /// The newest record.
    pub fn record(&self) -> Option<&Arc<crate::engine::Record>> {
        self.lab.record.as_ref()
    }

    /// The playhead.
    pub fn playhead(&self) -> &Playhead {
        &self.lab.playhead
    }

    /// The file of the experiment on show, and whether it has changes that are not in it.
    pub fn document(&self) -> (Option<&std::path::Path>, bool) {
        let Document { path, .. } = &self.lab.document;
        (path.as_deref(), self.lab.is_unsaved())
    }

    /// Changes the experiment on show, as a control does.
    pub fn edit(&mut self, experiment: Experiment) {
        self.lab.experiment = experiment;
        self.request_if_changed();
    }

    /// Shows another experiment, as opening one does.
    pub fn load(&mut self, experiment: Experiment) {
        perform::show(&mut self.lab, experiment, Document::default());
        self.request_if_changed();
    }
}

/// Where trainings keep checkpoints, or why they do not.
fn shelf(places: Option<&Places>) -> (Option<Box<dyn Shelf>>, Option<String>) {
    let Some(places) = places else {
        return (None, None);
    };
    match checkpoints::Shelf::new(places.checkpoints.clone()) {
        Ok(shelf) => (Some(Box::new(shelf)), None),
        Err(error) => {
            let text =
                format!("Trainings keep no checkpoints: the system gave no thread ({error}).");
            (None, Some(text))
        }
    }
}

/// Tells the system the window's title when it has changed.
fn set_window_title(ctx: &egui::Context, title: String) {
    let id = egui::Id::unique("window title");
    let shown = ctx.data(|data| data.get_temp::<String>(id));
    if shown.as_deref() != Some(&title) {
        ctx.data_mut(|data| data.insert_temp(id, title.clone()));
        ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws one frame of the usual size.
    fn draw(laboratory: &mut Laboratory, ctx: &egui::Context) {
        let size = egui::vec2(1280.0, 800.0);
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
            ..egui::RawInput::default()
        };
        let mut output = ctx.run_ui(input, |ui| {
            laboratory.logic(ui.ctx());
            laboratory.show(ui);
        });
        output.textures_delta.clear();
    }

    #[test]
    fn only_for_panels_in_sight_is_anything_worked_out() {
        let ctx = egui::Context::default();
        let mut laboratory = Laboratory::new(&ctx, None, First::Last).unwrap();
        let sharpness = plots::Subject::Sharpness;
        let chosen = &mut laboratory.lab.settings.plots.shown;
        chosen.push(sharpness.id());
        draw(&mut laboratory, &ctx);
        assert!(laboratory.lab.draws_panel("plots") && laboratory.lab.draws_landscape());
        assert!(laboratory.lab.seen_plots().contains(&sharpness));
        let panels = &mut laboratory.lab.settings.layout.panels;
        for id in ["plots", "landscape"] {
            panels.insert(id.to_owned(), false);
        }
        draw(&mut laboratory, &ctx);
        assert!(!laboratory.lab.draws_panel("plots") && !laboratory.lab.draws_landscape());
        assert_eq!(laboratory.lab.seen_plots(), []);
        assert!(laboratory.lab.drawn_plots().contains(&sharpness));
    }
}
