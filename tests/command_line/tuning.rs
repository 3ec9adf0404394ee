//! `tune`.

use super::{HOMEWORK, Lab, Ran, names_in};
use descent_lab::experiment::preset;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn tune_prints_json_with_every_number_of_every_run() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    let arguments = [
        "tune",
        "homework.ron",
        "--target",
        "0.5",
        "--budget",
        "2000",
        "--json",
        "--out",
        "out",
        "--quiet",
    ];
    let ran = lab.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["target"], 0.5);
    assert_eq!(report["criterion"], "FirstTouch");
    assert_eq!(report["runs"].as_array().unwrap().len(), 4);
    for run in report["runs"].as_array().unwrap() {
        for key in ["learning_rate", "decay", "loss", "robustness"] {
            assert!(run[key].is_number(), "{key}: {run}");
        }
        assert_eq!(run["search_experiments"], 2000);
        assert!(run["experiments"].as_u64().unwrap() >= 2000);
    }
    assert_eq!(lab.read("out/tune.json"), ran.out);
    // What was found is what the written experiment does.
    let tuned = preset::read(&lab.read("out/tuned.ron")).unwrap();
    let checked = tuned.check().unwrap();
    let history = descent_lab::engine::run(&checked, |_| std::ops::ControlFlow::Continue(()));
    for (run, trace) in history.traces.iter().enumerate() {
        let row = &report["runs"][run];
        // The reader of JSON may miss the last bit.
        let (loss, best) = (row["loss"].as_f64().unwrap(), trace.best.unwrap().loss);
        assert!((loss - best).abs() <= 1e-15 * best.abs(), "{loss} {best}");
        let touched = trace.losses().iter().position(|loss| *loss <= 0.5);
        if row["reached"] == true {
            assert_eq!(row["epochs"].as_u64(), touched.map(|step| step as u64));
        } else {
            assert_eq!(touched, None);
        }
    }
    assert_eq!(lab.run(&arguments).out, ran.out);
}

#[test]
fn an_experiments_own_tune_is_followed_and_arguments_change_it() {
    let lab = Lab::new();
    let tune = "tune: (criterion: Stays, target: 1.0, epochs: 60, axes: [\"learning_rate=1e-4:1\", \
                \"momentum=0:0.99\"], budget: 300, seed: 5),\n)";
    lab.write("own.ron", HOMEWORK.trim_end_matches(')').to_owned() + tune);
    let ran = lab.run(&["tune", "own.ron", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["criterion"], "Stays");
    assert_eq!(
        (&report["epochs"], &report["seed"]),
        (&Value::from(60), &Value::from(5))
    );
    assert!(report["runs"][1]["settings"]["momentum"].is_number());
    assert!(report["runs"][0]["settings"]["momentum"].is_null());
    assert_eq!(report["runs"][0]["search_experiments"], 300);
    let other = lab.run(&[
        "tune",
        "own.ron",
        "--criterion",
        "best-loss",
        "--run",
        "3",
        "--axis",
        "beta1=0.5:0.99",
    ]);
    assert_eq!(other.code, Some(0), "{}", other.err);
    assert!(
        other.out.contains("beta1") && !other.out.contains("Momentum"),
        "{}",
        other.out
    );
    assert!(
        other.out.contains("lowest loss within 60 epochs"),
        "{}",
        other.out
    );
}

#[test]
fn mistakes_in_tune_are_explained() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    let own = |tune: &str| HOMEWORK.trim_end_matches(')').to_owned() + tune + ",\n)";
    lab.write("axis.ron", own("tune: (axes: [\"momentun=0:1\"])"));
    let twice = "tune: (axes: [\"learning_rate=0.1:1\", \"learning_rate=1:2\"])";
    lab.write("twice.ron", own(twice));
    lab.write("target.ron", own("tune: (criterion: FirstTouch)"));
    for (arguments, part) in [
        (
            &["homework.ron", "--criterion", "stays"][..],
            "needs a target",
        ),
        (&["homework.ron", "--axis", "momentun=0:1"], "did you mean"),
        (&["homework.ron", "--budget", "3"], "from 16 to"),
        (&["homework.ron", "--epochs", "0"], "in 0 epochs"),
        (&["homework.ron", "--run", "7"], "there is no run 7"),
        (
            &["homework.ron", "--axis", "w1"],
            "all runs share it, and each would find its own",
        ),
        (
            &["homework.ron", "--axis", "momentum", "--run", "0"],
            "axis `momentum`: none of the chosen runs has it",
        ),
        (
            &["homework.ron", "--axis", "beta1=0.5:1.5"],
            "1.5 is out of range",
        ),
        (
            &["hw3_q3b", "--axis", "decay", "--axis", "schedule.rate"],
            "`schedule.rate` is on two axes",
        ),
        (&["axis.ron"], "tune.axes[0]"),
        (
            &["twice.ron"],
            "tune.axes[1]: `learning_rate` is on two axes",
        ),
        (
            &[
                "homework.ron",
                "--axis",
                "decay=0.1:1",
                "--axis",
                "decay=0.1:9",
            ],
            "`decay` is on two axes",
        ),
        (&["target.ron"], "tune.target"),
    ] {
        let all: Vec<&str> = ["tune"].iter().chain(arguments).copied().collect();
        let ran = lab.run(&all);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
}

const SPIRALS: &str = r#"(version: 1, epochs: 3, seed: 2, runs: [
    (optimizer: "adam", learning_rate: 0.01), (optimizer: "sgd", learning_rate: 0.1)],
    objective: Network(data: Spirals(examples: 256), architecture: "spiral", batch_size: 32))"#;

#[test]
fn a_network_is_tuned_and_its_rounds_are_reported() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    let arguments = [
        "tune",
        "spirals.ron",
        "--budget",
        "16",
        "--json",
        "--out",
        "out",
    ];
    let ran = lab.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for run in report["runs"].as_array().unwrap() {
        let rounds = run["rounds"].as_array().unwrap();
        let settings: Vec<_> = rounds.iter().map(|round| &round["settings"]).collect();
        assert_eq!(settings, [16, 6]);
        assert_eq!(run["epochs_trained"], 16 + 6 * 2);
        assert_eq!(run["search_experiments"], 16);
        assert!(run["robustness"].is_null() && run["loss"].is_number());
    }
    assert!(report["fairness"].as_str().unwrap().contains("halving"));
    assert_eq!(lab.run(&arguments).out, ran.out);
    // What was found is what the written experiment does.
    let tuned = preset::read(&lab.read("out/tuned.ron")).unwrap();
    let checked = tuned.check().unwrap();
    let history = descent_lab::engine::run(&checked, |_| std::ops::ControlFlow::Continue(()));
    for (row, trace) in report["runs"]
        .as_array()
        .unwrap()
        .iter()
        .zip(&history.traces)
    {
        let (loss, best) = (row["loss"].as_f64().unwrap(), trace.best.unwrap().loss);
        assert!((loss - best).abs() <= 1e-15 * best.abs(), "{loss} {best}");
    }
}

#[test]
fn the_range_test_suggests_rates_for_landscapes_and_networks() {
    let lab = Lab::new();
    lab.write("spirals.ron", SPIRALS);
    for experiment in ["spirals.ron", "hw3_q3a"] {
        let ran = lab.run(&["tune", experiment, "--range-test", "--run", "1", "--json"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        let run = &report["runs"][0];
        assert_eq!(run["run"], 1);
        let rate = |name: &str| run[name].as_f64().unwrap();
        assert!(rate("lowest_rate") < rate("highest_rate"), "{run}");
        let points = run["points"].as_array().unwrap();
        assert!((2..=200).contains(&points.len()));
        assert!(
            points
                .iter()
                .all(|point| point["smoothed_loss"].is_number())
        );
    }
    let ran = lab.run(&["tune", "spirals.ron", "--range-test", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("Suggested learning rates"), "{}", ran.out);
    assert_eq!(names_in(&lab.path("out")), ["range_test.json"]);
    let ran = lab.run(&["tune", "spirals.ron", "--range-test", "--budget", "20"]);
    assert_eq!(ran.code, Some(2));
}

/// Tunes some runs of the homework, two of its four a machine.
fn shard(lab: &Lab, folder: &str, shard: &str, more: &[&str]) -> Ran {
    lab.write("homework.ron", HOMEWORK);
    let mut arguments = vec!["tune", "homework.ron", "--budget", "300", "--quiet"];
    arguments.extend(["--out", folder, "--shard", shard]);
    arguments.extend(more);
    lab.run(&arguments)
}

fn assert_done(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn shards_of_a_search_are_merged_to_what_one_machine_finds() {
    let lab = Lab::new();
    assert_done(&shard(&lab, "whole", "1/1", &[]));
    for part in ["3/3", "1/3", "2/3"] {
        assert_done(&shard(&lab, "shards", part, &[]));
    }
    assert_done(&lab.run(&["merge", "shards", "--out", "merged"]));
    for file in ["tune.json", "tuned.ron"] {
        let (merged, whole) = (format!("merged/{file}"), format!("whole/{file}"));
        assert_eq!(lab.read(&merged), lab.read(&whole), "{file}");
    }
    let names = names_in(&lab.path("shards"));
    assert_eq!(
        names,
        ["tune-1-of-3.ron", "tune-2-of-3.ron", "tune-3-of-3.ron"]
    );
    assert_eq!(names_in(&lab.path("whole")), ["tune.json", "tuned.ron"]);
    // A shard that is complete is not searched again.
    let mut again = vec!["tune", "homework.ron", "--budget", "300"];
    again.extend(["--out", "shards", "--shard", "2/3"]);
    let again = lab.run(&again);
    assert_done(&again);
    assert!(again.err.contains("complete in"), "{}", again.err);
}

#[test]
fn missing_doubled_damaged_and_strange_shards_of_searches_are_named_and_not_merged() {
    let lab = Lab::new();
    assert_done(&shard(&lab, "shards", "1/2", &[]));
    let refused = |paths: &[&str], part: &str| {
        let arguments = [&["merge"], paths, &["--out", "merged"]].concat();
        let ran = lab.run(&arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
        assert!(!lab.path("merged").exists());
    };
    refused(&["shards"], "shards are missing: 2 of 2");
    refused(&["shards/tune-2-of-2.ron"], "there is no shard");
    assert_done(&shard(&lab, "shards", "2/2", &[]));
    assert_done(&shard(&lab, "again", "2/2", &[]));
    refused(&["shards", "again"], "shard 2 is there twice");
    assert_done(&shard(&lab, "others", "2/2", &["--seed", "1"]));
    refused(
        &["shards/tune-1-of-2.ron", "others"],
        "belongs to another sweep or search",
    );
    let occupied = shard(&lab, "others", "2/2", &[]);
    assert_eq!(occupied.code, Some(2));
    assert!(occupied.err.contains("another"), "{}", occupied.err);
    fs::write(lab.path("again/sweep-1-of-2.json"), "{}").unwrap();
    refused(&["again"], "shards of sweeps and of searches");
    let path = lab.path("shards/tune-1-of-2.ron");
    let whole = fs::read_to_string(&path).unwrap();
    for (damaged, part) in [
        (whole.replacen("succeeds: ", "succeeds:  ", 1), "is damaged"),
        (whole[..whole.len() - 3].to_owned(), "is damaged"),
        (whole[..whole.len() / 2].to_owned(), "this is no shard"),
        (whole.replacen("format: 1", "format: 9", 1), "format 9"),
        (String::new(), "this is no shard"),
    ] {
        assert_ne!(damaged, whole);
        fs::write(&path, damaged).unwrap();
        refused(&["shards"], "tune-1-of-2.ron");
        refused(&["shards"], part);
    }
    fs::remove_file(&path).unwrap();
    assert_done(&shard(&lab, "shards", "1/2", &[]));
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    for (number, part) in [("3/2", "is no shard"), ("1/5", "cannot be spread over 5")] {
        let ran = shard(&lab, "more", number, &[]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains(part), "{}", ran.err);
    }
}

#[test]
fn a_search_killed_while_it_trains_goes_on_and_finds_the_same() {
    let lab = Lab::new();
    // Long enough for what is left to be killed.
    lab.write("spirals.ron", SPIRALS.replace("256", "4096"));
    let mut arguments = vec!["tune", "spirals.ron", "--budget", "16", "--quiet", "--out"];
    arguments.push("alone");
    assert_done(&lab.run(&arguments));
    arguments.pop();
    arguments.push("killed");
    let parts = lab.path("killed/tune.parts");
    let trainings = || match parts.is_dir() {
        true => names_in(&parts).len(),
        false => 0,
    };
    // Killed ever later: among trainings, and behind the first run.
    for wanted in [3, 14, 30] {
        let mut child = lab.command(&arguments).spawn().unwrap();
        let begun = Instant::now();
        while trainings() < wanted
            && child.try_wait().unwrap().is_none()
            && begun.elapsed() < Duration::from_secs(60)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_kept_and_spoil_one(&lab, &parts);
    assert_done(&lab.run(&arguments));
    for file in ["tune.json", "tuned.ron"] {
        let (killed, alone) = (format!("killed/{file}"), format!("alone/{file}"));
        assert_eq!(lab.read(&killed), lab.read(&alone), "{file}");
    }
    assert!(!parts.exists());
}

/// What a killed search has left is not another's; one of its trainings is spoilt.
fn assert_kept_and_spoil_one(lab: &Lab, parts: &Path) {
    let names = names_in(parts);
    assert!(names.len() > 3, "{names:?}");
    let other = lab.run(&["tune", "spirals.ron", "--budget", "17", "--out", "killed"]);
    assert_eq!(other.code, Some(2), "{}", other.err);
    assert!(
        other.err.contains("another sweep or search"),
        "{}",
        other.err
    );
    assert_eq!(names_in(parts), names);
    let training = names.iter().find(|name| name.starts_with("run-"));
    fs::write(parts.join(training.unwrap()), "(values: [1.0])").unwrap();
}
