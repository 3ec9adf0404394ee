//! The engine on a thread of its own, always at the latest request.

use super::{History, simulation};
use crate::experiment::Checked;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// First time between two published records of a long run; it grows with the run.
const FIRST_REPORT: Duration = Duration::from_millis(16);
const LAST_REPORT: Duration = Duration::from_millis(200);

/// What the worker has to show for a request.
#[derive(Clone, Debug)]
pub struct Record {
    /// Number of the request that this answers, from 1.
    pub request: u64,
    /// The experiment that was run.
    pub checked: Arc<Checked>,
    /// Its record so far.
    pub history: History,
    /// How far it is.
    pub stage: Stage,
}

impl Record {
    /// Two records with the same identity hold the same frames.
    pub fn identity(&self) -> (u64, u64) {
        (self.request, self.history.updates)
    }
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// More is coming.
    Running,
    /// All runs have ended by themselves.
    Done,
    /// The user ended it.
    Cancelled,
    /// The engine broke; the text says how. The record is what was published before.
    Broken(String),
}

/// A background thread that runs the latest requested experiment. A new request supersedes the
/// one before, which is dropped within a block of updates.
pub struct Worker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    orders: Mutex<Orders>,
    changed: Condvar,
    published: Mutex<Option<Arc<Record>>>,
    published_at: Mutex<Instant>,
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Orders {
    pending: Option<Arc<Checked>>,
    latest: u64,
    cancelled: bool,
    quitting: bool,
}

impl Worker {
    /// Starts the thread; `wake` is called from it whenever there is something new to see.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            orders: Mutex::default(),
            changed: Condvar::new(),
            published: Mutex::default(),
            published_at: Mutex::new(Instant::now()),
            wake: Box::new(wake),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("simulation".into())
            .spawn(move || theirs.serve())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Asks for an experiment, in place of whatever was asked before. Returns the request's
    /// number.
    pub fn request(&self, checked: Arc<Checked>) -> u64 {
        let mut orders = lock(&self.shared.orders);
        orders.latest += 1;
        orders.pending = Some(checked);
        orders.cancelled = false;
        self.shared.changed.notify_one();
        orders.latest
    }

    /// Ends the present work; what it recorded stays.
    pub fn cancel(&self) {
        lock(&self.shared.orders).cancelled = true;
    }

    /// The newest record, of the latest request or of one before it.
    pub fn latest(&self) -> Option<Arc<Record>> {
        lock(&self.shared.published).clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        lock(&self.shared.orders).quitting = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Its panics are caught where they happen; nothing is left to report here.
            let _ = thread.join();
        }
    }
}

/// The data behind a lock; a thread that panicked holding it left plain values behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn serve(&self) {
        while let Some((checked, request)) = self.next_order() {
            let record = |history, stage| Record {
                request,
                checked: Arc::clone(&checked),
                history,
                stage,
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                self.simulate(&checked, request, &record)
            }));
            if let Err(panic) = outcome {
                let history = lock(&self.published)
                    .as_ref()
                    .filter(|last| last.request == request)
                    .map(|last| last.history.clone());
                let history = history.unwrap_or(History {
                    parameter_names: Vec::new(),
                    traces: Vec::new(),
                    variations: Vec::new(),
                    updates: 0,
                });
                self.publish(record(history, Stage::Broken(panic_text(&*panic))));
            }
        }
    }

    /// Waits for an order; none when the worker is to end.
    fn next_order(&self) -> Option<(Arc<Checked>, u64)> {
        let mut orders = lock(&self.orders);
        loop {
            if orders.quitting {
                return None;
            }
            if let Some(checked) = orders.pending.take() {
                return Some((checked, orders.latest));
            }
            orders = self
                .changed
                .wait(orders)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn simulate(&self, checked: &Checked, request: u64, record: &dyn Fn(History, Stage) -> Record) {
        if let Err(reason) = simulation::ready(checked) {
            let history = History {
                parameter_names: Vec::new(),
                traces: Vec::new(),
                variations: Vec::new(),
                updates: 0,
            };
            return self.publish(record(history, Stage::Broken(reason)));
        }
        // A closed form may take long; pictures ask for it first, and the window must not wait.
        checked.objective.least_value();
        let mut reported = Instant::now();
        let mut interval = FIRST_REPORT;
        let mut superseded = false;
        let mut cancelled = false;
        let history = simulation::run_observed(checked, |history| {
            let orders = lock(&self.orders);
            superseded = orders.latest != request || orders.quitting;
            cancelled = orders.cancelled;
            drop(orders);
            if superseded || cancelled {
                return ControlFlow::Break(());
            }
            if reported.elapsed() >= interval {
                self.publish(record(history.clone(), Stage::Running));
                reported = Instant::now();
                interval = (interval * 2).min(LAST_REPORT);
            }
            ControlFlow::Continue(())
        });
        // A hand that never rests must still see something: what there is of this request, when
        // nothing has been shown for a while.
        if superseded && lock(&self.published_at).elapsed() >= LAST_REPORT {
            self.publish(record(history, Stage::Running));
        } else if !superseded {
            let stage = if cancelled {
                Stage::Cancelled
            } else {
                Stage::Done
            };
            self.publish(record(history, stage));
        }
    }

    fn publish(&self, record: Record) {
        *lock(&self.published) = Some(Arc::new(record));
        *lock(&self.published_at) = Instant::now();
        (self.wake)();
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "an unnamed failure".to_owned())
}
