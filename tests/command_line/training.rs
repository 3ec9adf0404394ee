//! `run` on a network: its files, and going on after a crash.

use super::{Lab, finish, rows};
use descent_lab::engine::training::Training;
use descent_lab::experiment::preset;
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
    killed_and_resumed(&lab, "spirals.ron", 300);
}

/// Kills a run of an experiment with two runs after a checkpoint, runs it again, and compares with
/// one that was left alone. Takes `epochs` or more.
fn killed_and_resumed(lab: &Lab, file: &str, mut epochs: u64) {
    // Long enough to be killed after a checkpoint, on any machine.
    loop {
        let begun = Instant::now();
        let count = epochs.to_string();
        let ran = lab.run(&["run", file, "--epochs", &count, "--out", "whole"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        if begun.elapsed() > Duration::from_secs(5) {
            break;
        }
        epochs *= 3;
    }
    let epochs = epochs.to_string();
    let arguments = ["run", file, "--epochs", &epochs, "--out", "cut"];
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

const TASKS: &str = r#"(version: 1, epochs: 3, seed: 2, runs: [
    (optimizer: "adam", learning_rate: 0.01, remedy: Ewc()),
    (optimizer: "sgd", learning_rate: 0.1, remedy: Rehearsal(memory: 20))],
    objective: Tasks(data: Moons(examples: 256), joined: With(Blobs(examples: 256)),
        scenario: Split(tasks: [[0, 1], [2, 3, 4]]), batch_size: 32,
        layers: [Dense(outputs: 16), Tanh, Dense(outputs: 16), Tanh]))"#;

#[test]
fn killed_tasks_go_on_to_the_same_bits() {
    let lab = Lab::new();
    lab.write("tasks.ron", TASKS);
    killed_and_resumed(&lab, "tasks.ron", 100);
}

#[test]
fn a_damaged_checkpoint_is_named_and_set_aside() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    let arguments = ["run", "spirals.ron", "--out", "out"];
    let whole = lab.run(&["run", "spirals.ron", "--out", "whole"]);
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    std::fs::create_dir(lab.path("out")).unwrap();
    let checked = preset::read(SPIRALS).unwrap().check().unwrap();
    let (training, history) = Training::new(&checked).unwrap();
    let bytes = training.checkpoint(&history).to_bytes();
    let half = &bytes[..bytes.len() / 2];
    lab.write("out/training.checkpoint", half);
    let ran = lab.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("the checkpoint is damaged"), "{}", ran.err);
    assert!(
        ran.err.contains("training.checkpoint.damaged"),
        "{}",
        ran.err
    );
    let aside = std::fs::read(lab.path("out").join("training.checkpoint.damaged")).unwrap();
    assert_eq!(aside, half);
    let read = |folder: &str| std::fs::read(lab.path(folder).join("history.csv")).unwrap();
    assert_eq!(read("out"), read("whole"));
}

/// A limit on the size of files stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_at_a_checkpoint_is_said_and_the_training_goes_on() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    // Longer than two seconds, after which the first checkpoint is due.
    let mut epochs = 300_u64;
    loop {
        let begun = Instant::now();
        // Blocks of 512 bytes: the weights have room, the record of many updates has not.
        let limited = r#"trap "" XFSZ; ulimit -f 64; exec "$0" "$@""#;
        let program = env!("CARGO_BIN_EXE_descent-lab");
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", limited, program, "run", "spirals.ron", "--out", "out"])
            .args(["--epochs", &epochs.to_string()])
            .current_dir(lab.path("."))
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let ran = finish(command.spawn().unwrap());
        if begun.elapsed() < Duration::from_secs(4) {
            epochs *= 3;
            continue;
        }
        let said = ran
            .err
            .matches("training goes on without checkpoints")
            .count();
        assert_eq!(said, 1, "{}", ran.err);
        assert!(ran.err.contains("no larger file here"), "{}", ran.err);
        // The weights, which are small, are there after the training; the record is not.
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(lab.path("out").join("weights_1.safetensors").exists());
        assert!(!lab.path("out").join("training.checkpoint").exists());
        return;
    }
}

/// The most memory, in kB, that a command has taken, as Linux counts it.
#[cfg(target_os = "linux")]
fn most_memory(lab: &Lab, arguments: &[&str]) -> u64 {
    let mut child = lab.command(arguments).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|rest| rest.split_whitespace().next());
        most = number.and_then(|n| n.parse().ok()).unwrap_or(0).max(most);
        std::thread::sleep(Duration::from_millis(5));
    }
    let ran = finish(child);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    most
}

#[cfg(target_os = "linux")]
#[test]
fn lenet_on_the_sample_takes_less_than_300_mb() {
    let lab = Lab::new();
    lab.write(
        "lenet.ron",
        r#"(version: 1, epochs: 1, runs: [(optimizer: "adam", learning_rate: 0.001)],
            objective: Network(data: FashionMnistSample, architecture: "lenet", batch_size: 256))"#,
    );
    let most = most_memory(&lab, &["run", "lenet.ron", "--out", "out"]);
    println!("LeNet on the sample took {} MB at most", most >> 10);
    assert!((1..300 << 10).contains(&most), "{most} kB");
}
