//! The trials of a search: everywhere first, then around the best.

use super::judge::{Judge, Verdict};
use super::{NEIGHBOURS, Progress, REACH};
use crate::engine::Sweep;
use crate::experiment::{Axis, Spread};
use crate::numbers::{Noise, Sobol};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Trials between two reports of progress, where they run packed.
const BATCH: usize = 4096;

/// The same where they go through the simulation.
const BATCH_ALONE: usize = 32;

/// Rounds around the best.
const ROUNDS: u32 = 8;

/// Settings that a round looks around.
const KEPT: usize = 24;

pub(super) struct Search<'a> {
    pub sweep: &'a Sweep,
    pub judge: &'a Judge,
    pub axes: &'a [Axis],
    pub seed: u64,
    pub budget: u64,
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
    /// The best first, never more than [`KEPT`].
    kept: Vec<Candidate>,
    trials: u64,
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
            kept: Vec::new(),
            trials: 0,
            is_cancelled: false,
            watch,
        };
        // The setting as it stands is a trial too: tuning never makes it worse.
        let budget = self.budget.max(1) as usize;
        self.spend(vec![self.present()], &mut state);
        let evenly = (budget - 1).div_ceil(2);
        let sobol = Sobol::new(self.axes.len(), self.seed);
        let points = (0..evenly).map(|index| sobol.point(index as u32).collect());
        self.spend(points.collect(), &mut state);
        for round in 0..ROUNDS {
            let left = budget - 1 - evenly;
            let share = |round: u32| left * round as usize / ROUNDS as usize;
            let count = share(round + 1) - share(round);
            if count > 0 {
                self.spend(self.around(&state.kept, round, count, evenly), &mut state);
            }
        }
        let best = state.kept.first();
        Found {
            best: best
                .filter(|best| best.verdict.loss.is_finite())
                .map(|best| (self.values(&best.shares), best.verdict)),
            trials: state.trials,
            is_cancelled: state.is_cancelled,
        }
    }

    fn present(&self) -> Vec<f64> {
        let present = self.sweep.experiment(&[]);
        let share = |axis: &Axis| {
            let value = axis.quantity.value(&present, 0).unwrap_or(axis.low);
            axis.share(value.clamp(axis.low, axis.high)).clamp(0.0, 1.0)
        };
        self.axes.iter().map(share).collect()
    }

    fn values(&self, shares: &[f64]) -> Vec<f64> {
        let pairs = self.axes.iter().zip(shares);
        pairs.map(|(axis, &share)| axis.at(share)).collect()
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
            state.trials += points.len() as u64;
            let made = points.iter().zip(verdicts).map(|(shares, verdict)| Candidate {
                shares: shares.clone(),
                verdict,
            });
            state.kept.extend(made);
            // A stable sort: among equals the one tried first stays first.
            state.kept.sort_by(|a, b| {
                let (a, b) = (self.judge.key(a.verdict), self.judge.key(b.verdict));
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
            });
            state.kept.truncate(KEPT);
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
                stop.store(true, Ordering::Relaxed);
            }
            !stop.load(Ordering::Relaxed)
        };
        let reached = self.sweep.run(&values, &goes_on)?;
        Some(reached.iter().map(|r| self.judge.verdict(r)).collect())
    }

    fn report(&self, state: &State<'_>) -> ControlFlow<()> {
        let best = state.kept.first();
        let values = best.map(|best| self.values(&best.shares));
        (state.watch)(Progress {
            run: state.run,
            done: state.trials,
            budget: self.budget,
            best: best
                .zip(values.as_deref())
                .map(|(best, values)| (values, best.verdict)),
        })
    }

    /// `count` points around the kept ones, in boxes that halve from round to round.
    fn around(
        &self,
        kept: &[Candidate],
        round: u32,
        count: usize,
        evenly: usize,
    ) -> Vec<Vec<f64>> {
        let dimensions = self.axes.len().max(1) as f64;
        // About four times the distance of neighbours in the first half.
        let first = 4.0 * (evenly.max(1) as f64).powf(-1.0 / dimensions);
        let reach = first.min(0.5) * 0.5_f64.powi(round as i32);
        let noise = Noise::new(self.seed ^ (u64::from(round) + 1) << 40);
        let point = |index: usize| {
            let centre = &kept[index % kept.len()].shares;
            let shifted = centre.iter().enumerate().map(|(axis, share)| {
                let drawn = noise.uniform(index as u64, axis as u64);
                (share + reach * (2.0 * drawn - 1.0)).clamp(0.0, 1.0)
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
