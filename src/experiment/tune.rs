//! What a file says about tuning.

use super::check::Problems;
use super::{Axis, AxisError, Experiment, Problem, Quantity};
use crate::numbers::sobol::MAX_DIMENSIONS;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What makes one setting better than another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Criterion {
    /// The lowest loss within the epochs.
    #[default]
    BestLoss,
    /// The fewest epochs until the loss is first no higher than the target.
    FirstTouch,
    /// The fewest epochs until the loss is no higher than the target and stays so.
    Stays,
}

impl Criterion {
    /// All, in menu order.
    pub const ALL: [Self; 3] = [Self::BestLoss, Self::FirstTouch, Self::Stays];
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BestLoss => "best loss",
            Self::FirstTouch => "first touch of the target",
            Self::Stays => "reaching the target and staying",
        })
    }
}

/// How an experiment's runs are to be tuned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TuneSpec {
    /// What makes a setting better.
    #[serde(default)]
    pub criterion: Criterion,
    /// The loss to be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// How many epochs a trial has; the experiment's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u64>,
    /// What is searched, as [`Axis`] reads it; learning rate and decay when empty. A run is
    /// searched over those that it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub axes: Vec<String>,
    /// How many trials every run may spend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
    /// The seed of the search.
    #[serde(default)]
    pub seed: u64,
}

/// The most trials a run may spend.
pub(super) const MAX_BUDGET: u64 = 1 << 24;

impl Experiment {
    /// What makes no sense in how its runs are to be tuned. They can run all the same.
    pub fn tune_problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        if let Some(tune) = &self.tune {
            check(self, tune, &mut problems);
        }
        problems.all()
    }
}

fn check(experiment: &Experiment, tune: &TuneSpec, problems: &mut Problems) {
    if let Some(target) = tune.target
        && !target.is_finite()
    {
        let message = format!("{target} is not a finite number; give the loss to be reached");
        problems.add("tune.target", message);
    }
    if tune.criterion != Criterion::BestLoss && tune.target.is_none() {
        let message = format!("{:?} needs a target", tune.criterion);
        problems.add("tune.target", message);
    }
    if tune.epochs == Some(0) {
        let message = "in 0 epochs every setting does the same; give at least 1";
        problems.add("tune.epochs", message.to_owned());
    }
    if let Some(budget) = tune.budget
        && !(16..=MAX_BUDGET).contains(&budget)
    {
        let message = format!("{budget} is out of range; give from 16 to {MAX_BUDGET} trials");
        problems.add("tune.budget", message);
    }
    if tune.axes.len() > MAX_DIMENSIONS {
        let count = tune.axes.len();
        let message = format!("{count} axes are more than the {MAX_DIMENSIONS} of a search");
        problems.add("tune.axes", message);
    }
    let mut quantities = Vec::new();
    for (index, text) in tune.axes.iter().enumerate() {
        let place = format!("tune.axes[{index}]");
        let mut found = None;
        let mut wrong: Option<AxisError> = None;
        for run in 0..experiment.runs.len() {
            match Axis::read(text, experiment, run) {
                Ok(axis) => found = found.or(Some(axis.quantity)),
                // What is wrong with the values says more than that another run lacks it.
                Err(error @ AxisError::Values { .. }) => wrong = Some(error),
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
        match (found, wrong) {
            (_, Some(error @ AxisError::Values { .. })) | (None, Some(error)) => {
                problems.add(&place, error.to_string());
            }
            (Some(quantity), _) => {
                if quantities
                    .iter()
                    .any(|other: &Quantity| other.is_same(&quantity))
                {
                    problems.add(&place, format!("`{quantity}` is on two axes"));
                }
                quantities.push(quantity);
            }
            (None, None) => {}
        }
    }
}
