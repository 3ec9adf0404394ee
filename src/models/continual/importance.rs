//! How much each parameter matters to a task.

use super::views::{Headed, Outputs};
use crate::models::network::{Network, Purpose};
use serde::{Deserialize, Serialize};

/// Whose labels a Fisher information is taken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Labels {
    /// Every class, weighted by the probability that the model gives it: the Fisher information
    /// itself.
    Model,
    /// The true ones: the "empirical Fisher".
    True,
}

/// The diagonal of the Fisher information over up to `samples` examples:
/// Fᵢ = 1/N Σₙ E_c (∂ ln p(c|xₙ)/∂θᵢ)², with c from the model's own distribution over the head,
/// or the true class (Martens 2020, JMLR 21, arXiv:1412.1193, secs. 5 and 11).
pub fn fisher(
    network: &mut Network<f32>,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
    labels: Labels,
) -> Vec<f32> {
    let mut sum = vec![0.0_f32; parameters.len()];
    let mut gradient = vec![0.0; parameters.len()];
    let chosen = data.sample(samples);
    let share = 1.0 / chosen.len().max(1) as f64;
    for &example in &chosen {
        let classes = match labels {
            Labels::Model => data.outputs.clone(),
            Labels::True => {
                let class = usize::from(data.data.labels[example as usize]);
                class..class + 1
            }
        };
        for class in classes {
            let labelled = data.labelled(class);
            let purpose = Purpose::Probe(0);
            let score = network.gradient(&labelled, &[example], parameters, purpose, &mut gradient);
            let weight = match labels {
                // The loss is −ln p of this class.
                Labels::Model => share * libm::exp(-score.loss),
                Labels::True => share,
            } as f32;
            for (f, &g) in sum.iter_mut().zip(&gradient) {
                *f += weight * g * g;
            }
        }
    }
    sum
}

/// How strongly the outputs answer to each parameter: Ωᵢ = 1/N Σₙ |∂‖F(xₙ)‖²/∂θᵢ| (Aljundi et
/// al. 2018, ECCV, arXiv:1711.09601, eq. 3), over the head's outputs. No labels are needed.
pub fn output_sensitivity(
    network: &mut Network<f32>,
    data: &Headed<'_>,
    parameters: &[f32],
    samples: usize,
) -> Vec<f32> {
    let mut sum = vec![0.0_f32; parameters.len()];
    let mut gradient = vec![0.0; parameters.len()];
    let chosen = data.sample(samples);
    let share = 1.0 / chosen.len().max(1) as f32;
    let head = data.outputs.clone();
    let squared = Outputs {
        data: data.data,
        slope: |_, number, output: f32| {
            if head.contains(&number) {
                2.0 * output
            } else {
                0.0
            }
        },
    };
    for &example in &chosen {
        network.gradient(
            &squared,
            &[example],
            parameters,
            Purpose::Probe(0),
            &mut gradient,
        );
        for (s, &g) in sum.iter_mut().zip(&gradient) {
            *s += share * g.abs();
        }
    }
    sum
}
