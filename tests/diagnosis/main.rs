//! What is said of runs whose trouble is known.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod consistency;
mod experiments;
mod limits;

use descent_lab::analysis::diagnosis::{self, Diagnosis, Verdict};
use descent_lab::experiment::{Experiment, ObjectiveSpec, RunSpec, built_in};
use std::collections::BTreeMap;

/// One run on a landscape.
fn experiment(
    surface: &str,
    start: [f64; 2],
    settings: &[(&str, f64)],
    epochs: u64,
    run: RunSpec,
) -> Experiment {
    let settings = settings.iter().map(|&(id, value)| (id.to_owned(), value));
    let mut experiment = built_in::find("own_formula").unwrap().experiment();
    experiment.objective = ObjectiveSpec::Landscape {
        surface: surface.into(),
        start: Some(start),
        noise: 0.0,
        settings: settings.collect::<BTreeMap<_, _>>(),
    };
    experiment.epochs = epochs;
    experiment.seed = 0;
    experiment.runs = vec![run];
    experiment
}

fn run(optimizer: &str, learning_rate: f64) -> RunSpec {
    RunSpec {
        learning_rate: Some(learning_rate),
        ..RunSpec::new(optimizer)
    }
}

fn watched(experiment: &Experiment) -> Diagnosis {
    diagnosis::diagnose(&experiment.check().unwrap(), 0, &|| true).unwrap()
}

/// A bowl with curvatures κ and 1, its floor turned by some degrees.
fn bowl(condition: f64, degrees: f64, epochs: u64, run: RunSpec) -> Experiment {
    let settings = [("condition_number", condition), ("rotation", degrees)];
    let (sine, cosine) = degrees.to_radians().sin_cos();
    // A unit along the floor and half a unit across it.
    let start = [cosine - 0.5 * sine, sine + 0.5 * cosine];
    experiment("ravine", start, &settings, epochs, run)
}

/// The verdicts in the order in which they came.
fn verdicts(diagnosis: &Diagnosis) -> Vec<Verdict> {
    diagnosis
        .episodes
        .iter()
        .map(|episode| episode.verdict)
        .collect()
}
