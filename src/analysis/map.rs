//! Maps: what becomes of a run over two of its quantities.

use super::edge;
use crate::engine::{Reached, Sweep};
use crate::experiment::{Axis, Experiment, NoSuchQuantity};
use crate::landscapes::Chosen;
use std::sync::Arc;

/// What the colour of a map means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MapValue {
    /// Loss at the end.
    #[default]
    FinalLoss,
    /// The lowest loss.
    BestLoss,
    /// Epochs until the loss first is no higher than the target.
    EpochsToTarget,
    /// Distance from where the run ends to the nearest minimum.
    Distance,
    /// Which minimum it ends at.
    Minimum,
    /// When it diverged, if it did.
    Diverged,
}

impl MapValue {
    /// All, in menu order.
    pub const ALL: [Self; 6] = [
        Self::FinalLoss,
        Self::BestLoss,
        Self::EpochsToTarget,
        Self::Distance,
        Self::Minimum,
        Self::Diverged,
    ];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::FinalLoss => "Final loss",
            Self::BestLoss => "Best loss",
            Self::EpochsToTarget => "Epochs to target",
            Self::Distance => "Distance to a minimum",
            Self::Minimum => "Minimum reached",
            Self::Diverged => "Diverged or not",
        }
    }

    /// Whether it says nothing where no minima are known.
    pub fn needs_minima(self) -> bool {
        matches!(self, Self::Distance | Self::Minimum)
    }

    /// Whether its numbers spread over decades.
    pub fn is_logarithmic(self) -> bool {
        matches!(self, Self::FinalLoss | Self::BestLoss | Self::Distance)
    }
}

/// One cell of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// Not computed yet.
    Unknown,
    /// A number.
    Number(f64),
    /// The run ends at the minimum with this index on the card.
    Minimum(usize),
    /// It ends at no minimum.
    NoMinimum,
    /// It stayed finite.
    Finite,
    /// The target was not reached.
    NotReached,
    /// The run diverged at this step.
    Diverged(u64),
}

/// How near a run must end to a minimum to have reached it, as a share of the range's diagonal.
pub const NEAR: f64 = 0.02;

/// Every so many cells in the first look at a map.
const FIRST_STRIDE: usize = 8;

/// What a map shows.
#[derive(Clone, Debug, PartialEq)]
pub struct MapQuestion {
    /// The experiment; all maps beside one another have the same.
    pub experiment: Arc<Experiment>,
    /// Which run.
    pub run: usize,
    /// Left to right.
    pub x: Axis,
    /// Bottom to top.
    pub y: Axis,
    /// The loss that is to be reached; NaN for none.
    pub target: f64,
    /// Cells along x and along y.
    pub cells: [usize; 2],
}

/// A map, coarse first and finer with every look.
#[derive(Clone, Debug)]
pub struct Map {
    sweep: Sweep,
    landscape: Option<Chosen>,
    question: MapQuestion,
    edge: Vec<[f64; 2]>,
    stride: usize,
    reached: Vec<Option<Reached>>,
}

impl Map {
    /// A map without any cell yet.
    ///
    /// # Errors
    /// When the run has no such quantities.
    pub fn new(question: MapQuestion) -> Result<Self, NoSuchQuantity> {
        let quantities = [question.x.quantity.clone(), question.y.quantity.clone()];
        let sweep = Sweep::new(
            &question.experiment,
            question.run,
            &quantities,
            question.target,
        )?;
        let cells = question.cells[0] * question.cells[1];
        Ok(Self {
            sweep,
            landscape: question.experiment.objective.landscape(),
            edge: edge::find(&question),
            question,
            stride: 2 * FIRST_STRIDE,
            reached: vec![None; cells],
        })
    }

    /// What it shows.
    pub fn question(&self) -> &MapQuestion {
        &self.question
    }

    /// Where theory puts the edge of stability, in values along the axes; empty where it says
    /// nothing.
    pub fn edge(&self) -> &[[f64; 2]] {
        &self.edge
    }

    /// Whether every cell is known.
    pub fn is_complete(&self) -> bool {
        self.stride == 1
    }

    /// Cells between two that are known, along either axis.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Computes the cells half as far apart as before; false when `goes_on` has said no.
    pub fn refine(&mut self, goes_on: &(dyn Fn() -> bool + Sync)) -> bool {
        let stride = (self.stride / 2).max(1);
        let wanted: Vec<usize> = (0..self.reached.len())
            .filter(|&index| self.reached[index].is_none())
            .filter(|&index| {
                let [i, j] = self.place(index);
                i.is_multiple_of(stride) && j.is_multiple_of(stride)
            })
            .collect();
        let mut values = Vec::with_capacity(2 * wanted.len());
        for &index in &wanted {
            values.extend(self.values(self.place(index)));
        }
        let Some(reached) = self.sweep.run(&values, goes_on) else {
            return false;
        };
        for (index, reached) in wanted.into_iter().zip(reached) {
            self.reached[index] = Some(reached);
        }
        self.stride = stride;
        true
    }

    fn place(&self, index: usize) -> [usize; 2] {
        let columns = self.question.cells[0];
        [index % columns, index / columns]
    }

    /// The values of both quantities in the middle of a cell, counted from the left and from the
    /// bottom.
    pub fn values(&self, [i, j]: [usize; 2]) -> [f64; 2] {
        let MapQuestion { x, y, cells, .. } = &self.question;
        let share = |index: usize, count: usize| (index as f64 + 0.5) / count as f64;
        [x.at(share(i, cells[0])), y.at(share(j, cells[1]))]
    }

    /// What a cell's run has come to; that of the nearest known cell to the lower left where the
    /// cell's own is not known yet.
    pub fn reached(&self, [i, j]: [usize; 2]) -> Option<&Reached> {
        let down = |index: usize| index - index % self.stride;
        let columns = self.question.cells[0];
        let own = self.reached.get(j * columns + i)?;
        own.as_ref()
            .or_else(|| self.reached.get(down(j) * columns + down(i))?.as_ref())
    }

    /// The experiment of a cell, with its run alone in it.
    pub fn experiment(&self, cell: [usize; 2]) -> Experiment {
        self.sweep.experiment(&self.values(cell))
    }

    /// What a cell shows.
    pub fn cell(&self, at: [usize; 2], value: MapValue) -> Cell {
        self.reached(at)
            .map_or(Cell::Unknown, |reached| self.judge(reached, value))
    }

    fn epochs(&self, updates: u64) -> Cell {
        Cell::Number(updates as f64 / self.sweep.updates_per_epoch() as f64)
    }

    fn judge(&self, reached: &Reached, value: MapValue) -> Cell {
        if let (Some(step), true) = (reached.diverged, value != MapValue::BestLoss) {
            let touched = reached
                .touched
                .filter(|_| value == MapValue::EpochsToTarget && reached.left.is_none());
            return touched.map_or(Cell::Diverged(step), |updates| self.epochs(updates));
        }
        let card = self.landscape.as_ref().map(|landscape| landscape.card());
        match value {
            MapValue::FinalLoss => Cell::Number(reached.loss),
            MapValue::BestLoss => match (reached.best, reached.diverged) {
                (Some(best), _) => Cell::Number(best.loss),
                (None, Some(step)) => Cell::Diverged(step),
                (None, None) => Cell::NotReached,
            },
            // A run that leaves the range never succeeds.
            MapValue::EpochsToTarget => match reached.touched.filter(|_| reached.left.is_none()) {
                Some(updates) => self.epochs(updates),
                None => Cell::NotReached,
            },
            MapValue::Distance => {
                let distance = card.and_then(|card| card.distance_to_minimum(reached.at));
                distance.map_or(Cell::NotReached, Cell::Number)
            }
            MapValue::Minimum => card.map_or(Cell::NoMinimum, |card| {
                let [(a, b), (c, d)] = card.range;
                let near = NEAR * (b - a).hypot(d - c);
                let distance = |at: [f64; 2]| (at[0] - reached.at[0]).hypot(at[1] - reached.at[1]);
                let nearest = (0..card.minima.len()).min_by(|&i, &j| {
                    distance(card.minima[i].at).total_cmp(&distance(card.minima[j].at))
                });
                match nearest.filter(|&index| distance(card.minima[index].at) <= near) {
                    Some(index) => Cell::Minimum(index),
                    None => Cell::NoMinimum,
                }
            }),
            MapValue::Diverged => Cell::Finite,
        }
    }

    /// The least and the greatest finite number among the cells whose runs stayed in the range;
    /// among all where none did. A run that explodes without overflowing would else stretch the
    /// colours until nothing is told apart but that.
    pub fn bounds(&self, value: MapValue) -> Option<(f64, f64)> {
        let all = || self.reached.iter().flatten();
        let stayed = all().filter(|reached| reached.left.is_none());
        self.bounds_of(stayed, value)
            .or_else(|| self.bounds_of(all(), value))
    }

    fn bounds_of<'a>(
        &self,
        cells: impl Iterator<Item = &'a Reached>,
        value: MapValue,
    ) -> Option<(f64, f64)> {
        let numbers = cells.filter_map(|reached| match self.judge(reached, value) {
            Cell::Number(number) if number.is_finite() => Some(number),
            _ => None,
        });
        numbers.fold(None, |bounds, number| {
            let (low, high) = bounds.unwrap_or((number, number));
            Some((low.min(number), high.max(number)))
        })
    }
}
