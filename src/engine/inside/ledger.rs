//! The record of a replay.

use super::slots::{self, Remembered};
use crate::engine::MAX_FRAMES;
use crate::numbers::{cosine, norm};
use crate::optimizers::Memory;

/// What happened inside a rule at each kept update, in bounded memory.
///
/// Updates are kept one by one until there are too many; then every 2nd, 4th, … and always the
/// last.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    dimension: usize,
    slots: Vec<Remembered>,
    /// Numbers a row.
    width: usize,
    most_rows: usize,
    stride: u64,
    steps: Vec<u64>,
    evaluations: Vec<u64>,
    learning_rates: Vec<f64>,
    /// Row after row: before, after, gradient, seen gradient, memory.
    numbers: Vec<f64>,
}

/// One update of a ledger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// How many evaluations of the objective led to its end.
    pub evaluations: u64,
    /// The rate of this update.
    pub learning_rate: f64,
    /// The parameters before it, as the rule works on them.
    pub before: &'a [f64],
    /// The parameters after it.
    pub after: &'a [f64],
    /// ∇J before it, exact.
    pub gradient: &'a [f64],
    /// The gradient as the update saw it, with the noise of this update.
    pub seen: &'a [f64],
    /// What the rule remembers after it.
    memory: &'a [f64],
}

impl Ledger {
    /// An empty ledger that holds no more than about `most` numbers.
    pub(super) fn new(dimension: usize, slots: Vec<Remembered>, most: usize) -> Self {
        let memory = slots.last().map_or(0, |slot| slot.range.end);
        let width = 4 * dimension + memory;
        Self {
            dimension,
            slots,
            width,
            most_rows: (most / width.max(1)).clamp(2, MAX_FRAMES),
            stride: 1,
            steps: Vec::new(),
            evaluations: Vec::new(),
            learning_rates: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Appends an update (number, evaluations, rate); numbers must rise.
    pub(super) fn push(
        &mut self,
        (number, evaluations, learning_rate): (u64, u64, f64),
        vectors: [&[f64]; 4],
        memories: &[Memory<f64>],
    ) {
        if self
            .steps
            .last()
            .is_some_and(|last| last % self.stride != 0)
        {
            self.truncate(self.steps.len() - 1);
        }
        self.steps.push(number);
        self.evaluations.push(evaluations);
        self.learning_rates.push(learning_rate);
        for vector in vectors {
            self.numbers.extend_from_slice(vector);
        }
        slots::append(memories, &mut self.numbers);
        if self.steps.len() > self.most_rows {
            self.thin();
        }
    }

    fn truncate(&mut self, length: usize) {
        self.steps.truncate(length);
        self.evaluations.truncate(length);
        self.learning_rates.truncate(length);
        self.numbers.truncate(length * self.width);
    }

    /// Doubles the stride and drops the rows that no longer fall on it.
    fn thin(&mut self) {
        self.stride *= 2;
        let mut kept = 0;
        for index in 0..self.steps.len() {
            let is_last = index + 1 == self.steps.len();
            if self.steps[index].is_multiple_of(self.stride) || is_last {
                self.steps[kept] = self.steps[index];
                self.evaluations[kept] = self.evaluations[index];
                self.learning_rates[kept] = self.learning_rates[index];
                let row = index * self.width..(index + 1) * self.width;
                self.numbers.copy_within(row, kept * self.width);
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    /// How many parameters there are.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The memory slots, vectors first; those that hold nothing here are left out.
    pub fn slots(&self) -> &[Remembered] {
        &self.slots
    }

    /// How many updates are kept.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there was no update.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The numbers of the kept updates, rising.
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// The update with this index among the kept ones.
    pub fn update(&self, index: usize) -> Option<Update<'_>> {
        let number = *self.steps.get(index)?;
        let row = &self.numbers[index * self.width..(index + 1) * self.width];
        let part = |place: usize| &row[place * self.dimension..(place + 1) * self.dimension];
        Some(Update {
            number,
            evaluations: self.evaluations[index],
            learning_rate: self.learning_rates[index],
            before: part(0),
            after: part(1),
            gradient: part(2),
            seen: part(3),
            memory: &row[4 * self.dimension..],
        })
    }

    /// All kept updates.
    pub fn updates(&self) -> impl Iterator<Item = Update<'_>> {
        (0..self.len()).filter_map(|index| self.update(index))
    }

    /// The last kept update that is not after `step`; none before the first.
    pub fn update_at(&self, step: u64) -> Option<Update<'_>> {
        let after = self.steps.partition_point(|&kept| kept <= step);
        self.update(after.checked_sub(1)?)
    }
}

impl<'a> Update<'a> {
    /// Δθ, one number a parameter.
    pub fn step(&self) -> impl Iterator<Item = f64> + Clone + 'a {
        let both = self.after.iter().zip(self.before);
        both.map(|(after, before)| after - before)
    }

    /// ‖Δθ‖₂.
    pub fn norm(&self) -> f64 {
        norm(self.step())
    }

    /// |Δθᵢ|/|gᵢ| of every parameter, g as the update saw it: the rate that plain gradient
    /// descent would have needed for the same move. NaN where gᵢ is 0.
    pub fn effective_steps(&self) -> impl Iterator<Item = f64> + 'a {
        let pairs = self.step().zip(self.seen);
        pairs.map(
            |(step, &g)| {
                if g == 0.0 { f64::NAN } else { (step / g).abs() }
            },
        )
    }

    /// ‖Δθ‖/‖g‖, g as the update saw it; NaN where g is 0.
    pub fn effective_step(&self) -> f64 {
        let g = norm(self.seen.iter().copied());
        if g == 0.0 { f64::NAN } else { self.norm() / g }
    }

    /// Cosine of the angle between −∇J (exact) and Δθ: 1 straight downhill, 0 along the
    /// contour, −1 straight uphill. NaN where one of them is 0.
    pub fn cosine(&self) -> f64 {
        let found = cosine(self.step(), self.gradient.iter().copied());
        found.map_or(f64::NAN, |cosine| -cosine)
    }

    /// The numbers of one of the ledger's slots after this update.
    pub fn slot(&self, slot: &Remembered) -> &'a [f64] {
        &self.memory[slot.range.clone()]
    }
}
