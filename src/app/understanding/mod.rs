//! What helps to understand a run: from which start it is explained, what of the explanation is
//! pointed at, and how the landscape curves under it.

mod curving;
mod pointing;

pub use curving::{Curving, Here, attend};
pub use pointing::{Meant, Pointed};

use super::state::Lab;
use crate::engine::Trace;

/// A request about what is explained.
#[derive(Clone, Debug, PartialEq)]
pub enum UnderstandingCommand {
    /// Explain the runs from this pair of a start and a seed, 0 being the first.
    ChooseOrigin(usize),
    /// Light on the landscape what a symbol stands for, in this frame.
    PointAt(Box<Pointed>),
}

/// Carries out a request.
pub fn perform(lab: &mut Lab, command: UnderstandingCommand) {
    match command {
        UnderstandingCommand::ChooseOrigin(origin) => lab.view.origin = origin,
        UnderstandingCommand::PointAt(pointed) => lab.view.pointed = Some(*pointed),
    }
}

impl Lab {
    /// From which pair of a start and a seed the runs are explained; the first where the chosen
    /// one is gone.
    pub fn origin(&self) -> usize {
        let count = self
            .record_here()
            .map_or(1, |record| record.checked.origins());
        match self.view.origin {
            chosen if chosen < count => chosen,
            _ => 0,
        }
    }

    /// The record of a run from the start and with the seed that are explained.
    pub fn explained_trace(&self, run: usize) -> Option<&Trace> {
        let history = &self.record_here()?.history;
        match self.origin().checked_sub(1) {
            None => history.traces.get(run),
            Some(other) => history.variations.get(other)?.traces.get(run),
        }
    }
}
