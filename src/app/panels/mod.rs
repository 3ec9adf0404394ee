//! The parts of the window, one file each. A panel reads the laboratory and asks for changes
//! by pushing commands; it changes nothing itself.

pub mod catalogue;
pub mod context_menu;
pub mod continual;
pub mod dialogs;
pub mod explanation;
pub mod export;
pub mod landscape;
pub mod loss_slice;
pub mod network;
pub mod notes;
pub mod notices;
pub mod objective;
pub mod palette;
pub mod plots;
mod problems;
pub mod readout;
pub mod regression;
pub mod results;
pub mod run_menu;
pub mod runs;
pub mod starts;
pub mod top_bar;
pub mod tour;
pub mod training;
pub mod transport;
pub mod tuning;
mod unrecorded;
pub mod values;

use super::command::{Action, Command};

/// What panels ask for during a frame.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    /// Asks for a command.
    pub fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Asks for a named action.
    pub fn act(&mut self, action: Action) {
        self.push(Command::Act(action));
    }

    /// Everything asked for, in order.
    pub fn into_vec(self) -> Vec<Command> {
        self.0
    }
}
