//! What is known about a quantity of a run.

use super::{MOST_SEED, Quantity};
use crate::experiment::{Experiment, RunSpec, nearest};
use crate::optimizers::{self, Domain, Hyperparameter, Scale};
use crate::schedules::ParameterKind;

/// What is known about a quantity of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    /// The name for people.
    pub name: String,
    /// The values that make sense at all.
    pub domain: Domain,
    /// The values that are looked at where nobody says which.
    pub usual: (f64, f64),
    /// How they are spread.
    pub scale: Scale,
}

impl Traits {
    pub(super) fn logarithmic(name: &str, usual: (f64, f64)) -> Self {
        Self {
            name: name.to_owned(),
            domain: Domain::NON_NEGATIVE,
            usual,
            scale: Scale::Logarithmic,
        }
    }

    pub(super) fn of(setting: &Hyperparameter) -> Self {
        Self {
            name: format!("{} ({})", setting.symbol, setting.id),
            domain: setting.domain,
            usual: setting.slider,
            scale: setting.scale,
        }
    }
}

pub(super) fn schedule_traits(run: &RunSpec, id: &str) -> Result<Traits, String> {
    let card = run.schedule.card();
    let parameter = card.parameters.iter().find(|parameter| parameter.id == id);
    let name = |name: &str| format!("{} ({})", name, card.name);
    match parameter.map(|parameter| (parameter, parameter.kind)) {
        Some((
            p,
            ParameterKind::Number {
                domain,
                slider,
                scale,
            },
        )) => Ok(Traits {
            name: name(p.name),
            domain,
            usual: slider,
            scale,
        }),
        Some((p, ParameterKind::Count { least, slider })) => Ok(Traits {
            name: name(p.name),
            domain: Domain::closed(least as f64, MOST_SEED),
            usual: (slider.0 as f64, slider.1 as f64),
            scale: Scale::Count,
        }),
        _ => Err(format!("the schedule `{}` has no such number", card.id)),
    }
}

pub(super) fn hyperparameter_traits(run: &RunSpec, id: &str) -> Result<Traits, String> {
    let Some(rule) = optimizers::find(&run.optimizer) else {
        return Err(format!("unknown optimizer `{}`", run.optimizer));
    };
    let card = rule.card();
    if let Some(found) = card.hyperparameter(id) {
        return Ok(Traits::of(found));
    }
    let others = ["learning_rate", "decay", "w1", "w2", "noise", "seed"];
    let known = card.hyperparameters.iter().map(|h| h.id).chain(others);
    let hint = nearest(id, known).map(|known| format!("; did you mean `{known}`?"));
    Err(format!(
        "`{}` has no such hyperparameter{}",
        card.id,
        hint.unwrap_or_default()
    ))
}

pub(super) fn remedy_traits(run: &RunSpec, id: &str) -> Result<Traits, String> {
    let Some(remedy) = &run.remedy else {
        return Err("the run has no remedy".to_owned());
    };
    let card = remedy.card;
    let found = card.settings.iter().find(|setting| setting.id == id);
    found.map(Traits::of).ok_or_else(|| {
        let known = card.settings.iter().map(|setting| setting.id);
        let hint = nearest(id, known).map(|known| format!("; did you mean `{known}`?"));
        let hint = hint.unwrap_or_default();
        format!("the remedy {} has no such setting{hint}", card.id)
    })
}

pub(super) fn surface_traits(
    quantity: &Quantity,
    experiment: &Experiment,
) -> Result<Traits, String> {
    let landscape = experiment.objective.landscape();
    let landscape = landscape.ok_or_else(|| "what is minimised is no landscape".to_owned())?;
    let card = landscape.card();
    match quantity {
        Quantity::Start(index) => Ok(Traits {
            name: format!("Start w{}", index + 1),
            domain: Domain::closed(-f64::MAX, f64::MAX),
            usual: card.range[(*index).min(1)],
            scale: Scale::Linear,
        }),
        Quantity::Surface(id) => {
            let setting = card.setting(id);
            let setting = setting.ok_or_else(|| format!("`{}` has no such setting", card.id))?;
            Ok(Traits {
                name: setting.name.to_owned(),
                domain: setting.domain,
                usual: setting.slider,
                scale: setting.scale,
            })
        }
        _ => Ok(Traits::logarithmic("Noise", (1e-3, 100.0))),
    }
}
