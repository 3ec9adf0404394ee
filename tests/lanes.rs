//! Eight runs packed in one number equal the same eight runs alone, bit for bit.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a failure is a panic, in its helper functions too"
)]

use descent_lab::landscapes::{self, LANDSCAPES, Landscape};
use descent_lab::numbers::{Lanes, Real};
use descent_lab::optimizers::{self, Hyperparameter, Memory, OPTIMIZERS, Optimizer, Scale, Step};

const LANES: usize = 8;
const STEPS: u64 = 200;

/// Where a run begins and how it is set.
struct Setting {
    start: [f64; 2],
    learning_rate: f64,
    hyperparameters: Vec<f64>,
}

/// The state after each step: both parameters, the loss and the gradient.
type Path<R> = Vec<[R; 5]>;

/// Eight runs that differ in everything. Starts spread over the landscape's range, and rates
/// over decades, so that some runs settle and some diverge.
fn settings(optimizer: &dyn Optimizer, landscape: &dyn Landscape) -> Vec<Setting> {
    let [(left, right), (low, high)] = landscape.card().range;
    (0..LANES)
        .map(|lane| {
            let share = (lane as f64 + 0.5) / LANES as f64;
            let hyperparameters = optimizer.card().hyperparameters.iter();
            Setting {
                start: [
                    left + share * (right - left),
                    high - share * share * (high - low),
                ],
                learning_rate: 1e-6 * 7.0_f64.powi(lane as i32),
                hyperparameters: hyperparameters.map(|h| vary(h, lane)).collect(),
            }
        })
        .collect()
}

/// A value near the default and in the domain; flags alternate.
fn vary(hyperparameter: &Hyperparameter, lane: usize) -> f64 {
    if hyperparameter.scale == Scale::Flag {
        return (lane % 2) as f64;
    }
    let up = hyperparameter.default + 0.01 * lane as f64;
    let down = hyperparameter.default * (1.0 - 0.01 * lane as f64);
    if hyperparameter.domain.contains(up) {
        up
    } else {
        down
    }
}

fn path<R: Real>(
    step: impl Fn(&Step<'_, R>, &mut [R], &mut Memory<R>),
    gradient: impl Fn([R; 2]) -> (R, [R; 2]),
    memory: Memory<R>,
    (start, learning_rate, hyperparameters): ([R; 2], R, &[R]),
) -> Path<R> {
    let mut parameters = start;
    let mut memory = memory;
    let mut path = Vec::new();
    for number in 1..=STEPS {
        let (loss, slope) = gradient(parameters);
        path.push([parameters[0], parameters[1], loss, slope[0], slope[1]]);
        let now = Step {
            number,
            learning_rate,
            gradient: &slope,
            hyperparameters,
        };
        step(&now, &mut parameters, &mut memory);
    }
    path
}

fn alone(optimizer: &dyn Optimizer, landscape: &dyn Landscape, run: &Setting) -> Path<f64> {
    path::<f64>(
        |now, parameters, memory| optimizer.step(now, parameters, memory),
        |at| landscapes::gradient::<f64>(landscape, at),
        Memory::new(optimizer.card(), 2),
        (run.start, run.learning_rate, &run.hyperparameters),
    )
}

fn packed(optimizer: &dyn Optimizer, landscape: &dyn Landscape, runs: &[Setting]) -> Path<Lanes> {
    let pack = |value: &dyn Fn(&Setting) -> f64| -> Lanes {
        Lanes(std::array::from_fn(|lane| value(&runs[lane])))
    };
    let hyperparameters: Vec<_> = (0..optimizer.card().hyperparameters.len())
        .map(|index| pack(&|run| run.hyperparameters[index]))
        .collect();
    let start = [pack(&|run| run.start[0]), pack(&|run| run.start[1])];
    path::<Lanes>(
        |now, parameters, memory| optimizer.step(now, parameters, memory),
        |at| landscapes::gradient::<Lanes>(landscape, at),
        Memory::new(optimizer.card(), 2),
        (start, pack(&|run| run.learning_rate), &hyperparameters),
    )
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

fn compare(optimizer: &dyn Optimizer, landscape: &dyn Landscape) {
    let runs = settings(optimizer, landscape);
    let packed = packed(optimizer, landscape, &runs);
    for (lane, run) in runs.iter().enumerate() {
        let alone = alone(optimizer, landscape, run);
        assert_eq!(alone.len(), packed.len());
        if let Some(difference) = first_difference(&packed, lane, &alone) {
            let names = (optimizer.card().id, landscape.card().id);
            panic!("{names:?}: {difference}");
        }
    }
}

#[test]
fn every_rule_gives_the_same_bits_packed_as_alone() {
    for optimizer in OPTIMIZERS {
        for id in ["himmelblau", "rosenbrock", "beale"] {
            compare(*optimizer, landscapes::find(id).unwrap());
        }
    }
}

#[test]
fn every_landscape_gives_the_same_bits_packed_as_alone() {
    for landscape in LANDSCAPES {
        for id in ["sgd", "momentum", "adam"] {
            compare(optimizers::find(id).unwrap(), *landscape);
        }
    }
}

#[test]
fn the_eight_runs_differ_some_diverge_and_some_do_not() {
    let (sgd, rosenbrock) = (
        optimizers::find("sgd").unwrap(),
        landscapes::find("rosenbrock").unwrap(),
    );
    let runs = settings(sgd, rosenbrock);
    let packed = packed(sgd, rosenbrock, &runs);
    let last = packed.last().unwrap()[2].0;
    assert!(last.iter().any(|loss| !loss.is_finite()), "{last:?}");
    assert!(last.iter().any(|loss| loss.is_finite()), "{last:?}");
    for lane in 1..LANES {
        let other = alone(sgd, rosenbrock, &runs[lane - 1]);
        assert!(first_difference(&packed, lane, &other).is_some());
    }
}
