//! `sweep` and `merge`: the same file whole, in shards, and after having been killed.

use super::{HOMEWORK, Lab, Ran, finish, names_in, rows};
use std::fs;
use std::time::{Duration, Instant};

/// Homework 3a's Adam over learning rate and decay.
const SWEEP: [&str; 8] = [
    "sweep",
    "homework.ron",
    "--run",
    "3",
    "--x",
    "learning_rate=1e-4:1:24:log",
    "--y",
    "decay=0:1:7:linear",
];

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    lab
}

fn sweep(lab: &Lab, more: &[&str]) -> Ran {
    let arguments: Vec<&str> = SWEEP.iter().chain(more).copied().collect();
    lab.run(&arguments)
}

fn assert_done(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn a_sweep_prints_and_writes_one_row_a_trial() {
    let lab = lab();
    let printed = sweep(&lab, &[]);
    assert_done(&printed);
    let table = rows(&printed.out);
    assert_eq!(table.len(), 24 * 7);
    assert!(printed.out.starts_with(
        "run,label,optimizer,trial,learning_rate,decay,final_loss,best_loss,best_step,touched_at,\
         stays_from,diverged_at,left_range_at,final_w1,final_w2\n"
    ));
    assert_eq!(table[0][..6], ["3", "Adam", "adam", "0", "0.0001", "0"]);
    assert_eq!(table[23][4..6], ["1", "0"]);
    assert_eq!(table[24][4..6], ["0.0001", &table[24][5]]);
    assert_done(&sweep(&lab, &["--out", "out"]));
    assert_eq!(lab.read("out/sweep.csv"), printed.out);
    assert_eq!(names_in(&lab.path("out")), ["sweep.csv", "sweep.json"]);
}

#[test]
fn a_trial_has_the_numbers_that_run_has() {
    let lab = lab();
    let ran = lab.run(&[
        "sweep",
        "homework.ron",
        "--run",
        "1",
        "--x",
        "learning_rate=0.0001,0.001",
        "--target",
        "0.5",
    ]);
    assert_done(&ran);
    let own = &rows(&ran.out)[1];
    assert_done(&lab.run(&["run", "homework.ron", "--out", "run", "--quiet"]));
    let history = rows(&lab.read("run/history.csv"));
    let of_run: Vec<_> = history.iter().filter(|row| row[0] == "1").collect();
    assert_eq!(own[5], of_run.last().unwrap()[6]);
    let loss = |row: &&Vec<String>| row[6].parse::<f64>().unwrap();
    let touched = of_run.iter().position(|row| loss(row) <= 0.5);
    assert_eq!(
        own[8],
        touched.map_or(String::new(), |step| step.to_string())
    );
}

#[test]
fn any_number_of_axes_lists_and_samples() {
    let lab = lab();
    let ran = lab.run(&[
        "sweep",
        "homework.ron",
        "--run",
        "1",
        "--x",
        "learning_rate=1e-4:1e-2:3:log",
        "--y",
        "momentum=0.5,0.9",
        "--axis",
        "seed=0:1",
        "--axis",
        "w1=-1:1:2",
        "--epochs",
        "20",
    ]);
    assert_done(&ran);
    assert_eq!(rows(&ran.out).len(), 3 * 2 * 2 * 2);
    for how in ["random", "sobol"] {
        let sampled = ["--sample", how, "--trials", "50", "--sample-seed", "7"];
        let (first, second) = (sweep(&lab, &sampled), sweep(&lab, &sampled));
        assert_done(&first);
        assert_eq!(rows(&first.out).len(), 50);
        assert_eq!(first.out, second.out);
        let other = sweep(
            &lab,
            &["--sample", how, "--trials", "50", "--sample-seed", "8"],
        );
        assert_ne!(first.out, other.out);
    }
    // Every run, where all have the quantities.
    let all = lab.run(&["sweep", "homework.ron", "--x", "learning_rate=1e-4:1:5:log"]);
    assert_eq!(rows(&all.out).len(), 4 * 5);
}

#[test]
fn shards_merge_to_the_file_of_the_whole_sweep() {
    let lab = lab();
    assert_done(&sweep(&lab, &["--out", "whole", "--quiet"]));
    for shard in ["1/5", "4/5", "2/5", "5/5"] {
        assert_done(&sweep(&lab, &["--out", "shards", "--shard", shard]));
    }
    let early = lab.run(&["merge", "shards", "--out", "merged"]);
    assert_eq!(early.code, Some(2));
    assert!(
        early.err.contains("shards are missing: 3 of 5"),
        "{}",
        early.err
    );
    assert_done(&sweep(&lab, &["--out", "few", "--shard", "3/50"]));
    let few = lab.run(&["merge", "few", "--out", "merged"]);
    assert!(few.err.contains("21 and 29 more of 50"), "{}", few.err);
    let mixed = lab.run(&["merge", "few", "shards", "--out", "merged"]);
    assert!(mixed.err.contains("this is one of"), "{}", mixed.err);
    let nothing = lab.run(&["merge", "nowhere", "--out", "merged"]);
    assert!(
        nothing.err.contains("nowhere: there is no shard"),
        "{}",
        nothing.err
    );
    let named = lab.path("few/sweep-3-of-50.csv");
    let twice = lab.run(&["merge", "few", named.to_str().unwrap(), "--out", "merged"]);
    assert!(twice.err.contains("are missing"), "{}", twice.err);
    assert!(!lab.path("merged").exists());
    assert_done(&sweep(&lab, &["--out", "elsewhere", "--shard", "3/5"]));
    assert_done(&lab.run(&["merge", "shards", "elsewhere", "--out", "merged"]));
    assert_eq!(lab.read("merged/sweep.csv"), lab.read("whole/sweep.csv"));
    assert_eq!(lab.read("merged/sweep.json"), lab.read("whole/sweep.json"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let lab = lab();
    for (more, part) in [
        (
            &["--target", "nan"][..],
            "--target: NaN is not a finite number",
        ),
        (&["--target", "inf"], "--target: inf is not a finite number"),
        (&["--sample-seed", "7"], "nothing is drawn for a grid"),
    ] {
        let ran = sweep(&lab, more);
        assert_eq!(ran.code, Some(2), "{more:?}: {}", ran.err);
        assert!(ran.err.contains(part), "{more:?}: {}", ran.err);
    }
    let decays = ["--x", "decay=0.1,1", "--y", "schedule.rate=0.01"];
    let twice = lab.run(&[&["sweep", "hw3_q3b", "--run", "3"], &decays[..]].concat());
    assert_eq!(twice.code, Some(2));
    assert!(twice.err.contains("is on two axes"), "{}", twice.err);
}

#[test]
fn a_table_of_somebody_elses_is_not_written_over() {
    let lab = lab();
    assert_done(&sweep(&lab, &["--out", "shards", "--shard", "1/1"]));
    fs::create_dir(lab.path("out")).unwrap();
    lab.write("out/sweep.csv", "mine");
    for ran in [
        sweep(&lab, &["--out", "out"]),
        lab.run(&["merge", "shards", "--out", "out"]),
    ] {
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("a file of this name"), "{}", ran.err);
    }
    assert_eq!(lab.read("out/sweep.csv"), "mine");
}

#[test]
fn surfaces_that_follow_one_another_are_judged_by_all_of_them_at_the_end() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q4_surfaces", "--out", "run", "--quiet"]);
    assert_done(&ran);
    let summary: serde_json::Value = serde_json::from_str(&lab.read("run/summary.json")).unwrap();
    let swept = lab.run(&[
        "sweep",
        "hw3_q4_surfaces",
        "--x",
        "seed=0",
        "--target",
        "0.5",
    ]);
    assert_done(&swept);
    let table = rows(&swept.out);
    assert_eq!(table.len(), summary["runs"].as_array().unwrap().len());
    for (row, run) in table.iter().zip(summary["runs"].as_array().unwrap()) {
        let end = run["final_loss"].as_f64().unwrap();
        assert_eq!(row[5].parse::<f64>().unwrap(), end);
        assert_eq!(row[8].is_empty(), end > 0.5, "{row:?}");
    }
}

#[test]
fn a_sweep_says_that_it_is_of_the_first_start_only() {
    let lab = Lab::new();
    let text = HOMEWORK.trim_end_matches(')').to_owned() + "starts: [(0.5, 1), (1, 2)],\n)";
    lab.write("homework.ron", text);
    let short = ["--epochs", "5"];
    let said = "Only from the first of the 2 starts.";
    let ran = sweep(&lab, &short);
    assert_done(&ran);
    assert!(ran.err.contains(said), "{}", ran.err);
    let varied = sweep(
        &lab,
        &[&short[..], &["--axis", "w1=0:1:2", "--axis", "w2=0:1:2"]].concat(),
    );
    assert_done(&varied);
    assert!(!varied.err.contains(said), "{}", varied.err);
}

#[test]
fn a_single_shard_is_merged_too() {
    let lab = lab();
    assert_done(&sweep(&lab, &["--out", "shards", "--shard", "1/1"]));
    assert_done(&lab.run(&["merge", "shards", "--out", "merged"]));
    assert_eq!(lab.read("merged/sweep.csv"), lab.read("shards/sweep.csv"));
}

#[test]
fn doubled_damaged_and_strange_shards_are_named_and_not_merged() {
    let lab = lab();
    for shard in ["1/2", "2/2"] {
        assert_done(&sweep(&lab, &["--out", "shards", "--shard", shard]));
    }
    assert_done(&sweep(&lab, &["--out", "again", "--shard", "2/2"]));
    let refused = |paths: &[&str], part: &str| {
        let arguments: Vec<&str> = ["merge"]
            .iter()
            .chain(paths)
            .chain(&["--out", "merged"])
            .copied()
            .collect();
        let ran = lab.run(&arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
        assert!(!lab.path("merged").exists());
    };
    refused(&["shards", "again"], "shard 2 is there twice");
    refused(&["homework.ron"], "homework.ron: this is no shard");
    let table = lab.path("shards/sweep-1-of-2.csv");
    let whole = fs::read(&table).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for bytes in [&damaged[..], &whole[..whole.len() - 1]] {
        fs::write(&table, bytes).unwrap();
        refused(&["shards"], "sweep-1-of-2.csv: the shard is damaged");
    }
    fs::remove_file(&table).unwrap();
    refused(&["shards"], "the table of shard 1/2 is gone");
    // The same command mends it.
    assert_done(&sweep(&lab, &["--out", "shards", "--shard", "1/2"]));
    assert_eq!(fs::read(&table).unwrap(), whole);
    assert_done(&sweep(
        &lab,
        &["--out", "others", "--shard", "2/2", "--epochs", "10"],
    ));
    refused(
        &["shards/sweep-1-of-2.csv", "others"],
        "belongs to another sweep",
    );
}

#[test]
fn another_sweeps_folder_is_refused_and_a_complete_one_is_left_alone() {
    let lab = lab();
    assert_done(&sweep(&lab, &["--out", "out"]));
    let before = fs::metadata(lab.path("out/sweep.csv"))
        .unwrap()
        .modified()
        .unwrap();
    let again = sweep(&lab, &["--out", "out"]);
    assert_done(&again);
    assert!(again.err.contains("complete"), "{}", again.err);
    assert_eq!(
        fs::metadata(lab.path("out/sweep.csv"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
    let other = sweep(&lab, &["--out", "out", "--epochs", "10"]);
    assert_eq!(other.code, Some(2));
    assert!(other.err.contains("another sweep"), "{}", other.err);
}

/// A sweep of some seconds, in many parts.
fn long(lab: &Lab) -> Vec<&'static str> {
    // What is around a rule goes through the simulation, in small parts.
    let text = HOMEWORK.replace(
        "label: \"RMSprop, \\\"plain\\\"\"",
        "wrappers: [ClipNorm(1.0)]",
    );
    assert!(text.contains("ClipNorm"));
    lab.write("long.ron", text);
    vec![
        "sweep",
        "long.ron",
        "--run",
        "2",
        "--x",
        "learning_rate=1e-4:1:64:log",
        "--y",
        "decay=0.001:1:48:log",
        "--quiet",
        "--out",
    ]
}

#[test]
fn a_sweep_killed_at_any_moment_and_resumed_gives_the_file_of_one_left_alone() {
    let lab = lab();
    let mut arguments = long(&lab);
    arguments.push("alone");
    assert_done(&lab.run(&arguments));
    arguments.pop();
    arguments.push("killed");
    // Killed ever later, in the middle of whatever it does; then left alone.
    let parts = lab.path("killed/sweep.parts");
    for wanted in [0, 1, 3, 6, 8] {
        let mut child = lab.command(&arguments).spawn().unwrap();
        let begun = Instant::now();
        let count = || {
            if parts.is_dir() {
                names_in(&parts).len()
            } else {
                0
            }
        };
        while count() < wanted
            && child.try_wait().unwrap().is_none()
            && begun.elapsed() < Duration::from_secs(60)
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // A part that was spoilt is made again.
    if let Some(name) = parts
        .is_dir()
        .then(|| names_in(&parts))
        .and_then(|names| names.into_iter().find(|name| name.ends_with(".csv")))
    {
        fs::write(parts.join(name), "1,2,3\n").unwrap();
    }
    assert_done(&finish(lab.command(&arguments).spawn().unwrap()));
    assert_eq!(lab.read("killed/sweep.csv"), lab.read("alone/sweep.csv"));
    assert_eq!(lab.read("killed/sweep.json"), lab.read("alone/sweep.json"));
    assert!(!parts.exists());
}

#[test]
fn wrong_axes_are_explained() {
    let lab = lab();
    for (arguments, part) in [
        (&["--x", "bet2=0:0.9"][..], "did you mean `beta2`"),
        (&["--x", "momentum=0.1:0.9"], "run 3 (Adam)"),
        (&["--x", "learning_rate=1:0.1"], "1 does not lie below 0.1"),
        (
            &["--x", "learning_rate=0:1:9:log"],
            "logarithmic axis must begin",
        ),
        (&[], "give at least one axis"),
        (&["--x", "w1=-1:1", "--y", "w1=0:1"], "`w1` is on two axes"),
        (&["--x", "w1=-1:1", "--run", "9"], "there is no run 9"),
        (&["--x", "w1=-1:1", "--sample", "sobol"], "--trials"),
        (
            &["--x", "w1=-1:1", "--shard", "3/2", "--out", "x"],
            "is no shard",
        ),
        (
            &["--x", "w1=-1:1:1000000", "--y", "w2=-1:1:1000000"],
            "more than the",
        ),
    ] {
        let all: Vec<&str> = ["sweep", "homework.ron"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let ran = lab.run(&all);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
        assert!(!lab.path("x").exists());
    }
}
