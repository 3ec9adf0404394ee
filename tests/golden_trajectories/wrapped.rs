//! Wrappers against the numbers of their reference implementations.

use super::blocks::wrapper;
use super::{Case, compare, golden, on_landscape, read, rows_of};
use descent_lab::engine;
use descent_lab::experiment::RunSpec;
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::schedules::{Per, Schedule};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

#[derive(Deserialize)]
struct Golden {
    cases: Vec<WrappedCase>,
}

#[derive(Deserialize)]
struct WrappedCase {
    optimizer: String,
    hyperparameters: BTreeMap<String, f64>,
    wrappers: Vec<serde_json::Value>,
    #[serde(flatten)]
    case: Case,
}

#[test]
fn every_wrapper_follows_its_reference_step_by_step() {
    let golden: Golden = read(&golden("wrappers.json"));
    for wrapped in &golden.cases {
        let case = &wrapped.case;
        let run = RunSpec {
            learning_rate: Some(case.learning_rate),
            schedule: Schedule::InverseTime {
                rate: case.inverse_time_decay,
                per: Per::Step,
            },
            hyperparameters: wrapped.hyperparameters.clone(),
            wrappers: wrapped.wrappers.iter().map(wrapper).collect(),
            ..RunSpec::new(&wrapped.optimizer)
        };
        let experiment = on_landscape(&case.landscape, case.start, case.steps, run);
        let history = engine::run(&experiment.check().unwrap(), |_| ControlFlow::Continue(()));
        if let Err(difference) = compare(&rows_of(&history.traces[0]), &case.rows) {
            let label = experiment.runs[0].display_label();
            panic!("{label} on {}: {difference}", case.landscape);
        }
    }
    for card in WRAPPERS.iter().map(|wrapper| wrapper.card()) {
        let tested = golden.cases.iter().flat_map(|case| &case.wrappers);
        assert!(
            tested
                .clone()
                .any(|json| wrapper(json).card().id == card.id),
            "{}",
            card.id
        );
    }
}
