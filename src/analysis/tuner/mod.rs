//! The search for the settings with which a run does best.
//!
//! Every run may spend the same number of trials: a quarter spread evenly by a Sobol sequence, the
//! rest, in rounds that draw closer, around the best found so far. Where every trial is the
//! training of a network, all are spread evenly and only the best are trained to the end. Nothing
//! depends on the number of threads.

mod fairness;
mod halving;
mod journal;
mod judge;
mod search;

pub use fairness::note;
pub use halving::{Rung, rungs};
pub use journal::{Journal, NoJournal, Trial};
pub use judge::Verdict;

use crate::engine::Sweep;
use crate::experiment::{Axis, AxisError, Criterion, Experiment, Quantity, RunSpec, TuneSpec};
use halving::Halving;
use judge::Judge;
use search::{Present, Search};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

/// Trials that a run may spend where they run packed and nobody says.
pub const USUAL_BUDGET: u64 = 1 << 20;

/// The same where every trial goes through the simulation.
pub const USUAL_BUDGET_ALONE: u64 = 1 << 10;

/// The same where every trial is the training of a network.
pub const USUAL_BUDGET_TRAINED: u64 = 27;

/// Trials of the neighbourhood that robustness is counted over.
pub const NEIGHBOURS: usize = 512;

/// How far the neighbourhood of a setting reaches: to either side by this share of an axis that
/// is spread evenly, and by a quarter of the value on a logarithmic one.
pub const REACH: f64 = 0.025;

/// A question to the tuner.
#[derive(Clone, Debug)]
pub struct Question {
    /// The experiment whose runs are tuned; it has as many epochs as a trial.
    pub experiment: Experiment,
    /// What makes a setting better.
    pub criterion: Criterion,
    /// The loss to be reached; NaN for none.
    pub target: f64,
    /// What is searched, as an [`Axis`] is written.
    pub axes: Vec<String>,
    /// How many trials every run may spend; the usual number where nobody says.
    pub budget: Option<u64>,
    /// The seed of the search.
    pub seed: u64,
}

/// The tuner's answer for one run.
#[derive(Clone, Debug)]
pub struct Tuned {
    /// Which run.
    pub run: usize,
    /// What was searched.
    pub axes: Vec<Axis>,
    /// The best values, one an axis; none when every trial failed.
    pub values: Option<Vec<f64>>,
    /// What they reach.
    pub verdict: Verdict,
    /// The share of the neighbourhood that succeeds too; none where every neighbour would be a
    /// training.
    pub robustness: Option<f64>,
    /// How networks were trained, round after round; empty for everything else.
    pub rungs: Vec<Rung>,
    /// Trials spent on the search.
    pub searched: u64,
    /// Trials spent on the neighbourhood.
    pub neighbours: u64,
    /// Whether the search was broken off.
    pub is_cancelled: bool,
    /// How many trainings did not even begin, such as when their data could not be read; they
    /// count as having come to nothing.
    pub unbegun: u64,
}

/// What the search for one run has come to, without what follows from the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which run.
    pub run: usize,
    values: Option<Vec<f64>>,
    verdict: Verdict,
    robustness: Option<f64>,
    rungs: Vec<Rung>,
    searched: u64,
    neighbours: u64,
}

/// How far a search is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The run that is searched.
    pub run: usize,
    /// Trials made for it; epochs trained, of a network.
    pub done: u64,
    /// Trials, or epochs, that it may spend.
    pub budget: u64,
    /// The best so far.
    pub best: Option<(&'a [f64], Verdict)>,
}

impl Question {
    /// The question that an experiment's own `tune` asks.
    pub fn of(experiment: &Experiment) -> Self {
        let tune = experiment.tune.clone().unwrap_or_default();
        Self::new(experiment, &tune)
    }

    /// A question about an experiment.
    pub fn new(experiment: &Experiment, tune: &TuneSpec) -> Self {
        let mut experiment = experiment.clone();
        experiment.epochs = tune.epochs.unwrap_or(experiment.epochs);
        Self {
            experiment,
            criterion: tune.criterion,
            target: tune.target.unwrap_or(f64::NAN),
            axes: tune.axes.clone(),
            budget: tune.budget,
            seed: tune.seed,
        }
    }

    /// The axes of one run: those asked for that it has; learning rate and decay where none are
    /// asked for. A name alone stands for the range that a search usually has of it.
    ///
    /// # Errors
    /// When an axis makes no sense for any run.
    pub fn axes_of(&self, run: usize) -> Result<Vec<Axis>, AxisError> {
        let experiment = &self.experiment;
        if self.axes.is_empty() {
            let usual = [Quantity::LearningRate, Quantity::Decay].into_iter();
            let found = usual.filter_map(|quantity| Axis::usual(quantity, experiment, run).ok());
            return Ok(found.map(Axis::searched).collect());
        }
        let mut axes = Vec::new();
        for text in &self.axes {
            match Axis::read(text, experiment, run) {
                Ok(axis) if text.contains('=') => axes.push(axis),
                Ok(axis) => axes.push(axis.searched()),
                Err(error @ AxisError::Values { .. }) => return Err(error),
                Err(error) => {
                    let others = 0..experiment.runs.len();
                    let fits = |run| Axis::read(text, experiment, run).is_ok();
                    if !others.into_iter().any(fits) {
                        return Err(error);
                    }
                }
            }
        }
        Ok(axes)
    }

    /// The same question with the same budget for all of `runs`, where none was set: the least of
    /// what each of them would usually have.
    ///
    /// # Errors
    /// When these runs cannot be tuned together.
    pub fn with_one_budget(mut self, runs: &[usize]) -> Result<Self, AxisError> {
        if let Some(refusal) = refusal(&self.experiment, &self.axes, runs) {
            return Err(refusal);
        }
        if self.budget.is_none() {
            let usual = |&run| Ok(usual_budget(&self.sweep_of(run)?.1));
            let usual: Vec<u64> = runs.iter().map(usual).collect::<Result<_, AxisError>>()?;
            self.budget = usual.into_iter().min();
        }
        Ok(self)
    }

    /// The axes of one run, and its sweep over them.
    fn sweep_of(&self, run: usize) -> Result<(Vec<Axis>, Sweep), AxisError> {
        let axes = self.axes_of(run)?;
        let quantities: Vec<_> = axes.iter().map(|axis| axis.quantity.clone()).collect();
        let sweep = Sweep::new(&self.experiment, run, &quantities, self.target)?;
        Ok((axes, sweep))
    }

    /// The answer that an outcome of this question is; none where it is of another question, with
    /// other axes or a run that there is not.
    pub fn answer(&self, outcome: Outcome) -> Option<Tuned> {
        let has_run = outcome.run < self.experiment.runs.len();
        let axes = has_run.then(|| self.axes_of(outcome.run).ok()).flatten()?;
        let values = outcome.values.as_ref();
        values
            .is_none_or(|values| values.len() == axes.len())
            .then_some(Tuned {
                run: outcome.run,
                axes,
                values: outcome.values,
                verdict: outcome.verdict,
                robustness: outcome.robustness,
                rungs: outcome.rungs,
                searched: outcome.searched,
                neighbours: outcome.neighbours,
                is_cancelled: false,
                unbegun: 0,
            })
    }

    /// The answers that these outcomes of this question are; none where one is of another.
    pub fn answers(&self, outcomes: Vec<Outcome>) -> Option<Vec<Tuned>> {
        let each = outcomes.into_iter().map(|outcome| self.answer(outcome));
        each.collect()
    }

    /// Tunes one run. `watch` is told about progress every few thousand trials and may break the
    /// search off; the best so far is then the answer. Trainings that `journal` knows are not
    /// made again: the answer is the same.
    ///
    /// # Errors
    /// When an axis makes no sense for any run.
    pub fn tune(
        &self,
        run: usize,
        journal: &dyn Journal,
        watch: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Tuned, AxisError> {
        let (axes, sweep) = self.sweep_of(run)?;
        let judge = Judge::new(self.criterion, self.target, &sweep);
        let budget = if axes.is_empty() {
            1
        } else {
            self.budget.unwrap_or_else(|| usual_budget(&sweep))
        };
        let search = Search {
            sweep: &sweep,
            judge: &judge,
            axes: &axes,
            seed: self.seed,
            budget,
            epochs: self.experiment.epochs,
            present: Present::of(&sweep, &axes),
            journal,
            unbegun: AtomicU64::new(0),
        };
        let epochs = self.experiment.epochs;
        let rungs = match sweep.is_training() && !axes.is_empty() {
            true => rungs(budget, epochs),
            false => Vec::new(),
        };
        let found = match rungs.is_empty() {
            true => search.run(run, watch),
            false => Halving::new(&search, &rungs).run(run, watch),
        };
        let best = found.best;
        let robustness = best
            .as_ref()
            .filter(|_| !found.is_cancelled && !axes.is_empty() && !sweep.is_trained())
            .and_then(|(values, verdict)| search.robustness(values, *verdict));
        Ok(Tuned {
            run,
            values: best.as_ref().map(|(values, _)| values.clone()),
            verdict: best.map_or(Verdict::FAILED, |(_, verdict)| verdict),
            neighbours: robustness.map_or(0, |_| NEIGHBOURS as u64),
            robustness,
            searched: found.trials,
            is_cancelled: found.is_cancelled,
            unbegun: search.unbegun.into_inner(),
            rungs,
            axes,
        })
    }
}

impl Tuned {
    /// What the search has come to; none where it was broken off or trainings did not begin.
    pub fn outcome(&self) -> Option<Outcome> {
        let is_whole = !self.is_cancelled && self.unbegun == 0;
        is_whole.then(|| Outcome {
            run: self.run,
            values: self.values.clone(),
            verdict: self.verdict,
            robustness: self.robustness,
            rungs: self.rungs.clone(),
            searched: self.searched,
            neighbours: self.neighbours,
        })
    }

    /// How many epochs networks were trained for altogether.
    pub fn epochs_trained(&self) -> u64 {
        self.rungs.iter().map(Rung::epochs_trained).sum()
    }

    /// Writes the best values into an experiment.
    pub fn apply(&self, experiment: &mut Experiment) {
        let Some(values) = &self.values else { return };
        for (axis, &value) in self.axes.iter().zip(values) {
            axis.quantity.set(experiment, self.run, value);
        }
    }

    /// Whether the run has the best values already.
    pub fn is_taken_in(&self, experiment: &Experiment) -> bool {
        self.values.as_ref().is_some_and(|values| {
            let mut pairs = self.axes.iter().zip(values);
            pairs.all(|(axis, &value)| axis.quantity.value(experiment, self.run) == Some(value))
        })
    }

    /// Whether two runs differ in nothing but what was searched and what only people see: what was
    /// found for one is then meant for the other too.
    pub fn fits_both(&self, one: &RunSpec, other: &RunSpec) -> bool {
        let plain = |spec: &RunSpec| {
            let mut spec = RunSpec {
                label: None,
                colour: None,
                visible: true,
                ..spec.clone()
            };
            for (axis, value) in self.axes.iter().zip(self.values.iter().flatten()) {
                axis.quantity.set_in(&mut spec, *value);
            }
            spec
        };
        plain(one) == plain(other)
    }

    /// The best value of one quantity, where it was searched.
    pub fn value(&self, quantity: &Quantity) -> Option<f64> {
        let place = self
            .axes
            .iter()
            .position(|axis| axis.quantity == *quantity)?;
        self.values.as_ref()?.get(place).copied()
    }
}

/// Why these runs cannot be tuned together over these axes: one that none of them has, or that
/// makes no sense for one of them, or that all share, of which each would find another value.
pub fn refusal(experiment: &Experiment, axes: &[String], runs: &[usize]) -> Option<AxisError> {
    axes.iter().find_map(|text| {
        let read: Vec<_> = runs
            .iter()
            .map(|&run| Axis::read(text, experiment, run))
            .collect();
        let wrong = read.iter().find_map(|read| match read {
            Err(error @ AxisError::Values { .. }) => Some(error.clone()),
            _ => None,
        });
        let found = read.into_iter().find_map(Result::ok);
        match (wrong, found) {
            (Some(error), _) => Some(error),
            (None, None) => Some(AxisError::Lacking { text: text.clone() }),
            (None, Some(axis)) => {
                let is_shared = !axis.quantity.is_of_a_run() && runs.len() > 1;
                is_shared.then_some(AxisError::Shared {
                    quantity: axis.quantity,
                })
            }
        }
    })
}

/// How many trials a search of this sweep usually has.
fn usual_budget(sweep: &Sweep) -> u64 {
    match (sweep.is_packed(), sweep.is_trained()) {
        (true, _) => USUAL_BUDGET,
        (false, false) => USUAL_BUDGET_ALONE,
        (false, true) => USUAL_BUDGET_TRAINED,
    }
}
