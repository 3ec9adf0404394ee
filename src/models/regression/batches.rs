//! Which rows an update sees.

use crate::numbers::Noise;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// How many epochs' orders are kept: those that the runs are in.
const KEPT: usize = 4;

/// The rows of a batch.
#[derive(Clone, Debug)]
pub enum Rows {
    /// These, in table order.
    InOrder(Range<usize>),
    /// A part of an epoch's order.
    Shuffled(Arc<[u32]>, Range<usize>),
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::InOrder(range) | Self::Shuffled(_, range) => range.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A part of them.
    pub fn part(&self, part: Range<usize>) -> Self {
        let within = |range: &Range<usize>| {
            range.start + part.start..(range.start + part.end).min(range.end)
        };
        match self {
            Self::InOrder(range) => Self::InOrder(within(range)),
            Self::Shuffled(order, range) => Self::Shuffled(Arc::clone(order), within(range)),
        }
    }

    /// Their numbers in the table, from 0.
    pub fn numbers(&self) -> Vec<usize> {
        match self {
            Self::InOrder(range) => range.clone().collect(),
            Self::Shuffled(order, range) => {
                order[range.clone()].iter().map(|&r| r as usize).collect()
            }
        }
    }
}

/// In which order an epoch goes through the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they stand in the table.
    Table,
    /// In an order of its own, drawn from the seed.
    Shuffled,
}

impl From<bool> for Order {
    /// Whether it is shuffled, as experiment files say it.
    fn from(is_shuffled: bool) -> Self {
        match is_shuffled {
            true => Self::Shuffled,
            false => Self::Table,
        }
    }
}

/// The way an epoch goes through the rows: a function of the update's number alone, so that
/// every run sees the same batch at the same update.
#[derive(Debug)]
pub struct Batches {
    rows: usize,
    size: usize,
    order: Order,
    drops_last: bool,
    draws: Noise,
    /// The orders of the epochs that were asked for last, the newest first.
    orders: Mutex<VecDeque<(u64, Arc<[u32]>)>>,
}

impl Batches {
    /// Batches of `size` of the `rows` rows; a last short one is dropped or not.
    pub fn new(
        rows: usize,
        size: usize,
        order: impl Into<Order>,
        drops_last: bool,
        seed: u64,
    ) -> Self {
        Self {
            rows,
            size: size.clamp(1, rows.max(1)),
            order: order.into(),
            drops_last,
            draws: Noise::new(seed),
            orders: Mutex::default(),
        }
    }

    /// The same with orders drawn from another seed.
    pub fn reseeded(&self, seed: u64) -> Self {
        Self::new(self.rows, self.size, self.order, self.drops_last, seed)
    }

    /// How many rows a full batch has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether every update sees all rows.
    pub fn are_full(&self) -> bool {
        self.size == self.rows
    }

    /// How many updates go once through the data.
    pub fn updates_per_epoch(&self) -> u64 {
        let count = match self.drops_last {
            true => self.rows / self.size,
            false => self.rows.div_ceil(self.size),
        };
        count.max(1) as u64
    }

    /// The rows of the update with this number, from 1.
    pub fn of_update(&self, update: u64) -> Rows {
        if self.are_full() {
            return Rows::InOrder(0..self.rows);
        }
        let before = update.max(1) - 1;
        let epoch = before / self.updates_per_epoch();
        let begin = (before % self.updates_per_epoch()) as usize * self.size;
        let range = begin..(begin + self.size).min(self.rows);
        match self.order {
            Order::Table => Rows::InOrder(range),
            Order::Shuffled => Rows::Shuffled(self.order_of(epoch), range),
        }
    }

    /// The order of an epoch, by Fisher and Yates' method (Knuth, TAOCP 2, algorithm 3.4.2P).
    fn order_of(&self, epoch: u64) -> Arc<[u32]> {
        let lock = || self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, order)) = lock().iter().find(|(known, _)| *known == epoch) {
            return Arc::clone(order);
        }
        let mut order: Vec<u32> = (0..self.rows as u32).collect();
        for last in (1..order.len()).rev() {
            let other = self.draws.below(epoch, last as u64, last as u64 + 1);
            order.swap(last, other as usize);
        }
        let order: Arc<[u32]> = order.into();
        let mut orders = lock();
        orders.push_front((epoch, Arc::clone(&order)));
        orders.truncate(KEPT);
        order
    }
}

impl Clone for Batches {
    fn clone(&self) -> Self {
        Self {
            orders: Mutex::default(),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn epoch(batches: &Batches, epoch: u64) -> Vec<Vec<usize>> {
        let count = batches.updates_per_epoch();
        let updates = epoch * count + 1..=(epoch + 1) * count;
        updates.map(|u| batches.of_update(u).numbers()).collect()
    }

    #[test]
    fn table_order_with_and_without_the_last_short_batch() {
        let kept = Batches::new(5, 2, Order::Table, false, 0);
        assert_eq!(epoch(&kept, 0), [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(epoch(&kept, 7), epoch(&kept, 0));
        let dropped = Batches::new(5, 2, Order::Table, true, 0);
        assert_eq!(epoch(&dropped, 3), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn every_order_of_three_rows_is_about_as_frequent() {
        let batches = Batches::new(3, 1, Order::Shuffled, false, 5);
        let mut counts = std::collections::BTreeMap::new();
        for number in 0..6000 {
            let order: Vec<usize> = epoch(&batches, number).concat();
            *counts.entry(order).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|&count| (880..1120).contains(&count)),
            "{counts:?}"
        );
    }

    proptest! {
        #[test]
        fn an_epoch_visits_every_row_once(rows in 1..400_usize, size in 1..400_usize, seed: u64, number in 0..9_u64) {
            let batches = Batches::new(rows, size.min(rows), Order::Shuffled, false, seed);
            let visited = epoch(&batches, number);
            prop_assert!(visited.iter().rev().skip(1).all(|batch| batch.len() == size.min(rows)));
            let mut all = visited.concat();
            let again = epoch(&batches.clone(), number).concat();
            prop_assert_eq!(&all, &again);
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }
    }
}
