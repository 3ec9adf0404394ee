//! The way that plain gradient flow takes: dw/dt = −∇J, steps without length.

use crate::numbers::norm;
use crate::objective::Function;

/// The most points of a path.
const MOST_POINTS: usize = 20_000;

/// How far a step's two estimates may lie apart, as a share of `scale`.
const TOLERANCE: f64 = 1e-6;

/// The path from `start` along dw/dt = −∇J, until it slopes by less than a millionth of what it
/// did at the start, leaves the finite, or has 20,000 points; `scale` is a length that counts as
/// the size of a picture. `goes_on` is asked at every step; none when it says no.
///
/// Steps are as long as Bogacki and Shampine's pair of formulas of orders 2 and 3 allows (P.
/// Bogacki & L. F. Shampine, Appl. Math. Lett. 2(4) (1989) 321–325).
pub fn gradient_flow(
    function: &dyn Function<f64>,
    start: &[f64],
    scale: f64,
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<Vec<f64>>> {
    let mut path = vec![start.to_vec()];
    let mut slope = downhill(function, start);
    let first = norm(slope.iter().copied());
    let slopes = first.is_finite() && first > 0.0;
    if !slopes {
        return Some(path);
    }
    let mut at = start.to_vec();
    let mut step = 1e-3 * scale / first;
    for _ in 0..10 * MOST_POINTS {
        if path.len() >= MOST_POINTS || norm(slope.iter().copied()) < 1e-6 * first {
            break;
        }
        if !goes_on() {
            return None;
        }
        let (next, next_slope, error) = attempt(function, (&at, &slope), step);
        let share = error / (TOLERANCE * scale);
        if share <= 1.0 && norm(next_slope.iter().copied()).is_finite() {
            path.push(next.clone());
            (at, slope) = (next, next_slope);
        }
        let factor = 0.9 * share.max(1e-9).powf(-1.0 / 3.0);
        step *= if factor.is_finite() {
            factor.clamp(0.2, 5.0)
        } else {
            0.2
        };
        if step.is_nan() || step <= f64::MIN_POSITIVE {
            break;
        }
    }
    Some(path)
}

/// One step: where it leads, the slope there, and how far its two estimates lie apart.
fn attempt(
    function: &dyn Function<f64>,
    (at, first): (&[f64], &[f64]),
    step: f64,
) -> (Vec<f64>, Vec<f64>, f64) {
    let ahead = |shares: &[(f64, &[f64])]| -> Vec<f64> {
        let moved = |i: usize| {
            shares
                .iter()
                .map(|(share, slope)| share * slope[i])
                .sum::<f64>()
        };
        (0..at.len()).map(|i| at[i] + step * moved(i)).collect()
    };
    let second = downhill(function, &ahead(&[(0.5, first)]));
    let third = downhill(function, &ahead(&[(0.75, &second)]));
    let next = ahead(&[
        (2.0 / 9.0, first),
        (1.0 / 3.0, &second),
        (4.0 / 9.0, &third),
    ]);
    let last = downhill(function, &next);
    let other = ahead(&[
        (7.0 / 24.0, first),
        (0.25, &second),
        (1.0 / 3.0, &third),
        (0.125, &last),
    ]);
    let apart: Vec<f64> = next.iter().zip(&other).map(|(a, b)| a - b).collect();
    let error = norm(apart.iter().copied());
    (
        next,
        last,
        if error.is_nan() { f64::INFINITY } else { error },
    )
}

fn downhill(function: &dyn Function<f64>, at: &[f64]) -> Vec<f64> {
    let mut slope = vec![0.0; at.len()];
    function.gradient(at, &mut slope);
    slope.iter().map(|g| -g).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ½(100·w1² + w2²).
    struct Valley;

    impl Function<f64> for Valley {
        fn value(&self, at: &[f64]) -> f64 {
            50.0 * at[0] * at[0] + 0.5 * at[1] * at[1]
        }

        fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
            gradient.copy_from_slice(&[100.0 * at[0], at[1]]);
            self.value(at)
        }

        fn hessian(&self, _: &[f64], rows: &mut [f64]) {
            rows.copy_from_slice(&[100.0, 0.0, 0.0, 1.0]);
        }
    }

    /// On it w1 = a·e^(−100t) and w2 = b·e^(−t), so that w1/a = (w2/b)¹⁰⁰.
    #[test]
    fn the_flow_follows_its_exact_solution() {
        let flow = |start: [f64; 2]| gradient_flow(&Valley, &start, 2.0, &|| true).unwrap();
        let path = flow([1.0, 1.0]);
        for point in &path {
            assert!((point[0] - point[1].powi(100)).abs() < 1e-4, "{point:?}");
        }
        let end = path.last().unwrap();
        assert!(end.iter().all(|w| w.abs() < 1e-3), "{end:?}");
        let falls = path
            .windows(2)
            .all(|pair| Valley.value(&pair[1]) <= Valley.value(&pair[0]));
        assert!(falls);
        assert_eq!(flow([0.0, 0.0]), [[0.0, 0.0]]);
        assert_eq!(flow([f64::NAN, 0.0]).len(), 1);
        let stopped = gradient_flow(&Valley, &[1.0, 1.0], 2.0, &|| false);
        assert_eq!(stopped, None);
    }
}
