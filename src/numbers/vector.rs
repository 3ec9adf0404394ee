//! The widest vector instructions that the machine has, chosen while the program runs.

use pulp::NullaryFnOnce;

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

/// Does `work` with AVX2, so that a program built for any x86-64 machine uses what this one can
/// do; gives it back where the machine has none. No instruction is used that rounds otherwise: the
/// results are the same, bit for bit, as those of the plain form.
///
/// # Errors
/// The work itself, where it must be done in its plain form.
#[inline]
pub fn vectorized<W: Work>(work: W) -> Result<W::Output, W> {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return Ok(avx2.vectorize(Inlined(work)));
    }
    Err(work)
}

/// The same with AVX-512 where the machine has it: for the inner loop of sweeps, which then takes
/// about half as many instructions. Divisions and roots are no faster with it, and everything is
/// compiled once more, so that it is not for all.
///
/// # Errors
/// The work itself, where it must be done in its plain form.
#[inline]
pub fn widest<W: Work>(work: W) -> Result<W::Output, W> {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(avx512) = pulp::x86::V4::try_new() {
        return Ok(avx512.vectorize(Inlined(work)));
    }
    vectorized(work)
}

/// To be called in a loop over packs, so that it goes from pack to pack. The compiler would take
/// several packs at once and gather their lanes from all over memory, where the lanes of each
/// fill its vectors already. It costs no instruction.
#[inline(always)]
pub fn one_by_one() {
    std::hint::black_box(());
}
