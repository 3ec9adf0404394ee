//! The one place where commands change the laboratory.

use super::appearance;
use super::browsing::Browsing;
use super::clipboard;
use super::command::{Action, Command};
use super::comparison::{self, Compare};
use super::data;
use super::export;
use super::files::{Done, Replace, Written};
use super::layout;
use super::panels::tour;
use super::plots::{self, PlotCommand, Subject};
use super::starting::StartsForm;
use super::state::{Dialog, Document, Lab, Moment, Notice, NoticeKind};
use super::{training, tuning, understanding};
use crate::experiment::{Experiment, RunSpec, built_in};
use crate::models::datasets::Source;
use crate::storage::settings::{
    ContourPlace, HeightSpread, LandscapeView, LastExperiment, Settings, Theme,
};
use std::path::{Path, PathBuf};

/// Carries out a command that was asked for in a frame which began with the experiment `base`.
pub fn perform(lab: &mut Lab, ctx: &egui::Context, base: &Experiment, command: Command) {
    match command {
        Command::Act(action) => act(lab, ctx, action),
        Command::Edit(edited) => lab.experiment.take_changes(base, &edited),
        Command::OpenBuiltIn(id) => open_built_in(lab, id),
        // Remembered paths must not depend on where the program was started.
        Command::OpenFile(path) => lab.files.open(std::path::absolute(&path).unwrap_or(path)),
        Command::SaveTo(path) => save_to(lab, path),
        Command::Replace(path) => {
            lab.view.dialog = None;
            write(lab, path, Replace::Yes);
        }
        Command::BrowseToOpen => lab.files.choose_to_open(folder(lab)),
        Command::BrowseToSave => lab.files.choose_to_save(folder(lab), file_name(lab)),
        Command::Seek(step) => {
            lab.playhead.playing = false;
            lab.playhead.seek(step);
        }
        Command::SetSpeed(speed) => lab.playhead.set_speed(speed),
        Command::Select(run) => lab.view.selected = run,
        Command::CopyRun(run) => clipboard::copy(lab, ctx, Some(run)),
        Command::CopyText { what, text } => {
            ctx.copy_text(text);
            lab.inform(format!("{what} is on the clipboard."));
        }
        Command::PasteRun(text) => clipboard::paste(lab, ctx, &text),
        Command::Solo(run) => lab.view.solo = run,
        Command::ShowTab(tab) => lab.view.tab = tab,
        Command::Layout(command) => layout::perform(lab, command),
        Command::ShowLandscape(view) => set(lab, |settings| settings.landscape_view = view),
        Command::SpreadHeight(spread) => set(lab, |settings| settings.surface_height = spread),
        Command::PlaceContours(place) => set(lab, |settings| settings.surface_contours = place),
        Command::Data(command) => data::perform(lab, command),
        Command::Dismiss(index) => {
            if index < lab.notices.len() {
                lab.notices.remove(index);
            }
        }
        Command::Restore(index) => restore(lab, index),
        Command::Forget(index) => forget(lab, index),
        Command::ShowTour(step) => {
            lab.view.tour = step;
            if let Some(tab) = step.and_then(tour::tab) {
                lab.view.tab = tab;
            }
        }
        Command::Export(command) => export::perform(lab, command),
        Command::Compare(command) => comparison::perform(lab, ctx, command),
        Command::ChooseStarts(form) => lab.view.dialog = Some(Dialog::Starts(form)),
        Command::Plot(command) => change_plots(lab, command),
        Command::Tuning(command) => tuning::perform(lab, command),
        Command::Understanding(command) => understanding::perform(lab, command),
        Command::Training(command) => training::perform(lab, command),
        Command::ShowValues(subject) => lab.view.dialog = Some(Dialog::Values(subject)),
        Command::CloseDialog => lab.view.dialog = None,
        Command::Browse(browsing) => {
            if let Some(Dialog::Catalogue(present)) = &mut lab.view.dialog {
                *present = *browsing;
            }
        }
        Command::Type(text) => {
            if let Some(
                Dialog::Open(typed)
                | Dialog::Save(typed)
                | Dialog::Palette(typed)
                | Dialog::KeepLayout(typed),
            ) = &mut lab.view.dialog
            {
                *typed = text;
            }
        }
    }
}

fn act(lab: &mut Lab, ctx: &egui::Context, action: Action) {
    match action {
        Action::New => new(lab),
        Action::Open => lab.view.dialog = Some(Dialog::Open(String::new())),
        Action::Save => save(lab),
        Action::SaveAs => lab.view.dialog = Some(Dialog::Save(suggested_path(lab))),
        Action::Export => export::open(lab, ctx.theme() == egui::Theme::Dark),
        Action::Revert => revert(lab),
        Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        Action::Undo => step_in_time(lab, true),
        Action::Redo => step_in_time(lab, false),
        Action::AddRun => lab.view.dialog = Some(Dialog::Catalogue(Browsing::default())),
        Action::Reseed => lab.experiment.reseed(),
        Action::Starts => lab.view.dialog = Some(Dialog::Starts(Box::<StartsForm>::default())),
        Action::Pin => comparison::perform(lab, ctx, Compare::Pin),
        Action::Unpin => comparison::perform(lab, ctx, Compare::Unpin),
        Action::Results => {
            let shown = lab.shows_panel("results");
            layout::perform(lab, layout::LayoutCommand::Show("results", !shown));
        }
        Action::CopyRun
        | Action::PasteRun
        | Action::DuplicateRun
        | Action::MoveRunUp
        | Action::MoveRunDown => clipboard::act(lab, ctx, action),
        Action::Palette => lab.view.dialog = Some(Dialog::Palette(String::new())),
        Action::Help => toggle_dialog(lab, Dialog::Help),
        Action::About => toggle_dialog(lab, Dialog::About),
        Action::CancelWork => lab.worker.cancel(),
        Action::PauseWork => training::pause_or_go_on(lab),
        Action::ResetView => lab.view.resets += 1,
        Action::ToggleLossScale
        | Action::ToggleAbscissa
        | Action::ToggleLogX
        | Action::EnlargePlot
        | Action::ShowValues => see_plots(lab, action),
        Action::ToggleInside => set(lab, |settings| settings.shows_inside ^= true),
        Action::ToggleCurvature => set(lab, |settings| settings.shows_curvature ^= true),
        Action::ToggleFlow => set(lab, |settings| settings.shows_flow ^= true),
        Action::KeepLayout
        | Action::ResetLayout
        | Action::UsualSizes
        | Action::ToggleNotes
        | Action::EditNotes => layout::act(lab, action),
        Action::ToggleTheme
        | Action::SystemTheme
        | Action::ToggleContrast
        | Action::ToggleMotion
        | Action::Larger
        | Action::Smaller
        | Action::UsualSize => appearance::act(lab, ctx, action),
        Action::Tour => {
            let base = lab.experiment.clone();
            perform(lab, ctx, &base, Command::ShowTour(Some(0)));
        }
        Action::ShowMap
        | Action::ToggleSurface
        | Action::ShowBoth
        | Action::ToggleHeightSpread
        | Action::NextContours => set(lab, |settings| see_landscape(settings, action)),
        _ => play(lab, action),
    }
}

/// Changes from where and how the landscape is seen. What only the surface has is not changed
/// while it is not seen.
fn see_landscape(settings: &mut Settings, action: Action) {
    let sees_surface = settings.landscape_view != LandscapeView::Map;
    match action {
        Action::ShowMap => settings.landscape_view = LandscapeView::Map,
        Action::ShowBoth => settings.landscape_view = LandscapeView::Both,
        Action::ToggleSurface => {
            settings.landscape_view = match settings.landscape_view {
                LandscapeView::Surface => LandscapeView::Map,
                LandscapeView::Map | LandscapeView::Both => LandscapeView::Surface,
            }
        }
        Action::ToggleHeightSpread if sees_surface => {
            settings.surface_height = match settings.surface_height {
                HeightSpread::Linear => HeightSpread::Logarithmic,
                HeightSpread::Logarithmic => HeightSpread::Linear,
            }
        }
        Action::NextContours if sees_surface => {
            settings.surface_contours = match settings.surface_contours {
                ContourPlace::Surface => ContourPlace::Floor,
                ContourPlace::Floor => ContourPlace::Nowhere,
                ContourPlace::Nowhere => ContourPlace::Surface,
            }
        }
        _ => {}
    }
}

/// Changes what the plots go along, how large one is, or shows the values of the first.
fn see_plots(lab: &mut Lab, action: Action) {
    match action {
        Action::ToggleLossScale => change_plots(lab, PlotCommand::Spread(Subject::LOSS)),
        Action::ToggleAbscissa => {
            set(lab, |settings| settings.plots.by_evaluations ^= true);
        }
        Action::ToggleLogX => set(lab, |settings| settings.plots.log_x ^= true),
        Action::EnlargePlot => {
            let first = lab.chosen_plots().first().copied();
            let large = match lab.large_plot() {
                Some(_) => None,
                None => Some(first.unwrap_or(Subject::LOSS)),
            };
            change_plots(lab, PlotCommand::Enlarge(large));
        }
        Action::ShowValues => {
            let first = lab.drawn_plots().first().copied();
            let subject = first.unwrap_or(Subject::LOSS);
            toggle_dialog(lab, Dialog::Values(subject));
        }
        _ => {}
    }
}

/// Changes how plots are seen, and remembers it.
fn change_plots(lab: &mut Lab, command: PlotCommand) {
    let mut view = lab.settings.plots.clone();
    plots::perform(lab, &mut view, command);
    set(lab, |settings| settings.plots = view);
}

/// Changes the settings, and keeps them when they are others now.
pub fn set(lab: &mut Lab, change: impl FnOnce(&mut Settings)) {
    let before = lab.settings.clone();
    change(&mut lab.settings);
    if lab.settings != before {
        lab.files.keep_settings(&lab.settings);
    }
}

fn play(lab: &mut Lab, action: Action) {
    let playhead = &mut lab.playhead;
    match action {
        Action::PlayPause => playhead.toggle(),
        Action::First => playhead.first(),
        Action::StepBack => playhead.nudge(-1),
        Action::StepForward => playhead.nudge(1),
        Action::LeapBack => playhead.nudge(-10),
        Action::LeapForward => playhead.nudge(10),
        Action::Last => playhead.last(),
        Action::Loop => playhead.looping = !playhead.looping,
        _ => {}
    }
}

fn toggle_dialog(lab: &mut Lab, dialog: Dialog) {
    lab.view.dialog = if lab.view.dialog.as_ref() == Some(&dialog) {
        None
    } else {
        Some(dialog)
    };
}

/// Applies and remembers an appearance.
pub fn set_theme(lab: &mut Lab, ctx: &egui::Context, theme: Theme) {
    ctx.set_theme(match theme {
        Theme::Dark => egui::ThemePreference::Dark,
        Theme::Light => egui::ThemePreference::Light,
        Theme::System => egui::ThemePreference::System,
    });
    if lab.settings.theme != theme {
        lab.settings.theme = theme;
        lab.files.keep_settings(&lab.settings);
    }
}

/// Applies and remembers a size, kept between half and three times the usual.
pub fn set_scale(lab: &mut Lab, ctx: &egui::Context, scale: f32) {
    let scale = if scale.is_finite() { scale } else { 1.0 };
    let scale = (scale.clamp(0.5, 3.0) * 10.0).round() / 10.0;
    ctx.set_zoom_factor(scale);
    if lab.settings.scale != scale {
        lab.settings.scale = scale;
        lab.files.keep_settings(&lab.settings);
    }
}

/// Shows another experiment. What was unsaved before can be had back by undo, and is offered at
/// the next start.
pub fn show(lab: &mut Lab, mut experiment: Experiment, document: Document) {
    let before = moment(lab);
    lab.undo.observe(&before, false);
    lab.undo.refresh(&before);
    if lab.is_unsaved() {
        lab.files.leave_behind();
    }
    experiment.assign_colours();
    lab.experiment = experiment;
    lab.document = document;
    lab.shown += 1;
    lab.document.id = lab.shown;
    lab.view.selected = None;
    lab.view.solo = None;
    lab.view.comparison.target = None;
    lab.view.edits_notes = false;
    lab.view.resets += 1;
    lab.view.dialog = None;
    lab.playhead.playing = false;
    lab.playhead.last();
    lab.undo.observe(&moment(lab), false);
    remember_last(lab);
}

/// The experiment on show and its document, as undo keeps them.
pub fn moment(lab: &Lab) -> Moment {
    Moment {
        experiment: lab.experiment.clone(),
        document: lab.document.clone(),
    }
}

fn step_in_time(lab: &mut Lab, back: bool) {
    let now = moment(lab);
    let target = if back {
        lab.undo.undo(&now)
    } else {
        lab.undo.redo(&now)
    };
    if let Some(target) = target {
        if !target.document.is_same(&lab.document) {
            lab.document = target.document;
            remember_last(lab);
        }
        lab.experiment = target.experiment;
    }
}

fn new(lab: &mut Lab) {
    let mut experiment = lab.experiment.clone();
    experiment.title = String::new();
    experiment.notes = String::new();
    experiment.runs = vec![RunSpec::new("sgd")];
    show(lab, experiment, Document::default());
}

fn open_built_in(lab: &mut Lab, id: &'static str) {
    if let Some(found) = built_in::find(id) {
        let experiment = found.experiment();
        let document = Document {
            built_in: Some(id.into()),
            saved: Some(experiment.clone()),
            ..Document::default()
        };
        show(lab, experiment, document);
    }
}

fn revert(lab: &mut Lab) {
    if let Some(saved) = lab.document.saved.clone() {
        lab.experiment = saved;
    }
}

fn save(lab: &mut Lab) {
    match lab.document.path.clone() {
        Some(path) => write(lab, path, Replace::Own),
        None => lab.view.dialog = Some(Dialog::Save(suggested_path(lab))),
    }
}

fn write(lab: &Lab, path: PathBuf, replace: Replace) {
    let written = Written {
        path,
        experiment: lab.experiment.clone(),
        document: lab.document.id,
    };
    lab.files.save(written, replace);
}

fn save_to(lab: &mut Lab, mut path: PathBuf) {
    if path.extension().is_none_or(|ending| ending.is_empty()) {
        path.set_extension("ron");
    }
    // Relative paths are meant from where the program was started.
    let path = std::path::absolute(&path).unwrap_or(path);
    lab.view.dialog = None;
    if lab.document.path.as_deref() == Some(&path) {
        save(lab);
    } else {
        write(lab, path, Replace::Never);
    }
}

/// The folder that files of the experiment on show are most likely wanted in.
pub fn folder(lab: &Lab) -> Option<PathBuf> {
    let file = lab.document.path.as_ref().or(lab.settings.recent.first())?;
    file.parent().map(Path::to_owned)
}

fn file_name(lab: &Lab) -> String {
    if let Some(name) = lab.document.path.as_ref().and_then(|path| path.file_name()) {
        return name.to_string_lossy().into_owned();
    }
    let plain: String = lab
        .title()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<_> = plain.split_whitespace().take(8).collect();
    format!("{}.ron", words.join("_"))
}

fn suggested_path(lab: &Lab) -> String {
    let folder = folder(lab).or_else(|| std::env::current_dir().ok());
    folder
        .unwrap_or_default()
        .join(file_name(lab))
        .to_string_lossy()
        .into_owned()
}

fn remember_last(lab: &mut Lab) {
    let last = match (&lab.document.path, &lab.document.built_in) {
        (Some(path), _) => Some(LastExperiment::File(path.clone())),
        (None, Some(id)) => Some(LastExperiment::BuiltIn(id.clone())),
        (None, None) => None,
    };
    if let Some(path) = lab.document.path.clone() {
        lab.settings.remember(&path);
    }
    lab.settings.last = last;
    lab.files.keep_settings(&lab.settings);
}

fn restore(lab: &mut Lab, index: usize) {
    if index >= lab.left_behind.len() {
        return;
    }
    let left = lab.left_behind.remove(index);
    let document = Document {
        path: left.origin.clone(),
        ..Document::default()
    };
    show(lab, left.experiment.clone(), document);
    // Kept anew under this session before the old copy goes.
    lab.files
        .keep_unsaved(&lab.experiment, lab.document.path.clone());
    lab.files.forget(left);
}

fn forget(lab: &mut Lab, index: usize) {
    if index < lab.left_behind.len() {
        let left = lab.left_behind.remove(index);
        lab.files.forget(left);
    }
}

/// Takes in what the file threads have done.
pub fn receive(lab: &mut Lab, done: Done) {
    match done {
        Done::Opened(number, ..) if !lab.files.is_newest_open(number) => {}
        Done::Opened(_, path, Ok(opened)) => {
            let document = Document {
                path: Some(path.clone()),
                left_out: opened.left_out,
                ..Document::default()
            };
            // What someone has opened while the file was being read is theirs.
            let dialog = lab
                .view
                .dialog
                .take_if(|dialog| !dialog.is_about_document());
            show(lab, opened.experiment, document);
            lab.view.dialog = dialog;
            lab.document.saved = Some(lab.experiment.clone());
            if !lab.document.left_out.is_empty() {
                let list = lab.document.left_out.join("\n");
                lab.complain(format!(
                    "{} was written by a newer version. Left out, because it is not \
                     understood here:\n{list}",
                    path.display()
                ));
            }
        }
        Done::Opened(_, _, Err(error)) => lab.complain(error.to_string()),
        Done::Saved(written, Ok(())) => saved(lab, *written),
        Done::Saved(_, Err(error)) => lab.complain(error.to_string()),
        Done::Newer(path, left_out) => {
            lab.document.left_out = left_out;
            lab.view.dialog = Some(Dialog::OverwriteNewer(path));
        }
        Done::Exists(path) => lab.view.dialog = Some(Dialog::Replace(path)),
        Done::ChosenToOpen(Some(path)) => lab.files.open(path),
        Done::ChosenToSave(Some(path)) => {
            // The system's dialog has asked already whether to replace.
            lab.view.dialog = None;
            write(lab, path, Replace::Yes);
        }
        Done::ChosenToExport(Some(path)) => export::choose_place(lab, path),
        Done::ChosenToOpen(None) | Done::ChosenToSave(None) | Done::ChosenToExport(None) => {}
        Done::ChosenTable(None) => {}
        Done::ChosenTable(Some(path)) => lab.files.open_table(path),
        Done::TableRead(read) => data::receive(lab, *read),
        Done::ChosenData(_, None) => {}
        Done::ChosenData(kind, Some(path)) => {
            let before = lab.experiment.objective.network().map(|spec| &spec.data);
            let before = before.unwrap_or(&Source::FashionMnistSample);
            let source = kind.source(&path.display().to_string(), before);
            lab.files.read_data(source);
        }
        Done::DataRead(source, counts) => data::read(lab, *source, counts),
        Done::Reported(written) => data::reported(lab, written),
        Done::Failed(text) => lab.complain(text),
    }
}

/// A document now has a file, on show and wherever undo leads back to it.
fn saved(lab: &mut Lab, written: Written) {
    lab.inform(format!("Saved to {}", written.path.display()));
    let document = Document {
        id: written.document,
        path: Some(written.path),
        saved: Some(written.experiment),
        ..Document::default()
    };
    lab.undo.observe(&moment(lab), false);
    lab.undo.update(|moment| {
        if moment.document.is_same(&document) {
            moment.document = document.clone();
        }
    });
    if lab.document.is_same(&document) {
        lab.document = document;
        remember_last(lab);
    }
}

/// Adds a run of a rule, with the first free colour, and unfolds it.
pub fn with_run(experiment: &Experiment, optimizer: &str) -> Experiment {
    let mut experiment = experiment.clone();
    let mut run = RunSpec::new(optimizer);
    run.learning_rate = Some(run.base_rate());
    experiment.runs.push(run);
    experiment.assign_colours();
    experiment
}

impl Notice {
    /// Whether it may go by itself after a while.
    pub fn is_passing(&self) -> bool {
        self.kind == NoticeKind::Information
    }
}
