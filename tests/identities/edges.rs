//! What rules and wrappers do at the edge: slopes of 0, denominators of 0, slopes too steep to
//! square, a rate that begins at 0, and the loss where a wrapper has climbed.

use super::wrapped::{Valley, around};
use super::{START, Walker, close, noise, rosenbrock};
use descent_lab::experiment::{RunSpec, WrapperSpec};
use descent_lab::objective::{Asked, Function};
use descent_lab::optimizers::{
    self, Composed, Hyperparameter, OPTIMIZERS, OptimizerCard, Scale, Shape, Step, UpdateRule,
};

/// The function seen from points moved by `by`.
struct Shifted {
    by: [f64; 2],
}

impl Shifted {
    fn moved(&self, at: &[f64]) -> [f64; 2] {
        [at[0] + self.by[0], at[1] + self.by[1]]
    }
}

impl Function<f64> for Shifted {
    fn value(&self, at: &[f64]) -> f64 {
        Valley.value(&self.moved(at))
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        Valley.gradient(&self.moved(at), gradient)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        Valley.hessian(&self.moved(at), rows);
    }
}

/// The first step of a rule with its wrappers, down a function from the usual start.
fn first_step(
    id: &str,
    wrappers: &[WrapperSpec],
    rate: f64,
    function: &dyn Function<f64>,
) -> [f64; 2] {
    let mut gradient = [0.0; 2];
    let loss = function.gradient(&START, &mut gradient);
    step_by(id, wrappers, (rate, loss), gradient, function)
}

fn step_by(
    id: &str,
    wrappers: &[WrapperSpec],
    (learning_rate, loss): (f64, f64),
    gradient: [f64; 2],
    function: &dyn Function<f64>,
) -> [f64; 2] {
    let rule = optimizers::find(id).unwrap();
    let (card, run) = (rule.card(), RunSpec::new(id));
    let settings = card.hyperparameters.iter().map(|h| run.value(h)).collect();
    let update: &dyn UpdateRule<f64> = rule;
    let mut rule = Composed::new(update, card, settings, &[Shape::vector(2)]);
    for spec in wrappers {
        rule = rule.wrapped(spec.wrapper, spec.card(), spec.settings.clone());
    }
    let mut at = START;
    let now = Step {
        number: 1,
        learning_rate,
        loss,
        gradient: &gradient,
        hyperparameters: &[],
        shapes: &[],
        objective: &Asked::new(function, &|_| (), &|_| 1.0),
    };
    rule.step(&now, &mut at);
    at
}

/// SAM's rule goes down J seen from the climbed point: loss, gradient and whatever it asks are
/// those of one function.
#[test]
fn sam_shows_its_rule_one_function() {
    let radius = 0.05;
    let slope = rosenbrock(START);
    let length = slope[0].hypot(slope[1]);
    let climbed = Shifted {
        by: slope.map(|g| radius * g / length),
    };
    let sam = [around("Sam", &[radius])];
    for id in ["lbfgs", "conjugate_gradient", "polyak_sgd", "newton", "sgd"] {
        let rate = if id == "sgd" { 1e-3 } else { 1.0 };
        let found = first_step(id, &sam, rate, &Valley);
        let expected = first_step(id, &[], rate, &climbed);
        for i in 0..2 {
            let difference = (found[i] - expected[i]).abs();
            assert!(difference < 1e-9, "{id}: {found:?} for {expected:?}");
        }
    }
}

#[test]
fn norms_of_gradients_too_steep_to_square_are_still_norms() {
    let steep = [-3e200, 4e200];
    let clip = [around("ClipNorm", &[1.0])];
    let at = step_by("sgd", &clip, (1.0, 1e300), steep, &Valley);
    assert!(
        close(at[0], START[0] + 0.6) && close(at[1], START[1] - 0.8),
        "{at:?}"
    );
    // SAM climbs by ρ there, and takes the slope of the valley that it finds.
    let at = step_by(
        "sgd",
        &[around("Sam", &[0.5])],
        (1e-3, 1e300),
        steep,
        &Valley,
    );
    let slope = rosenbrock([START[0] - 0.3, START[1] + 0.4]);
    for i in 0..2 {
        let expected = START[i] - 1e-3 * slope[i];
        assert!((at[i] - expected).abs() < 1e-9, "{at:?}");
    }
}

/// A first slope of 0 leaves nothing to remember, so what moves the parameters meanwhile is no
/// step of the rule's own.
#[test]
fn lbfgs_begins_at_the_first_slope() {
    let moved = [-0.5, 1.0];
    let mut waited = Walker::new("lbfgs", &[], START);
    waited.step(1.0, [0.0; 2]);
    assert_eq!(waited.at, START);
    waited.at = moved;
    let mut fresh = Walker::new("lbfgs", &[], moved);
    for update in 1..=5 {
        waited.descend(&Valley, 1.0);
        fresh.descend(&Valley, 1.0);
        assert_eq!(waited.at, fresh.at, "update {update}");
    }
}

fn is_epsilon(h: &Hyperparameter) -> bool {
    h.id.starts_with("epsilon") && !matches!(h.scale, Scale::Flag | Scale::Choice(_))
}

/// What a variant sets, with every ε at 0.
fn without_epsilon(
    card: &'static OptimizerCard,
    variant: &[(&'static str, f64)],
) -> Vec<(&'static str, f64)> {
    let mut given = variant.to_vec();
    given.retain(|(id, _)| !card.hyperparameter(id).is_some_and(is_epsilon));
    let epsilons = card.hyperparameters.iter().filter(|h| is_epsilon(h));
    given.extend(epsilons.map(|h| (h.id, 0.0)));
    given
}

/// A parameter whose slope is 0 has nothing to be divided: it rests, and moves later.
#[test]
fn nothing_over_nothing_is_nothing() {
    for rule in OPTIMIZERS {
        let card = rule.card();
        let mut variants: Vec<_> = card.variants.iter().map(|v| v.settings).collect();
        variants.push(&[]);
        for variant in variants {
            for given in [variant.to_vec(), without_epsilon(card, variant)] {
                let mut walker = Walker::new(card.id, &given, START);
                for _ in 1..=5 {
                    walker.step(0.01, [0.0, 1.0]);
                }
                let at = walker.at;
                assert!(at.iter().all(|w| w.is_finite()), "{}: {given:?}", card.id);
                // What it divides by is what it knew before, so a first slope counts without bounds.
                if card.id == "acprop" {
                    continue;
                }
                for number in 6..=20 {
                    walker.step(0.01, noise(number));
                }
                let is_finite = walker.at.iter().all(|w| w.is_finite());
                assert!(is_finite, "{}: {given:?}, later", card.id);
            }
        }
    }
}

/// A variance that rounding makes negative has no root.
#[test]
fn centred_rmsprop_bears_gradients_that_never_change() {
    for slope in [0.1, 0.3, 1.0 / 3.0, 0.7, 1e-5, 123.456] {
        let mut walker = Walker::new("rmsprop", &[("centered", 1.0)], START);
        for number in 1..=2000 {
            walker.step(1e-3, [slope, -slope]);
            assert!(
                walker.at.iter().all(|w| w.is_finite()),
                "{slope} at update {number}"
            );
        }
    }
}
