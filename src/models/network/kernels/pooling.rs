//! Layers that take one number for each window.

use crate::models::network::arithmetic::{Kernel, LANES, Number, Vectors};
use crate::models::network::volume::Volume;

/// The windows of a pooling layer.
#[derive(Clone, Copy)]
pub struct Windows {
    /// Rows and columns of a window.
    pub size: usize,
    /// How far windows lie apart.
    pub stride: usize,
    /// The shape of what they lie on.
    pub from: Volume,
    /// The shape of what is taken from them.
    pub to: Volume,
}

impl Windows {
    /// Calls `work` for every window with where its number goes and where its first one is.
    #[inline(always)]
    fn each(&self, mut work: impl FnMut(usize, usize)) {
        for channel in 0..self.to.channels {
            for y in 0..self.to.height {
                let to = self.to.begin(channel, y);
                let from = self.from.begin(channel, y * self.stride);
                for x in 0..self.to.width {
                    work(to + x * LANES, from + x * self.stride * LANES);
                }
            }
        }
    }

    /// Where number `index` of the window that begins at `begin` is.
    #[inline(always)]
    fn place(&self, begin: usize, index: usize) -> std::ops::Range<usize> {
        let (row, column) = (index / self.size, index % self.size);
        let place = begin + (row * self.from.row() + column) * LANES;
        place..place + LANES
    }

    /// The largest numbers of a window and which they are, the first of equal ones.
    #[inline(always)]
    fn largest<N: Number>(&self, input: &[N], begin: usize) -> ([N; LANES], [u32; LANES]) {
        let mut largest = [N::zero(); LANES];
        largest.copy_from_slice(&input[self.place(begin, 0)]);
        let mut which = [0; LANES];
        for index in 1..self.size * self.size {
            let numbers = &input[self.place(begin, index)];
            for lane in 0..LANES {
                let is_larger = numbers[lane] > largest[lane];
                largest[lane] = if is_larger {
                    numbers[lane]
                } else {
                    largest[lane]
                };
                which[lane] = if is_larger { index as u32 } else { which[lane] };
            }
        }
        (largest, which)
    }

    #[inline(always)]
    fn clear<N: Number>(&self, slopes: &mut [N]) {
        for channel in 0..self.from.channels {
            for y in 0..self.from.height {
                slopes[self.from.span(channel, y)].fill(N::zero());
            }
        }
    }
}

/// The largest number of every window.
pub struct LargestForward<'a, N> {
    /// The windows.
    pub windows: Windows,
    /// x.
    pub input: &'a [N],
    /// y.
    pub output: &'a mut [N],
}

impl<N: Number> Kernel<N> for LargestForward<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        self.windows.each(|to, from| {
            let (largest, _) = self.windows.largest(self.input, from);
            self.output[to..to + LANES].copy_from_slice(&largest);
        });
    }
}

/// ∂L/∂y goes to the number that was the largest.
pub struct LargestBackward<'a, N> {
    /// The windows, over x and ∂L/∂y.
    pub windows: Windows,
    /// x.
    pub input: &'a [N],
    /// ∂L/∂y and its shape.
    pub slopes: (&'a [N], Volume),
    /// ∂L/∂x and its shape.
    pub input_slopes: (&'a mut [N], Volume),
}

impl<N: Number> Kernel<N> for LargestBackward<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        let (slopes, from) = self.slopes;
        let (result, to) = self.input_slopes;
        let ways = Windows {
            from: to,
            to: from,
            ..self.windows
        };
        ways.clear(result);
        for channel in 0..from.channels {
            for y in 0..from.height {
                for x in 0..from.width {
                    let shift = x * ways.stride * LANES;
                    let (row, corner) = (y * ways.stride, from.begin(channel, y) + x * LANES);
                    let begin = self.windows.from.begin(channel, row) + shift;
                    let (_, which) = self.windows.largest(self.input, begin);
                    let slope = &slopes[corner..corner + LANES];
                    let begin = to.begin(channel, row) + shift;
                    for index in 0..ways.size * ways.size {
                        let result = &mut result[ways.place(begin, index)];
                        for lane in 0..LANES {
                            let goes_here = which[lane] == index as u32;
                            let part = if goes_here { slope[lane] } else { N::zero() };
                            result[lane] += part;
                        }
                    }
                }
            }
        }
    }
}

/// The mean of every window.
pub struct MeanForward<'a, N> {
    /// The windows.
    pub windows: Windows,
    /// x.
    pub input: &'a [N],
    /// y.
    pub output: &'a mut [N],
}

impl<N: Number> Kernel<N> for MeanForward<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        let count = self.windows.size * self.windows.size;
        let share = N::one() / N::constant(count as f64);
        self.windows.each(|to, from| {
            let mut sums = [N::zero(); LANES];
            for index in 0..count {
                let numbers = &self.input[self.windows.place(from, index)];
                for lane in 0..LANES {
                    sums[lane] += numbers[lane];
                }
            }
            for (y, sum) in self.output[to..to + LANES].iter_mut().zip(sums) {
                *y = share * sum;
            }
        });
    }
}

/// ∂L/∂y goes in equal parts to all numbers of its window.
pub struct MeanBackward<'a, N> {
    /// The windows, from ∂L/∂x to ∂L/∂y.
    pub windows: Windows,
    /// ∂L/∂y.
    pub slopes: &'a [N],
    /// ∂L/∂x.
    pub input_slopes: &'a mut [N],
}

impl<N: Number> Kernel<N> for MeanBackward<'_, N> {
    #[inline(always)]
    fn run<V: Vectors<Number = N>>(self, _: V) {
        let count = self.windows.size * self.windows.size;
        let share = N::one() / N::constant(count as f64);
        self.windows.clear(self.input_slopes);
        self.windows.each(|to, from| {
            let slope = &self.slopes[to..to + LANES];
            for index in 0..count {
                let result = &mut self.input_slopes[self.windows.place(from, index)];
                for lane in 0..LANES {
                    result[lane] += share * slope[lane];
                }
            }
        });
    }
}
