//! Layers that treat every number by itself.

use crate::models::network::arithmetic::{Kernel, LANES, Number, Vectors};
use crate::models::network::volume::Volume;
use crate::numbers::Noise;

/// A function of one number, with its slope.
pub trait Activation<N: Number>: Copy {
    /// The function.
    fn value(self, x: N) -> N;

    /// Its slope, from its value.
    fn slope(self, y: N) -> N;
}

/// max(x, 0); its slope at 0 is taken as 0, as torch does.
#[derive(Clone, Copy)]
pub struct Relu;

impl<N: Number> Activation<N> for Relu {
    #[inline(always)]
    fn value(self, x: N) -> N {
        // What is not a number must stay one, or a diverged run would look well.
        if x < N::zero() { N::zero() } else { x }
    }

    #[inline(always)]
    fn slope(self, y: N) -> N {
        if y > N::zero() { N::one() } else { N::zero() }
    }
}

/// 1/(1 + e⁻ˣ).
#[derive(Clone, Copy)]
pub struct Sigmoid;

impl<N: Number> Activation<N> for Sigmoid {
    #[inline(always)]
    fn value(self, x: N) -> N {
        N::one() / (N::one() + (-x).exponential())
    }

    #[inline(always)]
    fn slope(self, y: N) -> N {
        y * (N::one() - y)
    }
}

/// tanh x.
#[derive(Clone, Copy)]
pub struct Tanh;

impl<N: Number> Activation<N> for Tanh {
    #[inline(always)]
    fn value(self, x: N) -> N {
        x.hyperbolic_tangent()
    }

    #[inline(always)]
    fn slope(self, y: N) -> N {
        N::one() - y * y
    }
}

/// Calls `work` with the memory ranges of every row of two volumes that differ only in borders.
#[inline(always)]
pub fn rows(
    one: Volume,
    other: Volume,
    mut work: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>),
) {
    for channel in 0..one.channels {
        for y in 0..one.height {
            work(one.span(channel, y), other.span(channel, y));
        }
    }
}

/// y = f(x).
pub struct Forward<'a, N, A> {
    /// f.
    pub activation: A,
    /// x and its shape.
    pub input: (&'a [N], Volume),
    /// y and its shape.
    pub output: (&'a mut [N], Volume),
}

impl<N: Number, A: Activation<N>> Kernel<N> for Forward<'_, N, A> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        let (input, output) = (self.input.0, self.output.0);
        rows(self.input.1, self.output.1, |from, to| {
            for (y, &x) in output[to].iter_mut().zip(&input[from]) {
                *y = self.activation.value(x);
            }
        });
    }
}

/// ∂L/∂x = f′(x)·∂L/∂y.
pub struct Backward<'a, N, A> {
    /// f.
    pub activation: A,
    /// y and its shape.
    pub output: (&'a [N], Volume),
    /// ∂L/∂y and its shape.
    pub slopes: (&'a [N], Volume),
    /// ∂L/∂x and its shape.
    pub input_slopes: (&'a mut [N], Volume),
}

impl<N: Number, A: Activation<N>> Kernel<N> for Backward<'_, N, A> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        let (output, slopes, result) = (self.output.0, self.slopes.0, self.input_slopes.0);
        for channel in 0..self.output.1.channels {
            for y in 0..self.output.1.height {
                let output = &output[self.output.1.span(channel, y)];
                let slopes = &slopes[self.slopes.1.span(channel, y)];
                let result = &mut result[self.input_slopes.1.span(channel, y)];
                for ((result, &slope), &y) in result.iter_mut().zip(slopes).zip(output) {
                    *result = slope * self.activation.slope(y);
                }
            }
        }
    }
}

/// Which numbers dropout keeps, drawn from the update, the stage and the place of the example in
/// its batch: the same for every run, however the batch is split.
#[derive(Clone, Copy, Debug)]
pub struct Drops {
    /// Where the draws come from.
    pub noise: Noise,
    /// Number of the update.
    pub update: u64,
    /// Which stage.
    pub stage: usize,
    /// Which example of the batch the first lane is.
    pub first: usize,
    /// The probability of a 0.
    pub rate: f64,
}

impl Drops {
    /// Multiplies every number of `from` by 0 or 1/(1 − rate), into `to`.
    pub fn apply<N: Number>(&self, from: (&[N], Volume), to: (&mut [N], Volume)) {
        let kept = N::constant(1.0 / (1.0 - self.rate));
        let (input, output) = (from.0, to.0);
        let mut feature = 0_u64;
        rows(from.1, to.1, |from, to| {
            let numbers = input[from].chunks_exact(LANES);
            for (x, y) in numbers.zip(output[to].chunks_exact_mut(LANES)) {
                for lane in 0..LANES {
                    let is_kept = self.draw(lane, feature) >= self.rate;
                    y[lane] = if is_kept { kept * x[lane] } else { N::zero() };
                }
                feature += 1;
            }
        });
    }

    fn draw(&self, lane: usize, feature: u64) -> f64 {
        let example = (self.first + lane) as u64;
        let address = (self.stage as u64) << 48 ^ example << 26 ^ feature;
        self.noise.uniform(self.update, address)
    }
}
