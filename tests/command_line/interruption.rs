//! Ctrl+C during a long run.

#![cfg(unix)]

use super::{HOMEWORK, Lab, Ran, finish, rows};
use descent_lab::engine::MAX_FRAMES;
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

/// Starts `arguments`, sends `signal` once it works, and waits for the end.
fn interrupted(lab: &Lab, arguments: &[&str], signal: &str) -> Ran {
    let child = lab.command(arguments).spawn().unwrap();
    // The run begins within milliseconds of the folder; it takes minutes.
    let begun = Instant::now();
    while !lab.path("out").is_dir() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(500));
    let id = child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
    let asked = Instant::now();
    let ran = finish(child);
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    ran
}

#[test]
fn a_long_run_ends_with_what_it_has_and_says_so() {
    for signal in ["-INT", "-TERM"] {
        let lab = Lab::new();
        let text = HOMEWORK.replace("150", "1000000000");
        lab.write("long.ron", text.replace("\"rmsprop\"", "\"sgd\""));
        let ran = interrupted(&lab, &["run", "long.ron", "--out", "out"], signal);
        assert_eq!(ran.code, Some(130), "{}", ran.err);
        assert!(ran.err.contains("interrupted"), "{}", ran.err);
        assert!(ran.out.contains("cancelled"), "{}", ran.out);
        let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
        let outcomes: Vec<_> = (0..4)
            .map(|i| summary["runs"][i]["outcome"].clone())
            .collect();
        assert_eq!(
            outcomes,
            ["cancelled", "diverged", "cancelled", "cancelled"]
        );
        let table = rows(&lab.read("out/history.csv"));
        for run in ["0", "2", "3"] {
            let steps: Vec<u64> = table
                .iter()
                .filter(|row| row[0] == run)
                .map(|row| row[3].parse().unwrap())
                .collect();
            assert!(steps.len() <= MAX_FRAMES, "{}", steps.len());
            assert_eq!(steps[0], 0);
            assert!(steps.is_sorted() && *steps.last().unwrap() > 1000);
        }
        assert_eq!(
            super::names_in(&lab.path("out")),
            ["history.csv", "landscape.svg", "loss.svg", "summary.json"]
        );
    }
}

#[test]
fn an_interrupted_search_prints_its_best_and_leaves_no_file_where_nothing_is_finished() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    let arguments = [
        "tune",
        "homework.ron",
        "--budget",
        "16000000",
        "--json",
        "--out",
        "out",
    ];
    let ran = interrupted(&lab, &arguments, "-INT");
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert!(ran.err.contains("nothing is written yet"), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(report["runs"][0]["loss"].is_number(), "{report}");
    assert!(super::names_in(&lab.path("out")).is_empty());
}

#[test]
fn an_interrupted_export_leaves_no_file() {
    for epochs in ["1000000000", "1500"] {
        let lab = Lab::new();
        lab.write("long.ron", HOMEWORK.replace("150", epochs));
        let arguments = [
            "export", "long.ron", "--format", "gif", "--every", "1", "--scale", "1.5", "--out",
            "out",
        ];
        let ran = interrupted(&lab, &arguments, "-INT");
        assert_eq!(ran.code, Some(130), "{}", ran.err);
        assert!(
            ran.err.contains("interrupted; nothing was written"),
            "{}",
            ran.err
        );
        assert!(super::names_in(&lab.path("out")).is_empty());
    }
}

#[test]
fn a_comparison_that_is_killed_leaves_the_seeds_that_it_finished() {
    let lab = Lab::new();
    let runs = "runs: [(optimizer: \"sgd\", learning_rate: 0.1)]";
    let tasks = "data: Moons(examples: 400), joined: With(Blobs(examples: 400)), \
                 scenario: Split(tasks: [[0, 1], [2, 3, 4]]), layers: [Dense(outputs: 40), Tanh]";
    let text = format!("(version: 1, objective: Tasks({tasks}), epochs: 40, {runs})");
    lab.write("tasks.ron", text);
    let seeds: Vec<String> = (0..1000).map(|seed| seed.to_string()).collect();
    let seeds = seeds.join(",");
    let arguments = ["forgetting", "tasks.ron", "--seeds", &seeds, "--out", "out"];
    let mut child = lab.command(&arguments).spawn().unwrap();
    let begun = Instant::now();
    while !lab.path("out/accuracy_matrix.csv").is_file()
        && begun.elapsed() < Duration::from_secs(60)
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    let ran = finish(child);
    assert_eq!(ran.code, None, "{}", ran.out);
    let table = lab.read("out/forgetting.md");
    assert!(table.contains("| Gradient descent |"), "{table}");
    assert!(
        !table.contains("999"),
        "all seeds were finished before the kill"
    );
    // A row for every seed and task that was finished.
    let matrix = rows(&lab.read("out/accuracy_matrix.csv"));
    assert!(!matrix.is_empty() && matrix.len().is_multiple_of(2));
}
