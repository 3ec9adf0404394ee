//! Tasks one after the other, from files on the command line: every scenario, what is refused,
//! and the comparison over seeds.

use super::{Lab, rows};

/// A small network, so that images are learnt in moments.
const SMALL: &str = "layers: [Flatten, Dense(outputs: 6), Tanh], batch_size: 500";

fn file(tasks: &str, more: &str) -> String {
    format!(
        "(version: 1, objective: Tasks({tasks}), epochs: 1, seed: 3, {more}\n    runs: [\n        \
         (optimizer: \"sgd\", learning_rate: 0.1),\n        (optimizer: \"sgd\", learning_rate: \
         0.1, remedy: FreezeNeurons(share: 0.5)),\n    ])"
    )
}

/// Runs a file; the accuracy matrix's rows.
#[track_caller]
fn learnt(tasks: &str, more: &str) -> Vec<Vec<String>> {
    let lab = Lab::new();
    lab.write("tasks.ron", file(tasks, more));
    let ran = lab.run(&["run", "tasks.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("task by task at the end"), "{}", ran.out);
    rows(&lab.read("out/accuracy_matrix.csv"))
}

/// Two runs, and a row after every task with a share for each.
#[track_caller]
fn assert_learns(tasks: &str, count: usize, head: &str) {
    let rows = learnt(tasks, "");
    assert_eq!(rows.len(), 2 * count, "{tasks}");
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row[4], head);
        assert_eq!(row[6], (index % count + 1).to_string());
        let shares: Vec<f64> = row[7..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(shares.len(), count);
        assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }
}

#[test]
fn classes_are_split_in_two_fives_and_in_five_twos() {
    let two =
        "data: FashionMnistSample, scenario: Split(tasks: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])";
    assert_learns(&format!("{two}, {SMALL}"), 2, "single");
    assert_learns(&format!("{two}, head: Multi, {SMALL}"), 2, "multi");
    let five = "data: FashionMnistSample, scenario: Even(tasks: 5)";
    assert_learns(&format!("{five}, {SMALL}"), 5, "single");
    assert_learns(&format!("{five}, head: Multi, {SMALL}"), 5, "multi");
    assert_learns(&format!("{five}, head: Domain, {SMALL}"), 5, "domain");
}

#[test]
fn pixels_are_permuted_and_turned_for_any_number_of_tasks() {
    for (scenario, count) in [
        ("Permuted(tasks: 3)", 3),
        ("Permuted(tasks: 1)", 1),
        ("Rotated(tasks: 4, degrees: 25)", 4),
    ] {
        let tasks =
            format!("data: FashionMnistSample, scenario: {scenario}, head: Domain, {SMALL}");
        assert_learns(&tasks, count, "domain");
    }
    let many = "data: Moons(examples: 8), scenario: Rotated(tasks: 60, degrees: 6), head: Domain, \
                layers: [Dense(outputs: 4), Tanh]";
    assert_learns(many, 60, "domain");
}

#[test]
fn fifteen_classes_of_joined_sets_are_three_fives() {
    let split = "scenario: Split(tasks: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11, 12, 13, 14]])";
    let joined = format!("data: FashionMnistSample, joined: Permuted, {split}, head: Multi");
    assert_learns(&format!("{joined}, {SMALL}"), 3, "multi");
    let toys = "data: Moons(examples: 30), joined: With(Blobs(examples: 30)), \
                scenario: Split(tasks: [[0, 1], [2, 3, 4]]), layers: [Dense(outputs: 4), Tanh]";
    assert_learns(toys, 2, "single");
}

#[test]
fn the_order_of_classes_and_everything_drawn_follow_the_seed() {
    let tasks = format!(
        "data: FashionMnistSample, scenario: Even(tasks: 5, shuffled: true), head: Multi, {SMALL}"
    );
    let rows = learnt(&tasks, "seeds: [3, 4],");
    let of = |run: &str, seed: &str| -> Vec<Vec<String>> {
        let own = rows.iter().filter(|row| row[0] == run && row[5] == seed);
        own.map(|row| row[7..].to_vec()).collect()
    };
    assert_eq!((of("0", "3").len(), of("0", "4").len()), (5, 5));
    assert_ne!(of("0", "3"), of("0", "4"));
    assert_eq!(
        rows,
        learnt(&tasks, "seeds: [3, 4],"),
        "the same file, the same numbers"
    );
}

/// `check` names the problem with file, line and column, and `run` refuses the file.
#[track_caller]
fn assert_refused(tasks: &str, more: &str, run: &str, words: &[&str]) {
    let lab = Lab::new();
    let runs = format!("runs: [(optimizer: \"sgd\"{run})]");
    let text = format!("(version: 1,\n    objective: Tasks({tasks}),\n    {more}{runs})");
    lab.write("bad.ron", text);
    let checked = lab.run(&["check", "bad.ron"]);
    let ran = lab.run(&["run", "bad.ron"]);
    assert_eq!((checked.code, ran.code), (Some(2), Some(2)), "{}", ran.err);
    for word in ["bad.ron: line "].iter().chain(words) {
        assert!(
            checked.out.contains(word),
            "{word} is missing in: {}",
            checked.out
        );
        assert!(ran.err.contains(word), "{word} is missing in: {}", ran.err);
    }
}

#[test]
fn what_makes_no_sense_is_named_with_its_place_and_what_to_do() {
    let split = |tasks: &str| {
        format!("data: Blobs(), joined: With(Moons()), scenario: Split(tasks: [{tasks}])")
    };
    for (tasks, words) in [
        (
            "[0, 1], []",
            [
                "objective.scenario.tasks[1]",
                "no classes, and so no data; list at least two",
            ],
        ),
        (
            "[0, 1], [1, 2]",
            [
                "objective.scenario.tasks[1][0]",
                "class 1 is in task 0 already; a class belongs to one task",
            ],
        ),
        (
            "[0, 1], [2]",
            ["objective.scenario.tasks[1]", "the task has one class"],
        ),
        (
            "[0, 1], [2, 9]",
            [
                "objective.scenario.tasks[1][1]",
                "there is no class 9; give 0 to 4",
            ],
        ),
    ] {
        assert_refused(&split(tasks), "", "", &words);
    }
    let two = split("[0, 1], [2, 3]");
    let heads = format!("{two}, head: Multi, heads: 3");
    let words = [
        "objective.heads",
        "3 heads are more than the 2 tasks; give 2, or leave it out",
    ];
    assert_refused(&heads, "", "", &words);
    let words = ["did you mean `Rehearsal`?"];
    assert_refused(&two, "", ", remedy: Rehersal()", &words);
    let words = [
        "runs[0].remedy.strength",
        "-2 is out of range; give a finite number of at least 0",
    ];
    assert_refused(&two, "", ", remedy: Mas(strength: -2)", &words);
    let words = [
        "objective.measured_every",
        "give a whole number of epochs of at least 1",
    ];
    assert_refused(&format!("{two}, measured_every: 0"), "", "", &words);
}

#[test]
fn remedies_are_compared_over_seeds_as_text_as_markdown_and_in_files() {
    let lab = Lab::new();
    let tasks = "data: Moons(examples: 60), joined: With(Blobs(examples: 60)), \
                 scenario: Split(tasks: [[0, 1], [2, 3, 4]]), layers: [Dense(outputs: 6), Tanh], \
                 batch_size: 30";
    lab.write("tasks.ron", file(tasks, ""));
    let arguments = ["forgetting", "tasks.ron", "--epochs", "4", "--seeds", "3,5"];
    let text = lab.run(&arguments);
    assert_eq!(text.code, Some(0), "{}", text.err);
    assert!(
        text.out
            .contains("Means over the seeds 3, 5 ± standard deviation")
    );
    let with = |more: &[&str]| lab.run(&[&arguments[..], more].concat());
    let markdown = with(&["--format", "markdown", "--out", "out"]);
    assert_eq!(markdown.code, Some(0), "{}", markdown.err);
    let lines: Vec<&str> = markdown.out.lines().collect();
    assert!(lines[0].starts_with("| run | head | mean | against fine-tuning |"));
    assert!(lines[3].contains("±"), "{}", lines[3]);
    let standing = ["| above |", "| below |", "| within the spread |"];
    assert!(
        standing.iter().any(|word| lines[3].contains(word)),
        "{}",
        lines[3]
    );
    assert!(
        lines[2].contains("| – |"),
        "fine-tuning is not held against itself"
    );
    assert_eq!(lab.read("out/forgetting.md"), markdown.out);
    // Seed by seed or all at once: the same numbers.
    let matrix = lab.read("out/accuracy_matrix.csv");
    lab.write("both.ron", file(tasks, "seeds: [3, 5],"));
    let both = lab.run(&["run", "both.ron", "--epochs", "4", "--out", "both"]);
    assert_eq!(both.code, Some(0), "{}", both.err);
    assert_eq!(matrix, lab.read("both/accuracy_matrix.csv"));
    let refused = lab.run(&["forgetting", "hw3_q3a"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("its objective is not Tasks(...)"),
        "{}",
        refused.err
    );
}

#[test]
fn other_data_and_some_of_the_runs_are_compared() {
    let lab = Lab::new();
    let tasks = |data: &str| {
        let rest = "joined: With(Blobs(examples: 60)), scenario: Split(tasks: [[0, 1], [2, 3, 4]]), \
                    layers: [Dense(outputs: 6), Tanh], batch_size: 30";
        format!("data: {data}, {rest}")
    };
    lab.write("moons.ron", file(&tasks("Moons(examples: 60)"), ""));
    lab.write("spirals.ron", file(&tasks("Spirals(examples: 60)"), ""));
    let forgetting = |experiment: &str, more: &[&str]| {
        let arguments = ["forgetting", experiment, "--epochs", "4"];
        lab.run(&[&arguments[..], more].concat())
    };
    let (moons, spirals) = (forgetting("moons.ron", &[]), forgetting("spirals.ron", &[]));
    assert_eq!(spirals.code, Some(0), "{}", spirals.err);
    assert_ne!(moons.out, spirals.out);
    let replaced = forgetting("moons.ron", &["--data", "Spirals(examples: 60)"]);
    assert_eq!(replaced.out, spirals.out);

    let second = forgetting("moons.ron", &["--run", "1", "--format", "markdown"]);
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
    assert_eq!(rows(&second.out), 3, "{}", second.out);
    let images = format!("data: FashionMnistSample, scenario: Even(tasks: 5), {SMALL}");
    lab.write("images.ron", file(&images, ""));
    for (experiment, more, wrong) in [
        ("moons.ron", ["--data", "Moon()"], "did you mean `Moons`?"),
        (
            "images.ron",
            ["--data", "Mnist(folder: \"nowhere\")"],
            "nowhere",
        ),
        ("moons.ron", ["--run", "9"], "there is no run 9"),
    ] {
        let refused = forgetting(experiment, &more);
        assert_eq!(refused.code, Some(2));
        assert!(refused.err.contains(wrong), "{}", refused.err);
    }
}

#[test]
fn a_remedys_strength_is_swept_and_tuned() {
    let lab = Lab::new();
    let tasks = "data: Moons(examples: 60), joined: With(Blobs(examples: 60)), head: Multi, \
                 scenario: Split(tasks: [[0, 1], [2, 3, 4]]), layers: [Dense(outputs: 6), Tanh], \
                 batch_size: 30";
    let text = format!(
        "(version: 1, objective: Tasks({tasks}), epochs: 3, runs: [(optimizer: \"sgd\", \
         learning_rate: 0.1, remedy: Ewc(strength: 10, samples: 20))])"
    );
    lab.write("tasks.ron", text);
    let axis = "remedy.strength=0.1:10";
    let tuned = lab.run(&[
        "tune",
        "tasks.ron",
        "--axis",
        axis,
        "--budget",
        "16",
        "--out",
        "out",
    ]);
    assert_eq!(tuned.code, Some(0), "{}", tuned.err);
    assert!(tuned.out.contains("remedy.strength"), "{}", tuned.out);
    let found = lab.read("out/tuned.ron");
    assert!(
        found.contains("Ewc(") && !found.contains("strength: 10.0,"),
        "{found}"
    );
    // What counts is how well both tasks are known at the end.
    let swept = lab.run(&[
        "sweep",
        "tasks.ron",
        "--x",
        "remedy.strength=0,10,1e9",
        "--out",
        "swept",
    ]);
    assert_eq!(swept.code, Some(0), "{}", swept.err);
    let unknown = lab.run(&["tune", "tasks.ron", "--axis", "remedy.strenght"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.err.contains("did you mean `strength`?"),
        "{}",
        unknown.err
    );
}
