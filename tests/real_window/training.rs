//! A training in the window whose program is killed: it ends with the weights of an unbroken one.

use super::display::{Display, Window, wait_for};
use descent_lab::engine::{Checkpoint, History, Work};
use descent_lab::experiment::{Checked, preset};
use descent_lab::storage::experiments;
use descent_lab::storage::places::Places;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

const SPIRALS: &str = r#"(version: 1, title: "Spirals", seed: 2, runs: [
    (optimizer: "adam", learning_rate: 0.01), (optimizer: "sgd", learning_rate: 0.1)],
    objective: Network(data: Spirals(examples: 512), architecture: "spiral", batch_size: 64))"#;

/// A training that takes some seconds, and what it ends with.
fn unbroken() -> (Checked, Vec<Vec<f32>>, History) {
    let mut experiment = preset::read(SPIRALS).unwrap();
    experiment.epochs = 300;
    experiment.assign_colours();
    loop {
        let checked = experiment.check().unwrap();
        let begun = Instant::now();
        let (work, history) = Work::begin(&checked).unwrap();
        let (work, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
        if begun.elapsed() > Duration::from_secs(8) {
            let weights = |run| work.parameters(run).unwrap().to_vec();
            let weights = (0..2).map(weights).collect();
            drop(work);
            return (checked, weights, history);
        }
        experiment.epochs *= 2;
    }
}

/// The checkpoint that is furthest along.
fn furthest(home: &Path) -> Option<Checkpoint> {
    let folder = Places::under(home).checkpoints;
    let files = fs::read_dir(folder).ok()?.flatten();
    let whole = files.filter(|file| file.path().extension().is_some_and(|e| e == "checkpoint"));
    let read = |file: fs::DirEntry| Checkpoint::from_bytes(&fs::read(file.path()).ok()?).ok();
    whole.filter_map(read).max_by_key(Checkpoint::updates)
}

#[test]
fn a_training_whose_program_was_killed_ends_with_the_same_weights() {
    let (checked, weights, history) = unbroken();
    let home = tempfile::tempdir().unwrap();
    fs::write(Places::under(home.path()).settings, "(version: 1)").unwrap();
    let file = home.path().join("spirals.ron");
    experiments::save(&file, &checked.experiment).unwrap();
    let display = Display::start();
    let window = Window::open(&display, home.path(), &["open", file.to_str().unwrap()]);
    wait_for("a checkpoint", || furthest(home.path()));
    window.kill();
    let cut = furthest(home.path()).unwrap().updates();
    assert!((1..checked.updates()).contains(&cut), "{cut}");
    // The next start shows it again, and goes on.
    let window = Window::open(&display, home.path(), &[]);
    let last = wait_for("the end", || {
        furthest(home.path()).filter(|last| last.updates() == checked.updates())
    });
    display.screenshot("resumed-training");
    window.quit();
    let (work, resumed) = Work::resume(&checked, &last).unwrap();
    for (run, weights) in weights.iter().enumerate() {
        assert_eq!(work.parameters(run), Some(&weights[..]), "run {run}");
    }
    assert!(
        format!("{resumed:?}") == format!("{history:?}"),
        "the records differ"
    );
}
