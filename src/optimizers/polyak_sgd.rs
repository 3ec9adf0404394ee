//! Gradient descent at Polyak's step size.

use super::{
    Family, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Step, UpdateRule,
};
use crate::numbers::{Domain, Real, Scale};

/// θ ← θ − min(α, (J − J*)/‖g‖²)·g.
pub struct PolyakSgd;

static CARD: OptimizerCard = OptimizerCard {
    id: "polyak_sgd",
    name: "Polyak step size",
    family: Family::GradientDescent,
    formula: &[
        "u = c·g",
        "γ = min(α, (J − J*)/(‖u‖² + ε))   (J − J* counts as 0 below 0 with SPS₊; γ = 0 where ‖u‖² + ε ≤ 2.2·10⁻¹⁶)",
        "θ ← θ − γ·u",
    ],
    about: "Where the least loss J* is known, the step that would reach it on a straight slope \
            is the best that convexity alone allows. α is the longest rate it may take. Give J* \
            of the landscape as f_min: with one too low the steps stay too long near the \
            minimum, and J below it steps uphill unless SPS₊ holds still. The norm is that of \
            all parameters together.",
    citation: "B. T. Polyak, Introduction to Optimization (1987), sec. 5.3; N. Loizou et al., \
               AISTATS 2021, arXiv:2002.10542, eq. 3 (SPS_max); optax.polyak_sgd",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::non_negative(
            "scaling",
            "c",
            1.0,
            (0.01, 100.0),
            "Scales the gradient, and with its square the step size down again.",
        ),
        Hyperparameter {
            id: "f_min",
            symbol: "J*",
            meaning: "The least loss, as far as it is known.",
            default: 0.0,
            domain: Domain::FINITE,
            slider: (-100.0, 100.0),
            scale: Scale::Linear,
        },
        Hyperparameter::epsilon(0.0, "Added to the squared norm."),
        Hyperparameter::flag(
            "sps_plus",
            "SPS₊",
            false,
            "1 stands still where the loss is below J*, in place of climbing.",
        ),
    ],
    scope: Scope::AllBlocks,
    needs: Needs::Loss,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for PolyakSgd {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], _memory: MemoryView<'_, R>) {
        let [scaling, least, epsilon, plus] = now.settings();
        let squares = now.gradient.iter().map(|&g| (scaling * g).squared());
        let square = squares.fold(R::zero(), |sum, term| sum + term) + epsilon;
        let gap = now.loss - least;
        let holds_still = R::constant(0.5).less_than(plus);
        let gap = R::select(holds_still, gap.larger(R::zero()), gap);
        let size = (gap / square).smaller(now.learning_rate);
        // As the reference has it: a gradient of rounding errors alone moves nothing.
        let slopes = R::constant(f64::EPSILON).less_than(square);
        let size = R::select(slopes, size, R::zero()).named("γ");
        for (theta, &g) in parameters.iter_mut().zip(now.gradient) {
            *theta = *theta - size * (scaling * g);
        }
    }
}

impl Optimizer for PolyakSgd {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
