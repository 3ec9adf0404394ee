//! Losses of the two smallest models with a nonlinearity, on a few points of data.

use super::{Fitted, Landscape, LandscapeCard, Minimum, Surface};
use crate::numbers::Real;

/// Cross-entropy of logistic regression.
pub struct LogisticRegression;

/// Squared error of one sigmoid neuron.
pub struct OneNeuron;

/// (hours of study, 1 where the examination was passed): no threshold separates the two.
const STUDENTS: [(f64, f64); 8] = [
    (0.5, 0.0),
    (1.0, 0.0),
    (1.5, 1.0),
    (2.0, 0.0),
    (2.5, 1.0),
    (3.0, 0.0),
    (3.5, 1.0),
    (4.0, 1.0),
];

/// (input, target) of the neuron.
const POINTS: [(f64, f64); 6] = [
    (-2.0, 0.1),
    (-1.0, 0.2),
    (-0.5, 0.7),
    (0.5, 0.4),
    (1.0, 0.8),
    (2.0, 0.9),
];

static STUDENTS_FITTED: Fitted = Fitted {
    caption: "Whether an examination was passed after x hours of study; P(passed) = σ(w1x + w2)",
    points: &STUDENTS,
    model: |[slope, bias], hours| sigmoid(slope * hours + bias),
};

static POINTS_FITTED: Fitted = Fitted {
    caption: "Six targets; the neuron's output is σ(w1x + w2)",
    points: &POINTS,
    model: |[weight, bias], input| sigmoid(weight * input + bias),
};

static LOGISTIC_REGRESSION: LandscapeCard = LandscapeCard {
    id: "logistic_regression",
    name: "Logistic regression",
    formula: "J = mean ln(1 + exp(∓(w1x + w2))), − for y = 1, + for y = 0; (x, y) = (0.5, 0), \
              (1, 0), (1.5, 1), (2, 0), (2.5, 1), (3, 0), (3.5, 1), (4, 1)",
    about: "Convex, but a narrow trough: slope and bias trade against each other, because the \
            inputs are not centred.",
    source: "D. R. Cox, Journal of the Royal Statistical Society B 20 (1958) 215–242; data of \
             Descent Lab's own",
    range: [(-2.0, 4.0), (-8.0, 4.0)],
    start: [-1.0, 2.5],
    minima: &[Minimum::new(
        1.188168720397156,
        -2.673379620893601,
        0.5280988171795706,
    )],
    fitted: Some(&STUDENTS_FITTED),
    ..LandscapeCard::BLANK
};

static ONE_NEURON: LandscapeCard = LandscapeCard {
    id: "one_neuron",
    name: "One neuron",
    formula: "J = mean (σ(w1x + w2) − t)², σ(z) = 1/(1 + exp(−z)); (x, t) = (−2, 0.1), (−1, 0.2), \
              (−0.5, 0.7), (0.5, 0.4), (1, 0.8), (2, 0.9)",
    about: "Squared error behind a sigmoid is not convex: where the neuron is saturated the \
            surface is a plain with hardly a slope, the vanishing gradient in two dimensions.",
    source: "the setting of P. Auer, M. Herbster & M. K. Warmuth, Advances in Neural Information \
             Processing Systems 8 (1995) 316–322; data of Descent Lab's own",
    range: [(-10.0, 10.0), (-10.0, 10.0)],
    start: [-4.0, 6.0],
    minima: &[Minimum::new(
        0.8867456612874872,
        0.1050196130475328,
        0.02627378442944202,
    )],
    fitted: Some(&POINTS_FITTED),
    ..LandscapeCard::BLANK
};

/// ln(1 + eᶻ), without overflow.
#[inline(always)]
fn softplus<R: Real>(z: R) -> R {
    let far = R::constant(40.0).less_than(z);
    R::select(far, z, (R::one() + z.exponential()).natural_logarithm())
}

/// 1/(1 + e⁻ᶻ), without overflow.
#[inline(always)]
fn sigmoid<R: Real>(z: R) -> R {
    let half = R::constant(0.5);
    half + half * (half * z).hyperbolic_tangent()
}

#[inline(always)]
fn mean<R: Real, const N: usize>(terms: [R; N]) -> R {
    let sum = terms.into_iter().fold(R::zero(), |sum, term| sum + term);
    sum / R::constant(N as f64)
}

impl<R: Real> Surface<R> for LogisticRegression {
    #[inline(always)]
    fn height(&self, [slope, bias]: [R; 2]) -> R {
        mean(STUDENTS.map(|(hours, passed)| {
            let z = slope * R::constant(hours) + bias;
            softplus(if passed > 0.5 { -z } else { z })
        }))
    }
}

impl<R: Real> Surface<R> for OneNeuron {
    #[inline(always)]
    fn height(&self, [weight, bias]: [R; 2]) -> R {
        mean(POINTS.map(|(input, target)| {
            let output = sigmoid(weight * R::constant(input) + bias);
            (output - R::constant(target)).squared()
        }))
    }
}

landscape!(LogisticRegression, LOGISTIC_REGRESSION);
landscape!(OneNeuron, ONE_NEURON);

#[cfg(test)]
mod tests {
    use super::*;

    /// The loss is the mean over the shown data of what the shown model says of them.
    #[test]
    fn losses_are_those_of_the_shown_data_and_model() {
        for at in [[1.2, -2.7], [-1.0, 2.5], [0.0, 0.0], [3.0, 4.0]] {
            let mean = |fitted: &Fitted, loss: fn(f64, f64) -> f64| {
                let of = |&(x, target): &(f64, f64)| loss((fitted.model)(at, x), target);
                fitted.points.iter().map(of).sum::<f64>() / fitted.points.len() as f64
            };
            let cross_entropy = |p: f64, y: f64| -(y * p.ln() + (1.0 - y) * (1.0 - p).ln());
            let expected = mean(&STUDENTS_FITTED, cross_entropy);
            let found: f64 = LogisticRegression.height(at);
            assert!((found - expected).abs() < 1e-12 * expected.max(1.0));
            let expected = mean(&POINTS_FITTED, |p, t| (p - t) * (p - t));
            let found: f64 = OneNeuron.height(at);
            assert!((found - expected).abs() < 1e-14);
        }
    }
}
