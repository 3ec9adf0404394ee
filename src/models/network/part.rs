//! A part of a batch: what one core computes from beginning to end.

use super::arithmetic::{LANES, Number};
use super::batch::PART;
use super::buffer::Buffer;
use super::examples::Examples;
use super::loss::{Loss, Target, Verdict};
use super::plan::Plan;
use super::space::{Layout, Space};
use super::stage::Context;

/// A part of a batch.
#[derive(Debug)]
pub(super) struct Part<N> {
    /// One that is used again and again, or one for each group of images where stages wait for
    /// the whole batch.
    pub(super) spaces: Vec<Space<N>>,
    pub(super) gathered: Buffer<N>,
    pub(super) loss: f64,
    pub(super) correct: usize,
    /// Sums over channels of the batch normalisation that is being computed.
    pub(super) sums: Vec<N>,
}

/// The examples that a batch is made of.
pub(super) struct Batch<'a, N: Number> {
    pub(super) examples: &'a dyn Examples<N>,
    pub(super) chosen: &'a [u32],
    pub(super) loss: Loss,
}

/// How many spaces a part of so many examples needs.
pub(super) fn spaces(plan: &Plan, examples: usize) -> usize {
    if plan.normalised.is_empty() {
        1
    } else {
        examples.div_ceil(LANES).max(1)
    }
}

/// The first stage with parameters: the slopes before it are not asked for.
pub(super) fn first_trained(plan: &Plan) -> usize {
    let stages = plan.stages.iter();
    let mut trained = stages.map(|stage| stage.parameters.is_some());
    trained.position(|is_trained| is_trained).unwrap_or(0)
}

/// A count as a number, at least 1.
pub(super) fn number<N: Number>(count: usize) -> N {
    N::constant(count.max(1) as f64)
}

impl<N: Number> Part<N> {
    pub(super) fn new(plan: &Plan, layout: &Layout, spaces: usize) -> Self {
        Self {
            spaces: (0..spaces).map(|_| Space::new(plan)).collect(),
            gathered: Buffer::zeros(layout.length),
            loss: 0.0,
            correct: 0,
            sums: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self) {
        self.gathered.fill(N::zero());
        self.loss = 0.0;
        self.correct = 0;
    }

    /// Forward and backward, one group of images after the other.
    pub(super) fn train(&mut self, context: &Context<'_, N>, batch: &Batch<'_, N>, index: usize) {
        self.begin();
        let share = N::one() / number(batch.chosen.len());
        let last = context.plan.stages.len();
        let first = first_trained(context.plan);
        for begin in groups(batch.chosen.len(), index) {
            let space = &mut self.spaces[0];
            batch.fill(context.plan, begin, space);
            for stage in 0..last {
                context.forward(stage, space);
            }
            let (loss, correct) = batch.judge(space, share, &|_, _| {});
            self.loss += loss;
            self.correct += correct;
            for stage in (first..last).rev() {
                context.backward(stage, space, &mut self.gathered, stage == first, (&[], 0));
            }
        }
    }

    /// Forward only.
    pub(super) fn test(
        &mut self,
        context: &Context<'_, N>,
        batch: &Batch<'_, N>,
        index: usize,
        seen: &dyn Fn(usize, Verdict),
    ) {
        self.loss = 0.0;
        self.correct = 0;
        for begin in groups(batch.chosen.len(), index) {
            let space = &mut self.spaces[0];
            batch.fill(context.plan, begin, space);
            for stage in 0..context.plan.stages.len() {
                context.forward(stage, space);
            }
            let (loss, correct) = batch.judge(space, N::zero(), seen);
            self.loss += loss;
            self.correct += correct;
        }
    }

    /// Fills every space with its images.
    pub(super) fn fill(&mut self, plan: &Plan, batch: &Batch<'_, N>, index: usize) {
        self.begin();
        let mut groups = groups(batch.chosen.len(), index);
        for space in &mut self.spaces {
            space.active = 0;
            if let Some(begin) = groups.next() {
                batch.fill(plan, begin, space);
            }
        }
    }

    pub(super) fn judge_all(&mut self, batch: &Batch<'_, N>, _: usize, share: N) {
        for space in self.spaces.iter_mut().filter(|space| space.active > 0) {
            let (loss, correct) = batch.judge(space, share, &|_, _| {});
            self.loss += loss;
            self.correct += correct;
        }
    }
}

/// Where the groups of images of part `index` begin.
pub(super) fn groups(examples: usize, index: usize) -> impl Iterator<Item = usize> {
    let end = examples.min((index + 1) * PART);
    (index * PART..end).step_by(LANES)
}

impl<N: Number> Batch<'_, N> {
    /// Puts the examples from `begin` on into a space.
    pub(super) fn fill(&self, plan: &Plan, begin: usize, space: &mut Space<N>) {
        let chosen = &self.chosen[begin..self.chosen.len().min(begin + LANES)];
        space.first = begin;
        space.active = chosen.len();
        let volume = plan.values[0];
        if chosen.len() < LANES {
            // What an earlier batch left in the other lanes is no example.
            space.values[0].fill(N::zero());
        }
        for (lane, &example) in chosen.iter().enumerate() {
            self.examples
                .fill(example as usize, lane, &mut space.values[0], volume);
        }
    }

    /// Judges the outputs in a space and writes the slopes along them. Returns the sum of the
    /// losses and how many were right.
    pub(super) fn judge(
        &self,
        space: &mut Space<N>,
        share: N,
        seen: &dyn Fn(usize, Verdict),
    ) -> (f64, usize) {
        let last = space.values.len() - 1;
        let outputs = &*space.values[last];
        let slopes = &mut *space.slopes[last];
        if space.active < LANES {
            slopes.fill(N::zero());
        }
        let (mut loss, mut correct) = (0.0, 0);
        for lane in 0..space.active {
            let example = self.chosen[space.first + lane] as usize;
            let target = self.examples.target(example);
            let examples = self.examples;
            let verdict = examples.judge(self.loss, example, outputs, lane, share, slopes);
            loss += verdict.loss;
            let is_right = matches!(target, Target::Class(c) if c == verdict.predicted);
            correct += usize::from(is_right);
            seen(space.first + lane, verdict);
        }
        (loss, correct)
    }
}
