//! How far a table is read, seen from both threads.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A table that is being read.
#[derive(Debug, Default)]
pub struct TableReading {
    bytes: AtomicU64,
    all: AtomicU64,
    cancelled: AtomicBool,
    finished: AtomicBool,
}

impl TableReading {
    /// Notes how far reading is; whether it is to go on.
    pub fn note(&self, bytes: u64, all: u64) -> bool {
        self.bytes.store(bytes, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
        !self.cancelled.load(Ordering::Relaxed)
    }

    /// The share that was read.
    pub fn share(&self) -> f32 {
        let all = self.all.load(Ordering::Relaxed).max(1);
        (self.bytes.load(Ordering::Relaxed) as f64 / all as f64) as f32
    }

    /// Asks for an end.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Nothing more is to come.
    pub fn finish(&self) {
        self.finished.store(true, Ordering::Relaxed);
    }

    /// Whether nothing more is to come.
    pub fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Relaxed)
    }
}
