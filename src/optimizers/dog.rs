//! DoG.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, norm};

/// Gradient descent at the rate distance over gradients.
pub struct Dog;

static CARD: OptimizerCard = OptimizerCard {
    id: "dog",
    name: "DoG",
    family: Family::RateFree,
    formula: &[
        "r ← max(r, ‖θ − θ₀‖)   (r starts at ρ·(1 + ‖θ₀‖))",
        "G ← G + ‖g‖²",
        "θ ← θ − α·r/√(G + ε)·g",
    ],
    about: "Distance over gradients: the best constant rate is the distance to the minimum over \
            the root of all squared gradients, and the way gone so far stands in for that \
            distance. It begins with a tiny step and grows from there, so α stays 1. The norms \
            are those of all parameters together. The authors take a mean of the iterates for the \
            result; the path shown is θ.",
    citation: "M. Ivgi, O. Hinder & Y. Carmon, ICML 2023, arXiv:2302.12022, eq. (DoG); \
               optax.contrib.dog",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::non_negative(
            "init_step",
            "ρ",
            1e-6,
            (1e-8, 1.0),
            "The first step's length as a share of 1 + ‖θ₀‖; small enough never to harm.",
        ),
        Hyperparameter::epsilon(1e-8, "Added to the sum of the squared gradients."),
    ],
    slots: &[Slot::new("θ₀", "the start").place()],
    scalar_slots: &[
        Slot::new("r", "greatest distance from the start"),
        Slot::new("G", "sum of the squared gradients"),
    ],
    scope: Scope::AllBlocks,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Dog {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [share, epsilon] = now.settings();
        let ([start], [distance, squares]) = memory.take_apart(parameters.len());
        if now.number == 1 {
            start.copy_from_slice(parameters);
            *distance = share * (R::one() + norm(parameters.iter().copied()));
        }
        let way = parameters.iter().zip(start.iter());
        *distance = distance.larger(norm(way.map(|(&theta, &start)| theta - start)));
        let slope = now.gradient.iter().map(|g| g.squared());
        *squares = *squares + slope.fold(R::zero(), |sum, square| sum + square);
        // With ε = 0 this is 0/0 until something slopes.
        let root = (*squares + epsilon).square_root();
        let slopes = R::zero().less_than(root);
        let rate = now.learning_rate * R::select(slopes, *distance / root, R::zero());
        for (theta, &g) in parameters.iter_mut().zip(now.gradient) {
            *theta = *theta - rate * g;
        }
    }
}

impl Optimizer for Dog {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
