//! What is wrong with an objective.

use super::{EXPRESSION, LATER, ObjectiveSpec, network, regression, tasks};
use crate::experiment::check::Problems;
use crate::landscapes::formula::{self, FARTHEST, FormulaError, NARROWEST};
use crate::landscapes::{self, LANDSCAPES, LandscapeCard};
use crate::models::continual::{MAX_SURFACES, Surfaces};
use crate::numbers::{Domain, Noise};
use crate::objective::{LandscapeObjective, Objective};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The objective as a run of `epochs` epochs sees it, or its problems.
pub fn check(
    objective: &ObjectiveSpec,
    (epochs, seed): (u64, u64),
    problems: &mut Problems,
) -> Option<Arc<dyn Objective>> {
    let before = problems.count();
    for (index, w) in objective.written_start().iter().flatten().enumerate() {
        let place = format!("objective.start[{index}]");
        problems.number(&place, *w, true, &"the start as two finite numbers");
    }
    let (noise, domain) = (objective.noise(), Domain::NON_NEGATIVE);
    problems.number("objective.noise", noise, domain.contains(noise), &domain);
    match objective {
        ObjectiveSpec::Landscape {
            surface, settings, ..
        } => check_surface(surface, settings, problems),
        ObjectiveSpec::Formula {
            expression,
            then,
            w1,
            w2,
            ..
        } => {
            check_range("objective.w1", *w1, problems);
            check_range("objective.w2", *w2, problems);
            if let Err(error) = formula::check(expression) {
                problems.add(EXPRESSION, placed(&error, expression));
            }
            check_later(then, problems);
        }
        ObjectiveSpec::Regression(spec) => {
            let regression = regression::check(spec, seed, problems)?;
            return Some(Arc::new(regression));
        }
        ObjectiveSpec::Network(spec) => {
            let task = network::check(spec, seed, problems)?;
            return Some(Arc::new(task));
        }
        ObjectiveSpec::Tasks(spec) => {
            let sequence = tasks::check(spec, seed, problems)?;
            return Some(Arc::new(sequence));
        }
    }
    if problems.count() > before {
        return None;
    }
    let draws = Noise::new(seed);
    if objective.later_surfaces() > 0 {
        let surfaces = Surfaces::new(objective.surfaces()?, epochs, noise, draws)?;
        return Some(Arc::new(surfaces));
    }
    Some(Arc::new(LandscapeObjective {
        landscape: objective.landscape()?,
        noise,
        draws,
    }))
}

/// The formulas that follow the first.
fn check_later(then: &[String], problems: &mut Problems) {
    for (index, expression) in then.iter().enumerate() {
        if let Err(error) = formula::check(expression) {
            let place = format!("{LATER}[{index}]");
            problems.add(&place, placed(&error, expression));
        }
    }
    let most = MAX_SURFACES - 1;
    if then.len() > most {
        let message = format!("{} formulas are too many; give at most {most}", then.len());
        problems.add(LATER, message);
    }
}

fn check_surface(surface: &str, settings: &BTreeMap<String, f64>, problems: &mut Problems) {
    match landscapes::find(surface) {
        Some(landscape) => check_settings(settings, &landscape.card(), problems),
        None => {
            let ids = LANDSCAPES.iter().map(|landscape| landscape.card().id);
            problems.unknown("objective.surface", "landscape", surface, ids);
        }
    }
}

fn check_settings(
    settings: &BTreeMap<String, f64>,
    card: &LandscapeCard<'_>,
    problems: &mut Problems,
) {
    for (id, &value) in settings {
        let place = format!("objective.settings.{id}");
        match card.setting(id) {
            Some(s) => problems.number(&place, value, s.domain.contains(value), &s.domain),
            None if card.settings.is_empty() => {
                problems.add(&place, format!("`{}` has no settings", card.id));
            }
            None => {
                let ids = card.settings.iter().map(|setting| setting.id);
                problems.unknown(&place, &format!("setting of `{}`", card.id), id, ids);
            }
        }
    }
}

/// A mistake in a formula with its column; the place in the file is the text's beginning.
pub(super) fn placed(error: &FormulaError, expression: &str) -> String {
    format!(
        "column {} of the formula: {error}",
        error.column(expression)
    )
}

/// Whether a range can be drawn.
pub fn is_range(range: (f64, f64)) -> bool {
    wrong_with(range).is_none()
}

fn check_range(place: &str, range: (f64, f64), problems: &mut Problems) {
    for (index, end) in [range.0, range.1].into_iter().enumerate() {
        let place = format!("{place}[{index}]");
        problems.number(&place, end, true, &"the range as two finite numbers");
    }
    if range.0.is_finite()
        && range.1.is_finite()
        && let Some(message) = wrong_with(range)
    {
        problems.add(place, message);
    }
}

/// What is wrong with a range, if anything.
fn wrong_with((low, high): (f64, f64)) -> Option<String> {
    let farthest = low.abs().max(high.abs());
    if !(low.is_finite() && high.is_finite()) {
        Some("give the range as two finite numbers".into())
    } else if low >= high {
        Some(format!(
            "the range from {low} to {high} is empty; give the smaller end first"
        ))
    } else if farthest > FARTHEST {
        Some(format!(
            "the range from {low} to {high} is too wide: nothing could be told apart in its \
             picture; stay within ±{FARTHEST:e}"
        ))
    } else if high - low < NARROWEST * farthest {
        Some(format!(
            "the range from {low} to {high} is too narrow: its points are hardly different \
             numbers; make it at least {:e} wide",
            NARROWEST * farthest
        ))
    } else {
        None
    }
}
