//! The variance rectification of RAdam, which AdaBelief offers too.

use crate::numbers::Real;

/// How far a second moment can be trusted after few gradients (Liu et al., ICLR 2020,
/// arXiv:1908.03265, algorithm 2).
pub(super) struct Rectification<R> {
    /// ρ, the length of the simple average that the second moment corresponds to.
    pub length: R,
    /// r, which grows to 1 with the length; of no meaning while ρ ≤ 4.
    pub factor: R,
}

impl<R: Real> Rectification<R> {
    /// At update `number`, with `power2` = β₂ᵗ.
    #[inline(always)]
    pub fn new(number: u64, beta2: R, power2: R) -> Self {
        let c = R::constant;
        let limit = c(2.0) / (R::one() - beta2) - c(1.0);
        let length = limit - c(2.0 * number as f64) * power2 / (R::one() - power2);
        let square = (length - c(4.0)) * (length - c(2.0)) * limit
            / ((limit - c(4.0)) * (limit - c(2.0)) * length);
        Self {
            length,
            factor: square.square_root(),
        }
    }
}
