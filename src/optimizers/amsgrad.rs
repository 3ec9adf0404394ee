//! AMSGrad.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
    Variant, beside_corrected_root, second,
};
use crate::numbers::{Real, quotient};

/// Adam over the greatest second moment so far.
pub struct AmsGrad;

static CARD: OptimizerCard = OptimizerCard {
    id: "amsgrad",
    name: "AMSGrad",
    family: Family::Adaptive,
    formula: &[
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·g²",
        "u ← max(u, v)",
        "m̂ = m/(1 − β₁ᵗ)",
        "û = u/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/(√û + ε)   (Keras: ε as in Adam's card)",
        "optax: u ← max(u, v̂), û = u;  paper: m̂ = m, û = u",
    ],
    about: "Adam that never forgets its largest v, so that a rare strong gradient keeps the rate \
            down for good. As in torch the greatest is taken before the bias correction and then \
            corrected; the paper has no bias correction.",
    citation: "S. J. Reddi, S. Kale & S. Kumar, ICLR 2018, arXiv:1904.09237, algorithm 2; \
               torch.optim.Adam(amsgrad=True)",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::beta2(0.999),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root after bias correction; the step shrinks where √û < ε.",
        ),
        Hyperparameter::EPSILON_PLACE,
        Hyperparameter::convention(
            "maximum",
            "maximum",
            &[
                "of v, then corrected (torch, Keras)",
                "of the corrected v̂ (optax)",
                "without any correction (paper)",
            ],
            "What the greatest is taken of. 0 corrects it by the present 1 − β₂ᵗ, so that it \
             still falls at first; 1 keeps the corrected first values, which are large; 2 has no \
             bias correction, of m neither.",
        ),
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::SECOND_MOMENT,
        Slot::new("u", "greatest v so far").squares(),
    ],
    scalar_slots: &[
        Slot::BETA1_POWER,
        Slot::power("β₂ᵗ", "what is left of the initial v and u"),
    ],
    scope: Scope::Block,
    variants: &[
        Variant::torch("The greatest v, then corrected."),
        Variant::keras(
            &[("epsilon", 1e-7), ("epsilon_hat", 1.0)],
            "The greatest v, then corrected; ε̂ = 10⁻⁷ beside the root before its correction.",
        ),
        Variant::new(
            "optax",
            "optax",
            &[("maximum", 1.0)],
            "The greatest corrected v̂.",
        ),
        Variant::paper(
            &[("maximum", 2.0), ("epsilon", 0.0)],
            "No bias correction and no ε.",
        ),
    ],
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AmsGrad {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, epsilon_hat, maximum] = now.settings();
        let ([m, v, greatest], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        let is_plain = R::constant(1.5).less_than(maximum);
        let before = R::select(second(maximum), correction2, R::one());
        let before = R::select(is_plain, R::one(), before);
        let correction1 = R::select(is_plain, R::one(), correction1).common_divisor();
        let after = R::select(second(maximum), R::one(), correction2).common_divisor();
        let beside = beside_corrected_root(epsilon, epsilon_hat, after.divisor);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * g.squared();
            greatest[i] = (v[i] / before).larger(greatest[i]);
            let m_hat = m[i].over_common(correction1).named("m̂");
            let u_hat = greatest[i].over_common(after).named("û");
            let divisor = u_hat.square_root() + beside;
            *theta = *theta - quotient(now.learning_rate * m_hat, divisor);
        }
    }
}

impl Optimizer for AmsGrad {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
