//! How data become a sequence of tasks.

use super::Head;
use super::course::{Course, Lesson, Transform};
use crate::models::datasets::{Data, FolderError, Source};
use crate::numbers::Noise;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How the data are divided or changed from task to task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Scenario {
    /// Every task has classes of its own, which are listed by number, from 0.
    Split {
        /// The classes of each task, in the order of the tasks and of the outputs.
        tasks: Vec<Vec<usize>>,
    },
    /// All classes in so many tasks of equally many.
    Even {
        /// How many tasks; the number of classes must divide by it.
        tasks: usize,
        /// Whether the classes' order is drawn from the seed; else that of the data.
        #[serde(default, skip_serializing_if = "is_no")]
        shuffled: bool,
    },
    /// All classes in every task; from the second on the numbers of every input are rearranged,
    /// in an order that the seed gives each task.
    Permuted {
        /// How many tasks.
        tasks: usize,
    },
    /// All classes in every task; task k (from 0) is turned by k times an angle: images around
    /// their middle, points around the origin.
    Rotated {
        /// How many tasks.
        tasks: usize,
        /// The angle, counter-clockwise.
        degrees: f64,
    },
}

fn is_no(flag: &bool) -> bool {
    !*flag
}

/// A second set of data, whose classes are numbered on from those of the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Joined {
    /// The first set again, the numbers of every input rearranged.
    Permuted,
    /// Another set with inputs of the same shape.
    With(Source),
}

/// Data, scenario and seed: everything that decides the tasks.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The first set.
    pub source: Source,
    /// The second, where there is one.
    pub joined: Option<Joined>,
    /// How they become tasks.
    pub scenario: Scenario,
    /// What is drawn is drawn from it.
    pub seed: u64,
}

impl Scenario {
    /// How many tasks there are.
    pub fn tasks(&self) -> usize {
        match self {
            Self::Split { tasks } => tasks.len(),
            Self::Even { tasks, .. } | Self::Permuted { tasks } | Self::Rotated { tasks, .. } => {
                *tasks
            }
        }
    }
}

impl Plan {
    /// How many classes the sets have together.
    pub fn classes(&self) -> usize {
        let own = self.source.classes();
        own + match &self.joined {
            None => 0,
            Some(Joined::Permuted) => own,
            Some(Joined::With(other)) => other.classes(),
        }
    }

    /// The name of a class, by its number through both sets.
    pub fn class_name(&self, class: usize) -> String {
        let own = self.source.classes();
        match (class.checked_sub(own), &self.joined) {
            (None, _) | (_, None) => self.source.class_name(class),
            (Some(other), Some(Joined::Permuted)) => {
                format!("{} (rearranged)", self.source.class_name(other))
            }
            (Some(other), Some(Joined::With(source))) => source.class_name(other),
        }
    }

    /// The classes of every task, in the order of their outputs.
    pub fn classes_by_task(&self) -> Vec<Vec<usize>> {
        let all = self.classes();
        match &self.scenario {
            Scenario::Split { tasks } => tasks.clone(),
            Scenario::Even { tasks, shuffled } => {
                let order = match shuffled {
                    true => shuffle(all, Noise::new(self.seed ^ 0x0C1A_55E5), 0),
                    false => (0..all).collect(),
                };
                let size = (all / (*tasks).max(1)).max(1);
                order.chunks(size).map(<[usize]>::to_vec).collect()
            }
            Scenario::Permuted { tasks } | Scenario::Rotated { tasks, .. } => {
                vec![(0..all).collect(); *tasks]
            }
        }
    }

    /// The outputs that each task's classes have, where no task shares any; and how many there
    /// are. With [`Head::Domain`] all tasks have the first.
    pub fn outputs(&self, head: Head) -> (Vec<Range<usize>>, usize) {
        let sizes: Vec<usize> = self.classes_by_task().iter().map(Vec::len).collect();
        if head == Head::Domain {
            let most = sizes.iter().copied().max().unwrap_or(0);
            return (vec![0..most; sizes.len()], most);
        }
        let mut end = 0;
        let ranges = sizes.iter().map(|size| {
            end += size;
            end - size..end
        });
        (ranges.collect(), end)
    }

    /// What is done to the inputs of a task.
    fn transform(&self, task: usize) -> Transform {
        match self.scenario {
            Scenario::Permuted { .. } if task > 0 => self.permutation(task as u64),
            Scenario::Rotated { degrees, .. } if task > 0 => {
                Transform::Rotated((task as f64 * degrees).to_radians())
            }
            _ => Transform::None,
        }
    }

    fn permutation(&self, number: u64) -> Transform {
        let draws = Noise::new(self.seed ^ 0x9E12_4107);
        Transform::Permuted(shuffle(self.source.shape().size(), draws, number))
    }

    /// The data, with the joined set.
    pub(super) fn data(&self) -> Result<Vec<(Data, Transform)>, FolderError> {
        let first = self.source.load(self.seed)?;
        let mut sets = vec![(first.clone(), Transform::None)];
        match &self.joined {
            None => {}
            Some(Joined::Permuted) => sets.push((first, self.permutation(u64::MAX))),
            Some(Joined::With(other)) => sets.push((other.load(self.seed)?, Transform::None)),
        }
        Ok(sets)
    }

    /// How many training examples every class has.
    ///
    /// # Errors
    /// When the data cannot be had.
    pub fn balance(&self) -> Result<Vec<usize>, FolderError> {
        let sets = self.data()?;
        Ok(sets
            .iter()
            .flat_map(|(data, _)| data.train.balance())
            .collect())
    }

    /// The tasks' data, from the first task on.
    ///
    /// # Errors
    /// When they cannot be had.
    pub fn course(&self, head: Head) -> Result<Course, FolderError> {
        let sets = self.data()?;
        let outputs = self.outputs(head).0;
        let classes = self.classes_by_task();
        let lessons = classes.iter().zip(outputs).enumerate();
        Ok(Course::new(
            &sets,
            lessons.map(|(task, (classes, outputs))| Lesson {
                classes,
                first_output: outputs.start,
                transform: self.transform(task),
            }),
        ))
    }
}

/// The numbers below `count` in an order drawn from `draws` (Fisher and Yates).
fn shuffle(count: usize, draws: Noise, number: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = draws.below(number, last as u64, last as u64 + 1) as usize;
        order.swap(last, other);
    }
    order
}
