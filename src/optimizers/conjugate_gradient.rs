//! Nonlinear conjugate gradients.

use super::lane_by_lane::scalar_rule;
use super::line_search::{LineSearch, dot, first_trial};
use super::{
    Family, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot, Step,
};
use crate::numbers::Scalar;

/// Directions that don't undo one another, each searched for its lowest point.
pub struct ConjugateGradient;

static CARD: OptimizerCard = OptimizerCard {
    id: "conjugate_gradient",
    name: "Conjugate gradients",
    family: Family::Classical,
    formula: &[
        "b = max(0, g·(g − g⁻)/(g⁻·g⁻))   (Fletcher–Reeves: g·g/(g⁻·g⁻))",
        "d ← −g + b·d   (d = −g at t = 1, and where that leads uphill)",
        "τ by line search (strong Wolfe, c₁ = 10⁻⁴, c₂ = 0.1), first look at α·τ⁻·(g⁻·d⁻)/(g·d)",
        "θ ← θ + τ·d",
    ],
    about: "On a bowl in n dimensions n exact searches reach the bottom, with no more memory than \
            one direction and one gradient. Polak & Ribière's b, kept from falling below 0, starts over by itself \
            when it gets stuck. The first look assumes that this step lowers J as much as the last \
            one; at t = 1 it is at most α/Σ|g|. Each look costs an evaluation.",
    citation: "J. Nocedal & S. J. Wright, Numerical Optimization (2006), algorithm 5.4, eq. 5.44 \
               and 5.45, first look: sec. 3.5; E. Polak & G. Ribière, RIRO 3 (1969) 35–43",
    default_learning_rate: 1.0,
    hyperparameters: &[Hyperparameter::convention(
        "fletcher_reeves",
        "b",
        &["Polak–Ribière, at least 0", "Fletcher–Reeves"],
        "Which b: 0 is Polak and Ribière's kept from falling below 0, 1 Fletcher and Reeves'.",
    )],
    slots: &[
        Slot::new("g⁻", "gradient before the last step").uphill(),
        Slot::new("d", "direction").downhill(),
    ],
    scalar_slots: &[
        Slot::new("τ", "how far along d the last step went"),
        Slot::new("g⁻·d⁻", "slope along d before the last step"),
    ],
    scope: Scope::AllBlocks,
    needs: Needs::Gradients,
    ..OptimizerCard::BLANK
};

impl ConjugateGradient {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [fletcher_reeves] = now.settings();
        let ([old_gradient, direction], [length, old_slope]) = memory.take_apart(parameters.len());
        let square = dot(now.gradient, now.gradient);
        if square == R::zero() {
            return;
        }
        let old_square = dot(old_gradient, old_gradient);
        let mut share = square;
        if fletcher_reeves < R::constant(0.5) {
            share = (square - dot(now.gradient, old_gradient)).larger(R::zero());
        }
        let begins = old_square == R::zero();
        share = if begins {
            R::zero()
        } else {
            share / old_square
        };
        share = share.named("b");
        for (d, &g) in direction.iter_mut().zip(now.gradient) {
            *d = share * *d - g;
        }
        let mut slope = dot(now.gradient, direction);
        if !slope.less_than(R::zero()) {
            for (d, &g) in direction.iter_mut().zip(now.gradient) {
                *d = -g;
            }
            slope = -square;
        }
        let expected = *length * *old_slope / slope;
        let knows = expected > R::zero() && expected.to_f64().is_finite();
        let look = if knows {
            expected
        } else {
            first_trial(now.gradient)
        };
        let trial = now.learning_rate * look;
        *length = LineSearch::new(now, parameters, direction, slope, 0.1).length(trial);
        *old_slope = slope;
        old_gradient.copy_from_slice(now.gradient);
        for (theta, &d) in parameters.iter_mut().zip(direction.iter()) {
            *theta = *theta + *length * d;
        }
    }
}

scalar_rule!(ConjugateGradient);

impl Optimizer for ConjugateGradient {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
