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
    /// Slot after slot, then the scalar ones.
    numbers: Vec<R>,
    /// Where each slot ends that is not a scalar.
    ends: Vec<usize>,
}

impl<R: Real> Memory<R> {
    /// The memory before the first step, for parameters in blocks of these shapes.
    pub fn new(slots: &[Slot], scalar_slots: &[Slot], shapes: &[Shape]) -> Self {
        let mut memory = Self {
            numbers: Vec::new(),
            ends: Vec::new(),
        };
        for slot in slots {
            let initial = R::constant(slot.initial);
            let end = memory.numbers.len() + slot.extent.size(shapes);
            memory.numbers.resize(end, initial);
            memory.ends.push(end);
        }
        let scalars = scalar_slots.iter().map(|slot| R::constant(slot.initial));
        memory.numbers.extend(scalars);
        memory
    }

    /// All of it, for one step.
    #[inline(always)]
    pub fn lend(&mut self) -> MemoryView<'_, R> {
        let (slots, scalars) = self
            .numbers
            .split_at_mut(self.ends.last().copied().unwrap_or(0));
        MemoryView {
            slots,
            scalars,
            ends: &self.ends,
        }
    }

    /// How many slots with numbers for the parameters there are.
    pub fn slots(&self) -> usize {
        self.ends.len()
    }

    /// The numbers of one slot.
    pub fn slot(&self, index: usize) -> &[R] {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[begin..self.ends[index]]
    }

    /// Everything that is remembered, in the card's order.
    pub(super) fn all(&self) -> &[R] {
        &self.numbers
    }

    /// Everything that is remembered, to be set.
    pub(super) fn all_mut(&mut self) -> &mut [R] {
        &mut self.numbers
    }

    /// The scalar slots.
    pub fn scalars(&self) -> &[R] {
        &self.numbers[self.ends.last().copied().unwrap_or(0)..]
    }

    /// Every number with its place, in the card's order.
    pub fn numbers(&self) -> impl Iterator<Item = (Place, R)> {
        let slots = (0..self.ends.len()).flat_map(|slot| {
            let numbers = self.slot(slot).iter().enumerate();
            numbers.map(move |(entry, &number)| (Place::Slot { slot, entry }, number))
        });
        let scalars = self.scalars().iter().enumerate();
        slots.chain(scalars.map(|(index, &number)| (Place::Scalar(index), number)))
    }

    /// The same memory in numbers of another type.
    pub fn map<S>(&self, mut each: impl FnMut(Place, R) -> S) -> Memory<S> {
        let numbers = self.numbers();
        Memory {
            numbers: numbers.map(|(place, number)| each(place, number)).collect(),
            ends: self.ends.clone(),
        }
    }
}

/// What a rule remembers, lent to it for one step.
#[derive(Debug)]
pub struct MemoryView<'a, R> {
    /// Slot after slot.
    pub(super) slots: &'a mut [R],
    pub(super) scalars: &'a mut [R],
    /// Where each slot ends.
    pub(super) ends: &'a [usize],
}

impl<'a, R> MemoryView<'a, R> {
    /// The slots, each with one number for each of `parameters` parameters, and the scalar ones,
    /// to be taken apart by name.
    ///
    /// # Panics
    /// When the card lists other slots; every rule's first step in the tests would show it.
    #[inline(always)]
    pub fn take_apart<const S: usize, const C: usize>(
        self,
        parameters: usize,
    ) -> ([&'a mut [R]; S], &'a mut [R; C]) {
        // All at once, so that the compiler asks nothing more of their lengths.
        assert!(
            self.slots.len() == S * parameters,
            "a rule takes apart as many slots as its card lists"
        );
        let mut rest = self.slots;
        let slots = std::array::from_fn(|_| {
            let (slot, others) = std::mem::take(&mut rest).split_at_mut(parameters);
            rest = others;
            slot
        });
        (slots, scalars(self.scalars))
    }

    /// The same for slots that hold other numbers than one a parameter.
    ///
    /// # Panics
    /// When the card lists another number of slots; every rule's first step in the tests would
    /// show it.
    pub fn take_apart_uneven<const S: usize, const C: usize>(
        self,
    ) -> ([&'a mut [R]; S], &'a mut [R; C]) {
        let mut rest = self.slots;
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
        (slots, scalars(self.scalars))
    }
}

#[inline(always)]
fn scalars<R, const C: usize>(all: &mut [R]) -> &mut [R; C] {
    all.try_into()
        .expect("a rule takes apart as many scalar slots as its card lists")
}

impl MemoryView<'_, Lanes> {
    /// The memory of one lane.
    pub(super) fn lane(&self, lane: usize) -> Memory<f64> {
        let all = self.slots.iter().chain(&*self.scalars);
        Memory {
            numbers: all.map(|value| value.0[lane]).collect(),
            ends: self.ends.to_vec(),
        }
    }

    /// Takes over the memory of one lane.
    pub(super) fn set_lane(&mut self, lane: usize, memory: &Memory<f64>) {
        let all = self.slots.iter_mut().chain(&mut *self.scalars);
        for (mine, theirs) in all.zip(&memory.numbers) {
            mine.0[lane] = *theirs;
        }
    }
}
