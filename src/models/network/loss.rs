//! What a network's outputs are judged by.

use super::arithmetic::{LANES, Number};
use serde::{Deserialize, Serialize};

/// The loss of a batch is the mean over its examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loss {
    /// −ln of the share that softmax gives to the true class.
    #[default]
    CrossEntropy,
    /// The mean over the outputs of (y − t)²; a class is 1 at its own output and 0 at the others.
    MeanSquare,
}

/// What the outputs should have been.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// This class.
    Class(usize),
    /// These numbers.
    Values(&'a [f32]),
}

impl Target<'_> {
    fn value<N: Number>(&self, output: usize) -> N {
        match self {
            Self::Class(class) if *class == output => N::one(),
            Self::Class(_) => N::zero(),
            Self::Values(values) => N::constant(f64::from(values[output])),
        }
    }
}

/// How one example fared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Its loss.
    pub loss: f64,
    /// Which output was the largest.
    pub predicted: usize,
}

impl Loss {
    /// Judges the outputs of one lane. Writes the loss's slopes along them, times `share`, into
    /// the same lane of `slopes`, unless that is empty.
    pub fn judge<N: Number>(
        self,
        outputs: &[N],
        lane: usize,
        target: Target<'_>,
        share: N,
        slopes: &mut [N],
    ) -> Verdict {
        let at = |output: usize| outputs[output * LANES + lane];
        let count = outputs.len() / LANES;
        let mut predicted = 0;
        for output in 1..count {
            // A class that is not a number is not the largest; the loss says so.
            if at(output) > at(predicted) {
                predicted = output;
            }
        }
        let loss = match self {
            Self::CrossEntropy => {
                let largest = at(predicted);
                let exponential = |output| (at(output) - largest).exponential();
                let sum = (0..count).fold(N::zero(), |sum, output| sum + exponential(output));
                if !slopes.is_empty() {
                    for output in 0..count {
                        let slope = exponential(output) / sum - target.value(output);
                        slopes[output * LANES + lane] = share * slope;
                    }
                }
                let terms = (0..count).map(|output| {
                    let weight: N = target.value(output);
                    weight * (sum.natural_logarithm() + largest - at(output))
                });
                terms.fold(N::zero(), |sum, term| sum + term)
            }
            Self::MeanSquare => {
                let part = N::one() / N::constant(count as f64);
                let mut sum = N::zero();
                for output in 0..count {
                    let error = at(output) - target.value(output);
                    sum += error * error;
                    if !slopes.is_empty() {
                        slopes[output * LANES + lane] = share * part * (error + error);
                    }
                }
                sum * part
            }
        };
        Verdict {
            loss: loss.to_f64(),
            predicted,
        }
    }
}
