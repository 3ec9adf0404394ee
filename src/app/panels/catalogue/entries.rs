//! What is listed: every card of a shelf that fits the search.

use crate::app::browsing::{Browsing, Shelf};
use crate::app::panels::dialogs::matches;
use crate::app::state::Lab;
use crate::landscapes::LANDSCAPES;
use crate::optimizers::wrappers::WRAPPERS;
use crate::optimizers::{Family, OPTIMIZERS, Shape};
use crate::schedules::SCHEDULES;

/// One line of the list.
pub struct Entry {
    /// The id on its card.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is listed under; empty where there are no groups.
    pub group: String,
    /// Why it cannot be used on the present objective.
    pub refusal: Option<String>,
}

/// The families of rules, in menu order.
pub fn families() -> Vec<Family> {
    let mut families: Vec<_> = OPTIMIZERS.iter().map(|rule| rule.card().family).collect();
    families.dedup();
    families
}

/// Everything that fits what is searched for.
pub fn listed(lab: &Lab, browsing: &Browsing) -> Vec<Entry> {
    match browsing.shelf {
        Shelf::Optimizers => optimizers(lab, browsing),
        Shelf::Wrappers => {
            let cards = WRAPPERS.iter().map(|wrapper| wrapper.card());
            let found = cards.filter(|card| {
                matches(
                    &browsing.typed,
                    &[card.id, card.name, card.about, card.citation],
                )
            });
            found.map(|card| plain(card.id, card.name)).collect()
        }
        Shelf::Schedules => {
            let found = SCHEDULES.iter().filter(|card| {
                matches(
                    &browsing.typed,
                    &[card.id, card.name, card.about, card.source],
                )
            });
            found.map(|card| plain(card.id, card.name)).collect()
        }
        Shelf::Landscapes => {
            let cards = LANDSCAPES.iter().map(|landscape| landscape.card());
            let found = cards.filter(|card| {
                matches(
                    &browsing.typed,
                    &[card.id, card.name, card.about, card.source],
                )
            });
            found.map(|card| plain(card.id, card.name)).collect()
        }
    }
}

fn plain(id: &'static str, name: &'static str) -> Entry {
    Entry {
        id,
        name,
        group: String::new(),
        refusal: None,
    }
}

fn optimizers(lab: &Lab, browsing: &Browsing) -> Vec<Entry> {
    let shapes = shapes(lab);
    let cards = OPTIMIZERS.iter().map(|rule| rule.card());
    let of_family = cards.filter(|card| browsing.family.is_none_or(|family| card.family == family));
    let found = of_family.filter(|card| {
        let family = card.family.to_string();
        let texts = [card.id, card.name, &family, card.about, card.citation];
        matches(&browsing.typed, &texts)
    });
    let entry = |card: &'static crate::optimizers::OptimizerCard| Entry {
        group: card.family.to_string(),
        refusal: shapes.as_ref().and_then(|shapes| card.fits.refusal(shapes)),
        ..plain(card.id, card.name)
    };
    found.map(entry).collect()
}

/// The blocks of the present objective; none while it cannot be minimised at all, which the
/// problems of the experiment say.
fn shapes(lab: &Lab) -> Option<Vec<Shape>> {
    let mut bare = lab.experiment.clone();
    bare.runs.clear();
    let checked = bare.check().ok()?;
    Some(checked.objective.shapes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_offered_once() {
        let families = families();
        for rule in OPTIMIZERS {
            let family = rule.card().family;
            assert_eq!(families.iter().filter(|other| **other == family).count(), 1);
        }
    }
}
