//! The plane on which a loss of many parameters is drawn, and the runs' feet on it.

use crate::app::state::Lab;
use crate::engine::{History, Record, Trace, Variation};
use crate::experiment::Experiment;
use crate::figures::curves::Abscissa;
use crate::landscapes::Chosen;
use crate::models::regression::{Plane, Slice};
use std::sync::Arc;

/// Which plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceAxes {
    /// Of two parameters, the others held at the playhead.
    Parameters([usize; 2]),
    /// Of the two directions in which the path of the run at hand extends most.
    Principal,
}

impl Default for SliceAxes {
    fn default() -> Self {
        Self::Parameters([0, 1])
    }
}

/// The plane on show.
#[derive(Clone, Debug)]
pub struct SliceView {
    key: Key,
    /// The loss on it.
    pub landscape: Chosen,
    /// The record with every run's foot on it in place of its parameters.
    pub record: Arc<Record>,
    /// What the axes are.
    pub names: [String; 2],
    plane: Plane,
    range: [(f64, f64); 2],
}

/// What a slice was made for.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    record: (u64, u64),
    axes: SliceAxes,
    run: usize,
    /// Where the other parameters are held.
    at: Vec<f64>,
}

/// Keeps the slice up to date with record, playhead and choice.
pub fn update(lab: &mut Lab) {
    let made = made(lab);
    lab.slice = made;
}

fn made(lab: &Lab) -> Option<SliceView> {
    let record = lab.record_here()?;
    record.checked.regression()?;
    let count = record.checked.start.len();
    let axes = match lab.view.slice {
        SliceAxes::Parameters(pair) => {
            let [i, j] = pair.map(|index| index.min(count - 1));
            let j = if i == j && count > 1 {
                (i + 1) % count
            } else {
                j
            };
            SliceAxes::Parameters([i, j])
        }
        SliceAxes::Principal => SliceAxes::Principal,
    };
    let run = lab.run_at_hand();
    let trace = record.history.traces.get(run);
    let frame = trace.and_then(|trace| trace.frame_at(lab.playhead.step()));
    let here = frame.map_or(record.checked.start.as_slice(), |frame| frame.parameters);
    let last = trace.and_then(|trace| trace.parameters().last());
    let at = match axes {
        // On its plane itself, where a run is makes no difference.
        SliceAxes::Parameters(pair) => {
            let held = here.iter().enumerate();
            held.map(|(index, w)| if pair.contains(&index) { 0.0 } else { *w })
                .collect()
        }
        SliceAxes::Principal => last.unwrap_or(&record.checked.start).to_vec(),
    };
    let key = Key {
        record: record.identity(),
        axes,
        run,
        at,
    };
    match &lab.slice {
        Some(present) if present.key == key => Some(present.clone()),
        present => make(lab, record, key, present.as_ref()),
    }
}

fn make(lab: &Lab, record: &Record, key: Key, present: Option<&SliceView>) -> Option<SliceView> {
    let objective = &record.checked.objective;
    let trace = record.history.traces.get(key.run);
    let pair = Plane::of_parameters;
    let plane = match key.axes {
        SliceAxes::Parameters(axes) => pair(axes, &key.at),
        SliceAxes::Principal => {
            let path = trace.map(|trace| Plane::of_path(trace.parameters(), &key.at));
            let second = 1.min(key.at.len() - 1);
            path.flatten().unwrap_or_else(|| pair([0, second], &key.at))
        }
    };
    // Feet on a plane of parameters, and the range around them, stay while others are held
    // elsewhere.
    let same = present.filter(|old| {
        let (a, b) = (&old.key, &key);
        old.plane.axes == plane.axes
            && a.record == b.record
            && a.axes == b.axes
            && a.axes != SliceAxes::Principal
    });
    let (feet, range) = match same {
        Some(old) => (Arc::clone(&old.record), old.range),
        None => {
            let feet = feet(record, &plane);
            let range = range(&feet, record, &plane);
            (Arc::new(feet), range)
        }
    };
    let names = names(record, key.axes);
    let title = format!("Loss over {} and {}", names[0], names[1]);
    let start = plane.foot(&lab.experiment.objective.start_values());
    let landscape = Slice::of(objective, plane.clone(), title, range, start)?;
    Some(SliceView {
        key,
        landscape,
        record: feet,
        names,
        plane,
        range,
    })
}

fn names(record: &Record, axes: SliceAxes) -> [String; 2] {
    let name = |index: usize| {
        let names = &record.history.parameter_names;
        names.get(index).cloned().unwrap_or_default()
    };
    match axes {
        SliceAxes::Parameters(pair) => pair.map(name),
        SliceAxes::Principal => ["1st axis".to_owned(), "2nd axis".to_owned()],
    }
}

fn feet(record: &Record, plane: &Plane) -> Record {
    let foot = |point: &[f64]| plane.foot(point).to_vec();
    let mapped = |traces: &[Trace]| {
        let feet = traces.iter().map(|trace| trace.mapped(2, foot));
        feet.collect::<Vec<_>>()
    };
    let others = record.history.variations.iter();
    let others = others.map(|variation| Variation {
        traces: mapped(&variation.traces),
        ..*variation
    });
    Record {
        request: record.request,
        checked: Arc::clone(&record.checked),
        history: History {
            parameter_names: vec!["u".to_owned(), "v".to_owned()],
            traces: mapped(&record.history.traces),
            variations: others.collect(),
            updates: record.history.updates,
        },
        stage: record.stage.clone(),
        snapshots: record.snapshots.clone(),
        pace: record.pace,
    }
}

/// A range around nearly all feet, the start and the least-squares solution. The last tenth of
/// what lies far out, where a run blows up, counts for nothing.
fn range(feet: &Record, record: &Record, plane: &Plane) -> [(f64, f64); 2] {
    let fit = record
        .checked
        .regression()
        .and_then(|regression| regression.fit().ok());
    let mut marks = vec![plane.foot(&record.checked.start)];
    marks.extend(fit.map(|fit| plane.foot(&fit.parameters)));
    let along = |axis: usize| {
        let of_trace = |trace: &Trace| trace.parameters().map(|w| w[axis]).collect::<Vec<_>>();
        let mut all: Vec<f64> = feet.history.traces.iter().flat_map(of_trace).collect();
        let middle = marks[0][axis];
        all.sort_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()));
        all.truncate((all.len() * 9).div_ceil(10));
        let all = all.into_iter().chain(marks.iter().map(|mark| mark[axis]));
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        (low, high)
    };
    let ends = [along(0), along(1)];
    let width = |(low, high): (f64, f64)| high - low;
    let widest = width(ends[0]).max(width(ends[1]));
    let widest = if widest.is_finite() && widest > 0.0 {
        widest
    } else {
        1.0
    };
    ends.map(|(low, high)| {
        // Neither a line nor a sliver.
        let half = 0.5 * (high - low).max(0.4 * widest) * 1.3;
        let middle = 0.5 * (low + high);
        (middle - half, middle + half)
    })
}

impl Lab {
    /// What the plots go along; an epoch of several updates is counted in those.
    pub fn abscissa_caption(&self) -> &'static str {
        let several = |record: &Arc<Record>| record.checked.updates_per_epoch() > 1;
        match self.abscissa() {
            Abscissa::Epochs if self.record_here().is_some_and(several) => "update",
            other => other.caption(),
        }
    }

    /// The run that is unfolded, or else the first one that is shown.
    pub fn run_at_hand(&self) -> usize {
        let first = || (0..self.experiment.runs.len()).find(|&run| self.is_shown(run));
        let selected = self
            .view
            .selected
            .filter(|&run| run < self.experiment.runs.len());
        selected.or_else(first).unwrap_or(0)
    }

    /// The slice, while the experiment has no landscape of its own.
    fn slice_here(&self) -> Option<&SliceView> {
        let is_here = self.experiment.objective.regression().is_some();
        self.slice.as_ref().filter(|_| is_here)
    }

    /// The landscape of the slice, where there is one.
    pub fn slice_landscape(&self) -> Option<Chosen> {
        let slice = self.slice_here().map(|slice| slice.landscape.clone());
        slice.or_else(|| self.loss_landscape())
    }

    /// The record whose first two parameters are places on the landscape.
    pub fn record_on_landscape(&self) -> Option<&Arc<Record>> {
        match self.slice_here() {
            Some(slice) => Some(&slice.record),
            None if self.experiment.objective.regression().is_some() => None,
            None if self.experiment.objective.network().is_some() => self.record_on_loss(),
            None => self.record_here(),
        }
    }

    /// Where on the landscape the runs begin.
    pub fn start_on_landscape(&self) -> [f64; 2] {
        if let Some(start) = self.start_on_loss() {
            return start;
        }
        let start = &self.experiment.all_starts()[0];
        self.foot_on_landscape(start)
            .unwrap_or_else(|| self.experiment.start())
    }

    /// Where a point in all parameters is on the landscape.
    pub fn foot_on_landscape(&self, at: &[f64]) -> Option<[f64; 2]> {
        match self.slice_here() {
            Some(slice) => Some(slice.plane.foot(at)),
            None => at.try_into().ok(),
        }
    }

    /// Which plane the landscape is, as far as it moves the runs' feet: axes, and the run that
    /// they are of.
    pub fn plane_on_show(&self) -> Option<(SliceAxes, usize)> {
        if let Some(serial) = self.loss_serial() {
            return Some((SliceAxes::Principal, serial));
        }
        let slice = self.slice_here()?;
        Some((slice.key.axes, slice.key.run))
    }

    /// What the landscape's axes are.
    pub fn landscape_axes(&self) -> [String; 2] {
        match self.slice_here() {
            Some(slice) => slice.names.clone(),
            None => {
                let usual = || ["w1".to_owned(), "w2".to_owned()];
                self.loss_axes().unwrap_or_else(usual)
            }
        }
    }

    /// Whether the start is chosen on the landscape; that of a network is drawn by its seed.
    pub fn chooses_start(&self) -> bool {
        self.experiment.objective.network().is_none()
    }

    /// Moves an experiment's start to a place on the landscape.
    pub fn place_start(&self, edited: &mut Experiment, at: [f64; 2]) {
        let Some(slice) = self.slice_here() else {
            return edited.set_start(at);
        };
        let mut starts = edited.all_starts();
        let start = &mut starts[0];
        let [u, v] = slice.plane.foot(start);
        let moved = [at[0] - u, at[1] - v];
        let [a, b] = &slice.plane.axes;
        for (index, value) in start.iter_mut().enumerate() {
            let by = moved[0] * a[index] + moved[1] * b[index];
            if by != 0.0 {
                // A parameter that is an axis takes the place itself, without rounding.
                let exact = [(a[index], at[0]), (b[index], at[1])];
                let exact = exact.into_iter().find(|(share, _)| *share == 1.0);
                *value = exact.map_or(*value + by, |(_, value)| value);
            }
        }
        edited.set_starts(starts);
    }
}
