//! What batch normalisation needs to know of all examples of a batch.

use super::arithmetic::Number;
use super::kernels::normalisation::{self, Moments};
use super::part::{Part, number};
use super::space::Space;
use super::stage::Context;
use super::volume::Volume;
use rayon::prelude::*;

/// Does something with every space of every part, the parts at once.
pub(super) fn each_space<N: Number>(
    parts: &mut [Part<N>],
    work: impl Fn(&mut [N], &mut Space<N>) + Sync,
) {
    parts.par_iter_mut().for_each(|part| {
        for space in part.spaces.iter_mut().filter(|space| space.active > 0) {
            work(&mut part.gathered, space);
        }
    });
}

/// Adds up `work` over all spaces, in the order of the batch.
pub(super) fn total<N: Number>(
    parts: &mut [Part<N>],
    length: usize,
    work: impl Fn(&Space<N>, &mut [N]) + Sync,
) -> Vec<N> {
    parts.par_iter_mut().for_each(|part| {
        part.sums.clear();
        part.sums.resize(length, N::zero());
        for space in part.spaces.iter().filter(|space| space.active > 0) {
            work(space, &mut part.sums);
        }
    });
    let mut total = vec![N::zero(); length];
    for part in parts {
        for (sum, &part) in total.iter_mut().zip(&part.sums) {
            *sum += part;
        }
    }
    total
}

/// The moments of what a batch normalisation is given.
pub(super) fn moments<N: Number>(
    parts: &mut [Part<N>],
    stage: usize,
    volume: Volume,
    examples: usize,
) -> Moments<N> {
    let share = N::one() / number(examples * volume.height * volume.width);
    let channels = volume.channels;
    let mean = |sums: Vec<N>| sums.into_iter().map(|sum| sum * share).collect::<Vec<N>>();
    let means = mean(total(parts, channels, |space, sums| {
        normalisation::add_sums(space.active, (&space.values[stage], volume), sums);
    }));
    let variance = mean(total(parts, channels, |space, sums| {
        let input = (&*space.values[stage], volume);
        normalisation::add_squares(space.active, input, &means, sums);
    }));
    Moments {
        mean: means,
        variance,
    }
}

/// The slopes along the scales and the shifts of a batch normalisation, over the whole batch.
pub(super) fn slopes<N: Number>(
    parts: &mut [Part<N>],
    context: &Context<'_, N>,
    stage: usize,
    moments: &Moments<N>,
) -> Vec<N> {
    let (from, along) = (context.plan.values[stage], context.plan.slopes[stage + 1]);
    let totals = total(parts, 2 * from.channels, |space, sums| {
        let (scale, shift) = sums.split_at_mut(from.channels);
        let slopes = (&*space.slopes[stage + 1], along);
        let input = (&*space.values[stage], from);
        normalisation::add_slopes(space.active, input, slopes, moments, (scale, shift));
    });
    let first = context.plan.stages[stage].parameters.unwrap_or(0);
    for part in parts {
        let [scale, shift] = context.layout.pair(first, &mut part.gathered);
        scale.copy_from_slice(&part.sums[..from.channels]);
        shift.copy_from_slice(&part.sums[from.channels..]);
    }
    totals
}
