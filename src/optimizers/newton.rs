//! Newton's method.

use super::lane_by_lane::scalar_rule;
use super::{
    Family, Fits, Hyperparameter, MemoryView, Needs, Optimizer, OptimizerCard, Scope, Slot, Step,
};
use crate::numbers::Scalar;

/// θ ← θ − α(∇²J + λI)⁻¹g.
pub struct Newton;

static CARD: OptimizerCard = OptimizerCard {
    id: "newton",
    name: "Newton's method",
    family: Family::Classical,
    formula: &["p = (∇²J + λ·I)⁻¹·g", "θ ← θ − α·p"],
    about: "Goes to the stationary point of the parabola that fits J here: at the bottom of a \
            bowl after one step, and twice as many right digits a step near a minimum that curves up in every direction. Without \
            damping it is drawn to saddles and maxima just as well, for it looks for a zero of \
            the gradient. A λ beyond the most negative curvature turns the step downhill and \
            shortens it.",
    citation: "J. Nocedal & S. J. Wright, Numerical Optimization (2006), eq. 2.15; damping: \
               K. Levenberg, Quart. Appl. Math. 2 (1944) 164–168",
    default_learning_rate: 1.0,
    hyperparameters: &[Hyperparameter::non_negative(
        "damping",
        "λ",
        0.0,
        (1e-6, 1e4),
        "Added to every curvature; 0 is the pure method.",
    )],
    slots: &[Slot::new("p", "Newton's direction").uphill()],
    scope: Scope::AllBlocks,
    needs: Needs::Hessian,
    fits: Fits::AtMost {
        parameters: 1000,
        reason: "the Hessian matrix of n parameters has n² numbers and a step takes n³ operations",
    },
    ..OptimizerCard::BLANK
};

impl Newton {
    fn scalar_step<R: Scalar>(now: &Step<'_, R>, parameters: &mut [R], memory: MemoryView<'_, R>) {
        let [damping] = now.settings();
        let ([direction], []) = memory.take_apart(parameters.len());
        // Where nothing slopes it stays, however singular the Hessian is there.
        if now.gradient.iter().all(|g| *g == R::zero()) {
            return;
        }
        let size = parameters.len();
        let mut rows = vec![R::zero(); size * size];
        now.objective.hessian(parameters, &mut rows);
        for curvature in rows.iter_mut().step_by(size + 1) {
            *curvature = *curvature + damping;
        }
        direction.copy_from_slice(now.gradient);
        solve(&mut rows, direction);
        for (theta, &p) in parameters.iter_mut().zip(direction.iter()) {
            *theta = *theta - now.learning_rate * p;
        }
    }
}

/// Solves A·x = b by elimination with partial pivoting; `rows` is A, row after row, and
/// `right` holds b before and x after. Where A is singular x is not finite.
fn solve<R: Scalar>(rows: &mut [R], right: &mut [R]) {
    let size = right.len();
    for k in 0..size {
        let largest = |a: &usize, b: &usize| {
            let size_of = |row: usize| rows[row * size + k].absolute();
            size_of(*a)
                .partial_cmp(&size_of(*b))
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        let pivot = (k..size).max_by(largest).unwrap_or(k);
        right.swap(k, pivot);
        for column in 0..size {
            rows.swap(k * size + column, pivot * size + column);
        }
        for row in k + 1..size {
            let factor = rows[row * size + k] / rows[k * size + k];
            for column in k..size {
                rows[row * size + column] =
                    rows[row * size + column] - factor * rows[k * size + column];
            }
            right[row] = right[row] - factor * right[k];
        }
    }
    for k in (0..size).rev() {
        let known = (k + 1..size).fold(R::zero(), |sum, j| sum + rows[k * size + j] * right[j]);
        right[k] = (right[k] - known) / rows[k * size + k];
    }
}

scalar_rule!(Newton);

impl Optimizer for Newton {
    fn card(&self) -> &'static OptimizerCard {
        &CARD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elimination_exchanges_rows_where_it_must() {
        let mut rows = [0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 3.0, 0.0, 1.0];
        let mut right = [7.0, 3.0, 6.0];
        solve(&mut rows, &mut right);
        // x = (1, 2, 3).
        assert!(
            right
                .iter()
                .zip([1.0, 2.0, 3.0])
                .all(|(x, y): (&f64, f64)| (x - y).abs() < 1e-14)
        );
        let mut singular = [1.0, 2.0, 2.0, 4.0];
        let mut right = [1.0, 1.0];
        solve(&mut singular, &mut right);
        assert!(right.iter().any(|x: &f64| !x.is_finite()));
    }
}
