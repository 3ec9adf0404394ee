//! The playhead: a cursor into a history that owns no data.

/// Where in the record the window stands, and how it moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Playhead {
    /// Updates made at the cursor; fractions accumulate between frames.
    position: f64,
    /// The last step there is to see.
    end: u64,
    /// Whether the cursor keeps to the end when the end moves.
    follows_end: bool,
    /// Whether it moves by itself.
    pub playing: bool,
    /// Whether it starts over at the end.
    pub looping: bool,
    /// Updates a second.
    pub speed: f64,
}

/// The slowest and fastest playback in updates a second.
pub const SPEED_RANGE: (f64, f64) = (0.5, 100_000.0);

impl Default for Playhead {
    fn default() -> Self {
        Self {
            position: 0.0,
            end: 0,
            follows_end: true,
            playing: false,
            looping: false,
            speed: 30.0,
        }
    }
}

impl Playhead {
    /// The step under the cursor.
    pub fn step(&self) -> u64 {
        self.position as u64
    }

    /// The last step there is to see.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Whether the cursor stands at the end.
    pub fn is_at_end(&self) -> bool {
        self.step() >= self.end
    }

    /// Tells the playhead how long the record is. A cursor at the end of a finished record
    /// stays at the end; any other stays at its step while that exists.
    pub fn set_end(&mut self, end: u64) {
        self.end = end;
        if self.follows_end {
            self.position = end as f64;
        }
        self.position = self.position.min(end as f64);
    }

    /// Moves to a step, or to the end if there are fewer.
    pub fn seek(&mut self, step: u64) {
        let step = step.min(self.end);
        self.position = step as f64;
        self.follows_end = step == self.end;
    }

    /// Moves by whole steps and stops playing, as the arrow keys do.
    pub fn nudge(&mut self, steps: i64) {
        self.playing = false;
        self.seek(self.step().saturating_add_signed(steps));
    }

    /// To the start, without playing on.
    pub fn first(&mut self) {
        self.playing = false;
        self.seek(0);
    }

    /// To the end, without playing on.
    pub fn last(&mut self) {
        self.playing = false;
        self.seek(self.end);
    }

    /// Plays from the cursor, or from the start when it stands at the end; or pauses where it
    /// is.
    pub fn toggle(&mut self) {
        self.playing = !self.playing && self.end > 0;
        if self.playing {
            if self.is_at_end() {
                self.position = 0.0;
            }
            self.follows_end = false;
        }
    }

    /// Sets the speed, kept within [`SPEED_RANGE`].
    pub fn set_speed(&mut self, speed: f64) {
        if speed.is_finite() {
            self.speed = speed.clamp(SPEED_RANGE.0, SPEED_RANGE.1);
        }
    }

    /// Lets `seconds` pass. `growing` says that the record is still being written, so that its
    /// end is a place to wait and not to stop.
    pub fn advance(&mut self, seconds: f64, growing: bool) {
        if !self.playing || seconds.is_nan() || seconds <= 0.0 {
            return;
        }
        let end = self.end as f64;
        self.position += seconds * self.speed;
        if self.position < end {
            return;
        }
        if growing || !self.looping {
            self.position = end;
            self.playing = growing;
            self.follows_end = !growing;
        } else {
            self.position = if end > 0.0 { self.position % end } else { 0.0 };
        }
    }

    /// Seconds until the cursor reaches the next step, when it plays: the window need not draw
    /// before.
    pub fn seconds_to_next_step(&self) -> Option<f64> {
        self.playing
            .then(|| (1.0 - self.position.fract()) / self.speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(step: u64, end: u64) -> Playhead {
        let mut playhead = Playhead::default();
        playhead.set_end(end);
        playhead.seek(step);
        playhead
    }

    #[test]
    fn pause_resumes_where_it_was() {
        let mut playhead = at(10, 100);
        playhead.toggle();
        playhead.advance(1.0, false);
        assert_eq!(playhead.step(), 40);
        playhead.toggle();
        playhead.advance(1.0, false);
        assert_eq!(playhead.step(), 40);
        playhead.toggle();
        playhead.advance(0.5, false);
        assert_eq!(playhead.step(), 55);
    }

    #[test]
    fn play_at_the_end_starts_over_and_stops_at_the_end() {
        let mut playhead = at(100, 100);
        playhead.toggle();
        assert_eq!(playhead.step(), 0);
        playhead.advance(1e9, false);
        assert_eq!((playhead.step(), playhead.playing), (100, false));
    }

    #[test]
    fn looping_goes_round_and_a_growing_record_is_waited_for() {
        let mut playhead = at(0, 100);
        playhead.looping = true;
        playhead.toggle();
        playhead.advance(4.0, false);
        assert_eq!((playhead.step(), playhead.playing), (20, true));
        playhead.advance(10.0, true);
        assert_eq!((playhead.step(), playhead.playing), (100, true));
        playhead.set_end(200);
        playhead.advance(1.0, true);
        assert_eq!(playhead.step(), 130);
    }

    #[test]
    fn a_cursor_at_the_end_follows_it_and_any_other_stays() {
        let mut playhead = at(100, 100);
        playhead.set_end(150);
        assert_eq!(playhead.step(), 150);
        playhead.seek(70);
        playhead.set_end(300);
        assert_eq!(playhead.step(), 70);
        playhead.set_end(20);
        assert_eq!(playhead.step(), 20);
    }

    #[test]
    fn an_empty_record_cannot_play() {
        let mut playhead = at(0, 0);
        playhead.toggle();
        playhead.advance(1.0, false);
        assert_eq!((playhead.step(), playhead.playing), (0, false));
    }

    #[derive(Clone, Debug)]
    enum Act {
        Toggle,
        Seek(u64),
        Nudge(i64),
        End(u64),
        Pass(f64),
        Loop,
        Speed(f64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            Just(Act::Toggle),
            any::<u64>().prop_map(Act::Seek),
            any::<i64>().prop_map(Act::Nudge),
            (0..1000_u64).prop_map(Act::End),
            any::<f64>().prop_map(Act::Pass),
            Just(Act::Loop),
            any::<f64>().prop_map(Act::Speed),
        ]
    }

    proptest! {
        #[test]
        fn the_cursor_never_leaves_the_record(acts in proptest::collection::vec(act(), 0..40)) {
            let mut playhead = Playhead::default();
            for act in acts {
                match act {
                    Act::Toggle => playhead.toggle(),
                    Act::Seek(step) => playhead.seek(step),
                    Act::Nudge(steps) => playhead.nudge(steps),
                    Act::End(end) => playhead.set_end(end),
                    Act::Pass(seconds) => playhead.advance(seconds, false),
                    Act::Loop => playhead.looping = !playhead.looping,
                    Act::Speed(speed) => playhead.set_speed(speed),
                }
                prop_assert!(playhead.step() <= playhead.end());
                prop_assert!(!playhead.playing || playhead.end() > 0 || playhead.step() == 0);
            }
        }
    }
}
