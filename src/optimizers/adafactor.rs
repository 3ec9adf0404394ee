//! Adafactor.

use super::{
    Extent, Family, Fits, Hyperparameter, MemoryView, Optimizer, OptimizerCard, Scope, Slot, Step,
    UpdateRule,
};
use crate::numbers::{Domain, Real, Scale, norm, quotient};

/// RMSprop whose second moment of a matrix is the product of a row and a column.
pub struct Adafactor;

static CARD: OptimizerCard = OptimizerCard {
    id: "adafactor",
    name: "Adafactor",
    family: Family::LayerWise,
    formula: &[
        "κ = t^c   (c < 0: the share of the newest gradient)",
        "a = max(ε₂, rms(θ))·min(α, 1/√t)",
        "θ ← (1 − α·λ)·θ",
        "matrix: R ← R + κ·(row means of g² − R),  C ← C + κ·(column means of g² − C)",
        "V = R·Cᵀ/max(mean of R, ε₁);  vector: V ← V + κ·(g² − V)",
        "u = g/√max(V, ε₁²)",
        "θ ← θ − a·u/max(1, rms(u)/d)",
    ],
    about: "Adam's second moment for the price of a row and a column: that of a weight matrix is \
            taken to be their product. No first moment, steps measured by the parameters' own \
            size, and an update that is too long is shortened. On a vector nothing is factored. \
            As in torch the rate falls as 1/√t once that is below α.",
    citation: "N. Shazeer & M. Stern, ICML 2018, arXiv:1804.04235, algorithms 4–5; \
               torch.optim.Adafactor",
    default_learning_rate: 0.01,
    hyperparameters: &[
        Hyperparameter {
            id: "beta2_decay",
            symbol: "c",
            meaning: "The power of t at which the share of the newest gradient falls.",
            default: -0.8,
            domain: Domain::closed(-10.0, 0.0),
            slider: (-2.0, 0.0),
            scale: Scale::Linear,
        },
        Hyperparameter::non_negative(
            "epsilon1",
            "ε₁",
            f64::EPSILON,
            (1e-30, 1e-3),
            "Keeps the mean of R, and squared V, away from 0. The default is \
             the rounding unit of double precision; torch takes that of the parameters' own type, \
             1.2·10⁻⁷ in single precision.",
        ),
        Hyperparameter::non_negative(
            "epsilon2",
            "ε₂",
            1e-3,
            (1e-8, 1.0),
            "The least size that the parameters count as, so that those at 0 can leave it.",
        ),
        Hyperparameter {
            domain: Domain::at_least(1e-12),
            ..Hyperparameter::non_negative(
                "clip_threshold",
                "d",
                1.0,
                (0.01, 100.0),
                "The greatest root mean square of an update before a is applied.",
            )
        },
        Hyperparameter::weight_decay(
            0.0,
            "Decoupled weight decay: parameters shrink by the factor 1 − αλ a step.",
        ),
    ],
    slots: &[
        Slot::of(Extent::Rows, "R", "mean squared gradient of every row"),
        Slot::of(
            Extent::Columns,
            "C",
            "mean squared gradient of every column",
        ),
        Slot::of(Extent::EachOfVectors, "V", "mean squared gradient").squares(),
        Slot::new("u", "scaled gradient").uphill(),
    ],
    scope: Scope::Block,
    fits: Fits::Matrices {
        reason: "it is about storing the second moment of a weight matrix as a row and a column, \
                 and on vectors alone nothing of that is left",
    },
    ..OptimizerCard::BLANK
};

impl<R: Real> UpdateRule<R> for Adafactor {
    #[inline(always)]
    fn step(&self, now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [power, epsilon1, epsilon2, threshold, decay] = now.settings();
        let ([rows, columns, square, scaled], []) = memory.take_apart_uneven();
        let number = R::constant(now.number as f64);
        let share = number.power(power);
        let fall = R::one() / number.square_root();
        let size = rms(parameters).larger(epsilon2) * now.learning_rate.smaller(fall);
        let shape = now.shapes[0];
        if shape.is_matrix() {
            let moments = Factored { rows, columns };
            moments.scale(now.gradient, share, epsilon1, scaled);
        } else {
            for ((v, u), &g) in square.iter_mut().zip(scaled.iter_mut()).zip(now.gradient) {
                *v = *v + share * (g.squared() - *v);
                *u = quotient(g, v.larger(epsilon1.squared()).square_root());
            }
        }
        let step = size / (rms(scaled) / threshold).larger(R::one());
        for (theta, &u) in parameters.iter_mut().zip(scaled.iter()) {
            *theta = *theta * (R::one() - now.learning_rate * decay) - step * u;
        }
    }
}

/// The root mean square.
fn rms<R: Real>(values: &[R]) -> R {
    norm(values.iter().copied()) / R::constant(values.len() as f64).square_root()
}

/// The second moment of a matrix as a row of row means and a row of column means.
struct Factored<'a, R> {
    rows: &'a mut [R],
    columns: &'a mut [R],
}

impl<R: Real> Factored<'_, R> {
    /// Takes in a gradient with weight `share` and writes it, scaled, into `scaled`.
    fn scale(self, gradient: &[R], share: R, epsilon: R, scaled: &mut [R]) {
        let (height, width) = (self.rows.len(), self.columns.len());
        let square = |i: usize, j: usize| gradient[i * width + j].squared();
        let mean = |terms: &mut dyn Iterator<Item = R>, count: usize| {
            terms.fold(R::zero(), |sum, x| sum + x) / R::constant(count as f64)
        };
        for (i, row) in self.rows.iter_mut().enumerate() {
            *row = *row + share * (mean(&mut (0..width).map(|j| square(i, j)), width) - *row);
        }
        for (j, column) in self.columns.iter_mut().enumerate() {
            let mean = mean(&mut (0..height).map(|i| square(i, j)), height);
            *column = *column + share * (mean - *column);
        }
        let whole = mean(&mut self.rows.iter().copied(), height).larger(epsilon);
        for (index, (u, &g)) in scaled.iter_mut().zip(gradient).enumerate() {
            let v = quotient(
                self.rows[index / width] * self.columns[index % width],
                whole,
            );
            *u = quotient(g, v.larger(epsilon.squared()).square_root());
        }
    }
}

impl Optimizer for Adafactor {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}
