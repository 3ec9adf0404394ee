//! Muon.

use super::{
    Extent, Family, Fits, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Shape, Slot,
    Step, UpdateRule,
};
use crate::numbers::{Domain, Real, Scale, norm, quotient};

/// The quintic polynomial that pushes every singular value towards 1.
const QUINTIC: [f64; 3] = [3.4445, -4.7750, 2.0315];

/// The most Newton–Schulz steps.
const MOST_STEPS: u32 = 20;

/// Momentum made orthogonal: every direction of a weight matrix moves the same way far.
pub struct Muon;

static CARD: OptimizerCard = OptimizerCard {
    id: "muon",
    name: "Muon",
    family: Family::LayerWise,
    formula: &[
        "matrix: m ← β·m + (1 − β)·g",
        "M = β·m/(1 − βᵗ⁺¹) + (1 − β)·g/(1 − βᵗ)   (not Nesterov: m/(1 − βᵗ))",
        "X = M/(‖M‖ + ε);  K times: A = X·Xᵀ,  X ← a·X + (b·A + c·A²)·X",
        "θ ← θ − α·(√max(1, columns/rows)·X + λ·θ)",
        "vector: μ ← β₁·μ + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²",
        "N = β₁·μ/(1 − β₁ᵗ⁺¹) + (1 − β₁)·g/(1 − β₁ᵗ)   (not Nesterov: μ/(1 − β₁ᵗ))",
        "θ ← θ − α·(N/(√(v/(1 − β₂ᵗ)) + ε) + λ₁·θ)",
    ],
    about: "The momentum of a weight matrix is replaced by the nearest orthogonal matrix, found \
            by a few Newton–Schulz steps (a = 3.4445, b = −4.775, c = 2.0315), so that weak \
            directions learn as fast as strong ones. The steps overshoot on purpose: singular \
            values end between about 0.7 and 1.2. Vectors beside the matrices go by Adam. The \
            factor takes rows for inputs, as in optax.",
    citation: "K. Jordan et al., Muon (2024), kellerjordan.github.io/posts/muon; \
               optax.contrib.muon",
    default_learning_rate: 0.02,
    hyperparameters: &[
        Hyperparameter::average_factor(
            "beta",
            "β",
            0.95,
            0.999,
            "Memory of the gradients; about 1/(1 − β) steps are averaged.",
        ),
        Hyperparameter::epsilon(1e-8, "Added to the norm, and to Adam's root."),
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay of matrices: they shrink by the share αλ a step.",
        ),
        Hyperparameter::flag(
            "nesterov",
            "Nesterov",
            true,
            "1 takes the mean as it will be one step ahead.",
        ),
        Hyperparameter {
            id: "newton_schulz_steps",
            symbol: "K",
            meaning: "How many steps towards the orthogonal matrix are made.",
            default: 5.0,
            domain: Domain::closed(0.0, MOST_STEPS as f64),
            slider: (1.0, 10.0),
            scale: Scale::Count,
        },
        Hyperparameter::average_factor(
            "adam_beta1",
            "β₁",
            0.9,
            0.999,
            "Adam's memory of the gradients of vectors.",
        ),
        Hyperparameter::average_factor(
            "adam_beta2",
            "β₂",
            0.999,
            0.99999,
            "Adam's memory of the squared gradients of vectors.",
        ),
        Hyperparameter {
            id: "adam_weight_decay",
            symbol: "λ₁",
            ..Hyperparameter::weight_decay(
                0.0,
                "Decoupled weight decay of vectors: they shrink by the share αλ₁ a step.",
            )
        },
    ],
    slots: &[
        Slot::new(
            "m",
            "mean gradient (β on matrices, β₁ on vectors, where it is μ)",
        )
        .uphill(),
        Slot::of(
            Extent::EachOfVectors,
            "v",
            "second moment of vectors: mean squared gradient",
        )
        .squares(),
    ],
    scalar_slots: &[
        Slot::power("βᵗ", "what is left of the initial m (β₁ᵗ on vectors)"),
        Slot::power("β₂ᵗ", "what is left of the initial v"),
    ],
    scope: Scope::Block,
    fits: Fits::Matrices {
        reason: "it makes the momentum of a weight matrix orthogonal, and vectors alone would \
                 all go by Adam",
    },
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Muon {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [
            beta,
            epsilon,
            decay,
            nesterov,
            count,
            beta1,
            beta2,
            adam_decay,
        ] = now.settings();
        let ([mean, square], [power, power2]) = memory.take_apart_uneven();
        let shape = now.shapes[0];
        let (factor, decay) = if shape.is_matrix() {
            (beta, decay)
        } else {
            (beta1, adam_decay)
        };
        *power = *power * factor;
        *power2 = *power2 * beta2;
        let looks_ahead = R::constant(0.5).less_than(nesterov);
        let mut direction = Vec::with_capacity(parameters.len());
        for (m, &g) in mean.iter_mut().zip(now.gradient) {
            *m = factor * *m + (R::one() - factor) * g;
            let plain = *m / (R::one() - *power);
            let ahead = factor * *m / (R::one() - *power * factor)
                + (R::one() - factor) * g / (R::one() - *power);
            direction.push(R::select(looks_ahead, ahead, plain));
        }
        if shape.is_matrix() {
            orthogonalize(&mut direction, shape, epsilon, count);
        } else {
            for ((d, v), &g) in direction.iter_mut().zip(square).zip(now.gradient) {
                *v = beta2 * *v + (R::one() - beta2) * g.squared();
                *d = quotient(*d, (*v / (R::one() - *power2)).square_root() + epsilon);
            }
        }
        for (theta, &d) in parameters.iter_mut().zip(&direction) {
            *theta = *theta - now.learning_rate * (d + decay * *theta);
        }
    }
}

/// Replaces a matrix by nearly the nearest orthogonal one, times √max(1, columns/rows).
fn orthogonalize<R: Real>(matrix: &mut [R], shape: Shape, epsilon: R, count: R) {
    let length = norm(matrix.iter().copied()) + epsilon;
    matrix.iter_mut().for_each(|x| *x = quotient(*x, length));
    let is_tall = shape.rows > shape.columns;
    let mut x = if is_tall {
        transposed(matrix, shape)
    } else {
        matrix.to_vec()
    };
    let wide = Shape::matrix(shape.rows.min(shape.columns), shape.rows.max(shape.columns));
    // Lanes that need fewer steps than others keep what they have.
    for step in 0..MOST_STEPS {
        let more = R::constant(f64::from(step) + 0.5).less_than(count);
        let next = newton_schulz(&x, wide);
        for (x, next) in x.iter_mut().zip(next) {
            *x = R::select(more, next, *x);
        }
    }
    let x = if is_tall { transposed(&x, wide) } else { x };
    let ratio = (shape.columns as f64 / shape.rows as f64).max(1.0);
    for (out, x) in matrix.iter_mut().zip(x) {
        *out = x * R::constant(ratio).square_root();
    }
}

/// a·X + (b·A + c·A²)·X with A = X·Xᵀ.
fn newton_schulz<R: Real>(x: &[R], shape: Shape) -> Vec<R> {
    let Shape { rows, columns } = shape;
    let [a, b, c] = QUINTIC.map(R::constant);
    let square = Shape::matrix(rows, rows);
    let gram = product(x, shape, &transposed(x, shape), rows);
    let gram_squared = product(&gram, square, &gram, rows);
    let inner: Vec<R> = gram
        .iter()
        .zip(&gram_squared)
        .map(|(&p, &q)| b * p + c * q)
        .collect();
    let turned = product(&inner, square, x, columns);
    x.iter().zip(turned).map(|(&x, t)| a * x + t).collect()
}

/// The product of a matrix of this shape with one of `columns` columns.
fn product<R: Real>(left: &[R], shape: Shape, right: &[R], columns: usize) -> Vec<R> {
    let mut out = vec![R::zero(); shape.rows * columns];
    for (row, out) in left
        .chunks_exact(shape.columns)
        .zip(out.chunks_exact_mut(columns))
    {
        for (&l, right) in row.iter().zip(right.chunks_exact(columns)) {
            for (out, &r) in out.iter_mut().zip(right) {
                *out = *out + l * r;
            }
        }
    }
    out
}

fn transposed<R: Real>(matrix: &[R], shape: Shape) -> Vec<R> {
    let Shape { rows, columns } = shape;
    let entry = |index: usize| matrix[index % rows * columns + index / rows];
    (0..rows * columns).map(entry).collect()
}

impl Optimizer for Muon {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
