//! What happens inside a rule, update by update: gradient, memory and step.
//!
//! The history does not hold this; a run is replayed for it. The replay makes the very updates
//! that the simulation made, so that its parameters are the history's, to the last bit.

mod ledger;
mod slots;
#[cfg(test)]
mod tests;

pub use ledger::{Ledger, Update};
pub use slots::Remembered;

use super::{Replay, Trace};
use crate::experiment::Checked;
use std::ops::{ControlFlow, RangeInclusive};

/// Updates between two looks at whether to go on, of a run with one parameter; with more, whose
/// updates take longer, there are fewer in between.
const BLOCK: u64 = 256;

/// Replays run `run` of an experiment from its start and keeps what happened inside its rule at
/// the updates with these numbers, from 1, as long as the run stays finite.
///
/// The ledger holds no more than `most` numbers; past that it thins itself as the history does.
/// `watch` is called after every block of updates; None when it breaks off, or when there is no
/// such run.
pub fn replay(
    checked: &Checked,
    run: usize,
    updates: RangeInclusive<u64>,
    most: usize,
    watch: impl FnMut() -> ControlFlow<()>,
) -> Option<Ledger> {
    replay_with_trace(checked, run, updates, most, watch).map(|(ledger, _)| ledger)
}

/// The replay, and the trace of the run that it made on its way.
fn replay_with_trace(
    checked: &Checked,
    run: usize,
    updates: RangeInclusive<u64>,
    most: usize,
    mut watch: impl FnMut() -> ControlFlow<()>,
) -> Option<(Ledger, Trace)> {
    let mut replay = Replay::new(checked, run)?;
    let dimension = replay.parameters().len();
    let card = replay.run().optimizer.card();
    let slots = slots::of_rule(card, replay.rule().memories());
    let mut ledger = Ledger::new(dimension, slots, most);
    let mut before = replay.parameters().to_vec();
    let block = (BLOCK / dimension.max(1) as u64).max(1);
    let mut gradient = vec![0.0; dimension];
    for number in 1..=*updates.end() {
        if number.is_multiple_of(block) && watch().is_break() {
            return None;
        }
        before.copy_from_slice(replay.parameters());
        gradient.copy_from_slice(replay.gradient());
        replay.go_to(number);
        // The update that diverged has no step to be shown.
        if replay.diverged_at().is_some() {
            break;
        }
        if updates.contains(&number) {
            let trace = replay.trace();
            let learning_rate = trace.learning_rates().last().copied();
            let after = replay.parameters();
            let vectors = [&before, after, &gradient, replay.met_gradient()];
            ledger.push(
                (number, trace.evaluations, learning_rate.unwrap_or(f64::NAN)),
                vectors,
                replay.rule().memories(),
            );
        }
    }
    Some((ledger, replay.into_trace()))
}
