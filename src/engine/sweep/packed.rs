//! Trials eight in one number.

use super::block::{Block, Pack};
use super::noise::PackedNoise;
use super::rates::Rates;
use super::reached::Reached;
use crate::experiment::{Checked, CheckedRun, Quantity};
use crate::landscapes::Chosen;
use crate::numbers::Lanes;
use crate::optimizers::packed::Limits;
use crate::schedules::{Field, Schedule};
use std::array;

/// Where a quantity stands among what a pack is made of.
#[derive(Clone, Copy, Debug)]
enum Place {
    Rate,
    /// A number of the schedule, by its place on the card.
    Schedule(usize),
    Hyperparameter(usize),
    Start(usize),
    Noise,
    Seed,
}

/// A run whose trials can be packed.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    run: CheckedRun,
    landscape: Chosen,
    start: [f64; 2],
    noise: f64,
    seed: u64,
    places: Vec<Place>,
    limits: Limits,
}

/// Everything about one trial that may differ from its neighbour's.
struct Trial {
    rate: f64,
    schedule: Schedule,
    start: [f64; 2],
    noise: f64,
    seed: u64,
}

impl Packed {
    /// None where trials must go through the simulation: what is minimised is no landscape or
    /// another one in every trial, the rule asks the objective, or something is around it.
    pub fn new(checked: &Checked, quantities: &[Quantity], target: f64) -> Option<Self> {
        let run = checked.runs.first()?;
        let landscape = checked.objective.landscape()?;
        if run.optimizer.card().needs.asks() || !run.wrappers.is_empty() {
            return None;
        }
        let places: Option<Vec<_>> = quantities.iter().map(|q| place(run, q)).collect();
        let card = landscape.card();
        Some(Self {
            run: run.clone(),
            start: [*checked.start.first()?, *checked.start.get(1)?],
            noise: checked.experiment.objective.noise(),
            seed: checked.experiment.seed,
            places: places?,
            limits: Limits {
                range: card.range,
                least: card.least_value(),
                target: if target.is_nan() {
                    f64::NEG_INFINITY
                } else {
                    target
                },
            },
            landscape: landscape.clone(),
        })
    }

    /// Makes the trials whose quantities, `width` a trial, are `values`.
    pub fn run(&self, values: &[f64], width: usize, updates: u64) -> Vec<Reached> {
        let packs = values
            .chunks(8 * width)
            .map(|values| self.pack(values, width));
        let block = Block::new(
            self.run.optimizer,
            &*self.landscape,
            &self.limits,
            packs.collect(),
        );
        let tallies = block.run(updates);
        let lanes = tallies
            .iter()
            .flat_map(|tally| (0..8).map(move |lane| Reached::of_lane(tally, lane, updates)));
        lanes.take(values.len() / width).collect()
    }

    /// Up to eight trials; the last one again in lanes that are left over.
    fn pack(&self, values: &[f64], width: usize) -> Pack {
        let last = values.len() / width - 1;
        let of_lane = |lane: usize| &values[lane.min(last) * width..][..width];
        let trials: [Trial; 8] = array::from_fn(|lane| self.trial(of_lane(lane)));
        let lanes = |of: &dyn Fn(&Trial) -> f64| Lanes(array::from_fn(|lane| of(&trials[lane])));
        let mut hyperparameters: Vec<_> = self
            .run
            .hyperparameters
            .iter()
            .map(|&value| Lanes([value; 8]))
            .collect();
        for (column, place) in self.places.iter().enumerate() {
            if let Place::Hyperparameter(index) = *place {
                hyperparameters[index] = Lanes(array::from_fn(|lane| of_lane(lane)[column]));
            }
        }
        let seeds = array::from_fn(|lane| trials[lane].seed);
        Pack {
            start: [
                lanes(&|trial| trial.start[0]),
                lanes(&|trial| trial.start[1]),
            ],
            noise: PackedNoise::new(lanes(&|trial| trial.noise), seeds),
            rates: Rates::new(
                lanes(&|trial| trial.rate),
                array::from_fn(|lane| &trials[lane].schedule),
            ),
            hyperparameters,
        }
    }

    fn trial(&self, values: &[f64]) -> Trial {
        let mut trial = Trial {
            rate: self.run.learning_rate,
            schedule: self.run.schedule.clone(),
            start: self.start,
            noise: self.noise,
            seed: self.seed,
        };
        for (place, &value) in self.places.iter().zip(values) {
            match *place {
                Place::Rate => trial.rate = value,
                Place::Schedule(index) => match trial.schedule.fields_mut().get_mut(index) {
                    Some(Field::Number(number)) => **number = value,
                    Some(Field::Count(count)) => **count = value as u64,
                    _ => {}
                },
                Place::Hyperparameter(_) => {}
                Place::Start(index) => trial.start[index] = value,
                Place::Noise => trial.noise = value,
                Place::Seed => trial.seed = value as u64,
            }
        }
        trial
    }
}

fn place(run: &CheckedRun, quantity: &Quantity) -> Option<Place> {
    let schedule = |id: &str| {
        let parameters = run.schedule.card().parameters;
        parameters.iter().position(|parameter| parameter.id == id)
    };
    match quantity {
        Quantity::LearningRate => Some(Place::Rate),
        Quantity::Decay => schedule("rate").map(Place::Schedule),
        Quantity::Schedule(id) => schedule(id).map(Place::Schedule),
        Quantity::Hyperparameter(id) => {
            let all = run.optimizer.card().hyperparameters;
            all.iter()
                .position(|h| h.id == id)
                .map(Place::Hyperparameter)
        }
        Quantity::Start(index) => Some(Place::Start(*index)),
        Quantity::Noise => Some(Place::Noise),
        Quantity::Seed => Some(Place::Seed),
        Quantity::Wrapper { .. } | Quantity::Remedy(_) | Quantity::Surface(_) => None,
    }
}
