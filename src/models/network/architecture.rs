//! From a list of layers to a plan that can be computed, or to the layer that does not fit.

use super::layer::Layer;
use super::plan::{Block, LayerKind, LayerName, Operation, Plan, Role, Stage};
use super::volume::Volume;
use crate::optimizers::Shape;
use thiserror::Error;

/// The most layers of a network.
pub const MAX_LAYERS: usize = 256;

/// The most parameters of a network: four of their copies then stay within a gigabyte.
pub const MAX_PARAMETERS: usize = 1 << 26;

/// The most numbers between two layers for one image.
const MAX_ACTIVATIONS: usize = 1 << 24;

/// Why a list of layers is no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Misfit {
    /// Which layer, from 0; none where it is the list as a whole.
    pub layer: Option<usize>,
    /// What does not fit and what would.
    pub message: String,
}

impl Misfit {
    fn whole(message: String) -> Self {
        Self {
            layer: None,
            message,
        }
    }
}

/// Works out every shape between the layers, for inputs of shape `input` and so many outputs.
///
/// # Errors
/// The first layer that does not fit what comes before it.
pub fn plan(layers: &[Layer], input: Volume, outputs: usize) -> Result<Plan, Misfit> {
    if layers.len() > MAX_LAYERS {
        let count = layers.len();
        let message =
            format!("{count} layers are more than the {MAX_LAYERS} that a network may have");
        return Err(Misfit::whole(message));
    }
    let mut drafting = Drafting::new(input);
    for (index, layer) in layers.iter().enumerate() {
        drafting.add(layer).map_err(|message| Misfit {
            layer: Some(index),
            message: format!("layer {} ({}): {message}", index + 1, layer.name()),
        })?;
    }
    let last = drafting.present();
    if !last.is_vector() || last.channels != outputs {
        let message = format!(
            "the last layer gives {}, but the data need {outputs} outputs; end with \
             Dense(outputs: {outputs})",
            described(last)
        );
        return Err(Misfit::whole(message));
    }
    if drafting.plan.blocks.is_empty() {
        let message = "no layer has parameters, so there is nothing to train";
        return Err(Misfit::whole(message.into()));
    }
    Ok(drafting.plan)
}

fn described(volume: Volume) -> String {
    if volume.is_vector() {
        return format!("a vector of {}", volume.channels);
    }
    let Volume {
        channels,
        height,
        width,
        ..
    } = volume;
    format!("{channels} channels of {height}×{width}")
}

struct Drafting {
    plan: Plan,
    dense: usize,
    convolutions: usize,
    normalised: usize,
}

impl Drafting {
    fn new(input: Volume) -> Self {
        Self {
            plan: Plan {
                stages: Vec::new(),
                values: vec![input],
                slopes: vec![input],
                blocks: Vec::new(),
                normalised: Vec::new(),
            },
            dense: 0,
            convolutions: 0,
            normalised: 0,
        }
    }

    /// What comes out of the layers so far.
    fn present(&self) -> Volume {
        let last = self.plan.values.len() - 1;
        Volume {
            border: 0,
            ..self.plan.values[last]
        }
    }

    fn add(&mut self, layer: &Layer) -> Result<(), String> {
        let from = self.present();
        match *layer {
            Layer::Dense { outputs } => self.dense(from, outputs),
            Layer::Convolution {
                channels,
                kernel,
                padding,
                stride,
            } => self.convolution(from, channels, (kernel, padding, stride)),
            Layer::MaxPool { size, stride } => {
                let stride = stride.unwrap_or(size);
                self.stage(
                    Operation::MaxPool { size, stride },
                    pooled(from, size, stride)?,
                )
            }
            Layer::AveragePool { size, stride } => {
                let stride = stride.unwrap_or(size);
                let operation = Operation::AveragePool { size, stride };
                self.stage(operation, pooled(from, size, stride)?)
            }
            Layer::Relu => self.stage(Operation::Relu, from),
            Layer::Sigmoid => self.stage(Operation::Sigmoid, from),
            Layer::Tanh => self.stage(Operation::Tanh, from),
            Layer::Flatten => self.stage(Operation::Flatten, Volume::vector(from.size())),
            Layer::BatchNorm => {
                self.normalised += 1;
                let name = named(LayerKind::BatchNorm, self.normalised);
                self.block(name, Role::Scale, Shape::vector(from.channels), (0, 0));
                self.block(name, Role::Shift, Shape::vector(from.channels), (0, 0));
                self.plan.normalised.push(from.channels);
                let index = self.normalised - 1;
                self.stage(Operation::BatchNorm { index }, from)
            }
            Layer::Dropout { rate } if (0.0..1.0).contains(&rate) => {
                self.stage(Operation::Dropout { rate }, from)
            }
            Layer::Dropout { rate } => Err(format!(
                "the rate {rate} is out of range; give at least 0 and less than 1"
            )),
        }
    }

    fn dense(&mut self, from: Volume, outputs: usize) -> Result<(), String> {
        if !from.is_vector() {
            return Err(format!(
                "it needs a vector but is given {}; put Flatten before it",
                described(from)
            ));
        }
        at_least_one("outputs", outputs)?;
        if self.plan.slopes[self.plan.slopes.len() - 1].border > 0 {
            // A 1×1 image is a vector, but its slopes lie in memory as a convolution wants them.
            self.stage(Operation::Flatten, from)?;
        }
        self.dense += 1;
        let name = named(LayerKind::Dense, self.dense);
        let fans = (from.channels, outputs);
        self.affine(name, Shape::matrix(outputs, from.channels), fans)?;
        self.stage(Operation::Dense, Volume::vector(outputs))
    }

    fn convolution(
        &mut self,
        from: Volume,
        channels: usize,
        (kernel, padding, stride): (usize, usize, usize),
    ) -> Result<(), String> {
        at_least_one("channels", channels)?;
        at_least_one("kernel", kernel)?;
        at_least_one("stride", stride)?;
        if padding >= kernel {
            return Err(format!(
                "the padding {padding} must be less than the kernel {kernel}: outputs further \
                 out would see nothing of the image"
            ));
        }
        let size = |length: usize| {
            let places = (length + 2 * padding).checked_sub(kernel)?;
            Some(places / stride + 1)
        };
        let (Some(height), Some(width)) = (size(from.height), size(from.width)) else {
            return Err(format!(
                "a {kernel}×{kernel} filter does not fit into {} with padding {padding}",
                described(from)
            ));
        };
        self.convolutions += 1;
        let name = named(LayerKind::Convolution, self.convolutions);
        let area = kernel.saturating_mul(kernel);
        let fan_in = from.channels.saturating_mul(area);
        let fans = (fan_in, channels.saturating_mul(area));
        self.affine(name, Shape::matrix(channels, fan_in), fans)?;
        let input = self.plan.values.len() - 1;
        self.plan.values[input] = self.plan.values[input].with_border(padding);
        let operation = Operation::Convolution {
            kernel,
            padding,
            stride,
        };
        self.stage(operation, Volume::new(channels, height, width))?;
        if stride == 1 {
            // On the way back the turned filters read over the ends of the slopes' rows.
            let output = input + 1;
            self.plan.slopes[output] = self.plan.slopes[output].with_border(kernel - 1 - padding);
        }
        Ok(())
    }

    /// A weight matrix and its bias.
    fn affine(
        &mut self,
        name: LayerName,
        weights: Shape,
        fans: (usize, usize),
    ) -> Result<(), String> {
        let size = weights.rows.saturating_mul(weights.columns);
        if self.plan.parameters().saturating_add(size) > MAX_PARAMETERS {
            return Err(format!(
                "it would bring the parameters beyond the {MAX_PARAMETERS} that a network may have"
            ));
        }
        self.block(name, Role::Weight, weights, fans);
        self.block(name, Role::Bias, Shape::vector(weights.rows), fans);
        Ok(())
    }

    fn block(&mut self, layer: LayerName, role: Role, shape: Shape, fans: (usize, usize)) {
        let begin = self.plan.parameters();
        self.plan.blocks.push(Block {
            name: format!("{layer}.{}", role.name()),
            layer,
            role,
            shape,
            range: begin..begin + shape.size(),
            fan_in: fans.0,
            fan_out: fans.1,
        });
    }

    fn stage(&mut self, operation: Operation, to: Volume) -> Result<(), String> {
        if to.size() > MAX_ACTIVATIONS {
            return Err(format!(
                "it gives {} numbers an image, more than {MAX_ACTIVATIONS}",
                to.size()
            ));
        }
        let has_parameters = operation.has_parameters();
        let parameters = has_parameters.then(|| self.plan.blocks.len() - 2);
        self.plan.stages.push(Stage {
            operation,
            parameters,
        });
        self.plan.values.push(to);
        self.plan.slopes.push(to);
        Ok(())
    }
}

/// The name of the layer of this kind with this number; there are at most [`MAX_LAYERS`].
fn named(kind: LayerKind, number: usize) -> LayerName {
    let number = number as u16;
    LayerName { kind, number }
}

fn at_least_one(what: &str, value: usize) -> Result<(), String> {
    match value {
        0 => Err(format!("{what} is 0; give at least 1")),
        _ => Ok(()),
    }
}

fn pooled(from: Volume, size: usize, stride: usize) -> Result<Volume, String> {
    at_least_one("size", size)?;
    at_least_one("stride", stride)?;
    if size > from.height || size > from.width {
        return Err(format!(
            "a {size}×{size} window does not fit into {}",
            described(from)
        ));
    }
    let count = |length: usize| (length - size) / stride + 1;
    Ok(Volume::new(
        from.channels,
        count(from.height),
        count(from.width),
    ))
}
