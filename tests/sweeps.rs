//! Sweeps: packed trials equal the simulation's bit for bit, on any number of threads.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::engine::{Plan, Reached, Sampling, Sweep};
use descent_lab::experiment::{Axis, Experiment, Quantity, built_in, preset};
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::optimizers::{OPTIMIZERS, Scale};

/// One run on a landscape.
fn experiment(surface: &str, run: &str) -> Experiment {
    let text = format!(
        "(version: 1, epochs: 60, objective: Landscape(surface: \"{surface}\"), runs: [({run})])"
    );
    preset::read(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// How many trials are compared: on one core more than a pack in every block, and not a multiple
/// of one.
const TRIALS: usize = 43;

/// Trials that differ in everything, spread so that some settle and some diverge.
fn trials(experiment: &Experiment, quantities: &[Quantity]) -> Vec<f64> {
    let axes: Vec<Axis> = quantities
        .iter()
        .map(|quantity| Axis::usual(quantity.clone(), experiment, 0).unwrap())
        .collect();
    let share = |trial: usize, axis: usize| (0.37 + 0.618 * (trial + 3 * axis) as f64).fract();
    (0..TRIALS)
        .flat_map(|trial| (0..axes.len()).map(move |axis| (trial, axis)))
        .map(|(trial, axis)| axes[axis].at(share(trial, axis)))
        .collect()
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

fn assert_same(packed: &Reached, alone: &Reached, what: &str) {
    let bits = |reached: &Reached| {
        let best = reached.best.map(|best| (best.loss.to_bits(), best.step));
        (
            best,
            reached.touched,
            reached.stays,
            reached.left,
            reached.diverged,
        )
    };
    assert_eq!(bits(packed), bits(alone), "{what}: {packed:?} {alone:?}");
    assert!(
        same(packed.loss, alone.loss),
        "{what}: {packed:?} {alone:?}"
    );
    for i in 0..2 {
        assert!(
            same(packed.at[i], alone.at[i]),
            "{what}: {packed:?} {alone:?}"
        );
    }
}

/// Compares all trials both ways; whether they ran packed.
fn compare(experiment: &Experiment, quantities: &[Quantity], target: f64) -> bool {
    let sweep = Sweep::new(experiment, 0, quantities, target).unwrap();
    let values = trials(experiment, quantities);
    let one_core = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let together = one_core.install(|| sweep.run(&values, &|| true).unwrap());
    assert_eq!(together.len(), TRIALS);
    for (packed, values) in together.iter().zip(values.chunks(quantities.len())) {
        let what = format!("{:?} {values:?}", experiment.runs[0].optimizer);
        assert_same(packed, &sweep.run_alone(values), &what);
    }
    sweep.is_packed()
}

/// A target that some trials reach and some do not.
fn middling_target(experiment: &Experiment, quantities: &[Quantity]) -> f64 {
    let sweep = Sweep::new(experiment, 0, quantities, f64::NAN).unwrap();
    let reached = sweep
        .run(&trials(experiment, quantities), &|| true)
        .unwrap();
    let mut losses: Vec<f64> = reached.iter().filter_map(|r| Some(r.best?.loss)).collect();
    losses.sort_by(f64::total_cmp);
    losses[losses.len() / 2]
}

#[test]
fn every_rule_gives_the_same_bits_in_a_sweep_as_alone() {
    for optimizer in OPTIMIZERS {
        let card = optimizer.card();
        if card
            .fits
            .refusal(&[descent_lab::optimizers::Shape::vector(2)])
            .is_some()
        {
            continue;
        }
        for surface in ["himmelblau", "rosenbrock", "beale"] {
            let experiment = experiment(surface, &format!("optimizer: \"{}\"", card.id));
            let is_number = |scale: Scale| !matches!(scale, Scale::Choice(_));
            let settings = card.hyperparameters.iter().filter(|h| is_number(h.scale));
            let settings = settings.map(|h| Quantity::Hyperparameter(h.id.into()));
            let quantities: Vec<Quantity> = RUN_AND_START.into_iter().chain(settings).collect();
            let target = middling_target(&experiment, &quantities);
            let is_packed = compare(&experiment, &quantities, target);
            assert_eq!(is_packed, !card.needs.asks(), "{}", card.id);
        }
    }
}

#[test]
fn conventions_may_differ_from_trial_to_trial_and_noise_from_run_to_run() {
    let convention = |id: &str| Quantity::Hyperparameter(id.into());
    for (rule, more) in [
        ("adam", convention("epsilon_hat")),
        ("amsgrad", convention("maximum")),
        ("nadam", Quantity::Noise),
        ("adabelief", Quantity::Noise),
    ] {
        let experiment = experiment("beale", &format!("optimizer: \"{rule}\""));
        let quantities = [Quantity::LearningRate, more, Quantity::Seed];
        assert!(compare(&experiment, &quantities, 1.0), "{rule}");
    }
}

#[test]
fn packs_that_have_ended_leave_the_others_what_all_have_in_common() {
    let experiment = experiment("rosenbrock", "optimizer: \"adam\"");
    let sweep = Sweep::new(&experiment, 0, &[Quantity::LearningRate], 1.0).unwrap();
    // Whole packs that leave all numbers behind at once: the first, one between, and the last.
    let values: Vec<f64> = (0..40)
        .map(|trial| match trial / 8 {
            0 | 2 | 4 => 1e300,
            _ => 0.01 * f64::from(1 + trial),
        })
        .collect();
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1);
    let one_core = one_core.build().unwrap();
    let together = one_core.install(|| sweep.run(&values, &|| true).unwrap());
    let ended = together.iter().filter(|reached| reached.diverged.is_some());
    assert_eq!(ended.count(), 24);
    for (packed, value) in together.iter().zip(&values) {
        assert_same(packed, &sweep.run_alone(&[*value]), &format!("{value}"));
    }
}

/// What leaves the hyperparameters of all trials the same.
const RUN_AND_START: [Quantity; 4] = [
    Quantity::LearningRate,
    Quantity::Decay,
    Quantity::Start(0),
    Quantity::Start(1),
];

#[test]
fn every_convention_of_a_rule_gives_the_same_bits_where_all_trials_have_it_in_common() {
    for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
        let shapes = [descent_lab::optimizers::Shape::vector(2)];
        if card.needs.asks() || card.fits.refusal(&shapes).is_some() {
            continue;
        }
        let variants = card.variants.iter().map(|variant| variant.settings);
        for settings in variants.chain([&[][..]]) {
            let mut experiment = experiment("rosenbrock", &format!("optimizer: \"{}\"", card.id));
            for (id, value) in settings {
                let set = Quantity::Hyperparameter((*id).to_owned());
                set.set(&mut experiment, 0, *value);
            }
            let target = middling_target(&experiment, &RUN_AND_START);
            assert!(compare(&experiment, &RUN_AND_START, target));
        }
    }
}

#[test]
fn every_landscape_gives_the_same_bits_in_a_sweep_as_alone() {
    for landscape in LANDSCAPES {
        for rule in ["sgd", "adam"] {
            let experiment = experiment(landscape.card().id, &format!("optimizer: \"{rule}\""));
            let quantities = [
                Quantity::LearningRate,
                Quantity::Start(0),
                Quantity::Start(1),
            ];
            let target = middling_target(&experiment, &quantities);
            assert!(compare(&experiment, &quantities, target));
        }
    }
}

#[test]
fn schedules_noise_seeds_and_wrappers_give_the_same_bits() {
    for (run, extra, is_packed) in [
        ("schedule: Cosine(steps: 60)", "schedule.steps", true),
        (
            "schedule: Exponential(factor: 0.9)",
            "schedule.factor",
            true,
        ),
        ("schedule: Plateau(patience: 2)", "schedule.factor", true),
        (
            "schedule: WarmUp(steps: 5, then: InverseTime(rate: 0.1))",
            "schedule.start_rate",
            true,
        ),
        ("schedule: InverseTime(rate: 0.1)", "decay", true),
        ("wrappers: [ClipNorm(1.0)]", "wrappers.0.norm", true),
        ("wrappers: [ClipValue(0.5)]", "wrappers.0.value", true),
        ("wrappers: [L2(0.01)]", "wrappers.0.lambda", true),
        ("wrappers: [DecoupledDecay(0.1)]", "wrappers.0.lambda", true),
        ("wrappers: [Lookahead(k: 3)]", "wrappers.0.k", true),
        ("wrappers: [Averaged(start: 3)]", "wrappers.0.start", true),
        (
            "wrappers: [ClipNorm(1.0), L2(0.01), Averaged(start: 3)]",
            "wrappers.1.lambda",
            true,
        ),
        (
            "wrappers: [Averaged(start: 3)], schedule: Plateau(patience: 2)",
            "wrappers.0.decay",
            true,
        ),
        ("wrappers: [Sam(rho: 0.05)]", "wrappers.0.rho", false),
    ] {
        let experiment = experiment("himmelblau", &format!("optimizer: \"momentum\", {run}"));
        let quantities = [
            Quantity::LearningRate,
            Quantity::named(extra),
            Quantity::Noise,
            Quantity::Seed,
        ];
        assert_eq!(compare(&experiment, &quantities, 1.0), is_packed, "{run}");
        let without_noise = [Quantity::LearningRate, Quantity::named(extra)];
        assert_eq!(
            compare(&experiment, &without_noise, 1.0),
            is_packed,
            "{run}"
        );
    }
}

#[test]
fn settings_of_a_landscape_formulas_and_regressions_go_through_the_simulation_or_are_packed() {
    let ravine = experiment("ravine", "optimizer: \"adam\"");
    let quantities = [
        Quantity::LearningRate,
        Quantity::named("surface.condition_number"),
    ];
    assert!(!compare(&ravine, &quantities, 1.0));
    let formula = preset::read(
        r#"(version: 1, epochs: 40, objective: Formula(expression: "(1-w1)^2 + 3*cos(w2)"), runs: [(optimizer: "rmsprop")])"#,
    )
    .unwrap();
    let quantities = [Quantity::LearningRate, Quantity::Start(0)];
    assert!(compare(&formula, &quantities, 0.5));
    let regression = built_in::find("hw3_q5").unwrap().experiment();
    assert!(compare(&regression, &[Quantity::LearningRate], 1.0));
    // Other batches in every trial.
    let quantities = [Quantity::LearningRate, Quantity::Seed];
    assert!(!compare(&regression, &quantities, 1.0));
}

/// A regression of so many rows, with what else its objective and its run have.
fn regression(rows: usize, objective: &str, run: &str) -> Experiment {
    let row = |k: usize| {
        let (x, y) = ((k % 17) as f64 / 8.0 - 1.0, (k % 5) as f64 - 2.0);
        format!(r#"{{"x": {x}, "y": {y}}}"#)
    };
    let data: Vec<String> = (0..rows).map(row).collect();
    let text = format!(
        r#"(version: 1, epochs: 12, objective: Regression(data: [{}], {objective}), runs: [({run})])"#,
        data.join(", ")
    );
    preset::read(&text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn regressions_give_the_same_bits_in_a_sweep_as_alone() {
    let line = r#"model: "a*x + b", start: {"a": 1, "b": -1}"#;
    let one = r#"model: "exp(a*x)", start: {"a": 1}"#;
    let three = r#"model: "a*x^2 + b*x + c", start: {"a": 1, "b": 2, "c": -1}"#;
    for (rows, objective, run, is_packed) in [
        (23, format!("{line}, batch_size: 23"), "sgd", true),
        (
            23,
            format!("{three}, batch_size: 4, shuffle: true"),
            "adam",
            true,
        ),
        (23, format!("{one}, batch_size: 5"), "momentum", true),
        // The loss over all data is measured after every epoch only.
        (5000, format!("{line}, batch_size: 1000"), "rmsprop", true),
        (
            23,
            format!("{line}, batch_size: 20, drop_last: true"),
            "sgd",
            false,
        ),
    ] {
        for around in [
            "",
            "wrappers: [ClipValue(0.5)]",
            "wrappers: [Averaged(start: 2)], schedule: InverseTime(rate: 0.1)",
        ] {
            let run = format!("optimizer: \"{run}\", {around}");
            let experiment = regression(rows, &objective, &run);
            let quantities = [Quantity::LearningRate];
            let target = middling_target(&experiment, &quantities);
            let found = compare(&experiment, &quantities, target);
            assert_eq!(found, is_packed, "{objective}, {run}");
        }
    }
}

/// Trials that take turns on few cores, or have one each, come to the same.
#[test]
fn trials_that_cannot_be_packed_are_the_same_on_any_number_of_threads() {
    let experiment = experiment("rosenbrock", "optimizer: \"lbfgs\"");
    let quantities = [Quantity::LearningRate, Quantity::Start(0)];
    let sweep = Sweep::new(&experiment, 0, &quantities, 1.0).unwrap();
    assert!(!sweep.is_packed());
    let values = trials(&experiment, &quantities);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| sweep.run(&values, &|| true).unwrap())
    };
    assert_eq!(format!("{:?}", on(1)), format!("{:?}", on(5)));
    assert!(sweep.run(&values, &|| false).is_none());
}

#[test]
fn a_trial_is_what_run_makes_of_its_experiment() {
    let experiment = built_in::find("hw3_q3a").unwrap().experiment();
    let quantities = [Quantity::LearningRate, Quantity::Decay];
    for run in 0..experiment.runs.len() {
        let sweep = Sweep::new(&experiment, run, &quantities, f64::NAN).unwrap();
        let values = [0.0123, 0.0045];
        let reached = sweep.run(&values, &|| true).unwrap()[0];
        let checked = sweep.experiment(&values).check().unwrap();
        let history = descent_lab::engine::run(&checked, |_| std::ops::ControlFlow::Continue(()));
        let trace = &history.traces[0];
        assert_eq!(reached.best, trace.best);
        assert_eq!(Some(reached.loss), trace.losses().last().copied());
        assert_eq!(reached.left, trace.left_range_at);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_rows() {
    let experiment = experiment("rosenbrock", "optimizer: \"adam\"");
    let axis = |text: &str| Axis::read(text, &experiment, 0).unwrap();
    let axes = vec![axis("learning_rate=1e-4:10:31:log"), axis("beta1=0:0.99:9")];
    for sampling in [
        Sampling::Grid,
        Sampling::Random {
            trials: 200,
            seed: 4,
        },
        Sampling::Sobol {
            trials: 200,
            seed: 4,
        },
    ] {
        let plan = Plan::new(&experiment, &[0], axes.clone(), sampling, 1.0).unwrap();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| plan.run(0..plan.rows(), &|| true).unwrap())
        };
        let (one, three) = (on(1), on(3));
        assert_eq!(format!("{one:?}"), format!("{three:?}"));
        // A part of the rows is that part of all.
        let part = plan.run(50..120, &|| true).unwrap();
        assert_eq!(format!("{part:?}"), format!("{:?}", &one[50..120]));
    }
}

#[test]
fn a_sweep_that_is_told_to_stop_gives_nothing() {
    let experiment = experiment("rosenbrock", "optimizer: \"adam\"");
    let sweep = Sweep::new(&experiment, 0, &[Quantity::LearningRate], 1.0).unwrap();
    assert!(sweep.run(&[0.1; 100], &|| false).is_none());
    assert_eq!(sweep.run(&[], &|| true).unwrap().len(), 0);
}

#[test]
fn trials_of_any_length_are_broken_off_within_them() {
    let on_landscape = "(version: 1, epochs: 1000000000000, objective: Landscape(surface: \
                        \"himmelblau\"), runs: [RUN])";
    let wrapped = "(optimizer: \"sgd\", learning_rate: 1e-6, wrappers: [ClipNorm(1.0)])";
    for run in ["(optimizer: \"adam\", learning_rate: 1e-6)", wrapped] {
        let experiment = preset::read(&on_landscape.replace("RUN", run)).unwrap();
        let quantities = [Quantity::LearningRate];
        let sweep = Sweep::new(&experiment, 0, &quantities, f64::NAN).unwrap();
        assert!(sweep.is_packed());
        let asked = std::sync::atomic::AtomicU64::new(0);
        let goes_on = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 10;
        assert!(sweep.run(&[1e-6; 9], &goes_on).is_none());
    }
}
