//! What `run` prints and writes.

use super::{HOMEWORK, Lab, rows};
use descent_lab::engine;
use descent_lab::experiment::preset;
use serde_json::Value;
use std::ops::ControlFlow;

#[test]
fn the_homeworks_numbers_come_out() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q3a", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let table = rows(&lab.read("out/history.csv"));
    let final_loss = |optimizer: &str| -> f64 {
        let last = table.iter().rfind(|row| row[2] == optimizer).unwrap();
        assert_eq!(last[3], "150", "{optimizer}");
        last[6].parse().unwrap()
    };
    assert!((final_loss("sgd") - 0.36402).abs() < 5e-6);
    assert!((final_loss("rmsprop") - 580.227).abs() < 5e-4);
    assert!((final_loss("adam") - 606.957).abs() < 5e-4);
    let momentum = table.iter().rfind(|row| row[2] == "momentum").unwrap();
    assert!(momentum[3].parse::<u64>().unwrap() < 20);
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_eq!(summary["runs"][1]["outcome"], "diverged");
    assert!(summary["runs"][1]["diverged_at_step"].as_u64().unwrap() <= 20);
}

#[test]
fn the_table_says_what_became_of_every_run() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    let ran = lab.run(&["run", "a.ron"]);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!((ran.code, lines.len()), (Some(0), 5), "{}", ran.out);
    let places: Vec<_> = lines[1..]
        .iter()
        .map(|line| line.find("finished").or(line.find("diverged at step")))
        .collect();
    assert!(places[0].is_some() && places.iter().all(|place| *place == places[0]));
    assert!(lines[4].starts_with("Adam") && lines[4].contains("606.957"));
    assert_eq!(ran.err, "", "no progress where there is no terminal");
    assert_eq!(lab.names(), ["a.ron"], "nothing is written without --out");
}

#[test]
fn quiet_says_nothing_and_writes_all() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q3a", "--quiet", "--out", "deep/er"]);
    assert_eq!((ran.code, &*ran.out, &*ran.err), (Some(0), "", ""));
    assert!(lab.path("deep/er/history.csv").is_file());
    assert!(lab.path("deep/er/summary.json").is_file());
}

#[test]
fn a_folder_named_like_the_experiment_does_not_hide_it() {
    let lab = Lab::new();
    for _ in 0..2 {
        let ran = lab.run(&["run", "hw3_q3a", "--out", "hw3_q3a"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("history.csv") && ran.err.contains("summary.json"));
    }
    lab.write("hw3_q3b_start", HOMEWORK.replace("150", "3"));
    lab.run(&["run", "hw3_q3b_start", "--out", "file"]);
    let table = rows(&lab.read("file/history.csv"));
    assert_eq!(table.last().unwrap()[3], "3", "a file wins over a name");
}

#[test]
fn history_rows_follow_the_contract() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    lab.run(&["run", "a.ron", "--out", "out"]);
    let text = lab.read("out/history.csv");
    assert_eq!(
        text.lines().next().unwrap(),
        "run,label,optimizer,step,epoch,learning_rate,loss,gradient_norm,w1,w2"
    );
    let table = rows(&text);
    let mut expected = (0, 0);
    for row in &table {
        let run: u64 = row[0].parse().unwrap();
        if run != expected.0 {
            expected = (expected.0 + 1, 0);
        }
        assert_eq!((run, row[3].parse().unwrap()), expected);
        assert_eq!(row[3], row[4], "an epoch is a step");
        assert_eq!(row[5], if expected.1 == 0 { "" } else { "0.001" });
        for field in &row[6..] {
            assert!(field.parse::<f64>().unwrap().is_finite(), "{field}");
        }
        expected.1 += 1;
    }
    assert_eq!(expected, (3, 151));
    assert_eq!(table[0][8..], ["-1.54", "-0.64"]);
    assert!(table.iter().any(|row| row[1] == "RMSprop, \"plain\""));
}

#[test]
fn every_float_reads_back_to_the_bits_of_the_record() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    lab.run(&["run", "a.ron", "--out", "out"]);
    let checked = preset::read(HOMEWORK).unwrap().check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let table = rows(&lab.read("out/history.csv"));
    let frames = history.traces.iter().flat_map(engine::Trace::frames);
    let mut compared = 0;
    for (row, frame) in table.iter().zip(frames) {
        let numbers = [frame.loss, frame.gradient_norm];
        let numbers = numbers.iter().chain(frame.parameters);
        for (text, number) in row[6..].iter().zip(numbers) {
            let read: f64 = text.parse().unwrap();
            assert_eq!(read.to_bits(), number.to_bits(), "{text}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4 * table.len());
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK.replace("150", "20000"));
    for threads in ["1", "2"] {
        let mut command = lab.command(&["run", "a.ron", "--out", threads]);
        command.env("RAYON_NUM_THREADS", threads);
        let ran = super::finish(command.spawn().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    for name in ["history.csv", "summary.json", "loss.svg", "landscape.svg"] {
        assert_eq!(
            lab.read(&format!("1/{name}")),
            lab.read(&format!("2/{name}"))
        );
    }
}

#[test]
fn the_summary_has_the_keys_of_the_contract_in_order() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    lab.run(&["run", "a.ron", "--out", "out"]);
    let text = lab.read("out/summary.json");
    let summary: Value = serde_json::from_str(&text).unwrap();
    let keys = [
        "experiment",
        "runs",
        "run",
        "label",
        "optimizer",
        "outcome",
        "diverged_at_step",
        "final_loss",
        "best_loss",
        "best_step",
        "evaluations",
    ];
    assert_eq!(summary.as_object().unwrap().len(), 2);
    let last = text.rfind("\"run\": 3").unwrap();
    let places: Vec<_> = keys[2..]
        .iter()
        .map(|key| text[last..].find(&format!("\"{key}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let adam = &summary["runs"][3];
    assert_eq!(adam.as_object().unwrap().len(), keys.len() - 2);
    assert_eq!(
        (&adam["run"], &adam["optimizer"]),
        (&3.into(), &"adam".into())
    );
    assert_eq!(adam["outcome"], "finished");
    assert_eq!(adam["diverged_at_step"], Value::Null);
    assert_eq!(
        (&adam["best_step"], &adam["evaluations"]),
        (&150.into(), &150.into())
    );
    assert_eq!(adam["final_loss"], adam["best_loss"]);
    let table = rows(&lab.read("out/history.csv"));
    let in_table: f64 = table.last().unwrap()[6].parse().unwrap();
    assert_eq!(
        adam["final_loss"].as_f64().unwrap().to_bits(),
        in_table.to_bits()
    );
    assert_eq!(summary["experiment"]["epochs"], 150);
    assert_eq!(
        summary["experiment"]["objective"]["Landscape"]["surface"],
        "rosenbrock"
    );
}

#[test]
fn epochs_override_the_experiments_own_and_are_recorded() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q3a", "--epochs", "7", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_eq!(summary["experiment"]["epochs"], 7);
    assert_eq!(rows(&lab.read("out/history.csv")).len(), 4 * 8);
}

#[test]
fn no_epochs_leave_every_run_at_its_start() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK.replace("150", "0"));
    let ran = lab.run(&["run", "a.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let table = rows(&lab.read("out/history.csv"));
    assert_eq!(table.len(), 4);
    assert!(table.iter().all(|row| row[3] == "0" && row[5].is_empty()));
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_eq!(summary["runs"][2]["outcome"], "finished");
}

#[test]
fn an_absurd_rate_diverges_and_is_a_result() {
    let lab = Lab::new();
    lab.write(
        "a.ron",
        HOMEWORK.replace(
            "\"sgd\", learning_rate: 0.001",
            "\"sgd\", learning_rate: 1e308",
        ),
    );
    let ran = lab.run(&["run", "a.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("diverged at step 1 "), "{}", ran.out);
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_eq!(summary["runs"][0]["diverged_at_step"], 1);
    assert_eq!(summary["experiment"]["runs"][0]["learning_rate"], 1e308);
}

#[test]
fn a_start_that_is_not_finite_leaves_nulls() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK.replace("-1.54, -0.64", "1e200, 0"));
    let ran = lab.run(&["run", "a.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(rows(&lab.read("out/history.csv")).len(), 0);
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    for run in summary["runs"].as_array().unwrap() {
        assert_eq!(
            (&run["outcome"], &run["diverged_at_step"]),
            (&"diverged".into(), &0.into())
        );
        assert!(run["final_loss"].is_null() && run["best_step"].is_null());
    }
}
