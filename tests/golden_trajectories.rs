//! Every rule and schedule against the numbers of its reference implementation.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{self, Outcome, Trace};
use descent_lab::experiment::{Experiment, ObjectiveSpec, RunSpec};
use descent_lab::optimizers::{self, Memory, OPTIMIZERS, Scope, Step};
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

/// Rules over all blocks at once on a quadratic whose parameters lie in two blocks.
#[derive(Deserialize)]
struct GoldenBlocks {
    curvature: Vec<f64>,
    minimum: Vec<f64>,
    start: Vec<f64>,
    learning_rate: f64,
    inverse_time_decay: f64,
    cases: Vec<BlocksCase>,
}

#[derive(Deserialize)]
struct BlocksCase {
    optimizer: String,
    hyperparameters: BTreeMap<String, f64>,
    /// All parameters after 0, 10, … updates.
    rows: Vec<Vec<f64>>,
}

/// Rules whose reference doesn't follow the rate of the same update, so that it has no case
/// with a changing one: torch's Rprop keeps the first rate, its ASGD is one update late.
/// `tests/identities.rs` holds both.
const OWN_RATES: [&str; 2] = ["asgd", "rprop"];

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
    let experiment = Experiment {
        version: 1,
        title: String::new(),
        notes: String::new(),
        objective: ObjectiveSpec::Landscape {
            surface: case.landscape.clone(),
            start: Some(case.start),
            noise: 0.0,
            settings: Default::default(),
        },
        epochs: case.steps,
        seed: 0,
        runs: vec![run],
    };
    let checked = experiment.check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    history.traces.into_iter().next().unwrap()
}

/// Holds a trace against the rows of its case.
fn compare(trace: &Trace, rows: &[[f64; 3]]) -> Result<(), String> {
    if trace.len() != rows.len() {
        return Err(format!("{} frames for {} rows", trace.len(), rows.len()));
    }
    for (frame, row) in trace.frames().zip(rows) {
        let found = [frame.parameters[0], frame.parameters[1], frame.loss];
        if (0..3).any(|column| !agrees(found[column], row[column])) {
            return Err(format!("step {}: {found:?} for {row:?}", frame.step));
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
            let trace = trace(&rule, case, rule.hyperparameters.clone());
            assert_eq!(trace.outcome, Outcome::Finished);
            if let Err(difference) = compare(&trace, &case.rows) {
                panic!("{} on {}: {difference}", rule.optimizer, case.landscape);
            }
        }
    }
}

#[test]
fn absent_hyperparameters_are_the_references() {
    for rule in golden_rules() {
        let card = optimizers::find(&rule.optimizer).unwrap().card();
        let defaults: BTreeMap<String, f64> = card
            .hyperparameters
            .iter()
            .map(|h| (h.id.to_owned(), h.default))
            .collect();
        assert_eq!(defaults, rule.hyperparameters, "{}", card.id);
        for case in &rule.cases {
            let trace = trace(&rule, case, BTreeMap::new());
            if let Err(difference) = compare(&trace, &case.rows) {
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
        let rule = rules.iter().find(|rule| rule.optimizer == id);
        let rule = rule.unwrap_or_else(|| panic!("tests/golden/optimizers has no {id}.json"));
        let landscapes: Vec<_> = rule.cases.iter().map(|case| &case.landscape).collect();
        assert_eq!(landscapes, ["himmelblau", "rosenbrock", "beale"], "{id}");
        let decays = rule.cases.iter().any(|case| case.inverse_time_decay > 0.0);
        let expected = !OWN_RATES.contains(&id);
        assert_eq!(decays, expected, "{id}: cases with a changing rate");
    }
    assert_eq!(rules.len(), OPTIMIZERS.len());
}

impl GoldenBlocks {
    /// The first `count` parameters after 0, 10, … updates of a case's rule.
    fn rows(&self, case: &BlocksCase, count: usize) -> Vec<Vec<f64>> {
        let rule = optimizers::find(&case.optimizer).unwrap();
        let card = rule.card();
        let settings = card.hyperparameters.iter();
        let settings: Vec<f64> = settings.map(|h| case.hyperparameters[h.id]).collect();
        let mut memory = Memory::new(card, count);
        let mut at = self.start[..count].to_vec();
        let mut rows = vec![at.clone()];
        for number in 1..=10 * (case.rows.len() as u64 - 1) {
            let slope = |i: usize| self.curvature[i] * (at[i] - self.minimum[i]);
            let now = Step {
                number,
                learning_rate: self.learning_rate / (1.0 + self.inverse_time_decay * number as f64),
                gradient: &(0..count).map(slope).collect::<Vec<_>>(),
                hyperparameters: &settings,
            };
            rule.step(&now, &mut at, &mut memory);
            if number % 10 == 0 {
                rows.push(at.clone());
            }
        }
        rows
    }
}

/// The reference ran on two blocks; here they are one block after the other in one vector.
#[test]
fn rules_over_all_blocks_follow_their_reference_on_two_blocks() {
    let golden: GoldenBlocks = read(&golden("all_blocks.json"));
    for case in &golden.cases {
        let found = golden.rows(case, golden.start.len());
        for (index, (found, expected)) in found.iter().zip(&case.rows).enumerate() {
            let agree = found.iter().zip(expected).all(|(&a, &b)| agrees(a, b));
            let id = &case.optimizer;
            assert!(
                agree && found.len() == expected.len(),
                "{id} after {} updates: {found:?} for {expected:?}",
                10 * index
            );
        }
        // What the second block does matters to the first.
        let alone = golden.rows(case, 2);
        let [alone, together] = [&alone, &found].map(|rows| rows.last().unwrap()[0]);
        assert!(!agrees(alone, together), "{}", case.optimizer);
    }
    for optimizer in OPTIMIZERS {
        let card = optimizer.card();
        let cases = golden.cases.iter().filter(|case| case.optimizer == card.id);
        let over_all = card.scope == Scope::AllBlocks;
        assert_eq!(cases.count() > 0, over_all, "{}", card.id);
    }
}

#[test]
fn a_wrong_number_in_any_column_is_noticed() {
    let rule = &golden_rules()[0];
    let case = &rule.cases[0];
    let trace = trace(rule, case, rule.hyperparameters.clone());
    for column in 0..3 {
        let mut rows = case.rows.clone();
        rows[40][column] *= 1.0 + 2e-9;
        let difference = compare(&trace, &rows).unwrap_err();
        assert!(difference.starts_with("step 40:"), "{difference}");
    }
    assert!(compare(&trace, &case.rows[1..]).is_err());
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
