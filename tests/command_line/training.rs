//! `run` on a network: its files, and going on after a crash.

use super::{Lab, finish, rows};
use serde_json::Value;
use std::time::{Duration, Instant};

const SPIRALS: &str = r#"(version: 1, epochs: 3, seed: 2, runs: [
    (optimizer: "adam", learning_rate: 0.01), (optimizer: "sgd", learning_rate: 0.1)],
    objective: Network(data: Spirals(examples: 512), architecture: "spiral", batch_size: 64))"#;

#[test]
fn a_training_writes_its_record_and_weights() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    let ran = lab.run(&["run", "spirals.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let expected = [
        "history.csv",
        "loss.svg",
        "summary.json",
        "weights_0.safetensors",
        "weights_1.safetensors",
    ];
    assert_eq!(super::names_in(&lab.path("out")), expected);
    let text = lab.read("out/history.csv");
    let header = text.lines().next().unwrap();
    let columns = "run,label,optimizer,step,epoch,learning_rate,loss,gradient_norm,\
                   full_loss,train_accuracy,test_loss,test_accuracy,\
                   gradient_norm_fc1,gradient_norm_fc2,gradient_norm_fc3,\
                   update_ratio_fc1,update_ratio_fc2,update_ratio_fc3";
    assert_eq!(header, columns);
    let table = rows(&text);
    assert_eq!(table.len(), 2 * 25);
    // 8 updates an epoch; everything is measured at the start and after each epoch.
    assert_eq!(table[8][3..5], ["8", "1"]);
    assert_eq!(table[9][3..5], ["9", "2"]);
    for row in &table {
        let step: u64 = row[3].parse().unwrap();
        assert_eq!(
            row[8..12].iter().all(|cell| !cell.is_empty()),
            step.is_multiple_of(8)
        );
        assert_eq!(
            row[8..12].iter().all(|cell| cell.is_empty()),
            !step.is_multiple_of(8)
        );
        // The layers' gradients make up the whole one; the start has no update.
        let number = |cell: &str| cell.parse::<f64>().unwrap();
        let whole = row[12..15]
            .iter()
            .map(|cell| number(cell).powi(2))
            .sum::<f64>();
        let error = (whole.sqrt() / number(&row[7]) - 1.0).abs();
        assert!(error < 1e-9, "{row:?}");
        assert!(row[15..].iter().all(|cell| cell.is_empty() == (step == 0)));
        assert!(row[15..].iter().all(|cell| step == 0 || number(cell) > 0.0));
    }
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_eq!(summary["runs"][1]["outcome"], "finished");
    assert_eq!(summary["runs"][1]["final_loss"].to_string(), table[49][8]);
    assert_eq!(summary["runs"][1]["evaluations"], 24);
}

#[test]
fn a_killed_training_goes_on_to_the_same_bits() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    // Long enough to be killed after a checkpoint, on any machine.
    let mut epochs = 300;
    loop {
        let begun = Instant::now();
        let ran = lab.run(&[
            "run",
            "spirals.ron",
            "--epochs",
            &epochs.to_string(),
            "--out",
            "whole",
        ]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        if begun.elapsed() > Duration::from_secs(5) {
            break;
        }
        epochs *= 3;
    }
    let epochs = epochs.to_string();
    let arguments = ["run", "spirals.ron", "--epochs", &epochs, "--out", "cut"];
    let mut child = lab.command(&arguments).spawn().unwrap();
    let checkpoint = lab.path("cut").join("training.checkpoint");
    let begun = Instant::now();
    while !checkpoint.exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    finish(child);
    assert!(checkpoint.exists(), "no checkpoint was kept");
    assert!(!lab.path("cut").join("summary.json").exists());
    let ran = lab.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("going on from"), "{}", ran.err);
    assert!(!checkpoint.exists(), "the training is over");
    for name in [
        "weights_0.safetensors",
        "weights_1.safetensors",
        "history.csv",
        "summary.json",
    ] {
        let read = |folder: &str| std::fs::read(lab.path(folder).join(name)).unwrap();
        assert!(read("cut") == read("whole"), "{name} differs");
    }
}

#[test]
fn data_that_are_not_there_are_named_and_nothing_is_written() {
    let lab = Lab::new();
    let here = "FashionMnist(folder: \"nowhere\")";
    let text = SPIRALS.replace("Spirals(examples: 512)", here);
    lab.write("missing.ron", text.replace("\"spiral\"", "\"lenet\""));
    let ran = lab.run(&["run", "missing.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("nowhere has no file"), "{}", ran.err);
    assert!(!lab.path("out").exists());
}
