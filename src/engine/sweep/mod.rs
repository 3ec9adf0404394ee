//! Many small experiments at once.
//!
//! A trial is one run of an experiment with some of its quantities changed. On a landscape or a
//! regression, a rule that needs no more than the gradient runs packed, eight trials in one
//! number: without wrappers on a landscape some packs in a block, else pack by pack, and all cores
//! at once. Everything else goes through the simulation, one trial a core. Every way gives the
//! same numbers, bit for bit; a test says so for every rule and every landscape.

mod alone;
mod block;
mod cores;
mod lockstep;
mod noise;
mod packed;
mod plan;
mod rates;
mod reached;

pub use cores::one_a_core;
pub use plan::{Plan, Sampling};
pub use reached::Reached;

use crate::engine::Checkpoint;
use crate::experiment::{Checked, Experiment, NoSuchQuantity, Quantity};

use packed::{Maker, Packed};
use rayon::prelude::*;

/// The most trials in a block: what their updates read and write fills a core's first cache.
const BLOCK: usize = 128;

/// How many of so many trials make a block: whole packs, and where there are few, so few that
/// every core has two blocks.
fn trials_in_a_block(trials: usize) -> usize {
    let shares = 2 * rayon::current_num_threads();
    let share = trials.div_ceil(shares).next_multiple_of(8);
    share.clamp(8, BLOCK)
}

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

    /// How many updates go once through the data; 1 where there are none.
    pub fn updates_per_epoch(&self) -> u64 {
        self.checked.updates_per_epoch()
    }

    /// How many updates every trial makes.
    pub fn updates(&self) -> u64 {
        self.checked.updates()
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
        let Some(packed) = &self.packed else {
            let trials: Vec<&[f64]> = values.chunks(width).collect();
            let run = |index: usize| self.run_while(trials[index], goes_on);
            return one_a_core(trials.len(), &run);
        };
        // By all cores: fresh memory is slow to be written to for the first time.
        let nothing = rayon::iter::repeat_n(Reached::NOTHING, values.len() / width);
        let mut reached: Vec<Reached> = nothing.collect();
        let block = trials_in_a_block(reached.len());
        let blocks = values.par_chunks(block * width);
        blocks
            .zip(reached.par_chunks_mut(block))
            .try_for_each_init(
                || Maker::new(packed),
                |maker, (values, reached)| maker.run(values, width, reached, goes_on),
            )?;
        Some(reached)
    }

    /// Makes one trial through the simulation, as `run` of its experiment would.
    pub fn run_alone(&self, values: &[f64]) -> Reached {
        self.run_while(values, &|| true).unwrap_or(Reached::NOTHING)
    }

    /// The same; none when `goes_on` has said no.
    pub fn run_while(&self, values: &[f64], goes_on: &dyn Fn() -> bool) -> Option<Reached> {
        if !goes_on() {
            return None;
        }
        match self.experiment(values).check() {
            Ok(checked) => alone::run(&checked, self.target, goes_on),
            // A value out of its domain; whoever made it has said so.
            Err(_) => Some(Reached::NOTHING),
        }
    }

    /// Whether a trial is the training of a network, which can be left and gone on with.
    pub fn is_training(&self) -> bool {
        self.checked.task().is_some()
    }

    /// Whether a trial learns from data by a network: many seconds of work.
    pub fn is_trained(&self) -> bool {
        self.is_training() || self.checked.sequence().is_some()
    }

    /// Trains a network's trial to the end of epoch `epochs`, from the beginning or from where it
    /// was left: what it has come to by then, and where it is left, to the same bits as without a
    /// break. None when `goes_on` has said no.
    pub fn train(
        &self,
        values: &[f64],
        epochs: u64,
        left: Option<&Checkpoint>,
        goes_on: &dyn Fn() -> bool,
    ) -> Option<(Reached, Option<Checkpoint>)> {
        let nothing = || Some((Reached::NOTHING, None));
        let Ok(checked) = self.experiment(values).check() else {
            return nothing();
        };
        if checked.task().is_none() {
            return nothing();
        }
        let updates = epochs.saturating_mul(checked.updates_per_epoch());
        alone::train(&checked, self.target, updates, left, goes_on)
    }
}
