//! Some hundred runs of one rule on one landscape, in lockstep.

use super::noise::{Draws, PackedNoise};
use super::packed::Pack;
use super::rates::Rates;
use crate::landscapes::Landscape;
use crate::numbers::Lanes;
use crate::numbers::vector::{Work, one_by_one, vectorized};
use crate::optimizers::packed::{Limits, Packs, Point, Tally};
use crate::optimizers::{Memory, Optimizer};

/// Updates between two looks at whether any run still goes on.
const LOOK_EVERY: u64 = 32;

/// Packs that advance together; entry i of every list belongs to pack i.
pub(super) struct Block<'a> {
    rule: &'a dyn Optimizer,
    landscape: &'a dyn Landscape,
    limits: &'a Limits,
    parameters: Vec<Point>,
    gradients: Vec<Point>,
    disturbed: Vec<Point>,
    losses: Vec<Lanes>,
    rates: Vec<Rates>,
    now: Vec<Lanes>,
    hyperparameters: Vec<Lanes>,
    memories: Vec<Memory<Lanes>>,
    noises: Vec<Option<PackedNoise>>,
    tallies: Vec<Tally>,
}

impl<'a> Block<'a> {
    pub fn new(
        rule: &'a dyn Optimizer,
        landscape: &'a dyn Landscape,
        limits: &'a Limits,
        packs: Vec<Pack>,
    ) -> Self {
        let count = packs.len();
        let memory = rule.card().memory(&[crate::optimizers::Shape::vector(2)]);
        let mut block = Self {
            rule,
            landscape,
            limits,
            parameters: packs
                .iter()
                .map(|pack| [pack.start[0], pack.start[1]])
                .collect(),
            gradients: vec![[Lanes([0.0; 8]); 2]; count],
            disturbed: Vec::new(),
            losses: vec![Lanes([0.0; 8]); count],
            now: vec![Lanes([0.0; 8]); count],
            rates: Vec::with_capacity(count),
            hyperparameters: Vec::new(),
            memories: vec![memory; count],
            noises: Vec::with_capacity(count),
            tallies: vec![Tally::NEW; count],
        };
        for pack in packs {
            block.hyperparameters.extend(pack.hyperparameters);
            block.rates.push(pack.rates);
            block.noises.push(pack.noise);
        }
        if block.noises.iter().any(Option::is_some) {
            block.disturbed = block.gradients.clone();
        }
        block
    }

    /// Makes all updates. What the runs have reached, pack after pack.
    pub fn run(mut self, updates: u64) -> Vec<Tally> {
        self.evaluate();
        let reads_losses = self.rates.iter().any(Rates::read_losses);
        for number in 1..=updates {
            self.update(number);
            if reads_losses {
                for (rates, &losses) in self.rates.iter_mut().zip(&self.losses) {
                    rates.observe(number, losses);
                }
            }
            if number % LOOK_EVERY == 0 && self.tallies.iter().all(Tally::is_over) {
                return self.tallies;
            }
        }
        self.observe(updates);
        self.tallies
    }

    fn evaluate(&mut self) {
        self.landscape
            .gradients(&self.parameters, &mut self.losses, &mut self.gradients);
    }

    fn update(&mut self, number: u64) {
        let now = Now {
            number,
            rates: &self.rates,
            now: &mut self.now,
        };
        if let Err(plain) = vectorized(now) {
            plain.work();
        }
        self.disturb(number);
        let is_disturbed = !self.disturbed.is_empty();
        let packs = Packs {
            parameters: &mut self.parameters,
            gradients: &mut self.gradients,
            disturbed: is_disturbed.then_some(&self.disturbed),
            losses: &mut self.losses,
            rates: &self.now,
            hyperparameters: &self.hyperparameters,
            memories: &mut self.memories,
            tallies: &mut self.tallies,
        };
        let landscape = self.landscape;
        self.rule
            .step_packs(number, self.limits, packs, &|at, losses, gradients| {
                landscape.gradients(at, losses, gradients);
            });
    }

    fn disturb(&mut self, number: u64) {
        let mut draws = Draws::default();
        let each = self.disturbed.iter_mut().zip(&self.gradients);
        for ((disturbed, &exact), noise) in each.zip(&self.noises) {
            *disturbed = match noise {
                Some(noise) => noise.disturb(number, exact, &mut draws),
                None => exact,
            };
        }
    }

    fn observe(&mut self, step: u64) {
        for (index, tally) in self.tallies.iter_mut().enumerate() {
            let at = self.parameters[index];
            tally.observe(
                step,
                self.limits,
                at,
                self.losses[index],
                self.gradients[index],
            );
        }
    }
}

/// The rates of one update.
struct Now<'a> {
    number: u64,
    rates: &'a [Rates],
    now: &'a mut [Lanes],
}

impl Work for Now<'_> {
    type Output = ();

    #[inline(always)]
    fn work(self) {
        for index in 0..self.now.len() {
            let index = one_by_one(index);
            self.now[index] = self.rates[index].at(self.number);
        }
    }
}
