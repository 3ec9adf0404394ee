//! `check FILE...`.

use super::{DONE, WRONG_USE, output};
use crate::storage::experiments;
use std::path::PathBuf;

/// Prints every problem of every file.
pub fn execute(files: &[PathBuf]) -> u8 {
    let mut code = DONE;
    let mut report = String::new();
    for file in files {
        match experiments::check(file) {
            Ok(()) => report += &format!("{}: ok\n", file.display()),
            Err(error) => {
                report += &format!("{error}\n");
                code = WRONG_USE;
            }
        }
    }
    match output::print(&report) {
        DONE => code,
        failed => failed,
    }
}
