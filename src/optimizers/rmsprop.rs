//! RMSprop.

use super::{
    Family, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Stability, Step,
    UpdateRule, Variant, second,
};
use crate::numbers::{Real, quotient};

/// s ← ρs + (1 − ρ)g²; θ ← θ − αg/(√s + ε), with optional centring and momentum.
pub struct RmsProp;

static CARD: OptimizerCard = OptimizerCard {
    id: "rmsprop",
    name: "RMSprop",
    family: Family::Adaptive,
    formula: &[
        "s ← ρ·s + (1 − ρ)·g²",
        "c ← ρ·c + (1 − ρ)·g   (used when centred)",
        "b ← μ·b + g/(√(s − c²) + ε)   (c counts as 0 unless centred)",
        "θ ← θ − α·b",
        "Keras: b ← μ·b + α·g/√(s − c² + ε),  θ ← θ − b",
    ],
    about: "Divides each component by its recent root mean square, so that every parameter moves \
            by about α a step, on slopes steep or flat. No bias correction: the first step is \
            α/√(1 − ρ). ε stands outside the root, as in torch and on the AI Notes page; Keras \
            puts it inside, and torch's own default for ρ is 0.99.",
    citation: "T. Tieleman & G. Hinton, Coursera Neural Networks for Machine Learning, lecture \
               6e (2012); centred: A. Graves, arXiv:1308.0850, eq. 38–45; torch.optim.RMSprop",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "rho",
            "ρ",
            0.9,
            0.9999,
            "Memory of the squared gradients; about 1/(1 − ρ) steps are averaged.",
        ),
        Hyperparameter::epsilon(
            1e-8,
            "Added to the root (outside it), so that nothing is divided by zero.",
        ),
        Hyperparameter::average_factor(
            "momentum",
            "μ",
            0.0,
            0.999,
            "Heavy-ball memory of the scaled gradients.",
        ),
        Hyperparameter::flag(
            "centered",
            "centred",
            false,
            "1 subtracts the squared mean gradient, so that s − c² is a variance.",
        ),
        Hyperparameter::EPSILON_IN_ROOT,
        Hyperparameter::RATE_IN_VELOCITY,
    ],
    slots: &[
        Slot::new("s", "mean squared gradient").squares(),
        Slot::new("c", "mean gradient").uphill(),
        Slot::new("b", "momentum of scaled gradients").uphill(),
    ],
    scalar_slots: &[],
    scope: Scope::Block,
    variants: &[
        Variant::new(
            "ai_notes",
            "AI Notes",
            &[],
            "ρ = 0.9, ε = 10⁻⁸ outside the root.",
        ),
        Variant::new(
            "torch",
            "PyTorch",
            &[("rho", 0.99)],
            "ρ = 0.99, ε = 10⁻⁸ outside the root.",
        ),
        Variant::keras(
            &[
                ("epsilon", 1e-7),
                ("epsilon_inside", 1.0),
                ("rate_inside", 1.0),
            ],
            "ρ = 0.9, ε = 10⁻⁷ inside the root, the rate inside b.",
        ),
    ],
    stability: Some(Stability {
        formula: "2·(1 + μ)/α for ∇²J divided by √(s − c²) + ε",
        factor: |settings| 2.0 * (1.0 + settings[2]),
        divisor: Some(|settings, memory, i| {
            let mean = if settings[3] > 0.5 {
                memory.slot(1)[i]
            } else {
                0.0
            };
            let variance = (memory.slot(0)[i] - mean * mean).max(0.0);
            if settings[4] > 0.5 {
                (variance + settings[1]).sqrt()
            } else {
                variance.sqrt() + settings[1]
            }
        }),
        source: "J. M. Cohen et al., arXiv:2207.14484, sec. 2",
    }),
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for RmsProp {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [rho, epsilon, mu, centered, epsilon_inside, rate_inside] = now.settings();
        let ([square, mean, buffer], []) = memory.take_apart(parameters.len());
        let rest = R::one() - rho;
        let is_centered = R::constant(0.5).less_than(centered);
        let inside = R::select(second(rate_inside), now.learning_rate, R::one());
        let outside = R::select(second(rate_inside), R::one(), now.learning_rate);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            square[i] = rho * square[i] + rest * g.squared();
            mean[i] = rho * mean[i] + rest * g;
            // Rounding may leave a little less than nothing.
            let variance = (square[i] - mean[i].squared()).larger(R::zero());
            let scale = R::select(is_centered, variance, square[i]);
            // One root for both places of ε: roots and divisions are what takes time.
            let is_inside = second(epsilon_inside);
            let root = R::select(is_inside, scale + epsilon, scale).square_root();
            let divisor = R::select(is_inside, root, root + epsilon);
            buffer[i] = mu * buffer[i] + quotient(inside * g, divisor);
            *theta = *theta - outside * buffer[i];
        }
    }
}

impl Optimizer for RmsProp {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
