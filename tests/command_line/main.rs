//! The program as a user or a script drives it: its arguments, files and exit codes.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod csv_data;
mod explanations;
mod exports;
mod formula;
mod interruption;
mod lists;
mod refusals;
mod regression;
mod results;
mod shared_searches;
mod starts;
mod sweeps;
mod tasks;
mod training;
mod tuning;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// No command in these tests needs nearly as long.
const PATIENCE: Duration = Duration::from_secs(120);

/// The settings of homework 3a, with no schedule.
const HOMEWORK: &str = r#"(
    version: 1,
    objective: Landscape(surface: "rosenbrock", start: (-1.54, -0.64)),
    epochs: 150,
    runs: [
        (optimizer: "sgd", learning_rate: 0.001),
        (optimizer: "momentum", learning_rate: 0.001, hyperparameters: {"momentum": 0.9}),
        (optimizer: "rmsprop", learning_rate: 0.001, label: "RMSprop, \"plain\""),
        (optimizer: "adam", learning_rate: 0.001),
    ],
)"#;

/// A folder to work in.
struct Lab(TempDir);

/// What a command has left.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Lab {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of what is in the folder.
    fn names(&self) -> Vec<String> {
        names_in(self.0.path())
    }

    /// The program with these arguments, its output caught.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_descent-lab"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("DESCENT_LAB_HOME", self.path("home"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments).spawn().unwrap())
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Reads a pipe to its end while others wait, so that a long text doesn't fill it;
/// nothing where the test has taken the pipe.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_string(&mut text).unwrap();
        }
        text
    })
}

/// Waits for a command, but not forever.
fn finish(mut child: Child) -> Ran {
    let out = read_aside(child.stdout.take());
    let err = read_aside(child.stderr.take());
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the command still runs after {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let err = err.join().unwrap();
    assert!(!err.contains("panicked"), "{err}");
    Ran {
        code: child.wait().unwrap().code(),
        out: out.join().unwrap(),
        err,
    }
}

/// The rows of a history.csv, each a list of fields, without the header.
fn rows(text: &str) -> Vec<Vec<String>> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}
