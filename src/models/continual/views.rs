//! The same examples, looked at in different ways.

use crate::models::datasets::Dataset;
use crate::models::network::arithmetic::{LANES, Number};
use crate::models::network::{Examples, Loss, Target, Verdict, Volume};
use std::ops::Range;
use std::sync::Mutex;

/// Examples of one task, judged over the outputs of its head alone.
#[derive(Clone, Debug)]
pub struct Headed<'a> {
    /// The examples.
    pub data: &'a Dataset,
    /// The head's outputs.
    pub outputs: Range<usize>,
}

impl<'a> Headed<'a> {
    /// The numbers of `count` of the examples, evenly spread; all of them where there are fewer.
    pub fn sample(&self, count: usize) -> Vec<u32> {
        let rows = self.data.len();
        let taken = count.min(rows);
        (0..taken)
            .map(|index| (index * rows / taken) as u32)
            .collect()
    }

    /// The same, each example with another class.
    pub(super) fn labelled(&self, class: usize) -> Labelled<'a> {
        Labelled {
            headed: self.clone(),
            class,
        }
    }
}

/// Judges one lane over the outputs of a head; the slopes along all others are 0.
pub(super) fn judge_within<N: Number>(
    head: &Range<usize>,
    loss: Loss,
    class: usize,
    outputs: &[N],
    lane: usize,
    share: N,
    slopes: &mut [N],
) -> Verdict {
    clear(lane, slopes);
    let range = head.start * LANES..head.end * LANES;
    let inside = match slopes.is_empty() {
        true => &mut [],
        false => &mut slopes[range.clone()],
    };
    // A class of another head would be no class here; 0 is then as good as any.
    let target = Target::Class(class.saturating_sub(head.start));
    let verdict = loss.judge(&outputs[range], lane, target, share, inside);
    Verdict {
        predicted: verdict.predicted + head.start,
        ..verdict
    }
}

fn clear<N: Number>(lane: usize, slopes: &mut [N]) {
    let own = slopes.iter_mut().skip(lane).step_by(LANES);
    own.for_each(|slope| *slope = N::zero());
}

impl<N: Number> Examples<N> for Headed<'_> {
    fn count(&self) -> usize {
        self.data.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [N], volume: Volume) {
        self.data.fill(example, lane, input, volume);
    }

    fn target(&self, example: usize) -> Target<'_> {
        Examples::<N>::target(self.data, example)
    }

    fn judge(
        &self,
        loss: Loss,
        example: usize,
        outputs: &[N],
        lane: usize,
        share: N,
        slopes: &mut [N],
    ) -> Verdict {
        let class = usize::from(self.data.labels[example]);
        judge_within(&self.outputs, loss, class, outputs, lane, share, slopes)
    }
}

/// Examples that are all said to be of one class.
pub(super) struct Labelled<'a> {
    headed: Headed<'a>,
    class: usize,
}

impl<N: Number> Examples<N> for Labelled<'_> {
    fn count(&self) -> usize {
        self.headed.data.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [N], volume: Volume) {
        self.headed.data.fill(example, lane, input, volume);
    }

    fn target(&self, _: usize) -> Target<'_> {
        Target::Class(self.class)
    }

    fn judge(
        &self,
        loss: Loss,
        _: usize,
        outputs: &[N],
        lane: usize,
        share: N,
        slopes: &mut [N],
    ) -> Verdict {
        let head = &self.headed.outputs;
        judge_within(head, loss, self.class, outputs, lane, share, slopes)
    }
}

/// Examples whose "loss" is a function of the outputs: its slopes are what `slope` makes of an
/// output and its number.
pub(super) struct Outputs<'a, F> {
    pub data: &'a Dataset,
    pub slope: F,
}

impl<N: Number, F: Fn(usize, usize, N) -> N + Sync> Examples<N> for Outputs<'_, F> {
    fn count(&self) -> usize {
        self.data.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [N], volume: Volume) {
        self.data.fill(example, lane, input, volume);
    }

    fn target(&self, example: usize) -> Target<'_> {
        Examples::<N>::target(self.data, example)
    }

    fn judge(
        &self,
        _: Loss,
        example: usize,
        outputs: &[N],
        lane: usize,
        share: N,
        slopes: &mut [N],
    ) -> Verdict {
        let own = slopes.iter_mut().zip(outputs).skip(lane).step_by(LANES);
        for (number, (slope, &output)) in own.enumerate() {
            *slope = share * (self.slope)(example, number, output);
        }
        Verdict::default()
    }
}

/// Examples whose outputs are written down.
pub(super) struct Noted<'a> {
    pub data: &'a Dataset,
    /// One row an example.
    pub rows: &'a Mutex<Vec<f32>>,
}

impl Examples<f32> for Noted<'_> {
    fn count(&self) -> usize {
        self.data.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [f32], volume: Volume) {
        self.data.fill(example, lane, input, volume);
    }

    fn target(&self, example: usize) -> Target<'_> {
        Examples::<f32>::target(self.data, example)
    }

    fn judge(
        &self,
        _: Loss,
        example: usize,
        outputs: &[f32],
        lane: usize,
        _: f32,
        _: &mut [f32],
    ) -> Verdict {
        let width = outputs.len() / LANES;
        let own = outputs.iter().skip(lane).step_by(LANES);
        let mut rows = self
            .rows
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // Every example has a row of its own, so that the order in which they come is no matter.
        rows[example * width..][..width]
            .iter_mut()
            .zip(own)
            .for_each(|(noted, &output)| *noted = output);
        Verdict::default()
    }
}
