//! Tasks learnt one after the other: what is protected, what is out of reach, what is refused.

use descent_lab::engine::continual::{Learning, Results};
use descent_lab::engine::{self, History, Outcome};
use descent_lab::experiment::{Checked, Experiment, preset};
use descent_lab::export;
use descent_lab::models::continual::REMEDIES;
use descent_lab::optimizers::OPTIMIZERS;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Moons (classes 0, 1), then blobs (2, 3, 4).
const TOYS: &str = r#"data: Moons(examples: 120), joined: With(Blobs(examples: 120)),
    scenario: Split(tasks: [[0, 1], [2, 3, 4]]),
    layers: [Dense(outputs: 8), Tanh, Dense(outputs: 8), Tanh], batch_size: 32"#;

fn text(tasks: &str, epochs: u64, runs: &str) -> String {
    format!("(version: 1, objective: Tasks({tasks}), epochs: {epochs}, seed: 4, runs: [{runs}])")
}

fn experiment(tasks: &str, epochs: u64, runs: &str) -> Experiment {
    let text = text(tasks, epochs, runs);
    preset::read(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn problems(tasks: &str, runs: &str) -> Vec<String> {
    let found = experiment(tasks, 1, runs).check().err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

fn only_problem(tasks: &str) -> String {
    let problems = problems(tasks, r#"(optimizer: "sgd")"#);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

fn run(checked: &Checked) -> History {
    engine::run(checked, |_| ControlFlow::Continue(()))
}

fn every_remedy() -> String {
    let run = |id: &str| format!(r#"(optimizer: "momentum", learning_rate: 0.1, remedy: {id}()),"#);
    REMEDIES.iter().map(|card| run(card.id)).collect()
}

/// Runs of every rule that fits networks, all with frozen neurons and decay around them.
fn every_rule() -> (Checked, Vec<&'static str>) {
    let mut runs = String::new();
    let mut ids = Vec::new();
    for optimizer in OPTIMIZERS {
        let card = optimizer.card();
        let sampled = card
            .hyperparameter("sampled")
            .map_or("", |_| r#""sampled": 1"#);
        let one = format!(
            r#"(optimizer: "{}", hyperparameters: {{{sampled}}},
                wrappers: [L2(0.01), DecoupledDecay(0.01)],
                remedy: FreezeNeurons(share: 0.5, importance: 1)),"#,
            card.id
        );
        if experiment(&format!("{TOYS}, head: Multi"), 1, &one)
            .check()
            .is_ok()
        {
            runs += &one;
            ids.push(card.id);
        }
    }
    let checked = experiment(&format!("{TOYS}, head: Multi, fresh_rule: false"), 3, &runs);
    (checked.check().unwrap(), ids)
}

#[test]
fn frozen_neurons_keep_their_bits_under_every_rule_with_decay_and_memory() {
    let (checked, ids) = every_rule();
    assert!(ids.len() > 35, "{ids:?}");
    let per_task = checked.updates_per_task();
    let (mut learning, mut history) = Learning::new(&checked).unwrap();
    learning.advance(per_task, &mut history);
    let learnt: Vec<Vec<f32>> = (0..ids.len())
        .map(|run| learning.parameters(run).unwrap().to_vec())
        .collect();
    // The border, and the first update behind it.
    learning.advance(1, &mut history);
    let begun: Vec<Vec<f32>> = (0..ids.len())
        .map(|run| learning.parameters(run).unwrap().to_vec())
        .collect();
    while !learning.is_done() {
        learning.advance(learning.block(), &mut history);
    }
    for (run, id) in ids.iter().enumerate() {
        assert_eq!(history.traces[run].outcome, Outcome::Finished, "{id}");
        let ended = learning.parameters(run).unwrap();
        // Rows of the first layer: two weights each, biases behind the 16 weights.
        let same = |unit: usize, a: &[f32], b: &[f32]| {
            let bits =
                |of: &[f32]| [of[2 * unit], of[2 * unit + 1], of[16 + unit]].map(f32::to_bits);
            bits(a) == bits(b)
        };
        let frozen: Vec<usize> = (0..8).filter(|&u| same(u, &learnt[run], ended)).collect();
        assert_eq!(frozen.len(), 4, "{id}: {frozen:?}");
        for unit in 0..8 {
            assert_eq!(
                same(unit, &begun[run], ended),
                frozen.contains(&unit),
                "{id}"
            );
        }
        // The second layer's rows: eight weights each from 24 on, biases from 88 on; then the
        // outputs of the first task, 96.. and biases from 136 on.
        let row_is_same = |begin: usize| {
            let bits = |of: &[f32]| {
                of[begin..begin + 8]
                    .iter()
                    .map(|w| w.to_bits())
                    .collect::<Vec<_>>()
            };
            bits(&begun[run]) == bits(ended)
        };
        assert_eq!(
            (0..8).filter(|u| row_is_same(24 + 8 * u)).count(),
            4,
            "{id}"
        );
        assert!(row_is_same(96) && row_is_same(104), "{id}");
        assert!(!row_is_same(112), "{id}: the new task's outputs learn");
        assert_eq!(begun[run][136..138], ended[136..138], "{id}");
        // What the first task computes is then the same for good.
        let measured = &history.traces[run].measured;
        let of_first: Vec<f64> = measured.values(4).skip(4).collect();
        assert_eq!(of_first.len(), 3, "{id}");
        assert!(
            of_first.iter().all(|a| *a == of_first[0]),
            "{id}: {of_first:?}"
        );
    }
}

#[test]
fn past_data_are_gone_whatever_the_remedy() {
    let checked = experiment(TOYS, 2, &every_remedy()).check().unwrap();
    let (mut learning, mut history) = Learning::new(&checked).unwrap();
    let first = Arc::downgrade(learning.present(0).unwrap());
    let per_task = checked.updates_per_task();
    learning.advance(per_task, &mut history);
    assert!(first.upgrade().is_some());
    learning.advance(1, &mut history);
    assert!(
        first.upgrade().is_none(),
        "somebody still holds the first task's data"
    );
    assert_eq!(learning.present(0).unwrap().len(), 120);
    let runs = 0..checked.runs.len();
    assert!(runs.clone().all(|run| learning.present(run).is_some()));
    while !learning.is_done() {
        learning.advance(learning.block(), &mut history);
    }
    // What is kept is counted, and only by those that say so.
    let results = Results::all(&checked, &history);
    for (run, footprint) in runs.zip(learning.footprints()) {
        let card = REMEDIES[run].id;
        assert_eq!(
            footprint.examples as u64, results[run].2.kept_examples,
            "{card}"
        );
        let keeps = ["Joint", "AGem", "Rehearsal"].contains(&card);
        assert_eq!(footprint.examples > 0, keeps, "{card}");
    }
}

#[test]
fn records_are_the_same_on_any_number_of_cores_and_begin_with_the_same_task() {
    let mut experiment = experiment(TOYS, 2, &every_remedy());
    experiment.seeds = vec![4, 9];
    let checked = experiment.check().unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| format!("{:?}", run(&checked)))
    };
    let alone = on(1);
    assert_eq!(on(3), alone);
    let history = run(&checked);
    let per_task = checked.updates_per_task();
    let until_border = |run: usize| {
        let frames = history.traces[run].frames();
        let frames = frames.filter(|frame| frame.step <= per_task);
        frames.map(|frame| frame.loss).collect::<Vec<_>>()
    };
    // Before there is a past, no remedy does anything: the same batches, the same losses.
    let remedies = REMEDIES.iter().enumerate().take(checked.runs.len());
    for (run, remedy) in remedies.skip(1) {
        assert_eq!(until_border(run), until_border(0), "{}", remedy.id);
    }
    assert_ne!(history.variations[0].traces[0], history.traces[0]);
}

#[test]
fn a_single_head_forgets_all_and_rehearsal_does_not() {
    let runs = r#"(optimizer: "adam", learning_rate: 0.01),
        (optimizer: "adam", learning_rate: 0.01, remedy: Rehearsal(memory: 40)),
        (optimizer: "adam", learning_rate: 0.01, head: Multi, remedy: FreezeNeurons())"#;
    let checked = experiment(TOYS, 40, runs).check().unwrap();
    let results = Results::all(&checked, &run(&checked));
    let last = |run: usize| results[run].2.matrix.rows[1].clone();
    let first = |run: usize| results[run].2.matrix.rows[0][0];
    assert!(first(0) > 0.85, "{:?}", results[0]);
    assert!(last(0)[0] < 0.1 && last(0)[1] > 0.9, "{:?}", results[0]);
    // Both sets lie in the same plane; where they overlap no one head can know.
    assert!(last(1)[0] > 0.4 && last(1)[1] > 0.5, "{:?}", results[1]);
    assert!(last(2)[0] > 0.8 && last(2)[1] > 0.8, "{:?}", results[2]);
}

#[test]
fn a_growing_head_learns_the_first_task_as_its_own_head_does_and_the_last_as_a_single_one() {
    let runs = |head: &str| format!(r#"(optimizer: "sgd", learning_rate: 0.1, head: {head})"#);
    let weights = |head: &str| {
        let checked = experiment(TOYS, 3, &runs(head)).check().unwrap();
        let (mut learning, mut history) = Learning::new(&checked).unwrap();
        learning.advance(checked.updates_per_task(), &mut history);
        let first = learning.parameters(0).unwrap().to_vec();
        while !learning.is_done() {
            learning.advance(learning.block(), &mut history);
        }
        let accuracy = |task: usize| history.traces[0].measured.last().unwrap()[4 + task];
        (first, [accuracy(0), accuracy(1)])
    };
    let ([growing, multi, single], last) = {
        let all = ["Growing", "Multi", "Single"].map(weights);
        let last = all[0].1;
        (all.map(|(first, _)| first), last)
    };
    // Only the first two outputs compete, so that the other three have not moved.
    assert_eq!(growing, multi);
    assert_ne!(growing, single);
    // Without a remedy it forgets as a single head does.
    assert!(last[0] < 0.2 && last[1] > 0.8, "{last:?}");
}

#[test]
fn tables_and_summaries_have_the_matrix() {
    let runs = r#"(optimizer: "sgd", learning_rate: 0.1), (optimizer: "sgd", learning_rate: 0.1, remedy: Joint())"#;
    let checked = experiment(TOYS, 2, runs).check().unwrap();
    let history = run(&checked);
    let files = export::files(&checked, &history);
    let text = |name: &str| {
        let file = files.iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    let table = text("accuracy_matrix.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "run,label,optimizer,remedy,head,seed,after_task,task_1,task_2"
    );
    assert_eq!(lines.len(), 5);
    assert!(lines[4].contains(",Joint,single,4,2,"), "{}", lines[4]);
    let head = text("history.csv").lines().next().unwrap().to_owned();
    assert!(
        head.ends_with(
            "full_loss,train_accuracy,test_loss,test_accuracy,test_accuracy_1,test_accuracy_2"
        ),
        "{head}"
    );
    let summary = text("summary.json");
    for field in [
        "\"accuracy_matrix\"",
        "\"backward_transfer\"",
        "\"intransigence\": 0.0",
        "\"kept_examples\": 120",
    ] {
        assert!(summary.contains(field), "{field}: {summary}");
    }
    // Epochs count on from task to task.
    let last = checked.updates();
    assert_eq!(
        (last, checked.epoch_of(last)),
        (2 * checked.updates_per_task(), 4)
    );
}

#[test]
fn a_task_without_data_is_named() {
    let problem = only_problem(&TOYS.replace("[2, 3, 4]", "[]"));
    assert!(
        problem.starts_with("objective.scenario.tasks[1]: the task has no classes, and so no data"),
        "{problem}"
    );
}

#[test]
fn overlapping_classes_are_named() {
    let problem = only_problem(&TOYS.replace("[2, 3, 4]", "[2, 1, 4]"));
    assert_eq!(
        problem,
        "objective.scenario.tasks[1][1]: class 1 is in task 0 already; a class belongs to one task"
    );
}

#[test]
fn a_task_of_one_class_is_named() {
    let problem = only_problem(&TOYS.replace("[2, 3, 4]", "[3]"));
    assert!(
        problem.starts_with("objective.scenario.tasks[1]: the task has one class"),
        "{problem}"
    );
    let even = "data: Blobs(), scenario: Even(tasks: 3), layers: [Dense(outputs: 4), Tanh]";
    assert!(only_problem(even).contains("3 classes in 3 tasks are one class each"));
}

#[test]
fn more_heads_than_tasks_are_named() {
    let problem = only_problem(&format!("{TOYS}, head: Multi, heads: 3"));
    assert_eq!(
        problem,
        "objective.heads: 3 heads are more than the 2 tasks; give 2, or leave it out"
    );
}

#[test]
fn an_unknown_remedy_is_named_with_the_nearest() {
    let text = text(TOYS, 1, r#"(optimizer: "sgd", remedy: Ewe(strength: 1))"#);
    let error = preset::read(&text).unwrap_err().to_string();
    assert!(
        error.starts_with("line 3, column") && error.contains("Ewe"),
        "{error}"
    );
    assert!(error.ends_with("did you mean `Ewc`?"), "{error}");
}

#[test]
fn a_negative_strength_is_named() {
    let run = r#"(optimizer: "sgd", remedy: Ewc(strength: -1))"#;
    assert_eq!(
        problems(TOYS, run),
        ["runs[0].remedy.strength: -1 is out of range; give a finite number of at least 0"]
    );
    let text = text(TOYS, 1, run);
    let placed = preset::place_problems(&text, preset::read(&text).unwrap().check().unwrap_err());
    let line = text.lines().nth(placed[0].line - 1).unwrap();
    assert!(line[placed[0].column - 1..].starts_with("-1"), "{placed:?}");
}

#[test]
fn other_bad_input_is_named() {
    for (tasks, part) in [
        (
            TOYS.replace("[2, 3, 4]", "[2, 7]"),
            "objective.scenario.tasks[1][1]: there is no class 7; give 0 to 4",
        ),
        (
            TOYS.replace("With(Blobs(examples: 120))", "With(FashionMnistSample)"),
            "objective.joined: its inputs have another shape",
        ),
        (
            TOYS.replace("Split(tasks: [[0, 1], [2, 3, 4]])", "Permuted(tasks: 101)"),
            "objective.scenario.tasks: 101 tasks are out of range; give 1 to 100",
        ),
        (
            TOYS.replace("Split(tasks: [[0, 1], [2, 3, 4]])", "Even(tasks: 2)"),
            "objective.scenario.tasks: 5 classes cannot be divided evenly",
        ),
        (
            TOYS.replace("Tanh, Dense", "BatchNorm, Dense"),
            "objective.layers[1]: batch normalisation is refused here",
        ),
        (
            TOYS.replace("batch_size: 32", "batch_size: 0"),
            "objective.batch_size: 0",
        ),
        (
            TOYS.replace("Dense(outputs: 8)", "MaxPool(size: 2)"),
            "objective.layers[0]: layer 1 (MaxPool)",
        ),
    ] {
        let problem = only_problem(&tasks);
        assert!(problem.starts_with(part), "{problem}");
    }
    let on_landscape = r#"(version: 1, objective: Landscape(surface: "beale"), runs: [(optimizer: "sgd", remedy: Ewc())])"#;
    let problem = preset::read(on_landscape).unwrap().check().unwrap_err();
    assert_eq!(
        problem[0].to_string(),
        "runs[0].remedy: only an objective Tasks(...), or a formula that others follow, has it; take it \
         out"
    );
    let head = problems(TOYS, r#"(optimizer: "sgd", head: Domain)"#);
    assert!(
        head[0].starts_with("runs[0].head: a run with the head Domain"),
        "{head:?}"
    );
    assert_eq!(problems(TOYS, r#"(optimizer: "newton")"#).len(), 1);
}

/// The same with what hidden units do.
fn observed(checked: &Checked) -> History {
    let (mut learning, mut history) = Learning::new(checked).unwrap();
    learning.observe_units(&mut history);
    while !learning.is_done() {
        learning.advance(learning.block(), &mut history);
    }
    history
}

/// The outputs of the first hidden layer of the toys' network for a point.
fn first_layer(parameters: &[f32], x: [f32; 2]) -> [f32; 8] {
    std::array::from_fn(|u| {
        let [a, b, bias] = [2 * u, 2 * u + 1, 16 + u].map(|place| parameters[place]);
        (a * x[0] + b * x[1] + bias).tanh()
    })
}

#[test]
fn observed_units_are_those_of_the_network_and_nothing_else_changes() {
    let runs = r#"(optimizer: "sgd", learning_rate: 0.1),
        (optimizer: "adam", learning_rate: 0.01, remedy: FreezeNeurons(share: 0.5)),
        (optimizer: "adam", learning_rate: 0.01, remedy: Availability(strength: 3))"#;
    let mut experiment = experiment(&format!("{TOYS}, head: Multi"), 3, runs);
    experiment.seeds = vec![4, 5];
    let checked = experiment.check().unwrap();
    let observed = observed(&checked);
    let mut stripped = observed.clone();
    for trace in &mut stripped.traces {
        trace.observations = Default::default();
    }
    // As text, since a rate before the first update is NaN.
    let [with, without] = [&stripped, &run(&checked)].map(|history| format!("{history:?}"));
    assert!(with == without, "a look changes nothing");
    let per_epoch = checked.updates_per_epoch();
    for trace in &observed.traces {
        let moments = trace.observations.moments();
        let steps: Vec<u64> = moments.iter().map(|moment| moment.step).collect();
        let expected: Vec<u64> = (0..=6).map(|epoch| epoch * per_epoch).collect();
        assert_eq!(steps, expected);
        let tasks: Vec<usize> = moments.iter().map(|moment| moment.task).collect();
        assert_eq!(tasks, [0, 0, 0, 0, 1, 1, 1]);
        for moment in moments {
            assert_eq!(
                moment.ends_task,
                [3, 6].contains(&(moment.step / per_epoch))
            );
            for layer in &moment.layers {
                assert_eq!((layer.units, layer.responses.len()), (8, 5 * 8));
                let importance = layer.importance.iter().map(|&i| f64::from(i));
                let mean = importance.sum::<f64>() / 8.0;
                assert_eq!(layer.importance.is_empty(), !moment.ends_task);
                assert!(!moment.ends_task || (mean - 1.0).abs() < 1e-5, "{mean}");
            }
        }
        assert_eq!(trace.observations.ends().len(), 2);
    }
    let others = &observed.variations[0].traces;
    assert!(
        others
            .iter()
            .all(|trace| trace.observations.moments().is_empty())
    );
    let rates = |run: usize, moment: usize| -> Vec<f32> {
        observed.traces[run].observations.moments()[moment].layers[0]
            .rates
            .clone()
    };
    assert!(rates(0, 6).is_empty() && rates(1, 3).is_empty());
    assert_eq!(rates(1, 4).iter().filter(|&&rate| rate == 0.0).count(), 4);
    assert!(rates(2, 4).iter().all(|rate| (0.0..=1.0).contains(rate)));
    assert_eq!(
        checked.sequence().unwrap().class_names(),
        [vec!["0", "1"], vec!["0", "1", "2"]]
    );
}

#[test]
fn a_units_response_is_its_mean_activation_over_the_class() {
    let runs = r#"(optimizer: "sgd", learning_rate: 0.1)"#;
    let checked = experiment(TOYS, 2, runs).check().unwrap();
    let history = observed(&checked);
    let (mut learning, mut plain) = Learning::new(&checked).unwrap();
    learning.advance(checked.updates_per_task(), &mut plain);
    let observations = &history.traces[0].observations;
    let end = observations.end_before(checked.updates_per_task()).unwrap();
    assert_eq!(
        (end.task, &end.parameters[..]),
        (0, learning.parameters(0).unwrap())
    );
    assert!(end.information.iter().any(|&f| f > 0.0));
    let course = checked.sequence().unwrap().course().unwrap();
    let mut class = 0;
    for (test, classes) in course.tests().iter().zip([0..2_u8, 2..5]) {
        for label in classes {
            let rows = (0..test.len())
                .filter(|&row| test.labels[row] == label)
                .take(16);
            let outputs: Vec<[f32; 8]> = rows
                .map(|row| first_layer(&end.parameters, [test.input(row)[0], test.input(row)[1]]))
                .collect();
            let layer = &observations.at(end.step).unwrap().layers[0];
            for unit in 0..8 {
                let sum: f32 = outputs.iter().map(|output| output[unit]).sum();
                let expected = sum / outputs.len() as f32;
                let found = layer.response(class, unit).unwrap();
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{class} {unit}: {found} {expected}"
                );
            }
            class += 1;
        }
    }
    assert_eq!(class, 5);
}

#[test]
fn how_seldom_accuracies_are_measured_changes_no_update() {
    // The same with a schedule that looks at the loss, at every epoch or at every update.
    let runs = r#"(optimizer: "sgd", learning_rate: 0.3, schedule: Plateau(patience: 0, factor: 0.5, threshold: 0.5)),
        (optimizer: "sgd", learning_rate: 0.3, schedule: Plateau(patience: 2, factor: 0.5, threshold: 0.5, per: Step)),
        (optimizer: "adam", learning_rate: 0.01)"#;
    let frames = |every: u64| {
        let tasks = format!("{TOYS}, measured_every: {every}");
        let history = run(&experiment(&tasks, 12, runs).check().unwrap());
        let of = |trace: &engine::Trace| {
            let frames = trace.frames().skip(1);
            frames
                .map(|frame| (frame.learning_rate, frame.loss))
                .collect::<Vec<_>>()
        };
        history.traces.iter().map(of).collect::<Vec<_>>()
    };
    let often = frames(1);
    let falls = |run: usize| often[run].last().unwrap().0 < often[run][0].0;
    assert!(falls(0) && falls(1), "the schedules must have acted");
    for every in [2, 5, 100] {
        assert_eq!(frames(every), often, "measured every {every} epochs");
    }
}
