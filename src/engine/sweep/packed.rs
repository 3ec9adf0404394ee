//! Trials eight in one number.

use super::block::Block;
use super::lockstep::{Lockstep, Subject};
use super::noise::PackedNoise;
use super::rates::Rates;
use super::reached::Reached;
use crate::experiment::{Checked, CheckedRun, Quantity, WrapperSpec};
use crate::numbers::Lanes;
use crate::optimizers::packed::{Limits, Tally};
use crate::schedules::{Field, Schedule};
use std::array;

/// What one pack of eight runs starts with.
pub(super) struct Pack {
    /// One entry a parameter.
    pub start: Vec<Lanes>,
    pub rates: Rates,
    /// In the order of the rule's card.
    pub hyperparameters: Vec<Lanes>,
    /// Those of every wrapper, the innermost first, in the order of its card.
    pub wrappers: Vec<Vec<Lanes>>,
    pub noise: Option<PackedNoise>,
}

impl Pack {
    const EMPTY: Self = Self {
        start: Vec::new(),
        rates: Rates::NONE,
        hyperparameters: Vec::new(),
        wrappers: Vec::new(),
        noise: None,
    };

    /// Becomes eight times the run as it is, in the room that there is already.
    fn start_again(&mut self, packed: &Packed) {
        refill(&mut self.start, &packed.start);
        refill(&mut self.hyperparameters, &packed.run.hyperparameters);
        self.wrappers.resize(packed.run.wrappers.len(), Vec::new());
        for (settings, around) in self.wrappers.iter_mut().zip(&packed.run.wrappers) {
            refill(settings, &around.settings);
        }
    }
}

fn refill(lanes: &mut Vec<Lanes>, values: &[f64]) {
    lanes.clear();
    lanes.extend(values.iter().map(|&value| same(value)));
}

fn same(value: f64) -> Lanes {
    Lanes([value; 8])
}

/// Where a quantity stands among what a pack is made of.
#[derive(Clone, Copy, Debug)]
enum Place {
    Rate,
    /// A number of the schedule, by its place on the card.
    Schedule(usize),
    Hyperparameter(usize),
    /// A setting, by its place on the card, of the wrapper with this place.
    Wrapper(usize, usize),
    Start(usize),
    Noise,
    Seed,
}

/// A run whose trials can be packed.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    run: CheckedRun,
    subject: Subject,
    start: Vec<f64>,
    noise: f64,
    seed: u64,
    updates: u64,
    updates_per_epoch: u64,
    /// The number of the run's schedule, where that is inverse time: nearly all sweeps have it.
    /// One epoch must be one update, so that it is all the same which of them it counts.
    decay: Option<f64>,
    places: Vec<Place>,
    limits: Limits,
}

impl Packed {
    /// None where trials must go through the simulation: what is minimised is a network, or
    /// another landscape or other batches in every trial, the rule or something around it asks the
    /// objective, or the run's rate is changed on the way.
    pub fn new(checked: &Checked, quantities: &[Quantity], target: f64) -> Option<Self> {
        let run = checked.runs.first()?;
        let asks_around = |around: &WrapperSpec| around.card().needs.asks();
        let asks = run.optimizer.card().needs.asks() || run.wrappers.iter().any(asks_around);
        if asks || !run.events.is_empty() {
            return None;
        }
        let subject = Subject::of(checked)?;
        let is_placed = |quantity: &&Quantity| match subject {
            Subject::Landscape(_) => true,
            Subject::Regression(_) => **quantity != Quantity::Seed,
        };
        let places = quantities.iter().filter(is_placed).map(|q| place(run, q));
        let places: Vec<_> = places.collect::<Option<_>>()?;
        (places.len() == quantities.len()).then(|| Self {
            run: run.clone(),
            start: checked.start.clone(),
            noise: checked.experiment.objective.noise(),
            seed: checked.experiment.seed,
            updates: checked.updates(),
            updates_per_epoch: checked.updates_per_epoch(),
            decay: match run.schedule {
                Schedule::InverseTime { rate, .. } if checked.updates_per_epoch() == 1 => {
                    Some(rate)
                }
                _ => None,
            },
            places,
            limits: subject.limits(target),
            subject,
        })
    }

    /// Up to eight trials; the last one again in lanes that are left over.
    fn fill(&self, values: &[f64], width: usize, pack: &mut Pack) {
        let last = values.len() / width - 1;
        let of_lane = |lane: usize| &values[lane.min(last) * width..][..width];
        pack.start_again(self);
        let mut rate = same(self.run.learning_rate);
        let mut decay = self.decay.map(same);
        let (mut noise, mut seeds) = (same(self.noise), [self.seed; 8]);
        let mut varied: Option<[Schedule; 8]> = None;
        for (column, place) in self.places.iter().enumerate() {
            let values = Lanes(array::from_fn(|lane| of_lane(lane)[column]));
            match *place {
                Place::Rate => rate = values,
                Place::Hyperparameter(index) => pack.hyperparameters[index] = values,
                Place::Wrapper(wrapper, setting) => pack.wrappers[wrapper][setting] = values,
                Place::Start(index) => pack.start[index] = values,
                Place::Noise => noise = values,
                Place::Seed => seeds = values.0.map(|seed| seed as u64),
                Place::Schedule(_) if decay.is_some() => decay = Some(values),
                Place::Schedule(index) => {
                    let schedules = varied.get_or_insert_with(|| self.eight_schedules());
                    for (schedule, value) in schedules.iter_mut().zip(values.0) {
                        set_field(schedule, index, value);
                    }
                }
            }
        }
        let schedules = match &varied {
            Some(schedules) => schedules.each_ref(),
            None => [&self.run.schedule; 8],
        };
        pack.rates = match decay {
            Some(decay) => Rates::InverseTime {
                base: rate,
                rate: decay,
            },
            None => Rates::new(rate, schedules, self.updates_per_epoch),
        };
        pack.noise = PackedNoise::new(noise, seeds);
    }

    fn eight_schedules(&self) -> [Schedule; 8] {
        array::from_fn(|_| self.run.schedule.clone())
    }
}

/// Makes trials on one core, one after the other in the same room.
pub(super) struct Maker<'a> {
    packed: &'a Packed,
    pack: Pack,
    /// None where a run has more around it than a block can hold.
    block: Option<Block<'a>>,
}

impl<'a> Maker<'a> {
    pub fn new(packed: &'a Packed) -> Self {
        let block = match &packed.subject {
            Subject::Landscape(landscape) if packed.run.wrappers.is_empty() => {
                let (rule, limits) = (packed.run.optimizer, &packed.limits);
                let varies = |place: &Place| matches!(place, Place::Hyperparameter(_));
                let are_alike = !packed.places.iter().any(varies);
                Some(Block::new(rule, &**landscape, limits, are_alike))
            }
            _ => None,
        };
        Self {
            packed,
            pack: Pack::EMPTY,
            block,
        }
    }

    /// Makes the trials whose quantities, `width` a trial, are `values`, and writes what they
    /// have come to; none when `goes_on` has said no, which is asked every few updates.
    pub fn run(
        &mut self,
        values: &[f64],
        width: usize,
        reached: &mut [Reached],
        goes_on: &dyn Fn() -> bool,
    ) -> Option<()> {
        let Self {
            packed,
            pack,
            block,
        } = self;
        let (updates, dimension) = (packed.updates, packed.start.len());
        let note = |tally: &Tally, reached: &mut [Reached]| {
            for (lane, reached) in reached.iter_mut().enumerate() {
                reached.set(tally, lane, updates, dimension);
            }
        };
        let packs = values.chunks(8 * width);
        let Some(block) = block else {
            for (values, reached) in packs.zip(reached.chunks_mut(8)) {
                packed.fill(values, width, pack);
                let (subject, limits) = (&packed.subject, &packed.limits);
                let lockstep = Lockstep::new(&packed.run, subject, limits, pack);
                note(&lockstep.run(updates, goes_on)?, reached);
            }
            return Some(());
        };
        block.clear();
        for values in packs {
            packed.fill(values, width, pack);
            block.push(pack);
        }
        let tallies = block.run(updates, goes_on)?;
        for (tally, reached) in tallies.iter().zip(reached.chunks_mut(8)) {
            note(tally, reached);
        }
        Some(())
    }
}

/// Sets a number of a schedule, by its place on the card.
fn set_field(schedule: &mut Schedule, index: usize, value: f64) {
    match schedule.fields_mut().get_mut(index) {
        Some(Field::Number(number)) => **number = value,
        Some(Field::Count(count)) => **count = value as u64,
        _ => {}
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
        Quantity::Wrapper { index, setting } => {
            let settings = run.wrappers.get(*index)?.card().settings;
            let place = settings.iter().position(|h| h.id == setting);
            place.map(|place| Place::Wrapper(*index, place))
        }
        Quantity::Remedy(_) | Quantity::Surface(_) => None,
    }
}
