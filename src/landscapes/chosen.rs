//! A landscape as an experiment chooses it: one of the list, with its settings, or a formula.

use super::{Landscape, LandscapeCard, find};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A landscape with its settings; equal where both are. The settings of a formula are the ends of
/// its ranges.
#[derive(Clone)]
pub struct Chosen {
    landscape: Shared,
    /// In the order of the card; empty where they are the card's defaults.
    settings: Vec<f64>,
}

/// Those of the list live as long as the program, those that were set as long as their users.
#[derive(Clone)]
enum Shared {
    Listed(&'static dyn Landscape),
    Set(Arc<dyn Landscape>),
}

impl Chosen {
    /// A landscape of the list as it stands there.
    pub(super) fn listed(card: &LandscapeCard) -> Self {
        find(card.id)
            .expect("every card belongs to a landscape of the list")
            .into()
    }

    /// A landscape that was made for these settings.
    pub fn set(landscape: Arc<dyn Landscape>, settings: &[f64]) -> Self {
        Self {
            landscape: Shared::Set(landscape),
            settings: settings.to_vec(),
        }
    }
}

/// The landscape `id` with `settings`, the card's defaults where they say nothing; none where
/// the list has no such landscape. Settings that the card does not have are passed over.
pub fn choose(id: &str, settings: &BTreeMap<String, f64>) -> Option<Chosen> {
    let landscape = find(id)?;
    let all = landscape.card().settings;
    let values: Vec<f64> = all
        .iter()
        .map(|setting| settings.get(setting.id).copied().unwrap_or(setting.default))
        .collect();
    if all
        .iter()
        .zip(&values)
        .all(|(s, value)| s.default == *value)
    {
        return Some(landscape.into());
    }
    Some(landscape.with_settings(&values))
}

impl From<&'static dyn Landscape> for Chosen {
    fn from(landscape: &'static dyn Landscape) -> Self {
        Self {
            landscape: Shared::Listed(landscape),
            settings: Vec::new(),
        }
    }
}

impl Deref for Chosen {
    type Target = dyn Landscape;

    fn deref(&self) -> &Self::Target {
        match &self.landscape {
            Shared::Listed(landscape) => *landscape,
            Shared::Set(landscape) => landscape.as_ref(),
        }
    }
}

impl PartialEq for Chosen {
    fn eq(&self, other: &Self) -> bool {
        let (one, another) = (self.card(), other.card());
        one.id == another.id && one.formula == another.formula && self.settings == other.settings
    }
}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.card().id, self.settings)
    }
}
