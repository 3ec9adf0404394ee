//! Undo: snapshots of the small experiment, one per finished gesture.

/// The most steps that can be undone.
const DEPTH: usize = 200;

/// The past and future of what is on show.
#[derive(Debug)]
pub struct Undo<T> {
    past: Vec<T>,
    future: Vec<T>,
    /// The state after the last finished gesture.
    settled: T,
}

/// A state of which the past is kept.
pub trait Kept: Clone + PartialEq {
    /// How many of its kind are kept: fewer where each holds much that it shares with no other.
    fn most_kept(&self) -> usize {
        DEPTH
    }
}

impl<T: Kept> Undo<T> {
    /// A history that begins with `present`.
    pub fn new(present: T) -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
            settled: present,
        }
    }

    /// Tells the state at the end of a frame. While a gesture goes on (a slider is held, a text
    /// is typed) nothing is kept; the first frame after it makes one step of all it changed.
    /// Returns whether a step was made.
    pub fn observe(&mut self, now: &T, gesture_goes_on: bool) -> bool {
        if gesture_goes_on || *now == self.settled {
            return false;
        }
        self.future.clear();
        self.past
            .push(std::mem::replace(&mut self.settled, now.clone()));
        let beyond = self.past.len().saturating_sub(now.most_kept().min(DEPTH));
        self.past.drain(..beyond);
        true
    }

    /// The state before the last step; an unfinished gesture counts as one.
    pub fn undo(&mut self, now: &T) -> Option<T> {
        self.observe(now, false);
        let before = self.past.pop()?;
        self.future
            .push(std::mem::replace(&mut self.settled, before.clone()));
        Some(before)
    }

    /// The state after the step that was undone last.
    pub fn redo(&mut self, now: &T) -> Option<T> {
        self.observe(now, false);
        let after = self.future.pop()?;
        self.past
            .push(std::mem::replace(&mut self.settled, after.clone()));
        Some(after)
    }

    /// Brings the settled state up to date in what does not count as a change.
    pub fn refresh(&mut self, now: &T) {
        if *now == self.settled {
            self.settled = now.clone();
        }
    }

    /// Changes every state that is kept, in what does not count as a change.
    pub fn update(&mut self, change: impl FnMut(&mut T)) {
        let past = self.past.iter_mut();
        past.chain(&mut self.future)
            .chain(std::iter::once(&mut self.settled))
            .for_each(change);
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

    impl Kept for i32 {
        fn most_kept(&self) -> usize {
            if *self < 0 { 10 } else { DEPTH }
        }
    }

    #[test]
    fn a_drag_is_one_step_and_can_be_taken_back_and_forth() {
        let mut undo = Undo::new(1);
        for epochs in 2..9 {
            assert!(!undo.observe(&epochs, true));
        }
        assert!(undo.observe(&9, false));
        assert_eq!(undo.undo(&9), Some(1));
        assert_eq!(undo.redo(&1), Some(9));
        assert_eq!(undo.redo(&9), None);
    }

    #[test]
    fn undo_in_the_middle_of_a_gesture_takes_the_gesture_back() {
        let mut undo = Undo::new(1);
        undo.observe(&5, true);
        assert_eq!(undo.undo(&5), Some(1));
        assert!(undo.can_redo());
    }

    #[test]
    fn a_new_change_forgets_what_was_undone() {
        let mut undo = Undo::new(1);
        undo.observe(&2, false);
        undo.undo(&2);
        undo.observe(&3, false);
        assert!(!undo.can_redo());
        assert_eq!(undo.undo(&3), Some(1));
    }

    #[test]
    fn the_past_is_bounded() {
        let mut undo = Undo::new(0);
        for epochs in 1..1000 {
            undo.observe(&epochs, false);
        }
        assert_eq!(undo.past.len(), DEPTH);
        undo.observe(&-1, false);
        assert_eq!(undo.past.len(), 10, "what is large is kept less often");
        assert_eq!(undo.undo(&-1), Some(999));
    }
}
