//! Which trials a sweep makes, in which order.

use super::{Reached, Sweep};
use crate::experiment::{Axis, Experiment, NoSuchQuantity};
use crate::numbers::{Noise, Sobol};

/// How the trials of a sweep lie over its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// At every combination of the axes' values; the first axis changes fastest.
    Grid,
    /// So many, anywhere, drawn by a seed.
    Random {
        /// How many.
        trials: u64,
        /// The seed.
        seed: u64,
    },
    /// So many, spread evenly by a Sobol sequence.
    Sobol {
        /// How many.
        trials: u64,
        /// The seed of its shift.
        seed: u64,
    },
}

/// Every trial of some runs of an experiment, numbered: row r is trial r mod n of run r / n.
#[derive(Clone, Debug)]
pub struct Plan {
    axes: Vec<Axis>,
    sampling: Sampling,
    sobol: Sobol,
    runs: Vec<usize>,
    sweeps: Vec<Sweep>,
    trials: u64,
}

impl Plan {
    /// The trials of `runs` over axes that all of them have.
    ///
    /// # Errors
    /// When a run lacks a quantity.
    pub fn new(
        experiment: &Experiment,
        runs: &[usize],
        axes: Vec<Axis>,
        sampling: Sampling,
        target: f64,
    ) -> Result<Self, NoSuchQuantity> {
        let quantities: Vec<_> = axes.iter().map(|axis| axis.quantity.clone()).collect();
        let sweep = |&run| Sweep::new(experiment, run, &quantities, target);
        let (trials, seed) = match sampling {
            Sampling::Grid => {
                let counts = axes.iter().map(|axis| axis.values() as u64);
                (counts.fold(1, u64::saturating_mul), 0)
            }
            Sampling::Random { trials, seed } | Sampling::Sobol { trials, seed } => (trials, seed),
        };
        Ok(Self {
            sobol: Sobol::new(axes.len(), seed),
            sweeps: runs.iter().map(sweep).collect::<Result<_, _>>()?,
            runs: runs.to_vec(),
            axes,
            sampling,
            trials,
        })
    }

    /// The axes.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.trials.saturating_mul(self.runs.len() as u64)
    }

    /// Which run a row belongs to, and the number of its trial.
    pub fn place(&self, row: u64) -> (usize, u64) {
        let trials = self.trials.max(1);
        let run = self.runs.get((row / trials) as usize);
        (run.copied().unwrap_or(0), row % trials)
    }

    /// Whether every trial runs packed.
    pub fn is_packed(&self) -> bool {
        self.sweeps.iter().all(Sweep::is_packed)
    }

    /// The values of a trial, one an axis.
    pub fn values(&self, trial: u64) -> Vec<f64> {
        match self.sampling {
            Sampling::Grid => {
                let mut rest = trial;
                let value = |axis: &Axis| {
                    let count = axis.values() as u64;
                    let index = rest % count;
                    rest /= count;
                    axis.value(index as usize)
                };
                self.axes.iter().map(value).collect()
            }
            Sampling::Random { seed, .. } => {
                let noise = Noise::new(seed);
                let draw = |(index, axis): (usize, &Axis)| {
                    axis.sampled(noise.uniform(trial, index as u64))
                };
                self.axes.iter().enumerate().map(draw).collect()
            }
            Sampling::Sobol { .. } => {
                let point = self.sobol.point(trial as u32);
                self.axes
                    .iter()
                    .zip(point)
                    .map(|(axis, share)| axis.sampled(share))
                    .collect()
            }
        }
    }

    /// Makes the trials of the rows from `first` on; none when `goes_on` has said no.
    pub fn run(
        &self,
        rows: std::ops::Range<u64>,
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<(Vec<f64>, Reached)>> {
        let mut made = Vec::new();
        let mut first = rows.start;
        while first < rows.end {
            // The rows of one run at a time.
            let index = first / self.trials.max(1);
            let end = rows.end.min((index + 1) * self.trials);
            let values: Vec<Vec<f64>> = (first..end)
                .map(|row| self.values(self.place(row).1))
                .collect();
            let reached = self.sweeps[index as usize].run(&values.concat(), goes_on)?;
            made.extend(values.into_iter().zip(reached));
            first = end;
        }
        Some(made)
    }
}
