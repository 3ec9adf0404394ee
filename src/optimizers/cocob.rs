//! COCOB.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::Real;

/// Every parameter bets the money it has won on the gradient's sign.
pub struct Cocob;

static CARD: OptimizerCard = OptimizerCard {
    id: "cocob",
    name: "COCOB",
    family: Family::RateFree,
    formula: &[
        "u = α·g",
        "L ← max(L, |u|)   (L starts at ε)",
        "G ← G + |u|",
        "R ← max(R − u·(θ − θ₀), 0)",
        "C ← C − u",
        "θ ← θ₀ + C/(L·max(G + L, a·L))·(L + R)",
    ],
    about: "Continuous coin betting: each parameter is a gambler who starts with L and bets a share \
            of all he owns on where the gradients have pointed; the bet is the distance from the \
            start θ₀. There is no rate to set: α only scales the gradients and leaves the path as \
            it is (but for ε), and a schedule weights the gradients of single updates.",
    citation: "F. Orabona & T. Tommasi, NIPS 2017, arXiv:1705.07795, algorithm 2; \
               optax.contrib.cocob",
    default_learning_rate: 1.0,
    hyperparameters: &[
        Hyperparameter::non_negative(
            "alpha",
            "a",
            100.0,
            (1.0, 1e4),
            "Keeps the first bets small: about a updates pass before the full share is bet.",
        ),
        Hyperparameter::epsilon(1e-8, "The first L, from which the greatest slope grows."),
    ],
    slots: &[
        Slot::new("L", "greatest |u| so far").sizes(),
        Slot::new("G", "sum of all |u|").sizes(),
        Slot::new("R", "what was won so far, at least 0").sizes(),
        Slot::new("C", "negative sum of all u").downhill(),
        Slot::new("θ₀", "the start").place(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Cocob {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [caution, epsilon] = now.settings();
        let ([greatest, sum, won, direction, start], []) = memory.take_apart(parameters.len());
        if now.number == 1 {
            start.copy_from_slice(parameters);
            greatest.fill(epsilon);
        }
        for (i, theta) in parameters.iter_mut().enumerate() {
            let u = (now.learning_rate * now.gradient[i]).named("u");
            greatest[i] = greatest[i].larger(u.absolute());
            sum[i] = sum[i] + u.absolute();
            won[i] = (won[i] - u * (*theta - start[i])).larger(R::zero());
            direction[i] = direction[i] - u;
            let most = (sum[i] + greatest[i]).larger(caution * greatest[i]);
            // With ε = 0 this is 0/0 until the parameter slopes.
            let slopes = R::zero().less_than(greatest[i]);
            let share = R::select(slopes, direction[i] / (greatest[i] * most), R::zero());
            *theta = start[i] + share * (greatest[i] + won[i]);
        }
    }
}

impl Optimizer for Cocob {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
