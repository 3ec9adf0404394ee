//! Unsaved work: whose it is, when it is offered, and when it is gone.

use super::{child, child_folder, folder, names_in, small_experiment};
use descent_lab::storage::recovery::{Found, Recovery};
use descent_lab::storage::{Action, StorageError};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Child;

/// Starts a program that keeps unsaved work in `folder` and then waits.
fn owner(folder: &Path) -> Child {
    let mut owner = child("recovery::keep_and_wait", folder).spawn().unwrap();
    let said = BufReader::new(owner.stdout.take().unwrap());
    let mut lines = said.lines().map(Result::unwrap);
    assert!(
        lines.any(|line| line.ends_with("kept")),
        "the owner ended by itself"
    );
    owner
}

fn kill(mut owner: Child) {
    owner.kill().unwrap();
    owner.wait().unwrap();
}

#[test]
#[ignore = "the owner in the other tests"]
fn keep_and_wait() {
    let Some(folder) = child_folder() else { return };
    let recovery = Recovery::begin(&folder).unwrap();
    for title in ["older", "unsaved"] {
        let origin = PathBuf::from("/home/me/my \"work\".ron");
        recovery
            .keep(&small_experiment(title), Some(&origin))
            .unwrap();
    }
    println!("kept");
    std::thread::sleep(std::time::Duration::from_secs(300));
}

#[track_caller]
fn assert_nothing(found: &Found) {
    assert!(
        found.left_behind.is_empty() && found.notices.is_empty(),
        "{found:?}"
    );
}

#[test]
fn only_what_a_dead_owner_kept_is_offered_until_it_is_forgotten() {
    let folder = folder();
    let owner = owner(folder.path());
    assert_nothing(&Recovery::left_behind(folder.path()));
    kill(owner);
    let found = Recovery::left_behind(folder.path());
    assert!(found.notices.is_empty(), "{found:?}");
    let [left] = &found.left_behind[..] else {
        panic!("{found:?}");
    };
    assert_eq!(left.experiment, small_experiment("unsaved"));
    assert_eq!(
        left.origin.as_deref(),
        Some(Path::new("/home/me/my \"work\".ron"))
    );
    let age = left.modified.unwrap().elapsed().unwrap();
    assert!(age.as_secs() < 120, "{age:?}");
    // Two windows that start together do not both take it.
    assert_nothing(&Recovery::left_behind(folder.path()));
    drop(found);
    let mut again = Recovery::left_behind(folder.path()).left_behind;
    again.pop().unwrap().forget().unwrap();
    assert_nothing(&Recovery::left_behind(folder.path()));
    assert!(
        names_in(folder.path()).is_empty(),
        "{:?}",
        names_in(folder.path())
    );
}

#[test]
fn ones_own_work_is_not_offered_and_discarded_work_is_gone() {
    let folder = folder();
    let recovery = Recovery::begin(&folder.path().join("deep/er")).unwrap();
    let folder = folder.path().join("deep/er");
    recovery.keep(&small_experiment("mine"), None).unwrap();
    assert_nothing(&Recovery::left_behind(&folder));
    recovery.discard().unwrap();
    recovery.discard().unwrap();
    recovery
        .keep(&small_experiment("mine again"), None)
        .unwrap();
    recovery.discard().unwrap();
    drop(recovery);
    assert!(names_in(&folder).is_empty());
}

#[test]
fn work_that_is_neither_saved_nor_discarded_stays_at_the_end() {
    let folder = folder();
    for title in ["one", "two"] {
        let recovery = Recovery::begin(folder.path()).unwrap();
        recovery.keep(&small_experiment(title), None).unwrap();
        drop(recovery);
    }
    let found = Recovery::left_behind(folder.path());
    let titles: Vec<_> = found
        .left_behind
        .iter()
        .map(|l| &*l.experiment.title)
        .collect();
    assert_eq!(titles, ["two", "one"], "the latest first");
    assert!(found.left_behind.iter().all(|left| left.origin.is_none()));
}

#[test]
fn an_experiment_that_cannot_run_is_kept_too() {
    let folder = folder();
    let mut broken = small_experiment("half a thought");
    broken.runs[0].optimizer = String::new();
    let recovery = Recovery::begin(folder.path()).unwrap();
    recovery.keep(&broken, None).unwrap();
    drop(recovery);
    assert_eq!(
        Recovery::left_behind(folder.path()).left_behind[0].experiment,
        broken
    );
}

#[test]
fn damaged_work_is_set_aside_and_the_rest_offered() {
    let folder = folder();
    kill(owner(folder.path()));
    let torn = folder.path().join("unsaved-1-1.ron");
    fs::write(&torn, "(version: 1, objective: Lands").unwrap();
    let newer = folder.path().join("unsaved-1-2.ron");
    fs::write(
        &newer,
        "(version: 2, objective: Landscape(surface: \"beale\"))",
    )
    .unwrap();
    fs::write(folder.path().join("notes.txt"), "the user's").unwrap();
    let found = Recovery::left_behind(folder.path());
    assert_eq!(found.left_behind.len(), 1);
    assert_eq!(found.notices.len(), 2, "{:?}", found.notices);
    assert!(found.notices[0].contains("unsaved-1-1.ron.damaged"));
    assert!(found.notices[1].contains("newer Descent Lab"));
    assert!(newer.exists() && !torn.exists());
    let aside = fs::read_to_string(folder.path().join("unsaved-1-1.ron.damaged")).unwrap();
    assert_eq!(aside, "(version: 1, objective: Lands");
    assert!(folder.path().join("notes.txt").exists());
}

#[test]
fn what_dead_owners_left_half_written_is_cleared_and_what_is_alive_is_not() {
    let folder = folder();
    let recovery = Recovery::begin(folder.path()).unwrap();
    recovery.keep(&small_experiment("alive"), None).unwrap();
    let mine = names_in(folder.path())
        .into_iter()
        .find(|name| name.ends_with(".ron"))
        .unwrap();
    let half_written = format!(".{mine}.a1B2c3");
    fs::write(folder.path().join(&half_written), "").unwrap();
    fs::write(folder.path().join(".unsaved-9-9.ron.d4E5f6"), "").unwrap();
    fs::write(folder.path().join("unsaved-8-8.lock"), "").unwrap();
    assert_nothing(&Recovery::left_behind(folder.path()));
    let names = names_in(folder.path());
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&half_written) && names.contains(&mine));
}

#[test]
fn a_missing_folder_holds_nothing_and_an_impossible_one_is_a_typed_error() {
    let folder = folder();
    assert_nothing(&Recovery::left_behind(&folder.path().join("none")));
    fs::write(folder.path().join("file"), "").unwrap();
    let below = folder.path().join("file/recovery");
    let error = Recovery::begin(&below).unwrap_err();
    assert!(
        matches!(
            error,
            StorageError::System {
                action: Action::CreateFolder,
                ..
            }
        ),
        "{error}"
    );
    let found = Recovery::left_behind(&folder.path().join("file"));
    assert!(found.left_behind.is_empty());
    assert!(
        found.notices[0].contains("cannot look into this folder"),
        "{found:?}"
    );
}
