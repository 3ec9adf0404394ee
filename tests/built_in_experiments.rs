//! The gallery and its folder.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{self, Outcome};
use descent_lab::experiment::ObjectiveSpec;
use descent_lab::experiment::built_in::BUILT_IN;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

#[test]
fn the_list_names_every_file_of_the_folder_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/presets");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed = BUILT_IN
        .iter()
        .map(|built_in| format!("{}.ron", built_in.id));
    assert_eq!(listed.collect::<BTreeSet<_>>(), files);
}

#[test]
fn every_one_runs_to_its_end() {
    for built_in in BUILT_IN {
        let mut experiment = built_in.experiment();
        if matches!(
            experiment.objective,
            ObjectiveSpec::Network(_) | ObjectiveSpec::Tasks(_)
        ) {
            // The whole takes minutes; one run's first updates show that it begins.
            experiment.runs.truncate(1);
            let checked = experiment.check().unwrap();
            let history = engine::run(&checked, |_| ControlFlow::Break(()));
            assert!(history.traces[0].len() > 1, "{}", built_in.id);
            continue;
        }
        let checked = experiment.check().unwrap();
        let history = engine::run(&checked, |_| ControlFlow::Continue(()));
        for trace in &history.traces {
            let ended = matches!(
                trace.outcome,
                Outcome::Finished | Outcome::Diverged { step: 1.. }
            );
            assert!(ended, "{}: {:?}", built_in.id, trace.outcome);
            assert!(trace.len() > 1, "{}", built_in.id);
        }
    }
}

#[test]
fn the_ai_notes_pages_gallery_comes_first_in_its_order() {
    let surfaces: Vec<_> = BUILT_IN[..4]
        .iter()
        .map(|built_in| built_in.experiment().check().unwrap())
        .map(|checked| checked.objective.landscape().unwrap().card().id)
        .collect();
    let page = [
        "himmelblau",
        "styblinski_tang",
        "rosenbrock",
        "goldstein_price_ai_notes",
    ];
    assert_eq!(surfaces, page);
}
