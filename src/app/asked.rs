//! Answers that take longer than a frame: the one before stays until the new one is there.

use super::background::Background;

/// Questions of one kind, answered on a thread of their own.
pub struct Asked<Q, A> {
    /// Where the system gives no thread, nothing is answered.
    background: Option<Background<Q, (Q, A)>>,
    asked: Option<Q>,
    answer: Option<(Q, A)>,
    /// Counts the answers.
    serial: u64,
}

impl<Q: Clone + PartialEq + Send + 'static, A: Send + 'static> Asked<Q, A> {
    /// Nothing asked yet. `answer` gives up with none when its second argument says that nobody
    /// waits for it any more.
    pub fn new(
        ctx: &egui::Context,
        name: &str,
        answer: fn(&Q, &(dyn Fn() -> bool + Sync)) -> Option<A>,
    ) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        let background = Background::start_watched(name, wake, move |question, is_superseded| {
            let found = answer(&question, is_superseded)?;
            Some((question, found))
        });
        Self {
            background: background.ok(),
            asked: None,
            answer: None,
            serial: 0,
        }
    }

    /// Takes an answer that has come.
    pub fn take(&mut self) {
        let Some(answer) = self.background.as_ref().and_then(Background::take) else {
            return;
        };
        if self.asked.as_ref() == Some(&answer.0) {
            self.asked = None;
        }
        self.answer = Some(answer);
        self.serial += 1;
    }

    /// Asks, unless this is asked or answered already, and gives the newest answer with its
    /// question.
    pub fn ask(&mut self, question: Q) -> Option<&mut (Q, A)> {
        self.take();
        let is_answered = self.answer.as_ref().is_some_and(|(of, _)| *of == question);
        let is_asked = match &self.asked {
            Some(asked) => *asked == question,
            None => is_answered,
        };
        if let Some(background) = self.background.as_ref().filter(|_| !is_asked) {
            background.ask(question.clone());
            self.asked = Some(question);
        }
        self.answer.as_mut()
    }

    /// The same, but lets the question under way be answered first where `is_earlier` says, of
    /// it and this one, that its answer will do until then. What changes faster than it is
    /// answered would otherwise never be.
    pub fn ask_in_turn(
        &mut self,
        question: Q,
        is_earlier: fn(&Q, &Q) -> bool,
    ) -> Option<&mut (Q, A)> {
        self.take();
        let asked = self.asked.as_ref();
        if asked.is_some_and(|asked| is_earlier(asked, &question)) {
            return self.answer.as_mut();
        }
        self.ask(question)
    }

    /// The newest answer with its question.
    pub fn answer(&self) -> Option<&(Q, A)> {
        self.answer.as_ref()
    }

    /// Two answers with the same number are the same.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether an answer is still to come.
    pub fn is_busy(&self) -> bool {
        self.background.is_some() && self.asked.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// Tens of the second number, unless another question comes first.
    fn slowly(question: &(u32, u32), is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<u32> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(30) {
            if is_superseded() {
                return None;
            }
            std::thread::yield_now();
        }
        Some(10 * question.1)
    }

    #[test]
    fn what_changes_faster_than_it_is_answered_is_answered_in_turn() {
        let mut asked = Asked::new(&egui::Context::default(), "slow", slowly);
        let is_earlier = |old: &(u32, u32), new: &(u32, u32)| old.0 == new.0 && old.1 < new.1;
        let begun = Instant::now();
        let mut newest = 0;
        while asked.answer().is_none() {
            newest += 1;
            let _ = asked.ask_in_turn((1, newest), is_earlier);
            std::thread::sleep(Duration::from_millis(2));
            assert!(begun.elapsed() < Duration::from_secs(60), "never answered");
        }
        // Another thing's answer would not do.
        while asked.answer().is_none_or(|(of, _)| *of != (2, 7)) {
            let _ = asked.ask_in_turn((2, 7), is_earlier);
            std::thread::sleep(Duration::from_millis(2));
            assert!(begun.elapsed() < Duration::from_secs(60), "never answered");
        }
        assert_eq!(asked.answer(), Some(&((2, 7), 70)));
        assert!(!asked.is_busy());
    }
}
