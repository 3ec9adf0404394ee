//! Opening and saving.

use super::{Bench, First, preset, write_file};
use descent_lab::storage::experiments;
use egui::Key;
use std::fs;
use std::path::{Path, PathBuf};

/// A file as the system's window hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// What dropping a file on the window does.
fn drop_file(bench: &mut Bench, path: &Path) {
    let dropped = std::sync::Arc::new(Dropped(path.to_owned()));
    bench.harness.input_mut().dropped_files.push(dropped);
    bench.settle();
}

fn path_of(bench: &Bench) -> Option<PathBuf> {
    bench.laboratory().document().0.map(Path::to_owned)
}

/// Waits until the file is the one on show and says that it holds everything.
fn wait_until_saved(bench: &mut Bench, path: &Path) {
    bench.wait_for("the file", |bench| {
        path_of(bench).as_deref() == Some(path) && !bench.is_unsaved()
    });
}

#[test]
fn an_experiment_without_a_file_asks_where_to_save() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    assert!(bench.has("unsaved"));
    bench.ctrl(Key::S);
    assert!(bench.has("Save the experiment"));
    let path = bench.file("mine.ron");
    let typed = path.with_extension("");
    bench.enter("Path to save to", typed.to_str().unwrap());
    wait_until_saved(&mut bench, &path);
    bench.settle();
    assert!(!bench.has("unsaved") && !bench.has("Save the experiment"));
    assert!(bench.says("Saved to"));
    assert_eq!(experiments::load(&path).unwrap(), *bench.experiment());

    // From now on it is the experiment's own file, and nothing is asked.
    bench.enter("Start w1", "2.5");
    bench.ctrl(Key::S);
    wait_until_saved(&mut bench, &path);
    assert_eq!(experiments::load(&path).unwrap().start()[0], 2.5);
}

#[test]
fn another_file_is_replaced_only_after_asking() {
    let mut bench = Bench::new();
    let path = bench.file("theirs.ron");
    write_file(&path, "Theirs");
    let before = fs::read(&path).unwrap();
    bench.enter("Start w1", "1.5");
    for answer in ["Keep it", "Replace"] {
        bench.ctrl(Key::S);
        bench.enter("Path to save to", path.to_str().unwrap());
        bench.wait_for("the question", |bench| bench.has("Replace the file?"));
        assert_eq!(fs::read(&path).unwrap(), before);
        bench.click(answer);
        assert!(!bench.has("Replace the file?"));
    }
    wait_until_saved(&mut bench, &path);
    assert_eq!(experiments::load(&path).unwrap(), *bench.experiment());
}

#[test]
fn a_file_opens_by_its_path_and_by_being_dropped() {
    let mut bench = Bench::new();
    let (first, second) = (bench.file("first.ron"), bench.file("second.ron"));
    let typed = write_file(&first, "First");
    let dropped = write_file(&second, "Second");
    bench.ctrl(Key::O);
    bench.enter("Path to open", first.to_str().unwrap());
    bench.wait_for("the file", |bench| *bench.experiment() == typed);
    drop_file(&mut bench, &second);
    bench.wait_for("the file", |bench| *bench.experiment() == dropped);
    assert_eq!(path_of(&bench), Some(second));
    bench.settle();
    bench.ctrl(Key::Z);
    assert_eq!(
        path_of(&bench),
        Some(first),
        "undo goes back to the other document"
    );
    assert_eq!(*bench.experiment(), typed);
}

#[test]
fn a_file_that_is_wrong_shows_where_and_the_experiment_stays() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    let before = bench.experiment().clone();
    let record = bench.laboratory().record().unwrap().clone();
    let path = bench.file("bad.ron");
    for (text, problem) in [
        (
            "(\n    version: 1,\n    colour: \"red\",\n)",
            "line 3, column 5",
        ),
        (
            "(\n    version: 1,\n    objective: Landscape(surface: \"himmelblau\"),\n    runs: [(optimizer: \"adamn\")],\n)",
            "line 4, column 24",
        ),
        ("no experiment", "line 1, column 1"),
    ] {
        fs::write(&path, text).unwrap();
        drop_file(&mut bench, &path);
        bench.wait_for("the problem", |bench| bench.says("bad.ron"));
        bench.settle();
        assert!(bench.says(problem), "{text}");
        assert_eq!(*bench.experiment(), before);
        assert!(std::sync::Arc::ptr_eq(
            &record,
            bench.laboratory().record().unwrap()
        ));
        assert_eq!(path_of(&bench), None);
        bench.click("Dismiss");
        assert!(!bench.says("bad.ron"));
    }
}

#[test]
fn files_that_are_no_text_are_refused_in_words() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    let noise = bench.file("noise.ron");
    fs::write(&noise, [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let missing = bench.file("missing.ron");
    let folder = bench.home.path().to_owned();
    for path in [noise, missing, folder] {
        drop_file(&mut bench, &path);
        bench.wait_for("the complaint", |bench| bench.has("Dismiss"));
        assert!(bench.says(path.to_str().unwrap()));
        assert_eq!(*bench.experiment(), before);
        bench.settle();
        bench.click("Dismiss");
    }
}

#[test]
fn a_newer_versions_file_says_what_is_left_out_and_is_not_overwritten_unasked() {
    let mut bench = Bench::new();
    let path = bench.file("newer.ron");
    write_file(&path, "From the future");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replacen("version: 1,", "version: 2,\n    telepathy: true,", 1);
    fs::write(&path, &text).unwrap();
    drop_file(&mut bench, &path);
    bench.wait_for("the file", |bench| {
        bench.experiment().title == "From the future"
    });
    bench.settle();
    assert!(bench.says("newer version") && bench.says("telepathy"));
    bench.enter("Start w1", "0.5");
    for answer in ["Keep it", "Write over it"] {
        bench.ctrl(Key::S);
        // Asked by the thread that writes, once it has looked at the file.
        bench.wait_for("the question", |bench| {
            bench.has("Write over a newer version's file?")
        });
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        bench.click(answer);
    }
    wait_until_saved(&mut bench, &path);
    assert_eq!(experiments::load(&path).unwrap(), *bench.experiment());
}

#[test]
fn a_place_that_cannot_be_written_is_named_and_the_changes_stay_unsaved() {
    let mut bench = Bench::new();
    bench.enter("Start w1", "1.5");
    let path = bench.file("no such folder").join("mine.ron");
    bench.ctrl(Key::S);
    bench.enter("Path to save to", path.to_str().unwrap());
    bench.wait_for("the complaint", |bench| bench.says("no such folder"));
    assert!(bench.is_unsaved() && path_of(&bench).is_none());
}

#[test]
fn revert_goes_back_to_the_file_and_can_be_undone() {
    let path = tempfile::tempdir().unwrap();
    let file = path.path().join("mine.ron");
    let saved = write_file(&file, "Mine");
    let mut bench = Bench::on(First::File(file.clone()));
    bench.wait_for("the file", |bench| {
        path_of(bench).as_deref() == Some(&*file)
    });
    bench.settle();
    bench.enter("Start w1", "0.75");
    let changed = bench.experiment().clone();
    bench.click("File");
    bench.click("Revert");
    assert_eq!(*bench.experiment(), saved);
    assert!(!bench.is_unsaved());
    bench.ctrl(Key::Z);
    assert_eq!(*bench.experiment(), changed);
}

#[test]
fn a_new_experiment_has_one_run_and_no_file() {
    let mut bench = Bench::new();
    bench.ctrl(Key::N);
    assert_eq!(bench.experiment().runs.len(), 1);
    assert!(bench.experiment().title.is_empty() && path_of(&bench).is_none());
    bench.ctrl(Key::Z);
    assert_eq!(*bench.experiment(), preset("ai_notes_1"));
    assert!(!bench.is_unsaved());
}

#[test]
fn the_last_experiment_is_there_again_at_the_next_start() {
    let mut bench = Bench::new();
    let path = bench.file("mine.ron");
    let mine = write_file(&path, "Mine");
    drop_file(&mut bench, &path);
    bench.wait_for("the file", |bench| *bench.experiment() == mine);
    let Bench { harness, home } = bench;
    harness.into_state().unwrap().close(None);
    let mut again = Bench::at(home, First::Last);
    again.wait_for("the file", |bench| *bench.experiment() == mine);
    assert_eq!(path_of(&again), Some(path));
    again.settle();
    assert!(again.is_disabled("Undo"), "nothing was changed yet");
}
