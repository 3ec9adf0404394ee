//! The objective as a rule may ask it, beyond the gradient that it is given.

use std::fmt;

/// What a rule can learn about the objective at any point, at one update.
///
/// Everything that a probe answers is counted as evaluations of the objective: a value or a
/// gradient (which comes with its value) as one, a Hessian-vector product as two, which is
/// about what it costs beside a gradient. So a Hessian matrix over n parameters counts 2n, its
/// diagonal 2n when it is exact and 2 when it is estimated from one product.
///
/// Mini-batch and noise are those of the update, whatever the point: a line search sees one
/// function. Only rules whose [`Scope`](super::Scope) is all blocks are given a probe that
/// answers; it takes all parameters at once.
pub trait Probe<R> {
    /// J at `at`.
    fn value(&self, at: &[R]) -> R;

    /// J at `at`; writes ∂J/∂w into `gradient`.
    fn gradient(&self, at: &[R], gradient: &mut [R]) -> R;

    /// Writes the n×n Hessian matrix at `at` into `rows`, row after row.
    fn hessian(&self, at: &[R], rows: &mut [R]);

    /// Writes the diagonal of the Hessian matrix at `at` into `diagonal`.
    fn hessian_diagonal(&self, at: &[R], diagonal: &mut [R]);

    /// Writes Hutchinson's estimate z ⊙ (∇²J·z) of that diagonal into `diagonal`; the signs z
    /// are drawn anew at each update and are the same for every run.
    fn sampled_hessian_diagonal(&self, at: &[R], diagonal: &mut [R]);
}

impl<R> fmt::Debug for dyn Probe<R> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}
