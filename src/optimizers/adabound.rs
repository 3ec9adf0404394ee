//! AdaBound.

use super::{
    Domain, Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam between bounds that close in on a rate of gradient descent.
pub struct AdaBound;

static CARD: OptimizerCard = OptimizerCard {
    id: "adabound",
    name: "AdaBound",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "A ← max(A, α)",
        "η = α*·α/A",
        "η₋ = η·(1 − 1/(γ·t + 1)),  η₊ = η·(1 + 1/(γ·t))",
        "r = α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)/(√v + ε)",
        "θ ← θ − min(max(r, η₋), η₊)·m",
    ],
    about: "Adam whose rate r of each parameter is kept within bounds that start at 0 and ∞ and \
            close in on α*: at the end it is momentum with one rate for all. γ = 0 leaves the \
            bounds open. As in the authors' code the bounds follow the schedule and nothing \
            divides by √t; where their code takes the rate it was made with, A is the greatest \
            rate so far, the same for schedules that begin at their peak.",
    citation: "L. Luo, Y. Xiong, Y. Liu & X. Sun, ICLR 2019, arXiv:1902.09843, algorithm 2; \
               adabound.AdaBound 0.0.5 of the authors",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::non_negative(
            "final_lr",
            "α*",
            0.1,
            (1e-5, 10.0),
            "The rate that the bounds close in on, whatever α is.",
        ),
        Hyperparameter {
            domain: Domain::half_open(0.0, 1.0),
            ..Hyperparameter::non_negative(
                "gamma",
                "γ",
                1e-3,
                (1e-6, 0.9),
                "How fast the bounds close: after 1/γ updates they are half and twice α*.",
            )
        },
        Hyperparameter::epsilon(1e-8, "Added to the root before bias correction."),
    ],
    slots: &[Slot::FIRST_MOMENT, Slot::SECOND_MOMENT],
    scalar_slots: &[
        Slot::BETA1_POWER,
        Slot::BETA2_POWER,
        Slot::new("A", "greatest rate so far"),
    ],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AdaBound {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, final_rate, gamma, epsilon] = now.settings();
        let ([m, v], [power1, power2, greatest]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        *greatest = greatest.larger(now.learning_rate);
        let share = now.learning_rate / *greatest;
        let share = R::select(R::zero().less_than(*greatest), share, R::zero());
        let target = (final_rate * share).named("η");
        let closed = gamma * R::constant(now.number as f64);
        let lower = (target * (R::one() - R::one() / (closed + R::one()))).named("η₋");
        let upper = (target * (R::one() + R::one() / closed)).named("η₊");
        let rate = now.learning_rate * (R::one() - *power2).square_root() / (R::one() - *power1);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            let own = quotient(rate, v[i].square_root() + epsilon).named("r");
            let step = own.larger(lower).smaller(upper) * m[i];
            // Without ε and bounds a parameter that never sloped has the rate ∞.
            let slopes = R::zero().less_than(m[i].absolute());
            *theta = *theta - R::select(slopes, step, m[i]);
        }
    }
}

impl Optimizer for AdaBound {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
