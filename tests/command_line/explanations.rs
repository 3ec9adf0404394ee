//! `descent-lab explain`.

use super::{HOMEWORK, Lab, rows};

/// The number after the arrow on the first line that begins so and has one.
fn after_arrow<'a>(page: &'a str, begins: &str) -> &'a str {
    let mut lines = page.lines().filter(|line| line.contains("→ "));
    let line = lines.find(|line| line.trim_start().starts_with(begins));
    let line = line.unwrap_or_else(|| panic!("no line begins with {begins}:\n{page}"));
    let rest = line.split("→ ").nth(1).unwrap();
    rest.split([',', ' ']).next().unwrap()
}

/// Every optimizer of the homework, at its first step and later: the parameters, the loss and
/// the rate of the explanation are those of history.csv, digit for digit.
#[test]
fn explanations_equal_the_history() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q3a", "--out", "out", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let history = rows(&lab.read("out/history.csv"));
    for (run, optimizer) in ["sgd", "momentum", "rmsprop", "adam"].iter().enumerate() {
        for step in ["1", "2", "13"] {
            let arguments = ["explain", "hw3_q3a", "--step", step, "--run", optimizer];
            let explained = lab.run(&arguments);
            assert_eq!(explained.code, Some(0), "{}", explained.err);
            let is_it = |row: &&Vec<String>| row[0] == run.to_string() && row[3] == step;
            let row = history.iter().find(is_it).unwrap();
            for (begins, column) in [("w1: ", 8), ("w2: ", 9), ("J: ", 6)] {
                let found = after_arrow(&explained.out, begins);
                assert_eq!(found, row[column], "{optimizer} at {step}: {begins}");
            }
            assert!(explained.out.contains(&format!("α = {}", row[5])));
        }
    }
}

#[test]
fn runs_are_found_by_number_label_and_rule() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    let explain = |more: &[&str]| lab.run(&[&["explain", "homework.ron"], more].concat());
    let by_number = explain(&["--step", "3", "--run", "2"]);
    let by_label = explain(&["--step", "3", "--run", "RMSprop, \"plain\""]);
    let by_rule = explain(&["--step", "3", "--run", "rmsprop"]);
    assert_eq!(by_number.code, Some(0), "{}", by_number.err);
    assert_eq!(
        (&by_number.out, &by_number.out),
        (&by_label.out, &by_rule.out)
    );
    let all = explain(&["--step", "3"]);
    assert!(all.out.contains(&by_number.out));
    assert!(all.out.starts_with("Gradient descent (sgd), step 3 of 150"));
    let markdown = explain(&["--step", "3", "--run", "adam", "--format", "markdown"]);
    assert!(markdown.out.starts_with("## Adam (`adam`), step 3 of 150"));
    assert!(markdown.out.contains(r"\frac{") && markdown.out.contains("$$"));
}

#[test]
fn what_is_not_there_is_named_with_exit_code_2() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    for (arguments, part) in [
        (&["--step", "0"][..], "there is no step 0; give 1 to 150"),
        (&["--step", "151"], "give 1 to 150"),
        (
            &["--step", "15", "--run", "momentum"],
            "the run diverged at step 14",
        ),
        (
            &["--step", "1", "--run", "admam"],
            "there is no run `admam` (did you mean `adam`?)",
        ),
        (&["--step", "1", "--run", "7"], "there is no run `7`"),
        (&["--step", "x"], "invalid value"),
        (&[], "--step"),
    ] {
        let ran = lab.run(&[&["explain", "homework.ron"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty());
    }
    // Those that did make the step are explained, and the others are named.
    let ran = lab.run(&["explain", "homework.ron", "--step", "15"]);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.err.contains("Momentum: the run diverged at step 14"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("Adam (adam), step 15"));
}
