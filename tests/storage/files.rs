//! Reading and replacing single files.

use super::{folder, large_experiment, names_in, small_experiment};
use descent_lab::experiment::RunSpec;
use descent_lab::experiment::preset::{self, ReadError};
use descent_lab::storage::experiments::{self, LoadError, MAX_BYTES};
use descent_lab::storage::{Action, StorageError, atomic};
use std::fs;

#[test]
fn a_saved_experiment_is_loaded_and_opened_as_it_was() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    for title in ["first", "second: é ∇ \"quoted\""] {
        let experiment = large_experiment(title);
        experiments::save(&path, &experiment).unwrap();
        assert_eq!(experiments::load(&path).unwrap(), experiment);
        let opened = experiments::open(&path).unwrap();
        assert_eq!((opened.experiment, opened.left_out.len()), (experiment, 0));
    }
    assert_eq!(names_in(folder.path()), ["a.ron"]);
}

#[test]
fn an_experiment_too_large_to_be_read_again_is_not_saved() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    experiments::save(&path, &small_experiment("old")).unwrap();
    let mut experiment = small_experiment("new");
    experiment.runs = vec![RunSpec::new(&"x".repeat(100_000)); 700];
    let error = experiments::save(&path, &experiment).unwrap_err();
    assert!(matches!(error, StorageError::TooLarge { .. }), "{error}");
    assert_eq!(experiments::load(&path).unwrap().title, "old");
}

#[test]
fn the_size_limit_is_exact() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    fs::write(&path, " ".repeat(MAX_BYTES as usize)).unwrap();
    assert_eq!(
        experiments::read_text(&path).unwrap().len() as u64,
        MAX_BYTES
    );
    fs::write(&path, " ".repeat(MAX_BYTES as usize + 1)).unwrap();
    let error = experiments::read_text(&path).unwrap_err();
    assert!(matches!(error, StorageError::TooLarge { .. }), "{error}");
}

#[test]
fn a_newer_file_is_opened_in_part_and_not_loaded() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    let text = preset::write(&small_experiment("newer"))
        .replace("version: 1", "version: 2, telepathy: true");
    fs::write(&path, text).unwrap();
    let opened = experiments::open(&path).unwrap();
    assert_eq!(opened.experiment.title, "newer");
    assert!(opened.left_out.len() == 1 && opened.left_out[0].contains("telepathy"));
    let error = experiments::load(&path).unwrap_err();
    let LoadError::Text {
        error: ReadError::Newer { version: 2 },
        ..
    } = error
    else {
        panic!("{error}");
    };
}

#[test]
fn all_problems_of_a_file_are_returned_with_their_places() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    let mut experiment = small_experiment("");
    experiment.runs[0].optimizer = "admam".into();
    experiment.runs[1].learning_rate = Some(-1.0);
    experiments::save(&path, &experiment).unwrap();
    for error in [
        experiments::load(&path).unwrap_err(),
        experiments::open(&path).unwrap_err(),
    ] {
        let LoadError::Problems { problems, .. } = &error else {
            panic!("{error}");
        };
        let places: Vec<_> = problems.iter().map(|p| p.problem.place.as_str()).collect();
        assert_eq!(places, ["runs[0].optimizer", "runs[1].learning_rate"]);
        assert!(problems[0].line > 1 && problems[0].line < problems[1].line);
        assert_eq!(error.to_string().lines().count(), 2);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_a_typed_error() {
    let folder = folder();
    fs::write(folder.path().join("file"), "precious").unwrap();
    let below = folder.path().join("file/below.ron");
    let error = experiments::save(&below, &small_experiment("")).unwrap_err();
    let StorageError::System {
        action: Action::Write,
        path,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(path, &below);
    let missing = folder.path().join("none/a.ron");
    let text = experiments::save(&missing, &small_experiment(""))
        .unwrap_err()
        .to_string();
    assert!(text.contains("no such file or folder"), "{text}");
    assert_eq!(names_in(folder.path()), ["file"]);
}

#[test]
fn a_folder_is_not_replaced_and_leaves_nothing_lying_about() {
    let folder = folder();
    fs::create_dir(folder.path().join("a.ron")).unwrap();
    let error = atomic::write(&folder.path().join("a.ron"), b"text").unwrap_err();
    assert!(
        matches!(
            error,
            StorageError::NotAFile {
                what: "a folder",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(names_in(folder.path()), ["a.ron"]);
}

#[test]
fn a_protected_file_stays_as_it_is() {
    let folder = folder();
    let path = folder.path().join("a.ron");
    fs::write(&path, "precious").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = atomic::write(&path, b"text").unwrap_err();
    assert!(
        matches!(error, StorageError::WriteProtected { .. }),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_pipe_a_pipe() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = folder();
    let [target, link, dangling, pipe] =
        ["target", "link", "dangling", "pipe"].map(|name| folder.path().join(name));
    fs::write(&target, "old").unwrap();
    symlink("target", &link).unwrap();
    symlink("nowhere", &dangling).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    atomic::write(&link, b"new").unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), "new");
    for path in [&dangling, &pipe] {
        let error = atomic::write(path, b"text").unwrap_err();
        assert!(matches!(error, StorageError::NotAFile { .. }), "{error}");
    }
    assert!(dangling.is_symlink());
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(
        names_in(folder.path()),
        ["dangling", "link", "pipe", "target"]
    );
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("a.ron");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    atomic::write(&path, b"new").unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}
