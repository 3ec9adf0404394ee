//! Tasks in an experiment file, and what can be wrong with them.

use super::{ObjectiveSpec, data};
use crate::experiment::check::Problems;
use crate::models::continual::{
    Batching, Head, Joined, MAX_TASKS, Parts, Plan, Scenario, Sequence,
};
use crate::models::datasets::Source;
use crate::models::network::{self, Initialisation, Layer, Loss, Network};
use crate::numbers::Domain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most outputs: labels are bytes.
const MAX_OUTPUTS: usize = 256;

/// The most bytes that the training data of all tasks may take together.
const MAX_DATA: usize = 2 << 30;

/// Tasks that a network learns one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TasksSpec {
    /// What the tasks are made of.
    pub data: Source,
    /// A second set, whose classes are numbered on from those of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Joined>,
    /// How the tasks are made.
    pub scenario: Scenario,
    /// Which outputs a task is learnt and judged on; a run may differ.
    #[serde(default, skip_serializing_if = "is_default")]
    pub head: Head,
    /// How many heads there are, where that is to be said: as many as tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<usize>,
    /// The layers but the last; a dense layer with as many outputs as the heads need follows.
    #[serde(default = "usual_layers")]
    pub layers: Vec<Layer>,
    /// How the weights before the first update are drawn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub initialisation: Initialisation,
    /// How many examples an update sees.
    #[serde(default = "usual_batch")]
    pub batch_size: usize,
    /// Whether every epoch has an order of its own, drawn from the seed; else that of the data.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub shuffle: bool,
    /// Whether a last batch with too few examples is left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drop_last: bool,
    /// Whether every task begins with a rule that remembers nothing, and its schedule anew.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub fresh_rule: bool,
    /// After every how many epochs of a task accuracies are measured; always at its end.
    #[serde(default = "every_one", skip_serializing_if = "is_every_one")]
    pub measured_every: u64,
}

/// Two hidden layers of 256 with ReLU.
fn usual_layers() -> Vec<Layer> {
    let dense = Layer::Dense { outputs: 256 };
    vec![Layer::Flatten, dense, Layer::Relu, dense, Layer::Relu]
}

fn usual_batch() -> usize {
    128
}

fn every_one() -> u64 {
    1
}

fn is_every_one(epochs: &u64) -> bool {
    *epochs == 1
}

fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl ObjectiveSpec {
    /// The tasks, where they are what is learnt.
    pub fn tasks(&self) -> Option<&TasksSpec> {
        match self {
            Self::Tasks(spec) => Some(spec),
            Self::Landscape { .. }
            | Self::Formula { .. }
            | Self::Regression(_)
            | Self::Network(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn tasks_mut(&mut self) -> Option<&mut TasksSpec> {
        match self {
            Self::Tasks(spec) => Some(spec),
            Self::Landscape { .. }
            | Self::Formula { .. }
            | Self::Regression(_)
            | Self::Network(_) => None,
        }
    }
}

impl TasksSpec {
    /// The classes of every task, in the order of their outputs, as this seed deals them.
    pub fn classes_by_task(&self, seed: u64) -> Vec<Vec<usize>> {
        self.plan(seed).classes_by_task()
    }

    /// How many classes the sets have together.
    pub fn classes(&self) -> usize {
        self.plan(0).classes()
    }

    /// The names of all classes, those of a joined set behind the others.
    pub fn class_names(&self) -> Vec<String> {
        let plan = self.plan(0);
        let all = 0..plan.classes();
        all.map(|class| plan.class_name(class)).collect()
    }

    fn plan(&self, seed: u64) -> Plan {
        Plan {
            source: self.data.clone(),
            joined: self.joined.clone(),
            scenario: self.scenario.clone(),
            seed,
        }
    }
}

/// The sequence as runs see it, or its problems.
pub fn check(spec: &TasksSpec, seed: u64, problems: &mut Problems) -> Option<Sequence> {
    let before = problems.count();
    check_sources(spec, problems);
    if problems.count() > before {
        return None;
    }
    let tasks = spec.plan(seed);
    check_scenario(&spec.scenario, tasks.classes(), problems);
    check_heads(spec, problems);
    if let Initialisation::Gaussian(deviation) = spec.initialisation {
        let place = "objective.initialisation";
        let domain = Domain::NON_NEGATIVE;
        problems.number(place, deviation, domain.contains(deviation), &domain);
    }
    if spec.batch_size == 0 {
        let message = "0 is out of range; give a whole number of at least 1";
        problems.add("objective.batch_size", message.into());
    }
    if spec.measured_every == 0 {
        let message = "0 is out of range; give a whole number of epochs of at least 1";
        problems.add("objective.measured_every", message.into());
    }
    if problems.count() > before {
        return None;
    }
    let balance = check_examples(&tasks, problems)?;
    check_room(&tasks, &balance, problems)?;
    let plan = check_network(spec, &tasks, problems)?;
    let sequence = Sequence::new(Parts {
        plan,
        loss: Loss::CrossEntropy,
        initialisation: spec.initialisation,
        tasks,
        balance,
        head: spec.head,
        batching: Batching {
            size: spec.batch_size,
            shuffle: spec.shuffle,
            drop_last: spec.drop_last,
        },
        fresh_rule: spec.fresh_rule,
        measured_every: spec.measured_every,
    });
    let bytes = Network::<f32>::bytes(sequence.plan(), sequence.batch_size());
    if bytes > super::network::MAX_BYTES {
        let message = format!(
            "every run would take {} MB for its network; make the batches smaller",
            bytes >> 20
        );
        problems.add("objective.batch_size", message);
        return None;
    }
    Some(sequence)
}

fn check_sources(spec: &TasksSpec, problems: &mut Problems) {
    data::check("objective.data", &spec.data, problems);
    if let Some(Joined::With(other)) = &spec.joined {
        data::check("objective.joined", other, problems);
        if other.shape() != spec.data.shape() {
            let message = "its inputs have another shape than those of objective.data; join images \
                           with images, or points with points";
            problems.add("objective.joined", message.into());
        }
    }
}

fn check_scenario(scenario: &Scenario, classes: usize, problems: &mut Problems) {
    let place = "objective.scenario";
    let tasks = scenario.tasks();
    if !(1..=MAX_TASKS).contains(&tasks) {
        let message = format!("{tasks} tasks are out of range; give 1 to {MAX_TASKS}");
        problems.add(&format!("{place}.tasks"), message);
        return;
    }
    match scenario {
        Scenario::Split { tasks } => check_split(tasks, classes, problems),
        Scenario::Even { tasks, .. } if !classes.is_multiple_of(*tasks) => {
            let message = format!(
                "{classes} classes cannot be divided evenly into {tasks} tasks; list the classes \
                 with Split"
            );
            problems.add(&format!("{place}.tasks"), message);
        }
        Scenario::Even { tasks, .. } if classes / tasks < 2 => {
            let message = format!(
                "{classes} classes in {tasks} tasks are one class each, and with one class there \
                 is nothing to tell apart; give fewer tasks"
            );
            problems.add(&format!("{place}.tasks"), message);
        }
        Scenario::Rotated { degrees, .. } => {
            let expected = "an angle in degrees";
            problems.number(&format!("{place}.degrees"), *degrees, true, &expected);
        }
        Scenario::Even { .. } | Scenario::Permuted { .. } => {}
    }
}

fn check_split(tasks: &[Vec<usize>], classes: usize, problems: &mut Problems) {
    let mut owner = BTreeMap::new();
    for (task, own) in tasks.iter().enumerate() {
        let place = format!("objective.scenario.tasks[{task}]");
        match own.len() {
            0 => problems.add(
                &place,
                "the task has no classes, and so no data; list at least two".into(),
            ),
            1 => problems.add(
                &place,
                "the task has one class, and with one there is nothing to tell apart; list at \
                 least two"
                    .into(),
            ),
            _ => {}
        }
        for (index, &class) in own.iter().enumerate() {
            let place = format!("{place}[{index}]");
            if class >= classes {
                let last = classes.saturating_sub(1);
                let message = format!("there is no class {class}; give 0 to {last}");
                problems.add(&place, message);
            } else if let Some(other) = owner.insert(class, task) {
                let message = format!(
                    "class {class} is in task {other} already; a class belongs to one task"
                );
                problems.add(&place, message);
            }
        }
    }
}

fn check_heads(spec: &TasksSpec, problems: &mut Problems) {
    let (Some(heads), tasks) = (spec.heads, spec.scenario.tasks()) else {
        return;
    };
    let needed = if spec.head == Head::Multi { tasks } else { 1 };
    if heads == needed {
        return;
    }
    let message = if heads > tasks {
        format!("{heads} heads are more than the {tasks} tasks; give {needed}, or leave it out")
    } else {
        format!(
            "{heads} heads do not fit the head {:?} with {tasks} tasks; give {needed}, or leave it \
             out",
            spec.head
        )
    };
    problems.add("objective.heads", message);
}

/// How many examples every class has, where every class of a task has some.
fn check_examples(tasks: &Plan, problems: &mut Problems) -> Option<Vec<usize>> {
    let balance = match tasks.balance() {
        Ok(balance) => balance,
        Err(error) => {
            problems.add("objective.data", error.to_string());
            return None;
        }
    };
    let before = problems.count();
    for (task, classes) in tasks.classes_by_task().iter().enumerate() {
        for class in classes.iter().filter(|&&class| balance[class] == 0) {
            let message = format!(
                "task {task} has no data of class {class}: there is no training example of it"
            );
            problems.add("objective.data", message);
        }
    }
    (problems.count() == before).then_some(balance)
}

/// Whether the data of all tasks find room beside one another.
fn check_room(tasks: &Plan, balance: &[usize], problems: &mut Problems) -> Option<()> {
    let classes = tasks.classes_by_task().into_iter().flatten();
    let examples: usize = classes.map(|class| balance[class]).sum();
    let number = if tasks.source.toy().is_some() { 4 } else { 1 };
    let bytes = examples.saturating_mul(tasks.source.shape().size() * number);
    if bytes <= MAX_DATA {
        return Some(());
    }
    let message = format!(
        "the training data of all tasks take {} MB, more than {}; give fewer tasks, or data with \
         fewer examples",
        bytes >> 20,
        MAX_DATA >> 20
    );
    problems.add("objective.scenario.tasks", message);
    None
}

fn check_network(spec: &TasksSpec, tasks: &Plan, problems: &mut Problems) -> Option<network::Plan> {
    let outputs = tasks.outputs(spec.head).1;
    if outputs > MAX_OUTPUTS {
        let message = format!(
            "the tasks need {outputs} outputs, more than {MAX_OUTPUTS}; use the head Domain, or \
             fewer tasks"
        );
        problems.add("objective.head", message);
        return None;
    }
    let mut is_fine = true;
    for (index, layer) in spec.layers.iter().enumerate() {
        if matches!(layer, Layer::BatchNorm) {
            let message = "batch normalisation is refused here: its running moments follow the \
                           present task, where no remedy reaches them";
            problems.add(&format!("objective.layers[{index}]"), message.into());
            is_fine = false;
        }
    }
    let mut layers = spec.layers.clone();
    layers.push(Layer::Dense { outputs });
    match network::plan(&layers, spec.data.shape(), outputs) {
        Ok(plan) => is_fine.then_some(plan),
        Err(misfit) => {
            let place = match misfit.layer {
                Some(index) if index < spec.layers.len() => format!("objective.layers[{index}]"),
                _ => "objective.layers".to_owned(),
            };
            problems.add(&place, misfit.message);
            None
        }
    }
}
