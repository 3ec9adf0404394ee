//! Unsaved work of earlier sessions, and settings that are damaged.

use super::{Bench, First, preset};
use descent_lab::experiment::Experiment;
use descent_lab::storage::places::Places;
use descent_lab::storage::recovery::Recovery;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn unsaved() -> Experiment {
    let mut experiment = preset("ai_notes_3");
    experiment.title = "Nearly lost".into();
    experiment
}

/// A home in which a session has ended without saving.
fn home_after_a_crash() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let place = Recovery::begin(&Places::under(home.path()).recovery).unwrap();
    place.keep(&unsaved(), None).unwrap();
    home
}

/// The texts of all experiments that are kept.
fn kept(home: &Path) -> Vec<String> {
    let files = fs::read_dir(home.join("recovery")).into_iter().flatten();
    let paths = files.flatten().map(|file| file.path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect()
}

#[test]
fn unsaved_work_is_offered_and_restored() {
    let mut bench = Bench::at(home_after_a_crash(), First::Last);
    assert!(bench.says("Unsaved work from just now: Nearly lost"));
    let strip = bench.rect("Title of the experiment").bottom()..bench.rect("Himmelblau").top();
    assert!(strip.end - strip.start < 120.0, "one line takes {strip:?}");
    bench.click("Restore");
    assert_eq!(*bench.experiment(), unsaved());
    assert!(bench.is_unsaved() && !bench.says("Unsaved work from"));
    // It is this session's unsaved work now, and kept once.
    bench.wait_for("the old copy to go", |bench| {
        kept(bench.home.path()).len() == 1
    });
    assert!(kept(bench.home.path())[0].contains("Nearly lost"));
}

#[test]
fn unsaved_work_that_is_discarded_is_gone() {
    let mut bench = Bench::at(home_after_a_crash(), First::Last);
    bench.click("Discard");
    assert!(!bench.says("Unsaved work from"));
    assert_eq!(*bench.experiment(), preset("ai_notes_1"));
    bench.wait_for("the file to go", |bench| kept(bench.home.path()).is_empty());
}

#[test]
fn unsaved_work_that_nobody_answered_is_offered_again() {
    let bench = Bench::at(home_after_a_crash(), First::Last);
    let Bench { harness, home } = bench;
    harness.into_state().unwrap().close(None);
    let again = Bench::at(home, First::Last);
    assert!(again.says("Nearly lost"));
}

#[test]
fn a_change_is_kept_as_soon_as_its_gesture_ends_and_until_it_is_taken_back() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    bench.wait_for("the change to be kept", |bench| {
        kept(bench.home.path())
            .iter()
            .any(|text| text.contains("1.5"))
    });
    bench.ctrl(egui::Key::Z);
    bench.wait_for("nothing to be kept", |bench| {
        kept(bench.home.path()).is_empty()
    });
}

#[test]
fn a_window_that_closes_with_unsaved_changes_offers_them_at_the_next_start() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    let changed = bench.experiment().clone();
    let Bench { harness, home } = bench;
    harness.into_state().unwrap().close(None);
    let mut again = Bench::at(home, First::Last);
    again.click("Restore");
    assert_eq!(*again.experiment(), changed);
}

#[test]
fn unsaved_changes_survive_opening_something_else_first() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    let changed = bench.experiment().clone();
    bench.ctrl(egui::Key::O);
    bench.click(&preset("ai_notes_4").title);
    assert_eq!(*bench.experiment(), preset("ai_notes_4"));
    let Bench { harness, home } = bench;
    harness.into_state().unwrap().close(None);
    let mut again = Bench::at(home, First::Last);
    again.click("Restore");
    assert_eq!(*again.experiment(), changed);
}

#[test]
fn torn_settings_are_set_aside_and_said_so() {
    for torn in ["(\n    version: 1,\n    theme: Da", "\0\0\0\0", "[]"] {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("settings.ron"), torn).unwrap();
        let bench = Bench::at(home, First::Last);
        assert!(bench.says("The settings could not be read"), "{torn:?}");
        assert_eq!(*bench.experiment(), preset("ai_notes_1"));
        let aside = fs::read_dir(bench.home.path()).unwrap().flatten();
        let names: Vec<_> = aside.map(|entry| entry.file_name()).collect();
        let is_kept = |name: &std::ffi::OsString| name.to_string_lossy().contains("damaged");
        assert!(names.iter().any(is_kept), "{names:?}");
    }
}
