//! The simplex method of Nelder and Mead.

use super::lane_by_lane::scalar_rule;
use super::{
    Extent, Family, Fits, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot,
    Step,
};
use crate::numbers::{Domain, Scalar, Scale};
use std::cmp::Ordering;

/// How far the first corners lie from the start, as a share of each parameter.
const FIRST_SHARE: f64 = 0.05;

/// How far where a parameter is 0.
const FIRST_STEP: f64 = 0.00025;

/// A triangle (a simplex) that feels its way downhill without any slope.
pub struct NelderMead;

static CARD: OptimizerCard = OptimizerCard {
    id: "nelder_mead",
    name: "Nelder–Mead",
    family: Family::Classical,
    formula: &[
        "n + 1 corners x₀ … xₙ by rising J(x), c = mean of all but the worst xₙ",
        "r = c + ρ·(c − xₙ);  J(r) < J(x₀): the better of r and c + ρχ·(c − xₙ)",
        "else J(r) < J(xₙ₋₁): r",
        "else J(r) < J(xₙ): c + ρψ·(c − xₙ) where that is no worse than r",
        "else c − ψ·(c − xₙ) where that is better than xₙ",
        "else every xᵢ ← x₀ + σ·(xᵢ − x₀);  otherwise what was found replaces xₙ",
        "θ ← the best corner",
    ],
    about: "Compares losses only: no gradient, so kinks and noise in it are no matter. The path \
            shown is that of the best corner, which often rests while the others move. The first \
            corners lie 5 % of each parameter away (0.00025 where it is 0), times α, which acts \
            there alone; a simplex that is a single point (begun while α was 0, or shrunk to one) \
            begins anew. So does one whose best corner something else has moved: with decoupled \
            weight decay around it, that is every step. The loss that it asks for is not disturbed by gradient noise.",
    citation: "J. A. Nelder & R. Mead, Comput. J. 7 (1965) 308–313; J. C. Lagarias et al., SIAM \
               J. Optim. 9 (1998) 112–147, sec. 2; scipy.optimize.minimize(method='Nelder-Mead')",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter {
            domain: Domain::at_least(1e-6),
            ..Hyperparameter::non_negative(
                "reflection",
                "ρ",
                1.0,
                (0.1, 10.0),
                "How far beyond the middle the worst corner is reflected.",
            )
        },
        Hyperparameter {
            id: "expansion",
            symbol: "χ",
            meaning: "How much farther a reflection goes that is the best so far.",
            default: 2.0,
            domain: Domain::at_least(1.0),
            slider: (1.0, 5.0),
            scale: Scale::Linear,
        },
        Hyperparameter::fraction(
            "contraction",
            "ψ",
            0.5,
            "How far from the middle a reflection that fails is tried again.",
        ),
        Hyperparameter::fraction(
            "shrink",
            "σ",
            0.5,
            "What is left of all distances to the best corner when nothing else helps.",
        ),
    ],
    slots: &[
        Slot::of(Extent::Simplex, "x", "the corners, the best first"),
        Slot::of(Extent::Corners, "J(x)", "the losses at the corners"),
    ],
    scope: Scope::AllBlocks,
    needs: Needs::Values,
    fits: Fits::AtMost {
        parameters: 1000,
        reason: "a simplex in n dimensions has n + 1 corners, and a step moves one of them",
    },
    ..OptimizerCard::BLANK
};

impl NelderMead {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let ([corners, values], []) = memory.take_apart_uneven();
        let mut simplex = Simplex {
            now,
            corners,
            values,
        };
        // Begun anew where something else has moved the parameters.
        let is_elsewhere = now.number == 1 || simplex.corner(0) != parameters;
        if is_elsewhere || simplex.is_a_point() && now.learning_rate > R::zero() {
            simplex.begin(parameters);
        }
        simplex.improve();
        simplex.sort();
        parameters.copy_from_slice(simplex.corner(0));
    }
}

/// The corners with their losses, at one update.
struct Simplex<'a, R> {
    now: &'a Step<'a, R>,
    corners: &'a mut [R],
    values: &'a mut [R],
}

impl<R: Scalar> Simplex<'_, R> {
    fn dimension(&self) -> usize {
        self.values.len() - 1
    }

    fn corner(&self, index: usize) -> &[R] {
        let n = self.dimension();
        &self.corners[index * n..(index + 1) * n]
    }

    /// Whether all corners are the same: begun with a rate of 0, or shrunk as far as numbers go.
    fn is_a_point(&self) -> bool {
        (1..=self.dimension()).all(|index| self.corner(index) == self.corner(0))
    }

    fn set(&mut self, index: usize, at: &[R], value: R) {
        let n = self.dimension();
        self.corners[index * n..(index + 1) * n].copy_from_slice(at);
        self.values[index] = value;
    }

    fn value(&self, at: &[R]) -> R {
        self.now.objective.value(at)
    }

    /// The first corners around a point.
    fn begin(&mut self, start: &[R]) {
        let size = self.now.learning_rate;
        for index in 0..=self.dimension() {
            let mut at = start.to_vec();
            if let Some(moved) = index.checked_sub(1) {
                let w = at[moved];
                at[moved] = if w == R::zero() {
                    size * R::constant(FIRST_STEP)
                } else {
                    w * (R::one() + size * R::constant(FIRST_SHARE))
                };
            }
            let value = self.value(&at);
            self.set(index, &at, value);
        }
        self.sort();
    }

    /// The corners by rising loss, those of equal loss as they were; what is no number is worst.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        let rank = |value: R| (value.to_f64().is_nan(), value);
        order.sort_by(|&a, &b| {
            let (a, b) = (rank(self.values[a]), rank(self.values[b]));
            a.partial_cmp(&b).unwrap_or(Ordering::Equal)
        });
        let corners: Vec<R> = order
            .iter()
            .flat_map(|&i| self.corner(i).to_vec())
            .collect();
        let values: Vec<R> = order.iter().map(|&i| self.values[i]).collect();
        self.corners.copy_from_slice(&corners);
        self.values.copy_from_slice(&values);
    }

    /// middle·(1 + factor) − factor·worst.
    fn beyond(&self, middle: &[R], factor: R) -> (Vec<R>, R) {
        let worst = self.corner(self.dimension()).iter();
        let point = |(&c, &x): (&R, &R)| (R::one() + factor) * c - factor * x;
        let at: Vec<R> = middle.iter().zip(worst).map(point).collect();
        let value = self.value(&at);
        (at, value)
    }

    /// Replaces the worst corner by a better point, or shrinks.
    fn improve(&mut self) {
        let [reflection, expansion, contraction, _] = self.now.settings();
        let n = self.dimension();
        let count = R::constant(n as f64);
        let middle: Vec<R> = (0..n)
            .map(|i| (0..n).fold(R::zero(), |sum, k| sum + self.corner(k)[i]) / count)
            .collect();
        let (best, second_worst, worst) = (self.values[0], self.values[n - 1], self.values[n]);
        let reflected = self.beyond(&middle, reflection);
        let found = if reflected.1 < best {
            let expanded = self.beyond(&middle, reflection * expansion);
            let is_better = expanded.1 < reflected.1;
            Some(if is_better { expanded } else { reflected })
        } else if reflected.1 < second_worst {
            Some(reflected)
        } else if reflected.1 < worst {
            let outside = self.beyond(&middle, contraction * reflection);
            (outside.1 <= reflected.1).then_some(outside)
        } else {
            let inside = self.beyond(&middle, -contraction);
            (inside.1 < worst).then_some(inside)
        };
        match found {
            Some((at, value)) => self.set(n, &at, value),
            None => self.shrink(),
        }
    }

    fn shrink(&mut self) {
        let [_, _, _, share] = self.now.settings();
        let best = self.corner(0).to_vec();
        for index in 1..=self.dimension() {
            let nearer = self.corner(index).iter().zip(&best);
            let at: Vec<R> = nearer.map(|(&x, &b)| b + share * (x - b)).collect();
            let value = self.value(&at);
            self.set(index, &at, value);
        }
    }
}

scalar_rule!(NelderMead);

impl Optimizer for NelderMead {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
