//! What a wrong prediction costs.

use crate::numbers::Real;
use serde::{Deserialize, Serialize};

/// The loss of a batch, from what the model says (ŷ) and what is true (y); e = ŷ − y.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Loss {
    /// (1/n)·Σ e².
    #[default]
    #[serde(rename = "MSE")]
    MeanSquared,
    /// (1/2n)·Σ e².
    #[serde(rename = "HalfMSE")]
    HalfMeanSquared,
    /// Σ e².
    #[serde(rename = "SSE")]
    SumSquared,
    /// (1/n)·Σ |e|.
    #[serde(rename = "MAE")]
    MeanAbsolute,
    /// (1/n)·Σ e²/2 where |e| ≤ δ, δ·(|e| − δ/2) elsewhere (Huber 1964, Ann. Math. Statist. 35,
    /// 73–101).
    Huber {
        /// δ, where the loss goes over from square to straight; above 0.
        delta: f64,
    },
    /// (1/n)·Σ ln(1 + e^ŷ) − y·ŷ for targets 0 and 1: the negative log-likelihood where ŷ is the
    /// log-odds of 1.
    Logistic,
}

impl Loss {
    /// Every loss, with a usual δ.
    pub const ALL: [Self; 6] = [
        Self::MeanSquared,
        Self::HalfMeanSquared,
        Self::SumSquared,
        Self::MeanAbsolute,
        Self::Huber { delta: 1.0 },
        Self::Logistic,
    ];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanSquared => "mean squared error",
            Self::HalfMeanSquared => "half mean squared error",
            Self::SumSquared => "sum of squared errors",
            Self::MeanAbsolute => "mean absolute error",
            Self::Huber { .. } => "Huber loss",
            Self::Logistic => "logistic loss",
        }
    }

    /// J in Unicode mathematics.
    pub fn formula(self) -> String {
        match self {
            Self::MeanSquared => "J = (1/n)·Σ e²".into(),
            Self::HalfMeanSquared => "J = (1/2n)·Σ e²".into(),
            Self::SumSquared => "J = Σ e²".into(),
            Self::MeanAbsolute => "J = (1/n)·Σ |e|".into(),
            Self::Huber { delta } => {
                format!("J = (1/n)·Σ (e²/2 if |e| ≤ {delta}, else {delta}·(|e| − {delta}/2))")
            }
            Self::Logistic => "J = (1/n)·Σ (ln(1 + e^ŷ) − y·ŷ)".into(),
        }
    }

    /// The factor s before the sum over n rows.
    pub fn scale(self, rows: usize) -> f64 {
        let count = rows.max(1) as f64;
        match self {
            Self::SumSquared => 1.0,
            Self::HalfMeanSquared => 0.5 / count,
            _ => 1.0 / count,
        }
    }

    /// Whether it is least where the squares are, so that least squares solve it.
    pub fn is_squared(self) -> bool {
        matches!(
            self,
            Self::MeanSquared | Self::HalfMeanSquared | Self::SumSquared
        )
    }

    /// ℓ(ŷ, y), the term of one row before the scale.
    pub fn term<R: Real>(self, prediction: R, target: R) -> R {
        let error = prediction - target;
        match self {
            Self::MeanSquared | Self::HalfMeanSquared | Self::SumSquared => error.squared(),
            Self::MeanAbsolute => error.absolute(),
            Self::Huber { delta } => {
                let (delta, half) = (R::constant(delta), R::constant(0.5));
                let size = error.absolute();
                let straight = delta * (size - half * delta);
                R::select(delta.less_than(size), straight, half * error.squared())
            }
            Self::Logistic => {
                // ln(1 + e^ŷ) without an exponential that could overflow.
                let rest = (-prediction.absolute()).exponential() + R::one();
                prediction.larger(R::zero()) + rest.natural_logarithm() - target * prediction
            }
        }
    }

    /// ∂ℓ/∂ŷ, before the scale; 0 at the kink of |e|.
    pub fn slope<R: Real>(self, prediction: R, target: R) -> R {
        let error = prediction - target;
        match self {
            Self::MeanSquared | Self::HalfMeanSquared | Self::SumSquared => {
                R::constant(2.0) * error
            }
            Self::MeanAbsolute => error.sign(),
            Self::Huber { delta } => {
                let delta = R::constant(delta);
                error.larger(-delta).smaller(delta)
            }
            Self::Logistic => sigmoid(prediction) - target,
        }
    }
}

/// 1/(1 + e⁻ˣ), by the hyperbolic tangent, which does not overflow.
pub fn sigmoid<R: Real>(x: R) -> R {
    let half = R::constant(0.5);
    half + half * (half * x).hyperbolic_tangent()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::Dual;

    #[test]
    fn slopes_are_the_derivatives_of_the_terms() {
        for loss in Loss::ALL {
            for prediction in [-40.0, -2.5, -0.3, 0.2, 0.9, 3.0, 700.0] {
                for target in [0.0, 1.0] {
                    let at = Dual::<f64, 1>::variables([prediction])[0];
                    let exact = loss.term(at, Dual::constant(target)).slope[0];
                    let found = loss.slope(prediction, target);
                    assert!(
                        (found - exact).abs() <= 1e-12 * (1.0 + exact.abs()),
                        "{loss:?} at {prediction}, {target}: {found} against {exact}"
                    );
                }
            }
        }
    }

    #[test]
    fn terms_by_hand() {
        assert_eq!(Loss::MeanSquared.term(2.0, 10.0), 64.0);
        assert_eq!(Loss::MeanAbsolute.term(2.0, 10.0), 8.0);
        let huber = Loss::Huber { delta: 1.0 };
        assert_eq!((huber.term(0.5, 0.0), huber.term(3.0, 0.0)), (0.125, 2.5));
        let logistic: f64 = Loss::Logistic.term(0.0, 1.0);
        assert!((logistic - std::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(Loss::Logistic.term(1000.0, 1.0), 0.0);
        assert_eq!(Loss::HalfMeanSquared.scale(4), 0.125);
    }
}
