//! Heavy-ball momentum.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, second,
};
use crate::numbers::Real;

/// v ← μv + (1 − d)g, the first v being g undamped; θ ← θ − αv.
pub struct Momentum;

static CARD: OptimizerCard = OptimizerCard {
    id: "momentum",
    name: "Momentum",
    family: Family::Momentum,
    formula: &[
        "v ← μ·v + (1 − d)·g   (v ← g at t = 1)",
        "θ ← θ − α·v",
        "Keras, AI Notes: v ← μ·v + (1 − d)·α·g,  θ ← θ − v",
        "mean gradient: v ← μ·v + (1 − μ)·g,  θ ← θ − α·v",
    ],
    about: "A heavy ball: past gradients add up along a steady direction (up to 1/(1 − μ) times) \
            and cancel across a valley. In torch the rate multiplies v afterwards and the first \
            gradient enters undamped; Keras, the AI Notes page and Polyak keep the rate inside v; \
            a mean of gradients needs a rate 1/(1 − μ) times as large for the same steps.",
    citation: "B. T. Polyak, USSR Comput. Math. Math. Phys. 4(5) (1964) 1–17, eq. 9; \
               torch.optim.SGD(momentum, dampening)",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.9,
            0.999,
            "How much of the velocity survives a step; 1/(1 − μ) gradients are summed.",
        ),
        Hyperparameter::fraction(
            "dampening",
            "d",
            0.0,
            "Weakens each new gradient by 1 − d; d = μ makes v an average instead of a \
                      sum.",
        ),
        Hyperparameter::convention(
            "form",
            "form",
            &[
                "sum of gradients (torch)",
                "sum of steps (Keras, AI Notes)",
                "mean gradient (1 − μ)",
            ],
            "0: v sums gradients and the present rate multiplies it. 1: v sums steps, each with \
             the rate of its time; the same while the rate is constant. 2: v is a running mean, \
             steps are 1 − μ times as long; the dampening d plays no part.",
        ),
    ],
    slots: &[Slot::new("v", "velocity").uphill()],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::torch("v sums gradients; the rate multiplies it."),
        Variant::keras(
            &[("form", 1.0)],
            "v sums steps; a changed rate acts on new gradients only.",
        ),
        Variant::new(
            "ai_notes",
            "AI Notes",
            &[("form", 1.0)],
            "The page's code, as Keras.",
        ),
        Variant::paper(
            &[("form", 1.0)],
            "Polyak's eq. 9 adds the last step times μ, as Keras.",
        ),
        Variant::new(
            "ema",
            "mean gradient",
            &[("form", 2.0)],
            "v is a running mean with 1 − μ.",
        ),
    ],
    stability: Some(Stability {
        formula: "2·(1 + μ)/((1 − d)·α), mean gradient: 2·(1 + μ)/((1 − μ)·α)",
        factor: |settings| {
            let (mu, dampening, is_mean) = (settings[0], settings[1], settings[2] > 1.5);
            let weight = if is_mean { 1.0 - mu } else { 1.0 - dampening };
            2.0 * (1.0 + mu) / weight
        },
        divisor: None,
        source: "J. M. Cohen et al., ICLR 2021, arXiv:2103.00065, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Momentum {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [mu, dampening, form] = now.settings();
        let ([velocity], []) = memory.take_apart(parameters.len());
        let weight = if now.number == 1 {
            R::one()
        } else {
            R::one() - dampening
        };
        let sums_steps = second(form);
        let is_mean = R::constant(1.5).less_than(form);
        let weight = R::select(is_mean, R::one() - mu, weight);
        let inside = R::select(sums_steps, now.learning_rate, R::one());
        let inside = R::select(is_mean, R::one(), inside);
        let outside = R::select(sums_steps, R::one(), now.learning_rate);
        let outside = R::select(is_mean, now.learning_rate, outside);
        for ((theta, v), &g) in parameters.iter_mut().zip(velocity).zip(now.gradient) {
            *v = mu * *v + weight * (inside * g);
            *theta = *theta - outside * *v;
        }
    }
}

impl Optimizer for Momentum {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
