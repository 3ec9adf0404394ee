//! Examples that a remedy keeps of past tasks: copies of its own, and counted.

use super::course::chosen;
use super::views::{Headed, judge_within};
use crate::models::datasets::Dataset;
use crate::models::network::{Examples, Loss, Target, Verdict, Volume};
use crate::numbers::Noise;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Kept examples of several tasks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    tasks: Vec<Kept>,
}

/// Kept examples of one task.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    data: Dataset,
    outputs: Range<usize>,
}

impl Memory {
    /// Copies up to `most` examples, evenly spread over the task's data.
    pub fn keep(&mut self, of: &Headed<'_>, most: usize) {
        let rows = of.sample(most);
        self.tasks.push(Kept {
            data: Dataset {
                shape: of.data.shape,
                classes: of.data.classes.clone(),
                inputs: chosen(of.data, &rows),
                labels: rows.iter().map(|&r| of.data.labels[r as usize]).collect(),
            },
            outputs: of.outputs.clone(),
        });
    }

    /// Where a head grows: what is kept is judged on its present outputs from now on. Heads of
    /// their own begin elsewhere, and stay.
    pub fn grow(&mut self, outputs: &Range<usize>) {
        for kept in &mut self.tasks {
            if kept.outputs.start == outputs.start {
                kept.outputs.end = kept.outputs.end.max(outputs.end);
            }
        }
    }

    /// How many examples are kept.
    pub fn len(&self) -> usize {
        self.tasks.iter().map(|kept| kept.data.len()).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `count` of them, drawn with replacement for this update.
    pub fn draw(&self, draws: Noise, update: u64, count: usize) -> Vec<u32> {
        let bound = self.len() as u64;
        let draw = |index: usize| draws.below(update, index as u64, bound) as u32;
        (0..count.min(self.len())).map(draw).collect()
    }

    fn find(&self, example: usize) -> (&Kept, usize) {
        let mut rest = example;
        for kept in &self.tasks {
            if rest < kept.data.len() {
                return (kept, rest);
            }
            rest -= kept.data.len();
        }
        unreachable!("examples are drawn below their number")
    }
}

impl Examples<f32> for Memory {
    fn count(&self) -> usize {
        self.len()
    }

    fn fill(&self, example: usize, lane: usize, input: &mut [f32], volume: Volume) {
        let (kept, example) = self.find(example);
        kept.data.fill(example, lane, input, volume);
    }

    fn target(&self, example: usize) -> Target<'_> {
        let (kept, example) = self.find(example);
        Examples::<f32>::target(&kept.data, example)
    }

    fn judge(
        &self,
        loss: Loss,
        example: usize,
        outputs: &[f32],
        lane: usize,
        share: f32,
        slopes: &mut [f32],
    ) -> Verdict {
        let (kept, example) = self.find(example);
        let class = usize::from(kept.data.labels[example]);
        judge_within(&kept.outputs, loss, class, outputs, lane, share, slopes)
    }
}
