//! What a network makes of examples: its predictions, which classes it takes for which, where it is
//! most wrong, and what flows between its layers.

use crate::models::datasets::Dataset;
use crate::models::network::plan::Operation;
use crate::models::network::{LayerName, Loss, Moments, Network, Plan, Task, Volume};
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// How many examples are judged between two looks at whether to go on.
const BLOCK: usize = 512;

/// A network with weights that it had at some moment.
#[derive(Debug)]
pub struct Classifier<'a> {
    network: Network<f32>,
    loss: Loss,
    parameters: &'a [f32],
}

/// How one example fared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judgement {
    /// The class of the largest output.
    pub predicted: usize,
    /// The loss.
    pub loss: f64,
}

/// What a network makes of one example.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// How it fared.
    pub judgement: Judgement,
    /// What the last layer gives, one number a class.
    pub outputs: Vec<f32>,
    /// What softmax makes of the outputs; none where the network was not trained for that.
    pub probabilities: Option<Vec<f64>>,
    /// The input and what comes out of every stage of the plan, channel after channel, row after
    /// row.
    pub values: Vec<Vec<f32>>,
}

impl<'a> Classifier<'a> {
    /// The network of a training with these parameters, and these running moments of its batch
    /// normalisations; none where they are of another network.
    pub fn new(task: &Task, parameters: &'a [f32], moments: &[Moments<f32>]) -> Option<Self> {
        let mut network = task.network();
        let fits = parameters.len() == network.plan().parameters();
        (fits && network.set_running(moments.to_vec())).then_some(Self {
            network,
            loss: task.loss(),
            parameters,
        })
    }

    /// Judges every example of a set, as tests are made: nothing is dropped. None where `watch`,
    /// called now and then, breaks off.
    pub fn judge(
        &mut self,
        dataset: &Dataset,
        mut watch: impl FnMut() -> ControlFlow<()>,
    ) -> Option<Vec<Judgement>> {
        let all: Vec<u32> = (0..dataset.len() as u32).collect();
        let mut judged = Vec::with_capacity(dataset.len());
        for block in all.chunks(BLOCK) {
            if watch().is_break() {
                return None;
            }
            let judgements = Mutex::new(vec![Judgement::default(); block.len()]);
            self.network
                .test(dataset, block, self.parameters, &|example, verdict| {
                    let mut judgements = judgements.lock().unwrap_or_else(PoisonError::into_inner);
                    judgements[example] = Judgement {
                        predicted: verdict.predicted,
                        loss: verdict.loss,
                    };
                });
            judged.extend(
                judgements
                    .into_inner()
                    .unwrap_or_else(PoisonError::into_inner),
            );
        }
        Some(judged)
    }

    /// What the network makes of one example; none where there is no such example.
    pub fn predict(&mut self, dataset: &Dataset, example: usize) -> Option<Prediction> {
        if example >= dataset.len() {
            return None;
        }
        let judged = Mutex::new(Judgement::default());
        let chosen = [example as u32];
        self.network
            .test(dataset, &chosen, self.parameters, &|_, verdict| {
                *judged.lock().unwrap_or_else(PoisonError::into_inner) = Judgement {
                    predicted: verdict.predicted,
                    loss: verdict.loss,
                };
            });
        let values = self
            .network
            .values(dataset, example as u32, self.parameters);
        let outputs = values.last()?.clone();
        let probabilities = match self.loss {
            Loss::CrossEntropy => Some(softmax(&outputs)),
            Loss::MeanSquare => None,
        };
        Some(Prediction {
            judgement: judged.into_inner().unwrap_or_else(PoisonError::into_inner),
            probabilities,
            outputs,
            values,
        })
    }
}

/// e^xᵢ/Σ e^xⱼ.
fn softmax(outputs: &[f32]) -> Vec<f64> {
    let largest = outputs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponential = |&x: &f32| (f64::from(x) - f64::from(largest)).exp();
    let sum: f64 = outputs.iter().map(exponential).sum();
    outputs.iter().map(|x| exponential(x) / sum).collect()
}

/// How many examples of every class were taken for which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// Row after row; a row is a true class, a column a predicted one.
    counts: Vec<usize>,
}

impl Confusion {
    /// Of a set whose examples were judged, in its order.
    pub fn of(dataset: &Dataset, judged: &[Judgement]) -> Self {
        let classes = dataset.classes.len();
        let mut counts = vec![0; classes * classes];
        for (&label, judgement) in dataset.labels.iter().zip(judged) {
            counts[usize::from(label) * classes + judgement.predicted] += 1;
        }
        Self { classes, counts }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many examples of class `truth` were taken for class `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        self.counts[truth * self.classes + predicted]
    }

    /// How many examples a class has.
    pub fn examples(&self, truth: usize) -> usize {
        (0..self.classes)
            .map(|predicted| self.count(truth, predicted))
            .sum()
    }

    /// The share of a class that was recognised, also called recall; NaN where it has no example.
    pub fn recognised(&self, class: usize) -> f64 {
        self.count(class, class) as f64 / self.examples(class) as f64
    }

    /// How many examples were classified rightly, and how many there are.
    pub fn correct(&self) -> (usize, usize) {
        let correct = (0..self.classes).map(|class| self.count(class, class));
        (correct.sum(), self.counts.iter().sum())
    }

    /// The matrix as CSV: a header, then a row a true class.
    pub fn to_csv(&self, classes: &[String]) -> String {
        let quoted = |name: &String| match name.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => name.clone(),
        };
        let names: Vec<String> = classes.iter().map(quoted).collect();
        let mut text = format!("true class,{}\n", names.join(","));
        for (truth, name) in names.iter().enumerate() {
            let counts =
                (0..self.classes).map(|predicted| self.count(truth, predicted).to_string());
            text += &format!("{name},{}\n", counts.collect::<Vec<_>>().join(","));
        }
        text
    }
}

/// The examples of class `truth` that were taken for class `predicted`, in their order.
pub fn taken_for(
    dataset: &Dataset,
    judged: &[Judgement],
    (truth, predicted): (usize, usize),
) -> Vec<usize> {
    let examples = dataset.labels.iter().zip(judged).enumerate();
    examples
        .filter(|(_, (label, judgement))| {
            usize::from(**label) == truth && judgement.predicted == predicted
        })
        .map(|(example, _)| example)
        .collect()
}

/// The examples that were classified wrongly, those with the largest loss first, at most so many. A
/// loss that is no number counts as the largest.
pub fn worst_mistakes(dataset: &Dataset, judged: &[Judgement], most: usize) -> Vec<usize> {
    let is_wrong =
        |&example: &usize| usize::from(dataset.labels[example]) != judged[example].predicted;
    let mut wrong: Vec<usize> = (0..judged.len().min(dataset.len()))
        .filter(is_wrong)
        .collect();
    let key = |example: &usize| match judged[*example].loss {
        loss if loss.is_nan() => f64::INFINITY,
        loss => loss,
    };
    wrong.sort_by(|a, b| key(b).total_cmp(&key(a)));
    wrong.truncate(most);
    wrong
}

/// The weights of a network's first layer, as pictures over its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Filters {
    /// The layer.
    pub layer: LayerName,
    /// How many there are, one an output; the shape of each.
    pub count: usize,
    /// Channels, rows and columns of each.
    pub shape: Volume,
    /// The weights, filter after filter, channel after channel, row after row.
    pub weights: Vec<f32>,
}

impl Filters {
    /// Of the first layer that has weights; a dense one sees the whole input.
    pub fn of(plan: &Plan, parameters: &[f32]) -> Option<Self> {
        let mut stages = plan.stages.iter().enumerate();
        let is_weighted = |operation: Operation| {
            matches!(operation, Operation::Dense | Operation::Convolution { .. })
        };
        let (number, stage) = stages.find(|(_, stage)| is_weighted(stage.operation))?;
        let block = plan.blocks.get(stage.parameters?)?;
        let from = plan.values[number];
        let seen = match stage.operation {
            Operation::Convolution { kernel, .. } => Volume::new(from.channels, kernel, kernel),
            // Without a convolution before it, it sees the input, flattened.
            _ if plan.values[0].size() == from.size() => Volume {
                border: 0,
                ..plan.values[0]
            },
            _ => Volume::vector(from.size()),
        };
        // Features that are no image stand in a row.
        let shape = match seen.is_vector() {
            true => Volume::new(1, 1, seen.channels),
            false => seen,
        };
        Some(Self {
            layer: block.layer,
            count: block.shape.rows,
            shape,
            weights: parameters.get(block.range.clone())?.to_vec(),
        })
    }
}
