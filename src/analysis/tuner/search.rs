//! The trials of a search: everywhere first, then around the best.

use super::journal::{Journal, Trial};
use super::judge::{Judge, Verdict};
use super::{NEIGHBOURS, Progress, REACH};
use crate::engine::{Reached, Sweep, one_a_core};
use crate::experiment::{Axis, Spread};
use crate::numbers::{Noise, Sobol};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{self, AtomicBool, AtomicU64};

/// Trials between two reports of progress, where they run packed.
const BATCH: usize = 4096;

/// The same where they go through the simulation.
const BATCH_ALONE: usize = 32;

/// The part of the budget that is spread evenly: one trial in four.
const EVENLY: usize = 4;

/// How many trials are put into order at a time, for each place that is wanted.
const SORTED: usize = 32;

/// The rounds behind it: around how many places each looks, and its part of what is left. Each
/// looks half as far as the one before. There are many places, because the best settings may lie
/// in a corner that was met only once.
const ROUNDS: [(usize, usize); 7] = [
    (128, 8),
    (256, 6),
    (256, 4),
    (128, 2),
    (64, 2),
    (32, 1),
    (16, 1),
];

pub(super) struct Search<'a> {
    pub sweep: &'a Sweep,
    pub judge: &'a Judge,
    pub axes: &'a [Axis],
    pub seed: u64,
    pub budget: u64,
    /// How many a trial has.
    pub epochs: u64,
    pub present: Present,
    pub journal: &'a dyn Journal,
    /// How many trainings did not even begin.
    pub unbegun: AtomicU64,
}

/// The setting as it stands.
pub(super) struct Present {
    /// As shares of the axes, the nearest where it lies outside.
    pub shares: Vec<f64>,
    /// As it is.
    values: Vec<f64>,
}

impl Present {
    pub fn of(sweep: &Sweep, axes: &[Axis]) -> Self {
        let experiment = sweep.experiment(&[]);
        let value = |axis: &Axis| axis.quantity.value(&experiment, 0).unwrap_or(axis.low);
        let values: Vec<f64> = axes.iter().map(value).collect();
        let pairs = axes.iter().zip(&values);
        Self {
            shares: pairs.map(|(axis, &value)| axis.nearest(value)).collect(),
            values,
        }
    }
}

/// What a search has found.
pub(super) struct Found {
    pub best: Option<(Vec<f64>, Verdict)>,
    pub trials: u64,
    pub is_cancelled: bool,
}

/// Settings as shares of their axes, one after another in one list: there are many.
struct Points {
    axes: usize,
    shares: Vec<f64>,
}

impl Points {
    fn new(axes: usize) -> Self {
        Self {
            axes,
            shares: Vec::new(),
        }
    }

    fn push(&mut self, point: impl IntoIterator<Item = f64>) {
        self.shares.extend(point);
    }

    fn get(&self, index: usize) -> &[f64] {
        &self.shares[index * self.axes..(index + 1) * self.axes]
    }
}

/// What is known while a search goes on.
struct State<'w> {
    run: usize,
    /// Every trial made, the latest last, and what each reaches.
    tried: Points,
    verdicts: Vec<Verdict>,
    /// Which of them is the best.
    best: Option<usize>,
    is_cancelled: bool,
    watch: &'w (dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
}

impl Search<'_> {
    pub fn run(
        &self,
        run: usize,
        watch: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Found {
        let mut state = State {
            run,
            tried: Points::new(self.axes.len()),
            verdicts: Vec::new(),
            best: None,
            is_cancelled: false,
            watch,
        };
        // The setting as it stands is a trial too, on the axes or not: tuning never makes it worse.
        let budget = self.budget.max(1) as usize;
        let mut present = Points::new(self.axes.len());
        present.push(self.present.shares.iter().copied());
        self.spend(&present, 1, &mut state);
        let evenly = (budget - 1).div_ceil(EVENLY);
        let sobol = Sobol::new(self.axes.len(), self.seed);
        let mut points = Points::new(self.axes.len());
        for index in 0..evenly {
            points.push(sobol.point(index as u32));
        }
        self.spend(&points, evenly, &mut state);
        let left = budget - 1 - evenly;
        let all: usize = ROUNDS.iter().map(|(_, part)| part).sum();
        let mut before = 0;
        for (round, (places, part)) in ROUNDS.into_iter().enumerate() {
            let share = |parts: usize| left * parts / all;
            let count = share(before + part) - share(before);
            before += part;
            if count > 0 && !state.is_cancelled {
                let points = self.around(&state, round, (places, count));
                self.spend(&points, count, &mut state);
            }
        }
        let best = state.best.map(|index| (index, state.verdicts[index]));
        Found {
            best: best
                .filter(|(_, verdict)| verdict.loss.is_finite())
                .map(|(index, verdict)| (self.values(state.tried.get(index)), verdict)),
            trials: state.verdicts.len() as u64,
            is_cancelled: state.is_cancelled,
        }
    }

    /// The values at these shares of the axes.
    pub fn values(&self, shares: &[f64]) -> Vec<f64> {
        if shares == self.present.shares {
            return self.present.values.clone();
        }
        let pairs = self.axes.iter().zip(shares);
        pairs.map(|(axis, &share)| axis.sampled(share)).collect()
    }

    /// Makes `count` trials, in batches, and keeps the best.
    fn spend(&self, points: &Points, count: usize, state: &mut State<'_>) {
        let batch = if self.sweep.is_packed() {
            BATCH
        } else {
            BATCH_ALONE
        };
        for first in (0..count).step_by(batch) {
            if state.is_cancelled {
                return;
            }
            let some = first..count.min(first + batch);
            let Some(verdicts) = self.verdicts(points, some.clone(), state) else {
                state.is_cancelled = true;
                return;
            };
            for (index, verdict) in some.zip(verdicts) {
                let best = state.best.map(|index| state.verdicts[index]);
                // Among equals the one tried first stays the best.
                if best.is_none_or(|best| self.order(verdict, best).is_lt()) {
                    state.best = Some(state.verdicts.len());
                }
                state.tried.push(points.get(index).iter().copied());
                state.verdicts.push(verdict);
            }
            if self.report(state).is_break() {
                state.is_cancelled = true;
            }
        }
    }

    fn verdicts(
        &self,
        points: &Points,
        some: Range<usize>,
        state: &State<'_>,
    ) -> Option<Vec<Verdict>> {
        let stop = AtomicBool::new(false);
        let goes_on = || {
            if self.report(state).is_break() {
                stop.store(true, atomic::Ordering::Relaxed);
            }
            !stop.load(atomic::Ordering::Relaxed)
        };
        if self.axes.is_empty() {
            let reached = self.sweep.run_while(&[], &goes_on)?;
            return Some(vec![self.judge.verdict(&reached)]);
        }
        if self.sweep.is_trained() {
            let train =
                |index: usize| self.train(points.get(some.start + index), state.run, &goes_on);
            return one_a_core(some.len(), &train);
        }
        let values: Vec<f64> = some
            .flat_map(|index| self.values(points.get(index)))
            .collect();
        let reached = self.sweep.run(&values, &goes_on)?;
        Some(reached.iter().map(|r| self.judge.verdict(r)).collect())
    }

    /// What the training at these shares comes to, or has come to before; none when it was broken
    /// off.
    fn train(
        &self,
        shares: &[f64],
        run: usize,
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Verdict> {
        let values = self.values(shares);
        let trial = Trial {
            run,
            values: &values,
            epochs: self.epochs,
        };
        self.known_or(trial, || self.sweep.run_while(&values, goes_on))
    }

    /// What a training has come to before, or what `train` gives, which is noted unless it did not
    /// even begin: that may be another matter the next time.
    pub fn known_or(
        &self,
        trial: Trial<'_>,
        train: impl FnOnce() -> Option<Reached>,
    ) -> Option<Verdict> {
        if let Some(verdict) = self.journal.find(trial) {
            return Some(verdict);
        }
        let reached = train()?;
        let verdict = self.judge.verdict(&reached);
        if reached.is_begun() {
            self.journal.note(trial, verdict);
        } else {
            self.unbegun.fetch_add(1, atomic::Ordering::Relaxed);
        }
        Some(verdict)
    }

    fn report(&self, state: &State<'_>) -> ControlFlow<()> {
        let values = state.best.map(|index| self.values(state.tried.get(index)));
        let verdict = state.best.map(|index| state.verdicts[index]);
        (state.watch)(Progress {
            run: state.run,
            done: state.verdicts.len() as u64,
            budget: self.budget,
            best: values.as_deref().zip(verdict),
        })
    }

    /// The better one is less.
    pub fn order(&self, a: Verdict, b: Verdict) -> Ordering {
        let (a, b) = (self.judge.key(a), self.judge.key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    }

    /// `count` points in boxes around the best of the trials, at most `places` of them and no two
    /// from the same box.
    fn around(&self, state: &State<'_>, round: usize, (places, count): (usize, usize)) -> Points {
        let dimensions = self.axes.len().max(1) as f64;
        // About sixteen times the distance of neighbours among those spread evenly.
        let evenly = (self.budget / EVENLY as u64).max(1) as f64;
        let first = 16.0 * evenly.powf(-1.0 / dimensions);
        let size = first.min(0.5) * 0.5_f64.powi(round as i32);
        let centres = self.centres(state, size, places.min(count.div_ceil(4)));
        let noise = Noise::new(self.seed ^ (round as u64 + 1) << 40);
        let mut points = Points::new(self.axes.len());
        for index in 0..count {
            let centre = state.tried.get(centres[index % centres.len()]);
            points.push(centre.iter().enumerate().map(|(axis, share)| {
                let drawn = noise.uniform(index as u64, axis as u64);
                (share + size * (drawn - 0.5)).clamp(0.0, 1.0)
            }));
        }
        points
    }

    /// The best trials, at most `few`, no two from the same box of this size.
    fn centres(&self, state: &State<'_>, size: f64, few: usize) -> Vec<usize> {
        // Among equals the one tried first is the better.
        let order = |&a: &usize, &b: &usize| {
            self.order(state.verdicts[a], state.verdicts[b])
                .then(a.cmp(&b))
        };
        let mut ordered: Vec<usize> = (0..state.verdicts.len()).collect();
        let mut boxes = BTreeSet::new();
        let mut centres = Vec::new();
        let mut sorted = 0;
        // Only as many are put into order as are looked at: sorting all takes longer than the
        // trials.
        while centres.len() < few && sorted < ordered.len() {
            let rest = &mut ordered[sorted..];
            let some = rest.len().min(SORTED * few);
            if some < rest.len() {
                rest.select_nth_unstable_by(some, order);
            }
            rest[..some].sort_unstable_by(order);
            for &index in &rest[..some] {
                let place = state.tried.get(index).iter();
                let place: Vec<u32> = place.map(|share| (share / size) as u32).collect();
                if centres.len() < few && boxes.insert(place) {
                    centres.push(index);
                }
            }
            sorted += some;
        }
        centres
    }

    /// The share of the neighbourhood of a setting that succeeds too.
    pub fn robustness(&self, values: &[f64], best: Verdict) -> Option<f64> {
        let sobol = Sobol::new(self.axes.len(), self.seed);
        let neighbour = |index: usize| {
            let draws: Vec<f64> = sobol.point(index as u32).collect();
            let axes = self.axes.iter().zip(values).zip(draws);
            axes.map(|((axis, &value), draw)| beside(axis, value, 2.0 * draw - 1.0))
                .collect::<Vec<_>>()
        };
        let all: Vec<f64> = (0..NEIGHBOURS).flat_map(neighbour).collect();
        let reached = self.sweep.run(&all, &|| true)?;
        let succeeds = |r| self.judge.succeeds_too(self.judge.verdict(r), best);
        let succeeding = reached.iter().filter(|r| succeeds(r)).count();
        Some(succeeding as f64 / NEIGHBOURS as f64)
    }
}

/// A value beside another, `way` from −1 to 1 through its neighbourhood.
fn beside(axis: &Axis, value: f64, way: f64) -> f64 {
    let beside = match axis.spread {
        // Nothing is a quarter more than 0: half of them stay there, the others have the least
        // values of the range.
        Spread::Logarithmic if value == 0.0 && way <= 0.0 => 0.0,
        Spread::Logarithmic if value == 0.0 => axis.low * libm::pow(1.25, way),
        Spread::Logarithmic => value * libm::pow(1.25, way),
        Spread::Linear => value + way * REACH * (axis.high - axis.low),
    };
    let beside = if axis.whole { beside.round() } else { beside };
    // Within the axis, so that it stays in the quantity's domain.
    beside.clamp(axis.low.min(value), axis.high.max(value))
}
