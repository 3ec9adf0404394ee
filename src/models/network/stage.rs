//! One stage of a network, forward and backward, for one group of images.

use super::arithmetic::Number;
use super::kernels::activation::{self, Drops, Relu, Sigmoid, Tanh};
use super::kernels::normalisation::{self, Moments};
use super::kernels::{convolution, dense, pooling};
use super::plan::{Operation, Plan};
use super::space::{Layout, Space};
use crate::numbers::Noise;

/// What all groups of images of a batch share.
pub struct Context<'a, N> {
    /// The network.
    pub plan: &'a Plan,
    /// Its parameters.
    pub parameters: &'a [N],
    /// The filters of convolutions as [`convolution::Correlate`] reads them, one entry a stage:
    /// forward, and turned around for the way back.
    pub packed: &'a [[Vec<N>; 2]],
    /// Where gradients are gathered.
    pub layout: &'a Layout,
    /// The moments that batch normalisations use.
    pub moments: &'a [Moments<N>],
    /// Number of the update and where dropout's draws come from; none where nothing is dropped.
    pub drops: Option<(u64, Noise)>,
}

impl<N: Number> Context<'_, N> {
    fn windows(&self, stage: usize, size: usize, stride: usize) -> pooling::Windows {
        pooling::Windows {
            size,
            stride,
            from: self.plan.values[stage],
            to: self.plan.values[stage + 1],
        }
    }

    fn drops(&self, stage: usize, rate: f64, space: &Space<N>) -> Drops {
        let (update, noise) = self.drops.unwrap_or((0, Noise::new(0)));
        Drops {
            noise,
            update,
            stage,
            first: space.first,
            rate: if self.drops.is_some() { rate } else { 0.0 },
        }
    }

    /// Computes the output of a stage.
    #[allow(clippy::too_many_lines, reason = "a table with one arm a stage")]
    pub fn forward(&self, stage: usize, space: &mut Space<N>) {
        let (from, to) = (self.plan.values[stage], self.plan.values[stage + 1]);
        let operation = self.plan.stages[stage].operation;
        let [weights, bias] = self
            .plan
            .parameters_of(&self.plan.stages[stage], self.parameters);
        let drops = match operation {
            Operation::Dropout { rate } => Some(self.drops(stage, rate, space)),
            _ => None,
        };
        let (before, behind) = space.values.split_at_mut(stage + 1);
        let (input, output) = (&*before[stage], &mut *behind[0]);
        match operation {
            Operation::Dense => N::run(dense::Forward {
                input,
                weights,
                bias,
                output,
            }),
            Operation::Convolution {
                kernel,
                padding,
                stride,
            } => N::run(convolution::Correlate {
                input,
                from,
                weights: &self.packed[stage][0],
                bias: Some(bias),
                output,
                to,
                kernel,
                padding,
                stride,
            }),
            Operation::MaxPool { size, stride } => N::run(pooling::LargestForward {
                windows: self.windows(stage, size, stride),
                input,
                output,
            }),
            Operation::AveragePool { size, stride } => N::run(pooling::MeanForward {
                windows: self.windows(stage, size, stride),
                input,
                output,
            }),
            Operation::Relu => N::run(activation::Forward {
                activation: Relu,
                input: (input, from),
                output: (output, to),
            }),
            Operation::Sigmoid => N::run(activation::Forward {
                activation: Sigmoid,
                input: (input, from),
                output: (output, to),
            }),
            Operation::Tanh => N::run(activation::Forward {
                activation: Tanh,
                input: (input, from),
                output: (output, to),
            }),
            Operation::Flatten => {
                let mut begin = 0;
                activation::rows(from, from, |row, _| {
                    output[begin..begin + row.len()].copy_from_slice(&input[row.clone()]);
                    begin += row.len();
                });
            }
            Operation::BatchNorm { index } => {
                let moments = &self.moments[index];
                normalisation::forward((input, from), (output, to), moments, [weights, bias]);
            }
            Operation::Dropout { .. } => {
                if let Some(drops) = drops {
                    drops.apply((input, from), (output, to));
                }
            }
        }
    }

    /// Adds the slopes along a stage's parameters to `gathered`, and computes those along its
    /// input where `is_first` does not say that nobody asks for them. `totals` are the slopes
    /// along the parameters of a batch normalisation over the whole batch of so many numbers a
    /// channel.
    #[allow(clippy::too_many_lines, reason = "a table with one arm a stage")]
    pub fn backward(
        &self,
        stage: usize,
        space: &mut Space<N>,
        gathered: &mut [N],
        is_first: bool,
        totals: (&[N], usize),
    ) {
        let (from, to) = (self.plan.values[stage], self.plan.values[stage + 1]);
        let (along_input, along_output) = (self.plan.slopes[stage], self.plan.slopes[stage + 1]);
        let plan = &self.plan.stages[stage];
        let [weights, _] = self.plan.parameters_of(plan, self.parameters);
        let drops = match plan.operation {
            Operation::Dropout { rate } => Some(self.drops(stage, rate, space)),
            _ => None,
        };
        let (before, behind) = space.slopes.split_at_mut(stage + 1);
        let (result, slopes) = (&mut *before[stage], &*behind[0]);
        let (input, output) = (&*space.values[stage], &*space.values[stage + 1]);
        match plan.operation {
            Operation::Dense => {
                let first = plan.parameters.unwrap_or(0);
                let [weight_slopes, bias_slopes] = self.layout.pair(first, gathered);
                let length = dense::padded(from.channels) * super::arithmetic::LANES;
                let apart = &mut space.apart[..length];
                dense::set_apart(input, apart);
                N::run(dense::Weights {
                    input: apart,
                    slopes,
                    weights: weight_slopes,
                    bias: bias_slopes,
                });
                if !is_first {
                    N::run(dense::Input {
                        slopes,
                        weights,
                        output: result,
                    });
                }
            }
            Operation::Convolution {
                kernel,
                padding,
                stride,
            } => {
                let first = plan.parameters.unwrap_or(0);
                let [weight_slopes, bias_slopes] = self.layout.pair(first, gathered);
                N::run(convolution::Weights {
                    input,
                    from,
                    slopes,
                    to: along_output,
                    weights: weight_slopes,
                    bias: bias_slopes,
                    kernel,
                    padding,
                    stride,
                });
                if !is_first && stride == 1 {
                    N::run(convolution::Correlate {
                        input: slopes,
                        from: along_output,
                        weights: &self.packed[stage][1],
                        bias: None,
                        output: result,
                        to: along_input,
                        kernel,
                        padding: kernel - 1 - padding,
                        stride: 1,
                    });
                } else if !is_first {
                    N::run(convolution::Spread {
                        slopes,
                        from: along_output,
                        weights: &self.packed[stage][1],
                        output: result,
                        to: along_input,
                        kernel,
                        padding,
                        stride,
                    });
                }
            }
            Operation::MaxPool { size, stride } => N::run(pooling::LargestBackward {
                windows: self.windows(stage, size, stride),
                input,
                slopes: (slopes, along_output),
                input_slopes: (result, along_input),
            }),
            Operation::AveragePool { size, stride } => N::run(pooling::MeanBackward {
                windows: pooling::Windows {
                    size,
                    stride,
                    from: along_input,
                    to: along_output,
                },
                slopes,
                input_slopes: result,
            }),
            Operation::Relu => N::run(activation::Backward {
                activation: Relu,
                output: (output, to),
                slopes: (slopes, along_output),
                input_slopes: (result, along_input),
            }),
            Operation::Sigmoid => N::run(activation::Backward {
                activation: Sigmoid,
                output: (output, to),
                slopes: (slopes, along_output),
                input_slopes: (result, along_input),
            }),
            Operation::Tanh => N::run(activation::Backward {
                activation: Tanh,
                output: (output, to),
                slopes: (slopes, along_output),
                input_slopes: (result, along_input),
            }),
            Operation::Flatten => {
                let mut begin = 0;
                activation::rows(along_input, along_input, |row, _| {
                    let length = row.len();
                    result[row].copy_from_slice(&slopes[begin..begin + length]);
                    begin += length;
                });
            }
            Operation::BatchNorm { index } if !is_first => {
                let sums = [&totals.0[..from.channels], &totals.0[from.channels..]];
                normalisation::backward(
                    space.active,
                    (input, from),
                    (slopes, along_output),
                    (result, along_input),
                    &self.moments[index],
                    (weights, sums, totals.1),
                );
            }
            Operation::BatchNorm { .. } => {}
            Operation::Dropout { .. } => {
                if let Some(drops) = drops {
                    drops.apply((slopes, along_output), (result, along_input));
                }
            }
        }
    }
}
