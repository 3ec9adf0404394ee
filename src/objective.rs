//! What is minimised, as a rule sees it.

use crate::landscapes::{self, Chosen};
use crate::numbers::Noise;

/// Something to be minimised: a value and a gradient at any parameters.
///
/// One object serves every run of an experiment, so that all of them see the same thing at the
/// same update.
pub trait Objective: Send + Sync {
    /// The parameters' names; their number is the dimension.
    fn parameter_names(&self) -> Vec<String>;

    /// J at `at`; writes ∂J/∂w into `gradient`. Both slices have the objective's dimension.
    fn evaluate(&self, at: &[f64], gradient: &mut [f64]) -> f64;

    /// Turns the exact gradient into the one that update `update` (from 1) sees: the same
    /// disturbance for every run.
    fn disturb(&self, update: u64, gradient: &mut [f64]);

    /// Whether a loss found at `at` counts as a success: anywhere in the studied range, and
    /// outside it only down to the least value of the range. Below that, a surface that falls
    /// without end would win.
    fn counts(&self, at: &[f64], loss: f64) -> bool;

    /// Whether `at` lies where the objective is meant to be studied.
    fn contains(&self, at: &[f64]) -> bool;
}

/// A two-parameter landscape, with Gaussian noise of standard deviation `noise` added to each
/// component of the gradient.
#[derive(Clone, Debug)]
pub struct LandscapeObjective {
    /// The surface, with its settings.
    pub landscape: Chosen,
    /// Standard deviation of the noise; 0 for none.
    pub noise: f64,
    /// Where the draws come from.
    pub draws: Noise,
}

impl Objective for LandscapeObjective {
    fn parameter_names(&self) -> Vec<String> {
        vec!["w1".into(), "w2".into()]
    }

    fn evaluate(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let (height, slope) = landscapes::gradient::<f64>(&*self.landscape, [at[0], at[1]]);
        gradient.copy_from_slice(&slope);
        height
    }

    fn disturb(&self, update: u64, gradient: &mut [f64]) {
        if self.noise == 0.0 {
            return;
        }
        for (index, component) in gradient.iter_mut().enumerate() {
            *component += self.noise * self.draws.gaussian(update, index as u64);
        }
    }

    fn counts(&self, at: &[f64], loss: f64) -> bool {
        self.contains(at) || loss >= self.landscape.card().least_value()
    }

    fn contains(&self, at: &[f64]) -> bool {
        self.landscape.card().contains([at[0], at[1]])
    }
}
