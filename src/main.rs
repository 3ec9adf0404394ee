//! Descent Lab's program: the window, or a command that needs none.

use descent_lab::app;
use descent_lab::cli::{self, Invocation};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse() {
        Invocation::Headless(command) => cli::execute(command),
        Invocation::Window(request) => match app::open(request.into()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // Standard error may be closed; there is nowhere else to say it.
                let _ = writeln!(std::io::stderr(), "descent-lab: {error}");
                cli::WRONG_USE.into()
            }
        },
    }
}
