//! The card of a wrapper.

use crate::optimizers::{Hyperparameter, Needs, Slot};
use serde::Serialize;

/// What the laboratory knows about a wrapper.
#[derive(Debug, Serialize)]
pub struct WrapperCard {
    /// The name in experiment files.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it does in Unicode mathematics, in the symbols of the rules' cards.
    pub formula: &'static [&'static str],
    /// The idea, and any deviation from the citation.
    pub about: &'static str,
    /// Paper or reference implementation.
    pub citation: &'static str,
    /// Its settings; every wrapper has at least one.
    pub settings: &'static [Hyperparameter],
    /// Whether a file gives its only setting without the name.
    pub is_positional: bool,
    /// Memory with numbers for the parameters.
    pub slots: &'static [Slot],
    /// Memory with one number for all.
    pub scalar_slots: &'static [Slot],
    /// What it needs to know of the objective beside what the rule inside does.
    pub needs: Needs,
}
