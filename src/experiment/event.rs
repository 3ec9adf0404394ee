//! Changes of a run's base rate while it runs, as a hand at the slider makes them.

use super::check::Problems;
use crate::optimizers::Domain;
use serde::{Deserialize, Serialize};

/// The most events of a run.
pub const MAX_EVENTS: usize = 1000;

/// From an update on the base of the schedule is another. Recorded in the experiment, so that
/// the same experiment gives the same bits again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateEvent {
    /// The first update, from 1, that is made with it.
    pub step: u64,
    /// The base from then on.
    pub learning_rate: f64,
}

/// The base rate of update `step`: what the last event not after it has set, or `base`. The
/// steps of `events` rise.
pub fn base_at(base: f64, events: &[RateEvent], step: u64) -> f64 {
    latest(events, step).map_or(base, |event| event.learning_rate)
}

/// The last event not after update `step`.
pub(super) fn latest(events: &[RateEvent], step: u64) -> Option<&RateEvent> {
    let passed = events.partition_point(|event| event.step <= step);
    events.get(passed.checked_sub(1)?)
}

/// Reports events that are out of order or out of range.
pub(super) fn check(events: &[RateEvent], place: &str, problems: &mut Problems) {
    if events.len() > MAX_EVENTS {
        let message = format!(
            "{} events are more than the {MAX_EVENTS} that a run may have",
            events.len()
        );
        problems.add(place, message);
        return;
    }
    let mut before = 0;
    for (index, event) in events.iter().enumerate() {
        let place = format!("{place}[{index}]");
        if event.step <= before {
            let message = format!(
                "{} is out of order; give a whole number above {before}, for the events of a run \
                 stand in the order of their updates, which count from 1",
                event.step
            );
            problems.add(&format!("{place}.step"), message);
        }
        before = before.max(event.step);
        let domain = Domain::NON_NEGATIVE;
        let rate = event.learning_rate;
        let place = format!("{place}.learning_rate");
        problems.number(&place, rate, domain.contains(rate), &domain);
    }
}

/// Adds an event, in place of one at the same update.
pub fn insert(events: &mut Vec<RateEvent>, event: RateEvent) {
    let place = events.partition_point(|other| other.step < event.step);
    match events
        .get_mut(place)
        .filter(|other| other.step == event.step)
    {
        Some(other) => *other = event,
        None => events.insert(place, event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    fn event(step: u64, learning_rate: f64) -> RateEvent {
        RateEvent {
            step,
            learning_rate,
        }
    }

    #[test]
    fn the_last_event_not_after_an_update_holds() {
        let events = [event(3, 0.5), event(7, 0.25)];
        let rates: Vec<f64> = (1..9).map(|step| base_at(1.0, &events, step)).collect();
        assert_eq!(rates, [1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]);
        assert_eq!(base_at(1.0, &[], 5), 1.0);
    }

    #[test]
    fn events_are_kept_in_order_with_one_at_an_update() {
        let mut events = Vec::new();
        for (step, rate) in [(5, 0.1), (2, 0.2), (9, 0.3), (5, 0.4)] {
            insert(&mut events, event(step, rate));
        }
        assert_eq!(events, [event(2, 0.2), event(5, 0.4), event(9, 0.3)]);
    }

    #[test]
    fn events_are_read_written_and_checked() {
        let text = |events: &str| {
            format!(
                "(version: 1, objective: Landscape(surface: \"booth\"), runs: [(optimizer: \
                 \"sgd\", events: {events})])"
            )
        };
        let read = |events: &str| preset::read(&text(events)).unwrap();
        let experiment = read("[(step: 3, learning_rate: 0.5), (step: 7, learning_rate: 0.25)]");
        assert_eq!(experiment.runs[0].events, [event(3, 0.5), event(7, 0.25)]);
        assert_eq!(
            preset::read(&preset::write(&experiment)),
            Ok(experiment.clone())
        );
        assert!(experiment.check().is_ok());
        for (events, said) in [
            (
                "[(step: 0, learning_rate: 1)]",
                "events[0].step: 0 is out of order",
            ),
            (
                "[(step: 4, learning_rate: 1), (step: 4, learning_rate: 2)]",
                "events[1].step: 4 is out of order; give a whole number above 4",
            ),
            (
                "[(step: 1, learning_rate: -1)]",
                "events[0].learning_rate: -1 is out of range",
            ),
            (
                "[(step: 1, learning_rate: NaN)]",
                "events[0].learning_rate: NaN is not a finite number",
            ),
        ] {
            let problems = read(events).check().unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:?}");
            let problem = problems[0].to_string();
            assert!(problem.starts_with(&format!("runs[0].{said}")), "{problem}");
        }
        assert!(preset::read(&text("[(step: 1, rate: 2)]")).is_err());
    }
}
