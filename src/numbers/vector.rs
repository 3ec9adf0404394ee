//! The widest vector instructions that the machine has, chosen while the program runs.

use pulp::{Arch, NullaryFnOnce};

/// A piece of arithmetic over many packed numbers.
///
/// Everything in `work` must be inlined into it (`#[inline(always)]` on the method and on what it
/// calls), because what is called from outside keeps the plain instructions that every machine
/// of its kind has.
pub trait Work {
    /// What it gives.
    type Output;

    /// Does it.
    fn work(self) -> Self::Output;
}

struct Inlined<W>(W);

impl<W: Work> NullaryFnOnce for Inlined<W> {
    type Output = W::Output;

    #[inline(always)]
    fn call(self) -> W::Output {
        self.0.work()
    }
}

/// Does `work` with AVX2 where the machine has it, so that a program built for any x86-64 machine
/// uses what this one can do. No instruction is used that rounds otherwise: the results are the
/// same, bit for bit.
#[inline]
pub fn vectorized<W: Work>(work: W) -> W::Output {
    Arch::new().dispatch(Inlined(work))
}

/// The same index, for a loop over packs. The compiler must not look through it: it would take
/// several packs at once and gather their lanes from all over memory, where the lanes of each
/// fill its vectors already.
#[inline(always)]
pub fn one_by_one(index: usize) -> usize {
    std::hint::black_box(index)
}
