//! Rules that no library offers step by step, against steps worked out by hand.

use super::{Walk, agrees};
use descent_lab::experiment::RunSpec;
use descent_lab::objective::Function;
use descent_lab::optimizers::Shape;

/// The rules that are checked here in place of a golden file.
pub const RULES: [&str; 2] = ["newton", "conjugate_gradient"];

/// A function of two parameters: its value, slope and curvature.
struct Plane {
    value: fn([f64; 2]) -> f64,
    slope: fn([f64; 2]) -> [f64; 2],
    curvature: fn([f64; 2]) -> [[f64; 2]; 2],
}

impl Function<f64> for Plane {
    fn value(&self, at: &[f64]) -> f64 {
        (self.value)([at[0], at[1]])
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&(self.slope)([at[0], at[1]]));
        self.value(at)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        rows.copy_from_slice((self.curvature)([at[0], at[1]]).as_flattened());
    }
}

const ROSENBROCK: Plane = Plane {
    value: |[x, y]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2),
    slope: |[x, y]| {
        let rest = y - x * x;
        [-2.0 * (1.0 - x) - 400.0 * x * rest, 200.0 * rest]
    },
    curvature: |[x, y]| {
        [
            [2.0 - 400.0 * (y - 3.0 * x * x), -400.0 * x],
            [-400.0 * x, 200.0],
        ]
    },
};

/// (w1² + 9·w2²)/2.
const BOWL: Plane = Plane {
    value: |[x, y]| 0.5 * (x * x + 9.0 * y * y),
    slope: |[x, y]| [x, 9.0 * y],
    curvature: |_| [[1.0, 0.0], [0.0, 9.0]],
};

fn positions(run: &RunSpec, plane: &Plane, start: [f64; 2], updates: u64) -> Vec<[f64; 2]> {
    let mut walk = Walk::new(run, &[Shape::vector(2)]);
    let mut at = start.to_vec();
    (1..=updates)
        .map(|number| {
            walk.step(plane, number, 1.0, &mut at);
            [at[0], at[1]]
        })
        .collect()
}

/// From (−1.2, 1): g = (−215.6, −88), ∇²J = [[1330, 480], [480, 200]] with determinant 35600,
/// so p = (200·(−215.6) + 480·88, −1330·88 + 480·215.6)/35600 = (−880, −13552)/35600.
/// The second step by Cramer's rule at the point reached.
#[test]
fn newtons_first_two_steps() {
    let found = positions(&RunSpec::new("newton"), &ROSENBROCK, [-1.2, 1.0], 2);
    let first = [-1.2 + 880.0 / 35600.0, 1.0 + 13552.0 / 35600.0];
    assert!((0..2).all(|i| agrees(found[0][i], first[i])), "{found:?}");
    let ([g1, g2], [[a, b], [_, d]]) = ((ROSENBROCK.slope)(first), (ROSENBROCK.curvature)(first));
    let determinant = a * d - b * b;
    let second = [
        first[0] - (d * g1 - b * g2) / determinant,
        first[1] - (a * g2 - b * g1) / determinant,
    ];
    assert!((0..2).all(|i| agrees(found[1][i], second[i])), "{found:?}");
    // Nearly the bottom in x, far off in y: the pure method may climb.
    assert!((found[1][0] - 0.763).abs() < 1e-3 && (found[1][1] + 3.175).abs() < 1e-3);
}

/// With damping λ on the bowl a step keeps λ/(h + λ) of the distance along each axis.
#[test]
fn damped_newton_keeps_a_share_of_the_way() {
    let mut run = RunSpec::new("newton");
    run.hyperparameters.insert("damping".into(), 3.0);
    let found = positions(&run, &BOWL, [8.0, 4.0], 2);
    assert_eq!(found, [[6.0, 1.0], [4.5, 0.25]]);
}

/// From (9, 1): d = −(9, 9), lowest at τ = 162/810 = 0.2, so (7.2, −0.8). There g = (7.2, −7.2),
/// b = 103.68/162 = 0.64 (with Fletcher and Reeves' the same, for g·g⁻ = 0), d = (−12.96, 1.44),
/// τ = 103.68/186.624 = 5/9, and that is the bottom. A cubic through two points of a parabola
/// finds its minimum at once.
#[test]
fn conjugate_gradients_first_two_steps() {
    for fletcher_reeves in [0.0, 1.0] {
        let mut run = RunSpec::new("conjugate_gradient");
        let value = fletcher_reeves;
        run.hyperparameters.insert("fletcher_reeves".into(), value);
        let found = positions(&run, &BOWL, [9.0, 1.0], 2);
        assert!(
            agrees(found[0][0], 7.2) && agrees(found[0][1], -0.8),
            "{found:?}"
        );
        assert!(found[1].iter().all(|w| w.abs() < 1e-12), "{found:?}");
    }
}
