//! Nothing that was typed or saved is lost, whatever is pressed next.

use super::{Bench, write_file};
use descent_lab::storage::experiments;
use egui::{Key, Modifiers};
use std::fs;
use std::path::{Path, PathBuf};

/// Types into a field and leaves it open.
fn type_into(bench: &mut Bench, name: &str, text: &str) {
    bench.focus(name);
    bench
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::A);
    bench.harness.event(egui::Event::Text(text.into()));
    bench.harness.run_steps(1);
}

fn path_of(bench: &Bench) -> Option<PathBuf> {
    bench.laboratory().document().0.map(Path::to_owned)
}

/// Saves to a file of its own and waits until that is done.
fn save_as(bench: &mut Bench, name: &str) -> PathBuf {
    let path = bench.file(name);
    bench.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::S);
    bench.enter("Path to save to", path.to_str().unwrap());
    bench.wait_for("the file", |bench| {
        path_of(bench).as_deref() == Some(&path) && !bench.is_unsaved()
    });
    bench.settle();
    path
}

#[test]
fn a_number_being_typed_counts_when_another_panel_is_clicked() {
    let mut bench = Bench::new();
    type_into(&mut bench, "Start w1", "0.5");
    bench.click("Hide Momentum");
    assert_eq!(bench.experiment().start()[0], 0.5);
    assert!(!bench.experiment().runs[1].visible);
}

#[test]
fn a_number_being_typed_is_saved() {
    let mut bench = Bench::new();
    let path = save_as(&mut bench, "mine.ron");
    type_into(&mut bench, "Start w1", "0.25");
    bench.ctrl(Key::S);
    bench.wait_for("the number in the file", |_| {
        experiments::load(&path).is_ok_and(|saved| saved.start()[0] == 0.25)
    });
    bench.settle();
    assert_eq!(bench.experiment().start()[0], 0.25);
}

#[test]
fn undo_after_the_first_save_keeps_to_the_file() {
    let mut bench = Bench::new();
    bench.enter("Number of epochs", "99");
    let path = save_as(&mut bench, "mine.ron");
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment().epochs, 150);
    assert_eq!(path_of(&bench), Some(path.clone()));
    assert!(bench.is_unsaved());

    // And after another one, undo does not lead back to the first.
    let other = save_as(&mut bench, "other.ron");
    bench.ctrl(Key::Y);
    bench.ctrl(Key::S);
    bench.wait_for("the file", |bench| !bench.is_unsaved());
    assert_eq!(path_of(&bench), Some(other.clone()));
    assert_eq!(experiments::load(&other).unwrap(), *bench.experiment());
    assert_eq!(experiments::load(&path).unwrap().epochs, 99);
}

#[test]
fn what_is_saved_is_not_offered_as_unsaved() {
    let mut bench = Bench::new();
    let kept = |bench: &Bench| {
        fs::read_dir(bench.file("recovery"))
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|ending| ending == "ron")
            })
            .count()
    };
    bench.enter("Number of epochs", "99");
    bench.wait_for("the work to be kept", |bench| kept(bench) == 1);
    save_as(&mut bench, "mine.ron");
    bench.wait_for("it to be kept no more", |bench| kept(bench) == 0);
}

#[test]
fn of_two_files_opened_in_turn_the_later_stays() {
    let mut bench = Bench::new();
    let (first, second) = (bench.file("first.ron"), bench.file("second.ron"));
    write_file(&first, "First");
    write_file(&second, "Second");
    for path in [&first, &second] {
        bench.ctrl(Key::O);
        bench.enter("Path to open", path.to_str().unwrap());
    }
    bench.wait_for("the second", |bench| bench.experiment().title == "Second");
    for _ in 0..20 {
        bench.settle();
        assert_eq!(bench.experiment().title, "Second");
    }
}

/// The dialog for the second file used to be closed when the first one came.
#[test]
fn a_dialog_that_was_opened_meanwhile_stays_when_a_file_comes() {
    let mut bench = Bench::new();
    let first = bench.file("first.ron");
    write_file(&first, "First");
    bench.ctrl(Key::O);
    bench.focus("Path to open");
    bench.type_text(first.to_str().unwrap());
    bench.harness.key_press(Key::Enter);
    bench
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::O);
    bench.wait_for("the first", |bench| bench.experiment().title == "First");
    bench.settle();
    assert!(bench.has("Path to open"));
}

#[test]
fn a_long_number_does_not_widen_the_panel() {
    let mut bench = Bench::new();
    let before = bench.rect("Number of epochs").left();
    let plot = bench.rect("Delete Adam").right();
    bench.enter("Learning rate of Adam", "0.00016812345678901");
    bench.enter("Start w1", "-1.2345678901234567");
    for _ in 0..10 {
        bench.settle();
    }
    assert_eq!(bench.rect("Delete Adam").right(), plot);
    assert_eq!(bench.rect("Number of epochs").left(), before);
}
