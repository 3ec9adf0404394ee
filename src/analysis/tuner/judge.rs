//! Which of two settings is better.

use crate::engine::{Reached, Sweep};
use crate::experiment::Criterion;
use serde::{Deserialize, Serialize};

/// What a setting reaches, as the criterion sees it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Epochs to the target by the criterion, or to the best loss where that is the criterion or
    /// the target was not reached.
    pub epochs: Option<u64>,
    /// The lowest loss that counts.
    pub loss: f64,
    /// Whether the target was reached as the criterion asks; true for the best loss where no
    /// target is given.
    pub succeeds: bool,
}

impl Verdict {
    /// Nothing that counts.
    pub const FAILED: Self = Self {
        epochs: None,
        loss: f64::INFINITY,
        succeeds: false,
    };
}

/// A judge of trials.
pub(super) struct Judge {
    criterion: Criterion,
    target: f64,
    least: f64,
    updates_per_epoch: u64,
}

impl Judge {
    pub fn new(criterion: Criterion, target: f64, sweep: &Sweep) -> Self {
        Self {
            criterion,
            target,
            least: sweep.least_value(),
            updates_per_epoch: sweep.updates_per_epoch(),
        }
    }

    /// What a trial reaches. A run that has left the range, or has not stayed finite, reaches
    /// nothing, however low it came.
    pub fn verdict(&self, reached: &Reached) -> Verdict {
        if reached.left.is_some() || reached.diverged.is_some() {
            return Verdict::FAILED;
        }
        let Some(best) = reached.best else {
            return Verdict::FAILED;
        };
        let reaches = match self.criterion {
            Criterion::BestLoss => None,
            Criterion::FirstTouch => reached.touched,
            Criterion::Stays => reached.stays,
        };
        let is_best_loss = self.criterion == Criterion::BestLoss;
        let is_low = self.target.is_nan() || best.loss <= self.target;
        Verdict {
            epochs: reaches.or(Some(best.step)).map(|step| self.epochs(step)),
            loss: best.loss,
            succeeds: reaches.is_some() || is_best_loss && is_low,
        }
    }

    /// In which epoch an update ends.
    fn epochs(&self, updates: u64) -> u64 {
        updates.div_ceil(self.updates_per_epoch)
    }

    /// The order of verdicts, the better first. Among equals the lower loss is better.
    pub fn key(&self, verdict: Verdict) -> (u64, f64) {
        let counts_epochs = verdict.succeeds && self.criterion != Criterion::BestLoss;
        let epochs = match verdict.epochs {
            Some(epochs) if counts_epochs => epochs,
            _ => u64::MAX,
        };
        (epochs, verdict.loss)
    }

    /// Whether a neighbour of a setting that reaches `best` succeeds too: it reaches the target
    /// within the epochs, or, where there is none, comes within twice the distance from the least
    /// known value, or within a tenth of the loss.
    pub fn succeeds_too(&self, verdict: Verdict, best: Verdict) -> bool {
        if !self.target.is_nan() && best.succeeds {
            return verdict.succeeds;
        }
        let margin = match self.least.is_finite() {
            true => best.loss - self.least,
            false => 0.0,
        };
        verdict.loss <= best.loss + margin.max(0.1 * best.loss.abs())
    }
}
