//! The explanation of a step is the engine's step, to the last bit, for every rule and wrapper.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

mod notes;
mod pages;
mod shared;
mod sheets;

use descent_lab::analysis::explanation::{self, Explanation, NoSuchStep};
use descent_lab::engine::{self, History, Replay};
use descent_lab::experiment::{
    Checked, Experiment, ObjectiveSpec, RateEvent, RunSpec, WrapperSpec, built_in,
};
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::optimizers::{OPTIMIZERS, Optimizer, Place, Shape};
use descent_lab::schedules::{Per, Schedule};
use std::ops::ControlFlow;

/// One run on a landscape.
fn experiment(surface: &str, start: [f64; 2], noise: f64, run: RunSpec) -> Experiment {
    let mut experiment = built_in::find("own_formula").unwrap().experiment();
    experiment.objective = ObjectiveSpec::Landscape {
        surface: surface.into(),
        start: Some(start),
        noise,
        settings: Default::default(),
    };
    experiment.epochs = 40;
    experiment.seed = 3;
    experiment.runs = vec![run];
    experiment
}

fn history(checked: &Checked) -> History {
    engine::run(checked, |_| ControlFlow::Continue(()))
}

fn fits(rule: &dyn Optimizer) -> bool {
    rule.card().fits.refusal(&[Shape::vector(2)]).is_none()
}

fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

/// Every step of the run that can be explained equals the record: parameters, loss and rate; and
/// what is remembered equals what the engine remembers.
fn assert_explained(experiment: &Experiment, steps: &[u64]) {
    let checked = experiment.check().unwrap();
    let history = history(&checked);
    for (run, trace) in history.traces.iter().enumerate() {
        for &step in steps
            .iter()
            .filter(|&&step| trace.last_step() >= Some(step))
        {
            let of = explanation::explain(&checked, run, step).unwrap();
            let label = format!("{} at step {step}", of.label);
            let frame = history.frame(run, step).unwrap();
            let shown = of.shown.clone();
            let (shown, loss) = shown.unwrap_or_else(|| {
                let after = of.parameters.iter().map(|moved| moved.after).collect();
                (after, of.loss_after)
            });
            assert_eq!(bits(shown), bits(frame.parameters.to_vec()), "{label}");
            // Where updates see batches, or one surface of several, the record has the loss that
            // the update met, without what surfaces before it add.
            let loss = match of.has_batches {
                true => of.loss_alone.unwrap_or(of.loss),
                false => loss,
            };
            assert_eq!(loss.to_bits(), frame.loss.to_bits(), "{label}");
            assert_eq!(
                of.rate.value.to_bits(),
                frame.learning_rate.to_bits(),
                "{label}"
            );
            assert_remembered(&checked, run, &of, &label);
            assert_lines_agree(&of, &label);
        }
    }
}

/// What the explanation says is remembered is what the engine's rule remembers.
fn assert_remembered(checked: &Checked, run: usize, of: &Explanation, label: &str) {
    let mut replay = Replay::new(checked, run).unwrap();
    replay.go_to(of.step);
    // What was remembered at a border is gone when the next surface begins.
    if replay.begins_anew() {
        return;
    }
    let engine = replay.rule().remembered().map(|(_, place, value)| {
        let entry = match place {
            Place::Slot { entry, .. } => Some(entry),
            Place::Scalar(_) => None,
        };
        (entry, value.to_bits())
    });
    let explained = of.memory.iter().flat_map(|remembered| &remembered.numbers);
    let explained = explained.map(|number| (number.entry, number.after.to_bits()));
    assert!(engine.eq(explained), "{label}");
}

/// The lines of parameters end with their new values, and every value that changed has a line.
fn assert_lines_agree(of: &Explanation, label: &str) {
    for (index, moved) in of.parameters.iter().enumerate() {
        let lines = of.lines.iter().filter(|line| line.symbol == "θ");
        let mut worked = lines.flat_map(|line| &line.worked);
        let line = worked.rfind(|worked| worked.component == Some(index));
        match line {
            Some(line) => assert_eq!(line.value.to_bits(), moved.after.to_bits(), "{label}"),
            None => assert_eq!(moved.before.to_bits(), moved.after.to_bits(), "{label}"),
        }
    }
}

#[test]
fn every_rule_is_explained_to_the_last_bit() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let card = rule.card();
        let variants = card
            .variants
            .iter()
            .map(|variant| Some(variant.id.to_owned()));
        for variant in variants.chain([None]) {
            let mut run = RunSpec::new(card.id);
            run.variant = variant;
            for (surface, start) in [("rosenbrock", [-1.54, -0.64]), ("himmelblau", [1.0, 1.0])] {
                let experiment = experiment(surface, start, 0.0, run.clone());
                assert_explained(&experiment, &[1, 2, 3, 17, 40]);
            }
        }
        let noisy = experiment("beale", [1.0, 0.5], 0.1, RunSpec::new(card.id));
        assert_explained(&noisy, &[1, 12]);
    }
}

#[test]
fn every_wrapper_is_explained_to_the_last_bit() {
    for wrapper in WRAPPERS {
        for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
            let mut run = RunSpec::new(rule.card().id);
            run.wrappers = vec![WrapperSpec::new(*wrapper)];
            let experiment = experiment("rosenbrock", [-1.54, -0.64], 0.0, run);
            if experiment.check().is_ok() {
                assert_explained(&experiment, &[1, 5, 10, 11]);
            }
        }
    }
    let mut run = RunSpec::new("adam");
    run.wrappers = WRAPPERS
        .iter()
        .chain(WRAPPERS)
        .map(|w| WrapperSpec::new(*w))
        .collect();
    assert_explained(&experiment("beale", [1.0, 0.5], 0.2, run), &[1, 2, 9]);
}

#[test]
fn the_built_in_experiments_are_explained_to_the_last_bit() {
    for id in ["hw3_q3a", "hw3_q3a_page", "ai_notes_4", "own_formula"] {
        let experiment = built_in::find(id).unwrap().experiment();
        assert_explained(&experiment, &[1, 2, 13, 150]);
    }
}

/// On surfaces that follow one another rule and schedule begin anew at every border, the past
/// pulls, and a remedy may slow the rate; rules that ask the objective are answered with the pull.
#[test]
fn steps_after_a_border_are_explained_to_the_last_bit() {
    let mut experiment = built_in::find("hw3_q4_surfaces").unwrap().experiment();
    let remedies: Vec<_> = experiment
        .runs
        .iter()
        .map(|run| run.remedy.clone())
        .collect();
    let mut slower = experiment.runs[0].clone();
    slower.remedy = Some(serde_json::from_str(r#"{"SlowerRate": {"factor": 0.1}}"#).unwrap());
    let mut runs = vec![slower.clone()];
    for remedy in remedies.into_iter().chain([slower.remedy.clone()]) {
        for (rule, settings) in [
            ("momentum", vec![("momentum", 0.9), ("dampening", 0.5)]),
            ("adabelief", vec![("rectify", 1.0)]),
            ("lbfgs", vec![]),
            ("conjugate_gradient", vec![]),
            ("newton", vec![]),
        ] {
            let mut run = RunSpec::new(rule);
            run.learning_rate = Some(0.01);
            run.remedy = remedy.clone();
            let settings = settings.into_iter();
            run.hyperparameters = settings.map(|(id, value)| (id.to_owned(), value)).collect();
            run.schedule = Schedule::InverseTime {
                rate: 0.01,
                per: Per::Epoch,
            };
            runs.push(run);
        }
    }
    for run in runs {
        experiment.runs = vec![run];
        assert_explained(&experiment, &[1, 399, 400, 401, 402, 600, 800]);
    }
    // Set beside itself after a border, a rule is given its own state, and makes the same step.
    let mut run = RunSpec::new("adam");
    run.remedy = slower.remedy;
    experiment.runs = vec![run];
    let checked = experiment.check().unwrap();
    let adam = descent_lab::optimizers::find("adam").unwrap();
    let shared = explanation::share(&checked, 0, 403, adam).unwrap();
    let after = |of: &Explanation| bits(of.parameters.iter().map(|moved| moved.after));
    assert_eq!(after(&shared.own), after(&shared.other));
    let text = shared.own.to_text();
    assert!(
        text.contains("times 0.1 on this surface and k = 3"),
        "{text}"
    );
    let nadam = descent_lab::optimizers::find("nadam").unwrap();
    let shared = explanation::share(&checked, 0, 403, nadam).unwrap();
    let led = shared
        .memory
        .iter()
        .find(|slot| slot.had != explanation::Had::Copied);
    assert_eq!(led.map(|slot| slot.had), Some(explanation::Had::Led(2)));
}

/// The rate of every schedule is the record's, and its origin says from which settings, base and
/// moment it comes, and which event set the base.
#[test]
fn the_rate_and_where_it_comes_from_are_explained() {
    let schedule = |text: &str| -> Schedule { ron::from_str(text).unwrap() };
    let cases = [
        (
            "InverseTime(rate: 0.01)",
            13,
            "(InverseTime(rate:0.01))",
            "k = 13",
        ),
        (
            "WarmUp(steps: 10, then: Exponential(factor: 0.9))",
            4,
            "WarmUp(steps:10",
            "k = 4",
        ),
        (
            "WarmUp(steps: 10, then: Exponential(factor: 0.9))",
            14,
            "Exponential(factor:0.9)",
            "k = 4",
        ),
        (
            "Plateau(factor: 0.5, patience: 2)",
            30,
            "Plateau(factor:0.5",
            "k = 30",
        ),
        ("OneCycle(steps: 40)", 17, "OneCycle(steps:40", "k = 17"),
    ];
    for (text, step, settings, moment) in cases {
        let mut run = RunSpec::new("momentum");
        run.learning_rate = Some(0.001);
        run.schedule = schedule(text);
        let plain = experiment("himmelblau", [1.0, 1.0], 0.0, run.clone());
        assert_explained(&plain, &[1, 4, 11, 13, 14, 17, 30, 40]);
        let of = explanation::explain(&plain.check().unwrap(), 0, step).unwrap();
        let origin = of.rate_origin();
        for part in [settings, moment, "with base α = 0.001 and"] {
            assert!(origin.contains(part), "{part} in {origin}");
        }
        run.events = vec![RateEvent {
            step: 12,
            learning_rate: 0.002,
        }];
        let changed = experiment("himmelblau", [1.0, 1.0], 0.0, run);
        assert_explained(&changed, &[1, 11, 12, 13, 40]);
        let checked = changed.check().unwrap();
        let origin = |step| {
            explanation::explain(&checked, 0, step)
                .unwrap()
                .rate_origin()
        };
        assert!(
            origin(11).contains("with base α = 0.001 and"),
            "{}",
            origin(11)
        );
        let set = "with base α = 0.002, set at step 12, and k = ";
        assert!(
            origin(12).contains(set) && origin(40).contains(set),
            "{}",
            origin(12)
        );
    }
}

/// With mini-batches, in table order and shuffled, in both conventions of momentum, and with rules
/// that ask the batch's loss again.
#[test]
fn batches_are_explained_to_the_last_bit() {
    let experiment = built_in::find("hw3_q5").unwrap().experiment();
    let last = experiment.check().unwrap().updates();
    let steps: Vec<u64> = (1..=last).collect();
    assert_explained(&experiment, &steps);
    let own = r#"(version: 1, epochs: 10, seed: 4, objective: Regression(
        model: "a*exp(-b*x) + c*sin(x)", start: {"a": 1, "b": 0.5, "c": -0.5}, batch_size: 2,
        shuffle: true, data: [{"x": 0, "y": 2}, {"x": 1, "y": 1.1}, {"x": 2, "y": 0.4},
        {"x": 3, "y": 0.1}, {"x": 4, "y": 0.3}]), runs: [
        (optimizer: "momentum", learning_rate: 0.02, variant: "torch"),
        (optimizer: "momentum", learning_rate: 0.02, variant: "keras"),
        (optimizer: "adam", learning_rate: 0.05, wrappers: [ClipNorm(0.5)]),
        (optimizer: "lbfgs"), (optimizer: "newton", learning_rate: 0.1),
        (optimizer: "adahessian", learning_rate: 0.05)])"#;
    let own = descent_lab::experiment::preset::read(own).unwrap();
    assert_explained(&own, &[1, 2, 3, 4, 17, 30]);
}

#[test]
fn what_cannot_be_explained_is_said() {
    let mut steep = experiment("rosenbrock", [-1.54, -0.64], 0.0, RunSpec::new("momentum"));
    steep.runs[0].learning_rate = Some(0.001);
    let checked = steep.check().unwrap();
    let step = |step| explanation::explain(&checked, 0, step).map(|of| of.step);
    assert_eq!(step(0), Err(NoSuchStep::Step { step: 0, last: 40 }));
    assert_eq!(step(41), Err(NoSuchStep::Step { step: 41, last: 40 }));
    assert_eq!(step(14), Ok(14));
    assert_eq!(step(15), Err(NoSuchStep::Diverged { at: 14 }));
    let no_run = explanation::explain(&checked, 1, 1).map(|of| of.step);
    assert_eq!(no_run, Err(NoSuchStep::Run { run: 1, runs: 1 }));
    // The step at which it diverges is explained, with what was not finite.
    let last = explanation::explain(&checked, 0, 14).unwrap();
    assert!(
        last.parameters.iter().any(|moved| !moved.after.is_finite())
            || !last.loss_after.is_finite()
    );
    steep.epochs = 0;
    let none = explanation::explain(&steep.check().unwrap(), 0, 1).map(|of| of.step);
    assert_eq!(none, Err(NoSuchStep::NoUpdates));
}
