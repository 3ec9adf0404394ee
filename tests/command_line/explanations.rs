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

/// Two rules from one state: the run's own numbers are those of its explanation, and what differs
/// is marked.
#[test]
fn another_rule_makes_the_same_step_beside_the_runs_own() {
    let lab = Lab::new();
    let explain = |more: &[&str]| {
        let arguments = ["explain", "hw3_q3a", "--step", "13", "--run", "adam"];
        lab.run(&[&arguments, more].concat())
    };
    let (alone, both) = (explain(&[]), explain(&["--beside", "adabelief"]));
    assert_eq!(both.code, Some(0), "{}", both.err);
    let title = "Adam (adam) and AdaBelief (adabelief) from the same state, step 13 of 150";
    assert!(both.out.starts_with(title), "{}", both.out);
    assert!(both.out.contains("both: m ← β₁·m + (1 − β₁)·g"));
    let lines = [
        "Adam: v ← β₂·v + (1 − β₂)·‹g²›",
        "AdaBelief: s ← β₂·s + (1 − β₂)·‹(g − m)² + ε›",
    ];
    assert!(
        lines.iter().all(|line| both.out.contains(line)),
        "{}",
        both.out
    );
    // "  w1: before → after, by …" of the one page stands without the colon in the other.
    let is_move = |line: &&str| line.trim_start().starts_with("w1: ") && line.contains("→ ");
    let own = alone.out.lines().find(is_move).unwrap();
    let own = own.trim().replacen(':', "", 1);
    let own = own.split(", effective").next().unwrap();
    assert!(both.out.contains(&format!("Adam: {own}")), "{}", both.out);
    let markdown = explain(&["--beside", "adabelief", "--format", "markdown"]);
    assert!(
        markdown.out.contains("| | Adam | AdaBelief |"),
        "{}",
        markdown.out
    );
    for (arguments, part) in [
        (
            ["--beside", "adamm"],
            "unknown optimizer `adamm`; did you mean `adam`?",
        ),
        (["--beside", "muon"], "it needs a weight matrix"),
    ] {
        let ran = explain(&arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains(part), "{}", ran.err);
        assert!(ran.out.is_empty());
    }
}

/// From another start and with another seed the explanation is that record's, digit for digit.
#[test]
fn other_starts_and_seeds_are_explained_as_recorded() {
    let lab = Lab::new();
    lab.write(
        "several.ron",
        r#"(version: 1, epochs: 20, starts: [(1, 1), (-2, 2)], seeds: [5, 6],
            objective: Landscape(surface: "himmelblau", noise: 0.5),
            runs: [(optimizer: "adam", learning_rate: 0.1)])"#,
    );
    let ran = lab.run(&["run", "several.ron", "--out", "out", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let history = rows(&lab.read("out/history.csv"));
    let mut seen = Vec::new();
    for (start, seed) in [("0", "5"), ("0", "6"), ("1", "5"), ("1", "6")] {
        let arguments = [
            "explain",
            "several.ron",
            "--step",
            "7",
            "--start",
            start,
            "--seed",
            seed,
        ];
        let explained = lab.run(&arguments);
        assert_eq!(explained.code, Some(0), "{}", explained.err);
        let is_it = |row: &&Vec<String>| row[3] == start && row[4] == seed && row[5] == "7";
        let row = history.iter().find(is_it).unwrap();
        for (begins, column) in [("w1: ", 10), ("w2: ", 11)] {
            assert_eq!(after_arrow(&explained.out, begins), row[column]);
        }
        seen.push(row[10].clone());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen.len(),
        4,
        "noise and starts make four different records"
    );
    for (arguments, part) in [
        (
            ["--start", "2"],
            "there is no start 2; the experiment has 2",
        ),
        (["--seed", "7"], "no seed 7; its seeds are 5, 6"),
    ] {
        let ran = lab.run(&[&["explain", "several.ron", "--step", "1"], &arguments[..]].concat());
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains(part), "{}", ran.err);
    }
}
