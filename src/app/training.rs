//! Work under way: paused, gone on with, made longer, and its rates changed while it goes on.
//!
//! A change of rate must be recorded at the very update from which it holds. So the work is held
//! first; when the engine says at which update it stands, the event is written into the
//! experiment, and the request that follows goes on from there.

use super::state::Lab;
use super::widgets::number::exact;
use crate::engine::{Message, Record, Stage, trunk};
use crate::experiment::event::{self, RateEvent};
use crate::experiment::{Checked, Experiment};
use std::sync::Arc;

/// Something around work under way.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingCommand {
    /// Change the base rate of a run from now on.
    ChangeRate(usize, f64),
    /// Take such a change back: which of which run.
    RemoveEvent(usize, usize),
    /// So many epochs more.
    GoOnFor(u64),
}

/// What the user has asked of the work under way.
#[derive(Debug, Default)]
pub struct Control {
    /// Whether it is to stay paused.
    is_held: bool,
    /// Changes of rate that wait for the work to rest.
    waiting: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    /// The request whose work is to be changed.
    request: u64,
    /// Runs and rates.
    changes: Vec<(usize, f64)>,
}

/// The record of the newest request, when the engine has begun with it.
fn present(lab: &Lab) -> Option<&Arc<Record>> {
    let record = lab.record.as_ref()?;
    (record.request == lab.awaited).then_some(record)
}

/// Whether what an experiment asks for is trained, update after update, over a long time.
pub fn is_trained(checked: &Checked) -> bool {
    checked.task().is_some() || checked.sequence().is_some()
}

/// Carries out a command.
pub fn perform(lab: &mut Lab, command: TrainingCommand) {
    match command {
        TrainingCommand::ChangeRate(run, rate) => change_rate(lab, run, rate),
        TrainingCommand::RemoveEvent(run, index) => {
            if let Some(spec) = lab.experiment.runs.get_mut(run)
                && index < spec.events.len()
            {
                spec.events.remove(index);
            }
        }
        TrainingCommand::GoOnFor(epochs) => {
            lab.control.is_held = false;
            lab.experiment.epochs = lab.experiment.epochs.saturating_add(epochs);
        }
    }
}

/// Pauses the work, or lets it go on: from where it was paused or cancelled.
pub fn pause_or_go_on(lab: &mut Lab) {
    let Some(record) = present(lab).cloned() else {
        return;
    };
    match record.stage {
        Stage::Running => {
            lab.control.is_held = true;
            lab.worker.pause(true);
        }
        Stage::Paused => {
            lab.control.is_held = false;
            lab.worker.pause(false);
        }
        Stage::Cancelled => {
            lab.control.is_held = false;
            lab.awaited = lab.worker.request(Arc::clone(&record.checked));
        }
        Stage::Done | Stage::Broken(_) => {}
    }
}

fn change_rate(lab: &mut Lab, run: usize, rate: f64) {
    let Some(record) = present(lab).cloned() else {
        tell_dropped(lab, &[(run, rate)]);
        return;
    };
    let trained = is_trained(&record.checked);
    if trained && record.stage == Stage::Running {
        let request = lab.awaited;
        let waiting = lab.control.waiting.take();
        let mut waiting = waiting
            .filter(|waiting| waiting.request == request)
            .unwrap_or(Waiting {
                request,
                changes: Vec::new(),
            });
        waiting.changes.push((run, rate));
        lab.control.waiting = Some(waiting);
        lab.worker.pause(true);
        return;
    }
    let after = match trained {
        true => record.history.updates,
        false => lab.playhead.step(),
    };
    write(&mut lab.experiment, &[(run, rate)], after);
    if trained && record.stage == Stage::Done {
        lab.inform("The change holds for the epochs that you let it go on for.");
    }
}

/// Says that changes of rate came to nothing.
fn tell_dropped(lab: &mut Lab, changes: &[(usize, f64)]) {
    let rates: Vec<_> = changes.iter().map(|(_, rate)| exact(*rate)).collect();
    lab.complain(format!(
        "The rate was not changed to {}: another training was asked for before the change was \
         made. Change it again once that one goes on.",
        rates.join(", ")
    ));
}

/// Writes changes of rate that hold from the update after `after` on.
fn write(experiment: &mut Experiment, changes: &[(usize, f64)], after: u64) {
    for &(run, learning_rate) in changes {
        if let Some(spec) = experiment.runs.get_mut(run) {
            let step = after.saturating_add(1);
            event::insert(
                &mut spec.events,
                RateEvent {
                    step,
                    learning_rate,
                },
            );
        }
    }
}

/// Writes the changes that have waited for the work to rest, and passes on what the engine has
/// to tell.
pub fn attend(lab: &mut Lab) {
    for message in lab.worker.messages() {
        match message {
            Message::Information(text) => lab.inform(text),
            Message::Trouble(text) => lab.complain(text),
        }
    }
    let Some(waiting) = lab.control.waiting.take() else {
        return;
    };
    if waiting.request != lab.awaited {
        // Another experiment is on show by now, or this one was edited.
        tell_dropped(lab, &waiting.changes);
        return;
    }
    let record = present(lab).cloned();
    let Some(record) = record.filter(|record| record.stage != Stage::Running) else {
        lab.control.waiting = Some(waiting);
        return;
    };
    let before = lab.experiment.deciding_part();
    write(
        &mut lab.experiment,
        &waiting.changes,
        record.history.updates,
    );
    if lab.experiment.deciding_part() == before && !lab.control.is_held {
        // No request follows that would go on by itself.
        lab.worker.pause(false);
    }
    if record.stage == Stage::Done {
        lab.inform("The training has just ended; the change holds if it goes on.");
    }
}

/// Asks the engine for an experiment. A training that the user has paused stays paused where the
/// new one leads through the same state.
pub fn request(lab: &mut Lab, checked: Arc<Checked>) {
    let goes_through = |record: &Arc<Record>| {
        let updates = record.history.updates;
        record.stage == Stage::Paused && trunk(&record.checked, updates) == trunk(&checked, updates)
    };
    let is_held = lab.control.is_held && present(lab).is_some_and(goes_through);
    lab.control.is_held = is_held;
    lab.awaited = match is_held {
        true => lab.worker.request_paused(checked),
        false => lab.worker.request(checked),
    };
}
