//! Batch normalisation: y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), per channel.
//!
//! The moments are sums over the whole batch. Each part of the batch gives its share, channel by
//! channel, and the shares are added in the order of the batch.

use crate::models::network::arithmetic::{LANES, Number};
use crate::models::network::volume::Volume;
use serde::{Deserialize, Serialize};

/// What is added to the variance; torch's default.
const EPSILON: f64 = 1e-5;

/// The part of the running moments that each batch renews; torch's default.
const MOMENTUM: f64 = 0.1;

/// Mean and variance of every channel over a batch, or over the batches so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments<N> {
    /// μ of each channel.
    pub mean: Vec<N>,
    /// σ² of each channel.
    pub variance: Vec<N>,
}

impl<N: Number> Moments<N> {
    /// What tests use before any training: mean 0 and variance 1.
    pub fn unit(channels: usize) -> Self {
        Self {
            mean: vec![N::zero(); channels],
            variance: vec![N::one(); channels],
        }
    }

    /// Moves running moments towards those of a batch of `count` numbers a channel; like torch
    /// it corrects the variance for the count here and not in the batch itself.
    pub fn follow(&mut self, batch: &Self, count: usize) {
        let part = N::constant(MOMENTUM);
        let correction = N::constant(count as f64 / (count.max(2) - 1) as f64);
        for (mean, &new) in self.mean.iter_mut().zip(&batch.mean) {
            *mean = *mean + part * (new - *mean);
        }
        for (variance, &new) in self.variance.iter_mut().zip(&batch.variance) {
            *variance = *variance + part * (correction * new - *variance);
        }
    }

    fn inverse_deviation(&self, channel: usize) -> N {
        N::one() / (self.variance[channel] + N::constant(EPSILON)).square_root()
    }
}

/// Σ f(numbers) over the first `active` lanes of one channel of two volumes.
fn channel_sum<N: Number>(
    channel: usize,
    active: usize,
    (one, first): (&[N], Volume),
    (other, second): (&[N], Volume),
    f: impl Fn(N, N) -> N,
) -> N {
    let mut sum = N::zero();
    for y in 0..first.height {
        let ones = one[first.span(channel, y)].chunks_exact(LANES);
        let others = other[second.span(channel, y)].chunks_exact(LANES);
        for (a, b) in ones.zip(others) {
            for lane in 0..active {
                sum += f(a[lane], b[lane]);
            }
        }
    }
    sum
}

/// Adds Σ x of every channel to `sums`.
pub fn add_sums<N: Number>(active: usize, x: (&[N], Volume), sums: &mut [N]) {
    for (channel, sum) in sums.iter_mut().enumerate() {
        *sum += channel_sum(channel, active, x, x, |x, _| x);
    }
}

/// Adds Σ (x − μ)² of every channel to `sums`.
pub fn add_squares<N: Number>(active: usize, x: (&[N], Volume), mean: &[N], sums: &mut [N]) {
    for (channel, sum) in sums.iter_mut().enumerate() {
        let mean = mean[channel];
        *sum += channel_sum(channel, active, x, x, |x, _| (x - mean) * (x - mean));
    }
}

/// Adds ∂L/∂γ = Σ ∂L/∂y·x̂ and ∂L/∂β = Σ ∂L/∂y of every channel.
pub fn add_slopes<N: Number>(
    active: usize,
    x: (&[N], Volume),
    slopes: (&[N], Volume),
    moments: &Moments<N>,
    (scale, shift): (&mut [N], &mut [N]),
) {
    for channel in 0..x.1.channels {
        let (mean, inverse) = (moments.mean[channel], moments.inverse_deviation(channel));
        let product = |x, slope| (x - mean) * inverse * slope;
        scale[channel] += channel_sum(channel, active, x, slopes, product);
        shift[channel] += channel_sum(channel, active, slopes, slopes, |slope, _| slope);
    }
}

/// y = γ·x̂ + β.
pub fn forward<N: Number>(
    x: (&[N], Volume),
    y: (&mut [N], Volume),
    moments: &Moments<N>,
    [scale, shift]: [&[N]; 2],
) {
    for channel in 0..x.1.channels {
        let factor = scale[channel] * moments.inverse_deviation(channel);
        let (mean, shift) = (moments.mean[channel], shift[channel]);
        for row in 0..x.1.height {
            let input = &x.0[x.1.span(channel, row)];
            for (y, &x) in y.0[y.1.span(channel, row)].iter_mut().zip(input) {
                *y = (x - mean) * factor + shift;
            }
        }
    }
}

/// ∂L/∂x = γ/√(σ² + ε)·(∂L/∂y − mean(∂L/∂y) − x̂·mean(∂L/∂y·x̂)); `sums` are ∂L/∂γ and ∂L/∂β over
/// the whole batch, of `count` numbers a channel. Lanes from `active` on are no examples and get
/// none of it.
pub fn backward<N: Number>(
    active: usize,
    x: (&[N], Volume),
    slopes: (&[N], Volume),
    result: (&mut [N], Volume),
    moments: &Moments<N>,
    (scale, sums, count): (&[N], [&[N]; 2], usize),
) {
    let share = N::one() / N::constant(count as f64);
    for channel in 0..x.1.channels {
        let (mean, inverse) = (moments.mean[channel], moments.inverse_deviation(channel));
        let along = sums[0][channel] * share;
        let level = sums[1][channel] * share;
        let factor = scale[channel] * inverse;
        for row in 0..x.1.height {
            let x = &x.0[x.1.span(channel, row)];
            let slopes = &slopes.0[slopes.1.span(channel, row)];
            let result = &mut result.0[result.1.span(channel, row)];
            for ((result, &slope), &x) in result.iter_mut().zip(slopes).zip(x) {
                *result = factor * (slope - level - (x - mean) * inverse * along);
            }
            for lanes in result.chunks_exact_mut(LANES) {
                lanes[active..].fill(N::zero());
            }
        }
    }
}
