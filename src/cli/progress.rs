//! How far a command is, on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Time between two looks of the user's at the progress.
const REPORT_EVERY: Duration = Duration::from_millis(100);

/// A line on standard error that is written over, and only where that is a terminal.
pub struct Progress {
    total: u64,
    unit: &'static str,
    shown: Option<Instant>,
    wanted: bool,
    begun: Instant,
}

impl Progress {
    /// Of so many.
    pub fn new(total: u64, unit: &'static str, quiet: bool) -> Self {
        Self {
            total,
            unit,
            shown: None,
            wanted: !quiet && io::stderr().is_terminal(),
            begun: Instant::now(),
        }
    }

    /// Says how many are done, when it was not said just now.
    pub fn show(&mut self, done: u64) {
        let last = self.shown.unwrap_or(self.begun);
        if self.wanted && last.elapsed() >= REPORT_EVERY {
            let percent = 100.0 * done as f64 / self.total.max(1) as f64;
            // A terminal that is gone is no reason to stop.
            let _ = write!(
                io::stderr(),
                "\r{percent:5.1} % of {} {}",
                self.total,
                self.unit
            );
            self.shown = Some(Instant::now());
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r{:60}\r", "");
        }
    }
}
