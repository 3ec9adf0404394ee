//! The laboratory's state: what panels read. Only `perform` changes it.

use super::browsing::Browsing;
use super::comparison::Comparison;
use super::data::{LossPlane, LossSlice, SliceAxes, SliceView};
use super::export::{ExportForm, Exporter};
use super::files::Files;
use super::inside::Inside;
use super::layout;
use super::plots::Subject;
use super::starting::StartsForm;
use super::training::Control;
use super::tuning::Tuning;
use super::understanding::{Curving, Pointed};
use super::undo::{Kept, Undo};
use crate::engine::{Record, Stage, Worker};
use crate::experiment::{CheckedRun, Experiment, ObjectiveSpec, Problem, RunSpec, built_in};
use crate::landscapes::Chosen;
use crate::playback::Playhead;
use crate::storage::recovery::LeftBehind;
use crate::storage::settings::Settings;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything the window shows.
pub struct Lab {
    /// The experiment as edited.
    pub experiment: Experiment,
    /// Where it came from.
    pub document: Document,
    /// What keeps it from running; the record on show is then of the last one that ran.
    pub problems: Vec<Problem>,
    /// The landscape of the newest objective that has one.
    pub last_landscape: Chosen,
    /// The newest record.
    pub record: Option<Arc<Record>>,
    /// The plane on which a loss of more than two parameters is drawn.
    pub slice: Option<SliceView>,
    /// The slice through a network's loss.
    pub loss_slice: LossSlice,
    /// Number of the request that the newest edit made.
    pub awaited: u64,
    /// The cursor.
    pub playhead: Playhead,
    /// How many documents have been shown.
    pub shown: u64,
    /// The past of the experiment.
    pub undo: Undo<Moment>,
    /// How things are shown.
    pub view: View,
    /// What the user should know, oldest first.
    pub notices: Vec<Notice>,
    /// Unsaved work of earlier sessions, offered back.
    pub left_behind: Vec<LeftBehind>,
    /// What is remembered between sessions.
    pub settings: Settings,
    /// Reading and writing, off the window's thread.
    pub files: Files,
    /// Drawing and writing what is exported, off the window's thread.
    pub exporter: Exporter,
    /// Replays of the runs on show, off the window's thread.
    pub inside: Inside,
    /// How the landscape curves where the runs are, off the window's thread.
    pub curving: Curving,
    /// What was asked of the work under way.
    pub control: Control,
    /// Maps, searches and range tests, off the window's thread.
    pub tuning: Tuning,
    /// The engine's thread.
    pub worker: Worker,
}

/// Where the experiment on show came from.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Tells documents of one session apart; saving does not make another.
    pub id: u64,
    /// Its file.
    pub path: Option<PathBuf>,
    /// Its id, when it is a built-in one.
    pub built_in: Option<String>,
    /// As it was last opened or saved; what differs from it is unsaved.
    pub saved: Option<Experiment>,
    /// What a newer version's file says beyond what is understood here. While there is
    /// something, the file is not written over without asking.
    pub left_out: Vec<String>,
}

/// How things are shown; not part of the experiment.
#[derive(Debug, Default)]
pub struct View {
    /// The run whose settings are unfolded.
    pub selected: Option<usize>,
    /// From which pair of a start and a seed the runs are explained, 0 being the first.
    pub origin: usize,
    /// What of an explanation is pointed at, in this frame.
    pub pointed: Option<Pointed>,
    /// The only run that is drawn.
    pub solo: Option<usize>,
    /// Whether the notes are being written.
    pub edits_notes: bool,
    /// How results are compared.
    pub comparison: Comparison,
    /// The tab that a narrow window shows; an unknown one is the landscape's.
    pub tab: &'static str,
    /// The panel that was brought to the front last, and how many have been.
    pub front: Option<(&'static str, u64)>,
    /// The step of the tour that is shown, from 0.
    pub tour: Option<usize>,
    /// The plane on which a loss of more than two parameters is drawn.
    pub slice: SliceAxes,
    /// The plane on which a network's loss is drawn.
    pub loss_plane: LossPlane,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// Counts up when the views are to be reset.
    pub resets: u64,
    /// The panels that the last frame has drawn: not those that are closed or on a tab behind.
    pub drawn: Vec<&'static str>,
}

/// What stands in front of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// What to open; the typed path.
    Open(String),
    /// Where to save; the typed path.
    Save(String),
    /// Whether a file that is there already may be replaced.
    Replace(PathBuf),
    /// The search for a command.
    Palette(String),
    /// The name to keep the layout under.
    KeepLayout(String),
    /// The browser of the catalogue.
    Catalogue(Browsing),
    /// What to export, how and where.
    Export(Box<ExportForm>),
    /// Where runs start, when from several points.
    Starts(Box<StartsForm>),
    /// The values of a plot.
    Values(Subject),
    /// Keys and mouse.
    Help,
    /// What this is.
    About,
    /// Whether a newer version's file may be written over.
    OverwriteNewer(PathBuf),
}

impl Dialog {
    /// Whether it is about the experiment on show, and means nothing for another one.
    pub fn is_about_document(&self) -> bool {
        match self {
            Self::Save(_)
            | Self::Replace(_)
            | Self::OverwriteNewer(_)
            | Self::Catalogue(_)
            | Self::Export(_)
            | Self::Starts(_) => true,
            Self::Open(_)
            | Self::Palette(_)
            | Self::KeepLayout(_)
            | Self::Values(_)
            | Self::Help
            | Self::About => false,
        }
    }
}

/// Something the user should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its weight.
    pub kind: NoticeKind,
    /// Its text.
    pub text: String,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know; goes by itself.
    Information,
    /// Something did not work.
    Error,
}

/// What undo brings back: the experiment, and the document it belonged to.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The experiment.
    pub experiment: Experiment,
    /// Where it came from.
    pub document: Document,
}

impl PartialEq for Moment {
    /// What was saved when does not make another moment; another document does.
    fn eq(&self, other: &Self) -> bool {
        self.experiment == other.experiment && self.document.is_same(&other.document)
    }
}

/// The most memory that the past of a table takes, in bytes: every step can hold one column of
/// its own.
const MOST_OF_THE_PAST: usize = 256 << 20;

impl Kept for Moment {
    fn most_kept(&self) -> usize {
        let table = self
            .experiment
            .objective
            .regression()
            .map(|spec| &spec.data);
        let column = table.map_or(0, |table| table.rows() * size_of::<f64>());
        MOST_OF_THE_PAST
            .checked_div(column)
            .unwrap_or(usize::MAX)
            .max(8)
    }
}

impl Document {
    /// Whether both are the same document, saved or not.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Lab {
    /// Whether there are changes that are not in a file.
    pub fn is_unsaved(&self) -> bool {
        self.document.saved.as_ref() != Some(&self.experiment)
    }

    /// The landscape of the experiment as edited; the last one in place of one that is not in
    /// the catalogue or whose formula is wrong, which `problems` then names.
    /// Of surfaces that follow one another, that of the playhead.
    pub fn landscape(&self) -> Chosen {
        match self.surface_at_hand() {
            0 => self.first_landscape(),
            task => self
                .later_surface(task)
                .unwrap_or_else(|| self.first_landscape()),
        }
    }

    /// The same, of surfaces that follow one another always the first.
    pub fn first_landscape(&self) -> Chosen {
        let own = self.experiment.objective.landscape();
        let landscape = own.or_else(|| self.slice_landscape());
        landscape.unwrap_or_else(|| self.last_landscape.clone())
    }

    /// The record, while it shows the landscape and the rules of the experiment as edited: when
    /// a run has been added or deleted, the record of the old list would be drawn under wrong
    /// names until the new one is there.
    pub fn record_here(&self) -> Option<&Arc<Record>> {
        let fits = |record: &&Arc<Record>| {
            let same_rule =
                |(run, spec): (&CheckedRun, &RunSpec)| run.optimizer.card().id == spec.optimizer;
            self.shows_objective_of(record)
                && record.checked.runs.len() == self.experiment.runs.len()
                && record
                    .checked
                    .runs
                    .iter()
                    .zip(&self.experiment.runs)
                    .all(same_rule)
        };
        self.record.as_ref().filter(fits)
    }

    /// Whether the record is of the objective on show, as far as pictures tell them apart.
    fn shows_objective_of(&self, record: &Record) -> bool {
        match record.checked.objective.landscape() {
            Some(landscape) => {
                // Not `landscape()`, which asks for the record where the loss is no landscape.
                let edited = &self.experiment.objective;
                let own = edited.landscape();
                let own = own.unwrap_or_else(|| self.last_landscape.clone());
                let is_one = edited.network().is_none()
                    && edited.regression().is_none()
                    && !matches!(edited, ObjectiveSpec::Tasks(_));
                is_one && edited.later_surfaces() == 0 && landscape.card().id == own.card().id
            }
            None if record.checked.surfaces().is_some() => {
                let surfaces = record.checked.surfaces().map_or(0, |s| s.all().len());
                surfaces == 1 + self.experiment.objective.later_surfaces()
            }
            None if record.checked.task().is_some() => {
                self.experiment.objective.network().is_some()
            }
            None if record.checked.sequence().is_some() => {
                matches!(self.experiment.objective, ObjectiveSpec::Tasks(_))
            }
            None => {
                self.experiment.objective.regression().is_some() && {
                    let names = record.checked.objective.parameter_names();
                    names.len() == self.experiment.objective.start_values().len()
                }
            }
        }
    }

    /// Whether the engine is still at work for the present experiment.
    pub fn is_working(&self) -> bool {
        self.problems.is_empty()
            && self.record.as_ref().is_none_or(|record| {
                record.request < self.awaited || record.stage == Stage::Running
            })
    }

    /// Whether a run is drawn.
    pub fn is_shown(&self, run: usize) -> bool {
        match self.view.solo {
            Some(solo) if solo < self.experiment.runs.len() => solo == run,
            _ => self.experiment.runs.get(run).is_some_and(|run| run.visible),
        }
    }

    /// The runs that are drawn and recorded: (index, look), see [`Experiment::looks`].
    pub fn shown_runs(&self) -> impl Iterator<Item = (usize, u8)> + '_ {
        let recorded = self.record_here().map_or(0, |r| r.history.traces.len());
        let looks = self.experiment.looks();
        (0..looks.len().min(recorded))
            .filter(|&run| self.is_shown(run))
            .map(move |run| (run, looks[run]))
    }

    /// Whether a panel is seen, where the window has room for it.
    pub fn shows_panel(&self, id: &str) -> bool {
        let card = layout::registry::card(id);
        let chosen = self.settings.layout.panels.get(id).copied();
        card.is_some_and(|card| chosen.unwrap_or(card.shown) && (card.applies)(self))
    }

    /// Whether a panel was drawn in the last frame. Only for these is anything worked out.
    pub fn draws_panel(&self, id: &str) -> bool {
        self.view.drawn.contains(&id)
    }

    /// Whether a landscape was drawn, with what can be seen on it.
    pub fn draws_landscape(&self) -> bool {
        self.draws_panel("landscape") || self.draws_panel("loss_slice")
    }

    /// The title, or what stands for it.
    pub fn title(&self) -> &str {
        if self.experiment.title.is_empty() {
            "Untitled experiment"
        } else {
            &self.experiment.title
        }
    }

    /// Says something that needs no answer.
    pub fn inform(&mut self, text: impl Into<String>) {
        self.notices.push(Notice {
            kind: NoticeKind::Information,
            text: text.into(),
        });
    }

    /// Says that something did not work.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notices.push(Notice {
            kind: NoticeKind::Error,
            text: text.into(),
        });
    }
}

/// The experiment that the first start shows.
pub fn first_experiment() -> (Experiment, Document) {
    const FIRST: &str = "ai_notes_1";
    let experiment = built_in::find(FIRST)
        .expect("the first experiment is a built-in one; a test opens the window on it")
        .experiment();
    let document = Document {
        built_in: Some(FIRST.into()),
        saved: Some(experiment.clone()),
        ..Document::default()
    };
    (experiment, document)
}
