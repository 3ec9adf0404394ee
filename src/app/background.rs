//! A thread that answers the latest question of the window, and forgets older ones.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// A background thread for pictures that take longer than a frame.
pub struct Background<Q, A> {
    shared: Arc<Shared<Q, A>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared<Q, A> {
    state: Mutex<State<Q, A>>,
    asked: Condvar,
}

struct State<Q, A> {
    question: Option<Q>,
    answer: Option<A>,
    /// Whether nobody waits for what is being answered.
    cancelled: bool,
    quitting: bool,
}

impl<Q: Send + 'static, A: Send + 'static> Background<Q, A> {
    /// Starts the thread; `wake` is called after each answer.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        name: &str,
        wake: impl Fn() + Send + 'static,
        answer: impl Fn(Q) -> A + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::start_watched(name, wake, move |question, _| Some(answer(question)))
    }

    /// The same for answers that take long: they are given a look at whether another question
    /// waits or the thread is to end, and may then give up.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_watched(
        name: &str,
        wake: impl Fn() + Send + 'static,
        answer: impl Fn(Q, &(dyn Fn() -> bool + Sync)) -> Option<A> + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                question: None,
                answer: None,
                cancelled: false,
                quitting: false,
            }),
            asked: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                while let Some(question) = theirs.next() {
                    let is_superseded = || {
                        let state = theirs.lock();
                        state.quitting || state.cancelled || state.question.is_some()
                    };
                    let Some(found) = answer(question, &is_superseded) else {
                        continue;
                    };
                    let mut state = theirs.lock();
                    if !state.cancelled {
                        state.answer = Some(found);
                        drop(state);
                        wake();
                    }
                }
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Asks, in place of any question that is not being answered yet.
    pub fn ask(&self, question: Q) {
        self.shared.lock().question = Some(question);
        self.shared.asked.notify_one();
    }

    /// Gives up whatever was asked.
    pub fn cancel(&self) {
        let mut state = self.shared.lock();
        state.cancelled = true;
        (state.question, state.answer) = (None, None);
    }

    /// The newest answer, once.
    pub fn take(&self) -> Option<A> {
        self.shared.lock().answer.take()
    }
}

impl<Q, A> Shared<Q, A> {
    /// The state behind the lock; a thread that panicked holding it left plain values behind.
    fn lock(&self) -> MutexGuard<'_, State<Q, A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Q> {
        let mut state = self.lock();
        loop {
            if state.quitting {
                return None;
            }
            if let Some(question) = state.question.take() {
                state.cancelled = false;
                return Some(question);
            }
            state = self
                .asked
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<Q, A> Drop for Background<Q, A> {
    fn drop(&mut self) {
        self.shared.lock().quitting = true;
        self.shared.asked.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic in it has been reported by the panic hook; there is nothing to add.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_long_answer_gives_up_when_another_question_is_asked() {
        let (woken, waking) = mpsc::channel();
        let (begun, beginning) = mpsc::channel();
        let wake = move || woken.send(()).unwrap();
        let background = Background::start_watched("long", wake, move |question, superseded| {
            begun.send(question).unwrap();
            while question == 1 && !superseded() {
                std::thread::yield_now();
            }
            (question != 1).then_some(10 * question)
        })
        .unwrap();
        background.ask(1);
        assert_eq!(beginning.recv(), Ok(1));
        background.ask(2);
        waking.recv().unwrap();
        assert_eq!((background.take(), background.take()), (Some(20), None));
        // One that nobody waits for gives up too, and the next one is answered.
        assert_eq!(
            beginning.recv_timeout(std::time::Duration::from_secs(60)),
            Ok(2)
        );
        background.ask(1);
        assert_eq!(beginning.recv(), Ok(1));
        background.cancel();
        background.ask(3);
        waking.recv().unwrap();
        assert_eq!((background.take(), background.take()), (Some(30), None));
        // One that would never end does not keep the thread from ending.
        background.ask(1);
        assert_eq!(
            beginning.recv_timeout(std::time::Duration::from_secs(60)),
            Ok(3)
        );
    }
}
