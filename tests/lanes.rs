//! Eight runs packed in one number equal the same eight runs alone, bit for bit.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::landscapes::{self, LANDSCAPES, Landscape};
use descent_lab::numbers::{Lanes, Noise, Real};
use descent_lab::objective::{Asked, Function, LandscapeObjective};
use descent_lab::optimizers::wrappers::{WRAPPERS, Wrap, Wrapper};
use descent_lab::optimizers::{
    self, Composed, Hyperparameter, OPTIMIZERS, Optimizer, Scale, Shape, Step, UpdateRule,
};

const LANES: usize = 8;
const STEPS: u64 = 200;

/// Where a run begins and how it is set.
struct Setting {
    start: [f64; 2],
    learning_rate: f64,
    hyperparameters: Vec<f64>,
    /// The settings of the wrapper, where there is one.
    around: Vec<f64>,
}

/// The state after each step: both parameters, the loss and the gradient.
type Path<R> = Vec<[R; 5]>;

/// Eight runs that differ in everything. Starts spread over the landscape's range, and rates
/// over decades, so that some runs settle and some diverge.
fn settings(contender: &Contender, landscape: &dyn Landscape) -> Vec<Setting> {
    let [(left, right), (low, high)] = landscape.card().range;
    (0..LANES)
        .map(|lane| {
            let share = (lane as f64 + 0.5) / LANES as f64;
            let hyperparameters = contender.optimizer.card().hyperparameters.iter();
            let around = contender.wrapper.iter();
            let around = around.flat_map(|wrapper| wrapper.card().settings);
            Setting {
                start: [
                    left + share * (right - left),
                    high - share * share * (high - low),
                ],
                learning_rate: 1e-6 * 7.0_f64.powi(lane as i32),
                hyperparameters: hyperparameters.map(|h| vary(h, lane)).collect(),
                around: around.map(|setting| vary(setting, lane)).collect(),
            }
        })
        .collect()
}

/// A value near the default and in the domain; flags alternate.
fn vary(hyperparameter: &Hyperparameter, lane: usize) -> f64 {
    match hyperparameter.scale {
        Scale::Flag => return (lane % 2) as f64,
        Scale::Choice(names) => return (lane % names.len()) as f64,
        Scale::Count => return hyperparameter.default + (lane % 3) as f64,
        _ => {}
    }
    let up = hyperparameter.default + 0.01 * lane as f64;
    let down = hyperparameter.default * (1.0 - 0.01 * lane as f64);
    if hyperparameter.domain.contains(up) {
        up
    } else {
        down
    }
}

fn path<R: Real + PartialEq>(
    mut rule: Composed<'_, R>,
    function: &dyn Function<R>,
    (start, learning_rate): ([R; 2], R),
) -> Path<R> {
    let mut parameters = start;
    let mut path = Vec::new();
    for number in 1..=STEPS {
        let mut slope = [R::zero(); 2];
        let loss = function.gradient(&parameters, &mut slope);
        path.push([parameters[0], parameters[1], loss, slope[0], slope[1]]);
        let sign = |index| Noise::new(1).sign(number, index);
        let now = Step {
            number,
            learning_rate,
            loss,
            gradient: &slope,
            hyperparameters: &[],
            shapes: &[],
            objective: &Asked::new(function, &|_| (), &sign),
        };
        rule.step(&now, &mut parameters);
    }
    path
}

/// A rule of the catalogue, and what is around it.
struct Contender {
    optimizer: &'static dyn Optimizer,
    wrapper: Option<&'static dyn Wrapper>,
}

impl Contender {
    fn alone(&self, objective: &LandscapeObjective, run: &Setting) -> Path<f64> {
        let card = self.optimizer.card();
        let rule: &dyn UpdateRule<f64> = self.optimizer;
        let shapes = [Shape::vector(2)];
        let mut rule = Composed::new(rule, card, run.hyperparameters.clone(), &shapes);
        if let Some(wrapper) = self.wrapper {
            let around: &dyn Wrap<f64> = wrapper;
            rule = rule.wrapped(around, wrapper.card(), run.around.clone());
        }
        path(rule, objective, (run.start, run.learning_rate))
    }

    fn packed(&self, objective: &LandscapeObjective, runs: &[Setting]) -> Path<Lanes> {
        let pack = |value: &dyn Fn(&Setting) -> f64| -> Lanes {
            Lanes(std::array::from_fn(|lane| value(&runs[lane])))
        };
        let card = self.optimizer.card();
        let hyperparameters = (0..card.hyperparameters.len())
            .map(|index| pack(&|run| run.hyperparameters[index]))
            .collect();
        let rule: &dyn UpdateRule<Lanes> = self.optimizer;
        let mut rule = Composed::new(rule, card, hyperparameters, &[Shape::vector(2)]);
        if let Some(wrapper) = self.wrapper {
            let around: &dyn Wrap<Lanes> = wrapper;
            let settings = (0..wrapper.card().settings.len())
                .map(|index| pack(&|run| run.around[index]))
                .collect();
            rule = rule.wrapped(around, wrapper.card(), settings);
        }
        let start = [pack(&|run| run.start[0]), pack(&|run| run.start[1])];
        path(rule, objective, (start, pack(&|run| run.learning_rate)))
    }
}

/// The same bits, or both not a number: which NaN an operation gives is not specified.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

fn first_difference(packed: &Path<Lanes>, lane: usize, alone: &Path<f64>) -> Option<String> {
    packed
        .iter()
        .zip(alone)
        .enumerate()
        .find_map(|(k, (p, a))| {
            let lanes = p.map(|value| value.0[lane]);
            let equal = lanes.iter().zip(a).all(|(&x, &y)| same(x, y));
            (!equal).then(|| format!("lane {lane}, step {k}: {lanes:?} against {a:?}"))
        })
}

fn objective(landscape: &'static dyn Landscape) -> LandscapeObjective {
    LandscapeObjective {
        landscape: landscape.into(),
        noise: 0.0,
        draws: Noise::new(0),
    }
}

fn compare(contender: &Contender, landscape: &'static dyn Landscape) {
    let runs = settings(contender, landscape);
    let objective = objective(landscape);
    let packed = contender.packed(&objective, &runs);
    for (lane, run) in runs.iter().enumerate() {
        let alone = contender.alone(&objective, run);
        assert_eq!(alone.len(), packed.len());
        if let Some(difference) = first_difference(&packed, lane, &alone) {
            let rule = contender.optimizer.card().id;
            let around = contender.wrapper.map(|wrapper| wrapper.card().id);
            panic!("{:?}: {difference}", (rule, around, landscape.card().id));
        }
    }
}

fn bare(optimizer: &'static dyn Optimizer) -> Contender {
    Contender {
        optimizer,
        wrapper: None,
    }
}

#[test]
fn every_rule_gives_the_same_bits_packed_as_alone() {
    for optimizer in OPTIMIZERS {
        for id in ["himmelblau", "rosenbrock", "beale"] {
            compare(&bare(*optimizer), landscapes::find(id).unwrap());
        }
    }
}

#[test]
fn every_wrapper_gives_the_same_bits_packed_as_alone() {
    for wrapper in WRAPPERS {
        for id in ["momentum", "adam", "lbfgs", "newton"] {
            let contender = Contender {
                optimizer: optimizers::find(id).unwrap(),
                wrapper: Some(*wrapper),
            };
            compare(&contender, landscapes::find("rosenbrock").unwrap());
        }
    }
}

#[test]
fn every_landscape_gives_the_same_bits_packed_as_alone() {
    for landscape in LANDSCAPES {
        for id in ["sgd", "momentum", "adam"] {
            compare(&bare(optimizers::find(id).unwrap()), *landscape);
        }
    }
}

#[test]
fn the_eight_runs_differ_some_diverge_and_some_do_not() {
    let sgd = bare(optimizers::find("sgd").unwrap());
    let rosenbrock = landscapes::find("rosenbrock").unwrap();
    let runs = settings(&sgd, rosenbrock);
    let objective = objective(rosenbrock);
    let packed = sgd.packed(&objective, &runs);
    let last = packed.last().unwrap()[2].0;
    assert!(last.iter().any(|loss| !loss.is_finite()), "{last:?}");
    assert!(last.iter().any(|loss| loss.is_finite()), "{last:?}");
    for lane in 1..LANES {
        let other = sgd.alone(&objective, &runs[lane - 1]);
        assert!(first_difference(&packed, lane, &other).is_some());
    }
}
