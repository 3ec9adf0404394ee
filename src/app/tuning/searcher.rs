//! The search's thread, its progress, and what it has found.

use crate::analysis::tuner::{NoJournal, Progress, Question, Tuned, Verdict};
use crate::app::background::Background;
use crate::app::state::Lab;
use crate::engine;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time between two looks at the progress.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// A search that is to be made.
#[derive(Clone)]
pub struct Search {
    document: u64,
    question: Question,
    runs: Vec<usize>,
}

/// What a search has found.
#[derive(Debug)]
pub struct Found {
    /// The document whose runs were tuned.
    pub document: u64,
    /// What was asked.
    pub question: Question,
    /// The runs that were to be searched.
    pub runs: Vec<usize>,
    /// What was found for each of those that were searched.
    pub tuned: Vec<Tuned>,
    /// Whether the search was broken off.
    pub is_cancelled: bool,
}

/// How far a search is.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Runs done, and how many there are.
    pub runs: (usize, usize),
    /// Trials of the present run, and how many it may spend.
    pub trials: (u64, u64),
    /// The best so far of every run that was begun: its number and what it reaches.
    pub best: Vec<(usize, Verdict)>,
}

/// The thread and what it tells.
pub struct Searcher {
    background: Option<Background<Search, Found>>,
    shared: Arc<Shared>,
    /// The document whose runs are being tuned.
    searching: Option<u64>,
    found: Option<Arc<Found>>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    stage: Mutex<Stage>,
}

impl Search {
    /// The search that the experiment's own `tune` asks for, of the runs that are shown, as
    /// `descent-lab tune` makes it; none where it makes no sense.
    pub fn of(lab: &Lab) -> Option<Self> {
        if !lab.experiment.tune_problems().is_empty() {
            return None;
        }
        let runs: Vec<usize> = lab.shown_runs().map(|(run, _)| run).collect();
        let question = Question::of(&lab.experiment).with_one_budget(&runs);
        Some(Self {
            document: lab.document.id,
            question: question.ok()?,
            runs,
        })
    }
}

impl Searcher {
    pub(super) fn new(ctx: &egui::Context) -> Self {
        let shared = Arc::new(Shared::default());
        let (theirs, wake) = (Arc::clone(&shared), ctx.clone());
        let repaint = ctx.clone();
        let answer = move |search: Search, superseded: &(dyn Fn() -> bool + Sync)| {
            let found = engine::at_length(|| theirs.search(search, superseded, &wake));
            Some(found)
        };
        let wake = move || repaint.request_repaint();
        Self {
            background: Background::start_watched("tuner", wake, answer).ok(),
            shared,
            searching: None,
            found: None,
        }
    }

    /// Whether a search is under way.
    pub fn is_searching(&self) -> bool {
        self.searching.is_some()
    }

    /// Whether the search under way is for a document.
    pub fn is_searching_for(&self, document: u64) -> bool {
        self.searching == Some(document)
    }

    /// How far it is.
    pub fn stage(&self) -> Stage {
        self.shared
            .stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What the last search has found, where it was for this document.
    pub fn found(&self, document: u64) -> Option<Arc<Found>> {
        let found = self.found.as_ref();
        found.filter(|found| found.document == document).cloned()
    }

    pub(super) fn begin(&mut self, search: Search) {
        let Some(background) = &self.background else {
            return;
        };
        if self.is_searching() {
            return;
        }
        self.shared.stop.store(false, Ordering::Relaxed);
        *self
            .shared
            .stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Stage::default();
        self.searching = Some(search.document);
        background.ask(search);
    }

    pub(super) fn cancel(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    pub(super) fn attend(&mut self) {
        if let Some(found) = self.background.as_ref().and_then(Background::take) {
            self.found = Some(Arc::new(found));
            self.searching = None;
        }
    }
}

impl Shared {
    fn search(
        &self,
        search: Search,
        is_superseded: &(dyn Fn() -> bool + Sync),
        wake: &egui::Context,
    ) -> Found {
        let Search {
            document,
            question,
            runs,
        } = search;
        let shown = Mutex::new(Instant::now());
        let mut tuned: Vec<Tuned> = Vec::new();
        let stops = || self.stop.load(Ordering::Relaxed) || is_superseded();
        for (done, &run) in runs.iter().enumerate() {
            if stops() {
                break;
            }
            let watch = |progress: Progress<'_>| {
                self.note(&progress, (done, runs.len()));
                if let Ok(mut shown) = shown.try_lock()
                    && shown.elapsed() >= REPORT_EVERY
                {
                    *shown = Instant::now();
                    wake.request_repaint();
                }
                match stops() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            };
            // An axis that no run has is left out of the question before.
            tuned.extend(question.tune(run, &NoJournal, &watch));
        }
        Found {
            document,
            question,
            runs,
            tuned,
            is_cancelled: stops(),
        }
    }

    fn note(&self, progress: &Progress<'_>, runs: (usize, usize)) {
        let Ok(mut stage) = self.stage.try_lock() else {
            return;
        };
        stage.runs = runs;
        stage.trials = (progress.done, progress.budget);
        let Some((_, verdict)) = progress.best else {
            return;
        };
        match stage.best.iter_mut().find(|(run, _)| *run == progress.run) {
            Some((_, best)) => *best = verdict,
            None => stage.best.push((progress.run, verdict)),
        }
    }
}
