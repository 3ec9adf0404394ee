//! Undo: snapshots of the small experiment, one per finished gesture.

use crate::experiment::Experiment;

/// The most steps that can be undone.
const DEPTH: usize = 200;

/// The past and future of the experiment on show.
#[derive(Debug)]
pub struct Undo {
    past: Vec<Experiment>,
    future: Vec<Experiment>,
    /// The state after the last finished gesture.
    settled: Experiment,
}

impl Undo {
    /// A history that begins with `experiment`.
    pub fn new(experiment: Experiment) -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
            settled: experiment,
        }
    }

    /// Tells the state at the end of a frame. While a gesture goes on (a slider is held, a text
    /// is typed) nothing is kept; the first frame after it makes one step of all it changed.
    /// Returns whether a step was made.
    pub fn observe(&mut self, now: &Experiment, gesture_goes_on: bool) -> bool {
        if gesture_goes_on || *now == self.settled {
            return false;
        }
        self.future.clear();
        self.past
            .push(std::mem::replace(&mut self.settled, now.clone()));
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
        true
    }

    /// The state before the last step; an unfinished gesture counts as one.
    pub fn undo(&mut self, now: &Experiment) -> Option<Experiment> {
        self.observe(now, false);
        let before = self.past.pop()?;
        self.future
            .push(std::mem::replace(&mut self.settled, before.clone()));
        Some(before)
    }

    /// The state after the step that was undone last.
    pub fn redo(&mut self, now: &Experiment) -> Option<Experiment> {
        self.observe(now, false);
        let after = self.future.pop()?;
        self.past
            .push(std::mem::replace(&mut self.settled, after.clone()));
        Some(after)
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::built_in;

    fn with_epochs(epochs: u64) -> Experiment {
        let mut experiment = built_in::find("hw3_q3a").unwrap().experiment();
        experiment.epochs = epochs;
        experiment
    }

    #[test]
    fn a_drag_is_one_step_and_can_be_taken_back_and_forth() {
        let mut undo = Undo::new(with_epochs(1));
        for epochs in 2..9 {
            assert!(!undo.observe(&with_epochs(epochs), true));
        }
        assert!(undo.observe(&with_epochs(9), false));
        assert_eq!(undo.undo(&with_epochs(9)), Some(with_epochs(1)));
        assert_eq!(undo.redo(&with_epochs(1)), Some(with_epochs(9)));
        assert_eq!(undo.redo(&with_epochs(9)), None);
    }

    #[test]
    fn undo_in_the_middle_of_a_gesture_takes_the_gesture_back() {
        let mut undo = Undo::new(with_epochs(1));
        undo.observe(&with_epochs(5), true);
        assert_eq!(undo.undo(&with_epochs(5)), Some(with_epochs(1)));
        assert!(undo.can_redo());
    }

    #[test]
    fn a_new_change_forgets_what_was_undone() {
        let mut undo = Undo::new(with_epochs(1));
        undo.observe(&with_epochs(2), false);
        undo.undo(&with_epochs(2));
        undo.observe(&with_epochs(3), false);
        assert!(!undo.can_redo());
        assert_eq!(undo.undo(&with_epochs(3)), Some(with_epochs(1)));
    }

    #[test]
    fn the_past_is_bounded() {
        let mut undo = Undo::new(with_epochs(0));
        for epochs in 1..1000 {
            undo.observe(&with_epochs(epochs), false);
        }
        assert_eq!(undo.past.len(), DEPTH);
    }
}
