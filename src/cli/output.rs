//! What goes to standard output and standard error, without ever panicking over either.

use super::{DONE, FAILED, WRONG_USE};
use crate::storage::{self, shards::ShardError};
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes results to standard output. Returns the exit code: a reader that has seen enough
/// (`| head`) is no failure.
pub fn print(text: &str) -> u8 {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => DONE,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => DONE,
        Err(error) => {
            say(&format_args!(
                "standard output: cannot write the results: {error}"
            ));
            FAILED
        }
    }
}

/// Says something on standard error, each of its lines with the program's name before it.
pub fn say(message: &dyn Display) {
    let mut error = io::stderr().lock();
    for line in message.to_string().lines() {
        // There is nowhere left to say that this failed.
        let _ = writeln!(error, "descent-lab: {line}");
    }
}

/// Says why shards cannot be used. Returns the exit code: only the disk's refusal is a failure.
pub fn refuse(error: &ShardError) -> u8 {
    say(error);
    match error {
        ShardError::Storage(_) => FAILED,
        _ => WRONG_USE,
    }
}

/// Makes the folder for results, before the work: one that cannot be made should not be found out
/// after an hour. The exit code where that fails, which is said.
pub fn make_folder(folder: Option<&Path>) -> Result<(), u8> {
    match folder.map(storage::create_folder) {
        Some(Err(error)) => {
            say(&error);
            Err(FAILED)
        }
        _ => Ok(()),
    }
}
