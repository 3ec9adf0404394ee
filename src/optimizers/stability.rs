//! How sharply a surface may curve before a rule's steps across it grow.

use super::Memory;
use std::fmt;

/// What a rule bears: on a bowl its steps shrink while the curvature, measured its own way, is
/// below `factor`/α.
#[derive(Clone, Copy)]
pub struct Stability {
    /// The limit in the symbols of the card.
    pub formula: &'static str,
    /// The limit times α, from the settings in the card's order.
    pub factor: fn(&[f64]) -> f64,
    /// What every parameter's step is divided by; none for a rule that divides by nothing.
    pub divisor: Option<Divisor>,
    /// Where the limit comes from.
    pub source: &'static str,
}

/// What a rule divides the step of a parameter by, from its settings and its memory.
pub type Divisor = fn(&[f64], &Memory<f64>, usize) -> f64;

impl fmt::Debug for Stability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.formula)
    }
}

impl Stability {
    /// The limit at a rate; none where the settings leave none.
    pub fn limit(&self, settings: &[f64], learning_rate: f64) -> Option<f64> {
        let limit = (self.factor)(settings) / learning_rate;
        limit.is_finite().then_some(limit)
    }
}

/// 2·(1 + β₁)/(1 − β₁), the factor of a rule that steps by a mean gradient; 38 for β₁ = 0.9.
pub(super) fn of_mean(beta1: f64) -> f64 {
    2.0 * (1.0 + beta1) / (1.0 - beta1)
}

/// What Adam divides by, its corrections included: (1 − β₁ᵗ)·(√(v̂ + ε_r) + ε), with v in slot 1,
/// or (1 − β₁ᵗ)·(√v + ε̂)/√(1 − β₂ᵗ).
pub(super) fn of_adam(
    memory: &Memory<f64>,
    index: usize,
    [epsilon, epsilon_root, epsilon_hat]: [f64; 3],
) -> f64 {
    let v = memory.slot(1)[index];
    let [correction1, correction2] = [0, 1].map(|power| 1.0 - memory.scalars()[power]);
    let root = if epsilon_hat > 0.5 {
        (v.sqrt() + epsilon) / correction2.sqrt()
    } else {
        (v / correction2 + epsilon_root).sqrt() + epsilon
    };
    correction1 * root
}
