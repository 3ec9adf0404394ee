//! Surfaces that follow one another, as the window sees them: which one is descended at the
//! playhead, and what runs have kept of those before.

use super::state::Lab;
use crate::engine::{Outcome, Record};
use crate::landscapes::{Chosen, Landscape};
use crate::models::continual::{Ellipse, Pull, Surfaces};

/// What pulls a run back at the playhead.
#[derive(Clone, Debug)]
pub struct Held {
    /// The run.
    pub run: usize,
    /// Its colour.
    pub colour: u8,
    /// What its remedy is called.
    pub remedy: &'static str,
    /// Where the pull costs a quarter of what the present task can gain at most, and where it
    /// costs all of that: outside no point is better than where the task began.
    pub ellipses: [Ellipse; 2],
    /// What the present task can gain: its loss where it began, above its least.
    pub gain: f64,
}

/// A run's losses on every surface that it has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Losses {
    /// The run.
    pub run: usize,
    /// Just after each surface was descended; none for one that is not over.
    pub when_learnt: Vec<Option<f64>>,
    /// At the playhead.
    pub now: Vec<f64>,
}

impl Lab {
    /// Which surface is descended at the playhead, from 0; at a border the one before it.
    pub fn surface_at_hand(&self) -> usize {
        let later = self.experiment.objective.later_surfaces();
        if later == 0 {
            return 0;
        }
        let task = self.playhead.step().saturating_sub(1) / self.experiment.epochs.max(1);
        (task as usize).min(later)
    }

    /// The surface of this number, where several follow one another.
    pub fn later_surface(&self, task: usize) -> Option<Chosen> {
        let surfaces = self.experiment.objective.surfaces()?;
        surfaces.into_iter().nth(task)
    }

    /// The record and its surfaces, where they follow one another.
    fn succession(&self) -> Option<(&Record, &Surfaces)> {
        let record = self.record_here()?;
        Some((&**record, record.checked.surfaces()?))
    }

    /// The optimum of every surface; none where none is known.
    pub fn optima(&self) -> Vec<Option<[f64; 2]>> {
        let Some((_, surfaces)) = self.succession() else {
            return Vec::new();
        };
        let least = |surface: &Chosen| {
            let card = surface.card();
            let minima = card.minima.iter();
            let least = minima.min_by(|a, b| a.value.total_cmp(&b.value));
            least.map(|minimum| minimum.at)
        };
        surfaces.all().iter().map(least).collect()
    }

    /// What pulls the shown runs back at the playhead.
    pub fn held_runs(&self) -> Vec<Held> {
        let Some((record, surfaces)) = self.succession() else {
            return Vec::new();
        };
        let task = self.surface_at_hand();
        let held = |(run, colour)| held(record, surfaces, (run, colour), task);
        self.shown_runs().filter_map(held).collect()
    }

    /// The losses of the shown runs.
    pub fn losses_of_surfaces(&self) -> Vec<Losses> {
        let Some((record, surfaces)) = self.succession() else {
            return Vec::new();
        };
        let step = self.playhead.step();
        let losses = |(run, _): (usize, u8)| {
            let trace = record.history.traces.get(run)?;
            // The first of what is measured is the mean.
            let now = trace.measured.at(step)?.1.get(1..)?.to_vec();
            let learnt = |task: usize| {
                let end = (task as u64 + 1) * surfaces.per_task();
                let values = trace.measured.at(end.min(step))?;
                (end <= step && !ended_before(record, run, end)).then(|| values.1[task + 1])
            };
            Some(Losses {
                run,
                when_learnt: (0..surfaces.all().len()).map(learnt).collect(),
                now,
            })
        };
        self.shown_runs().filter_map(losses).collect()
    }
}

/// Whether a run diverged before it had made so many updates.
fn ended_before(record: &Record, run: usize, updates: u64) -> bool {
    let trace = record.history.traces.get(run);
    trace.is_none_or(|trace| match trace.outcome {
        Outcome::Diverged { step } => step <= updates,
        _ => trace.last_step().is_none_or(|last| last < updates),
    })
}

fn held(
    record: &Record,
    surfaces: &Surfaces,
    (run, colour): (usize, u8),
    task: usize,
) -> Option<Held> {
    let remedy = record.checked.runs.get(run)?.remedy.as_ref()?;
    let border = task as u64 * surfaces.per_task();
    if task == 0 || ended_before(record, run, border) {
        return None;
    }
    let end = |task: u64| {
        let frame = record.history.frame(run, task * surfaces.per_task())?;
        <[f64; 2]>::try_from(frame.parameters).ok()
    };
    let ends: Option<Vec<[f64; 2]>> = (1..=task as u64).map(end).collect();
    let ends = ends?;
    let pull = Pull::of(Some(remedy), surfaces, &ends);
    let surface = surfaces.all().get(task)?;
    let begun: &dyn Landscape = &**surface;
    let gain = begun.height(*ends.last()?) - surface.card().least_value();
    let ellipses = [pull.ellipse(gain / 4.0)?, pull.ellipse(gain)?];
    Some(Held {
        run,
        colour,
        remedy: remedy.card.name,
        ellipses,
        gain,
    })
}
