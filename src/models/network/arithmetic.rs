//! The numbers that layers compute in, and the processor's own vectors of them.
//!
//! Which vectors a processor has is found out at run time. A kernel never sums across the lanes
//! of a vector in an order that depends on how wide it is, and multiplies and adds with one
//! rounding everywhere, so that the results are the same bits on every processor.

use crate::numbers::Scalar;
use pulp::{Arch, Simd, WithSimd};
use std::iter::Sum;
use std::ops::AddAssign;

/// How many images go through a layer at once, side by side.
pub const LANES: usize = 16;

/// A number that networks compute in: f32 in earnest, f64 to check gradients.
pub trait Number: Scalar + Default + Sum + AddAssign {
    /// self·factor + term with one rounding.
    fn fused(self, factor: Self, term: Self) -> Self;

    /// Runs a kernel with the widest vectors that this processor has.
    fn run(kernel: impl Kernel<Self>);
}

/// A computation over vectors of any width.
pub trait Kernel<N> {
    /// Does it. Implementations are `inline(always)`, as is all they call: only so does the
    /// compiler know which processor it is for.
    fn run<V: Vectors<Number = N>>(self, vectors: V);
}

/// The vectors of a processor.
pub trait Vectors: Copy {
    /// What they hold.
    type Number: Number;
    /// One of them.
    type Vector: Copy;
    /// How many numbers one holds; it divides [`LANES`].
    const WIDTH: usize;
    /// How many of them hold a number of every image.
    const PER_LANES: usize = LANES / Self::WIDTH;

    /// The same number in every place.
    fn splat(self, value: Self::Number) -> Self::Vector;

    /// a·b + c with one rounding.
    fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;

    /// a + b.
    fn sum(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// Numbers as vectors; those left over at the end are left out.
    fn of(numbers: &[Self::Number]) -> &[Self::Vector];

    /// Numbers as vectors, to be changed.
    fn of_mut(numbers: &mut [Self::Number]) -> &mut [Self::Vector];
}

/// Makes a float a [`Number`] and a processor's vectors of it [`Vectors`].
macro_rules! number {
    ($float:ident, $vectors:ident, $adapter:ident, $vector:ident, $width:ident, $splat:ident,
     $fused:ident, $sum:ident, $of:ident, $of_mut:ident) => {
        #[derive(Clone, Copy)]
        struct $vectors<S>(S);

        impl<S: Simd> Vectors for $vectors<S> {
            type Number = $float;
            type Vector = S::$vector;
            const WIDTH: usize = S::$width;

            #[inline(always)]
            fn splat(self, value: $float) -> Self::Vector {
                self.0.$splat(value)
            }

            #[inline(always)]
            fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
                self.0.$fused(a, b, c)
            }

            #[inline(always)]
            fn sum(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
                self.0.$sum(a, b)
            }

            #[inline(always)]
            fn of(numbers: &[$float]) -> &[Self::Vector] {
                S::$of(numbers).0
            }

            #[inline(always)]
            fn of_mut(numbers: &mut [$float]) -> &mut [Self::Vector] {
                S::$of_mut(numbers).0
            }
        }

        struct $adapter<K>(K);

        impl<K: Kernel<$float>> WithSimd for $adapter<K> {
            type Output = ();

            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) {
                self.0.run($vectors(simd));
            }
        }

        impl Number for $float {
            #[inline(always)]
            fn fused(self, factor: Self, term: Self) -> Self {
                self.mul_add(factor, term)
            }

            fn run(kernel: impl Kernel<Self>) {
                Arch::new().dispatch($adapter(kernel));
            }
        }
    };
}

number!(
    f32,
    Vectors32,
    Adapter32,
    f32s,
    F32_LANES,
    splat_f32s,
    mul_add_f32s,
    add_f32s,
    as_simd_f32s,
    as_mut_simd_f32s
);
number!(
    f64,
    Vectors64,
    Adapter64,
    f64s,
    F64_LANES,
    splat_f64s,
    mul_add_f64s,
    add_f64s,
    as_simd_f64s,
    as_mut_simd_f64s
);

/// The sum over the lanes, in an order that does not depend on the processor.
#[inline(always)]
pub fn lane_sum<N: Number>(mut lanes: [N; LANES]) -> N {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}
