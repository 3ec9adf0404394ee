//! Where trainings of this session and of earlier ones can go on from.

use super::Message;
use crate::engine::{Checkpoint, CheckpointError, History, Work, trunk};
use crate::experiment::Checked;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Least time between two checkpoints, and least time of work that is worth one.
const KEEP_EVERY: Duration = Duration::from_secs(2);

/// A checkpoint may take this part of the time at most.
const MOST_SHARE: u32 = 20;

/// Bytes a second that checkpoints write at most on average: a disk is for more than them.
const MOST_WRITTEN: u64 = 2 << 20;

/// States in memory, beside the one that is worked on.
const MOST_STATES: usize = 4;

/// Bytes that they take together at most, but for the newest.
const MOST_BYTES: usize = 256 << 20;

/// Takes what is to be told of something that did not work, from any thread.
pub type Report = Arc<dyn Fn(String) + Send + Sync>;

/// Where checkpoints outlive the program.
pub trait Shelf: Send {
    /// What goes wrong from now on is told to `report` when it happens: a checkpoint may be
    /// written long after the work that it is of has ended.
    fn report_to(&mut self, report: Report);

    /// The checkpoints of experiments that are the same but for their length and the changes of
    /// their rates, each with a name for [`set_aside`](Self::set_aside).
    fn find(&self, family: &str) -> Vec<(String, Vec<u8>)>;

    /// Keeps a checkpoint, soon, in place of one of the same family and member.
    fn keep(&self, family: &str, member: &str, bytes: Vec<u8>);

    /// Takes a damaged one out of the way; says where it is now.
    fn set_aside(&self, name: &str) -> String;
}

/// A state in memory.
struct State {
    checkpoint: Checkpoint,
    /// How long it would take to get there again.
    seconds: f64,
}

/// A state that leads to an experiment.
struct Origin<'a> {
    checkpoint: &'a Checkpoint,
    seconds: f64,
    /// Its name on the shelf, where it comes from there.
    name: Option<&'a str>,
}

/// What the engine's thread remembers of trainings that were left.
pub(super) struct Memory {
    shelf: Option<Box<dyn Shelf>>,
    states: Vec<State>,
    /// The work at hand: how long its way up to now took, and when it was kept on the shelf.
    seconds: f64,
    stretch: Instant,
    kept: Instant,
    kept_updates: u64,
    /// From when on the next checkpoint may be made, for all that the last one took.
    free: Instant,
}

impl Memory {
    pub fn new(shelf: Option<Box<dyn Shelf>>) -> Self {
        Self {
            shelf,
            states: Vec::new(),
            seconds: 0.0,
            stretch: Instant::now(),
            kept: Instant::now(),
            kept_updates: 0,
            free: Instant::now(),
        }
    }

    /// The work that an experiment asks for, as far along as any state that leads there; what is
    /// to be told goes to `tell`.
    pub fn begin<'a>(
        &mut self,
        checked: &'a Checked,
        tell: &(dyn Fn(Message) + Sync),
    ) -> Result<(Work<'a>, History), CheckpointError> {
        self.seconds = 0.0;
        self.kept_updates = 0;
        self.begin_stretch();
        let learns = checked.task().is_some() || checked.sequence().is_some();
        if learns && let Some(begun) = self.resume(checked, tell) {
            return Ok(begun);
        }
        Ok(Work::begin(checked)?)
    }

    /// From the furthest state that can be gone on from; of those that cannot, it is told why.
    fn resume<'a>(
        &mut self,
        checked: &'a Checked,
        tell: &dyn Fn(Message),
    ) -> Option<(Work<'a>, History)> {
        let from_shelf = self.look_on_shelf(checked, tell);
        let states = self.states.iter().map(|state| Origin {
            checkpoint: &state.checkpoint,
            seconds: state.seconds,
            name: None,
        });
        let kept = from_shelf.iter().map(|(name, checkpoint)| Origin {
            checkpoint,
            // It was long enough to be kept.
            seconds: KEEP_EVERY.as_secs_f64(),
            name: Some(name.as_str()),
        });
        let fitting = states.filter(|origin| origin.checkpoint.fits(checked));
        let mut origins: Vec<Origin<'_>> = fitting.chain(kept).collect();
        // Of equals that in memory comes first.
        origins.sort_by_key(|origin| Reverse(origin.checkpoint.updates()));
        for origin in origins {
            match Work::resume(checked, origin.checkpoint) {
                Ok(begun) => {
                    let (updates, seconds) = (origin.checkpoint.updates(), origin.seconds);
                    if origin.name.is_some() {
                        tell(Message::Information(format!(
                            "The training goes on from its checkpoint at update {updates}."
                        )));
                    }
                    (self.kept_updates, self.seconds) = (updates, seconds);
                    return Some(begun);
                }
                // Without data nothing can begin, which is said then.
                Err(CheckpointError::Data(_)) => return None,
                Err(error) => self.complain_of(&origin, &error, tell),
            }
        }
        None
    }

    /// Tells why a checkpoint was not used; a damaged one is set aside.
    fn complain_of(&self, of: &Origin<'_>, error: &CheckpointError, tell: &dyn Fn(Message)) {
        let now = match (error, of.name, self.shelf.as_deref()) {
            (CheckpointError::Damaged, Some(name), Some(shelf)) => shelf.set_aside(name),
            (CheckpointError::OtherExperiment, ..) => "The data have changed since.".to_owned(),
            _ => String::new(),
        };
        let updates = of.checkpoint.updates();
        let text = format!(
            "The checkpoint of this training at update {updates} was not used: {error}. {now}"
        );
        tell(Message::Trouble(text.trim_end().to_owned()));
    }

    /// The checkpoints on the shelf that lead to the experiment. Damaged ones are set aside.
    fn look_on_shelf(
        &self,
        checked: &Checked,
        tell: &dyn Fn(Message),
    ) -> Vec<(String, Checkpoint)> {
        let Some(shelf) = self.shelf.as_deref() else {
            return Vec::new();
        };
        let mut fitting = Vec::new();
        for (name, bytes) in shelf.find(&trunk(checked, 0)) {
            match Checkpoint::from_bytes(&bytes) {
                Ok(checkpoint) if checkpoint.fits(checked) => fitting.push((name, checkpoint)),
                Err(CheckpointError::Damaged) => {
                    let now = shelf.set_aside(&name);
                    tell(Message::Trouble(format!(
                        "A checkpoint of this training is damaged and was not used. {now}"
                    )));
                }
                // Of another way on, or of another version of the program; the next one takes the
                // place of the latter.
                Ok(_) | Err(_) => {}
            }
        }
        fitting
    }

    /// Time counts from now on, after a start or a pause.
    pub fn begin_stretch(&mut self) {
        self.stretch = Instant::now();
        self.kept = Instant::now();
    }

    /// Time does not count from now on.
    pub fn end_stretch(&mut self) {
        self.seconds += self.stretch.elapsed().as_secs_f64();
        self.stretch = Instant::now();
    }

    /// Keeps a checkpoint on the shelf, when it is time.
    pub fn keep_now_and_then(&mut self, checked: &Checked, work: &Work<'_>, history: &History) {
        let is_time = self.kept.elapsed() >= KEEP_EVERY && Instant::now() >= self.free;
        if self.shelf.is_some() && is_time {
            self.keep(checked, work, history);
        }
    }

    fn keep(&mut self, checked: &Checked, work: &Work<'_>, history: &History) {
        let begun = Instant::now();
        if let (Some(shelf), Some(checkpoint)) = (&self.shelf, work.checkpoint(history)) {
            let member = trunk(checked, u64::MAX) + &checked.experiment.epochs.to_string();
            let bytes = checkpoint.to_bytes();
            let size = bytes.len() as u64;
            shelf.keep(&trunk(checked, 0), &member, bytes);
            self.kept_updates = history.updates;
            self.kept = Instant::now();
            self.free = self.kept + rest_after(begun.elapsed(), size);
        }
    }

    /// The work at hand rests or ends: what is worth it is kept, on the shelf too. `is_wanted`
    /// says that it is likely to be gone on with.
    pub fn rest(&mut self, checked: &Checked, work: &Work<'_>, history: &History, is_wanted: bool) {
        self.end_stretch();
        let is_long = self.seconds >= KEEP_EVERY.as_secs_f64();
        if is_long && history.updates > self.kept_updates {
            self.keep(checked, work, history);
        }
        if (is_wanted || is_long)
            && let Some(checkpoint) = work.checkpoint(history)
        {
            self.remember(State {
                checkpoint,
                seconds: self.seconds,
            });
        }
    }

    /// Those that took longest stay, and the newest.
    fn remember(&mut self, newest: State) {
        let is_same = |state: &State| state.checkpoint.is_before(&newest.checkpoint);
        self.states.retain(|state| !is_same(state));
        while self.states.len() >= MOST_STATES || self.bytes() > MOST_BYTES {
            let states = self.states.iter().enumerate();
            let shortest = states.min_by(|a, b| a.1.seconds.total_cmp(&b.1.seconds));
            match shortest.map(|(index, _)| index) {
                Some(index) => self.states.remove(index),
                None => break,
            };
        }
        self.states.push(newest);
    }

    fn bytes(&self) -> usize {
        let states = self.states.iter();
        states.map(|state| state.checkpoint.bytes()).sum()
    }
}

/// How long no checkpoint is made after one that took `cost` and has `size` bytes. It counts from
/// that one, whatever is worked on since: the disk and the time are those of all works together,
/// and a small work must not wait for what a large one took long ago.
fn rest_after(cost: Duration, size: u64) -> Duration {
    let write = Duration::from_secs(size / MOST_WRITTEN);
    (cost * MOST_SHARE).max(write)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn a_large_checkpoint_gives_the_disk_a_rest_and_no_other_work_waits_longer_for_it() {
        let seconds = Duration::from_secs;
        assert_eq!(rest_after(seconds(1), 0), seconds(20));
        assert_eq!(rest_after(Duration::ZERO, 100 << 20), seconds(50));
        let text = r#"(version: 1, runs: [(optimizer: "adam")], objective: Landscape(
            surface: "booth"))"#;
        let checked = preset::read(text).unwrap().check().unwrap();
        let mut memory = Memory::new(None);
        let free = memory.free;
        assert!(memory.begin(&checked, &|_| {}).is_ok());
        assert_eq!(memory.free, free);
    }
}
