//! What the browser of the catalogue shows: which shelf, what is searched for, what is selected.

use crate::optimizers::Family;

/// Where someone stands in the catalogue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Browsing {
    /// What is looked through.
    pub shelf: Shelf,
    /// What is searched for.
    pub typed: String,
    /// The only family of rules that is listed.
    pub family: Option<Family>,
    /// The id of what is looked at; none for the first that is listed.
    pub selected: Option<&'static str>,
    /// The run that a wrapper or a schedule is meant for; none for the one that is unfolded.
    pub run: Option<usize>,
}

/// A part of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Update rules.
    #[default]
    Optimizers,
    /// What composes around a rule.
    Wrappers,
    /// How the rate changes.
    Schedules,
    /// What is minimised.
    Landscapes,
}

impl Shelf {
    /// Every shelf, in the order of the tabs.
    pub const ALL: [Self; 4] = [
        Self::Optimizers,
        Self::Wrappers,
        Self::Schedules,
        Self::Landscapes,
    ];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimizers => "Optimizers",
            Self::Wrappers => "Wrappers",
            Self::Schedules => "Schedules",
            Self::Landscapes => "Landscapes",
        }
    }

    /// What the search field says while it is empty.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Optimizers => "Search by name, family or idea",
            _ => "Search by name or idea",
        }
    }

    /// The accessible name of the search field.
    pub fn search_name(self) -> &'static str {
        match self {
            Self::Optimizers => "Search optimizers",
            Self::Wrappers => "Search wrappers",
            Self::Schedules => "Search schedules",
            Self::Landscapes => "Search the landscapes",
        }
    }
}
