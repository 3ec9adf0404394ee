//! What every number that a step starts from is called.

use crate::experiment::CheckedRun;
use crate::numbers::recorded::Name;
use crate::optimizers::wrappers::WrapperCard;
use crate::optimizers::{Extent, Hyperparameter, OptimizerCard, Owner, Place, Slot};
use std::collections::BTreeSet;

/// The symbol of the parameters on every card.
pub const PARAMETER: &str = "θ";

/// The symbols of a rule with its wrappers, each used once: where a wrapper's card has one that
/// is taken already, the wrapper's name stands beside it.
pub(super) struct Names {
    rule: Card,
    wrappers: Vec<Card>,
    dimension: usize,
}

/// The symbols of one card.
struct Card {
    owner: String,
    slots: Vec<Known>,
    scalars: Vec<Known>,
    settings: Vec<Known>,
}

/// A symbol and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub symbol: String,
    pub meaning: &'static str,
    extent: Extent,
}

impl Names {
    pub fn new(run: &CheckedRun, dimension: usize) -> Self {
        let mut taken: BTreeSet<String> = [PARAMETER, "g", "α", "J"].map(str::to_owned).into();
        let rule = Card::of_rule(run.optimizer.card(), &mut taken);
        let wrappers = run.wrappers.iter().enumerate().map(|(index, spec)| {
            let id = spec.card().id;
            let before = run.wrappers[..index].iter();
            let count = before.filter(|other| other.card().id == id).count();
            let owner = match count {
                0 => id.to_owned(),
                _ => format!("{id} {}", count + 1),
            };
            Card::of_wrapper(spec.card(), owner, &mut taken)
        });
        Self {
            wrappers: wrappers.collect(),
            rule,
            dimension,
        }
    }

    fn card(&self, owner: Owner) -> &Card {
        match owner {
            Owner::Rule(_) => &self.rule,
            Owner::Wrapper(index) => &self.wrappers[index],
        }
    }

    /// The name of who remembers.
    pub fn owner(&self, owner: Owner) -> &str {
        &self.card(owner).owner
    }

    /// What is remembered there.
    pub fn known(&self, owner: Owner, place: Place) -> &Known {
        let card = self.card(owner);
        match place {
            Place::Slot { slot, .. } => &card.slots[slot],
            Place::Scalar(index) => &card.scalars[index],
        }
    }

    /// The name of a remembered number.
    pub fn of_memory(&self, owner: Owner, place: Place) -> Name {
        let known = self.known(owner, place);
        let name = |index: Option<usize>, component| Name {
            symbol: format!("{}{}", known.symbol, index.map_or(String::new(), lowered)).into(),
            component,
        };
        let Place::Slot { entry, .. } = place else {
            return name(None, None);
        };
        let (row, column) = (entry / self.dimension, entry % self.dimension);
        match known.extent {
            Extent::Past(_) => name(Some(row + 1), Some(column)),
            Extent::Simplex => name(Some(row), Some(column)),
            Extent::Corners => name(Some(entry), None),
            _ => name(None, Some(entry)),
        }
    }

    /// The symbols of the settings: the rule's, and those of each wrapper.
    pub fn settings(&self, owner: Owner) -> impl Iterator<Item = &Known> {
        self.card(owner).settings.iter()
    }
}

/// 12 as ₁₂.
fn lowered(index: usize) -> String {
    let digit = |c: char| char::from_u32('₀' as u32 + c as u32 - '0' as u32).unwrap_or(c);
    index.to_string().chars().map(digit).collect()
}

impl Card {
    fn of_rule(card: &'static OptimizerCard, taken: &mut BTreeSet<String>) -> Self {
        Self::new(
            card.name.to_owned(),
            (card.slots, card.scalar_slots, card.hyperparameters),
            taken,
        )
    }

    fn of_wrapper(card: &'static WrapperCard, owner: String, taken: &mut BTreeSet<String>) -> Self {
        Self::new(owner, (card.slots, card.scalar_slots, card.settings), taken)
    }

    fn new(
        owner: String,
        (slots, scalars, settings): (&'static [Slot], &'static [Slot], &'static [Hyperparameter]),
        taken: &mut BTreeSet<String>,
    ) -> Self {
        let mut known = |symbol: &str, meaning, extent| {
            let mut symbol = symbol.to_owned();
            if !taken.insert(symbol.clone()) {
                symbol = format!("{symbol}[{owner}]");
                taken.insert(symbol.clone());
            }
            Known {
                symbol,
                meaning,
                extent,
            }
        };
        let mut slot = |slot: &Slot| known(slot.symbol, slot.meaning, slot.extent);
        let slots = slots.iter().map(&mut slot).collect();
        let scalars = scalars.iter().map(&mut slot).collect();
        let settings = settings.iter();
        let settings = settings.map(|h| known(h.symbol, h.meaning, Extent::Each));
        Self {
            settings: settings.collect(),
            slots,
            scalars,
            owner,
        }
    }
}
