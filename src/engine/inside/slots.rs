//! Where each of a rule's memory slots lies in the row of an update.

use crate::optimizers::{Extent, Holds, Memory, OptimizerCard};
use std::ops::Range;

/// A memory slot of a rule's card, and where its numbers are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// The symbol in the formula.
    pub symbol: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// How it is read.
    pub holds: Holds,
    /// Whether its numbers belong to the parameters, one each and in their order.
    pub is_by_parameter: bool,
    /// Its numbers among all that the rule remembers.
    pub(super) range: Range<usize>,
}

impl Remembered {
    /// How many numbers it is.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether it holds nothing; slots without numbers are left out.
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }
}

/// The slots of a rule with these memories, one memory a block or one for all.
pub fn of_rule(card: &OptimizerCard, memories: &[Memory<f64>]) -> Vec<Remembered> {
    let parameters = |index: usize| -> usize {
        let sizes = memories.iter().map(|memory| memory.slot(index).len());
        sizes.sum()
    };
    let mut end = 0;
    let mut range = |length: usize| {
        end += length;
        end - length..end
    };
    let vectors = card.slots.iter().enumerate().map(|(index, slot)| {
        let is_by_parameter = slot.extent == Extent::Each;
        (slot, is_by_parameter, parameters(index))
    });
    let scalars = card.scalar_slots.iter();
    let scalars = scalars.map(|slot| (slot, false, memories.len()));
    vectors
        .chain(scalars)
        .filter(|(_, _, length)| *length > 0)
        .map(|(slot, is_by_parameter, length)| Remembered {
            symbol: slot.symbol,
            meaning: slot.meaning,
            holds: slot.holds,
            is_by_parameter,
            range: range(length),
        })
        .collect()
}

/// Appends everything that is remembered, slot after slot, each over all blocks.
pub fn append(memories: &[Memory<f64>], row: &mut Vec<f64>) {
    let Some(first) = memories.first() else {
        return;
    };
    for slot in 0..first.slots() {
        for memory in memories {
            row.extend_from_slice(memory.slot(slot));
        }
    }
    for scalar in 0..first.scalars().len() {
        row.extend(memories.iter().map(|memory| memory.scalars()[scalar]));
    }
}
