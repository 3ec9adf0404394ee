//! What is refused: with which code, with which words, and with nothing written.

use super::{HOMEWORK, Lab};
use std::fs::{self, File};
use std::time::{Duration, Instant};

/// Runs and checks a file with this text; both refuse it and say all of `words`.
#[track_caller]
fn assert_refused(text: impl AsRef<[u8]>, words: &[&str]) {
    let lab = Lab::new();
    lab.write("bad.ron", text);
    let ran = lab.run(&["run", "bad.ron", "--out", "out"]);
    let checked = lab.run(&["check", "bad.ron"]);
    assert_eq!((ran.code, checked.code), (Some(2), Some(2)), "{}", ran.err);
    assert_eq!(ran.out, "");
    for said in [&ran.err, &checked.out] {
        for word in ["bad.ron: "].iter().chain(words) {
            assert!(said.contains(word), "{word} is missing in: {said}");
        }
    }
    assert_eq!(lab.names(), ["bad.ron"], "nothing is written");
}

#[test]
fn an_unknown_optimizer_is_named_with_its_place_and_the_nearest() {
    assert_refused(
        HOMEWORK.replace("\"adam\"", "\"admam\""),
        &[
            "line 9, column 21: runs[3].optimizer: ",
            "`admam`",
            "did you mean `adam`?",
        ],
    );
}

#[test]
fn a_misspelt_field_is_named_with_the_nearest() {
    assert_refused(
        HOMEWORK.replace("epochs", "epoches"),
        &["line 4, column", "`epoches`", "did you mean `epochs`?"],
    );
}

#[test]
fn numbers_that_make_no_sense_are_named() {
    let with_rate = |rate| HOMEWORK.replacen("learning_rate: 0.001", rate, 1);
    let place = "line 6, column 43: runs[0].learning_rate: ";
    assert_refused(
        with_rate("learning_rate: NaN"),
        &[place, "NaN is not a finite number"],
    );
    assert_refused(
        with_rate("learning_rate: -0.1"),
        &[place, "-0.1 is out of range"],
    );
}

#[test]
fn every_problem_is_printed_on_a_line_of_its_own() {
    let lab = Lab::new();
    let text = HOMEWORK
        .replace("\"rosenbrock\"", "\"rosen\\nbrok\"")
        .replace("\"sgd\"", "\"sdg\"")
        .replace("{\"momentum\": 0.9}", "{\"momentum\": 2, \"beta\": 1}");
    lab.write("bad.ron", text);
    lab.write("good.ron", HOMEWORK);
    let ran = lab.run(&["run", "bad.ron"]);
    let checked = lab.run(&["check", "good.ron", "bad.ron", "none.ron", "good.ron"]);
    assert_eq!((ran.code, checked.code), (Some(2), Some(2)));
    for said in [&ran.err, &checked.out] {
        let lines: Vec<_> = said
            .lines()
            .filter(|line| line.contains("bad.ron: line "))
            .collect();
        assert_eq!(lines.len(), 4, "{said}");
        for (line, place) in lines.iter().zip([
            "objective.surface: ",
            "runs[0].optimizer: ",
            "runs[1].hyperparameters.beta: ",
            "runs[1].hyperparameters.momentum: ",
        ]) {
            assert!(line.contains(place), "{place} is missing in {line}");
        }
    }
    assert_eq!(checked.out.lines().next(), Some("good.ron: ok"));
    assert_eq!(checked.out.lines().last(), Some("good.ron: ok"));
    assert!(
        checked
            .out
            .contains("none.ron: cannot read this: there is no such file")
    );
    let good = lab.run(&["check", "good.ron"]);
    assert_eq!((good.code, &*good.out), (Some(0), "good.ron: ok\n"));
}

#[test]
fn damaged_texts_are_refused_with_a_place() {
    assert_refused("", &["line 1, column 1: the file is empty"]);
    assert_refused("\n \n", &["the file is empty"]);
    assert_refused("\0", &["line 1, column"]);
    assert_refused(&HOMEWORK[..HOMEWORK.len() / 2], &["line "]);
    assert_refused("(".repeat(10_000), &["line 1, column"]);
    assert_refused("[".repeat(10_000), &["line 1, column"]);
    let nested = format!(
        "(version: 1, title: {}{})",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert_refused(nested, &["line 1, column"]);
    assert_refused(
        b"(version: 1,\n title: \"\xC3\xA9 \xFF\")",
        &["line 2, column 12: this is not UTF-8"],
    );
    assert_refused(
        [0xFF, 0xFE, b'(', 0],
        &["line 1, column 1: this is not UTF-8"],
    );
}

#[test]
fn a_byte_order_mark_is_no_damage() {
    let lab = Lab::new();
    lab.write("a.ron", format!("\u{feff}{HOMEWORK}"));
    assert_eq!(lab.run(&["check", "a.ron"]).out, "a.ron: ok\n");
}

#[test]
fn a_newer_version_is_refused() {
    assert_refused(
        HOMEWORK.replace("version: 1", "version: 2"),
        &["format version 2", "newer Descent Lab"],
    );
}

#[test]
fn a_gigabyte_is_refused_at_once() {
    let lab = Lab::new();
    File::create(lab.path("huge.ron"))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let begun = Instant::now();
    let ran = lab.run(&["run", "huge.ron"]);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains("huge.ron: the file is larger than the 64 MiB"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_no_file_is_refused() {
    let lab = Lab::new();
    fs::create_dir(lab.path("folder")).unwrap();
    for (path, reason) in [
        ("folder", "folder: this is a folder"),
        ("./folder", "this is a folder"),
        (
            "missing.ron",
            "missing.ron: cannot read this: there is no such file",
        ),
        ("missing/folder", "there is no such file or folder"),
        ("a/missing.ron", "there is no such file or folder"),
    ] {
        let ran = lab.run(&["run", path, "--out", "out"]);
        assert_eq!(ran.code, Some(2), "{path}");
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    assert_eq!(lab.names(), ["folder"]);
}

#[test]
fn an_unknown_name_is_refused_with_a_suggestion() {
    let lab = Lab::new();
    for arguments in [["run", "hw3_q3"], ["open", "hw3_q3"]] {
        let ran = lab.run(&arguments);
        assert_eq!(ran.code, Some(2));
        for word in [
            "hw3_q3: ",
            "no such file",
            "no built-in experiment",
            "did you mean `hw3_q",
        ] {
            assert!(ran.err.contains(word), "{word} is missing in {}", ran.err);
        }
    }
}

#[test]
fn wrong_use_ends_with_2_and_help_with_0() {
    let lab = Lab::new();
    for arguments in [
        &["run"][..],
        &["run", "hw3_q3a", "--epochs", "-1"],
        &["run", "hw3_q3a", "--epochs", "many"],
        &["run", "hw3_q3a", "--outt", "x"],
        &["check"],
        &["list"],
        &["list", "colours"],
        &["fly"],
    ] {
        let ran = lab.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
    for argument in ["--help", "--version"] {
        let ran = lab.run(&[argument]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.contains("descent-lab"), "{}", ran.out);
    }
    assert!(lab.names().is_empty());
}

#[test]
fn an_impossible_folder_is_named_and_nothing_is_run() {
    let lab = Lab::new();
    lab.write("file", "precious");
    for out in ["file", "file/below"] {
        let ran = lab.run(&["run", "hw3_q3a", "--out", out]);
        assert_eq!((ran.code, &*ran.out), (Some(1), ""));
        assert!(
            ran.err
                .contains(&format!("{out}: cannot make this folder: ")),
            "{}",
            ran.err
        );
    }
    assert_eq!(lab.read("file"), "precious");
}

#[test]
fn a_failed_write_names_what_was_written_and_what_failed() {
    let lab = Lab::new();
    fs::create_dir_all(lab.path("out/summary.json")).unwrap();
    let ran = lab.run(&["run", "hw3_q3a", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    let [failed, written] = ["summary.json: this is a folder", "wrote out"];
    assert!(
        ran.err.contains(failed) && ran.err.contains(written),
        "{}",
        ran.err
    );
    assert_eq!(
        super::names_in(&lab.path("out")),
        ["history.csv", "summary.json"]
    );
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_without_waiting() {
    let lab = Lab::new();
    let made = std::process::Command::new("mkfifo")
        .arg(lab.path("pipe.ron"))
        .status();
    assert!(made.unwrap().success());
    for path in ["pipe.ron", "/dev/zero"] {
        let begun = Instant::now();
        let ran = lab.run(&["run", path]);
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(ran.code, Some(2));
        assert!(
            ran.err.contains("this is a pipe or a device"),
            "{}",
            ran.err
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::new();
    lab.write("secret.ron", HOMEWORK);
    fs::set_permissions(lab.path("secret.ron"), fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(lab.path("secret.ron")).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let ran = lab.run(&["run", "secret.ron"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains("secret.ron: cannot read this: permission denied"),
        "{}",
        ran.err
    );
}
