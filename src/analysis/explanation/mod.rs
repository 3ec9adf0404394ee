//! One step of a run, explained: the rule's lines with this step's numbers in them.
//!
//! Nobody states a rule a second time for this. The run is replayed by the engine to the step
//! before, and the step is then made once more with numbers that record their own arithmetic
//! ([`Recorded`](crate::numbers::Recorded)). What they noted is the explanation.

mod expression;
mod in_force;
mod latex;
mod markdown;
mod names;
mod number;
mod page;
mod shared;
mod shared_pages;
mod sheet;
mod taken;
mod text;
mod worked;

pub use expression::{Expression, Piece, Show, Symbol};
pub use number::{rounded, shortest};
pub use page::{Explanation, Moved, Noted, Rate, Remembered, Setting};
pub use shared::{GivenSetting, GivenSlot, Had, SharedStep, share};
pub use shared_pages::Row;
pub use taken::{Look, Question};
pub use worked::{Line, Role, Worked};

use crate::engine::Replay;
use crate::experiment::Checked;
use thiserror::Error;

/// Why a step cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoSuchStep {
    /// The experiment has not so many runs.
    #[error("there is no run {run}; the experiment has {runs}, counted from 0")]
    Run {
        /// The run asked for.
        run: usize,
        /// How many there are.
        runs: usize,
    },
    /// A network has too many parameters for a line each.
    #[error(
        "this is the training of a network: its parameters are too many to be worked out one by \
         one; the same rule on a landscape shows its steps"
    )]
    Network,
    /// Steps count from 1 to the number of updates.
    #[error("there is no step {step}; give 1 to {last}")]
    Step {
        /// The step asked for.
        step: u64,
        /// How many updates the run has.
        last: u64,
    },
    /// The experiment has no updates at all.
    #[error("the experiment has no updates, so there is no step to explain")]
    NoUpdates,
    /// The start itself is not finite.
    #[error("the run has no finite start, so it never made a step")]
    NeverBegan,
    /// Another rule cannot take the run's place.
    #[error("{rule} cannot make this step: {reason}")]
    Refused {
        /// The other rule.
        rule: &'static str,
        /// Why.
        reason: String,
    },
    /// The run ended before.
    #[error("the run diverged at step {at}; give 1 to {at}")]
    Diverged {
        /// The update after which it was not finite.
        at: u64,
    },
}

/// Explains update `step` (from 1) of a run, from the start on.
///
/// The update at which a run diverges can be explained too: it is what happened then.
///
/// # Errors
/// When there is no such run, or it never made such a step.
pub fn explain(checked: &Checked, run: usize, step: u64) -> Result<Explanation, NoSuchStep> {
    let replay = before(checked, run, step)?;
    Ok(page::of_next_step(checked, &replay))
}

/// A run just before update `step` (from 1).
fn before(checked: &Checked, run: usize, step: u64) -> Result<Replay<'_>, NoSuchStep> {
    let mut replay = at_the_start(checked, run, step)?;
    replay.go_to(step - 1);
    match replay.diverged_at() {
        None => Ok(replay),
        Some(0) => Err(NoSuchStep::NeverBegan),
        Some(at) => Err(NoSuchStep::Diverged { at }),
    }
}

/// A run that may have an update `step`, at its start.
fn at_the_start(checked: &Checked, run: usize, step: u64) -> Result<Replay<'_>, NoSuchStep> {
    if checked.task().is_some() || checked.sequence().is_some() {
        return Err(NoSuchStep::Network);
    }
    let runs = checked.runs.len();
    let replay = Replay::new(checked, run).ok_or(NoSuchStep::Run { run, runs })?;
    let last = checked.updates();
    match step {
        _ if last == 0 => Err(NoSuchStep::NoUpdates),
        step if step == 0 || step > last => Err(NoSuchStep::Step { step, last }),
        _ => Ok(replay),
    }
}

impl Explanation {
    /// The explanation for a terminal.
    pub fn to_text(&self) -> String {
        text::page(self)
    }

    /// Where the learning rate of the step comes from, in words: the schedule with its settings,
    /// its formula, the base, who set it, and when in the schedule the step is.
    pub fn rate_origin(&self) -> String {
        text::origin(self)
    }

    /// The explanation as Markdown with LaTeX.
    pub fn to_markdown(&self) -> String {
        markdown::page(self)
    }
}

impl SharedStep {
    /// Both steps for a terminal.
    pub fn to_text(&self) -> String {
        shared_pages::text(self)
    }

    /// Both steps as Markdown.
    pub fn to_markdown(&self) -> String {
        shared_pages::markdown(self)
    }
}
