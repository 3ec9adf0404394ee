//! Wrappers: what composes around any rule of the catalogue.
//!
//! A wrapper is told a step, tells the rule (or the next wrapper) its own version of it, and may
//! move the parameters afterwards. Adding one: its file here, one `mod` line, one line in
//! [`WRAPPERS`].

mod averaged;
mod card;
mod clip_norm;
mod clip_value;
mod decoupled_decay;
mod l2;
mod lookahead;
mod sam;

pub use card::WrapperCard;

use super::{Memory, Step};
use crate::numbers::{Lanes, Real, Recorded};
use std::fmt;

/// Tells whatever is inside a wrapper to make its update of the parameters.
pub type Inner<'a, R> = dyn FnMut(&Step<'_, R>, &mut [R]) + 'a;

/// One update of all parameters through whatever is inside.
pub trait Wrap<R: Real>: Send + Sync {
    /// Makes the step with `inner`; the step's hyperparameters are the wrapper's own settings,
    /// and what it hands on may keep them: everything inside has its own.
    fn step(
        &self,
        now: &Step<'_, R>,
        parameters: &mut [R],
        memory: &mut Memory<R>,
        inner: &mut Inner<'_, R>,
    );

    /// The parameters that are shown in place of those that the rule works on.
    fn shown<'m>(&self, _memory: &'m Memory<R>) -> Option<&'m [R]> {
        None
    }
}

/// A wrapper of the catalogue, on every number type, and its card.
pub trait Wrapper: Wrap<f64> + Wrap<f32> + Wrap<Lanes> + Wrap<Recorded> {
    /// What is known about it.
    fn card(&self) -> &'static WrapperCard;
}

impl fmt::Debug for dyn Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.card().id)
    }
}

/// Every wrapper, in menu order.
pub static WRAPPERS: &[&dyn Wrapper] = &[
    &clip_norm::ClipNorm,
    &clip_value::ClipValue,
    &l2::L2,
    &decoupled_decay::DecoupledDecay,
    &lookahead::Lookahead,
    &averaged::Averaged,
    &sam::Sam,
];

/// The wrapper with this id.
pub fn find(id: &str) -> Option<&'static dyn Wrapper> {
    WRAPPERS
        .iter()
        .copied()
        .find(|wrapper| wrapper.card().id == id)
}
