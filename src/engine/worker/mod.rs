//! The engine on a thread of its own, always at the latest request.

mod memory;

use super::training::Snapshots;
use super::{History, Outcome, Work, at_length, simulation};
use crate::experiment::Checked;
use memory::Memory;
pub use memory::{Report, Shelf};
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
    /// The weights that networks had at the ends of epochs.
    pub snapshots: Snapshots,
    /// How fast it goes.
    pub pace: Pace,
}

impl Record {
    /// Two records with the same identity hold the same frames.
    pub fn identity(&self) -> (u64, u64) {
        (self.request, self.history.updates)
    }

    /// Seconds until the end at the present pace; none while nothing is known of it, or nothing
    /// goes on.
    pub fn seconds_left(&self) -> Option<f64> {
        let is_known = self.stage == Stage::Running && self.pace.updates > 0;
        let left = self.checked.updates().saturating_sub(self.history.updates);
        is_known.then(|| self.pace.seconds / self.pace.updates as f64 * left as f64)
    }
}

/// How many updates were made in how much time, since the last start, pause or change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// Updates of every run.
    pub updates: u64,
    /// The time.
    pub seconds: f64,
}

/// Something to be told that no record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Good to know.
    Information(String),
    /// Something did not work.
    Trouble(String),
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// More is coming.
    Running,
    /// More will come when it is let go on.
    Paused,
    /// All runs have ended by themselves.
    Done,
    /// The user ended it.
    Cancelled,
    /// The engine broke; the text says how. The record is what was published before.
    Broken(String),
}

impl Stage {
    /// Whether there is work that goes on, or can at any moment.
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
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
    messages: Mutex<Vec<Message>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Orders {
    pending: Option<Arc<Checked>>,
    latest: u64,
    cancelled: bool,
    paused: bool,
    quitting: bool,
}

impl Worker {
    /// Starts the thread; `wake` is called from it whenever there is something new to see.
    /// Trainings keep checkpoints on the shelf, where there is one, and go on from them.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        shelf: Option<Box<dyn Shelf>>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            orders: Mutex::default(),
            changed: Condvar::new(),
            published: Mutex::default(),
            published_at: Mutex::new(Instant::now()),
            messages: Mutex::default(),
            wake: Box::new(wake),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("simulation".into())
            .spawn(move || {
                let shelf = shelf.map(|shelf| theirs.listened_to(shelf));
                theirs.serve(Memory::new(shelf));
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Asks for an experiment, in place of whatever was asked before. What was computed of it
    /// before, by a training that was left, is not computed again. Returns the request's number.
    pub fn request(&self, checked: Arc<Checked>) -> u64 {
        self.order(checked, false)
    }

    /// The same, but paused before the next update.
    pub fn request_paused(&self, checked: Arc<Checked>) -> u64 {
        self.order(checked, true)
    }

    fn order(&self, checked: Arc<Checked>, paused: bool) -> u64 {
        let mut orders = lock(&self.shared.orders);
        orders.latest += 1;
        orders.pending = Some(checked);
        orders.cancelled = false;
        orders.paused = paused;
        self.shared.changed.notify_one();
        orders.latest
    }

    /// Ends the present work; what it recorded stays.
    pub fn cancel(&self) {
        lock(&self.shared.orders).cancelled = true;
        self.shared.changed.notify_one();
    }

    /// Holds the present work after the block of updates that it is at, or lets it go on.
    pub fn pause(&self, paused: bool) {
        lock(&self.shared.orders).paused = paused;
        self.shared.changed.notify_one();
    }

    /// What there is to be told since the last call.
    pub fn messages(&self) -> Vec<Message> {
        std::mem::take(&mut *lock(&self.shared.messages))
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

/// What is to be done after a block of updates.
enum Next {
    GoOn,
    /// Another request is waiting, or the program ends.
    GiveUp,
    Cancel,
    Pause,
}

/// A request that is being served.
struct Request<'a> {
    number: u64,
    checked: &'a Arc<Checked>,
}

impl Request<'_> {
    fn record(&self, history: History, stage: Stage) -> Record {
        Record {
            request: self.number,
            checked: Arc::clone(self.checked),
            history,
            stage,
            snapshots: Snapshots::default(),
            pace: Pace::default(),
        }
    }

    fn record_of(&self, work: &Work<'_>, history: &History, stage: Stage, pace: Pace) -> Record {
        Record {
            snapshots: work.snapshots(),
            pace,
            ..self.record(history.clone(), stage)
        }
    }
}

impl Shared {
    /// The shelf, whose troubles are messages from now on.
    fn listened_to(self: &Arc<Self>, mut shelf: Box<dyn Shelf>) -> Box<dyn Shelf> {
        let to = Arc::clone(self);
        shelf.report_to(Arc::new(move |trouble| {
            lock(&to.messages).push(Message::Trouble(trouble));
            (to.wake)();
        }));
        shelf
    }

    fn serve(&self, mut memory: Memory) {
        while let Some((checked, number)) = self.next_order() {
            let request = Request {
                number,
                checked: &checked,
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| self.answer(&request, &mut memory)));
            if let Err(panic) = outcome {
                let last = lock(&self.published).clone();
                let last = last.filter(|last| last.request == number);
                let history = last.map_or_else(History::default, |last| last.history.clone());
                let stage = Stage::Broken(panic_text(&*panic));
                self.publish(request.record(history, stage));
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

    fn answer(&self, request: &Request<'_>, memory: &mut Memory) {
        let checked = &**request.checked;
        // A closed form may take long; pictures ask for it first, and the window must not wait.
        checked.objective.least_value();
        let tell = |message| lock(&self.messages).push(message);
        // Data that cannot be had are found out here: to look before would make them twice.
        match at_length(|| memory.begin(checked, &tell)) {
            Ok((mut work, mut history)) => {
                work.keep_snapshots();
                at_length(|| work.observe_units(&mut history));
                self.work(request, memory, work, history);
            }
            Err(error) => {
                let stage = Stage::Broken(error.to_string());
                self.publish(request.record(History::default(), stage));
            }
        }
    }

    /// Works until the end, or until something else is wanted.
    fn work(
        &self,
        request: &Request<'_>,
        memory: &mut Memory,
        mut work: Work<'_>,
        mut history: History,
    ) {
        let mut reported = Instant::now();
        let mut interval = FIRST_REPORT;
        let mut stretch = (Instant::now(), history.updates);
        let pace = |stretch: (Instant, u64), history: &History| Pace {
            updates: history.updates - stretch.1,
            seconds: stretch.0.elapsed().as_secs_f64(),
        };
        // A hand that never rests must still see something, so a new request is not given up
        // before its first block.
        let mut is_fresh = true;
        loop {
            match self.next(request) {
                Next::GiveUp if !is_fresh => {
                    return self.give_up(request, memory, &work, history);
                }
                Next::Cancel => return self.cancel(request, memory, &work, history),
                Next::Pause if !work.is_done() => {
                    // Whatever comes after a pause goes on from this very update.
                    self.rest(request, memory, &work, &history);
                    stretch = (Instant::now(), history.updates);
                    is_fresh = false;
                    continue;
                }
                Next::GoOn | Next::GiveUp | Next::Pause => {}
            }
            if work.is_done() {
                break;
            }
            at_length(|| work.advance(&mut history));
            is_fresh = false;
            memory.keep_now_and_then(request.checked, &work, &history);
            if reported.elapsed() >= interval && !work.is_done() {
                let pace = pace(stretch, &history);
                self.publish(request.record_of(&work, &history, Stage::Running, pace));
                reported = Instant::now();
                interval = (interval * 2).min(LAST_REPORT);
            }
        }
        memory.rest(request.checked, &work, &history, false);
        let pace = pace(stretch, &history);
        self.publish(request.record_of(&work, &history, Stage::Done, pace));
    }

    fn next(&self, request: &Request<'_>) -> Next {
        let orders = lock(&self.orders);
        match () {
            () if orders.latest != request.number || orders.quitting => Next::GiveUp,
            () if orders.cancelled => Next::Cancel,
            () if orders.paused => Next::Pause,
            () => Next::GoOn,
        }
    }

    /// Shows what there is, and waits until it is to go on or something else is wanted.
    fn rest(&self, request: &Request<'_>, memory: &mut Memory, work: &Work<'_>, history: &History) {
        memory.rest(request.checked, work, history, true);
        let pace = Pace::default();
        self.publish(request.record_of(work, history, Stage::Paused, pace));
        let mut orders = lock(&self.orders);
        while orders.paused
            && !(orders.cancelled || orders.quitting || orders.latest != request.number)
        {
            orders = self
                .changed
                .wait(orders)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let goes_on = !orders.quitting && orders.latest == request.number;
        drop(orders);
        if goes_on {
            let pace = Pace::default();
            self.publish(request.record_of(work, history, Stage::Running, pace));
        }
        memory.begin_stretch();
    }

    fn cancel(
        &self,
        request: &Request<'_>,
        memory: &mut Memory,
        work: &Work<'_>,
        mut history: History,
    ) {
        memory.rest(request.checked, work, &history, true);
        simulation::end(&mut history, Outcome::Cancelled);
        let pace = Pace::default();
        self.publish(request.record_of(work, &history, Stage::Cancelled, pace));
    }

    fn give_up(
        &self,
        request: &Request<'_>,
        memory: &mut Memory,
        work: &Work<'_>,
        mut history: History,
    ) {
        memory.rest(request.checked, work, &history, false);
        simulation::end(&mut history, Outcome::Cancelled);
        // A hand that never rests must still see something: what there is of this request, when
        // nothing has been shown for a while.
        if lock(&self.published_at).elapsed() >= LAST_REPORT {
            let pace = Pace::default();
            self.publish(request.record_of(work, &history, Stage::Running, pace));
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
