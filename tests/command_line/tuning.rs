//! `tune`.

use super::{HOMEWORK, Lab, names_in};
use descent_lab::experiment::preset;
use serde_json::Value;

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

pub(super) const SPIRALS: &str = r#"(version: 1, epochs: 3, seed: 2, runs: [
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
