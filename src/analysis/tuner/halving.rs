//! The search for a network's settings: many are trained for a short time, the best for longer.
//!
//! Successive halving: K. Jamieson & A. Talwalkar, AISTATS 2016, arXiv:1502.07943, figure 1, with
//! a third kept in place of a half, as L. Li et al. do (JMLR 18 (2018), arXiv:1603.06560, η = 3).

use super::Progress;
use super::journal::Trial;
use super::judge::Verdict;
use super::search::{Found, Search};
use crate::engine::{Checkpoint, one_a_core};
use crate::numbers::Sobol;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering as Order;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One in so many goes on to the next round, which is as many times as long.
const KEPT: u64 = 3;

/// One round of successive halving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// How many settings are trained at most: the best of the round before, and the present one.
    pub trials: u64,
    /// How many of them are there for what they have come to.
    pub best: u64,
    /// Where the round before has left them, in epochs.
    pub begin: u64,
    /// The epoch up to whose end they are trained.
    pub end: u64,
}

impl Rung {
    /// How many epochs all of them together are trained for at most.
    pub fn epochs_trained(&self) -> u64 {
        self.trials.saturating_mul(self.end - self.begin)
    }
}

/// The rounds of a search of `trials` settings whose last ones are trained for `epochs`.
pub fn rungs(trials: u64, epochs: u64) -> Vec<Rung> {
    let (trials, epochs) = (trials.max(1), epochs.max(1));
    let rounds = 1 + trials.ilog(KEPT).min(epochs.ilog(KEPT));
    let mut all: Vec<Rung> = Vec::new();
    for round in 0..rounds {
        let best = (trials / KEPT.pow(round)).max(1);
        let begin = all.last().map_or(0, |before| before.end);
        all.push(Rung {
            trials: best + u64::from(round > 0),
            best,
            begin,
            end: (epochs / KEPT.pow(rounds - 1 - round)).max(1),
        });
    }
    all
}

/// A setting, how far it is trained, and what it has come to.
struct Contender {
    shares: Vec<f64>,
    verdict: Verdict,
    /// The training as it was left.
    left: Option<Checkpoint>,
}

/// The trainings that may go on, as they were left: no more than the next round takes, since each
/// holds all weights of a network and what its rule remembers.
struct Left<'o> {
    /// How many of the best.
    most: usize,
    order: &'o (dyn Fn(Verdict, Verdict) -> Order + Sync),
    kept: Mutex<Vec<(usize, Verdict, Checkpoint)>>,
}

impl Left<'_> {
    /// Keeps a training while it is among the best, and the present setting's always.
    fn keep(&self, index: usize, verdict: Verdict, left: Checkpoint) {
        if self.most == 0 {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((index, verdict, left));
        // As `chosen` has it: among equals the one tried first is the better.
        kept.sort_by(|a, b| (self.order)(a.1, b.1).then(a.0.cmp(&b.0)));
        if let Some(last) = kept
            .iter()
            .skip(self.most)
            .position(|(index, ..)| *index > 0)
        {
            kept.remove(self.most + last);
        }
    }

    /// Gives them back to the settings that they are of.
    fn give_back(self, contenders: &mut [Contender]) {
        let kept = self.kept.into_inner();
        for (index, _, left) in kept.unwrap_or_else(PoisonError::into_inner) {
            if let Some(contender) = contenders.get_mut(index) {
                contender.left = Some(left);
            }
        }
    }
}

pub(super) struct Halving<'a> {
    search: &'a Search<'a>,
    rungs: &'a [Rung],
}

/// How far a search is, seen from all cores.
struct Watched<'w> {
    run: usize,
    epochs: AtomicU64,
    budget: u64,
    /// The best of the last round that is complete, and of the first as far as it has come.
    best: Mutex<Option<(Vec<f64>, Verdict)>>,
    stop: AtomicBool,
    watch: &'w (dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
}

impl Watched<'_> {
    fn best(&self) -> MutexGuard<'_, Option<(Vec<f64>, Verdict)>> {
        self.best.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes notice of a training of the first round.
    fn meet(&self, values: &[f64], verdict: Verdict, order: &dyn Fn(Verdict, Verdict) -> Order) {
        let mut best = self.best();
        let is_better = best
            .as_ref()
            .is_none_or(|(_, best)| order(verdict, *best).is_lt());
        if verdict.loss.is_finite() && is_better {
            *best = Some((values.to_vec(), verdict));
        }
    }

    fn goes_on(&self) -> bool {
        let best = self.best().clone();
        let best = best.as_ref();
        let answer = (self.watch)(Progress {
            run: self.run,
            done: self.epochs.load(Ordering::Relaxed),
            budget: self.budget,
            best: best.map(|(values, verdict)| (&values[..], *verdict)),
        });
        if answer.is_break() {
            self.stop.store(true, Ordering::Relaxed);
        }
        !self.stop.load(Ordering::Relaxed)
    }
}

impl<'a> Halving<'a> {
    pub fn new(search: &'a Search<'a>, rungs: &'a [Rung]) -> Self {
        Self { search, rungs }
    }

    pub fn run(
        &self,
        run: usize,
        watch: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Found {
        let watched = Watched {
            run,
            epochs: AtomicU64::new(0),
            budget: self.rungs.iter().map(Rung::epochs_trained).sum(),
            best: Mutex::default(),
            stop: AtomicBool::new(false),
            watch,
        };
        let mut contenders = self.contenders();
        let trials = contenders.len() as u64;
        for (round, rung) in self.rungs.iter().enumerate() {
            contenders = self.chosen(contenders, rung);
            let goes_on = self.rungs.get(round + 1).map_or(0, |next| next.best);
            let Some(trained) = self.train(contenders, rung, goes_on, &watched) else {
                break;
            };
            let best = trained
                .iter()
                .min_by(|a, b| self.search.order(a.verdict, b.verdict));
            *watched.best() = best
                .filter(|best| best.verdict.loss.is_finite())
                .map(|best| (self.search.values(&best.shares), best.verdict));
            contenders = trained;
        }
        Found {
            is_cancelled: watched.stop.into_inner(),
            best: watched
                .best
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
            trials,
        }
    }

    /// All settings before any training; the present one comes first.
    fn contenders(&self) -> Vec<Contender> {
        let Search { axes, seed, .. } = self.search;
        let sobol = Sobol::new(axes.len(), *seed);
        let count = self.rungs.first().map_or(1, |rung| rung.trials);
        let others = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
        let others = (0..others).map(|index| sobol.point(index).collect());
        let all = std::iter::once(self.search.present.shares.clone()).chain(others);
        let begun = |shares| Contender {
            shares,
            verdict: Verdict::FAILED,
            left: None,
        };
        all.map(begun).collect()
    }

    /// Those that go on: the best, and the present setting, so that tuning never makes it worse.
    fn chosen(&self, contenders: Vec<Contender>, rung: &Rung) -> Vec<Contender> {
        if rung.begin == 0 {
            return contenders;
        }
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        // Among equals the one tried first is the better.
        order.sort_by(|&a, &b| {
            let verdicts = (contenders[a].verdict, contenders[b].verdict);
            self.search.order(verdicts.0, verdicts.1)
        });
        order.truncate(rung.best as usize);
        let goes_on = |index: &usize| *index == 0 || order.contains(index);
        let numbered = contenders.into_iter().enumerate();
        let chosen = numbered.filter(|(index, _)| goes_on(index));
        chosen.map(|(_, contender)| contender).collect()
    }

    /// Trains everyone to the end of a round, and keeps the trainings of the `best` that go on;
    /// none when it was broken off.
    fn train(
        &self,
        contenders: Vec<Contender>,
        rung: &Rung,
        best: u64,
        watched: &Watched<'_>,
    ) -> Option<Vec<Contender>> {
        let Search { sweep, .. } = self.search;
        let order = |a, b| self.search.order(a, b);
        let kept = Left {
            most: usize::try_from(best).unwrap_or(usize::MAX),
            order: &order,
            kept: Mutex::default(),
        };
        // A training is gone as soon as it has gone on.
        let contenders: Vec<Mutex<Contender>> = contenders.into_iter().map(Mutex::new).collect();
        let train = |index: usize| {
            let mut contender = contenders[index]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let (shares, left) = (contender.shares.clone(), contender.left.take());
            drop(contender);
            let values = self.search.values(&shares);
            let trial = Trial {
                run: watched.run,
                values: &values,
                epochs: rung.end,
            };
            // One that is known and goes on begins anew: that comes to the same bits.
            let mut left_again = None;
            let verdict = self.search.known_or(trial, || {
                let goes_on = || watched.goes_on();
                let trained = sweep.train(&values, rung.end, left.as_ref(), &goes_on);
                let (reached, left) = trained?;
                left_again = left;
                Some(reached)
            })?;
            if let Some(left) = left_again {
                kept.keep(index, verdict, left);
            }
            if rung.begin == 0 {
                watched.meet(&values, verdict, &order);
            }
            let epochs = rung.end - rung.begin;
            watched.epochs.fetch_add(epochs, Ordering::Relaxed);
            Some(Contender {
                shares,
                verdict,
                left: None,
            })
        };
        let trained = watched
            .goes_on()
            .then(|| one_a_core(contenders.len(), &train))?;
        let mut trained = trained?;
        kept.give_back(&mut trained);
        Some(trained)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_keeps_a_third_and_the_last_goes_to_the_end() {
        let all = rungs(27, 30);
        let of = |rung: &Rung| (rung.trials, rung.begin, rung.end);
        let expected = [(27, 0, 1), (10, 1, 3), (4, 3, 10), (2, 10, 30)];
        assert_eq!(all.iter().map(of).collect::<Vec<_>>(), expected);
        for (trials, epochs) in [(1, 1), (1, 50), (2, 9), (100, 2), (16, 3), (81, 7)] {
            let all = rungs(trials, epochs);
            assert_eq!(all[0].trials, trials);
            assert_eq!(all.last().unwrap().end, epochs);
            assert!(all.windows(2).all(|pair| pair[0].end < pair[1].end));
            assert!(all.windows(2).all(|pair| pair[0].best >= pair[1].best));
        }
    }
}
