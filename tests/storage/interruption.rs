//! Saves that are stopped half-way: by a full disk, or with the whole program.

#![cfg(unix)]

use super::{child, child_folder, folder, large_experiment, names_in};
use descent_lab::storage::experiments;
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How many programs are killed while they save.
const KILLS: u64 = 80;

#[test]
fn a_full_disk_leaves_the_old_file() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    let old = large_experiment("old");
    experiments::save(&path, &old).unwrap();
    let this = child("interruption::save_once", folder.path());
    // No file may grow, and the signal that would say so by killing is ignored.
    let limited = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@""#])
        .arg(this.get_program())
        .args(this.get_args())
        .envs(
            this.get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&limited.stdout);
    assert!(said.contains("refused: "), "{said}");
    assert!(
        said.contains("a.ron: cannot write this: the system allows no larger file"),
        "{said}"
    );
    assert_eq!(experiments::load(&path).unwrap(), old);
    assert_eq!(names_in(folder.path()), ["a.ron"]);
}

#[test]
#[ignore = "the child of a_full_disk_leaves_the_old_file"]
fn save_once() {
    let Some(folder) = child_folder() else { return };
    match experiments::save(&folder.join("a.ron"), &large_experiment("new")) {
        Ok(()) => println!("saved"),
        Err(error) => println!("refused: {error}"),
    }
}

#[test]
fn a_killed_save_leaves_the_old_file_or_the_new_one() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    let versions = ["even", "odd"].map(large_experiment);
    experiments::save(&path, &versions[0]).unwrap();
    let mut seen = [0_u32; 2];
    let mut kills = 0;
    // On a machine that is busy elsewhere a save takes longer: then kills come later, too.
    while kills < KILLS || seen.contains(&0) && kills < 6 * KILLS {
        let latest = 20_000 << (kills / KILLS);
        let mut saving = child("interruption::save_forever", folder.path())
            .spawn()
            .unwrap();
        let mut said = saving.stdout.take().unwrap();
        let mut text = Vec::new();
        while !text.ends_with(b"saving") {
            let mut byte = [0];
            assert_eq!(
                said.read(&mut byte).unwrap(),
                1,
                "the child ended by itself"
            );
            text.push(byte[0]);
        }
        // From the first bytes of a save to some saves later.
        std::thread::sleep(Duration::from_micros(kills * 397 % latest));
        kills += 1;
        saving.kill().unwrap();
        saving.wait().unwrap();
        let found = experiments::load(&path).unwrap();
        let which = versions.iter().position(|version| *version == found);
        seen[which.unwrap()] += 1;
    }
    assert!(
        seen.iter().all(|&times| times > 0),
        "always the same version: {seen:?}"
    );
    let left = names_in(folder.path()).len() - 1;
    println!("{left} temporary files after {kills} kills");
    assert!(left as u64 <= kills / 2, "{left} temporary files");
}

#[test]
#[ignore = "the child of a_killed_save_leaves_the_old_file_or_the_new_one"]
fn save_forever() {
    let Some(folder) = child_folder() else { return };
    let versions = ["even", "odd"].map(large_experiment);
    println!("saving");
    for version in versions.iter().rev().cycle() {
        experiments::save(&folder.join("a.ron"), version).unwrap();
    }
}

#[test]
fn a_whole_program_that_ends_early_is_noticed() {
    // What the other tests rely on: the child's name is right and it really works.
    let folder = folder();
    let output = child("interruption::save_once", folder.path())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("saved"));
    let text = fs::read_to_string(folder.path().join("a.ron")).unwrap();
    assert!(text.contains("title: \"new\""));
}
