//! What a rule remembers of the packs of a block.

use crate::numbers::{Lanes, Real};
use crate::optimizers::{Memory, OptimizerCard, Shape};

/// The most hyperparameters that packs can have in common.
const MOST_SETTINGS: usize = 8;

/// The most scalar slots that they can have in common.
const MOST_SCALARS: usize = 3;

/// The hyperparameters that all packs have in common, in a place of a known length: so the
/// compiler sees that what follows from them is the same for every pack, and computes it once.
pub(super) type CommonSettings = [Lanes; MOST_SETTINGS];

/// What a rule is set to and remembers, of the packs of a block with two parameters each.
#[derive(Debug)]
pub struct Memories {
    /// Of one pack before its first update.
    blank: Memory<Lanes>,
    settings_each: usize,
    are_common: bool,
    /// Pack after pack.
    slots: Vec<Lanes>,
    /// Pack after pack; once for all where packs have them in common.
    scalars: Vec<Lanes>,
    common_settings: CommonSettings,
}

impl Memories {
    /// Those of no pack, for packs that may all have the same hyperparameters.
    pub fn new(card: &OptimizerCard, are_alike: bool) -> Self {
        let (settings, scalars) = (card.hyperparameters.len(), card.scalar_slots.len());
        let fit = settings <= MOST_SETTINGS && scalars <= MOST_SCALARS;
        Self {
            blank: card.memory(&[Shape::vector(2)]),
            settings_each: settings,
            are_common: are_alike && fit && card.has_only_powers(),
            slots: Vec::new(),
            scalars: Vec::new(),
            common_settings: [Lanes::zero(); MOST_SETTINGS],
        }
    }

    /// Begins anew with so many packs, which have these hyperparameters, pack after pack.
    pub fn begin(&mut self, packs: usize, hyperparameters: &[Lanes]) {
        let blank = self.blank.lend();
        refill(&mut self.slots, blank.slots, packs);
        let sets = if self.are_common { 1 } else { packs };
        refill(&mut self.scalars, blank.scalars, sets);
        if self.are_common {
            let first = hyperparameters.iter().take(self.settings_each);
            for (common, &setting) in self.common_settings.iter_mut().zip(first) {
                *common = setting;
            }
        }
    }

    /// Whether packs have their hyperparameters in common, and with them the scalar slots.
    pub fn are_common(&self) -> bool {
        self.are_common
    }

    /// Takes them apart for one update.
    #[inline(always)]
    pub(super) fn open(&mut self) -> Open<'_> {
        let blank = self.blank.lend();
        Open {
            settings_each: self.settings_each,
            slots_each: blank.slots.len(),
            scalars_each: blank.scalars.len(),
            ends: blank.ends,
            slots: &mut self.slots,
            scalars: &mut self.scalars,
            common_settings: &self.common_settings,
        }
    }
}

/// So many times the same.
fn refill(numbers: &mut Vec<Lanes>, each: &[Lanes], times: usize) {
    numbers.clear();
    for _ in 0..times {
        numbers.extend_from_slice(each);
    }
}

/// All memories during one update.
pub(super) struct Open<'a> {
    /// How many hyperparameters a pack has.
    pub settings_each: usize,
    /// So many of `slots` belong to a pack.
    pub slots_each: usize,
    /// So many of `scalars` belong to a pack.
    pub scalars_each: usize,
    pub ends: &'a [usize],
    pub slots: &'a mut [Lanes],
    pub scalars: &'a mut [Lanes],
    pub common_settings: &'a CommonSettings,
}

/// The scalar slots that all packs have in common: a copy in a place that no pack's numbers can
/// share, to the same end.
#[derive(Clone, Copy)]
pub(super) struct CommonScalars {
    numbers: [Lanes; MOST_SCALARS],
    count: usize,
}

impl CommonScalars {
    /// A copy of these.
    #[inline(always)]
    pub fn of(scalars: &[Lanes]) -> Self {
        let mut copy = Self {
            numbers: [Lanes::zero(); MOST_SCALARS],
            count: scalars.len().min(MOST_SCALARS),
        };
        for place in 0..MOST_SCALARS {
            if let Some(&number) = scalars.get(place) {
                copy.numbers[place] = number;
            }
        }
        copy
    }

    /// All of them, for one update.
    #[inline(always)]
    pub fn all_mut(&mut self) -> &mut [Lanes] {
        &mut self.numbers[..self.count]
    }

    /// Writes them back.
    #[inline(always)]
    pub fn store(&self, scalars: &mut [Lanes]) {
        for place in 0..MOST_SCALARS {
            if let Some(number) = scalars.get_mut(place) {
                *number = self.numbers[place];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::OPTIMIZERS;

    #[test]
    fn packs_of_every_rule_with_powers_alone_can_have_them_in_common() {
        for rule in OPTIMIZERS {
            let card = rule.card();
            let are_common = Memories::new(card, true).are_common();
            assert_eq!(are_common, card.has_only_powers(), "{}", card.id);
            assert!(!Memories::new(card, false).are_common());
        }
    }
}
