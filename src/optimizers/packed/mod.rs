//! Many packed runs of one rule, a block of them in one call.
//!
//! A sweep that made one dynamic call for every step of every eight runs would spend half its
//! time on calls. Here a call covers all packs of a block, and inside it rule, observation and
//! arithmetic are compiled together. Where all packs have the same hyperparameters, as when rate
//! and decay are swept, what follows from these alone is computed once for the block.

mod memories;
mod tally;

pub use memories::Memories;
pub use tally::{Limits, Tally};

use super::{MemoryView, Probe, Shape, Step, UpdateRule};
use crate::numbers::Lanes;
use crate::numbers::vector::{Work, one_by_one, widest};
use memories::CommonScalars;

/// The parameters of a two-parameter landscape.
pub type Point = [Lanes; 2];

/// A block of packs before an update: entry i of every slice belongs to pack i.
#[derive(Debug)]
pub struct Packs<'a> {
    /// The parameters, which the update moves.
    pub parameters: &'a mut [Point],
    /// J at the parameters.
    pub losses: &'a [Lanes],
    /// ∂J/∂w at the parameters; exact.
    pub gradients: &'a [Point],
    /// The gradients as this update sees them; none where nothing disturbs them.
    pub disturbed: Option<&'a [Point]>,
    /// The rates of this update.
    pub rates: &'a [Lanes],
    /// The hyperparameters, so many a pack as the card has; not read where packs have them in
    /// common.
    pub hyperparameters: &'a [Lanes],
    /// What the rule remembers.
    pub memories: &'a mut Memories,
    /// What every run has reached.
    pub tallies: &'a mut [Tally],
}

/// A rule that updates a block of packs in one call.
pub trait PackedRule {
    /// Observes the state after `number` − 1 updates and makes update `number`, from 1. Every
    /// lane takes the step that its run would take alone. Rules that ask the objective are not to
    /// be called.
    fn step_packs(&self, number: u64, limits: &Limits, packs: Packs<'_>);
}

impl<U: UpdateRule<Lanes>> PackedRule for U {
    fn step_packs(&self, number: u64, limits: &Limits, packs: Packs<'_>) {
        if packs.memories.are_common() {
            step_packs::<U, true>(self, number, limits, packs);
        } else {
            step_packs::<U, false>(self, number, limits, packs);
        }
    }
}

fn step_packs<U: UpdateRule<Lanes>, const COMMON: bool>(
    rule: &U,
    number: u64,
    limits: &Limits,
    packs: Packs<'_>,
) {
    let update = Update::<U, COMMON> {
        rule,
        number,
        limits,
        packs,
    };
    if let Err(Update { packs, .. }) = widest(update) {
        // Through the rule's own call, so that it is not compiled once more.
        let plain = Update::<dyn UpdateRule<Lanes>, COMMON> {
            rule,
            number,
            limits,
            packs,
        };
        plain.work();
    }
}

/// Packs after their last update: entry i of every slice belongs to pack i.
#[derive(Debug)]
pub struct Ended<'a> {
    /// How many updates there were.
    pub step: u64,
    /// What runs are judged by.
    pub limits: &'a Limits,
    /// The parameters.
    pub parameters: &'a [Point],
    /// J there.
    pub losses: &'a [Lanes],
    /// ∂J/∂w there; exact.
    pub gradients: &'a [Point],
    /// What every run has reached.
    pub tallies: &'a mut [Tally],
}

impl Ended<'_> {
    /// Observes the state.
    pub fn observe(self) {
        if let Err(plain) = widest(self) {
            plain.work();
        }
    }
}

impl Work for Ended<'_> {
    type Output = ();

    #[inline(always)]
    fn work(self) {
        for index in 0..self.tallies.len() {
            one_by_one();
            let (at, slope) = (&self.parameters[index], &self.gradients[index]);
            let loss = self.losses[index];
            self.tallies[index].observe(self.step, self.limits, at, loss, slope);
        }
    }
}

/// One update; `COMMON` where packs have their hyperparameters and the rule's scalar slots in
/// common.
struct Update<'a, U: ?Sized, const COMMON: bool> {
    rule: &'a U,
    number: u64,
    limits: &'a Limits,
    packs: Packs<'a>,
}

impl<U: UpdateRule<Lanes> + ?Sized, const COMMON: bool> Work for Update<'_, U, COMMON> {
    type Output = ();

    #[inline(always)]
    fn work(self) {
        let Self {
            rule,
            number,
            limits,
            packs,
        } = self;
        let count = packs.parameters.len();
        let shapes = [Shape::vector(2)];
        // As long as each other in sight of the compiler: an index is compared once.
        let (gradients, losses) = (&packs.gradients[..count], &packs.losses[..count]);
        let seen = &packs.disturbed.unwrap_or(packs.gradients)[..count];
        let (rates, tallies) = (&packs.rates[..count], &mut packs.tallies[..count]);
        let memories = packs.memories.open();
        let (slots_each, scalars_each) = (memories.slots_each, memories.scalars_each);
        let (settings_each, mut slots) = (memories.settings_each, memories.slots);
        let common_settings = *memories.common_settings;
        let common_scalars = CommonScalars::of(if COMMON { memories.scalars } else { &[] });
        let mut next_scalars = common_scalars;
        for index in 0..count {
            one_by_one();
            let (own_slots, others) = std::mem::take(&mut slots).split_at_mut(slots_each);
            slots = others;
            let (parameters, loss) = (&mut packs.parameters[index], losses[index]);
            let slope = &gradients[index];
            if !tallies[index].observe(number - 1, limits, parameters, loss, slope) {
                continue;
            }
            let (hyperparameters, scalars) = if COMMON {
                next_scalars = common_scalars;
                (&common_settings[..settings_each], next_scalars.all_mut())
            } else {
                (
                    &packs.hyperparameters[index * settings_each..][..settings_each],
                    &mut memories.scalars[index * scalars_each..][..scalars_each],
                )
            };
            let now = Step {
                number,
                learning_rate: rates[index],
                loss,
                gradient: &seen[index],
                hyperparameters,
                shapes: &shapes,
                objective: &Silence,
            };
            let memory = MemoryView {
                slots: own_slots,
                scalars,
                ends: memories.ends,
            };
            rule.step(&now, parameters, memory);
        }
        if COMMON {
            next_scalars.store(memories.scalars);
        }
    }
}

/// The objective of rules that never ask: everything about it is not a number.
pub struct Silence;

impl Probe<Lanes> for Silence {
    fn value(&self, _: &[Lanes]) -> Lanes {
        Lanes([f64::NAN; 8])
    }

    fn gradient(&self, _: &[Lanes], gradient: &mut [Lanes]) -> Lanes {
        gradient.fill(Lanes([f64::NAN; 8]));
        Lanes([f64::NAN; 8])
    }

    fn hessian(&self, _: &[Lanes], rows: &mut [Lanes]) {
        rows.fill(Lanes([f64::NAN; 8]));
    }

    fn hessian_diagonal(&self, _: &[Lanes], diagonal: &mut [Lanes]) {
        diagonal.fill(Lanes([f64::NAN; 8]));
    }

    fn sampled_hessian_diagonal(&self, _: &[Lanes], diagonal: &mut [Lanes]) {
        diagonal.fill(Lanes([f64::NAN; 8]));
    }
}
