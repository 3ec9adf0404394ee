//! What a rule remembers between steps.

use super::OptimizerCard;
use crate::numbers::Real;

/// The memory of one rule for one block of parameters, laid out by its card.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<R> {
    /// Slot after slot, each with one number a parameter.
    slots: Vec<R>,
    scalars: Vec<R>,
    parameters: usize,
}

impl<R: Real> Memory<R> {
    /// The memory before the first step, for a block of `parameters` parameters.
    pub fn new(card: &OptimizerCard, parameters: usize) -> Self {
        let slots = card
            .slots
            .iter()
            .flat_map(|slot| std::iter::repeat_n(R::constant(slot.initial), parameters))
            .collect();
        let scalars = card
            .scalar_slots
            .iter()
            .map(|slot| R::constant(slot.initial))
            .collect();
        Self {
            slots,
            scalars,
            parameters,
        }
    }

    /// The slots with one number a parameter and the scalar ones, to be taken apart by name.
    ///
    /// # Panics
    /// When the card lists another number of slots; every rule's first step in the tests would
    /// show it.
    pub fn take_apart<const S: usize, const C: usize>(&mut self) -> ([&mut [R]; S], &mut [R; C]) {
        let mut rest = self.slots.as_mut_slice();
        let slots = std::array::from_fn(|_| {
            let (slot, others) = std::mem::take(&mut rest)
                .split_at_mut_checked(self.parameters)
                .expect("a rule takes apart as many slots as its card lists");
            rest = others;
            slot
        });
        let scalars = self
            .scalars
            .as_mut_slice()
            .try_into()
            .expect("a rule takes apart as many scalar slots as its card lists");
        (slots, scalars)
    }

    /// The numbers of one per-parameter slot.
    pub fn slot(&self, index: usize) -> &[R] {
        &self.slots[index * self.parameters..(index + 1) * self.parameters]
    }

    /// The scalar slots.
    pub fn scalars(&self) -> &[R] {
        &self.scalars
    }
}
