//! Every rule finds the bottom of a bowl, and the end of Rosenbrock's valley.

use super::walker::{Bowl, Walker};
use descent_lab::landscapes;
use descent_lab::numbers::Noise;
use descent_lab::objective::{Function, LandscapeObjective};
use descent_lab::optimizers::OPTIMIZERS;

/// Rates at which each rule, with its card's hyperparameters, ends within 3·10⁻² of the minimum
/// after 10,000 steps, as optax asks of its own: on w1² + w2² from (−1, 1), and in Rosenbrock's
/// valley from (0, 0). None where it doesn't, and [`STRAYS`] says why.
const RATES: [(&str, f64, Option<f64>); 46] = [
    ("sgd", 0.1, Some(0.0018)),
    ("asgd", 0.1, Some(0.0018)),
    ("polyak_sgd", 1.0, Some(1.0)),
    ("schedule_free_sgd", 0.1, Some(0.018)),
    ("momentum", 0.01, Some(0.001)),
    ("nesterov", 0.01, Some(0.0005)),
    ("qhm", 0.1, Some(0.003)),
    ("aggmo", 0.001, Some(0.0005)),
    ("adagrad", 0.1, Some(0.1)),
    ("adadelta", 1.0, Some(0.05)),
    ("rmsprop", 0.01, Some(0.002)),
    ("adam", 0.01, Some(0.01)),
    ("adamw", 0.01, Some(0.01)),
    ("amsgrad", 0.01, Some(0.01)),
    ("adamax", 0.01, Some(0.05)),
    ("nadam", 0.01, Some(0.01)),
    ("radam", 0.01, Some(0.01)),
    ("adabelief", 0.01, Some(0.01)),
    ("yogi", 0.01, Some(0.05)),
    ("qhadam", 0.01, Some(0.01)),
    ("adan", 0.01, Some(0.05)),
    ("adopt", 0.01, Some(0.01)),
    ("ademamix", 0.01, Some(0.02)),
    ("adabound", 0.01, Some(0.01)),
    ("madgrad", 0.1, Some(0.0003)),
    ("schedule_free_adamw", 0.01, Some(0.02)),
    ("signsgd", 0.01, None),
    ("signum", 0.01, Some(0.001)),
    ("lion", 0.001, Some(0.002)),
    ("rprop", 0.01, Some(0.01)),
    ("lars", 1.0, Some(1.0)),
    ("lamb", 0.01, Some(0.003)),
    ("fromage", 0.01, Some(0.01)),
    ("adafactor", 0.01, Some(0.005)),
    ("muon", 0.01, Some(0.01)),
    ("novograd", 0.001, Some(0.001)),
    ("dog", 1.0, Some(0.5)),
    ("dadapt_adamw", 1.0, Some(0.1)),
    ("prodigy", 0.1, Some(0.05)),
    ("cocob", 1.0, None),
    ("adahessian", 0.01, Some(1.0)),
    ("sophia", 0.01, Some(0.02)),
    ("newton", 1.0, Some(1.0)),
    ("lbfgs", 1.0, Some(1.0)),
    ("conjugate_gradient", 1.0, Some(1.0)),
    ("nelder_mead", 1.0, Some(1.0)),
];

/// Rules that don't reach the end of the valley, and why.
const STRAYS: [(&str, &str); 2] = [
    (
        "signsgd",
        "both parameters always move the same way far, which the curved valley doesn't allow: it \
         crosses from side to side and creeps",
    ),
    (
        "cocob",
        "its bet grows with the largest gradient seen, and the steep walls of the valley keep it \
         from staying on the flat floor",
    ),
];

/// AdaBound ends as gradient descent at its final rate, and 0.1 is fifty times what the valley's
/// curvature of about 1,000 allows.
fn given(id: &str) -> &'static [(&'static str, f64)] {
    if id == "adabound" {
        &[("final_lr", 0.001)]
    } else {
        &[]
    }
}

fn distance_after(
    id: &str,
    rate: f64,
    function: &dyn Function<f64>,
    start: [f64; 2],
    end: [f64; 2],
) -> f64 {
    let mut walker = Walker::new(id, given(id), start);
    for _ in 0..10_000 {
        walker.descend(function, rate);
    }
    (0..2)
        .map(|i| (walker.at[i] - end[i]).abs())
        .fold(0.0, f64::max)
}

#[test]
fn every_rule_finds_the_bottom_of_a_bowl() {
    let tabled: Vec<_> = RATES.iter().map(|(id, _, _)| *id).collect();
    let catalogue: Vec<_> = OPTIMIZERS.iter().map(|rule| rule.card().id).collect();
    assert_eq!(tabled, catalogue);
    for (id, rate, _) in RATES {
        let distance = distance_after(id, rate, &Bowl, [-1.0, 1.0], [0.0, 0.0]);
        assert!(distance < 3e-2, "{id} at {rate}: {distance}");
    }
}

#[test]
fn every_rule_reaches_the_end_of_rosenbrocks_valley_or_says_why_not() {
    let valley = LandscapeObjective {
        landscape: landscapes::find("rosenbrock").unwrap().into(),
        noise: 0.0,
        draws: Noise::new(0),
    };
    for (id, _, rate) in RATES {
        let why = STRAYS.iter().find(|(stray, _)| *stray == id);
        assert!(
            rate.is_none() == why.is_some_and(|(_, why)| !why.is_empty()),
            "{id}"
        );
        let Some(rate) = rate else { continue };
        let distance = distance_after(id, rate, &valley, [0.0, 0.0], [1.0, 1.0]);
        assert!(distance < 3e-2, "{id} at {rate}: {distance}");
    }
}
