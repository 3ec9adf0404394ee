//! What a rule remembers between steps.

use super::{Shape, Slot};
use crate::numbers::{Lanes, Real};

/// Where a number stands in its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a slot with numbers for the parameters.
    Slot {
        /// The slot's place on the card.
        slot: usize,
        /// Which of its numbers.
        entry: usize,
    },
    /// In a scalar slot.
    Scalar(usize),
}

/// The memory of one rule or wrapper, laid out by its card.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<R> {
    /// Slot after slot.
    slots: Vec<R>,
    /// Where each slot ends.
    ends: Vec<usize>,
    scalars: Vec<R>,
}

impl<R: Real> Memory<R> {
    /// The memory before the first step, for parameters in blocks of these shapes.
    pub fn new(slots: &[Slot], scalar_slots: &[Slot], shapes: &[Shape]) -> Self {
        let mut memory = Self {
            slots: Vec::new(),
            ends: Vec::new(),
            scalars: Vec::new(),
        };
        for slot in slots {
            let initial = R::constant(slot.initial);
            let end = memory.slots.len() + slot.extent.size(shapes);
            memory.slots.resize(end, initial);
            memory.ends.push(end);
        }
        let scalars = scalar_slots.iter().map(|slot| R::constant(slot.initial));
        memory.scalars = scalars.collect();
        memory
    }

    /// The slots with numbers for the parameters and the scalar ones, to be taken apart by name.
    ///
    /// # Panics
    /// When the card lists another number of slots; every rule's first step in the tests would
    /// show it.
    #[inline(always)]
    pub fn take_apart<const S: usize, const C: usize>(&mut self) -> ([&mut [R]; S], &mut [R; C]) {
        let mut rest = self.slots.as_mut_slice();
        let mut begin = 0;
        let slots = std::array::from_fn(|index| {
            let end = *self
                .ends
                .get(index)
                .expect("a rule takes apart as many slots as its card lists");
            let (slot, others) = std::mem::take(&mut rest).split_at_mut(end - begin);
            begin = end;
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

    /// How many slots with numbers for the parameters there are.
    pub fn slots(&self) -> usize {
        self.ends.len()
    }

    /// The numbers of one slot.
    pub fn slot(&self, index: usize) -> &[R] {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.slots[begin..self.ends[index]]
    }

    /// Everything that is remembered.
    pub(super) fn all(&self) -> impl Iterator<Item = &R> {
        self.slots.iter().chain(&self.scalars)
    }

    /// Everything that is remembered, to be set.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.slots.iter_mut().chain(&mut self.scalars)
    }

    /// The scalar slots.
    pub fn scalars(&self) -> &[R] {
        &self.scalars
    }

    /// Every number with its place, in the card's order.
    pub fn numbers(&self) -> impl Iterator<Item = (Place, R)> {
        let slots = (0..self.ends.len()).flat_map(|slot| {
            let numbers = self.slot(slot).iter().enumerate();
            numbers.map(move |(entry, &number)| (Place::Slot { slot, entry }, number))
        });
        let scalars = self.scalars.iter().enumerate();
        slots.chain(scalars.map(|(index, &number)| (Place::Scalar(index), number)))
    }

    /// The same memory in numbers of another type.
    pub fn map<S>(&self, mut each: impl FnMut(Place, R) -> S) -> Memory<S> {
        let mut numbers: Vec<S> = self
            .numbers()
            .map(|(place, number)| each(place, number))
            .collect();
        let scalars = numbers.split_off(self.slots.len());
        Memory {
            slots: numbers,
            ends: self.ends.clone(),
            scalars,
        }
    }
}

impl Memory<Lanes> {
    /// The memory of one lane.
    pub(super) fn lane(&self, lane: usize) -> Memory<f64> {
        let of = |values: &[Lanes]| values.iter().map(|value| value.0[lane]).collect();
        Memory {
            slots: of(&self.slots),
            ends: self.ends.clone(),
            scalars: of(&self.scalars),
        }
    }

    /// Takes over another memory of the same rule on as many parameters, in the room that it has.
    pub(crate) fn take_over(&mut self, other: &Self) {
        self.slots.copy_from_slice(&other.slots);
        self.scalars.copy_from_slice(&other.scalars);
    }

    /// Takes over the memory of one lane.
    pub(super) fn set_lane(&mut self, lane: usize, memory: &Memory<f64>) {
        for (mine, theirs) in self.slots.iter_mut().zip(&memory.slots) {
            mine.0[lane] = *theirs;
        }
        for (mine, theirs) in self.scalars.iter_mut().zip(&memory.scalars) {
            mine.0[lane] = *theirs;
        }
    }
}
