//! Sophia.

use super::lane_by_lane::scalar_rule;
use super::{
    Family, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot, Step,
};
use crate::numbers::{Domain, Scalar, Scale, quotient};

/// A mean gradient over the curvature, clipped, with the curvature looked at now and then.
pub struct Sophia;

static CARD: OptimizerCard = OptimizerCard {
    id: "sophia",
    name: "Sophia",
    family: Family::Curvature,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "m̂ = m/(1 − β₁ᵗ)",
        "u = m̂/max(γ·h, ε), kept between −ρ and ρ",
        "θ ← θ − α·(u + λ·θ)",
        "every k updates, after the step: h ← β₂·h + (1 − β₂)·D   (D: diagonal of ∇²J before it)",
    ],
    about: "Newton's pace where the curvature is known and positive, and a step by sign where \
            it is not: beside the decay no parameter moves farther than αρ. The curvature is looked \
            at only every k updates. As in optax a look counts from the next step on, so that the \
            first one steps by sign; the paper looks before the step. The paper also estimates it with \
            a random product (Sophia-H) or the loss's own labels (Sophia-G); here the exact \
            diagonal is the default. As in optax m is bias-corrected and h is not.",
    citation: "H. Liu et al., ICLR 2024, arXiv:2305.14342, algorithm 3; optax.contrib.sophia",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::beta1(0.965),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.99,
            0.9999,
            "Memory of the curvatures; about 1/(1 − β₂) looks are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-8,
            "The least denominator, where γh is smaller or negative.",
        ),
        Hyperparameter::weight_decay(
            1e-4,
            "Decoupled weight decay: parameters shrink by the share αλ a step.",
        ),
        Hyperparameter::non_negative(
            "gamma",
            "γ",
            0.01,
            (1e-4, 10.0),
            "How much of the curvature counts; smaller values clip more components.",
        ),
        Hyperparameter::non_negative(
            "clip_threshold",
            "ρ",
            1.0,
            (0.01, 10.0),
            "The longest a component of u may be.",
        ),
        Hyperparameter {
            id: "update_interval",
            symbol: "k",
            meaning: "Every how many updates the curvature is looked at.",
            default: 10.0,
            domain: Domain::at_least(1.0),
            slider: (1.0, 100.0),
            scale: Scale::Count,
        },
        Hyperparameter::DIAGONAL,
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("h", "mean curvature of every parameter").sizes(),
        Slot::new("D", "the latest look at the curvature").sizes(),
    ],
    scalar_slots: &[Slot::BETA1_POWER],
    scope: Scope::AllBlocks,
    needs: Needs::HessianDiagonal,
    ..OptimizerCard::BLANK
};

impl Sophia {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [
            beta1,
            beta2,
            epsilon,
            decay,
            gamma,
            limit,
            interval,
            sampled,
        ] = now.settings();
        let ([m, h, curvature], [power1]) = memory.take_apart(parameters.len());
        let looks = (now.number - 1).is_multiple_of(interval.to_f64().max(1.0) as u64);
        if looks {
            now.curvatures(sampled, parameters, curvature);
        }
        *power1 = *power1 * beta1;
        for (i, theta) in parameters.iter_mut().enumerate() {
            m[i] = beta1 * m[i] + (R::one() - beta1) * now.gradient[i];
            let m_hat = (m[i] / (R::one() - *power1)).named("m̂");
            let ratio = quotient(m_hat, (gamma * h[i]).larger(epsilon));
            let step = ratio.smaller(limit).larger(-limit).named("u") + decay * *theta;
            *theta = *theta - now.learning_rate * step;
            if looks {
                h[i] = beta2 * h[i] + (R::one() - beta2) * curvature[i];
            }
        }
    }
}

scalar_rule!(Sophia);

impl Optimizer for Sophia {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
