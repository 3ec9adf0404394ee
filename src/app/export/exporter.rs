//! The thread that draws and writes what is exported, one file at a time.

use super::form::{ExportForm, Subject};
use super::work::{Outcome, Work};
use egui::ColorImage;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Frames until the dialog has gone from the window.
const FRAMES_TO_CLEAR: u8 = 3;

/// Exports in the background.
pub struct Exporter {
    wake: egui::Context,
    job: Option<Job>,
    /// An export that waits for the window's picture, and for so many frames before it is taken.
    awaiting: Option<(Work, u8)>,
    pictures: (Sender<Arc<ColorImage>>, Receiver<Arc<ColorImage>>),
    last: Option<ExportForm>,
}

struct Job {
    done: Arc<AtomicUsize>,
    total: Arc<AtomicUsize>,
    cancelled: Arc<AtomicBool>,
    outcome: Receiver<Outcome>,
    thread: Option<JoinHandle<()>>,
}

impl Exporter {
    /// Nothing is exported yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            wake: ctx.clone(),
            job: None,
            awaiting: None,
            pictures: channel(),
            last: None,
        }
    }

    /// What was chosen last.
    pub fn last_form(&self) -> Option<ExportForm> {
        self.last.clone()
    }

    /// Whether an export is under way.
    pub fn is_busy(&self) -> bool {
        self.job.is_some() || self.awaiting.is_some()
    }

    /// How much of the present export is done, 0 to 1.
    pub fn progress(&self) -> Option<f32> {
        let job = self.job.as_ref()?;
        let total = job.total.load(Ordering::Relaxed).max(1);
        Some(job.done.load(Ordering::Relaxed) as f32 / total as f32)
    }

    /// Starts an export; that of the window waits until the dialog has gone.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(&mut self, work: Work) -> std::io::Result<()> {
        let mut form = ExportForm::clone(&work.form);
        form.asks_to_replace = false;
        self.last = Some(form);
        if work.form.subject == Subject::Window && work.picture.is_none() {
            self.awaiting = Some((work, FRAMES_TO_CLEAR));
            self.wake.request_repaint();
            return Ok(());
        }
        self.job = Some(Job::start(work, self.wake.clone())?);
        Ok(())
    }

    /// Asks for the window's picture when it is time; once a frame.
    pub fn ask_for_picture(&mut self, ctx: &egui::Context) {
        let Some((_, frames)) = &mut self.awaiting else {
            return;
        };
        match frames {
            // The picture is on its way.
            0 => return,
            1 => {
                let (sender, wake) = (self.pictures.0.clone(), ctx.clone());
                ctx.request_screenshot(move |picture| {
                    // Fails only when the window is gone.
                    let _ = sender.send(picture);
                    wake.request_repaint();
                });
            }
            _ => {}
        }
        *frames -= 1;
        ctx.request_repaint();
    }

    /// Goes on with the window's picture, once that is there.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn take_picture(&mut self) -> std::io::Result<()> {
        let Ok(picture) = self.pictures.1.try_recv() else {
            return Ok(());
        };
        let Some((mut work, _)) = self.awaiting.take() else {
            return Ok(());
        };
        work.picture = Some(picture);
        self.start(work)
    }

    /// Ends the present export; what it would have written is not written.
    pub fn cancel(&mut self) {
        self.awaiting = None;
        if let Some(job) = &self.job {
            job.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// What came of an export that has ended since the last call.
    pub fn finished(&mut self) -> Option<Outcome> {
        let outcome = match self.job.as_ref()?.outcome.try_recv() {
            Ok(outcome) => outcome,
            Err(std::sync::mpsc::TryRecvError::Empty) => return None,
            Err(std::sync::mpsc::TryRecvError::Disconnected) => Outcome::Failed(
                "The export broke off. This is a fault of the program; please report it.".into(),
            ),
        };
        self.job = None;
        Some(outcome)
    }
}

impl Job {
    fn start(work: Work, wake: egui::Context) -> std::io::Result<Self> {
        let (sender, outcome) = channel();
        let [done, total] = [0, 1].map(|count| Arc::new(AtomicUsize::new(count)));
        let cancelled = Arc::clone(&work.cancelled);
        let theirs = (
            Arc::clone(&done),
            Arc::clone(&total),
            Arc::clone(&cancelled),
        );
        let ctx = wake.clone();
        let report = move |done: usize, total: usize| {
            theirs.0.store(done, Ordering::Relaxed);
            theirs.1.store(total, Ordering::Relaxed);
            ctx.request_repaint();
            match theirs.2.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let thread = std::thread::Builder::new()
            .name("export".into())
            .spawn(move || {
                // Fails only when the window is gone.
                let _ = sender.send(work.perform(report));
                wake.request_repaint();
            })?;
        Ok(Self {
            done,
            total,
            cancelled,
            outcome,
            thread: Some(thread),
        })
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic in it has been reported by the panic hook; there is nothing to add.
            let _ = thread.join();
        }
    }
}
