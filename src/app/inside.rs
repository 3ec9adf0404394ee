//! What happens inside the rules of the runs on show: replayed off the window's thread, and only
//! while something shows it.

use super::asked::Asked;
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

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        (self.record, &self.runs) == (other.record, &other.runs)
    }
}

/// Their ledgers, in the order of the question's runs.
type Ledgers = Arc<Vec<Option<Ledger>>>;

impl Question {
    /// The ledger of a run of an experiment, which may have been changed since, but not its rules.
    fn of<'a>(
        &self,
        ledgers: &'a [Option<Ledger>],
        run: usize,
        checked: &Checked,
    ) -> Option<&'a Ledger> {
        let rule = |checked: &Checked| Some(checked.runs.get(run)?.optimizer.card().id);
        if self.checked.runs.len() != checked.runs.len() || rule(&self.checked) != rule(checked) {
            return None;
        }
        let place = self.runs.iter().position(|&asked| asked == run)?;
        ledgers[place].as_ref()
    }
}

/// What the replays found, and the experiment they are read for.
pub struct Replays {
    question: Question,
    ledgers: Ledgers,
    checked: Arc<Checked>,
}

impl Replays {
    /// What the replay of a run found.
    pub fn ledger(&self, run: usize) -> Option<&Ledger> {
        self.question.of(&self.ledgers, run, &self.checked)
    }
}

/// The replays of the experiment on show.
pub struct Inside {
    replays: Asked<Question, Ledgers>,
}

impl Inside {
    /// Nothing replayed yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            replays: Asked::new(ctx, "replay", answer),
        }
    }

    /// Two answers with the same number hold the same ledgers.
    pub fn serial(&self) -> u64 {
        self.replays.serial()
    }

    /// Whether a replay is under way.
    pub fn is_busy(&self) -> bool {
        self.replays.is_busy()
    }
}

impl Lab {
    /// What the replay of a run found. While a newer one is under way this is still of the
    /// experiment before, as long as that had the same rules.
    pub fn ledger(&self, run: usize) -> Option<&Ledger> {
        let (question, ledgers) = self.inside.replays.answer()?;
        question.of(ledgers, run, &self.record_here()?.checked)
    }

    /// What the replays of all runs found, to be read on another thread.
    pub fn replays(&self) -> Option<Replays> {
        let (question, ledgers) = self.inside.replays.answer()?;
        Some(Replays {
            question: question.clone(),
            ledgers: Arc::clone(ledgers),
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
    lab.inside.replays.take();
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
    lab.inside.replays.ask(question);
}

fn answer(question: &Question, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Ledgers> {
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
    Some(Arc::new(ledgers))
}
