//! What a network makes of its data: values between layers, predictions, mistakes, filters.

use descent_lab::analysis::classification::{
    Classifier, Confusion, Filters, taken_for, worst_mistakes,
};
use descent_lab::engine::training::Training;
use descent_lab::experiment::{Checked, preset};
use descent_lab::models::datasets::{Dataset, Inputs};
use descent_lab::models::network::{Layer, Loss, Network, Volume, plan};
use descent_lab::numbers::Noise;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Cross-correlation in the way of its definition.
fn naive(
    (input, from): (&[f64], Volume),
    (weights, bias): (&[f64], &[f64]),
    (kernel, padding, stride): (usize, usize, usize),
    to: Volume,
) -> Vec<f64> {
    let at = |c: usize, y: isize, x: isize| {
        let inside =
            (0..from.height as isize).contains(&y) && (0..from.width as isize).contains(&x);
        let place = (c * from.height + y as usize) * from.width + x as usize;
        if inside { input[place] } else { 0.0 }
    };
    let mut output = Vec::new();
    for o in 0..to.channels {
        for (y, x) in (0..to.height).flat_map(|y| (0..to.width).map(move |x| (y, x))) {
            let mut sum = bias[o];
            for c in 0..from.channels {
                for (i, j) in (0..kernel).flat_map(|i| (0..kernel).map(move |j| (i, j))) {
                    let weight = weights[((o * from.channels + c) * kernel + i) * kernel + j];
                    let row = (y * stride + i) as isize - padding as isize;
                    let column = (x * stride + j) as isize - padding as isize;
                    sum += weight * at(c, row, column);
                }
            }
            output.push(sum);
        }
    }
    output
}

#[test]
fn convolutions_are_their_definition_for_every_stride_and_padding() {
    let from = Volume::new(3, 9, 8);
    let draws = Noise::new(2);
    let numbers = (0..from.size()).map(|index| draws.gaussian(0, index as u64) as f32);
    let data = Dataset {
        shape: from,
        classes: vec!["a".into(), "b".into()],
        inputs: Inputs::Numbers(numbers.collect()),
        labels: vec![0],
    };
    for (channels, kernel, padding, stride) in [
        (7, 3, 1, 1),
        (13, 5, 2, 2),
        (4, 3, 2, 3),
        (1, 1, 0, 2),
        (6, 2, 0, 4),
        (2, 8, 7, 5),
    ] {
        let layers = [
            Layer::Convolution {
                channels,
                kernel,
                padding,
                stride,
            },
            Layer::Flatten,
            Layer::Dense { outputs: 2 },
        ];
        let plan = Arc::new(plan(&layers, from, 2).unwrap());
        let parameters: Vec<f64> = (0..plan.parameters())
            .map(|index| draws.gaussian(1, index as u64))
            .collect();
        let mut network = Network::<f64>::new(Arc::clone(&plan), Loss::CrossEntropy, 4, 0);
        let values = network.values(&data, 0, &parameters);
        let to = plan.values[1];
        let places = |length: usize| (length + 2 * padding - kernel) / stride + 1;
        assert_eq!((to.height, to.width), (places(9), places(8)));
        let [weights, bias] = [0, 1].map(|block| &parameters[plan.blocks[block].range.clone()]);
        let settings = (kernel, padding, stride);
        let expected = naive((&values[0], from), (weights, bias), settings, to);
        assert_eq!(values[1].len(), expected.len());
        for (found, expected) in values[1].iter().zip(&expected) {
            assert!(
                (found - expected).abs() < 1e-12,
                "{settings:?}: {found} {expected}"
            );
        }
        assert_eq!(values[2], values[1], "flattening changes nothing");
    }
}

#[test]
fn a_stride_of_nothing_and_filters_that_do_not_fit_are_refused() {
    let wrong = |kernel: usize, padding: usize, stride: usize| {
        let convolution = Layer::Convolution {
            channels: 2,
            kernel,
            padding,
            stride,
        };
        let layers = [convolution, Layer::Flatten, Layer::Dense { outputs: 2 }];
        plan(&layers, Volume::new(1, 5, 5), 2).unwrap_err().message
    };
    assert!(wrong(3, 0, 0).contains("stride is 0; give at least 1"));
    assert!(wrong(6, 0, 2).contains("a 6×6 filter does not fit"));
    assert!(wrong(3, 3, 1).contains("the padding 3 must be less than the kernel 3"));
}

fn blobs(loss: &str) -> Checked {
    let text = format!(
        r#"(version: 1, epochs: 4, seed: 4, runs: [(optimizer: "adam", learning_rate: 0.05)],
        objective: Network(data: Blobs(examples: 300, noise: 0.6), loss: {loss}, batch_size: 32,
        layers: [Dense(outputs: 8), BatchNorm, Tanh, Dropout(rate: 0.1), Dense(outputs: 3)]))"#
    );
    preset::read(&text).unwrap().check().unwrap()
}

#[test]
fn judgements_agree_with_what_the_training_measured() {
    let checked = blobs("CrossEntropy");
    let task = checked.task().unwrap();
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.advance(checked.updates(), &mut history);
    let snapshots = training.snapshots();
    assert!(
        snapshots.at(0, checked.updates()).is_none(),
        "nothing was asked to be kept"
    );
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.keep_snapshots();
    training.advance(checked.updates(), &mut history);
    let snapshots = training.snapshots();
    let data = task.data().unwrap();
    for step in history.traces[0].measured.steps() {
        let snapshot = snapshots.at(0, *step).unwrap();
        let (parameters, moments) = (&snapshot.parameters, &snapshot.moments);
        let mut classifier = Classifier::new(task, parameters, moments).unwrap();
        let judged = classifier
            .judge(&data.test, || ControlFlow::Continue(()))
            .unwrap();
        let [_, _, loss, accuracy] = *history.traces[0].measured.exactly_at(*step).unwrap() else {
            panic!("four quantities are measured");
        };
        let mean = judged.iter().map(|j| j.loss).sum::<f64>() / judged.len() as f64;
        assert!((mean - loss).abs() < 1e-9, "{mean} {loss}");
        let confusion = Confusion::of(&data.test, &judged);
        let (correct, all) = confusion.correct();
        assert_eq!(correct as f64 / all as f64, accuracy);
        assert_eq!(all, data.test.len());
        let pairs = (0..3).flat_map(|truth| (0..3).map(move |predicted| (truth, predicted)));
        for pair in pairs {
            let members = taken_for(&data.test, &judged, pair);
            assert_eq!(members.len(), confusion.count(pair.0, pair.1));
            for example in members {
                let prediction = classifier.predict(&data.test, example).unwrap();
                assert_eq!(prediction.judgement, judged[example]);
                let shares = prediction.probabilities.unwrap();
                let sum: f64 = shares.iter().sum();
                assert!((sum - 1.0).abs() < 1e-12);
                // The loss is −ln of the share of the true class.
                assert!((-shares[pair.0].ln() - judged[example].loss).abs() < 1e-5);
                assert!(shares.iter().all(|share| *share <= shares[pair.1]));
                assert_eq!(prediction.values.len(), 6);
                assert_eq!(prediction.values[0], data.test.input(example));
            }
        }
        let worst = worst_mistakes(&data.test, &judged, 5);
        let wrong = all - correct;
        assert_eq!(worst.len(), wrong.min(5));
        let losses: Vec<f64> = worst.iter().map(|&example| judged[example].loss).collect();
        assert!(losses.is_sorted_by(|a, b| a >= b), "{losses:?}");
        let right_or_less = |example: usize| {
            let label = usize::from(data.test.labels[example]);
            label == judged[example].predicted || judged[example].loss <= losses[losses.len() - 1]
        };
        let others = (0..judged.len()).filter(|example| !worst.contains(example));
        assert!(worst.is_empty() || others.into_iter().all(right_or_less));
        let mut looks = 0;
        let stopped = classifier.judge(&data.test, || {
            looks += 1;
            ControlFlow::Break(())
        });
        assert!(stopped.is_none() && looks == 1);
        assert!(classifier.predict(&data.test, all).is_none());
    }
    assert!(
        Classifier::new(task, &[0.0; 3], &[]).is_none(),
        "of another network"
    );
}

#[test]
fn a_network_for_squares_gives_no_probabilities() {
    let checked = blobs("MeanSquare");
    let task = checked.task().unwrap();
    let start = task.start();
    let network = task.network();
    let mut classifier = Classifier::new(task, &start, network.running()).unwrap();
    let data = task.data().unwrap();
    let prediction = classifier.predict(&data.test, 0).unwrap();
    assert_eq!(prediction.probabilities, None);
    assert_eq!(prediction.outputs.len(), 3);
}

#[test]
fn filters_are_the_first_layers_weights_over_its_input() {
    let of = |layers: &[Layer], input: Volume| {
        let plan = plan(layers, input, 2).unwrap();
        let parameters: Vec<f32> = (0..plan.parameters()).map(|index| index as f32).collect();
        Filters::of(&plan, &parameters).unwrap()
    };
    let dense = Layer::Dense { outputs: 2 };
    let convolution = Layer::Convolution {
        channels: 5,
        kernel: 3,
        padding: 0,
        stride: 2,
    };
    let image = Volume::new(2, 6, 6);
    let found = of(
        &[Layer::BatchNorm, convolution, Layer::Flatten, dense],
        image,
    );
    assert_eq!((found.count, found.shape), (5, Volume::new(2, 3, 3)));
    assert_eq!(found.layer.to_string(), "conv1");
    // Behind the scales and shifts of two channels.
    assert_eq!((found.weights[0], found.weights.len()), (4.0, 5 * 18));
    let found = of(&[Layer::Flatten, dense], image);
    assert_eq!((found.count, found.shape), (2, image));
    let found = of(&[dense], Volume::vector(7));
    assert_eq!((found.count, found.shape), (2, Volume::new(1, 1, 7)));
}

#[test]
fn every_layers_gradient_and_update_are_recorded() {
    let checked = blobs("CrossEntropy");
    let (mut training, mut history) = Training::new(&checked).unwrap();
    training.advance(checked.updates(), &mut history);
    let trace = &history.traces[0];
    let names = checked.objective.layer_names();
    assert_eq!(names, ["fc1", "bn1", "fc2"]);
    assert_eq!(trace.layers.steps(), trace.steps());
    for (frame, step) in trace.frames().zip(trace.layers.steps()) {
        let row = trace.layers.exactly_at(*step).unwrap();
        let whole = row[..3].iter().map(|norm| norm * norm).sum::<f64>().sqrt();
        assert!((whole / frame.gradient_norm - 1.0).abs() < 1e-12);
        let has_update = row[3..]
            .iter()
            .all(|ratio| *ratio > 0.0 && ratio.is_finite());
        assert_eq!(has_update, *step > 0);
    }
}
