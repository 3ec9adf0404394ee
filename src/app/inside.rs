//! What happens inside the rules of the runs on show: replayed off the window's thread, and only
//! while something shows it.

use super::background::Background;
use super::state::{Dialog, Lab};
use crate::engine::Stage;
use crate::engine::inside::{Ledger, replay};
use crate::experiment::Checked;
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The most numbers of all ledgers together: an eighth of a gigabyte.
const MOST_NUMBERS: usize = 1 << 24;

/// Which runs are to be replayed.
#[derive(Clone)]
struct Question {
    /// The record that they belong to.
    record: (u64, u64),
    checked: Arc<Checked>,
    updates: u64,
    runs: Vec<usize>,
}

/// Their ledgers.
struct Answer {
    question: Question,
    /// In the order of the question's runs.
    ledgers: Vec<Option<Ledger>>,
}

impl Answer {
    /// The ledger of a run of an experiment, which may have been changed since, but not its rules.
    fn of(&self, run: usize, checked: &Checked) -> Option<&Ledger> {
        let rule = |checked: &Checked| Some(checked.runs.get(run)?.optimizer.card().id);
        let before = &self.question.checked;
        if before.runs.len() != checked.runs.len() || rule(before) != rule(checked) {
            return None;
        }
        let mut asked = self.question.runs.iter();
        let place = asked.position(|&asked| asked == run)?;
        self.ledgers[place].as_ref()
    }
}

/// What the replays found, and the experiment they are read for.
pub struct Replays {
    answer: Arc<Answer>,
    checked: Arc<Checked>,
}

impl Replays {
    /// What the replay of a run found.
    pub fn ledger(&self, run: usize) -> Option<&Ledger> {
        self.answer.of(run, &self.checked)
    }
}

/// The replays of the experiment on show.
pub struct Inside {
    /// Where the system gives no thread, nothing is replayed.
    background: Option<Background<Question, Answer>>,
    asked: Option<Question>,
    answer: Option<Arc<Answer>>,
    /// Counts the answers.
    serial: u64,
}

impl Inside {
    /// Nothing replayed yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            background: Background::start_watched("replay", wake, answer).ok(),
            asked: None,
            answer: None,
            serial: 0,
        }
    }

    /// Two answers with the same number hold the same ledgers.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether a replay is under way.
    pub fn is_busy(&self) -> bool {
        self.background.is_some() && self.asked.is_some()
    }

    fn take(&mut self) {
        let answer = self.background.as_ref().and_then(Background::take);
        let Some(answer) = answer else { return };
        let answers = |asked: &Question| asked.is_same(&answer.question);
        if self.asked.as_ref().is_some_and(answers) {
            self.asked = None;
        }
        self.answer = Some(Arc::new(answer));
        self.serial += 1;
    }

    fn ask(&mut self, question: Question) {
        let is_same = |other: &Question| other.is_same(&question);
        let is_answered = self.answer.as_ref().is_some_and(|a| is_same(&a.question));
        if self.asked.as_ref().is_some_and(is_same) || self.asked.is_none() && is_answered {
            return;
        }
        if let Some(background) = &self.background {
            background.ask(question.clone());
            self.asked = Some(question);
        }
    }
}

impl Question {
    fn is_same(&self, other: &Self) -> bool {
        self.record == other.record && self.runs == other.runs
    }
}

impl Lab {
    /// What the replay of a run found. While a newer one is under way this is still of the
    /// experiment before, as long as that had the same rules.
    pub fn ledger(&self, run: usize) -> Option<&Ledger> {
        let answer = self.inside.answer.as_ref()?;
        answer.of(run, &self.record_here()?.checked)
    }

    /// What the replays of all runs found, to be read on another thread.
    pub fn replays(&self) -> Option<Replays> {
        Some(Replays {
            answer: Arc::clone(self.inside.answer.as_ref()?),
            checked: Arc::clone(&self.record_here()?.checked),
        })
    }

    /// The run whose inside the landscape shows: the selected one, or the first that is drawn.
    pub fn inside_run(&self) -> Option<usize> {
        let selected = self.view.selected;
        let mut shown = self.shown_runs().map(|(run, _)| run);
        let first = self.shown_runs().next().map(|(run, _)| run);
        shown.find(|run| Some(*run) == selected).or(first)
    }

    /// The runs of which something on show needs a replay.
    fn runs_to_replay(&self) -> Vec<usize> {
        let table = match &self.view.dialog {
            Some(Dialog::Values(subject)) => Some(*subject),
            _ => None,
        };
        let mut seen = self.seen_plots().into_iter().chain(table);
        if seen.any(|subject| subject.needs_replay()) {
            return self.shown_runs().map(|(run, _)| run).collect();
        }
        let shows_inside = self.settings.shows_inside && self.draws_landscape();
        let inside = self.inside_run().filter(|_| shows_inside);
        inside.into_iter().collect()
    }
}

/// Takes what was replayed, and asks for what is shown and not replayed yet. A long computation
/// is replayed when it has ended.
pub fn attend(lab: &mut Lab) {
    lab.inside.take();
    let Some(record) = lab.record_here() else {
        return;
    };
    let runs = lab.runs_to_replay();
    if record.stage == Stage::Running || runs.is_empty() {
        return;
    }
    let question = Question {
        record: record.identity(),
        checked: Arc::clone(&record.checked),
        updates: record.history.updates,
        runs,
    };
    lab.inside.ask(question);
}

fn answer(question: Question, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    let most = MOST_NUMBERS / question.runs.len().max(1);
    let watch = || match is_superseded() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let updates = 1..=question.updates;
    let replayed = |&run: &usize| replay(&question.checked, run, updates.clone(), most, watch);
    let ledgers: Vec<_> = question.runs.par_iter().map(replayed).collect();
    // A run that is there has no other reason to have none.
    if is_superseded() && ledgers.iter().any(Option::is_none) {
        return None;
    }
    Some(Answer { question, ledgers })
}
