//! Ctrl+C, and being told to end.

use super::output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user has had enough.
pub struct Interruption(Arc<AtomicBool>);

impl Interruption {
    /// Watches from now on; once a program.
    pub fn watch() -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        if let Err(error) = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)) {
            output::say(&format_args!(
                "Ctrl+C will end this without results: {error}"
            ));
        }
        Self(interrupted)
    }

    /// Whether it has come.
    pub fn has_come(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
