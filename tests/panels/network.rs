//! A network in the window: its setup, its curves, and its images.

use crate::Bench;
use descent_lab::engine::Outcome;
use descent_lab::experiment::preset;
use egui_kittest::kittest::{NodeT, Queryable};

const SPIRALS: &str = r#"(version: 1, title: "Spirals", epochs: 3, runs: [
    (optimizer: "sgd", learning_rate: 0.3), (optimizer: "adam", learning_rate: 0.01)],
    objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 32))"#;

#[test]
fn a_network_trains_and_its_curves_are_shown() {
    let mut bench = Bench::new();
    bench.load(preset::read(SPIRALS).unwrap());
    let record = bench.laboratory().record().unwrap();
    assert_eq!(record.history.traces[0].outcome, Outcome::Finished);
    assert_eq!(record.history.traces[0].measured.steps(), [0, 2, 4, 6]);
    for name in [
        "Architecture",
        "Training data",
        "Weights",
        "Loss",
        "Measured quantity",
    ] {
        assert!(bench.has(name), "{name} is not in the window");
    }
    bench.enter("Batch size", "16");
    bench.wait_for("the training with larger batches", |bench| {
        let record = bench.laboratory().record().unwrap();
        record.checked.updates_per_epoch() == 4
    });
    // An update sees at least one example.
    bench.enter("Batch size", "0");
    bench.wait_for("the training with single examples", |bench| {
        let record = bench.laboratory().record().unwrap();
        record.checked.updates_per_epoch() == 64
    });
}

/// A sixth of the sample is enough to see something.
const IMAGES: &str = r#"(version: 1, title: "Images", epochs: 1, seeds: [0, 1], runs: [
    (optimizer: "adam", learning_rate: 0.01), (optimizer: "sgd", learning_rate: 1e-30)],
    objective: Network(data: FashionMnistSample, batch_size: 500, layers: [
        Convolution(channels: 3, kernel: 7, stride: 7), Relu, Flatten, Dense(outputs: 10)]))"#;

/// The laboratory on the images, in a window that shows a whole panel.
fn on_images() -> Bench {
    let builder = crate::usual().with_size([1280.0, 1000.0]);
    let home = tempfile::tempdir().unwrap();
    let mut bench = Bench::built(builder, home, crate::First::Last);
    bench.load(preset::read(IMAGES).unwrap());
    bench.press(egui::Key::End);
    bench
}

/// What the confusion matrix is called: it tells the chosen cell.
fn matrix(bench: &Bench) -> String {
    let mut nodes = bench
        .harness
        .query_all_by_label_contains("Confusion matrix of ");
    let node = nodes.next();
    node.and_then(|node| node.accesskit_node().label())
        .unwrap_or_default()
}

/// How many examples the chosen cell has.
fn counted(bench: &Bench) -> usize {
    let name = matrix(bench);
    let count = name
        .split(": ")
        .nth(1)
        .and_then(|rest| rest.split('.').next());
    count.unwrap().parse().unwrap()
}

#[test]
fn the_confusion_matrix_lists_the_examples_of_a_cell() {
    let mut bench = on_images();
    bench.click("Predictions");
    bench.wait_for("the matrix", |bench| {
        matrix(bench).contains("of 10 classes. No cell is chosen.")
    });
    let whole = bench.rect(&matrix(&bench));
    let side = whole.width() / 10.0;
    // The second class, taken for the first.
    let at = whole.min + egui::vec2(0.5 * side, 1.5 * side);
    bench.drag(at, at);
    assert!(matrix(&bench).contains("Trouser taken for T-shirt/top: "));
    // Every test image of a class is somewhere in its row.
    let mut counts = vec![counted(&bench)];
    for _ in 1..10 {
        bench.press(egui::Key::ArrowRight);
        counts.push(counted(&bench));
    }
    assert_eq!(counts.iter().sum::<usize>(), 200, "{counts:?}");
    assert!(counts[1] > 100, "{counts:?}");
    for _ in 1..9 {
        bench.press(egui::Key::ArrowLeft);
    }
    bench.press(egui::Key::ArrowUp);
    assert!(matrix(&bench).contains("T-shirt/top taken for Trouser: "));
    bench.press(egui::Key::ArrowDown);
    assert!(bench.has("Trouser taken for Trouser"));
    assert!(bench.says(&format!("{} test examples", counts[1])));
    // A click on one of them makes it the example that is looked at.
    let first = bench
        .harness
        .query_all_by_label_contains("Test image ")
        .next();
    let name = first.unwrap().accesskit_node().label().unwrap();
    let index = name.trim_start_matches("Test image ");
    let index = index.trim_end_matches(": Trouser").to_owned();
    bench.click(&name);
    bench.click("One example");
    bench.wait_for("the prediction", |bench| bench.says("True class: Trouser"));
    assert!(bench.has("Classified rightly as Trouser."));
    assert!(bench.has("true and predicted"));
    assert_eq!(bench.control("Number of the example").value(), Some(index));
}

#[test]
fn mistakes_and_predictions_follow_playhead_and_contender() {
    let mut bench = on_images();
    bench.click("Predictions");
    bench.click("Worst mistakes");
    bench.wait_for("the mistakes", |bench| {
        bench.says("test examples are classified")
    });
    assert!(bench.says("after epoch 1 (update 20), seed 0"));
    assert!(bench.says(" taken for ") && bench.says(", loss "));
    let accuracy = |bench: &Bench| {
        let mut nodes = bench
            .harness
            .query_all_by_label_contains("of 2000 test examples");
        // The text of a label is its value.
        nodes.next().and_then(|node| node.accesskit_node().value())
    };
    let trained = accuracy(&bench).unwrap();
    bench.press(egui::Key::Home);
    bench.wait_for("the start", |bench| {
        bench.says("before the first update") && accuracy(bench).is_some_and(|now| now != trained)
    });
    let at_start = accuracy(&bench);
    bench.press(egui::Key::End);
    bench.wait_for("the end", |bench| {
        accuracy(bench).is_some_and(|now| now == trained)
    });
    bench.click("Contender");
    bench.click("Gradient descent");
    bench.wait_for("the other contender", |bench| {
        accuracy(bench).is_some_and(|now| now != trained)
    });
    // With a rate of almost nothing it has stayed where both began.
    assert_eq!(accuracy(&bench), at_start);
    bench.click("One example");
    bench.enter("Number of the example", "5000");
    bench.wait_for("the refusal", |bench| {
        bench.says("There is no example 5000; there are 2000, from 0 to 1999.")
    });
    bench.click("Training examples");
    bench.enter("Number of the example", "5000");
    bench.wait_for("the prediction", |bench| bench.says("True class: "));
}

#[test]
fn layers_show_filters_activations_and_lengths() {
    let mut bench = on_images();
    bench.click("Layers");
    bench.wait_for("the filters", |bench| bench.has("conv1: 3 filters"));
    assert!(bench.says("of 7×7"));
    for filter in ["filter 1", "filter 2", "filter 3"] {
        assert!(bench.has(filter), "{filter}");
    }
    bench.click("Activations");
    bench.wait_for("the activations", |bench| {
        bench.has("conv1: convolution 7×7  3×4×4")
    });
    for stage in ["Input  1×28×28", "ReLU  3×4×4", "fc1: dense  10"] {
        assert!(bench.has(stage), "{stage}");
    }
    bench.click("Gradients and updates");
    bench.click("Quantity of the layers");
    bench.click("Update to weights");
    // The plots have the layers too, one each.
    bench.click("Choose plots");
    bench.click("Show Gradient norm of conv1");
    bench.press(egui::Key::Escape);
    assert!(bench.has("Gradient norm of conv1"));
}

#[test]
fn the_data_are_counted_and_shown_by_class() {
    let mut bench = on_images();
    bench.click("Examples");
    bench.wait_for("the data", |bench| {
        bench.has("10000 training and 2000 test images of 28×28 pixels, in 10 classes.")
    });
    assert!(bench.has("Sandal: 1000 examples"));
    bench.click("Sandal: 1000 examples");
    let shown = |bench: &Bench| -> Vec<String> {
        let nodes = bench.harness.query_all_by_label_contains(" image ");
        let names = nodes.map(|node| node.accesskit_node().label().unwrap());
        names.collect()
    };
    let sandals = shown(&bench);
    assert!(sandals.len() > 20, "{sandals:?}");
    for name in sandals {
        assert!(
            name.starts_with("Training image ") && name.ends_with(": Sandal"),
            "{name}"
        );
    }
    bench.click("Show test data");
    assert!(bench.has("Sandal: 200 examples"));
}

#[test]
fn before_anything_is_recorded_it_says_that_it_is_being_computed() {
    let mut bench = Bench::new();
    let images = preset::read(IMAGES).unwrap();
    bench.harness.state_mut().as_mut().unwrap().load(images);
    bench.harness.run_steps(2);
    assert!(bench.says("Being computed …"));
    bench.settle();
    assert!(!bench.says("Being computed …"));
}

#[test]
fn seeds_decide_what_lies_within_their_spread() {
    let mut bench = on_images();
    // One learns and the other does not, with every seed.
    assert!(bench.says("best median"));
    assert!(bench.says("behind Adam by more than the seeds' spread"));
    let mut experiment = preset::read(IMAGES).unwrap();
    experiment.runs[1] = experiment.runs[0].clone();
    experiment.runs[1].label = Some("Twin".into());
    bench.load(experiment);
    bench.press(egui::Key::End);
    assert!(bench.says("within the spread of"));
}

#[test]
fn a_csv_file_becomes_the_data_and_the_network_is_made_to_fit() {
    let mut bench = Bench::new();
    bench.load(preset::read(SPIRALS).unwrap());
    let path = bench.file("flowers.csv");
    let mut text = "length,kind,width\n".to_owned();
    for row in 0..60 {
        let kind = ["rose", "tulip", "lily"][row % 3];
        text += &format!("{},{kind},{}\n", row % 3 * 10 + row / 20, row % 7);
    }
    std::fs::write(&path, text).unwrap();
    bench.click("Training data");
    bench.click("CSV file…");
    bench.enter("Path of the data", path.to_str().unwrap());
    bench.wait_for("the data", |bench| {
        bench.says("Training on 48 examples, testing on 12.")
            && bench.says("one hidden layer of 32 now")
    });
    bench.settle();
    let record = bench.laboratory().record().unwrap();
    assert_eq!(record.checked.task().unwrap().plan().outputs(), 3);
    // Another column cannot have the classes, since words are no numbers.
    let kept = bench.experiment().clone();
    bench.click("Column with the classes");
    bench.click("width");
    bench.wait_for("the refusal", |bench| bench.says("`rose` is not a number"));
    assert_eq!(*bench.experiment(), kept);
    bench.click("Examples");
    bench.wait_for("the rows", |bench| {
        bench.has("48 training and 12 test rows of 2 numbers, in 3 classes.")
    });
    assert!(bench.says("Training row "));
    bench.enter("Share of rows tested on", "0.5");
    bench.wait_for("the other split", |bench| {
        bench.has("30 training and 30 test rows of 2 numbers, in 3 classes.")
    });
    // A file that is not there is named, and nothing changes.
    let before = bench.experiment().clone();
    bench.enter("Path of the data", "/nowhere/rows.csv");
    bench.wait_for("the refusal", |bench| bench.says("/nowhere/rows.csv: "));
    assert_eq!(*bench.experiment(), before);
}

#[test]
fn a_folder_of_images_is_read_and_its_mistakes_are_named() {
    let mut bench = on_images();
    let folder = bench.file("mnist");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.to_str().unwrap().to_owned();
    let before = bench.experiment().clone();
    bench.click("Training data");
    bench.click("MNIST, folder…");
    bench.enter("Path of the data", &path);
    bench.wait_for("the refusal", |bench| bench.says("has no file train-"));
    assert_eq!(*bench.experiment(), before);
    // Two images of 28×28 with the labels 3 and 7, for both parts.
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28][..],
        &[9; 1568],
    ]
    .concat();
    for part in ["train", "t10k"] {
        std::fs::write(folder.join(format!("{part}-images-idx3-ubyte")), &images).unwrap();
        let labels = [0, 0, 8, 1, 0, 0, 0, 2, 3, 7];
        std::fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
    bench.enter("Path of the data", &path);
    bench.wait_for("the data", |bench| {
        bench.says("Training on 2 examples, testing on 2.")
    });
    assert!(*bench.experiment() != before);
}

#[test]
fn what_was_made_of_another_training_is_not_shown() {
    let mut bench = on_images();
    bench.click("Predictions");
    bench.click("Worst mistakes");
    bench.wait_for("the mistakes", |bench| {
        bench.says("of 2000 test examples are classified")
    });
    // Of another experiment, and at once: the mistakes of the images are none of the spirals'.
    let spirals = preset::read(SPIRALS).unwrap();
    bench.harness.state_mut().as_mut().unwrap().load(spirals);
    let begun = std::time::Instant::now();
    while !bench.says("of 16 test examples are classified") {
        bench.harness.step();
        assert!(!bench.says("of 2000 test examples") || !bench.says("Being tested"));
        assert!(
            begun.elapsed() < crate::DEADLINE,
            "the spirals are not tested"
        );
    }
}
