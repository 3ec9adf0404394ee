//! The trials of a search: everywhere first, then around the best.

use super::judge::{Judge, Verdict};
use super::{NEIGHBOURS, Progress, REACH};
use crate::engine::Sweep;
use crate::experiment::{Axis, Spread};
use crate::numbers::{Noise, Sobol};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{self, AtomicBool};

/// Trials between two reports of progress, where they run packed.
const BATCH: usize = 4096;

/// The same where they go through the simulation.
const BATCH_ALONE: usize = 32;

/// The part of the budget that is spread evenly: one trial in four.
const EVENLY: usize = 4;

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
    pub present: Present,
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

/// A setting as shares of its axes, and what it reaches.
#[derive(Clone)]
struct Candidate {
    shares: Vec<f64>,
    verdict: Verdict,
}

/// What is known while a search goes on.
struct State<'w> {
    run: usize,
    /// Every trial made, the latest last.
    tried: Vec<Candidate>,
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
            tried: Vec::new(),
            best: None,
            is_cancelled: false,
            watch,
        };
        // The setting as it stands is a trial too, on the axes or not: tuning never makes it worse.
        let budget = self.budget.max(1) as usize;
        self.spend(vec![self.present.shares.clone()], &mut state);
        let evenly = (budget - 1).div_ceil(EVENLY);
        let sobol = Sobol::new(self.axes.len(), self.seed);
        let points = (0..evenly).map(|index| sobol.point(index as u32).collect());
        self.spend(points.collect(), &mut state);
        let left = budget - 1 - evenly;
        let all: usize = ROUNDS.iter().map(|(_, part)| part).sum();
        let mut before = 0;
        for (round, (places, part)) in ROUNDS.into_iter().enumerate() {
            let share = |parts: usize| left * parts / all;
            let count = share(before + part) - share(before);
            before += part;
            if count > 0 && !state.is_cancelled {
                self.spend(
                    self.around(&state.tried, round, (places, count)),
                    &mut state,
                );
            }
        }
        let best = state.best.map(|index| &state.tried[index]);
        Found {
            best: best
                .filter(|best| best.verdict.loss.is_finite())
                .map(|best| (self.values(&best.shares), best.verdict)),
            trials: state.tried.len() as u64,
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

    /// Makes trials, in batches, and keeps the best.
    fn spend(&self, points: Vec<Vec<f64>>, state: &mut State<'_>) {
        let batch = if self.sweep.is_packed() {
            BATCH
        } else {
            BATCH_ALONE
        };
        for points in points.chunks(batch) {
            if state.is_cancelled {
                return;
            }
            let verdicts = self.verdicts(points, state);
            let Some(verdicts) = verdicts else {
                state.is_cancelled = true;
                return;
            };
            for (shares, verdict) in points.iter().zip(verdicts) {
                let best = state.best.map(|index| state.tried[index].verdict);
                // Among equals the one tried first stays the best.
                if best.is_none_or(|best| self.order(verdict, best).is_lt()) {
                    state.best = Some(state.tried.len());
                }
                state.tried.push(Candidate {
                    shares: shares.clone(),
                    verdict,
                });
            }
            if self.report(state).is_break() {
                state.is_cancelled = true;
            }
        }
    }

    fn verdicts(&self, points: &[Vec<f64>], state: &State<'_>) -> Option<Vec<Verdict>> {
        if self.axes.is_empty() {
            let reached = self.sweep.run_alone(&[]);
            return Some(vec![self.judge.verdict(&reached)]);
        }
        let values: Vec<f64> = points.iter().flat_map(|point| self.values(point)).collect();
        let stop = AtomicBool::new(false);
        let goes_on = || {
            if self.report(state).is_break() {
                stop.store(true, atomic::Ordering::Relaxed);
            }
            !stop.load(atomic::Ordering::Relaxed)
        };
        let reached = self.sweep.run(&values, &goes_on)?;
        Some(reached.iter().map(|r| self.judge.verdict(r)).collect())
    }

    fn report(&self, state: &State<'_>) -> ControlFlow<()> {
        let best = state.best.map(|index| &state.tried[index]);
        let values = best.map(|best| self.values(&best.shares));
        (state.watch)(Progress {
            run: state.run,
            done: state.tried.len() as u64,
            budget: self.budget,
            best: best
                .zip(values.as_deref())
                .map(|(best, values)| (values, best.verdict)),
        })
    }

    /// The better one is less.
    pub fn order(&self, a: Verdict, b: Verdict) -> Ordering {
        let (a, b) = (self.judge.key(a), self.judge.key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    }

    /// `count` points in boxes around the best of the trials, at most `places` of them and no two
    /// from the same box.
    fn around(
        &self,
        tried: &[Candidate],
        round: usize,
        (places, count): (usize, usize),
    ) -> Vec<Vec<f64>> {
        let dimensions = self.axes.len().max(1) as f64;
        // About sixteen times the distance of neighbours among those spread evenly.
        let evenly = (self.budget / EVENLY as u64).max(1) as f64;
        let first = 16.0 * evenly.powf(-1.0 / dimensions);
        let size = first.min(0.5) * 0.5_f64.powi(round as i32);
        let mut order: Vec<usize> = (0..tried.len()).collect();
        order.sort_by(|&a, &b| self.order(tried[a].verdict, tried[b].verdict));
        let mut boxes = BTreeSet::new();
        let is_first_of_its_box = |&index: &usize| {
            let place = tried[index]
                .shares
                .iter()
                .map(|share| (share / size) as u32);
            boxes.insert(place.collect::<Vec<_>>())
        };
        let few = places.min(count.div_ceil(4));
        let centres: Vec<usize> = order
            .into_iter()
            .filter(is_first_of_its_box)
            .take(few)
            .collect();
        let noise = Noise::new(self.seed ^ (round as u64 + 1) << 40);
        let point = |index: usize| {
            let centre = &tried[centres[index % centres.len()]].shares;
            let shifted = centre.iter().enumerate().map(|(axis, share)| {
                let drawn = noise.uniform(index as u64, axis as u64);
                (share + size * (drawn - 0.5)).clamp(0.0, 1.0)
            });
            shifted.collect()
        };
        (0..count).map(point).collect()
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
        Spread::Logarithmic => value * libm::pow(1.25, way),
        Spread::Linear => value + way * REACH * (axis.high - axis.low),
    };
    let beside = if axis.whole { beside.round() } else { beside };
    // Within the axis, so that it stays in the quantity's domain.
    beside.clamp(axis.low.min(value), axis.high.max(value))
}
