//! Some runs of one rule on one landscape, in lockstep.

use super::noise::{Draws, PackedNoise};
use super::packed::Pack;
use super::rates::Rates;
use crate::landscapes::Landscape;
use crate::numbers::Lanes;
use crate::numbers::vector::{Work, one_by_one, widest};
use crate::optimizers::Optimizer;
use crate::optimizers::packed::{Ended, Limits, Memories, Packs, Point, Tally};
use std::ops::Range;

/// Updates between two looks at whether any run still goes on.
const LOOK_EVERY: u64 = 32;

/// Updates between two questions whether to go on: less than a millisecond of a full block.
const ASK_EVERY: u64 = 1024;

/// Packs whose rates are computed before they are evaluated.
const GROUP: usize = 8;

const NOTHING: Lanes = Lanes([0.0; 8]);

/// Packs that advance together; entry i of every list belongs to pack i. One block serves after
/// another, so that its room is asked for once.
pub(super) struct Block<'a> {
    rule: &'a dyn Optimizer,
    landscape: &'a dyn Landscape,
    limits: &'a Limits,
    parameters: Vec<Point>,
    gradients: Vec<Point>,
    /// Empty where nothing is disturbed.
    disturbed: Vec<Point>,
    losses: Vec<Lanes>,
    rates: Vec<Rates>,
    now: Vec<Lanes>,
    hyperparameters: Vec<Lanes>,
    memories: Memories,
    noises: Vec<Option<PackedNoise>>,
    tallies: Vec<Tally>,
}

impl<'a> Block<'a> {
    /// A block without packs; `are_alike` where all that will come have the same hyperparameters.
    pub fn new(
        rule: &'a dyn Optimizer,
        landscape: &'a dyn Landscape,
        limits: &'a Limits,
        are_alike: bool,
    ) -> Self {
        Self {
            rule,
            landscape,
            limits,
            parameters: Vec::new(),
            gradients: Vec::new(),
            disturbed: Vec::new(),
            losses: Vec::new(),
            rates: Vec::new(),
            now: Vec::new(),
            hyperparameters: Vec::new(),
            memories: Memories::new(rule.card(), are_alike),
            noises: Vec::new(),
            tallies: Vec::new(),
        }
    }

    /// Leaves all packs.
    pub fn clear(&mut self) {
        self.parameters.clear();
        self.hyperparameters.clear();
        self.rates.clear();
        self.noises.clear();
    }

    /// Takes one more pack, before its first update.
    pub fn push(&mut self, pack: &mut Pack) {
        self.parameters.push([pack.start[0], pack.start[1]]);
        if !self.memories.are_common() || self.hyperparameters.is_empty() {
            self.hyperparameters.extend(&pack.hyperparameters);
        }
        self.rates.push(pack.rates.take());
        self.noises.push(pack.noise.take());
    }

    /// Makes all updates. What the runs have reached, pack after pack; none when `goes_on` has
    /// said no.
    pub fn run(&mut self, updates: u64, goes_on: &dyn Fn() -> bool) -> Option<&[Tally]> {
        self.begin();
        let reads_losses = self.rates.iter().any(Rates::read_losses);
        for number in 1..=updates {
            if number % ASK_EVERY == 1 && !goes_on() {
                return None;
            }
            if reads_losses {
                self.evaluate_and_schedule(number);
            } else {
                self.schedule_and_evaluate(number);
            }
            self.update(number);
            if number % LOOK_EVERY == 0 && self.tallies.iter().all(Tally::is_over) {
                return Some(&self.tallies);
            }
        }
        self.observe(updates);
        Some(&self.tallies)
    }

    fn begin(&mut self) {
        let count = self.parameters.len();
        self.gradients.resize(count, [NOTHING; 2]);
        self.losses.resize(count, NOTHING);
        self.now.resize(count, NOTHING);
        let is_noisy = self.noises.iter().any(Option::is_some);
        let disturbed = if is_noisy { count } else { 0 };
        self.disturbed.resize(disturbed, [NOTHING; 2]);
        self.tallies.clear();
        self.tallies.resize(count, Tally::new(self.limits));
        self.memories.begin(count, &self.hyperparameters);
    }

    fn update(&mut self, number: u64) {
        self.disturb(number);
        let packs = Packs {
            parameters: &mut self.parameters,
            losses: &self.losses,
            gradients: &self.gradients,
            disturbed: Some(&*self.disturbed).filter(|disturbed| !disturbed.is_empty()),
            rates: &self.now,
            hyperparameters: &self.hyperparameters,
            memories: &mut self.memories,
            tallies: &mut self.tallies,
        };
        self.rule.step_packs(number, self.limits, packs);
    }

    /// Where rates depend on losses.
    fn evaluate_and_schedule(&mut self, number: u64) {
        let all = 0..self.parameters.len();
        self.evaluate(all.clone());
        self.tell_schedules(number);
        self.schedule(number, all);
    }

    /// Some packs at a time, so that the divisions of their rates are worked at while the
    /// landscape is evaluated.
    fn schedule_and_evaluate(&mut self, number: u64) {
        let count = self.parameters.len();
        for first in (0..count).step_by(GROUP) {
            let group = first..count.min(first + GROUP);
            self.schedule(number, group.clone());
            self.evaluate(group);
        }
    }

    fn evaluate(&mut self, packs: Range<usize>) {
        self.landscape.gradients(
            &self.parameters[packs.clone()],
            &mut self.losses[packs.clone()],
            &mut self.gradients[packs],
        );
    }

    /// Tells the schedules the losses after the update before update `number`.
    fn tell_schedules(&mut self, number: u64) {
        if number == 1 {
            return;
        }
        for (rates, &losses) in self.rates.iter_mut().zip(&self.losses) {
            rates.observe(number - 1, losses);
        }
    }

    /// Sets the rates of update `number`.
    fn schedule(&mut self, number: u64, packs: Range<usize>) {
        let now = Now {
            number,
            rates: &self.rates[packs.clone()],
            now: &mut self.now[packs],
        };
        if let Err(plain) = widest(now) {
            plain.work();
        }
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

    /// Takes notice of the state after all updates.
    fn observe(&mut self, step: u64) {
        self.evaluate(0..self.parameters.len());
        let ended = Ended {
            step,
            limits: self.limits,
            parameters: &self.parameters,
            losses: &self.losses,
            gradients: &self.gradients,
            tallies: &mut self.tallies,
        };
        ended.observe();
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
            one_by_one();
            self.now[index] = self.rates[index].at(self.number);
        }
    }
}
