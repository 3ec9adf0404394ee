//! A network in an experiment file, and what can be wrong with it.

use super::{ObjectiveSpec, data};
use crate::experiment::check::Problems;
use crate::models::datasets::Source;
use crate::models::network::presets::{self, PRESETS};
use crate::models::network::{self, Initialisation, Layer, Loss, Network, Plan, Task};
use crate::models::regression::Batches;
use serde::{Deserialize, Serialize};

/// The most bytes that a run may take for its network.
pub const MAX_BYTES: usize = 4 << 30;

/// A network trained on data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// What it is trained on.
    pub data: Source,
    /// A named architecture; its layers are written when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The layers, where no architecture is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
    /// How the weights before the first update are drawn.
    #[serde(default, skip_serializing_if = "is_default")]
    pub initialisation: Initialisation,
    /// What the outputs are judged by.
    #[serde(default, skip_serializing_if = "is_default")]
    pub loss: Loss,
    /// How many examples an update sees.
    #[serde(default = "usual_batch")]
    pub batch_size: usize,
    /// Whether every epoch has an order of its own, drawn from the seed; else that of the files.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub shuffle: bool,
    /// Whether a last batch with too few examples is left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drop_last: bool,
    /// Over how many training examples the sharpness λ_max of the loss is measured after every
    /// epoch, and after updates 1, 2, 4, … of the first; not at all when absent. It takes as
    /// long as some dozen passes over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharpness: Option<usize>,
}

fn usual_batch() -> usize {
    256
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

impl NetworkSpec {
    /// The layers: those of the named architecture, or the written ones.
    pub fn layers(&self) -> &[Layer] {
        let named = self.architecture.as_deref().and_then(presets::find);
        named.map_or(&self.layers, |preset| preset.layers)
    }

    /// Whether the network takes the inputs of its data and tells their classes apart.
    pub fn fits_data(&self) -> bool {
        network::plan(self.layers(), self.data.shape(), self.data.classes()).is_ok()
    }

    /// Puts one hidden layer of 32 in the place of a network that does not fit its data; says
    /// whether it did.
    pub fn fit_to_data(&mut self) -> bool {
        let (shape, outputs) = (self.data.shape(), self.data.classes());
        if outputs == 0 || self.fits_data() {
            return false;
        }
        let flatten = (!shape.is_vector()).then_some(Layer::Flatten);
        let hidden = [Layer::Dense { outputs: 32 }, Layer::Relu];
        let layers = flatten.into_iter().chain(hidden);
        self.layers = layers.chain([Layer::Dense { outputs }]).collect();
        self.architecture = None;
        true
    }
}

impl ObjectiveSpec {
    /// The network, where it is one.
    pub fn network(&self) -> Option<&NetworkSpec> {
        match self {
            Self::Network(spec) => Some(spec),
            Self::Landscape { .. }
            | Self::Formula { .. }
            | Self::Regression(_)
            | Self::Tasks(_) => None,
        }
    }

    /// The network, to be changed.
    pub fn network_mut(&mut self) -> Option<&mut NetworkSpec> {
        match self {
            Self::Network(spec) => Some(spec),
            _ => None,
        }
    }
}

/// The training as runs see it, or its problems.
pub fn check(spec: &NetworkSpec, seed: u64, problems: &mut Problems) -> Option<Task> {
    let before = problems.count();
    check_architecture(spec, problems);
    data::check("objective.data", &spec.data, problems);
    if let Initialisation::Gaussian(deviation) = spec.initialisation {
        let expected = "a finite number of at least 0";
        let place = "objective.initialisation";
        problems.number(place, deviation, deviation >= 0.0, &expected);
    }
    if spec.batch_size == 0 {
        let message = "0 is out of range; give a whole number of at least 1";
        problems.add("objective.batch_size", message.into());
    }
    if problems.count() > before {
        return None;
    }
    if spec.sharpness == Some(0) {
        let message = "0 is out of range; give over how many training examples it is measured";
        problems.add("objective.sharpness", message.into());
        return None;
    }
    let plan = check_shapes(spec, problems)?;
    let examples = match spec.data.counts() {
        Ok((examples, _)) => examples,
        Err(error) => {
            problems.add("objective.data", error.to_string());
            return None;
        }
    };
    let (size, seed) = (spec.batch_size, seed);
    let batches = Batches::new(examples, size, spec.shuffle, spec.drop_last, seed);
    check_memory(&plan, batches.size(), problems)?;
    let task = Task::new(
        plan,
        spec.loss,
        spec.initialisation,
        spec.data.clone(),
        batches,
        seed,
    );
    Some(task.studying(spec.sharpness.unwrap_or(0)))
}

fn check_architecture(spec: &NetworkSpec, problems: &mut Problems) {
    let place = "objective.architecture";
    match &spec.architecture {
        Some(_) if !spec.layers.is_empty() => {
            let message = "an architecture is named and layers are written; give one of them";
            problems.add(place, message.into());
        }
        Some(id) if presets::find(id).is_none() => {
            let ids = PRESETS.iter().map(|preset| preset.id);
            problems.unknown(place, "architecture", id, ids);
        }
        None if spec.layers.is_empty() => {
            let ids: Vec<_> = PRESETS.iter().map(|preset| preset.id).collect();
            let message = format!("name one of {}, or write layers", ids.join(", "));
            problems.add(place, message);
        }
        _ => {}
    }
}

fn check_shapes(spec: &NetworkSpec, problems: &mut Problems) -> Option<Plan> {
    match network::plan(spec.layers(), spec.data.shape(), spec.data.classes()) {
        Ok(plan) => Some(plan),
        Err(misfit) => {
            let place = match (&spec.architecture, misfit.layer) {
                (None, Some(index)) => format!("objective.layers[{index}]"),
                (None, None) => "objective.layers".to_owned(),
                (Some(_), _) => "objective.architecture".to_owned(),
            };
            problems.add(&place, misfit.message);
            None
        }
    }
}

/// Refuses a network whose batches would not fit into memory.
fn check_memory(plan: &Plan, batch: usize, problems: &mut Problems) -> Option<()> {
    let bytes = Network::<f32>::bytes(plan, batch);
    if bytes <= MAX_BYTES {
        return Some(());
    }
    problems.add(
        "objective.batch_size",
        format!(
            "every run would take {} MB for its network with batches of {batch}, more than {} MB; \
             make the batches smaller",
            bytes >> 20,
            MAX_BYTES >> 20
        ),
    );
    None
}
