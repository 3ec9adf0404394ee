//! A network, tasks and everything else that decides how they are learnt one after the other.

use super::scenario::Plan as Tasks;
use super::{Course, Head, Headed};
use crate::models::datasets::{Dataset, FolderError};
use crate::models::network::plan::{Operation, Plan};
use crate::models::network::{Initialisation, Loss, Network, Task};
use crate::models::regression::{Batches, Rows};
use crate::numbers::Noise;
use crate::objective::{Function, Objective};
use crate::optimizers::Shape;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// The most tasks of a sequence.
pub const MAX_TASKS: usize = 100;

/// What is measured of all tasks together: the loss and the accuracy on the present task's
/// training data, then on the test data of all tasks so far.
const OF_ALL: [&str; 4] = ["full_loss", "train_accuracy", "test_loss", "test_accuracy"];

/// The names of what is measured of each task: the accuracy on its test data.
static OF_EACH: LazyLock<Vec<String>> = LazyLock::new(|| {
    let numbers = 1..=MAX_TASKS;
    numbers
        .map(|task| format!("test_accuracy_{task}"))
        .collect()
});

/// What is measured after every epoch, as columns of tables are called.
static MEASURES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_each = OF_EACH.iter().map(String::as_str);
    OF_ALL.into_iter().chain(of_each).collect()
});

/// How batches are made.
#[derive(Clone, Copy, Debug)]
pub struct Batching {
    /// How many examples an update sees.
    pub size: usize,
    /// Whether every epoch has an order of its own.
    pub shuffle: bool,
    /// Whether a last batch with too few examples is left out.
    pub drop_last: bool,
}

/// Tasks on one network: the objective of continual learning.
///
/// As an [`Objective`] it says what it is; losses and gradients come from a [`Network`] that
/// every run has of its own, and data from a [`Course`].
#[derive(Debug)]
pub struct Sequence {
    plan: Arc<Plan>,
    loss: Loss,
    initialisation: Initialisation,
    tasks: Tasks,
    /// Training examples of every class.
    balance: Vec<usize>,
    head: Head,
    batching: Batching,
    batches: Vec<Batches>,
    updates_per_epoch: u64,
    /// Whether every task begins with a rule that remembers nothing.
    fresh_rule: bool,
    /// After every how many epochs of a task accuracies are measured.
    measured_every: u64,
}

/// The parts of a sequence, as `check` has them ready.
#[derive(Debug)]
pub struct Parts {
    /// The network.
    pub plan: Plan,
    /// What its outputs are judged by.
    pub loss: Loss,
    /// How its weights are drawn.
    pub initialisation: Initialisation,
    /// The tasks.
    pub tasks: Tasks,
    /// Training examples of every class.
    pub balance: Vec<usize>,
    /// Which outputs answer for a task, where a run doesn't say.
    pub head: Head,
    /// How batches are made.
    pub batching: Batching,
    /// Whether every task begins with a rule that remembers nothing.
    pub fresh_rule: bool,
    /// After every how many epochs of a task accuracies are measured; always at its end.
    pub measured_every: u64,
}

impl Sequence {
    /// A sequence of its parts.
    pub fn new(parts: Parts) -> Self {
        let batches = batches(&parts.tasks, &parts.balance, parts.batching);
        let epochs = batches.iter().map(Batches::updates_per_epoch);
        Self {
            updates_per_epoch: epochs.min().unwrap_or(1),
            batches,
            plan: Arc::new(parts.plan),
            loss: parts.loss,
            initialisation: parts.initialisation,
            tasks: parts.tasks,
            balance: parts.balance,
            head: parts.head,
            batching: parts.batching,
            fresh_rule: parts.fresh_rule,
            measured_every: parts.measured_every.max(1),
        }
    }

    /// The network.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Which outputs answer for a task, where a run doesn't say.
    pub fn head(&self) -> Head {
        self.head
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> usize {
        self.batches.len()
    }

    /// How many training examples every task has.
    pub fn examples(&self) -> Vec<usize> {
        self.batches.iter().map(Batches::rows).collect()
    }

    /// The names of every task's classes, in the order of their outputs.
    pub fn class_names(&self) -> Vec<Vec<String>> {
        let of = |classes: &Vec<usize>| {
            let names = classes.iter().map(|&class| self.tasks.class_name(class));
            names.collect()
        };
        self.tasks.classes_by_task().iter().map(of).collect()
    }

    /// The label of every task's first class in its data, and how many classes it has.
    pub fn labels(&self) -> Vec<(usize, usize)> {
        let ranges = self.tasks.outputs(self.head).0.into_iter();
        let classes = self.tasks.classes_by_task();
        let pairs = ranges.zip(&classes);
        pairs.map(|(range, own)| (range.start, own.len())).collect()
    }

    /// Whether every task begins with a rule that remembers nothing, and its schedule anew.
    pub fn has_fresh_rule(&self) -> bool {
        self.fresh_rule
    }

    /// Whether accuracies are measured after `update` updates of a task that has `per_task`.
    pub fn measures_within(&self, update: u64, per_task: u64) -> bool {
        let every = self.updates_per_epoch.saturating_mul(self.measured_every);
        update.is_multiple_of(every) || update == per_task
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.tasks.seed
    }

    /// Reads the data that the tasks are made of, without making the tasks.
    ///
    /// # Errors
    /// When they cannot be had.
    pub fn read(&self) -> Result<(), FolderError> {
        self.tasks.data().map(|_| ())
    }

    /// The data that the tasks are made of: to learn from and to test on.
    ///
    /// # Errors
    /// When they cannot be had.
    pub fn datasets(&self) -> Result<Vec<Arc<Dataset>>, FolderError> {
        let sets = self.tasks.data()?.into_iter();
        Ok(sets.flat_map(|(data, _)| [data.train, data.test]).collect())
    }

    /// The tasks' data, from the first task on.
    ///
    /// # Errors
    /// When they cannot be had.
    pub fn course(&self) -> Result<Course, FolderError> {
        self.tasks.course(self.head)
    }

    /// The parameters before the first update.
    pub fn start(&self) -> Vec<f32> {
        self.initialisation.parameters(&self.plan, self.tasks.seed)
    }

    /// The network with memory for a batch.
    pub fn network(&self) -> Network<f32> {
        let (plan, batch) = (Arc::clone(&self.plan), self.batch_size());
        Network::new(plan, self.loss, batch, self.tasks.seed)
    }

    /// The network without dropout, with memory for one example.
    pub fn undisturbed_network(&self) -> Network<f32> {
        let mut plan = Plan::clone(&self.plan);
        for stage in &mut plan.stages {
            if let Operation::Dropout { rate } = &mut stage.operation {
                *rate = 0.0;
            }
        }
        Network::new(Arc::new(plan), self.loss, 1, self.tasks.seed)
    }

    /// The largest batch.
    pub fn batch_size(&self) -> usize {
        self.batches.iter().map(Batches::size).max().unwrap_or(1)
    }

    /// Writes which examples of the task update `update` of the task (from 1) sees.
    pub fn choose(&self, task: usize, update: u64, chosen: &mut Vec<u32>) {
        chosen.clear();
        match self.batches[task].of_update(update) {
            // `Batches` itself counts shuffled rows in 32 bits.
            Rows::InOrder(range) => chosen.extend(range.map(|row| row as u32)),
            Rows::Shuffled(order, range) => chosen.extend_from_slice(&order[range]),
        }
    }

    /// The outputs that a task is judged on with this head while task `present` is learnt, from 0.
    pub fn judged(&self, task: usize, present: usize, head: Head) -> Range<usize> {
        let (ranges, all) = self.tasks.outputs(head);
        match head {
            Head::Multi => ranges[task].clone(),
            Head::Growing => 0..ranges[task.max(present)].end,
            Head::Single | Head::Domain => 0..all,
        }
    }

    /// The outputs that are a task's alone with this head.
    pub fn own(&self, task: usize, head: Head) -> Option<Range<usize>> {
        (head != Head::Domain).then(|| self.tasks.outputs(head).0[task].clone())
    }

    /// The old heads when a task begins.
    pub fn past(&self, task: usize, head: Head) -> Vec<Range<usize>> {
        let (ranges, all) = self.tasks.outputs(head);
        match head {
            _ if task == 0 => Vec::new(),
            Head::Multi => ranges[..task].to_vec(),
            Head::Single | Head::Growing => Vec::from([Range {
                start: 0,
                end: ranges[task].start,
            }]),
            Head::Domain => Vec::from([Range { start: 0, end: all }]),
        }
    }
}

/// Batches of every task.
fn batches(tasks: &Tasks, balance: &[usize], batching: Batching) -> Vec<Batches> {
    let of = |(task, classes): (u64, &Vec<usize>)| {
        let rows = classes.iter().map(|&class| balance[class]).sum();
        let seed = tasks.seed ^ task.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Batches::new(
            rows,
            batching.size,
            batching.shuffle,
            batching.drop_last,
            seed,
        )
    };
    (0..).zip(&tasks.classes_by_task()).map(of).collect()
}

impl Function<f64> for Sequence {
    fn value(&self, at: &[f64]) -> f64 {
        self.gradient(at, &mut vec![0.0; at.len()])
    }

    /// Over the first task's training data; NaN where these cannot be read.
    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let first = self.course().ok().and_then(|mut course| course.next_task());
        let Some(data) = first else {
            gradient.fill(f64::NAN);
            return f64::NAN;
        };
        let outputs = self.judged(0, 0, self.head);
        let headed = Headed {
            data: &data,
            outputs,
        };
        let all: Vec<u32> = (0..data.len() as u32).collect();
        let parameters: Vec<f32> = at.iter().map(|&w| w as f32).collect();
        let mut sum = vec![0.0_f32; at.len()];
        let score = self
            .network()
            .whole_gradient(&headed, &all, &parameters, &mut sum);
        for (g, &single) in gradient.iter_mut().zip(&sum) {
            *g = f64::from(single);
        }
        score.loss
    }

    /// There is no room for it.
    fn hessian(&self, _: &[f64], rows: &mut [f64]) {
        rows.fill(f64::NAN);
    }
}

impl Objective for Sequence {
    /// None: too many for any table.
    fn parameter_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn updates_per_epoch(&self) -> u64 {
        self.updates_per_epoch
    }

    fn tasks(&self) -> u64 {
        self.batches.len() as u64
    }

    fn has_batches(&self) -> bool {
        true
    }

    fn measures(&self) -> &'static [&'static str] {
        &MEASURES[..OF_ALL.len() + self.batches.len().min(MAX_TASKS)]
    }

    fn is_measured_after(&self, update: u64) -> bool {
        update.is_multiple_of(self.updates_per_epoch)
    }

    fn work_per_update(&self) -> u64 {
        Task::multiplications(&self.plan) * self.batch_size() as u64
    }

    fn shapes(&self) -> Vec<Shape> {
        self.plan.shapes()
    }

    fn disturb(&self, _: u64, _: &mut [f64]) {}

    fn is_exact(&self) -> bool {
        false
    }

    fn sign(&self, update: u64, index: u64) -> f64 {
        Noise::new(self.tasks.seed).sign(update, index)
    }

    /// Other weights, other orders, other permutations and other draws of dropout and of toys.
    fn reseeded(&self, seed: u64) -> Arc<dyn Objective> {
        let tasks = Tasks {
            seed,
            ..self.tasks.clone()
        };
        Arc::new(Self {
            plan: Arc::clone(&self.plan),
            batches: batches(&tasks, &self.balance, self.batching),
            tasks,
            balance: self.balance.clone(),
            ..*self
        })
    }

    fn counts(&self, _: &[f64], _: f64) -> bool {
        true
    }

    fn contains(&self, _: &[f64]) -> bool {
        true
    }
}
