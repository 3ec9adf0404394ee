//! A network in the window: its setup, its curves, and its images.

use crate::Bench;
use descent_lab::engine::Outcome;
use descent_lab::experiment::preset;

const SPIRALS: &str = r#"(version: 1, title: "Spirals", epochs: 3, runs: [
    (optimizer: "sgd", learning_rate: 0.3), (optimizer: "adam", learning_rate: 0.01)],
    objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 32))"#;

#[test]
fn a_network_trains_and_its_curves_are_shown() {
    let mut bench = Bench::new();
    bench.load(preset::read(SPIRALS).unwrap());
    let record = bench.laboratory().record().unwrap();
    assert_eq!(record.history.traces[0].outcome, Outcome::Finished);
    assert_eq!(record.history.traces[0].measured.steps(), [0, 2, 4, 6]);
    for name in [
        "Architecture",
        "Training data",
        "Weights",
        "Loss",
        "Measured quantity",
    ] {
        assert!(bench.has(name), "{name} is not in the window");
    }
    bench.enter("Batch size", "16");
    bench.wait_for("the training with larger batches", |bench| {
        let record = bench.laboratory().record().unwrap();
        record.checked.updates_per_epoch() == 4
    });
    // An update sees at least one example.
    bench.enter("Batch size", "0");
    bench.wait_for("the training with single examples", |bench| {
        let record = bench.laboratory().record().unwrap();
        record.checked.updates_per_epoch() == 64
    });
}
