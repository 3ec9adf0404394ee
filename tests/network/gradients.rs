//! The gradient of every layer against central differences, in f64.

use descent_lab::models::datasets::{Dataset, Inputs};
use descent_lab::models::network::{Layer, Loss, Network, Purpose, Volume, plan};
use descent_lab::numbers::Noise;
use std::sync::Arc;

/// Random inputs of this shape with three classes.
fn examples(shape: Volume, count: usize) -> Dataset {
    let draws = Noise::new(11);
    let numbers = (0..count * shape.size()).map(|index| draws.gaussian(0, index as u64) as f32);
    Dataset {
        shape,
        classes: ["a", "b", "c"].map(str::to_owned).to_vec(),
        inputs: Inputs::Numbers(numbers.collect()),
        labels: (0..count).map(|index| (index % 3) as u8).collect(),
    }
}

/// Compares every component of the gradient with a central difference.
fn check(layers: &[Layer], shape: Volume, loss: Loss) {
    let plan = Arc::new(plan(layers, shape, 3).unwrap());
    // More than one part, and a last group that is not full.
    let count = 70;
    let data = examples(shape, count);
    let batch: Vec<u32> = (0..count as u32).collect();
    let draws = Noise::new(5);
    let mut parameters: Vec<f64> = (0..plan.parameters())
        .map(|index| 0.4 * draws.gaussian(1, index as u64))
        .collect();
    let mut network = Network::<f64>::new(Arc::clone(&plan), loss, count, 3);
    let mut gradient = vec![0.0; parameters.len()];
    let mut unused = gradient.clone();
    network.gradient(
        &data,
        &batch,
        &parameters,
        Purpose::Update(1),
        &mut gradient,
    );
    let largest = gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
    assert!(largest > 1e-4, "the gradient is nothing");
    let width = 1e-5;
    for index in 0..parameters.len() {
        let at = parameters[index];
        let mut loss_at = |w: f64| {
            parameters[index] = w;
            let probe = Purpose::Probe(1);
            network
                .gradient(&data, &batch, &parameters, probe, &mut unused)
                .loss
        };
        let difference = (loss_at(at + width) - loss_at(at - width)) / (2.0 * width);
        parameters[index] = at;
        let error = (gradient[index] - difference).abs();
        let block = plan
            .blocks
            .iter()
            .find(|block| block.range.contains(&index))
            .unwrap();
        assert!(
            error < 1e-7 * largest.max(1.0) + 1e-6 * difference.abs(),
            "{}[{}]: {} is not {difference}",
            block.name,
            index - block.range.start,
            gradient[index]
        );
    }
}

const fn dense(outputs: usize) -> Layer {
    Layer::Dense { outputs }
}

const fn convolution(channels: usize, kernel: usize, padding: usize) -> Layer {
    strided(channels, kernel, padding, 1)
}

const fn strided(channels: usize, kernel: usize, padding: usize, stride: usize) -> Layer {
    Layer::Convolution {
        channels,
        kernel,
        padding,
        stride,
    }
}

#[test]
fn dense_and_activations() {
    let vector = Volume::vector(5);
    for activation in [Layer::Relu, Layer::Sigmoid, Layer::Tanh] {
        let layers = [dense(19), activation, dense(7), activation, dense(3)];
        check(&layers, vector, Loss::CrossEntropy);
        check(&layers, vector, Loss::MeanSquare);
    }
}

#[test]
fn convolutions_of_every_block_size() {
    // 13 = 6 + 6 + 1 and 7 = 4 + 2 + 1 channels; kernels 1, 2, 3 and 5, with and without padding.
    let image = Volume::new(2, 7, 9);
    for (channels, kernel, padding) in [(7, 3, 1), (13, 2, 0), (4, 5, 2), (3, 1, 0), (2, 4, 3)] {
        let layers = [
            convolution(channels, kernel, padding),
            Layer::Tanh,
            convolution(2, 3, 1),
            Layer::Flatten,
            dense(3),
        ];
        check(&layers, image, Loss::CrossEntropy);
    }
}

#[test]
fn convolutions_with_strides_that_fit_and_that_leave_gaps() {
    // Strides below, at and beyond the size of the filters; rows and columns of the image are left
    // over at the end, or not.
    let image = Volume::new(2, 8, 7);
    for (kernel, padding, stride) in [(3, 1, 2), (2, 0, 2), (1, 0, 2), (2, 1, 3), (5, 4, 3)] {
        let layers = [
            strided(7, kernel, padding, stride),
            Layer::Tanh,
            // The slopes of the first come through a stride, those of the second do not.
            strided(13, 2, 1, 2),
            convolution(3, 2, 1),
            Layer::Flatten,
            dense(3),
        ];
        check(&layers, image, Loss::CrossEntropy);
    }
}

#[test]
fn pools_also_where_windows_overlap_or_leave_gaps() {
    let image = Volume::new(1, 8, 7);
    for (size, stride) in [(2, None), (3, Some(2)), (2, Some(3)), (3, Some(1))] {
        for pool in [
            Layer::MaxPool { size, stride },
            Layer::AveragePool { size, stride },
        ] {
            let layers = [
                convolution(2, 3, 1),
                pool,
                convolution(2, 2, 1),
                Layer::Flatten,
                dense(3),
            ];
            check(&layers, image, Loss::CrossEntropy);
        }
    }
}

#[test]
fn batch_normalisation_of_maps_and_vectors() {
    let layers = [
        convolution(3, 3, 1),
        Layer::BatchNorm,
        Layer::Tanh,
        Layer::Flatten,
        dense(6),
        Layer::BatchNorm,
        Layer::Tanh,
        dense(3),
    ];
    check(&layers, Volume::new(2, 4, 5), Loss::CrossEntropy);
    let first = [Layer::BatchNorm, dense(4), Layer::Tanh, dense(3)];
    check(&first, Volume::vector(5), Loss::MeanSquare);
}

#[test]
fn dropout_and_a_vector_from_a_convolution() {
    let layers = [
        convolution(6, 4, 0),
        Layer::Dropout { rate: 0.4 },
        Layer::Flatten,
        dense(8),
        Layer::Tanh,
        Layer::Dropout { rate: 0.5 },
        dense(3),
    ];
    check(&layers, Volume::new(1, 5, 5), Loss::CrossEntropy);
    let straight = [convolution(4, 3, 0), dense(3)];
    check(&straight, Volume::new(1, 3, 3), Loss::CrossEntropy);
}
