//! The command line: the window's arguments, and the commands that need no window.

mod check;
mod data;
mod explain;
mod export;
mod forgetting;
mod interruption;
mod list;
mod medians;
mod merge;
mod output;
mod progress;
mod rates;
mod report;
mod run;
mod source;
mod sweep;
mod table;
mod training;
mod tune;

pub use source::{Source, UnknownExperiment};

use clap::{Parser, Subcommand};
use list::Catalogue;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Done; a diverged run is a result, not a failure.
const DONE: u8 = 0;
/// Something failed while working.
const FAILED: u8 = 1;
/// Wrong use, or an experiment that cannot be read or is not valid.
pub const WRONG_USE: u8 = 2;
/// Interrupted; what there was has been written.
const INTERRUPTED: u8 = 130;

/// What the user asks for.
#[derive(Debug)]
pub enum Invocation {
    /// The window.
    Window(WindowRequest),
    /// A command that needs no window.
    Headless(Command),
}

/// What the window is to show.
#[derive(Debug)]
pub struct WindowRequest {
    /// An experiment; none for the last one, or the AI Notes one the first time.
    pub source: Option<Source>,
}

/// Train neural-network optimizers side by side and see what they do.
///
/// Without a command, opens the window.
#[derive(Debug, Parser)]
#[command(name = "descent-lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<AnyCommand>,
}

#[derive(Debug, Subcommand)]
enum AnyCommand {
    /// Open the window on an experiment.
    Open {
        /// An experiment file, or the name of a built-in experiment.
        #[arg(value_name = "FILE|NAME")]
        experiment: OsString,
    },
    #[command(flatten)]
    Headless(Command),
}

/// A command that needs no window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run an experiment and print what became of every run.
    Run(run::Arguments),
    /// Write figures, tables or the playback of an experiment.
    Export(export::Arguments),
    /// Run an experiment many times, with quantities that vary, and tabulate what becomes of it.
    Sweep(Box<sweep::Arguments>),
    /// Join the shards of a sweep or of a search.
    Merge(merge::Arguments),
    /// Find the settings with which every run does best, with the same budget for each.
    Tune(Box<tune::Arguments>),
    /// Learn tasks one after the other with several seeds and compare what is forgotten.
    Forgetting(forgetting::Arguments),
    /// Write a report: notes, settings, figures, results, and a regression worked by hand.
    Report(report::Arguments),
    /// Explain one step of a run: the rule's lines with this step's numbers in them.
    Explain(explain::Arguments),
    /// Print every problem of every file.
    Check {
        /// Experiment files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// List what experiments can be made of.
    List {
        /// Which list.
        catalogue: Catalogue,
        /// Print everything that is known, as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Reads the program's arguments. Wrong use ends the program with exit code 2, `--help` and
/// `--version` with 0.
pub fn parse() -> Invocation {
    let source = match Arguments::parse().command {
        Some(AnyCommand::Headless(command)) => return Invocation::Headless(command),
        Some(AnyCommand::Open { experiment }) => Some(experiment),
        None => None,
    };
    match source
        .map(|experiment| Source::resolve(&experiment))
        .transpose()
    {
        Ok(source) => Invocation::Window(WindowRequest { source }),
        Err(unknown) => {
            output::say(&unknown);
            std::process::exit(WRONG_USE.into());
        }
    }
}

/// Does what a command asks for.
pub fn execute(command: Command) -> ExitCode {
    let code = match command {
        Command::Run(arguments) => run::execute(&arguments),
        Command::Export(arguments) => export::execute(&arguments),
        Command::Sweep(arguments) => sweep::execute(&arguments),
        Command::Merge(arguments) => merge::execute(&arguments),
        Command::Tune(arguments) => tune::execute(&arguments),
        Command::Forgetting(arguments) => forgetting::execute(&arguments),
        Command::Report(arguments) => report::execute(&arguments),
        Command::Explain(arguments) => explain::execute(&arguments),
        Command::Check { files } => check::execute(&files),
        Command::List { catalogue, json } => list::execute(catalogue, json),
    };
    code.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
