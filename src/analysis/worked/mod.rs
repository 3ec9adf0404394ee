//! A regression worked by hand: every number of an update, from the rows of its batch to the new
//! parameters.

mod conventions;
#[cfg(test)]
mod tests;

pub use conventions::{Convention, Velocity, conventions, velocity};

use crate::engine::inside::{self, Remembered, Update};
use crate::experiment::{Checked, CheckedRun};
use crate::models::regression::{BatchWork, Regression};
use std::ops::{ControlFlow, RangeInclusive};

/// The most numbers that a solution holds.
const MOST_NUMBERS: usize = 20_000_000;

/// One update of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkedUpdate {
    /// Its number, from 1.
    pub update: u64,
    /// The epoch that it belongs to, from 1.
    pub epoch: u64,
    /// Its rate.
    pub learning_rate: f64,
    /// The parameters before it.
    pub before: Vec<f64>,
    /// What it saw.
    pub batch: BatchWork,
    /// What the rule remembers, slot after slot.
    pub memory: Vec<WorkedSlot>,
    /// The parameters after it.
    pub after: Vec<f64>,
}

/// A memory slot before and after an update.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkedSlot {
    /// Its symbol in the rule's formula.
    pub symbol: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// Whether it has one number a parameter.
    pub is_by_parameter: bool,
    /// Its numbers before the update.
    pub before: Vec<f64>,
    /// Its numbers after it.
    pub after: Vec<f64>,
}

/// The updates of an epoch, from 1; those that there are of it.
pub fn updates_of_epoch(checked: &Checked, epoch: u64) -> RangeInclusive<u64> {
    let count = checked.updates_per_epoch();
    let last = epoch.saturating_mul(count);
    last.saturating_sub(count) + 1..=last.min(checked.updates())
}

/// Works out some updates of run `run`, as far as it stays finite. `watch` is called now and
/// then; None when it breaks off, when there is no such run, or what is minimised is no
/// regression.
pub fn solve(
    checked: &Checked,
    run: usize,
    updates: RangeInclusive<u64>,
    watch: impl FnMut() -> ControlFlow<()>,
) -> Option<Vec<WorkedUpdate>> {
    let regression = checked.regression()?;
    // What a rule remembers before an update is what it remembered after the last.
    let from = updates.start().saturating_sub(1).max(1);
    let replayed = from..=*updates.end();
    let ledger = inside::replay(checked, run, replayed, MOST_NUMBERS, watch)?;
    let run = &checked.runs[run];
    let mut memory: Vec<Vec<f64>> = Vec::new();
    let mut solution = Vec::new();
    for update in ledger.updates() {
        let after: Vec<Vec<f64>> = ledger
            .slots()
            .iter()
            .map(|slot| update.slot(slot).to_vec())
            .collect();
        if updates.contains(&update.number) {
            let before = match update.number {
                1 => initial(run, ledger.slots(), &after),
                _ => memory,
            };
            let slots = slots(ledger.slots(), before, &after);
            solution.push(worked(checked, regression, &update, slots));
        }
        memory = after;
    }
    Some(solution)
}

fn worked(
    checked: &Checked,
    regression: &Regression,
    update: &Update<'_>,
    memory: Vec<WorkedSlot>,
) -> WorkedUpdate {
    let rows = regression.batches().of_update(update.number);
    WorkedUpdate {
        update: update.number,
        epoch: checked.epoch_of(update.number),
        learning_rate: update.learning_rate,
        before: update.before.to_vec(),
        batch: regression.work(&rows, update.before),
        memory,
        after: update.after.to_vec(),
    }
}

/// What the slots hold before the first update.
fn initial(run: &CheckedRun, slots: &[Remembered], like: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let card = run.optimizer.card();
    let initial = |slot: &Remembered| {
        let all = card.slots.iter().chain(card.scalar_slots);
        let mut named = all.filter(|other| other.symbol == slot.symbol);
        named.next().map_or(0.0, |slot| slot.initial)
    };
    let pairs = slots.iter().zip(like);
    pairs
        .map(|(slot, values)| vec![initial(slot); values.len()])
        .collect()
}

fn slots(slots: &[Remembered], before: Vec<Vec<f64>>, after: &[Vec<f64>]) -> Vec<WorkedSlot> {
    let values = before.into_iter().zip(after);
    let pairs = slots.iter().zip(values);
    pairs
        .map(|(slot, (before, after))| WorkedSlot {
            symbol: slot.symbol,
            meaning: slot.meaning,
            is_by_parameter: slot.is_by_parameter,
            before,
            after: after.clone(),
        })
        .collect()
}
