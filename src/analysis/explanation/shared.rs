//! One step made by two rules from the very same state.
//!
//! The state is that of a run before an update: its parameters, J and g there, the rate, and what
//! its rule remembers. Another rule is put in the place of the run's own, and both make the step.
//! What the other one remembers is had in one of two ways, slot by slot, and said:
//!
//! - a slot that the run's rule has too, with the same symbol, meaning and extent, is copied;
//! - any other is led along: it holds what the other rule would remember had it been given every
//!   gradient that the run was given up to there, each at the run's own parameters and rate.
//!
//! What wrappers remember is copied, as both rules have the same around them.

use super::page::{self, Explanation};
use super::taken::Stepper;
use super::worked::{Line, Worked};
use super::{NoSuchStep, at_the_start};
use crate::analysis::side_by_side::{Renamed, aligned};
use crate::engine::Replay;
use crate::experiment::{Checked, CheckedRun, RunSpec};
use crate::objective::Asked;
use crate::optimizers::{Composed, Extent, Optimizer, OptimizerCard, Owner, Place, Slot, Step};
use std::collections::BTreeMap;

/// A step of a run, and the step that another rule makes from the same state.
#[derive(Clone, Debug)]
pub struct SharedStep {
    /// As the run makes it.
    pub own: Explanation,
    /// As the other rule makes it.
    pub other: Explanation,
    /// Where the other rule's settings come from.
    pub settings: Vec<GivenSetting>,
    /// Where what it remembers comes from.
    pub memory: Vec<GivenSlot>,
}

/// A setting of the other rule.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenSetting {
    /// Its symbol.
    pub symbol: &'static str,
    /// Its value.
    pub value: f64,
    /// Whether it is the run's; the card's default otherwise.
    pub is_shared: bool,
    /// Whether the run's rule has one of that name, which means something else: the ε that
    /// AdaBelief adds inside its mean is not Adam's beside the root.
    pub plays_another_part: bool,
}

/// A slot of the other rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenSlot {
    /// Its symbol.
    pub symbol: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// How its numbers were had.
    pub had: Had,
}

/// How the other rule comes to what it remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Had {
    /// The run's rule remembers the same, and it is taken as it is.
    Copied,
    /// It is what the other rule makes of the gradients that the run was given, so many updates
    /// long, at the run's parameters and rates.
    Led(u64),
}

/// Makes update `step` (from 1) of a run with its own rule, and with `other` from the same state.
///
/// # Errors
/// When there is no such run or step, or the other rule is refused there.
pub fn share(
    checked: &Checked,
    run: usize,
    step: u64,
    other: &'static dyn Optimizer,
) -> Result<SharedStep, NoSuchStep> {
    let mut replay = at_the_start(checked, run, step)?;
    let in_place = in_place_of(checked, run, other)?;
    let mut led = in_place.composed(&checked.objective.shapes());
    for update in 1..step {
        lead(&mut led, &replay, checked);
        replay.go_to(update);
        match replay.diverged_at() {
            None => {}
            Some(0) => return Err(NoSuchStep::NeverBegan),
            Some(at) => return Err(NoSuchStep::Diverged { at }),
        }
        if replay.begins_anew() {
            led = in_place.composed(&checked.objective.shapes());
        }
    }
    if replay.diverged_at().is_some() {
        return Err(NoSuchStep::NeverBegan);
    }
    copy(&replay, &in_place, &mut led);
    let stepper = Stepper {
        run: &in_place,
        rule: &led,
    };
    Ok(SharedStep {
        own: page::of_next_step(checked, &replay),
        other: page::of_next_step_by(checked, &replay, stepper),
        settings: settings(replay.run(), &in_place),
        memory: memory(replay.run(), &in_place, replay.counted() - 1),
    })
}

/// The run with another rule in place of its own: the same base rate, schedule and wrappers, the
/// same settings where both have them and the other allows the value, and else the other's own.
fn in_place_of(
    checked: &Checked,
    run: usize,
    other: &'static dyn Optimizer,
) -> Result<CheckedRun, NoSuchStep> {
    let card = other.card();
    let own = &checked.runs[run];
    let mut experiment = checked.experiment.only(run);
    let hyperparameters: BTreeMap<String, f64> = card
        .hyperparameters
        .iter()
        .filter_map(|h| Some((h.id.to_owned(), shared_value(own, card, h.id)?)))
        .collect();
    let spec = experiment.runs.first().cloned();
    experiment.runs = vec![RunSpec {
        learning_rate: Some(own.learning_rate),
        hyperparameters,
        schedule: own.schedule.clone(),
        wrappers: spec.map_or_else(Vec::new, |spec| spec.wrappers),
        ..RunSpec::new(card.id)
    }];
    let refused = |reason: String| NoSuchStep::Refused {
        rule: card.name,
        reason,
    };
    let made = experiment.check().map_err(|problems| {
        let reasons: Vec<_> = problems.into_iter().map(|p| p.message).collect();
        refused(reasons.join("; "))
    })?;
    let made = made.runs.into_iter().next();
    let made = made.ok_or_else(|| refused("it has no run".to_owned()))?;
    Ok(CheckedRun {
        label: card.name.to_owned(),
        ..made
    })
}

/// The run's value of a setting that another rule has too, where that allows it.
fn shared_value(own: &CheckedRun, other: &OptimizerCard, id: &str) -> Option<f64> {
    let theirs = other.hyperparameter(id)?;
    let card = own.optimizer.card();
    let place = card.hyperparameters.iter().position(|h| h.id == id)?;
    let value = *own.hyperparameters.get(place)?;
    let is_same =
        card.hyperparameters[place].symbol == theirs.symbol && !plays_another_part(card, other, id);
    (is_same && theirs.domain.contains(value)).then_some(value)
}

/// Whether two rules have a small constant of the same name that means something else in each: it
/// stands in different places, which shows in how large its defaults are.
fn plays_another_part(own: &OptimizerCard, other: &OptimizerCard, id: &str) -> bool {
    let default = |card: &OptimizerCard| card.hyperparameter(id).map(|h| h.default);
    match (default(own), default(other)) {
        (Some(own), Some(other)) => id == "epsilon" && own != other,
        _ => false,
    }
}

/// A name with a hat, as rules write it.
fn hats(symbol: &str) -> Vec<String> {
    let composed = (symbol == "s").then(|| "ŝ".to_owned());
    std::iter::once(format!("{symbol}\u{302}"))
        .chain(composed)
        .collect()
}

/// The lines of a step without what its settings switch off.
fn in_force(of: &Explanation) -> Vec<Line> {
    let is_setting = |name: &str| of.settings.iter().any(|setting| setting.symbol == name);
    let lines = of.lines.iter();
    lines
        .filter_map(|line| line.in_force(&is_setting))
        .collect()
}

/// A line's formula as it is compared: products and quotients in one order.
pub(super) fn comparable(line: &Line, worked: &Worked, names: &[String]) -> String {
    let in_order = Worked {
        expression: worked.expression.in_order(),
        ..worked.clone()
    };
    line.formula(&in_order, names)
}

/// Lets a rule see the update that the run makes next; where it would go is forgotten.
fn lead(led: &mut Composed<'static, f64>, replay: &Replay<'_>, checked: &Checked) {
    let (objective, update) = (&*checked.objective, replay.updates() + 1);
    let disturb = |gradient: &mut [f64]| objective.disturb(update, gradient);
    let sign = |index| objective.sign(update, index);
    let descended = replay.next_descended();
    let now = Step {
        number: replay.counted(),
        learning_rate: replay.next_rate(),
        loss: replay.loss(),
        gradient: &replay.disturbed_gradient(),
        hyperparameters: &[],
        shapes: &[],
        objective: &Asked::new(&descended, &disturb, &sign),
    };
    let mut parameters = replay.parameters().to_vec();
    led.step(&now, &mut parameters);
}

/// What a remembered number is, whoever remembers it.
#[derive(PartialEq)]
struct Identity {
    owner: Owner,
    slot: Option<(&'static str, &'static str, Extent)>,
    place: Option<Place>,
    entry: usize,
}

impl Identity {
    fn of(run: &CheckedRun, owner: Owner, place: Place) -> Self {
        let card = run.optimizer.card();
        let known = |slot: &'static Slot| (slot.symbol, slot.meaning, slot.extent);
        let (slot, entry) = match place {
            Place::Slot { slot, entry } => (card.slots.get(slot), entry),
            Place::Scalar(scalar) => (card.scalar_slots.get(scalar), 0),
        };
        match owner {
            Owner::Rule(_) => Self {
                owner,
                slot: slot.map(known),
                place: None,
                entry,
            },
            // The wrappers are the same ones.
            Owner::Wrapper(_) => Self {
                owner,
                slot: None,
                place: Some(place),
                entry,
            },
        }
    }
}

/// Copies what both remember from the run's rule to the other.
fn copy(replay: &Replay<'_>, in_place: &CheckedRun, led: &mut Composed<'static, f64>) {
    let own: Vec<(Identity, f64)> = replay
        .rule()
        .remembered()
        .map(|(owner, place, value)| (Identity::of(replay.run(), owner, place), value))
        .collect();
    let numbers: Vec<f64> = led
        .remembered()
        .map(|(owner, place, value)| {
            let identity = Identity::of(in_place, owner, place);
            let same = own.iter().find(|(other, _)| *other == identity);
            same.map_or(value, |(_, copied)| *copied)
        })
        .collect();
    let fits = led.set_numbers(&numbers);
    debug_assert!(fits, "there are as many numbers as it remembers");
}

fn settings(own: &CheckedRun, in_place: &CheckedRun) -> Vec<GivenSetting> {
    let card = in_place.optimizer.card();
    let pairs = card.hyperparameters.iter().zip(&in_place.hyperparameters);
    pairs
        .map(|(h, &value)| GivenSetting {
            symbol: h.symbol,
            value,
            is_shared: shared_value(own, card, h.id).is_some(),
            plays_another_part: plays_another_part(own.optimizer.card(), card, h.id),
        })
        .collect()
}

fn memory(own: &CheckedRun, in_place: &CheckedRun, updates: u64) -> Vec<GivenSlot> {
    let (own, card) = (own.optimizer.card(), in_place.optimizer.card());
    let known = |slot: &Slot| (slot.symbol, slot.meaning, slot.extent);
    let given = |slots: &'static [Slot], owns: &'static [Slot]| {
        slots.iter().map(move |slot| {
            let is_copied = owns.iter().any(|other| known(other) == known(slot));
            GivenSlot {
                symbol: slot.symbol,
                meaning: slot.meaning,
                had: match is_copied {
                    true => Had::Copied,
                    false => Had::Led(updates),
                },
            }
        })
    };
    let scalars = given(card.scalar_slots, own.scalar_slots);
    given(card.slots, own.slots).chain(scalars).collect()
}

impl SharedStep {
    /// The lines of both, those that are most alike beside one another, without what their
    /// settings switch off.
    pub fn rows(&self) -> Vec<(Option<Line>, Option<Line>)> {
        let (own, other) = (in_force(&self.own), in_force(&self.other));
        let texts = |lines: &[Line]| -> Vec<String> {
            let names = &self.own.parameter_names;
            let text = |line: &Line| {
                line.worked
                    .first()
                    .map(|worked| comparable(line, worked, names))
            };
            lines
                .iter()
                .map(|line| text(line).unwrap_or_default())
                .collect()
        };
        let (left, right) = (texts(&own), texts(&other));
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        let right: Vec<&str> = right.iter().map(String::as_str).collect();
        let rows = aligned(&left, &right, &self.renamed()).into_iter();
        rows.map(|(i, j)| {
            (
                i.and_then(|i| own.get(i).cloned()),
                j.and_then(|j| other.get(j).cloned()),
            )
        })
        .collect()
    }

    /// The names by which the other rule keeps what the run's own keeps by others: its name, and
    /// the own one. With a hat they are the same, corrected.
    pub fn renamed(&self) -> Vec<Renamed> {
        let (own, other) = (self.own.card.slots, self.other.card.slots);
        let pairs = other.iter().zip(own).filter(|(theirs, ours)| {
            let is_known = own.iter().any(|slot| slot.symbol == theirs.symbol)
                || other.iter().any(|slot| slot.symbol == ours.symbol);
            !is_known && theirs.holds == ours.holds && theirs.extent == ours.extent
        });
        pairs
            .flat_map(|(theirs, ours)| {
                let [ours_hat, theirs_hat] = [ours, theirs].map(|slot| hats(slot.symbol));
                let plain = (theirs.symbol.to_owned(), ours.symbol.to_owned());
                let hat = ours_hat.into_iter().last().unwrap_or_default();
                let with_hats = theirs_hat
                    .into_iter()
                    .map(move |theirs| (theirs, hat.clone()));
                std::iter::once(plain).chain(with_hats)
            })
            .collect()
    }

    /// The same in words: which names have the place of which.
    pub fn renamed_in_words(&self) -> Option<String> {
        let renamed = self.renamed();
        let (other, own) = (self.other.card.name, self.own.card.name);
        let is_slot = |name: &str| self.other.card.slots.iter().any(|slot| slot.symbol == name);
        let pairs: Vec<_> = renamed
            .iter()
            .filter(|(theirs, _)| is_slot(theirs))
            .map(|(theirs, ours)| format!("{theirs} of {other} has the place of {ours} of {own}"))
            .collect();
        (!pairs.is_empty()).then(|| format!("{}, and is not marked for its name", pairs.join("; ")))
    }

    /// How the other rule was given its state, a sentence a slot or setting.
    pub fn given(&self) -> Vec<String> {
        let (own, other) = (self.own.card.name, self.other.card.name);
        let mut lines = vec![
            "Both: the same parameters, J, gradient g and rate α, and the same wrappers with what \
             they remember."
                .to_owned(),
        ];
        lines.extend(self.memory.iter().map(|slot| {
            let how = match slot.had {
                Had::Copied => format!("the numbers of {own}, which remembers the same"),
                Had::Led(0) => "as before a first step".to_owned(),
                Had::Led(updates) => format!(
                    "what {other} makes of the {updates} gradients up to here, each at the run's \
                     own parameters and rate"
                ),
            };
            format!("{} ({}): {how}.", slot.symbol, slot.meaning)
        }));
        lines.extend(self.settings.iter().map(|setting| {
            let whose = match (setting.is_shared, setting.plays_another_part) {
                (true, _) => format!("as {own} has it"),
                (false, false) => format!("the default of {other}"),
                (false, true) => {
                    format!("the default of {other}, where it plays another part than in {own}")
                }
            };
            let value = super::shortest(setting.value);
            format!("{} = {value}: {whose}.", setting.symbol)
        }));
        lines
    }
}
