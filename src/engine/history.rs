//! What was recorded: the only thing that is drawn, tabled and exported.

use super::continual::Observations;
use crate::numbers::norm;
use serde::{Deserialize, Serialize};

/// The most frames that a trace keeps; past that it thins itself.
pub const MAX_FRAMES: usize = 1 << 15;

/// The record of all runs of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The parameters' names.
    pub parameter_names: Vec<String>,
    /// One trace a run, in file order: from the first start, with the first seed.
    pub traces: Vec<Trace>,
    /// The same runs from every other start and with every other seed, start after start.
    pub variations: Vec<Variation>,
    /// How many updates every run has been offered; a diverged run took fewer.
    pub updates: u64,
}

/// The record of all runs from one start, with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    /// Number of the start, from 0 in file order.
    pub start: usize,
    /// The seed.
    pub seed: u64,
    /// One trace a run, in file order.
    pub traces: Vec<Trace>,
}

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It has updates to go.
    Running,
    /// It made all its updates.
    Finished,
    /// Its loss, gradient or parameters stopped being finite.
    Diverged {
        /// The first update after which they were not; 0 when the start itself is not.
        step: u64,
    },
    /// It was interrupted.
    Cancelled,
}

/// What was measured of a run after some of its updates: the loss over all data, accuracies.
///
/// Past [`MAX_FRAMES`] entries every 2nd, 4th, … is kept, and always the first and the last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    width: usize,
    steps: Vec<u64>,
    values: Vec<f64>,
    /// How many were measured between two that are kept.
    stride: u64,
    count: u64,
    most_entries: usize,
}

impl Measured {
    /// Of so many quantities.
    pub fn new(width: usize) -> Self {
        Self::holding(MAX_FRAMES, width)
    }

    /// The same, with at most `most_entries` kept.
    pub fn holding(most_entries: usize, width: usize) -> Self {
        Self {
            width,
            stride: 1,
            most_entries,
            ..Self::default()
        }
    }

    /// Appends what was measured after `step` updates; steps must rise.
    pub fn push(&mut self, step: u64, values: &[f64]) {
        // A trace that is made without knowing what will be measured learns it here.
        if self.count == 0 {
            (self.width, self.stride) = (values.len(), 1);
            if self.most_entries == 0 {
                self.most_entries = MAX_FRAMES;
            }
        }
        let last_is_kept = self.count == 0 || (self.count - 1).is_multiple_of(self.stride);
        if !last_is_kept {
            self.steps.pop();
            self.values.truncate(self.steps.len() * self.width);
        }
        self.steps.push(step);
        self.values.extend_from_slice(values);
        self.count += 1;
        if self.steps.len() > self.most_entries.max(2) {
            self.thin();
        }
    }

    /// Doubles the stride; the last entry stays.
    fn thin(&mut self) {
        self.stride *= 2;
        let last = self.steps.len() - 1;
        let kept: Vec<usize> = (0..=last).filter(|i| i % 2 == 0 || *i == last).collect();
        self.steps = kept.iter().map(|&i| self.steps[i]).collect();
        let row = |i: usize| i * self.width..(i + 1) * self.width;
        self.values = kept
            .iter()
            .flat_map(|&i| self.values[row(i)].to_vec())
            .collect();
    }

    /// After how many updates each entry was measured, rising.
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// One quantity at the kept entries.
    pub fn values(&self, quantity: usize) -> impl Iterator<Item = f64> {
        let values = self.values.iter().skip(quantity);
        values.step_by(self.width.max(1)).copied()
    }

    /// What was measured after exactly `step` updates, one value a quantity.
    pub fn exactly_at(&self, step: u64) -> Option<&[f64]> {
        self.entry(self.steps.binary_search(&step).ok()?)
    }

    /// The last that was measured not after `step`: when, and one value a quantity.
    pub fn at(&self, step: u64) -> Option<(u64, &[f64])> {
        let after = self.steps.partition_point(|&measured| measured <= step);
        let index = after.checked_sub(1)?;
        Some((self.steps[index], self.entry(index)?))
    }

    /// The last that was measured, one value a quantity.
    pub fn last(&self) -> Option<&[f64]> {
        self.entry(self.steps.len().checked_sub(1)?)
    }

    /// How many bytes its numbers take.
    fn bytes(&self) -> usize {
        size_of::<u64>() * self.steps.len() + size_of::<f64>() * self.values.len()
    }

    fn entry(&self, index: usize) -> Option<&[f64]> {
        self.values
            .get(index * self.width..(index + 1) * self.width)
    }
}

/// The lowest loss of a run; with mini-batches the lowest that was measured over all data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// The loss.
    pub loss: f64,
    /// After how many updates it was first reached.
    pub step: u64,
}

/// The record of one run: frame k holds the state after k updates.
///
/// Frames are kept at every update until there are more than [`MAX_FRAMES`]; then every 2nd,
/// 4th, … and always the first and the last. What needs every update (`best`, `outcome`,
/// `left_range_at`) is gathered while simulating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    dimension: usize,
    stride: u64,
    most_frames: usize,
    steps: Vec<u64>,
    evaluations_at: Vec<u64>,
    learning_rates: Vec<f64>,
    losses: Vec<f64>,
    gradient_norms: Vec<f64>,
    best_losses: Vec<f64>,
    update_norms: Vec<f64>,
    parameters: Vec<f64>,
    /// What was measured now and then.
    pub measured: Measured,
    /// What hidden units did while tasks were learnt, where that was asked for.
    pub observations: Observations,
    /// Of a network: ‖∇J‖₂ of every layer, then ‖Δw‖₂/‖w‖₂ of every layer, at the kept updates;
    /// NaN where there was no update.
    pub layers: Measured,
    /// What became of the run.
    pub outcome: Outcome,
    /// Its lowest loss; none when even the start is not finite.
    pub best: Option<Best>,
    /// How many evaluations of the objective the rule has used: those that it asked for, and the
    /// gradient of every update unless its card says that it needs none.
    pub evaluations: u64,
    /// The first step at which the parameters lay outside the objective's range.
    pub left_range_at: Option<u64>,
}

/// One frame of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame<'a> {
    /// How many updates were made.
    pub step: u64,
    /// How many evaluations of the objective they took.
    pub evaluations: u64,
    /// The rate of the update that led here; NaN at step 0, where there was none.
    pub learning_rate: f64,
    /// J; with mini-batches that of the batch of the update that led here, before it.
    pub loss: f64,
    /// ‖∇J‖₂ of the exact gradient, of the same batch at the same parameters as the loss.
    pub gradient_norm: f64,
    /// The parameters.
    pub parameters: &'a [f64],
}

impl History {
    /// The frame of run `run` that is current after `step` updates: a diverged run rests at its
    /// last finite state. None for a run without any finite state.
    pub fn frame(&self, run: usize, step: u64) -> Option<Frame<'_>> {
        self.traces.get(run)?.frame_at(step)
    }

    /// Every trace of run `run`, that of the first start and seed first.
    pub fn traces_of(&self, run: usize) -> impl Iterator<Item = &Trace> {
        let others = self
            .variations
            .iter()
            .filter_map(move |v| v.traces.get(run));
        self.traces.get(run).into_iter().chain(others)
    }

    /// Every trace of every run.
    pub fn every_trace(&self) -> impl Iterator<Item = &Trace> {
        let others = self.variations.iter();
        let others = others.flat_map(|variation| &variation.traces);
        self.traces.iter().chain(others)
    }

    /// The last step that any run recorded.
    pub fn last_step(&self) -> u64 {
        self.every_trace()
            .filter_map(Trace::last_step)
            .max()
            .unwrap_or(0)
    }
}

impl Trace {
    /// A trace without frames, for `dimension` parameters.
    pub fn new(dimension: usize) -> Self {
        Self::holding(MAX_FRAMES, dimension)
    }

    /// A trace without frames that keeps at most `most_frames` of them, at least two.
    pub fn holding(most_frames: usize, dimension: usize) -> Self {
        Self {
            dimension,
            stride: 1,
            most_frames: most_frames.max(2),
            steps: Vec::new(),
            evaluations_at: Vec::new(),
            learning_rates: Vec::new(),
            losses: Vec::new(),
            gradient_norms: Vec::new(),
            best_losses: Vec::new(),
            update_norms: Vec::new(),
            parameters: Vec::new(),
            measured: Measured::default(),
            observations: Observations::default(),
            layers: Measured::default(),
            outcome: Outcome::Running,
            best: None,
            evaluations: 0,
            left_range_at: None,
        }
    }

    /// Makes room for the frames of so many updates, which growing would copy again and again.
    pub fn expect(&mut self, updates: u64) {
        let most = self.most_frames as u64;
        let frames = updates.min(most) as usize + 1;
        let more = frames.saturating_sub(self.steps.len());
        self.steps.reserve(more);
        self.evaluations_at.reserve(more);
        self.learning_rates.reserve(more);
        self.losses.reserve(more);
        self.gradient_norms.reserve(more);
        self.best_losses.reserve(more);
        self.update_norms.reserve(more);
        self.parameters.reserve(more * self.dimension);
    }

    /// Appends a frame; steps must rise, and `best` must know of it already.
    pub fn push(&mut self, frame: Frame<'_>) {
        let moved = self.distance_from_last(frame.parameters);
        if self
            .steps
            .last()
            .is_some_and(|last| last % self.stride != 0)
        {
            self.truncate(self.steps.len() - 1);
        }
        self.steps.push(frame.step);
        self.evaluations_at.push(frame.evaluations);
        self.learning_rates.push(frame.learning_rate);
        self.losses.push(frame.loss);
        self.gradient_norms.push(frame.gradient_norm);
        let best = self.best.map_or(f64::NAN, |best| best.loss);
        self.best_losses.push(best);
        self.update_norms.push(moved);
        self.parameters.extend_from_slice(frame.parameters);
        if self.steps.len() > self.most_frames {
            self.thin();
        }
    }

    /// How far `parameters` lie from those of the last frame, which is of the update before
    /// however much is thinned; NaN where there is none.
    fn distance_from_last(&self, parameters: &[f64]) -> f64 {
        if self.is_empty() {
            return f64::NAN;
        }
        let last = &self.parameters[self.parameters.len() - self.dimension..];
        norm(last.iter().zip(parameters).map(|(from, to)| to - from))
    }

    fn truncate(&mut self, length: usize) {
        self.steps.truncate(length);
        self.evaluations_at.truncate(length);
        self.learning_rates.truncate(length);
        self.losses.truncate(length);
        self.gradient_norms.truncate(length);
        self.best_losses.truncate(length);
        self.update_norms.truncate(length);
        self.parameters.truncate(length * self.dimension);
    }

    /// Doubles the stride and drops the frames that no longer fall on it.
    fn thin(&mut self) {
        self.stride *= 2;
        let mut kept = 0;
        for index in 0..self.steps.len() {
            let is_last = index + 1 == self.steps.len();
            if self.steps[index].is_multiple_of(self.stride) || is_last {
                self.steps[kept] = self.steps[index];
                self.evaluations_at[kept] = self.evaluations_at[index];
                self.learning_rates[kept] = self.learning_rates[index];
                self.losses[kept] = self.losses[index];
                self.gradient_norms[kept] = self.gradient_norms[index];
                self.best_losses[kept] = self.best_losses[index];
                self.update_norms[kept] = self.update_norms[index];
                let from = index * self.dimension;
                self.parameters
                    .copy_within(from..from + self.dimension, kept * self.dimension);
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    /// The same with other parameters, `dimension` of them, made of each frame's own.
    pub fn mapped(&self, dimension: usize, map: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        Self {
            dimension,
            parameters: self.parameters().flat_map(map).collect(),
            ..self.clone()
        }
    }

    /// About how many bytes the record takes: its frames, what was measured and what was observed.
    pub fn bytes(&self) -> usize {
        let counts = self.steps.len() + self.evaluations_at.len();
        let numbers = [
            &self.learning_rates,
            &self.losses,
            &self.gradient_norms,
            &self.best_losses,
            &self.update_norms,
            &self.parameters,
        ];
        let numbers: usize = numbers.iter().map(|numbers| numbers.len()).sum();
        size_of::<u64>() * counts
            + size_of::<f64>() * numbers
            + self.measured.bytes()
            + self.layers.bytes()
            + self.observations.bytes()
    }

    /// How many frames are kept.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps of the kept frames, rising.
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// How many evaluations led to each kept frame, never falling.
    pub fn evaluations_at(&self) -> &[u64] {
        &self.evaluations_at
    }

    /// J at the kept frames.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Every how many updates a frame is kept; 1 until there are too many.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// The rate that led to each kept frame; NaN at step 0.
    pub fn learning_rates(&self) -> &[f64] {
        &self.learning_rates
    }

    /// ‖∇J‖₂ at the kept frames.
    pub fn gradient_norms(&self) -> &[f64] {
        &self.gradient_norms
    }

    /// The lowest loss of all updates up to each kept frame, of those that count as a success;
    /// NaN before the first.
    pub fn best_losses(&self) -> &[f64] {
        &self.best_losses
    }

    /// ‖Δw‖₂ of the update that led to each kept frame; NaN at step 0.
    pub fn update_norms(&self) -> &[f64] {
        &self.update_norms
    }

    /// The parameters at the kept frames, one slice a frame.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.parameters.chunks_exact(self.dimension.max(1))
    }

    /// The frame with this index among the kept ones.
    pub fn frame(&self, index: usize) -> Option<Frame<'_>> {
        Some(Frame {
            step: *self.steps.get(index)?,
            evaluations: self.evaluations_at[index],
            learning_rate: self.learning_rates[index],
            loss: self.losses[index],
            gradient_norm: self.gradient_norms[index],
            parameters: &self.parameters[index * self.dimension..(index + 1) * self.dimension],
        })
    }

    /// All kept frames.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        (0..self.len()).filter_map(|index| self.frame(index))
    }

    /// Index of the last kept frame that is not after `step`.
    pub fn index_at(&self, step: u64) -> Option<usize> {
        self.steps
            .partition_point(|&kept| kept <= step)
            .checked_sub(1)
    }

    /// The last kept frame that is not after `step`.
    pub fn frame_at(&self, step: u64) -> Option<Frame<'_>> {
        self.frame(self.index_at(step)?)
    }

    /// The loss that the run ended with: over all data where that was measured.
    pub fn final_loss(&self) -> Option<f64> {
        let measured = self.measured.last().and_then(|values| values.first());
        measured.or(self.losses.last()).copied()
    }

    /// The last recorded step.
    pub fn last_step(&self) -> Option<u64> {
        self.steps.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trace(updates: u64) -> Trace {
        let mut trace = Trace::new(2);
        for step in 0..=updates {
            let x = step as f64;
            trace.push(Frame {
                step,
                evaluations: 2 * step,
                learning_rate: x,
                loss: 2.0 * x,
                gradient_norm: 3.0 * x,
                parameters: &[4.0 * x, 5.0 * x],
            });
        }
        trace
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn thinning_keeps_an_even_bounded_record_with_first_and_last(updates in 0..200_000_u64) {
            let trace = trace(updates);
            prop_assert!(trace.len() <= MAX_FRAMES);
            prop_assert_eq!(trace.steps()[0], 0);
            prop_assert_eq!(trace.last_step(), Some(updates));
            let stride = trace.steps().get(1).map_or(1, |second| *second);
            for pair in trace.steps().windows(2).take(trace.len().saturating_sub(2)) {
                prop_assert_eq!(pair[1] - pair[0], stride);
            }
            for frame in trace.frames() {
                let x = frame.step as f64;
                prop_assert_eq!(frame.loss, 2.0 * x);
                prop_assert_eq!(frame.parameters, &[4.0 * x, 5.0 * x][..]);
            }
            // Of single updates, not of the way between two kept frames.
            for &moved in trace.update_norms().iter().skip(1) {
                prop_assert!((moved - 41_f64.sqrt()).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn measurements_are_thinned_evenly_with_first_and_last() {
        let mut measured = Measured::new(2);
        for k in 0..=100_001_u64 {
            measured.push(3 * k, &[k as f64, -(k as f64)]);
        }
        assert!(measured.steps().len() <= MAX_FRAMES);
        assert_eq!(measured.steps()[..3], [0, 12, 24]);
        assert_eq!(measured.last(), Some(&[100_001.0, -100_001.0][..]));
        assert_eq!(measured.exactly_at(24), Some(&[8.0, -8.0][..]));
        assert_eq!(measured.exactly_at(25), None);
        assert_eq!(measured.at(35), Some((24, &[8.0, -8.0][..])));
        assert_eq!(measured.values(1).nth(2), Some(-8.0));
        assert_eq!(Measured::default().at(5), None);
    }

    #[test]
    fn a_step_between_frames_shows_the_one_before() {
        let trace = trace(100_000);
        assert_eq!(trace.frame_at(3).unwrap().step, 0);
        assert_eq!(trace.frame_at(u64::MAX).unwrap().step, 100_000);
        assert_eq!(Trace::new(2).frame_at(0), None);
    }
}
