//! AdaHessian.

use super::lane_by_lane::scalar_rule;
use super::{
    Family, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot, Step,
};
use crate::numbers::{Domain, Scalar, Scale, quotient};

/// Adam with the curvature of every parameter in place of its gradient's size.
pub struct AdaHessian;

static CARD: OptimizerCard = OptimizerCard {
    id: "adahessian",
    name: "AdaHessian",
    family: Family::Curvature,
    formula: &[
        "D = diagonal of ∇²J",
        "θ ← (1 − α·λ)·θ",
        "m ← β₁·m + (1 − β₁)·g",
        "v ← β₂·v + (1 − β₂)·D²",
        "m̂ = m/(1 − β₁ᵗ)",
        "v̂ = v/(1 − β₂ᵗ)",
        "θ ← θ − α·m̂/((√v̂)^k + ε)",
    ],
    about: "Divides by the root mean square curvature: on an axis-parallel bowl every parameter \
            goes at Newton's pace. Only D² enters, so it never climbs on a saddle's falling side. \
            The paper estimates D with one random Hessian-vector product; here the exact diagonal \
            is the default and costs one product a parameter. No averaging over the cells of a \
            kernel.",
    citation: "Z. Yao et al., AAAI 2021, arXiv:2006.00719, algorithm 1; \
               pytorch_optimizer.AdaHessian",
    default_learning_rate: 0.1,
    hyperparameters: &[
        Hyperparameter::beta1(0.9),
        Hyperparameter::average_factor(
            "beta2",
            "β₂",
            0.999,
            0.99999,
            "Memory of the squared curvatures; about 1/(1 − β₂) steps are averaged.",
        ),
        Hyperparameter::epsilon(1e-16, "Added to the denominator; flat directions need it."),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
        Hyperparameter {
            id: "hessian_power",
            symbol: "k",
            meaning: "1 divides by the curvature, 0 leaves gradient descent with momentum.",
            default: 1.0,
            domain: Domain::closed(0.0, 1.0),
            slider: (0.0, 1.0),
            scale: Scale::Linear,
        },
        Hyperparameter::DIAGONAL,
    ],
    slots: &[
        Slot::FIRST_MOMENT,
        Slot::new("v", "second moment of the curvature").squares(),
        Slot::new("D", "curvature of every parameter").sizes(),
    ],
    scalar_slots: &[Slot::BETA1_POWER, Slot::BETA2_POWER],
    scope: Scope::AllBlocks,
    needs: Needs::HessianDiagonal,
    ..OptimizerCard::BLANK
};

impl AdaHessian {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [beta1, beta2, epsilon, decay, power, sampled] = now.settings();
        let ([m, v, curvature], [power1, power2]) = memory.take_apart(parameters.len());
        now.curvatures(sampled, parameters, curvature);
        *power1 = *power1 * beta1;
        *power2 = *power2 * beta2;
        let (correction1, correction2) = (R::one() - *power1, R::one() - *power2);
        for (i, theta) in parameters.iter_mut().enumerate() {
            let g = now.gradient[i];
            m[i] = beta1 * m[i] + (R::one() - beta1) * g;
            v[i] = beta2 * v[i] + (R::one() - beta2) * curvature[i].squared();
            let root = (v[i] / correction2).named("v̂").square_root();
            // A power of 1, the usual one, is the root itself to the last bit.
            let scale = if power == R::one() {
                root
            } else {
                root.power(power)
            };
            *theta = *theta * (R::one() - now.learning_rate * decay);
            *theta = *theta
                - quotient(
                    now.learning_rate * (m[i] / correction1).named("m̂"),
                    scale + epsilon,
                );
        }
    }
}

scalar_rule!(AdaHessian);

impl Optimizer for AdaHessian {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
