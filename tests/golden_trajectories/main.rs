//! Every rule and schedule against the numbers of its reference implementation.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod blocks;
mod by_hand;
mod variants;
mod wrapped;

use descent_lab::engine::{self, Outcome, Trace};
use descent_lab::experiment::{Experiment, ObjectiveSpec, RunSpec};
use descent_lab::objective::{Asked, Function};
use descent_lab::optimizers::{self, Composed, OPTIMIZERS, Shape, Step, UpdateRule};
use descent_lab::schedules::{Field, Moment, Per, SCHEDULES, Schedule};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct GoldenRule {
    optimizer: String,
    hyperparameters: BTreeMap<String, f64>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    landscape: String,
    start: [f64; 2],
    learning_rate: f64,
    inverse_time_decay: f64,
    steps: u64,
    /// w1, w2 and the loss, after 0, 1, … updates.
    rows: Vec<[f64; 3]>,
}

#[derive(Deserialize)]
struct GoldenSchedule {
    schedule: String,
    parameters: BTreeMap<String, serde_json::Value>,
    base_rate: f64,
    reference: String,
    rates: Vec<f64>,
}

/// Rules whose reference doesn't follow the rate of the same update, so that it has no case
/// with a changing one: torch's Rprop keeps the first rate, its ASGD is one update late, and
/// Nelder and Mead's has none.
/// `tests/identities.rs` holds both.
const OWN_RATES: [&str; 3] = ["asgd", "rprop", "nelder_mead"];

fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(path)
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn golden_rules() -> Vec<GoldenRule> {
    let folder = std::fs::read_dir(golden("optimizers")).unwrap();
    let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn agrees(found: f64, expected: f64) -> bool {
    let difference = (found - expected).abs();
    difference <= 1e-12 || difference <= 1e-9 * expected.abs()
}

/// The engine's record of a case, with `hyperparameters` as the only ones given.
fn trace(rule: &GoldenRule, case: &Case, hyperparameters: BTreeMap<String, f64>) -> Trace {
    let run = RunSpec {
        learning_rate: Some(case.learning_rate),
        schedule: Schedule::InverseTime {
            rate: case.inverse_time_decay,
            per: Per::Step,
        },
        hyperparameters,
        ..RunSpec::new(&rule.optimizer)
    };
    let experiment = on_landscape(&case.landscape, case.start, case.steps, run);
    let checked = experiment.check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let trace = history.traces.into_iter().next().unwrap();
    assert_eq!(trace.outcome, Outcome::Finished);
    trace
}

/// One run on a landscape of the catalogue.
fn on_landscape(landscape: &str, start: [f64; 2], epochs: u64, run: RunSpec) -> Experiment {
    Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: landscape.into(),
            start: Some(start),
            noise: 0.0,
            settings: Default::default(),
        },
        epochs,
        seed: 0,
        starts: Vec::new(),
        seeds: Vec::new(),
        runs: vec![run],
        tune: None,
    }
}

/// w1, w2 and the loss of every frame.
fn rows_of(trace: &Trace) -> Vec<[f64; 3]> {
    let row = |frame: engine::Frame<'_>| [frame.parameters[0], frame.parameters[1], frame.loss];
    trace.frames().map(row).collect()
}

/// The rows of a case through the engine, or through the bare rule where experiments refuse it
/// on two parameters.
fn rows(rule: &GoldenRule, case: &Case, hyperparameters: BTreeMap<String, f64>) -> Vec<[f64; 3]> {
    let card = optimizers::find(&rule.optimizer).unwrap().card();
    if card.fits.refusal(&[Shape::vector(2)]).is_none() {
        return rows_of(&trace(rule, case, hyperparameters));
    }
    let run = RunSpec {
        hyperparameters,
        ..RunSpec::new(&rule.optimizer)
    };
    rows_without_engine(&run, case)
}

/// The rows of a case by the bare rule.
fn rows_without_engine(run: &RunSpec, case: &Case) -> Vec<[f64; 3]> {
    let mut walk = Walk::new(run, &[Shape::vector(2)]);
    let objective = on_landscape(&case.landscape, case.start, 0, RunSpec::new("sgd"));
    let objective = objective.check().unwrap().objective;
    let mut at = case.start.to_vec();
    let mut rows = Vec::new();
    for number in 0..=case.steps {
        if number > 0 {
            let rate = case.learning_rate / (1.0 + case.inverse_time_decay * number as f64);
            walk.step(&*objective, number, rate, &mut at);
        }
        let value = Function::<f64>::value(&*objective, &at);
        rows.push([at[0], at[1], value]);
    }
    rows
}

/// A rule with its wrappers at work on any function, without the engine.
struct Walk(Composed<'static, f64>);

impl Walk {
    fn new(run: &RunSpec, shapes: &[Shape]) -> Self {
        let rule = optimizers::find(&run.optimizer).unwrap();
        let card = rule.card();
        for id in run.hyperparameters.keys() {
            assert!(card.hyperparameter(id).is_some(), "{} has no {id}", card.id);
        }
        let settings = card.hyperparameters.iter().map(|h| run.value(h)).collect();
        let update: &'static dyn UpdateRule<f64> = rule;
        let composed = Composed::new(update, card, settings, shapes);
        Self(run.wrappers.iter().fold(composed, |rule, around| {
            rule.wrapped(around.wrapper, around.card(), around.settings.clone())
        }))
    }

    fn step(&mut self, function: &dyn Function<f64>, number: u64, rate: f64, at: &mut [f64]) {
        let mut slope = vec![0.0; at.len()];
        let loss = function.gradient(at, &mut slope);
        let now = Step {
            number,
            learning_rate: rate,
            loss,
            gradient: &slope,
            hyperparameters: &[],
            shapes: &[],
            objective: &Asked::new(function, &|_| (), &|_| 1.0),
        };
        self.0.step(&now, at);
    }
}

/// Holds rows against those of their case.
fn compare(found: &[[f64; 3]], expected: &[[f64; 3]]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} rows for {}", found.len(), expected.len()));
    }
    for (step, (found, expected)) in found.iter().zip(expected).enumerate() {
        if (0..3).any(|column| !agrees(found[column], expected[column])) {
            return Err(format!("step {step}: {found:?} for {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn every_rule_follows_its_reference_step_by_step() {
    for rule in golden_rules() {
        assert!(!rule.cases.is_empty(), "{}", rule.optimizer);
        for case in &rule.cases {
            assert_eq!(case.rows.len() as u64, case.steps + 1);
            let rows = rows(&rule, case, rule.hyperparameters.clone());
            if let Err(difference) = compare(&rows, &case.rows) {
                panic!("{} on {}: {difference}", rule.optimizer, case.landscape);
            }
        }
    }
}

#[test]
fn absent_hyperparameters_are_the_references() {
    for rule in golden_rules() {
        let card = optimizers::find(&rule.optimizer).unwrap().card();
        for (id, value) in &rule.hyperparameters {
            let hyperparameter = card.hyperparameter(id);
            let default = hyperparameter
                .unwrap_or_else(|| panic!("{}: {id}", card.id))
                .default;
            assert_eq!(default, *value, "{}: {id}", card.id);
        }
        // What the card has beyond the reference's settings changes nothing as it stands.
        for case in &rule.cases {
            let rows = rows(&rule, case, BTreeMap::new());
            if let Err(difference) = compare(&rows, &case.rows) {
                panic!("{} on {}: {difference}", card.id, case.landscape);
            }
        }
    }
}

#[test]
fn every_rule_has_golden_numbers_on_three_landscapes() {
    let rules = golden_rules();
    for optimizer in OPTIMIZERS {
        let id = optimizer.card().id;
        if by_hand::RULES.contains(&id) {
            continue;
        }
        let rule = rules.iter().find(|rule| rule.optimizer == id);
        let rule = rule.unwrap_or_else(|| panic!("tests/golden/optimizers has no {id}.json"));
        let landscapes: Vec<_> = rule.cases.iter().map(|case| &case.landscape).collect();
        assert_eq!(landscapes, ["himmelblau", "rosenbrock", "beale"], "{id}");
        let decays = rule.cases.iter().any(|case| case.inverse_time_decay > 0.0);
        let expected = !OWN_RATES.contains(&id);
        assert_eq!(decays, expected, "{id}: cases with a changing rate");
    }
    assert_eq!(rules.len() + by_hand::RULES.len(), OPTIMIZERS.len());
}

#[test]
fn a_wrong_number_in_any_column_is_noticed() {
    let rule = &golden_rules()[0];
    let case = &rule.cases[0];
    let trace = trace(rule, case, rule.hyperparameters.clone());
    for column in 0..3 {
        let mut rows = case.rows.clone();
        rows[40][column] *= 1.0 + 2e-9;
        let difference = compare(&rows_of(&trace), &rows).unwrap_err();
        assert!(difference.starts_with("step 40:"), "{difference}");
    }
    assert!(compare(&rows_of(&trace), &case.rows[1..]).is_err());
}

/// Where the references ran in single precision.
const SINGLE: &str = "float32";

/// What has no numbers in the golden file: tests of `src/schedules` work them out by hand.
const BY_HAND: [&str; 4] = ["Factor", "WarmupStableDecay", "Sequence", "Plateau"];

/// `MultiStep` as golden files write it: `multi_step`.
fn snake_case(id: &str) -> String {
    let mut text = String::new();
    for c in id.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// The schedule with this id and the parameters that it has among those of the entry, which are
/// ticked off in `used`.
fn with_parameters(id: &str, entry: &GoldenSchedule, used: &mut Vec<String>) -> Schedule {
    let card = SCHEDULES.iter().find(|card| snake_case(card.id) == id);
    let card = card.unwrap_or_else(|| panic!("no schedule is called {id}"));
    let mut schedule = (card.template)();
    for (parameter, field) in card.parameters.iter().zip(schedule.fields_mut()) {
        // Of two schedules' `steps` the golden file calls the warm-up's `warmup_steps`.
        let renamed = format!("{}_{}", id.replace('_', ""), parameter.id);
        let names = [renamed.as_str(), parameter.id];
        let given = names
            .into_iter()
            .find(|&name| entry.parameters.contains_key(name));
        let value = given.map(|name| {
            used.push(name.to_owned());
            &entry.parameters[name]
        });
        match (field, value) {
            (Field::Number(number), Some(value)) => *number = value.as_f64().unwrap(),
            (Field::Count(count), Some(value)) => *count = value.as_u64().unwrap(),
            (Field::Counts(list), Some(value)) => {
                *list = serde_json::from_value(value.clone()).unwrap();
            }
            (Field::Per(per), None) => *per = Per::Step,
            (Field::Schedule(then), None) => *then = with_parameters("cosine", entry, used),
            (field, value) => panic!("{}: {field:?} for {value:?}", entry.schedule),
        }
    }
    schedule
}

/// The schedule of a golden entry.
fn schedule(entry: &GoldenSchedule) -> Schedule {
    let is_nested = entry.schedule.starts_with("warmup(linear");
    let id = if is_nested {
        "warm_up"
    } else {
        &entry.schedule
    };
    let mut used = Vec::new();
    let schedule = with_parameters(id, entry, &mut used);
    for (name, value) in &entry.parameters {
        // The peak is the base rate here.
        let is_peak = value.as_f64() == Some(entry.base_rate);
        assert!(used.contains(name) || is_peak, "{}: {name}", entry.schedule);
    }
    schedule
}

#[test]
fn schedules_give_the_references_rates() {
    let entries: Vec<GoldenSchedule> = read(&golden("schedules.json"));
    let mut compared: BTreeSet<_> = BY_HAND.into();
    for entry in &entries {
        let schedule = schedule(entry);
        let single = entry.reference.contains(SINGLE);
        let tolerance = if single { 1e-6 } else { 1e-12 };
        for (index, &expected) in entry.rates.iter().enumerate() {
            let found = schedule.rate(entry.base_rate, Moment::of_update(index as u64 + 1));
            assert!(
                (found - expected).abs() <= tolerance * expected,
                "{} at {index}: {found} for {expected}",
                entry.schedule
            );
        }
        compared.insert(schedule.card().id);
    }
    // A schedule that is added must be compared above.
    let catalogue = SCHEDULES.iter().map(|card| card.id).collect();
    assert_eq!(compared, catalogue);
}
