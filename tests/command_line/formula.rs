//! Experiments on a formula of the user's own.

use super::{Lab, rows};
use descent_lab::experiment::built_in;
use serde_json::Value;

const BOWL: &str = r#"(
    version: 1,
    objective: Formula(
        expression: "w1^2 + 3*w2^2",
        start: (1.0, -0.5),
    ),
    epochs: 3,
    runs: [(optimizer: "sgd", learning_rate: 0.1)],
)"#;

#[test]
fn a_formula_is_run_and_all_files_are_written() {
    let lab = Lab::new();
    lab.write("bowl.ron", BOWL);
    let ran = lab.run(&["run", "bowl.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let table = rows(&lab.read("out/history.csv"));
    let number = |text: &str| -> f64 { text.parse().unwrap() };
    for (step, row) in table.iter().enumerate() {
        let (w1, w2) = (0.8_f64.powi(step as i32), -0.5 * 0.4_f64.powi(step as i32));
        assert!((number(&row[8]) - w1).abs() < 1e-15 && (number(&row[9]) - w2).abs() < 1e-15);
        assert!((number(&row[6]) - (w1 * w1 + 3.0 * w2 * w2)).abs() < 1e-15);
    }
    assert_eq!(table.len(), 4);
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    let objective = &summary["experiment"]["objective"]["Formula"];
    assert_eq!(objective["expression"], "w1^2 + 3*w2^2");
    for figure in ["loss.svg", "landscape.svg"] {
        assert!(
            lab.read(&format!("out/{figure}"))
                .contains("J = w1^2 + 3*w2^2")
        );
    }
    assert!(lab.read("out/landscape.svg").contains("minimum found"));
}

#[test]
fn a_formula_that_is_nowhere_finite_diverges_at_its_start() {
    let lab = Lab::new();
    for text in ["ln(-1)", "1/0", "0/0*w1", "exp(exp(exp(9)))"] {
        lab.write("bad.ron", BOWL.replace("w1^2 + 3*w2^2", text));
        let ran = lab.run(&["run", "bad.ron", "--out", "out"]);
        assert_eq!(ran.code, Some(0), "{text}: {}", ran.err);
        assert!(
            ran.out.contains("diverged at step 0"),
            "{text}: {}",
            ran.out
        );
        assert!(lab.read("out/landscape.svg").ends_with("</svg>\n"));
    }
}

#[test]
fn a_bad_formula_is_refused_with_its_place() {
    let lab = Lab::new();
    for (text, words) in [
        (
            "w1^2 + sine(w2)",
            "column 8 of the formula: unknown name `sine`; did you mean `sin`?",
        ),
        (
            "w1^2 +",
            "column 7 of the formula: a number, w1, w2, a function or `(` is missing",
        ),
        ("", "column 1 of the formula: the formula is empty"),
        (
            &"(".repeat(100_000),
            "column 4097 of the formula: the formula is longer than 4096",
        ),
        (
            &"(".repeat(100),
            "column 65 of the formula: more than 64 levels",
        ),
    ] {
        lab.write("bad.ron", BOWL.replace("w1^2 + 3*w2^2", text));
        let ran = lab.run(&["run", "bad.ron", "--out", "out"]);
        let checked = lab.run(&["check", "bad.ron"]);
        assert_eq!((ran.code, checked.code), (Some(2), Some(2)));
        for said in [&ran.err, &checked.out] {
            let place = "bad.ron: line 4, column 21: objective.expression: ";
            assert!(said.contains(place) && said.contains(words), "{said}");
        }
        assert_eq!(lab.names(), ["bad.ron"], "nothing is written");
    }
}

#[test]
fn the_built_in_formula_runs() {
    let experiment = built_in::find("own_formula").unwrap().experiment();
    assert!(experiment.objective.expression().is_some());
    let ran = Lab::new().run(&["run", "own_formula"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.out.contains("diverged"), "{}", ran.out);
}
