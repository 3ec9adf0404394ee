//! Convolution (cross-correlation, as networks have it).

use super::blocks::blocks;
use crate::models::network::arithmetic::{Kernel, LANES, Number, Vectors, lane_sum};
use crate::models::network::volume::Volume;
use crate::numbers::Real as _;

/// How many output channels are computed at once, the most first.
const CHANNELS: [usize; 4] = [6, 4, 2, 1];

/// y[o, r, q] = b[o] + Σ w[o, c, i, j]·x[c, r·stride + i − padding, q·stride + j − padding].
///
/// With stride 1 the backward pass through the input is the same thing with other weights.
pub struct Correlate<'a, N> {
    /// x, with a border of at least the padding.
    pub input: &'a [N],
    /// The shape of x.
    pub from: Volume,
    /// w, packed by [`pack`].
    pub weights: &'a [N],
    /// b; 0 where there is none.
    pub bias: Option<&'a [N]>,
    /// y.
    pub output: &'a mut [N],
    /// The shape of y.
    pub to: Volume,
    /// Rows and columns of the filters.
    pub kernel: usize,
    /// Zeros that are thought around x.
    pub padding: usize,
    /// How far the filters are moved from place to place.
    pub stride: usize,
}

/// Puts the weights in the order in which [`Correlate`] reads them: those of a block of output
/// channels side by side. `weight(o, c, i, j)` is where each comes from.
pub fn pack<N: Number>(
    outputs: usize,
    inputs: usize,
    kernel: usize,
    weight: impl Fn(usize, usize, usize, usize) -> N,
    packed: &mut [N],
) {
    let mut places = packed.iter_mut();
    for (first, count) in blocks(outputs, CHANNELS) {
        for c in 0..inputs {
            for (i, j) in (0..kernel).flat_map(|i| (0..kernel).map(move |j| (i, j))) {
                for (o, place) in (first..first + count).zip(&mut places) {
                    *place = weight(o, c, i, j);
                }
            }
        }
    }
}

impl<N: Number> Kernel<N> for Correlate<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, vectors: V) {
        for (first, count) in blocks(self.to.channels, CHANNELS) {
            let mut pass = Pass {
                vectors,
                input: V::of(self.input),
                from: self.from,
                weights: &self.weights[first * self.from.channels * self.kernel * self.kernel..],
                output: V::of_mut(self.output),
                to: self.to,
                kernel: self.kernel,
                padding: self.padding,
                stride: self.stride,
                first,
            };
            match (count, self.stride) {
                (6, 1) => pass.channels::<6, true>(self.bias),
                (4, 1) => pass.channels::<4, true>(self.bias),
                (2, 1) => pass.channels::<2, true>(self.bias),
                (_, 1) => pass.channels::<1, true>(self.bias),
                (6, _) => pass.channels::<6, false>(self.bias),
                (4, _) => pass.channels::<4, false>(self.bias),
                (2, _) => pass.channels::<2, false>(self.bias),
                (_, _) => pass.channels::<1, false>(self.bias),
            }
        }
    }
}

/// The work on one block of output channels.
struct Pass<'a, V: Vectors> {
    vectors: V,
    input: &'a [V::Vector],
    from: Volume,
    weights: &'a [V::Number],
    output: &'a mut [V::Vector],
    to: Volume,
    kernel: usize,
    padding: usize,
    stride: usize,
    first: usize,
}

impl<V: Vectors> Pass<'_, V> {
    /// `UNIT` says that the stride is 1, so that the compiler knows where numbers lie.
    #[inline(always)]
    fn channels<const O: usize, const UNIT: bool>(&mut self, bias: Option<&[V::Number]>) {
        let mut sums = [self.vectors.splat(V::Number::zero()); O];
        if let Some(bias) = bias {
            for (sum, &b) in sums.iter_mut().zip(&bias[self.first..]) {
                *sum = self.vectors.splat(b);
            }
        }
        for part in 0..V::PER_LANES {
            for y in 0..self.to.height {
                let mut x = 0;
                // Wide vectors come with many registers.
                while V::WIDTH >= LANES && x + 4 <= self.to.width {
                    self.block::<O, 4, UNIT>(&sums, (y, x, part));
                    x += 4;
                }
                while x + 2 <= self.to.width {
                    self.block::<O, 2, UNIT>(&sums, (y, x, part));
                    x += 2;
                }
                if x < self.to.width {
                    self.block::<O, 1, UNIT>(&sums, (y, x, part));
                }
            }
        }
    }

    /// O channels of X numbers of a row, all in registers.
    #[inline(always)]
    fn block<const O: usize, const X: usize, const UNIT: bool>(
        &mut self,
        start: &[V::Vector; O],
        (y, x, part): (usize, usize, usize),
    ) {
        let mut sums = [[start[0]; X]; O];
        for o in 0..O {
            sums[o] = [start[o]; X];
        }
        let per = V::PER_LANES;
        let stride = if UNIT { 1 } else { self.stride };
        let (top, left) = (y * stride, x * stride);
        let first_row = self.padding.saturating_sub(top);
        let last_row = self.kernel.min(self.from.height + self.padding - top);
        let shift = self.from.border - self.padding;
        for c in 0..self.from.channels {
            for i in first_row..last_row {
                let row = c * self.from.height + top + i - self.padding;
                let row = &self.input[(row * self.from.row() + left + shift) * per + part..];
                let taps = (c * self.kernel + i) * self.kernel;
                let weights = &self.weights[taps * O..(taps + self.kernel) * O];
                for j in 0..self.kernel {
                    let mut values = [row[j * per]; X];
                    for k in 1..X {
                        values[k] = row[(j + k * stride) * per];
                    }
                    let weights = &weights[j * O..(j + 1) * O];
                    for o in 0..O {
                        let weight = self.vectors.splat(weights[o]);
                        for k in 0..X {
                            sums[o][k] = self.vectors.fused(weight, values[k], sums[o][k]);
                        }
                    }
                }
            }
        }
        for o in 0..O {
            let row = (self.first + o) * self.to.height + y;
            let place = (row * self.to.row() + self.to.border + x) * per + part;
            for k in 0..X {
                self.output[place + k * per] = sums[o][k];
            }
        }
    }
}

/// Adds ∂L/∂w[o, c, i, j] = Σ ∂L/∂y[o, r, q]·x[c, r·stride + i − padding, q·stride + j − padding],
/// summed over places and lanes, and ∂L/∂b[o] = Σ ∂L/∂y[o, ·].
pub struct Weights<'a, N> {
    /// x, with a border of at least the padding.
    pub input: &'a [N],
    /// The shape of x.
    pub from: Volume,
    /// ∂L/∂y.
    pub slopes: &'a [N],
    /// The shape of y.
    pub to: Volume,
    /// ∂L/∂w, added to.
    pub weights: &'a mut [N],
    /// ∂L/∂b, added to.
    pub bias: &'a mut [N],
    /// Rows and columns of the filters.
    pub kernel: usize,
    /// Zeros that are thought around x.
    pub padding: usize,
    /// How far the filters are moved from place to place.
    pub stride: usize,
}

impl<N: Number> Kernel<N> for Weights<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(mut self, vectors: V) {
        let input = V::of(self.input);
        let slopes = V::of(self.slopes);
        let most = if V::WIDTH >= LANES { 4 } else { 2 };
        for (first, count) in blocks(self.to.channels, [most, 2, 1, 1]) {
            for c in 0..self.from.channels {
                for i in 0..self.kernel {
                    for (j, columns) in blocks(self.kernel, [5, 3, 2, 1]) {
                        let at = (first, c, i, j);
                        match (count, columns) {
                            (4, 5) => self.block::<V, 4, 5>(vectors, input, slopes, at),
                            (4, 3) => self.block::<V, 4, 3>(vectors, input, slopes, at),
                            (4, 2) => self.block::<V, 4, 2>(vectors, input, slopes, at),
                            (4, _) => self.block::<V, 4, 1>(vectors, input, slopes, at),
                            (2, 5) => self.block::<V, 2, 5>(vectors, input, slopes, at),
                            (2, 3) => self.block::<V, 2, 3>(vectors, input, slopes, at),
                            (2, 2) => self.block::<V, 2, 2>(vectors, input, slopes, at),
                            (2, _) => self.block::<V, 2, 1>(vectors, input, slopes, at),
                            (_, 5) => self.block::<V, 1, 5>(vectors, input, slopes, at),
                            (_, 3) => self.block::<V, 1, 3>(vectors, input, slopes, at),
                            (_, 2) => self.block::<V, 1, 2>(vectors, input, slopes, at),
                            (_, _) => self.block::<V, 1, 1>(vectors, input, slopes, at),
                        }
                    }
                }
            }
        }
        for o in 0..self.to.channels {
            let mut lanes = [N::zero(); LANES];
            for y in 0..self.to.height {
                for number in self.slopes[self.to.span(o, y)].chunks_exact(LANES) {
                    for (sum, &slope) in lanes.iter_mut().zip(number) {
                        *sum += slope;
                    }
                }
            }
            self.bias[o] += lane_sum(lanes);
        }
    }
}

impl<N: Number> Weights<'_, N> {
    /// O channels of X neighbouring weights, all in registers.
    #[inline(always)]
    fn block<V: Vectors<Number = N>, const O: usize, const X: usize>(
        &mut self,
        vectors: V,
        input: &[V::Vector],
        slopes: &[V::Vector],
        (first, c, i, j): (usize, usize, usize, usize),
    ) {
        let per = V::PER_LANES;
        let mut lanes = [[[N::zero(); LANES]; X]; O];
        let stride = self.stride;
        let first_row = self.padding.saturating_sub(i).div_ceil(stride);
        let below = (self.from.height + self.padding).saturating_sub(i);
        let last_row = self.to.height.min(below.div_ceil(stride));
        let shift = self.from.border - self.padding + j;
        for part in 0..per {
            let mut sums = [[vectors.splat(N::zero()); X]; O];
            for y in first_row..last_row {
                let row = c * self.from.height + y * stride + i - self.padding;
                let row = &input[(row * self.from.row() + shift) * per + part..];
                let slope = (first * self.to.height + y) * self.to.row() + self.to.border;
                let slopes = &slopes[slope * per + part..];
                let plane = self.to.height * self.to.row() * per;
                for x in 0..self.to.width {
                    let mut values = [row[x * stride * per]; X];
                    for k in 1..X {
                        values[k] = row[(x * stride + k) * per];
                    }
                    for o in 0..O {
                        let slope = slopes[o * plane + x * per];
                        for k in 0..X {
                            sums[o][k] = vectors.fused(slope, values[k], sums[o][k]);
                        }
                    }
                }
            }
            for o in 0..O {
                for k in 0..X {
                    V::of_mut(&mut lanes[o][k])[part] = sums[o][k];
                }
            }
        }
        for o in 0..O {
            let filter = ((first + o) * self.from.channels + c) * self.kernel + i;
            for k in 0..X {
                self.weights[filter * self.kernel + j + k] += lane_sum(lanes[o][k]);
            }
        }
    }
}

/// ∂L/∂x[c, u, v] = Σ w[o, c, i, j]·∂L/∂y[o, r, q] over all r·stride + i − padding = u and
/// q·stride + j − padding = v: the backward pass through the input for any stride.
pub struct Spread<'a, N> {
    /// ∂L/∂y.
    pub slopes: &'a [N],
    /// The shape of y.
    pub from: Volume,
    /// w turned around as for [`Correlate`], packed by [`pack`] with inputs and outputs exchanged.
    pub weights: &'a [N],
    /// ∂L/∂x.
    pub output: &'a mut [N],
    /// The shape of x.
    pub to: Volume,
    /// Rows and columns of the filters.
    pub kernel: usize,
    /// Zeros that are thought around x.
    pub padding: usize,
    /// How far the filters are moved from place to place.
    pub stride: usize,
}

impl<N: Number> Kernel<N> for Spread<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(mut self, vectors: V) {
        for (first, count) in blocks(self.to.channels, CHANNELS) {
            match count {
                6 => self.channels::<V, 6>(vectors, first),
                4 => self.channels::<V, 4>(vectors, first),
                2 => self.channels::<V, 2>(vectors, first),
                _ => self.channels::<V, 1>(vectors, first),
            }
        }
    }
}

impl<N: Number> Spread<'_, N> {
    #[inline(always)]
    fn channels<V: Vectors<Number = N>, const O: usize>(&mut self, vectors: V, first: usize) {
        for part in 0..V::PER_LANES {
            for u in 0..self.to.height {
                for v in 0..self.to.width {
                    self.place::<V, O>(vectors, first, (u, v, part));
                }
            }
        }
    }

    /// O channels of one number, all in registers.
    #[inline(always)]
    fn place<V: Vectors<Number = N>, const O: usize>(
        &mut self,
        vectors: V,
        first: usize,
        (u, v, part): (usize, usize, usize),
    ) {
        let per = V::PER_LANES;
        let area = self.kernel * self.kernel;
        let weights = &self.weights[first * self.from.channels * area..];
        let slopes = V::of(self.slopes);
        let mut sums = [vectors.splat(N::zero()); O];
        for channel in 0..self.from.channels {
            for (i, r) in taps(u, self.padding, self.stride, self.kernel, self.from.height) {
                let row = channel * self.from.height + r;
                let row = row * self.from.row() + self.from.border;
                for (j, q) in taps(v, self.padding, self.stride, self.kernel, self.from.width) {
                    let slope = slopes[(row + q) * per + part];
                    let turned = area - 1 - (i * self.kernel + j);
                    let weights = &weights[(channel * area + turned) * O..][..O];
                    for o in 0..O {
                        sums[o] = vectors.fused(vectors.splat(weights[o]), slope, sums[o]);
                    }
                }
            }
        }
        let output = V::of_mut(self.output);
        for o in 0..O {
            let row = (first + o) * self.to.height + u;
            output[(row * self.to.row() + self.to.border + v) * per + part] = sums[o];
        }
    }
}

/// Every (tap i of a filter, place r of its output) with r·stride + i − padding = `at`, where
/// there are `places` of them.
#[inline(always)]
fn taps(
    at: usize,
    padding: usize,
    stride: usize,
    kernel: usize,
    places: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let reach = at + padding;
    let first = reach % stride;
    (first..kernel.min(reach + 1))
        .step_by(stride)
        .map(move |tap| (tap, (reach - tap) / stride))
        .filter(move |&(_, place)| place < places)
}
