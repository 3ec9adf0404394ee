//! A batch through a network, split over the processor's cores.

use super::arithmetic::{LANES, Number};
use super::examples::Examples;
use super::kernels::convolution;
use super::kernels::normalisation::Moments;
use super::loss::Loss;
use super::over_batch::{each_space, moments, slopes};
use super::part::{Batch, Part, first_trained, number, spaces};
use super::plan::{Operation, Plan};
use super::space::{Layout, Space};
use super::stage::Context;
use crate::numbers::Noise;
use rayon::prelude::*;
use std::sync::Arc;

/// How many examples one part of a batch has. A part is computed by one core from beginning to
/// end, and the parts' gradients are added in their order: so a gradient is the same bits on any
/// number of cores.
pub const PART: usize = 64;

/// How a batch fared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// The mean loss.
    pub loss: f64,
    /// The share of examples whose largest output is their class; 0 without classes.
    pub accuracy: f64,
}

/// What a pass through the network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An update: dropout drops, batch normalisation uses the batch's own moments and remembers
    /// them.
    Update(u64),
    /// A look at the objective of an update from elsewhere: the same, but nothing is remembered.
    Probe(u64),
}

impl Purpose {
    fn update(self) -> u64 {
        match self {
            Self::Update(number) | Self::Probe(number) => number,
        }
    }
}

/// A network with the memory to compute it. Its parameters are the caller's.
#[derive(Debug)]
pub struct Network<N> {
    plan: Arc<Plan>,
    loss: Loss,
    noise: Noise,
    layout: Layout,
    packed: Vec<[Vec<N>; 2]>,
    parts: Vec<Part<N>>,
    /// The moments of the present batch, one entry a batch normalisation.
    moments: Vec<Moments<N>>,
    /// The running moments that tests use.
    running: Vec<Moments<N>>,
}

impl<N: Number> Network<N> {
    /// A network for batches of up to `batch` examples; `seed` is what dropout draws from.
    pub fn new(plan: Arc<Plan>, loss: Loss, batch: usize, seed: u64) -> Self {
        let channels = plan.normalised.iter().copied();
        let moments: Vec<_> = channels.map(Moments::unit).collect();
        let layout = Layout::new(&plan);
        let parts = batch.max(1).div_ceil(PART);
        let part = |number: usize| {
            let examples = batch.saturating_sub(number * PART).min(PART);
            Part::new(&plan, &layout, spaces(&plan, examples))
        };
        Self {
            loss,
            noise: Noise::new(seed),
            packed: packing(&plan),
            parts: (0..parts).map(part).collect(),
            running: moments.clone(),
            moments,
            layout,
            plan,
        }
    }

    /// How many bytes a network takes for batches of up to `batch` examples.
    pub fn bytes(plan: &Plan, batch: usize) -> usize {
        let parts = batch.max(1).div_ceil(PART);
        let spaces = spaces(plan, batch.min(PART));
        let gathered = Layout::new(plan).length * size_of::<N>();
        parts.saturating_mul(
            Space::<N>::bytes(plan)
                .saturating_mul(spaces)
                .saturating_add(gathered),
        )
    }

    /// What it computes.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The running moments of its batch normalisations.
    pub fn running(&self) -> &[Moments<N>] {
        &self.running
    }

    /// Sets them, as a checkpoint has them; says whether they are as many as there should be.
    pub fn set_running(&mut self, moments: Vec<Moments<N>>) -> bool {
        let sizes = |moments: &[Moments<N>]| -> Vec<[usize; 2]> {
            let sizes = moments.iter().map(|m| [m.mean.len(), m.variance.len()]);
            sizes.collect()
        };
        let fits = sizes(&moments) == sizes(&self.running);
        if fits {
            self.running = moments;
        }
        fits
    }

    /// The loss over the chosen examples; writes its gradient at `parameters`. There must not be
    /// more than the network was made for.
    pub fn gradient(
        &mut self,
        examples: &dyn Examples<N>,
        chosen: &[u32],
        parameters: &[N],
        purpose: Purpose,
        gradient: &mut [N],
    ) -> Score {
        self.pack(parameters);
        let batch = Batch {
            examples,
            chosen,
            loss: self.loss,
        };
        let drops = Some((purpose.update(), self.noise));
        if self.plan.normalised.is_empty() {
            self.part_by_part(&batch, parameters, drops);
        } else {
            self.stage_by_stage(&batch, parameters, drops);
            if matches!(purpose, Purpose::Update(_)) {
                self.remember(chosen.len());
            }
        }
        gradient.fill(N::zero());
        for part in &self.parts[..chosen.len().div_ceil(PART)] {
            self.layout.add(&part.gathered, gradient);
        }
        self.score(chosen.len())
    }

    /// The loss over any number of examples, batch by batch; writes its gradient at `parameters`.
    /// Nothing is remembered.
    pub fn whole_gradient(
        &mut self,
        examples: &dyn Examples<N>,
        chosen: &[u32],
        parameters: &[N],
        gradient: &mut [N],
    ) -> Score {
        let mut total = Score::default();
        let mut part = vec![N::zero(); gradient.len()];
        gradient.fill(N::zero());
        for batch in chosen.chunks(self.parts.len() * PART) {
            let purpose = Purpose::Probe(0);
            let score = self.gradient(examples, batch, parameters, purpose, &mut part);
            let share = batch.len() as f64 / chosen.len() as f64;
            for (sum, &g) in gradient.iter_mut().zip(&part) {
                *sum += N::constant(share) * g;
            }
            total.loss += share * score.loss;
            total.accuracy += share * score.accuracy;
        }
        total
    }

    /// How the network does on the chosen examples, as tests are made: nothing is dropped, and
    /// batch normalisation uses its running moments.
    pub fn test(
        &mut self,
        examples: &dyn Examples<N>,
        chosen: &[u32],
        parameters: &[N],
        seen: &(dyn Fn(usize, super::loss::Verdict) + Sync),
    ) -> Score {
        self.pack(parameters);
        let batch = Batch {
            examples,
            chosen,
            loss: self.loss,
        };
        let mut total = Score::default();
        let room = self.parts.len() * PART;
        for (number, chosen) in chosen.chunks(room).enumerate() {
            let context = Context {
                plan: &self.plan,
                parameters,
                packed: &self.packed,
                layout: &self.layout,
                moments: &self.running,
                drops: None,
            };
            let share = Batch { chosen, ..batch };
            self.parts
                .par_iter_mut()
                .enumerate()
                .for_each(|(index, part)| {
                    part.test(&context, &share, index, &|example, verdict| {
                        seen(number * room + example, verdict);
                    });
                });
            let score = self.score(chosen.len());
            total.loss += score.loss * chosen.len() as f64;
            total.accuracy += score.accuracy * chosen.len() as f64;
        }
        let count = chosen.len().max(1) as f64;
        Score {
            loss: total.loss / count,
            accuracy: total.accuracy / count,
        }
    }

    /// What goes into the network for one example and what comes out of every stage, as tests are
    /// made; channel after channel, row after row.
    pub fn values(
        &mut self,
        examples: &dyn Examples<N>,
        example: u32,
        parameters: &[N],
    ) -> Vec<Vec<N>> {
        self.test(examples, &[example], parameters, &|_, _| {});
        let values = &self.parts[0].spaces[0].values;
        let volumes = self.plan.values.iter().zip(values);
        let first_lane = volumes.map(|(volume, values)| {
            let rows = (0..volume.channels)
                .flat_map(|channel| (0..volume.height).map(move |y| volume.span(channel, y)));
            rows.flat_map(|row| values[row].iter().step_by(LANES).copied())
                .collect()
        });
        first_lane.collect()
    }

    /// Puts the filters into the order in which convolutions read them.
    fn pack(&mut self, parameters: &[N]) {
        let stages = self.plan.stages.iter().zip(&mut self.packed);
        for (number, (stage, [forward, backward])) in stages.enumerate() {
            let Operation::Convolution { kernel, .. } = stage.operation else {
                continue;
            };
            let [weights, _] = self.plan.parameters_of(stage, parameters);
            let (inputs, outputs) = (
                self.plan.values[number].channels,
                self.plan.values[number + 1].channels,
            );
            let at = |o: usize, c: usize, i: usize, j: usize| {
                weights[((o * inputs + c) * kernel + i) * kernel + j]
            };
            convolution::pack(outputs, inputs, kernel, at, forward);
            let turned = |c, o, i: usize, j: usize| at(o, c, kernel - 1 - i, kernel - 1 - j);
            convolution::pack(inputs, outputs, kernel, turned, backward);
        }
    }

    fn part_by_part(&mut self, batch: &Batch<'_, N>, parameters: &[N], drops: Drops) {
        let context = Context {
            plan: &self.plan,
            parameters,
            packed: &self.packed,
            layout: &self.layout,
            moments: &self.moments,
            drops,
        };
        let parts = batch.chosen.len().div_ceil(PART);
        let parts = &mut self.parts[..parts];
        if let [part] = parts {
            part.train(&context, batch, 0);
        } else {
            let parts = parts.par_iter_mut().enumerate();
            parts.for_each(|(index, part)| part.train(&context, batch, index));
        }
    }

    /// Computes every stage for the whole batch before the next, with what batch normalisation
    /// needs to know of all examples.
    fn stage_by_stage(&mut self, batch: &Batch<'_, N>, parameters: &[N], drops: Drops) {
        let plan = Arc::clone(&self.plan);
        let count = batch.chosen.len();
        let parts = &mut self.parts[..count.div_ceil(PART)];
        parts.par_iter_mut().enumerate().for_each(|(index, part)| {
            part.fill(&plan, batch, index);
        });
        let last = plan.stages.len();
        for stage in 0..last {
            let volume = plan.values[stage];
            if let Operation::BatchNorm { index } = plan.stages[stage].operation {
                self.moments[index] = moments(parts, stage, volume, count);
            }
            let context = Context {
                plan: &plan,
                parameters,
                packed: &self.packed,
                layout: &self.layout,
                moments: &self.moments,
                drops,
            };
            each_space(parts, |_, space| context.forward(stage, space));
        }
        parts
            .par_iter_mut()
            .enumerate()
            .for_each(|(index, part)| part.judge_all(batch, index, N::one() / number(count)));
        let context = Context {
            plan: &plan,
            parameters,
            packed: &self.packed,
            layout: &self.layout,
            moments: &self.moments,
            drops,
        };
        let first = first_trained(&plan);
        for stage in (first..last).rev() {
            let volume = plan.values[stage];
            let mut totals = Vec::new();
            if let Operation::BatchNorm { index } = plan.stages[stage].operation {
                totals = slopes(parts, &context, stage, &self.moments[index]);
            }
            let totals = (&totals[..], count * volume.height * volume.width);
            each_space(parts, |gathered, space| {
                context.backward(stage, space, gathered, stage == first, totals);
            });
        }
    }

    /// Moves the running moments of every batch normalisation towards those of the batch.
    fn remember(&mut self, examples: usize) {
        let stages = self.plan.stages.iter().zip(&self.plan.values);
        for (stage, volume) in stages {
            if let Operation::BatchNorm { index } = stage.operation {
                let count = examples * volume.height * volume.width;
                self.running[index].follow(&self.moments[index], count);
            }
        }
    }

    fn score(&self, examples: usize) -> Score {
        let parts = &self.parts[..examples.div_ceil(PART)];
        let count = examples.max(1) as f64;
        Score {
            loss: parts.iter().map(|part| part.loss).sum::<f64>() / count,
            accuracy: parts.iter().map(|part| part.correct).sum::<usize>() as f64 / count,
        }
    }
}

/// Number of the update and where draws come from.
type Drops = Option<(u64, Noise)>;

fn packing<N: Number>(plan: &Plan) -> Vec<[Vec<N>; 2]> {
    let room = |stage: &super::plan::Stage| match (stage.operation, stage.parameters) {
        (Operation::Convolution { .. }, Some(block)) => {
            let size = plan.blocks[block].shape.size();
            [vec![N::zero(); size], vec![N::zero(); size]]
        }
        _ => [Vec::new(), Vec::new()],
    };
    plan.stages.iter().map(room).collect()
}
