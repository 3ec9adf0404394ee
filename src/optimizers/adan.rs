//! Adan.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step, UpdateRule,
};
use crate::numbers::{Real, quotient};

/// Adam with the mean change of the gradient as a look ahead.
pub struct Adan;

static CARD: OptimizerCard = OptimizerCard {
    id: "adan",
    name: "Adan",
    family: Family::Adaptive,
    formula: &[
        "d = g − g₋   (0 at t = 1; g₋ is the gradient before)",
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·d",
        "n ← β₃·n + (1 − β₃)·(g + (1 − β₂)·d)²",
        "m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ),  n̂ = n/(1 − β₃ᵗ)",
        "θ ← θ − α·((m̂ + (1 − β₂)·v̂)/(√(n̂ + ε₀) + ε) + λ·θ)",
    ],
    about: "Nesterov's look ahead without a second gradient: the mean change of the gradient is \
            added to its mean. As in optax the change weighs 1 − β₂ = 0.08, β being memories; the \
            paper, whose β are one minus that, and its authors' code weigh it 0.92, divide by 1 + \
            αλ for the decay and have no ε₀.",
    citation: "X. Xie et al., arXiv:2208.06677, algorithm 1; optax.adan",
    default_learning_rate: 0.001,
    hyperparameters: &[
        Hyperparameter::beta1(0.98),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.92,
            0.999,
            "Memory of the gradient's changes, which weigh 1 − β₂ in the step.",
        ),
        Hyperparameter::average_factor(
            "beta3",
            "β₃",
            0.99,
            0.99999,
            "Memory of the squared gradients; about 1/(1 − β₃) steps are averaged.",
        ),
        Hyperparameter::epsilon(1e-8, "Added to the root (outside it)."),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
        Hyperparameter::non_negative(
            "epsilon_root",
            "ε₀",
            1e-8,
            (1e-20, 1.0),
            "Added inside the root; the step shrinks where n̂ is smaller.",
        ),
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("v", "mean change of the gradient").uphill(),
        Slot::new("n", "mean square of the gradient with its change").squares(),
        Slot::new("g₋", "the gradient before").uphill(),
    ],
    scalar_slots: &[
        Slot::BETA1_POWER,
        Slot::power("β₂ᵗ", "what is left of the initial v"),
        Slot::power("β₃ᵗ", "what is left of the initial n"),
    ],
    scope: Scope::Block,
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adan {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, beta3, epsilon, decay, epsilon_root] = now.settings();
        let ([m, v, n, before], [power1, power2, power3]) = memory.take_apart(parameters.len());
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        *power3 = *power3 * beta3;
        let [correction1, correction2, correction3] =
            [*power1, *power2, *power3].map(|power| R::one() - power);
        if now.number == 1 {
            before.copy_from_slice(now.gradient);
        }
        let ahead = R::one() - beta2;
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            let change = (g - before[i]).named("d");
            before[i] = g;
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * change;
            n[i] = beta3 * n[i] + (R::one() - beta3) * (g + ahead * change).squared();
            let m_hat = (m[i] / correction1).named("m̂");
            let v_hat = (v[i] / correction2).named("v̂");
            let n_hat = (n[i] / correction3).named("n̂");
            let mean = m_hat + ahead * v_hat;
            let scale = (n_hat + epsilon_root).square_root() + epsilon;
            *theta = *theta - now.learning_rate * (quotient(mean, scale) + decay * *theta);
        }
    }
}

impl Optimizer for Adan {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
