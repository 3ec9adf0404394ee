//! What hidden units do while tasks are learnt, and the weights that every task ends with.
//!
//! Recorded only where it is asked for
//! ([`Learning::observe_units`](super::Learning::observe_units)), of the first seed's runs: it takes
//! a second or so at the end of every task. Updates are the same with and without.

use crate::models::continual::{Guard, Headed, Sequence, Units, information};
use crate::models::datasets::Dataset;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Of how many test examples of a class a unit's response is the mean.
const PER_CLASS: usize = 16;

/// Over how many training examples a unit's importance is taken when a task ends.
const SAMPLES: usize = 40;

/// The most numbers of all runs' moments together; past that every 2nd, 4th, … epoch is kept.
const MOST_NUMBERS: usize = 1 << 24;

/// The most weights, with their information, of all runs together: 64 MB.
const MOST_WEIGHTS: usize = 1 << 24;

/// The hidden units of a run at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitMoment {
    /// After how many updates.
    pub step: u64,
    /// The task that is being learnt, from 0.
    pub task: usize,
    /// Whether that task ends here.
    pub ends_task: bool,
    /// The hidden layers, in order.
    pub layers: Vec<UnitLayer>,
    /// Which epoch this is, from 0.
    number: u64,
}

/// The units of one hidden layer at one moment; of a convolution a unit is a filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitLayer {
    /// How many there are.
    pub units: usize,
    /// The mean activation over test examples of a class: one row a class, the classes of the
    /// first task first ([`Sequence::class_names`]), one number a unit.
    pub responses: Vec<f32>,
    /// The Fisher information of the ending task, summed over a unit's incoming weights and its
    /// bias, as a multiple of the layer's mean; empty unless a task ends here.
    pub importance: Vec<f32>,
    /// By what the remedy multiplies a unit's updates in this task: 1 free, 0 frozen; empty where
    /// the remedy does not tell units apart, or not yet.
    pub rates: Vec<f32>,
}

impl UnitLayer {
    /// A unit's response to a class; the number of the class counts through all tasks.
    pub fn response(&self, class: usize, unit: usize) -> Option<f32> {
        (unit < self.units).then_some(())?;
        self.responses.get(class * self.units + unit).copied()
    }

    /// The class that a unit answers to most strongly, by size; none where it answers to none.
    pub fn favourite(&self, unit: usize) -> Option<usize> {
        let classes = self.responses.len() / self.units.max(1);
        let strength = |class: usize| self.response(class, unit).map_or(0.0, f32::abs);
        (0..classes)
            .filter(|&class| strength(class) > 0.0)
            .max_by(|&a, &b| strength(a).total_cmp(&strength(b)))
    }
}

/// The weights of a run at the end of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskEnd {
    /// After how many updates.
    pub step: u64,
    /// The task that ended, from 0.
    pub task: usize,
    /// All parameters.
    pub parameters: Vec<f32>,
    /// The diagonal of the Fisher information of that task there, one number a parameter: the
    /// curvature of EWC's pull.
    pub information: Vec<f32>,
}

/// What was observed of a run; empty where nobody asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Observations {
    // Shared: a window takes a copy of the record many times a second.
    #[serde(with = "crate::engine::shared")]
    moments: Vec<Arc<UnitMoment>>,
    #[serde(with = "crate::engine::shared")]
    ends: Vec<Arc<TaskEnd>>,
    /// Every how many epochs one is kept.
    stride: u64,
    count: u64,
}

impl Observations {
    /// The hidden units at the start, at the ends of epochs and at the ends of all tasks, rising.
    /// When there are many, every 2nd, 4th, … epoch is kept, and always the ends of tasks.
    pub fn moments(&self) -> &[Arc<UnitMoment>] {
        &self.moments
    }

    /// The last moment that is not after `step`.
    pub fn at(&self, step: u64) -> Option<&UnitMoment> {
        let after = self.moments.partition_point(|moment| moment.step <= step);
        Some(&**self.moments.get(after.checked_sub(1)?)?)
    }

    /// The weights at the ends of tasks; when they would take more than 64 MB, only the first and
    /// the latest ones.
    pub fn ends(&self) -> &[Arc<TaskEnd>] {
        &self.ends
    }

    /// The last end of a task that is not after `step`.
    pub fn end_before(&self, step: u64) -> Option<&TaskEnd> {
        let after = self.ends.partition_point(|end| end.step <= step);
        Some(&**self.ends.get(after.checked_sub(1)?)?)
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let of_layer =
            |layer: &UnitLayer| layer.responses.len() + layer.importance.len() + layer.rates.len();
        let moments = self.moments.iter().flat_map(|moment| &moment.layers);
        let ends = self.ends.iter();
        let ends = ends.map(|end| end.parameters.len() + end.information.len());
        size_of::<f32>() * (moments.map(of_layer).sum::<usize>() + ends.sum::<usize>())
    }

    fn push(&mut self, mut moment: UnitMoment, most: usize) {
        self.stride = self.stride.max(1);
        moment.number = self.count;
        self.count += 1;
        if let Some(last) = self.moments.last()
            && !last.is_kept(self.stride)
        {
            self.moments.pop();
        }
        self.moments.push(Arc::new(moment));
        let ends = self.moments.iter().filter(|m| m.ends_task).count();
        if self.moments.len() - ends > most {
            self.stride *= 2;
            let (stride, last) = (self.stride, self.count - 1);
            self.moments
                .retain(|m| m.is_kept(stride) || m.number == last);
        }
    }

    fn push_end(&mut self, end: TaskEnd, most: usize) {
        self.ends.push(Arc::new(end));
        if self.ends.len() > most {
            self.ends.remove(usize::from(most > 1));
        }
    }
}

impl UnitMoment {
    fn is_kept(&self, stride: u64) -> bool {
        self.ends_task || self.number.is_multiple_of(stride)
    }
}

/// Observes one run.
pub(super) struct Observer {
    layers: Vec<Units>,
    most_moments: usize,
    most_ends: usize,
}

/// A run at the moment of an observation.
pub(super) struct Sight<'a> {
    pub sequence: &'a Sequence,
    pub guard: &'a dyn Guard,
    /// The task, from 0, and its training data.
    pub task: usize,
    pub present: &'a Headed<'a>,
    /// The test data of every task.
    pub tests: &'a [Arc<Dataset>],
    pub parameters: &'a [f32],
    pub step: u64,
    pub ends_task: bool,
}

impl Observer {
    /// Of one of `runs` runs.
    pub fn new(sequence: &Sequence, runs: usize) -> Self {
        let layers = Units::hidden(sequence.plan());
        let classes: usize = sequence.class_names().iter().map(Vec::len).sum();
        let units: usize = layers.iter().map(|layer| layer.rows).sum();
        let share = |most: usize, one: usize| most / runs.max(1) / one.max(1);
        Self {
            layers,
            most_moments: share(MOST_NUMBERS, units * (classes + 2)).clamp(2, 256),
            most_ends: share(MOST_WEIGHTS, 2 * sequence.plan().parameters()).max(1),
        }
    }

    /// Notes what there is to see.
    pub fn observe(&self, sight: &Sight<'_>, observations: &mut Observations) {
        let mut layers: Vec<_> = self.layers.iter().map(|l| layer(l, sight)).collect();
        for (layer, rates) in layers.iter_mut().zip(sight.guard.unit_rates()) {
            layer.rates = rates;
        }
        if sight.ends_task {
            let (at, present) = (sight.parameters, sight.present);
            let mut network = sight.sequence.undisturbed_network();
            let (information, units) = information(&mut network, present, at, SAMPLES);
            for (layer, importance) in layers.iter_mut().zip(units) {
                layer.importance = importance;
            }
            let end = TaskEnd {
                step: sight.step,
                task: sight.task,
                parameters: at.to_vec(),
                information,
            };
            observations.push_end(end, self.most_ends);
        }
        let moment = UnitMoment {
            step: sight.step,
            task: sight.task,
            ends_task: sight.ends_task,
            layers,
            number: 0,
        };
        observations.push(moment, self.most_moments);
    }
}

/// What a layer's units answer to the classes of every task.
fn layer(units: &Units, sight: &Sight<'_>) -> UnitLayer {
    let outputs = sight.sequence.labels();
    let of = |(data, (first, classes)): (&Arc<Dataset>, (usize, usize))| {
        let plan = sight.sequence.plan();
        units.responses(plan, data, (first, classes), PER_CLASS, sight.parameters)
    };
    UnitLayer {
        units: units.rows,
        responses: sight.tests.iter().zip(outputs).flat_map(of).collect(),
        ..UnitLayer::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(step: u64, ends_task: bool) -> UnitMoment {
        UnitMoment {
            step,
            task: 0,
            ends_task,
            layers: Vec::new(),
            number: 0,
        }
    }

    #[test]
    fn many_moments_are_thinned_but_for_first_last_and_the_ends_of_tasks() {
        let mut observations = Observations::default();
        for step in 0..=100 {
            observations.push(moment(step, step == 33 || step == 66), 8);
        }
        let steps: Vec<u64> = observations.moments().iter().map(|m| m.step).collect();
        assert_eq!(steps, [0, 16, 32, 33, 48, 64, 66, 80, 96, 100]);
        assert_eq!(observations.at(47).unwrap().step, 33);
        assert_eq!(observations.at(1000).unwrap().step, 100);
        assert!(Observations::default().at(5).is_none());
    }

    #[test]
    fn of_too_many_ends_the_first_and_the_latest_stay() {
        let end = |task: usize| TaskEnd {
            step: 10 * (task as u64 + 1),
            task,
            parameters: Vec::new(),
            information: Vec::new(),
        };
        let mut observations = Observations::default();
        (0..6).for_each(|task| observations.push_end(end(task), 3));
        let tasks: Vec<usize> = observations.ends().iter().map(|end| end.task).collect();
        assert_eq!(tasks, [0, 4, 5]);
        assert_eq!(observations.end_before(49).unwrap().task, 0);
        let mut single = Observations::default();
        (0..6).for_each(|task| single.push_end(end(task), 1));
        assert_eq!(single.ends()[0].task, 5);
    }

    #[test]
    fn a_units_favourite_is_the_class_that_it_answers_to_most() {
        let layer = UnitLayer {
            units: 2,
            responses: vec![0.5, 0.0, -0.75, 0.0, 0.25, 0.0],
            ..UnitLayer::default()
        };
        assert_eq!(layer.favourite(0), Some(1));
        assert_eq!(layer.favourite(1), None);
        assert_eq!(layer.response(2, 0), Some(0.25));
        assert_eq!((layer.response(0, 2), layer.response(3, 0)), (None, None));
    }
}
