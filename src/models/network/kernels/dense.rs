//! Fully connected layers.

use super::blocks::blocks;
use crate::models::network::arithmetic::{Kernel, LANES, Number, Vectors, lane_sum};
use crate::numbers::Real as _;

/// y[o] = b[o] + Σ w[o, i]·x[i].
pub struct Forward<'a, N> {
    /// x.
    pub input: &'a [N],
    /// w, row after row.
    pub weights: &'a [N],
    /// b.
    pub bias: &'a [N],
    /// y.
    pub output: &'a mut [N],
}

impl<N: Number> Kernel<N> for Forward<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, vectors: V) {
        let input = V::of(self.input);
        let output = V::of_mut(self.output);
        for (first, count) in blocks(self.bias.len(), [12, 4, 2, 1]) {
            let weights = &self.weights[first * (self.input.len() / LANES)..];
            let bias = &self.bias[first..first + count];
            let output = &mut output[first * V::PER_LANES..];
            match count {
                12 => rows::<V, 12>(vectors, input, weights, bias, output),
                4 => rows::<V, 4>(vectors, input, weights, bias, output),
                2 => rows::<V, 2>(vectors, input, weights, bias, output),
                _ => rows::<V, 1>(vectors, input, weights, bias, output),
            }
        }
    }
}

/// R rows of the weights times the input.
#[inline(always)]
fn rows<V: Vectors, const R: usize>(
    vectors: V,
    input: &[V::Vector],
    weights: &[V::Number],
    bias: &[V::Number],
    output: &mut [V::Vector],
) {
    let per = V::PER_LANES;
    let inputs = input.len() / per;
    let mut row = [&weights[..0]; R];
    for r in 0..R {
        row[r] = &weights[r * inputs..(r + 1) * inputs];
    }
    for part in 0..per {
        let mut sums = [vectors.splat(bias[0]); R];
        for r in 1..R {
            sums[r] = vectors.splat(bias[r]);
        }
        for i in 0..inputs {
            let value = input[i * per + part];
            for r in 0..R {
                sums[r] = vectors.fused(vectors.splat(row[r][i]), value, sums[r]);
            }
        }
        for r in 0..R {
            output[r * per + part] = sums[r];
        }
    }
}

/// ∂L/∂x[i] = Σ w[o, i]·∂L/∂y[o].
pub struct Input<'a, N> {
    /// ∂L/∂y.
    pub slopes: &'a [N],
    /// w, row after row.
    pub weights: &'a [N],
    /// ∂L/∂x.
    pub output: &'a mut [N],
}

impl<N: Number> Kernel<N> for Input<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, vectors: V) {
        let inputs = self.output.len() / LANES;
        let slopes = V::of(self.slopes);
        let output = V::of_mut(self.output);
        for (first, count) in blocks(inputs, [12, 4, 2, 1]) {
            let weights = &self.weights[first..];
            let output = &mut output[first * V::PER_LANES..];
            match count {
                12 => columns::<V, 12>(vectors, slopes, weights, inputs, output),
                4 => columns::<V, 4>(vectors, slopes, weights, inputs, output),
                2 => columns::<V, 2>(vectors, slopes, weights, inputs, output),
                _ => columns::<V, 1>(vectors, slopes, weights, inputs, output),
            }
        }
    }
}

/// C columns of the weights times the slopes.
#[inline(always)]
fn columns<V: Vectors, const C: usize>(
    vectors: V,
    slopes: &[V::Vector],
    weights: &[V::Number],
    inputs: usize,
    output: &mut [V::Vector],
) {
    let per = V::PER_LANES;
    for part in 0..per {
        let mut sums = [vectors.splat(V::Number::zero()); C];
        for o in 0..slopes.len() / per {
            let slope = slopes[o * per + part];
            let weights = &weights[o * inputs..o * inputs + C];
            for c in 0..C {
                sums[c] = vectors.fused(vectors.splat(weights[c]), slope, sums[c]);
            }
        }
        for c in 0..C {
            output[c * per + part] = sums[c];
        }
    }
}

/// Adds ∂L/∂w[o, i] = Σ ∂L/∂y[o]·x[i] and ∂L/∂b[o] = Σ ∂L/∂y[o], summed over the lanes.
pub struct Weights<'a, N> {
    /// x with the lanes apart: the features of the first image, then those of the second, … each
    /// filled up to whole [`LANES`].
    pub input: &'a [N],
    /// ∂L/∂y.
    pub slopes: &'a [N],
    /// ∂L/∂w, added to; every row is filled up to whole [`LANES`].
    pub weights: &'a mut [N],
    /// ∂L/∂b, added to.
    pub bias: &'a mut [N],
}

/// How long a row of so many numbers is, filled up to whole [`LANES`].
pub const fn padded(length: usize) -> usize {
    length.next_multiple_of(LANES)
}

/// Sets the lanes of `input` apart, as [`Weights`] reads them.
pub fn set_apart<N: Number>(input: &[N], apart: &mut [N]) {
    let length = padded(input.len() / LANES);
    for (feature, lanes) in input.chunks_exact(LANES).enumerate() {
        for (lane, &value) in lanes.iter().enumerate() {
            apart[lane * length + feature] = value;
        }
    }
}

impl<N: Number> Kernel<N> for Weights<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, vectors: V) {
        let outputs = self.bias.len();
        for (o, lanes) in self.slopes.chunks_exact(LANES).enumerate() {
            let mut sums = [N::zero(); LANES];
            sums.copy_from_slice(lanes);
            self.bias[o] += lane_sum(sums);
        }
        let length = self.input.len() / LANES / V::WIDTH;
        let input = V::of(self.input);
        let weights = V::of_mut(self.weights);
        for (row, rows) in blocks(outputs, [4, 2, 1, 1]) {
            let slopes = &self.slopes[row * LANES..];
            let weights = &mut weights[row * length..];
            let most = if V::WIDTH >= LANES { 4 } else { 2 };
            for (column, columns) in blocks(length, [most, 2, 1, 1]) {
                let input = &input[column..];
                let weights = &mut weights[column..];
                match (rows, columns) {
                    (4, 4) => tile::<V, 4, 4>(vectors, input, slopes, weights, length),
                    (4, 2) => tile::<V, 4, 2>(vectors, input, slopes, weights, length),
                    (4, _) => tile::<V, 4, 1>(vectors, input, slopes, weights, length),
                    (2, 4) => tile::<V, 2, 4>(vectors, input, slopes, weights, length),
                    (2, 2) => tile::<V, 2, 2>(vectors, input, slopes, weights, length),
                    (2, _) => tile::<V, 2, 1>(vectors, input, slopes, weights, length),
                    (_, 4) => tile::<V, 1, 4>(vectors, input, slopes, weights, length),
                    (_, 2) => tile::<V, 1, 2>(vectors, input, slopes, weights, length),
                    (_, _) => tile::<V, 1, 1>(vectors, input, slopes, weights, length),
                }
            }
        }
    }
}

/// R rows of C vectors of weights.
#[inline(always)]
fn tile<V: Vectors, const R: usize, const C: usize>(
    vectors: V,
    input: &[V::Vector],
    slopes: &[V::Number],
    weights: &mut [V::Vector],
    length: usize,
) {
    let mut sums = [[weights[0]; C]; R];
    for r in 0..R {
        for c in 0..C {
            sums[r][c] = weights[r * length + c];
        }
    }
    for lane in 0..LANES {
        let input = &input[lane * length..lane * length + C];
        for r in 0..R {
            let slope = vectors.splat(slopes[r * LANES + lane]);
            for c in 0..C {
                sums[r][c] = vectors.fused(slope, input[c], sums[r][c]);
            }
        }
    }
    for r in 0..R {
        for c in 0..C {
            weights[r * length + c] = sums[r][c];
        }
    }
}
