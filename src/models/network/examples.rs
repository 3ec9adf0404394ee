//! What a network is shown.

use super::arithmetic::{LANES, Number};
use super::loss::{Loss, Target, Verdict};
use super::volume::Volume;

/// Inputs and what should come out for each.
pub trait Examples<N: Number>: Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// Writes the input of an example into one lane of `input`.
    fn fill(&self, example: usize, lane: usize, input: &mut [N], volume: Volume);

    /// What should come out for it.
    fn target(&self, example: usize) -> Target<'_>;

    /// Judges the outputs for an example, which lie in one lane, as [`Loss::judge`] does. Other
    /// examples may be judged by a part of the outputs, or by something else.
    fn judge(
        &self,
        loss: Loss,
        example: usize,
        outputs: &[N],
        lane: usize,
        share: N,
        slopes: &mut [N],
    ) -> Verdict {
        loss.judge(outputs, lane, self.target(example), share, slopes)
    }
}

/// Writes numbers into one lane, row after row, channel after channel.
pub fn fill_lane<N: Number>(
    numbers: impl Iterator<Item = N>,
    lane: usize,
    input: &mut [N],
    volume: Volume,
) {
    let mut numbers = numbers;
    for channel in 0..volume.channels {
        for y in 0..volume.height {
            let row = input[volume.span(channel, y)].chunks_exact_mut(LANES);
            for (lanes, number) in row.zip(&mut numbers) {
                lanes[lane] = number;
            }
        }
    }
}
