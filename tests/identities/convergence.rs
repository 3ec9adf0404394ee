//! Every rule finds the bottom of a bowl, and the end of Rosenbrock's valley.

use super::walker::{Bowl, Walker};
use descent_lab::landscapes;
use descent_lab::numbers::Noise;
use descent_lab::objective::{Function, LandscapeObjective};
use descent_lab::optimizers::OPTIMIZERS;

/// The rates that are tried. A rule must end, at one of them and with its card's hyperparameters,
/// within 3·10⁻² of the minimum after 10,000 steps, as optax asks of its own: on w1² + w2² from
/// (−1, 1), and in Rosenbrock's valley from (0, 0), where [`STRAYS`] says which doesn't and why.
const RATES: [f64; 10] = [1.0, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5];

/// Rules that don't reach the end of the valley, and why.
const STRAYS: [(&str, &str); 3] = [
    (
        "acprop",
        "at (0, 0) nothing slopes along w2 yet, so that the next gradient there is divided by √ŝ of \
         ε's size and throws it far out of the valley",
    ),
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

/// Whether some rate leads from `start` to `end`.
fn arrives(id: &str, function: &dyn Function<f64>, start: [f64; 2], end: [f64; 2]) -> bool {
    RATES.iter().any(|&rate| {
        let mut walker = Walker::new(id, given(id), start);
        for _ in 0..10_000 {
            walker.descend(function, rate);
        }
        (0..2).all(|i| (walker.at[i] - end[i]).abs() < 3e-2)
    })
}

#[test]
fn every_rule_finds_the_bottom_of_a_bowl() {
    for id in OPTIMIZERS.iter().map(|rule| rule.card().id) {
        assert!(arrives(id, &Bowl, [-1.0, 1.0], [0.0, 0.0]), "{id}");
    }
}

#[test]
fn every_rule_reaches_the_end_of_rosenbrocks_valley_or_says_why_not() {
    let valley = LandscapeObjective {
        landscape: landscapes::find("rosenbrock").unwrap().into(),
        noise: 0.0,
        draws: Noise::new(0),
    };
    for id in OPTIMIZERS.iter().map(|rule| rule.card().id) {
        let strays = STRAYS
            .iter()
            .any(|(stray, why)| *stray == id && !why.is_empty());
        let arrives = arrives(id, &valley, [0.0, 0.0], [1.0, 1.0]);
        assert!(arrives != strays, "{id} arrives: {arrives}");
    }
}
