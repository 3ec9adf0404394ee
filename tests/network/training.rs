//! Trainings: the same bits on any number of cores and after a checkpoint, and what is refused.

use descent_lab::engine::training::Training;
use descent_lab::engine::{self, Checkpoint, CheckpointError, History, Outcome, Work};
use descent_lab::experiment::{Checked, Experiment, preset};
use descent_lab::optimizers::OPTIMIZERS;
use std::ops::ControlFlow;

const SPIRALS: &str = r#"data: Spirals(examples: 100), architecture: "spiral", batch_size: 32"#;

fn experiment(network: &str, runs: &str) -> Experiment {
    let text =
        format!("(version: 1, objective: Network({network}), epochs: 3, seed: 4, runs: [{runs}])");
    preset::read(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn problems(network: &str, runs: &str) -> Vec<String> {
    let found = experiment(network, runs).check().err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

fn run(checked: &Checked) -> History {
    engine::run(checked, |_| ControlFlow::Continue(()))
}

/// As text: the start has no learning rate, and NaN is not equal to itself.
fn words(history: &History) -> String {
    format!("{history:?}")
}

const CONTENDERS: &str = r#"
    (optimizer: "sgd", learning_rate: 0.3, schedule: WarmUp(steps: 1, start_rate: 0.1)),
    (optimizer: "adam", learning_rate: 0.01, wrappers: [ClipNorm(1.0), DecoupledDecay(0.01)]),
    (optimizer: "lbfgs", learning_rate: 1.0),
    (optimizer: "momentum", learning_rate: 0.1, schedule: Plateau(patience: 0, per: Step)),
    (optimizer: "sgd", learning_rate: 0.1, wrappers: [Sam(rho: 0.05)]),
    (optimizer: "adahessian", learning_rate: 0.01, hyperparameters: {"sampled": 1})"#;

#[test]
fn records_are_the_same_on_any_number_of_cores() {
    let mut experiment = experiment(SPIRALS, CONTENDERS);
    experiment.seeds = vec![4, 9];
    let checked = experiment.check().unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| words(&run(&checked)))
    };
    let alone = on(1);
    assert_eq!(on(2), alone);
    assert_eq!(on(5), alone);
    let history = run(&checked);
    assert_eq!(history.variations.len(), 1);
    assert_ne!(history.variations[0].traces[0], history.traces[0]);
}

#[test]
fn a_record_holds_batches_measurements_and_rates_by_epoch() {
    let checked = experiment(SPIRALS, CONTENDERS).check().unwrap();
    let history = run(&checked);
    assert_eq!(checked.updates_per_epoch(), 4);
    let trace = &history.traces[0];
    assert_eq!(trace.outcome, Outcome::Finished);
    assert_eq!(trace.len(), 13);
    assert_eq!(trace.measured.steps(), [0, 4, 8, 12]);
    let [loss, train, test_loss, test] = *trace.measured.last().unwrap() else {
        panic!("four quantities are measured");
    };
    assert!(loss > 0.0 && test_loss > 0.0);
    assert!((0.0..=1.0).contains(&train) && (0.0..=1.0).contains(&test));
    // The start's loss is over all data; the first epoch warms up from 0.1 to 0.3.
    let start = trace.measured.exactly_at(0).unwrap()[0];
    assert!((trace.losses()[0] - start).abs() < 1e-6);
    let rates = &trace.learning_rates()[1..];
    assert_eq!(rates[..4], [0.1; 4]);
    assert_eq!(rates[4..], [0.3; 8]);
    let evaluations = |run: usize| history.traces[run].evaluations;
    assert_eq!(
        (evaluations(0), evaluations(4), evaluations(5)),
        (12, 24, 36)
    );
}

#[test]
fn a_training_goes_on_from_a_checkpoint_to_the_same_bits() {
    let layers = r#"data: Moons(examples: 90), batch_size: 32, layers: [
        Dense(outputs: 8), BatchNorm, Relu, Dropout(rate: 0.2), Dense(outputs: 2)]"#;
    for network in [SPIRALS, layers] {
        let checked = experiment(network, CONTENDERS).check().unwrap();
        let (work, history) = Work::begin(&checked).unwrap();
        let whole = work.go_on(history, |_, _| ControlFlow::Continue(()));
        for stop in [1, 5, 9] {
            let (mut training, mut history) = Training::new(&checked).unwrap();
            training.advance(stop, &mut history);
            let bytes = training.checkpoint(&history).to_bytes();
            drop(training);
            let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
            assert_eq!(checkpoint.updates(), stop);
            let (work, history) = Work::resume(&checked, &checkpoint).unwrap();
            let (training, history) = work.go_on(history, |_, _| ControlFlow::Continue(()));
            assert_eq!(words(&history), words(&whole.1));
            for run in 0..checked.runs.len() {
                assert_eq!(
                    training.parameters(run),
                    whole.0.parameters(run),
                    "run {run}"
                );
            }
        }
    }
}

#[test]
fn a_finished_training_goes_on_for_more_epochs() {
    let mut longer = experiment(SPIRALS, CONTENDERS);
    let short = longer.check().unwrap();
    longer.epochs = 5;
    let long = longer.check().unwrap();
    let go = |_: &Work<'_>, _: &History| ControlFlow::Continue(());
    let (work, history) = Work::begin(&short).unwrap();
    let (work, history) = work.go_on(history, go);
    let checkpoint = work.checkpoint(&history).unwrap();
    let (work, history) = Work::resume(&long, &checkpoint).unwrap();
    let (work, history) = work.go_on(history, go);
    assert_eq!(words(&history), words(&run(&long)));
    // But it cannot go back.
    assert!(Work::resume(&short, &work.checkpoint(&history).unwrap()).is_err());
}

#[test]
fn damaged_and_foreign_checkpoints_are_refused() {
    let checked = experiment(SPIRALS, CONTENDERS).check().unwrap();
    let (training, history) = Training::new(&checked).unwrap();
    let bytes = training.checkpoint(&history).to_bytes();
    let refused = |bytes: &[u8]| Checkpoint::from_bytes(bytes).err().unwrap();
    for length in (0..bytes.len()).step_by(97) {
        refused(&bytes[..length]);
    }
    let mut changed = bytes.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert!(matches!(refused(&changed), CheckpointError::Damaged));
    assert!(matches!(refused(b"GIF89a"), CheckpointError::Unknown));
    let mut other = experiment(SPIRALS, CONTENDERS);
    other.seed = 5;
    let other = other.check().unwrap();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let foreign = Training::resume(&other, &checkpoint).err().unwrap();
    assert!(matches!(foreign, CheckpointError::OtherExperiment));
}

#[test]
fn a_diverging_run_leaves_the_others_as_they_are() {
    let calm = r#"(optimizer: "adam", learning_rate: 0.01)"#;
    let wild = format!(r#"(optimizer: "sgd", learning_rate: 1e39), {calm}"#);
    let alone = run(&experiment(SPIRALS, calm).check().unwrap());
    let beside = run(&experiment(SPIRALS, &wild).check().unwrap());
    let Outcome::Diverged { step } = beside.traces[0].outcome else {
        panic!("{:?}", beside.traces[0].outcome);
    };
    assert_eq!(beside.traces[0].last_step(), Some(step - 1));
    assert_eq!(
        format!("{:?}", beside.traces[1]),
        format!("{:?}", alone.traces[0])
    );
}

#[test]
fn every_rule_trains_or_is_refused_with_the_reason() {
    for rule in OPTIMIZERS {
        let card = rule.card();
        let text = format!("(optimizer: \"{}\")", card.id);
        let mut experiment = experiment(SPIRALS, &text);
        experiment.epochs = 1;
        match experiment.check() {
            Err(problems) => {
                let known = ["newton", "nelder_mead", "adahessian", "sophia"];
                assert!(known.contains(&card.id), "{}: {problems:?}", card.id);
                assert!(problems[0].message.contains("refused"), "{problems:?}");
            }
            Ok(checked) => {
                let history = run(&checked);
                let trace = &history.traces[0];
                assert!(trace.len() > 1, "{}: {:?}", card.id, trace.outcome);
                let changed = trace.measured.last() != trace.measured.exactly_at(0);
                assert!(changed, "{} did not move", card.id);
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let sgd = r#"(optimizer: "sgd")"#;
    let image = "data: FashionMnistSample";
    let one = |network: &str, parts: &[&str]| {
        let found = problems(network, sgd);
        assert_eq!(found.len(), 1, "{found:?}");
        for part in parts {
            assert!(found[0].contains(part), "{found:?} says nothing of {part}");
        }
    };
    one(
        &format!("{image}, layers: [Convolution(channels: 4, kernel: 3), Dense(outputs: 10)]"),
        &[
            "objective.layers[1]",
            "layer 2 (Dense)",
            "4 channels of 26×26",
            "Flatten",
        ],
    );
    one(
        &format!("{image}, layers: [Convolution(channels: 4, kernel: 30), Flatten]"),
        &[
            "layer 1 (Convolution)",
            "30×30 filter does not fit into 1 channels of 28×28",
        ],
    );
    one(
        &format!("{image}, layers: [Flatten, Dense(outputs: 9)]"),
        &["objective.layers", "a vector of 9", "need 10 outputs"],
    );
    one(
        &format!("{image}, layers: [Flatten, Dropout(rate: 1.0), Dense(outputs: 10)]"),
        &["layer 2 (Dropout)", "rate 1 is out of range"],
    );
    one(
        &format!("{image}, architecture: \"lent\""),
        &["did you mean `lenet`?"],
    );
    one(image, &["objective.architecture", "lenet, lenet_sigmoid"]);
    one(
        &format!("{image}, architecture: \"lenet\", layers: [Flatten]"),
        &["give one of them"],
    );
    one(
        &format!("{image}, architecture: \"lenet\", batch_size: 0"),
        &["objective.batch_size"],
    );
    one(
        "data: FashionMnist(folder: \"/nowhere\"), architecture: \"lenet\"",
        &[
            "objective.data",
            "/nowhere has no file train-labels-idx1-ubyte",
        ],
    );
    one(
        "data: Moons(examples: 1, noise: 0.1), architecture: \"spiral\"",
        &["objective.data.examples", "2 to 100000"],
    );
    one(
        &format!(
            "{image}, batch_size: 10000, layers: [Convolution(channels: 2000, kernel: 3), \
             BatchNorm, Flatten, Dense(outputs: 10)]"
        ),
        &["objective.batch_size", "MB", "make the batches smaller"],
    );
}

#[test]
fn sharpness_is_measured_when_it_is_asked_for_and_changes_nothing_else() {
    let runs = r#"(optimizer: "sgd", learning_rate: 0.3, schedule: Plateau(patience: 0, per: Step)),
        (optimizer: "adam", learning_rate: 0.01)"#;
    let plain = run(&experiment(SPIRALS, runs).check().unwrap());
    let network = format!("{SPIRALS}, sharpness: 64");
    let checked = experiment(&network, runs).check().unwrap();
    let studied = run(&checked);
    for (before, after) in plain.traces.iter().zip(&studied.traces) {
        assert_eq!(before.losses(), after.losses());
        assert_eq!(before.learning_rates()[1..], after.learning_rates()[1..]);
        // Four updates an epoch: the start, updates 1 and 2, and every epoch's end.
        assert_eq!(before.measured.steps(), [0, 4, 8, 12]);
        assert_eq!(after.measured.steps(), [0, 1, 2, 4, 8, 12]);
        for (sharpness, error) in after.measured.values(4).zip(after.measured.values(5)) {
            assert!(sharpness > 0.0 && sharpness.is_finite(), "{sharpness}");
            assert!(
                error >= 0.0 && error < 0.25 * sharpness,
                "{sharpness} {error}"
            );
        }
    }
    // Gradient descent divides by nothing; Adam has divided by nothing before its first step.
    let variances = |run: usize| studied.traces[run].measured.values(6).collect::<Vec<_>>();
    assert!(variances(0).iter().all(|variance| variance.is_nan()));
    assert!(variances(1)[0].is_nan() && variances(1)[1..].iter().all(|v| *v > 0.0));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| words(&run(&checked)))
    };
    assert_eq!(on(1), on(3));
    let zero = problems(&format!("{SPIRALS}, sharpness: 0"), runs);
    assert!(
        zero[0].starts_with("objective.sharpness: 0 is out of range"),
        "{zero:?}"
    );
}

/// The measured curvature against the second derivative along every axis, from differences of
/// losses in double precision.
#[test]
fn the_sharpness_is_at_least_every_curvature_along_an_axis() {
    use descent_lab::models::network::{Network, sharpness::sharpness};
    let checked = experiment(SPIRALS, r#"(optimizer: "sgd", learning_rate: 0.1)"#)
        .check()
        .unwrap();
    let task = checked.task().unwrap();
    let data = task.data().unwrap();
    let all: Vec<u32> = (0..data.train.len() as u32).collect();
    let start = task.start();
    let mut network: Network<f32> = task.network_for(all.len());
    let mut direction = vec![1.0; start.len()];
    let mut gradient = |at: &[f32], gradient: &mut [f32]| {
        network.whole_gradient(&*data.train, &all, at, gradient);
    };
    let found = sharpness(&mut gradient, &start, &mut direction).unwrap();
    let mut largest: f64 = 0.0;
    for index in 0..start.len() {
        let step = 0.02;
        let mut slopes = [vec![0.0; start.len()], vec![0.0; start.len()]];
        for (slope, sign) in slopes.iter_mut().zip([1.0, -1.0]) {
            let mut at = start.clone();
            at[index] += sign * step;
            gradient(&at, slope);
        }
        let difference = f64::from(slopes[0][index]) - f64::from(slopes[1][index]);
        largest = largest.max(difference / (2.0 * f64::from(step)));
    }
    assert!(
        found.value + found.error >= 0.99 * largest,
        "{found:?} {largest}"
    );
    assert!(largest > 0.0);
}
