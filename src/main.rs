//! Descent Lab's program: the window, or a command that needs none.

use descent_lab::cli::{self, Invocation, WindowRequest};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse() {
        Invocation::Window(request) => open_window(&request),
        Invocation::Headless(command) => cli::execute(command),
    }
}

/// The one place where the window begins.
fn open_window(_request: &WindowRequest) -> ExitCode {
    // Standard error may be closed; there is nowhere else to say it.
    let _ = writeln!(std::io::stderr(), "descent-lab: no window is built yet");
    cli::WRONG_USE.into()
}
