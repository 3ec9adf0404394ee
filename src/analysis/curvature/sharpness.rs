//! Sharpness against a rule's own limit: the edge of stability.

use super::{Curvature, Eigen};
use crate::engine::Replay;
use crate::experiment::Checked;
use crate::optimizers::{Memory, Scope};

/// The most points of a plotted sharpness.
pub const MOST_POINTS: u64 = 400;

/// Updates between two looks at whether to go on.
const BLOCK: u64 = 256;

/// How sharp it is where a run is, and how sharp it may be for its rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharpness {
    /// After how many updates.
    pub step: u64,
    /// How many evaluations of the objective the run had used by then.
    pub evaluations: u64,
    /// λ_max, the largest eigenvalue of the Hessian.
    pub sharpness: f64,
    /// The same as the rule meets it: with every direction divided by what the rule divides its
    /// steps by. None where its card doesn't say, or nothing has been divided yet.
    pub met: Option<f64>,
    /// The largest |λ| of all directions, whether it curves upwards or downwards there, met in
    /// the same way.
    pub met_size: Option<f64>,
    /// Above it the rule's steps grow on a bowl; none where its card doesn't say.
    pub limit: Option<f64>,
}

impl Sharpness {
    /// Of a run where it is now; none where a derivative is not finite.
    pub fn of(replay: &Replay<'_>) -> Option<Self> {
        let curvature = Curvature::of(&replay.descended(), replay.parameters())?;
        Some(Self::with(replay, &curvature))
    }

    /// The same where the curvature is known already.
    pub fn with(replay: &Replay<'_>, curvature: &Curvature) -> Self {
        let run = replay.run();
        let sharpness = curvature.sharpness();
        let found = Self {
            step: replay.updates(),
            evaluations: replay.trace().evaluations,
            sharpness,
            met: None,
            met_size: None,
            limit: None,
        };
        // A wrapper changes what the rule bears.
        let stability = run.optimizer.card().stability;
        let Some(stability) = stability.filter(|_| run.wrappers.is_empty()) else {
            return found;
        };
        let limit = stability.limit(&run.hyperparameters, replay.next_rate());
        let met = match stability.divisor {
            None => Some(curvature.eigen.values.clone()),
            Some(_) => divisors(replay, curvature.at.len())
                .and_then(|divisors| preconditioned(&curvature.eigen, &divisors)),
        };
        let size = |values: &Vec<f64>| values.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
        Self {
            met: met.as_ref().and_then(|values| values.first().copied()),
            met_size: met.as_ref().map(size),
            limit,
            ..found
        }
    }

    /// How much of the limit is used: 1 at the edge of stability.
    pub fn share_of_limit(&self) -> Option<f64> {
        Some(self.met? / self.limit?)
    }

    /// The largest |λ| over the limit: what a step is long against where nothing curves upwards.
    pub fn size_of_limit(&self) -> Option<f64> {
        Some(self.met_size? / self.limit?)
    }
}

/// What the run's rule divides every parameter's step by, from what it remembers.
fn divisors(replay: &Replay<'_>, size: usize) -> Option<Vec<f64>> {
    let run = replay.run();
    let card = run.optimizer.card();
    let divisor = card.stability?.divisor?;
    let settings = &run.hyperparameters;
    let memories = replay.rule().memories();
    let of_memory = |memory: &Memory<f64>| -> Vec<f64> {
        let count = match card.scope {
            Scope::AllBlocks => size,
            Scope::Block => memory.slot(0).len(),
        };
        (0..count)
            .map(|index| divisor(settings, memory, index))
            .collect()
    };
    Some(memories.iter().flat_map(of_memory).collect())
}

/// The eigenvalues of D^(−½)·H·D^(−½), the largest first, H given by its eigenvalues and
/// directions; none where nothing can be divided.
fn preconditioned(eigen: &Eigen, divisors: &[f64]) -> Option<Vec<f64>> {
    let size = divisors.len();
    if !divisors
        .iter()
        .all(|&divisor| divisor > 0.0 && divisor.is_finite())
    {
        return None;
    }
    let entry = |index: usize| {
        let (row, column) = (index / size, index % size);
        let pairs = eigen.values.iter().zip(&eigen.vectors);
        let sum: f64 = pairs
            .map(|(value, vector)| value * vector[row] * vector[column])
            .sum();
        sum / (divisors[row] * divisors[column]).sqrt()
    };
    let rows: Vec<f64> = (0..size * size).map(entry).collect();
    let values = Eigen::of_symmetric(&rows, size).values;
    values
        .iter()
        .all(|value| value.is_finite())
        .then_some(values)
}

/// The sharpness where a run is after `step` updates; none for no such run, and where it isn't
/// finite any more.
pub fn at_step(checked: &Checked, run: usize, step: u64) -> Option<Sharpness> {
    let mut replay = Replay::new(checked, run)?;
    replay.go_to(step);
    match replay.diverged_at() {
        None => Sharpness::of(&replay),
        Some(_) => None,
    }
}

/// Goes on to the state after `step` updates, or to where the run diverged, asking `goes_on` now and
/// then; whether it got there.
pub fn go_to(replay: &mut Replay<'_>, step: u64, goes_on: &dyn Fn() -> bool) -> bool {
    loop {
        if !goes_on() {
            return false;
        }
        if replay.updates() >= step || replay.diverged_at().is_some() {
            return true;
        }
        replay.go_to(step.min(replay.updates() + BLOCK));
    }
}

/// The sharpness along a run, at no more than `most` evenly spread steps from the start to the
/// last finite one. `goes_on` is asked at each of them and in between; none when it says no.
pub fn over_time(
    checked: &Checked,
    run: usize,
    most: u64,
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<Sharpness>> {
    let Some(mut replay) = Replay::new(checked, run) else {
        return Some(Vec::new());
    };
    let updates = checked.updates();
    let stride = updates.div_ceil(most.max(2) - 1).max(1);
    let steps = (0..updates).step_by(usize::try_from(stride).unwrap_or(usize::MAX));
    let mut found = Vec::new();
    for step in steps.chain([updates]) {
        if !go_to(&mut replay, step, goes_on) {
            return None;
        }
        if replay.diverged_at().is_some() {
            break;
        }
        found.extend(Sharpness::of(&replay));
    }
    Some(found)
}
