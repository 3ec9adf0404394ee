//! How sharply a loss of many parameters curves at most: λ_max of its Hessian H.
//!
//! H is never formed. Its product with a direction v of length 1 is taken as the central
//! difference of gradients H·v ≈ (∇J(θ + h·v) − ∇J(θ − h·v))/2h, and the power method turns v
//! towards the direction in which the product is longest (Golub & Van Loan, Matrix Computations,
//! § 8.2.1).

/// The most products; fewer where the direction has settled.
const MOST_PRODUCTS: usize = 40;

/// A direction has settled when what the product leaves of it is this share of the product.
const SETTLED: f64 = 0.01;

/// A largest eigenvalue, and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sharpness {
    /// vᵀ·H·v at the end: λ_max.
    pub value: f64,
    /// How far the nearest eigenvalue may lie from it: ‖H·v − λ·v‖, which bounds that for a
    /// symmetric matrix, and the difference that twice the step h makes, which tells of rounding
    /// and of higher derivatives.
    pub error: f64,
}

/// λ_max at `at`. `gradient` writes ∂J/∂θ at any parameters; `direction` is where the search
/// begins, as long as `at`, and becomes the direction found, so that the next search nearby is
/// short. None where something is not finite, and where there are no parameters.
pub fn sharpness(
    gradient: &mut dyn FnMut(&[f32], &mut [f32]),
    at: &[f32],
    direction: &mut [f32],
) -> Option<Sharpness> {
    let mut search = Search::new(gradient, at);
    normalise(direction, at.len())?;
    let mut shift = 0.0;
    let mut found = None;
    for _ in 0..MOST_PRODUCTS {
        let product = search.product(direction, 1.0);
        let value = dot(direction, &product);
        let rest = rest(&product, value, direction);
        if !(value.is_finite() && rest.is_finite()) {
            return None;
        }
        found = Some((value, rest));
        let is_settled = rest <= SETTLED * value.abs();
        if is_settled && value >= 0.0 {
            break;
        }
        // The longest product is downwards: seen from there, λ_max lies farthest away.
        if is_settled {
            shift = -value;
        }
        for (v, product) in direction.iter_mut().zip(&product) {
            *v = (product + shift * f64::from(*v)) as f32;
        }
        normalise(direction, at.len())?;
    }
    let (value, rest) = found?;
    let other = dot(direction, &search.product(direction, 2.0));
    let error = rest + (other - value).abs();
    error.is_finite().then_some(Sharpness { value, error })
}

/// Gradients beside a point.
struct Search<'a> {
    gradient: &'a mut dyn FnMut(&[f32], &mut [f32]),
    at: &'a [f32],
    /// h: the cube root of the rounding of single precision, at which rounding and the third
    /// derivative are in balance, scaled to the parameters; a quarter of it, as kinks weigh more.
    step: f64,
    moved: Vec<f32>,
    slopes: [Vec<f32>; 2],
}

impl<'a> Search<'a> {
    fn new(gradient: &'a mut dyn FnMut(&[f32], &mut [f32]), at: &'a [f32]) -> Self {
        let room = vec![0.0; at.len()];
        Self {
            gradient,
            at,
            step: 0.25 * f64::from(f32::EPSILON).cbrt() * (1.0 + dot(at, &wide(at)).sqrt()),
            moved: room.clone(),
            slopes: [room.clone(), room],
        }
    }

    /// H·v, with a step `times` as long as usual.
    fn product(&mut self, direction: &[f32], times: f64) -> Vec<f64> {
        let step = times * self.step;
        for (slope, sign) in self.slopes.iter_mut().zip([1.0, -1.0]) {
            let pairs = self.at.iter().zip(direction);
            for (moved, (&w, &v)) in self.moved.iter_mut().zip(pairs) {
                *moved = (f64::from(w) + sign * step * f64::from(v)) as f32;
            }
            (self.gradient)(&self.moved, slope);
        }
        let [ahead, behind] = &self.slopes;
        let pairs = ahead.iter().zip(behind);
        pairs
            .map(|(&ahead, &behind)| (f64::from(ahead) - f64::from(behind)) / (2.0 * step))
            .collect()
    }
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

fn dot(x: &[f32], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(&x, y)| f64::from(x) * y).sum()
}

/// ‖H·v − λ·v‖.
fn rest(product: &[f64], value: f64, direction: &[f32]) -> f64 {
    let parts = product.iter().zip(direction);
    let squares = parts.map(|(p, &v)| (p - value * f64::from(v)).powi(2));
    squares.sum::<f64>().sqrt()
}

/// Brings a direction to length 1; none where that cannot be.
fn normalise(direction: &mut [f32], size: usize) -> Option<()> {
    let length = dot(direction, &wide(direction)).sqrt();
    let is_fit = direction.len() == size && length > 0.0 && length.is_finite();
    if is_fit {
        direction
            .iter_mut()
            .for_each(|v| *v = (f64::from(*v) / length) as f32);
    }
    is_fit.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ½·Σ λᵢ·wᵢ² + ¼·c·Σ wᵢ⁴, whose Hessian is diagonal.
    fn bowl(curvatures: &[f32], quartic: f32) -> impl FnMut(&[f32], &mut [f32]) {
        let curvatures = curvatures.to_vec();
        move |at, gradient| {
            for ((g, &w), curvature) in gradient.iter_mut().zip(at).zip(&curvatures) {
                *g = curvature * w + quartic * w.powi(3);
            }
        }
    }

    #[test]
    fn the_largest_curvature_is_found_within_the_error_that_is_said() {
        for (curvatures, expected) in [
            (vec![1.0, 7.0, 3.0], 7.0),
            // The longest product is downwards, which is not the question.
            (vec![2.0, -9.0, 1.0], 2.0),
            (vec![5.0], 5.0),
        ] {
            let mut direction = vec![0.6; curvatures.len()];
            let at = vec![0.3; curvatures.len()];
            let found = sharpness(&mut bowl(&curvatures, 0.0), &at, &mut direction).unwrap();
            let off = (found.value - expected).abs();
            assert!(
                off <= found.error + 1e-3 && off < 0.03 * expected,
                "{found:?}"
            );
            assert!(found.error < 0.1 * expected, "{found:?}");
        }
    }

    #[test]
    fn higher_derivatives_show_in_the_error() {
        let mut direction = vec![1.0, 0.5];
        let found = sharpness(&mut bowl(&[1.0, 1.0], 1e6), &[0.0, 0.0], &mut direction).unwrap();
        // There the Hessian is the identity; steps of any length see more.
        assert!(found.error >= (found.value - 1.0).abs(), "{found:?}");
    }

    #[test]
    fn what_is_not_finite_has_no_sharpness() {
        let mut none = |_: &[f32], gradient: &mut [f32]| gradient.fill(f32::NAN);
        assert_eq!(sharpness(&mut none, &[1.0], &mut [1.0]), None);
        assert_eq!(sharpness(&mut none, &[], &mut []), None);
        let mut flat = |_: &[f32], gradient: &mut [f32]| gradient.fill(2.0);
        assert_eq!(sharpness(&mut flat, &[1.0], &mut [0.0]), None);
        let found = sharpness(&mut flat, &[1.0], &mut [1.0]).unwrap();
        assert_eq!(found.value, 0.0);
    }
}
