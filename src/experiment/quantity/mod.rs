//! What can be varied of an experiment: the axes of maps, sweeps and tuning.

mod traits;

pub use traits::Traits;

use super::{Experiment, RunSpec};
use crate::optimizers::{self, Domain, Scale};
use crate::schedules::{Field, Per, Schedule};
use std::fmt;
use thiserror::Error;
use traits::{hyperparameter_traits, remedy_traits, schedule_traits, surface_traits};

/// The largest whole number that every number up to it can be told from.
const MOST_SEED: f64 = 9_007_199_254_740_992.0;

/// Something of a run, or of what it minimises, that a number stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// The run's learning rate.
    LearningRate,
    /// The rate of its inverse-time schedule, which a run without a schedule is given.
    Decay,
    /// A number of its schedule, by the id on the schedule's card.
    Schedule(String),
    /// A hyperparameter of its rule, by its id.
    Hyperparameter(String),
    /// A setting of one of its wrappers.
    Wrapper {
        /// Which wrapper, from 0.
        index: usize,
        /// Its setting's id.
        setting: String,
    },
    /// A setting of its remedy against forgetting, by its id.
    Remedy(String),
    /// A coordinate of the start: w1 (0) or w2 (1).
    Start(usize),
    /// The deviation of the gradient's noise.
    Noise,
    /// The seed of everything random.
    Seed,
    /// A setting of the landscape, by its id.
    Surface(String),
}

/// A quantity that a run doesn't have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{quantity}`: {reason}")]
pub struct NoSuchQuantity {
    quantity: String,
    reason: String,
}

impl NoSuchQuantity {
    /// The run itself cannot be run; this is why.
    pub(crate) fn invalid(reason: String) -> Self {
        Self {
            quantity: "experiment".to_owned(),
            reason,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LearningRate => f.write_str("learning_rate"),
            Self::Decay => f.write_str("decay"),
            Self::Schedule(id) => write!(f, "schedule.{id}"),
            Self::Hyperparameter(id) => f.write_str(id),
            Self::Wrapper { index, setting } => write!(f, "wrappers.{index}.{setting}"),
            Self::Remedy(id) => write!(f, "remedy.{id}"),
            Self::Start(index) => write!(f, "w{}", index + 1),
            Self::Noise => f.write_str("noise"),
            Self::Seed => f.write_str("seed"),
            Self::Surface(id) => write!(f, "surface.{id}"),
        }
    }
}

impl Quantity {
    /// The quantity with this name: `learning_rate`, `decay`, `schedule.FIELD`, `w1`, `w2`,
    /// `noise`, `seed`, `surface.SETTING`, `wrappers.INDEX.SETTING`, `remedy.SETTING`, or a
    /// hyperparameter's id.
    pub fn named(name: &str) -> Self {
        let wrapper = |rest: &str| {
            let (index, setting) = rest.split_once('.')?;
            let (index, setting) = (index.parse().ok()?, setting.to_owned());
            Some(Self::Wrapper { index, setting })
        };
        match name {
            "learning_rate" => Self::LearningRate,
            "decay" => Self::Decay,
            "w1" => Self::Start(0),
            "w2" => Self::Start(1),
            "noise" => Self::Noise,
            "seed" => Self::Seed,
            _ => {
                let part = |prefix: &str| name.strip_prefix(prefix);
                if let Some(id) = part("schedule.") {
                    Self::Schedule(id.to_owned())
                } else if let Some(id) = part("surface.") {
                    Self::Surface(id.to_owned())
                } else if let Some(id) = part("remedy.") {
                    Self::Remedy(id.to_owned())
                } else if let Some(found) = part("wrappers.").and_then(wrapper) {
                    found
                } else {
                    let id = part("hyperparameters.").unwrap_or(name);
                    Self::Hyperparameter(id.to_owned())
                }
            }
        }
    }

    /// Whether both stand for the same number: the decay is the rate of an inverse-time schedule.
    pub fn is_same(&self, other: &Self) -> bool {
        let plain = |quantity: &Self| match quantity {
            Self::Schedule(id) if id == "rate" => Self::Decay,
            _ => quantity.clone(),
        };
        plain(self) == plain(other)
    }

    /// Whether it belongs to a run, not to what all runs minimise.
    pub fn is_of_a_run(&self) -> bool {
        !matches!(
            self,
            Self::Start(_) | Self::Noise | Self::Seed | Self::Surface(_)
        )
    }

    /// All that run `run` has, in menu order.
    pub fn of_run(experiment: &Experiment, run: usize) -> Vec<Self> {
        let mut all = vec![Self::LearningRate, Self::Decay];
        if let Some(run) = experiment.runs.get(run) {
            for parameter in run.schedule.card().parameters {
                all.push(Self::Schedule(parameter.id.to_owned()));
            }
            if let Some(rule) = optimizers::find(&run.optimizer) {
                let settings = rule.card().hyperparameters.iter();
                all.extend(settings.map(|h| Self::Hyperparameter(h.id.to_owned())));
            }
            for (index, wrapper) in run.wrappers.iter().enumerate() {
                let settings = wrapper.card().settings.iter();
                all.extend(settings.map(|h| Self::Wrapper {
                    index,
                    setting: h.id.to_owned(),
                }));
            }
            let settings = run.remedy.iter().flat_map(|remedy| remedy.card.settings);
            all.extend(settings.map(|h| Self::Remedy(h.id.to_owned())));
        }
        all.extend([Self::Start(0), Self::Start(1), Self::Noise, Self::Seed]);
        if let Some(landscape) = experiment.objective.landscape() {
            let settings = landscape.card().settings;
            all.extend(settings.iter().map(|s| Self::Surface(s.id.to_owned())));
        }
        all.retain(|quantity| quantity.traits(experiment, run).is_ok());
        // The schedule's own rate is the decay already.
        all.retain(|quantity| {
            let is_decay = matches!(quantity, Self::Schedule(id) if id == "rate");
            !(is_decay && Self::Decay.traits(experiment, run).is_ok())
        });
        all
    }

    /// What is known about it for run `run`.
    ///
    /// # Errors
    /// When the run, or what it minimises, has no such quantity.
    pub fn traits(&self, experiment: &Experiment, run: usize) -> Result<Traits, NoSuchQuantity> {
        let refuse = |reason: String| NoSuchQuantity {
            quantity: self.to_string(),
            reason,
        };
        let spec = experiment.runs.get(run);
        let spec = spec.ok_or_else(|| refuse(format!("there is no run {run}")));
        match self {
            Self::LearningRate => spec.map(|_| Traits::logarithmic("Learning rate", (1e-6, 1.0))),
            Self::Decay => {
                let allowed = matches!(
                    spec?.schedule,
                    Schedule::Constant | Schedule::InverseTime { .. }
                );
                let reason =
                    "decay belongs to the schedule `InverseTime`, and this run has another";
                match allowed {
                    true => Ok(Traits::logarithmic("Decay", (1e-4, 10.0))),
                    false => Err(refuse(reason.to_owned())),
                }
            }
            Self::Schedule(id) => schedule_traits(spec?, id).map_err(refuse),
            Self::Hyperparameter(id) => hyperparameter_traits(spec?, id).map_err(refuse),
            Self::Wrapper { index, setting } => {
                let wrapper = spec?.wrappers.get(*index);
                let settings = wrapper.map_or(&[][..], |wrapper| wrapper.card().settings);
                let found = settings.iter().find(|h| h.id == setting);
                found.map(Traits::of).ok_or_else(|| {
                    refuse("the run has no wrapper with this setting there".to_owned())
                })
            }
            Self::Remedy(id) => remedy_traits(spec?, id).map_err(refuse),
            Self::Start(_) | Self::Noise | Self::Surface(_) => {
                surface_traits(self, experiment).map_err(refuse)
            }
            Self::Seed => Ok(Traits {
                name: "Seed".to_owned(),
                domain: Domain::closed(0.0, MOST_SEED),
                usual: (0.0, 63.0),
                scale: Scale::Count,
            }),
        }
    }

    /// Its present value; none where there is no such quantity.
    pub fn value(&self, experiment: &Experiment, run: usize) -> Option<f64> {
        let spec = experiment.runs.get(run)?;
        match self {
            Self::LearningRate => Some(spec.base_rate()),
            Self::Decay => match spec.schedule {
                Schedule::InverseTime { rate, .. } => Some(rate),
                _ => Some(0.0),
            },
            Self::Schedule(id) => {
                let mut schedule = spec.schedule.clone();
                match schedule_field(&mut schedule, id)? {
                    Field::Number(value) => Some(*value),
                    Field::Count(value) => Some(*value as f64),
                    _ => None,
                }
            }
            Self::Hyperparameter(id) => {
                let rule = optimizers::find(&spec.optimizer)?;
                Some(spec.value(rule.card().hyperparameter(id)?))
            }
            Self::Wrapper { index, setting } => {
                let wrapper = spec.wrappers.get(*index)?;
                let place = wrapper
                    .card()
                    .settings
                    .iter()
                    .position(|h| h.id == setting)?;
                wrapper.settings.get(place).copied()
            }
            Self::Remedy(id) => spec.remedy.as_ref()?.value(id),
            Self::Start(index) => experiment.start().get(*index).copied(),
            Self::Noise => Some(experiment.objective.noise()),
            Self::Seed => Some(experiment.all_seeds()[0] as f64),
            Self::Surface(id) => {
                let landscape = experiment.objective.landscape()?;
                let setting = landscape.card().setting(id)?;
                let own = experiment.objective.settings().get(id.as_str());
                Some(own.copied().unwrap_or(setting.default))
            }
        }
    }

    /// Gives it a value in run `run`, or in what all runs minimise.
    pub fn set(&self, experiment: &mut Experiment, run: usize, value: f64) {
        match self {
            Self::Start(index) => {
                let mut start = experiment.start();
                if let Some(coordinate) = start.get_mut(*index) {
                    *coordinate = value;
                }
                experiment.set_start(start);
            }
            Self::Noise => experiment.objective.set_noise(value),
            Self::Seed => experiment.set_seeds(value as u64, experiment.seeds.len()),
            Self::Surface(id) => experiment.objective.set_setting(id, value),
            _ => {
                if let Some(spec) = experiment.runs.get_mut(run) {
                    self.set_in(spec, value);
                }
            }
        }
    }

    /// Gives it a value in a run; what all runs share stays.
    pub fn set_in(&self, spec: &mut RunSpec, value: f64) {
        match self {
            Self::LearningRate => spec.learning_rate = Some(value),
            Self::Decay => match &mut spec.schedule {
                Schedule::InverseTime { rate, .. } => *rate = value,
                schedule => {
                    *schedule = Schedule::InverseTime {
                        rate: value,
                        per: Per::Epoch,
                    };
                }
            },
            Self::Schedule(id) => match schedule_field(&mut spec.schedule, id) {
                Some(Field::Number(number)) => *number = value,
                Some(Field::Count(count)) => *count = value as u64,
                _ => {}
            },
            Self::Hyperparameter(id) => {
                spec.hyperparameters.insert(id.clone(), value);
            }
            Self::Wrapper { index, setting } => {
                if let Some(wrapper) = spec.wrappers.get_mut(*index)
                    && let Some(place) =
                        wrapper.card().settings.iter().position(|h| h.id == setting)
                {
                    wrapper.settings[place] = value;
                }
            }
            Self::Remedy(id) => {
                if let Some(remedy) = &mut spec.remedy {
                    remedy.set(id, value);
                }
            }
            Self::Start(_) | Self::Noise | Self::Seed | Self::Surface(_) => {}
        }
    }
}

/// The field of a schedule with this id.
fn schedule_field<'a>(schedule: &'a mut Schedule, id: &str) -> Option<Field<'a>> {
    let parameters = schedule.card().parameters;
    let place = parameters.iter().position(|parameter| parameter.id == id)?;
    schedule.fields_mut().into_iter().nth(place)
}
