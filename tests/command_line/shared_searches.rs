//! Searches that go on where they were broken off, and shards of searches.

use super::tuning::SPIRALS;
use super::{HOMEWORK, Lab, Ran, names_in};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

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
    for folder in ["whole", "merged"] {
        let names = names_in(&lab.path(folder));
        assert_eq!(names, ["tune.json", "tune.ron", "tuned.ron"]);
    }
    // The whole is a single shard too.
    assert_done(&lab.run(&["merge", "whole", "--out", "again"]));
    assert_eq!(lab.read("again/tune.ron"), lab.read("merged/tune.ron"));
}

#[test]
fn what_is_complete_is_told_again_and_not_searched_again() {
    let lab = Lab::new();
    lab.write("homework.ron", HOMEWORK);
    for more in [&["--out", "out"][..], &["--out", "out", "--shard", "2/3"]] {
        let mut arguments = vec!["tune", "homework.ron", "--budget", "300", "--json"];
        arguments.extend(more);
        let first = lab.run(&arguments);
        assert_done(&first);
        assert!(!first.err.contains("complete"), "{}", first.err);
        let again = lab.run(&arguments);
        assert_done(&again);
        assert!(again.err.contains("is complete in"), "{}", again.err);
        assert_eq!(again.out, first.out);
    }
    // What the user has made of the result stays; what is gone is written again.
    let (json, tuned) = (lab.read("out/tune.json"), lab.read("out/tuned.ron"));
    lab.write("out/tuned.ron", tuned.clone() + "// mine\n");
    fs::remove_file(lab.path("out/tune.json")).unwrap();
    let command = ["tune", "homework.ron", "--budget", "300", "--out", "out"];
    assert_done(&lab.run(&command));
    assert!(lab.read("out/tuned.ron").ends_with("// mine\n"));
    let told = lab.run(&command);
    assert!(
        told.err.contains("tuned.ron: left as it is"),
        "{}",
        told.err
    );
    assert!(!told.err.contains("tune.json: left"), "{}", told.err);
    assert_eq!(lab.read("out/tune.json"), json);
    // A spoilt file of its own is not taken for an answer, and nothing else is written over.
    let whole = lab.read("out/tune.ron");
    lab.write(
        "out/tune.ron",
        whole.replacen("succeeds: ", "succeeds:  ", 1),
    );
    let spoilt = lab.run(&command);
    assert_eq!(spoilt.code, Some(2), "{}", spoilt.err);
    assert!(spoilt.err.contains("tune.ron"), "{}", spoilt.err);
    assert!(lab.read("out/tuned.ron").ends_with("// mine\n"));
    lab.write("out/tune.ron", whole);
    // Another question's results do not take their place.
    let other = lab.run(&["tune", "homework.ron", "--budget", "301", "--out", "out"]);
    assert_eq!(other.code, Some(2), "{}", other.err);
    assert!(
        other.err.contains("another sweep or search"),
        "{}",
        other.err
    );
    assert_eq!(lab.read("out/tune.json"), json);
}

#[test]
fn files_of_the_user_are_not_written_over() {
    let lab = Lab::new();
    assert_done(&shard(&lab, "shards", "1/2", &[]));
    assert_done(&shard(&lab, "shards", "2/2", &[]));
    for name in ["tune.json", "tuned.ron", "tune.parts/mine.txt"] {
        let folder = lab.path("out");
        fs::create_dir_all(folder.join("tune.parts")).unwrap();
        lab.write(&format!("out/{name}"), "mine");
        let refused = |ran: &Ran| {
            assert_eq!(ran.code, Some(2), "{name}: {}", ran.err);
            assert!(ran.err.contains("choose another folder"), "{}", ran.err);
            assert_eq!(lab.read(&format!("out/{name}")), "mine");
        };
        let is_part = name.starts_with("tune.parts");
        if !is_part {
            fs::remove_dir(folder.join("tune.parts")).unwrap();
            refused(&lab.run(&["merge", "shards", "--out", "out"]));
        }
        refused(&shard(&lab, "out", "1/1", &[]));
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn searches_and_sweeps_of_other_data_are_other_ones() {
    let lab = Lab::new();
    lab.write(
        "rows.ron",
        r#"(version: 1, epochs: 2, runs: [(optimizer: "sgd"), (optimizer: "adam")],
        objective: Network(data: Csv(file: "rows.csv", label: "kind"), batch_size: 16,
        layers: [Dense(outputs: 2)]))"#,
    );
    let write = |shift: usize| {
        let row = |k: usize| format!("{},{},kind{}\n", (k + shift) % 5, k % 7, k % 2);
        lab.write(
            "rows.csv",
            "x1,x2,kind\n".to_owned() + &(0..40).map(row).collect::<String>(),
        );
    };
    let tune = |shard: &str| {
        let arguments = [
            "tune", "rows.ron", "--budget", "16", "--quiet", "--out", "shards",
        ];
        lab.run(&[&arguments[..], &["--shard", shard]].concat())
    };
    let sweep = |shard: &str| {
        let arguments = [
            "sweep",
            "rows.ron",
            "--x",
            "learning_rate=0.01,0.1",
            "--quiet",
        ];
        lab.run(&[&arguments[..], &["--out", "swept", "--shard", shard]].concat())
    };
    write(0);
    assert_done(&tune("1/2"));
    assert_done(&sweep("1/2"));
    write(1);
    assert_done(&tune("2/2"));
    assert_done(&sweep("2/2"));
    for folder in ["shards", "swept"] {
        let merged = lab.run(&["merge", folder, "--out", "merged"]);
        assert_eq!(merged.code, Some(2), "{}", merged.err);
        assert!(merged.err.contains("belongs to another"), "{}", merged.err);
    }
    let again = tune("1/2");
    assert_eq!(again.code, Some(2), "{}", again.err);
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
    refused(&["shards", "nowhere"], "nowhere: there is no shard");
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
    // What it is cannot be seen any more: it is not written over.
    let refused_again = shard(&lab, "shards", "1/2", &[]);
    assert_eq!(refused_again.code, Some(2));
    assert!(
        refused_again.err.contains("remove it and make"),
        "{}",
        refused_again.err
    );
    fs::remove_file(&path).unwrap();
    for damaged in [None, Some(whole.replacen("succeeds: ", "succeeds:  ", 1))] {
        if let Some(damaged) = damaged {
            fs::write(&path, damaged).unwrap();
        }
        assert_done(&shard(&lab, "shards", "1/2", &[]));
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    }
    // Under another name it is the same shard; in another's place it is not that one.
    fs::copy(&path, lab.path("a.ron")).unwrap();
    refused(&["a.ron", "a.ron"], "shards are missing: 2 of 2");
    fs::copy(&path, lab.path("shards/tune-2-of-2.ron")).unwrap();
    assert_eq!(shard(&lab, "shards", "2/2", &[]).code, Some(2));
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
    assert!(other.err.contains("asks something else"), "{}", other.err);
    assert_eq!(names_in(parts), names);
    // A training and a run that would win, were it not seen that they are not what was written.
    let training = names.iter().find(|name| name.starts_with("run-1-"));
    for name in [training.unwrap(), "run-0.ron"] {
        let path = parts.join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("loss: ", "loss: 1e-9, // ", 1)).unwrap();
    }
}
