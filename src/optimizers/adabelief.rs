//! AdaBelief.

use super::rectification::Rectification;
use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, stability,
};
use crate::numbers::{Real, quotient};

/// Adam with the gradient's deviation from its mean, (g − m)², in place of its square.
pub struct AdaBelief;

static CARD: OptimizerCard = OptimizerCard {
    id: "adabelief",
    name: "AdaBelief",
    family: Family::Adaptive,
    formula: &[
        "θ ← (1 − α·λ)·θ",
        "m ← β₁·m + (1 − β₁)·g",
        "s ← β₂·s + (1 − β₂)·(g − m)² + ε",
        "m̂ = m/(1 − β₁ᵗ)",
        "ŝ = s/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/(√ŝ + ε)",
        "N∞ = 2/(1 − β₂) − 1,  N = N∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)   (used when rectified)",
        "r = √((N − 4)·(N − 2)·N∞/((N∞ − 4)·(N∞ − 2)·N))",
        "rectified: θ ← θ − α·r·√(1 − β₂ᵗ)·m̂/(√s + ε) where N ≥ 5, else θ ← θ − α·m̂",
    ],
    about: "Steps far where gradients come as expected (g near its mean m) and little where they \
            surprise, however large they are. ε stands twice, in s at every step and beside the \
            root. The authors' package also decays weights (λ, decoupled) and rectifies the \
            rate; the paper's results use neither by default, so both are off here.",
    citation: "J. Zhuang et al., NeurIPS 2020, arXiv:2010.07468, algorithm 2; \
               adabelief_pytorch 0.2.1",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.999,
            0.99999,
            "Memory of the squared deviations; about 1/(1 − β₂) steps are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-16,
            "Added to s at every step and once more to the root. The package's 1e-16 \
                      plays the part of Adam's 1e-8, because it accumulates inside the square.",
        ),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
        Hyperparameter::flag(
            "rectify",
            "rectify",
            false,
            "1 rectifies the rate as RAdam does: plain momentum until enough gradients \
                      are in s (N ≥ 5), then a factor that grows to 1.",
        ),
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("s", "mean squared deviation of the gradient from m").squares(),
    ],
    scalar_slots: &[
        Slot::BETA1_POWER,
        Slot::power("β₂ᵗ", "what is left of the initial s"),
    ],
    scope: Scope::Block,
    variants: &[
        Variant::paper(
            &[],
            "Algorithm 2: no rectification, no decay; ε twice, and 10⁻¹⁶ as in the package, \
             where the paper's text has 10⁻⁸.",
        ),
        Variant::new(
            "torch",
            "the authors' package",
            &[("rectify", 1.0)],
            "adabelief_pytorch 0.2.1 as it comes: the same step, rectified; decay is decoupled.",
        ),
    ],
    stability: Some(Stability {
        formula: "2·(1 + β₁)/((1 − β₁)·α) for ∇²J divided by (1 − β₁ᵗ)·(√ŝ + ε), not rectified",
        factor: |settings| match settings[4] > 0.5 {
            true => f64::NAN,
            false => stability::of_mean(settings[0]),
        },
        divisor: Some(|settings, memory, i| stability::of_adam(memory, i, [settings[2], 0.0, 0.0])),
        source: "as Adam's: J. M. Cohen et al., arXiv:2207.14484, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for AdaBelief {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay, rectify] = now.settings();
        let ([m, s], [power1, power2]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        let rectified = R::constant(0.5).less_than(rectify);
        let rectification = Rectification::new(now.number, beta2, *power2);
        let too_few = rectification.length.less_than(R::constant(5.0));
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            *theta = *theta * (R::one() - now.learning_rate * decay);
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            s[i] = beta2 * s[i] + (R::one() - beta2) * (g - m[i]).squared() + epsilon;
            let m_hat = (m[i] / correction1).named("m̂");
            let s_hat = (s[i] / correction2).named("ŝ");
            let mut step = quotient(m_hat, s_hat.square_root() + epsilon);
            if R::any(rectified) {
                let scaled = quotient(
                    rectification.factor.named("r") * correction2.square_root() * m_hat,
                    s[i].square_root() + epsilon,
                );
                step = R::select(rectified, R::select(too_few, m_hat, scaled), step);
            }
            *theta = *theta - now.learning_rate * step;
        }
    }
}

impl Optimizer for AdaBelief {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
