//! Answers that take longer than a frame: the one before stays in sight until the new one is there.

use crate::app::background::Background;

/// Questions of one kind, answered on a thread of their own.
pub struct Asked<Q, A> {
    /// Where the system gives no thread, nothing is answered.
    background: Option<Background<Q, (Q, A)>>,
    asked: Option<Q>,
    answer: Option<(Q, A)>,
}

impl<Q: Clone + PartialEq + Send + 'static, A: Send + 'static> Asked<Q, A> {
    /// Nothing asked yet. `answer` gives up with none when its second argument says that another
    /// question waits.
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
        }
    }

    /// Asks, unless this is asked or answered already, and gives the newest answer with its
    /// question.
    pub fn ask(&mut self, question: Q) -> Option<&mut (Q, A)> {
        if let Some(background) = &self.background {
            if let Some(answer) = background.take() {
                self.answer = Some(answer);
            }
            let is_answered = self.answer.as_ref().is_some_and(|(of, _)| *of == question);
            if is_answered {
                self.asked = None;
            } else if self.asked.as_ref() != Some(&question) {
                self.asked = Some(question.clone());
                background.ask(question);
            }
        }
        self.answer.as_mut()
    }
}
