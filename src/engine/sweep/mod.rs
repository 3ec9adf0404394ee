//! Many small experiments at once.
//!
//! A trial is one run of an experiment with some of its quantities changed. On a landscape, a
//! rule that needs no more than the gradient runs packed: eight trials in one number, some
//! packs in a block, blocks on all cores. Everything else goes through the simulation one by
//! one. Both ways give the same numbers, bit for bit; a test says so for every rule and every
//! landscape.

mod alone;
mod block;
mod noise;
mod packed;
mod plan;
mod rates;
mod reached;

pub use plan::{Plan, Sampling};
pub use reached::Reached;

use crate::experiment::{Checked, Experiment, NoSuchQuantity, Quantity};
use packed::Packed;
use rayon::prelude::*;

/// Trials in a block: their state fills about half of a core's first cache.
const BLOCK: usize = 64;

/// Trials that one core makes alone before it looks whether to go on.
const ALONE: usize = 4;

/// One run of an experiment, with quantities that vary from trial to trial.
#[derive(Clone, Debug)]
pub struct Sweep {
    experiment: Experiment,
    checked: Checked,
    quantities: Vec<Quantity>,
    target: f64,
    packed: Option<Packed>,
}

impl Sweep {
    /// Trials of run `run` of a valid experiment, judged by whether their loss falls to
    /// `target`; NaN for no target.
    ///
    /// # Errors
    /// When the run has no such quantity.
    pub fn new(
        experiment: &Experiment,
        run: usize,
        quantities: &[Quantity],
        target: f64,
    ) -> Result<Self, NoSuchQuantity> {
        for quantity in quantities {
            quantity.traits(experiment, run)?;
        }
        let mut single = experiment.only(run);
        // A run that is given a schedule has it in every trial.
        for quantity in quantities {
            if let Some(value) = quantity.value(&single, 0) {
                quantity.set(&mut single, 0, value);
            }
        }
        let checked = single.check().map_err(|problems| {
            NoSuchQuantity::invalid(
                problems
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        })?;
        let packed = Packed::new(&checked, quantities, target);
        Ok(Self {
            experiment: single,
            checked,
            quantities: quantities.to_vec(),
            target,
            packed,
        })
    }

    /// What varies.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// How many updates every trial makes.
    pub fn updates(&self) -> u64 {
        self.checked.experiment.epochs
    }

    /// The least value that is known of what is minimised; −∞ where none is.
    pub fn least_value(&self) -> f64 {
        self.checked
            .objective
            .least_value()
            .unwrap_or(f64::NEG_INFINITY)
    }

    /// Whether trials run packed.
    pub fn is_packed(&self) -> bool {
        self.packed.is_some()
    }

    /// The experiment of one trial, with its run alone in it.
    pub fn experiment(&self, values: &[f64]) -> Experiment {
        let mut experiment = self.experiment.clone();
        for (quantity, &value) in self.quantities.iter().zip(values) {
            quantity.set(&mut experiment, 0, value);
        }
        experiment
    }

    /// Makes every trial on all cores; `values` holds the quantities of one trial after those of
    /// another. None when `goes_on` has said no, which is asked every few milliseconds.
    pub fn run(&self, values: &[f64], goes_on: &(dyn Fn() -> bool + Sync)) -> Option<Vec<Reached>> {
        let width = self.quantities.len().max(1);
        let part = if self.is_packed() { BLOCK } else { ALONE };
        let parts: Vec<Vec<Reached>> = values
            .par_chunks(part * width)
            .map(|values| {
                goes_on()
                    .then(|| self.run_part(values, width, goes_on))
                    .flatten()
            })
            .collect::<Option<_>>()?;
        Some(parts.into_iter().flatten().collect())
    }

    fn run_part(
        &self,
        values: &[f64],
        width: usize,
        goes_on: &dyn Fn() -> bool,
    ) -> Option<Vec<Reached>> {
        match &self.packed {
            Some(packed) => Some(packed.run(values, width, self.updates())),
            None => values
                .chunks(width)
                .map(|values| self.run_while(values, goes_on))
                .collect(),
        }
    }

    /// Makes one trial through the simulation, as `run` of its experiment would.
    pub fn run_alone(&self, values: &[f64]) -> Reached {
        self.run_while(values, &|| true).unwrap_or(Reached::NOTHING)
    }

    fn run_while(&self, values: &[f64], goes_on: &dyn Fn() -> bool) -> Option<Reached> {
        match self.experiment(values).check() {
            Ok(checked) => alone::run(&checked, self.target, goes_on),
            // A value out of its domain; whoever made it has said so.
            Err(_) => Some(Reached::NOTHING),
        }
    }
}
