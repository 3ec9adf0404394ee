//! What is on the disk after crashes, full disks, damage and two writers at once.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod files;
mod interruption;
mod recovery;
mod settings;

use descent_lab::experiment::{Experiment, RunSpec, built_in};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Tells a test of this program that it is a child of another, and where to work.
const FOLDER: &str = "DESCENT_LAB_TEST_FOLDER";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A valid experiment of a few hundred kilobytes, told from others by its title.
fn large_experiment(title: &str) -> Experiment {
    let mut experiment = built_in::find("hw3_q3a").unwrap().experiment();
    experiment.title = title.to_owned();
    experiment.runs = vec![RunSpec::new("adam"); 2];
    experiment.notes = "What to look at, and why.\n".repeat(20_000);
    experiment
}

fn small_experiment(title: &str) -> Experiment {
    let mut experiment = large_experiment(title);
    experiment.notes = String::new();
    experiment
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// This program again, to run only the ignored test `name`, in `folder`.
fn child(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// Where a child test works; none when it was not started as one.
fn child_folder() -> Option<std::path::PathBuf> {
    std::env::var_os(FOLDER).map(Into::into)
}
