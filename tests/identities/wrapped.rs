//! Where a wrapped rule is another rule, or itself.

use super::{START, close, noise, rosenbrock};
use descent_lab::experiment::{RunSpec, WrapperSpec};
use descent_lab::numbers::Noise;
use descent_lab::objective::{Asked, Function};
use descent_lab::optimizers::wrappers::{self, WRAPPERS};
use descent_lab::optimizers::{self, Composed, OPTIMIZERS, Shape, Step, UpdateRule};

/// Rosenbrock's valley, as far as these tests ask.
pub(super) struct Valley;

impl Function<f64> for Valley {
    fn value(&self, at: &[f64]) -> f64 {
        (1.0 - at[0]).powi(2) + 100.0 * (at[1] - at[0] * at[0]).powi(2)
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&rosenbrock([at[0], at[1]]));
        self.value(at)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        let (x, y) = (at[0], at[1]);
        let across = -400.0 * x;
        rows.copy_from_slice(&[2.0 - 400.0 * (y - 3.0 * x * x), across, across, 200.0]);
    }
}

pub(super) fn around(id: &str, settings: &[f64]) -> WrapperSpec {
    let mut spec = WrapperSpec::new(wrappers::find(id).unwrap());
    assert_eq!(spec.settings.len(), settings.len());
    spec.settings.copy_from_slice(settings);
    spec
}

/// The path of a rule with its wrappers; `gradient` may be told the number of the update.
fn path(
    id: &str,
    wrappers: &[WrapperSpec],
    rate: f64,
    gradient: impl Fn(u64, [f64; 2]) -> [f64; 2],
) -> Vec<[f64; 2]> {
    let rule = optimizers::find(id).unwrap();
    let card = rule.card();
    let run = RunSpec::new(id);
    let settings = card.hyperparameters.iter().map(|h| run.value(h)).collect();
    let update: &dyn UpdateRule<f64> = rule;
    let mut rule = Composed::new(update, card, settings, &[Shape::vector(2)]);
    for spec in wrappers {
        rule = rule.wrapped(spec.wrapper, spec.card(), spec.settings.clone());
    }
    let mut at = START;
    let step = |number| {
        let slope = gradient(number, at);
        let sign = |index| Noise::new(1).sign(number, index);
        let now = Step {
            number,
            learning_rate: rate,
            loss: Valley.value(&at),
            gradient: &slope,
            hyperparameters: &[],
            shapes: &[],
            objective: &Asked::new(&Valley, &|_| (), &sign),
        };
        rule.step(&now, &mut at);
        at
    };
    (1..=200).map(step).collect()
}

fn down_the_valley(_: u64, at: [f64; 2]) -> [f64; 2] {
    rosenbrock(at)
}

fn by_noise(number: u64, _: [f64; 2]) -> [f64; 2] {
    noise(number)
}

/// What both paths have in common is every bit, as long as no gradient comes near what a wrapper
/// with the widest limits clips.
fn assert_same_bits(id: &str, wrappers: &[WrapperSpec]) {
    let bits = |wrappers: &[WrapperSpec]| -> Vec<u64> {
        let path = path(id, wrappers, 1e-3, down_the_valley);
        let near = path.iter().flatten().take_while(|w| w.abs() < 1e90);
        near.map(|w| w.to_bits()).collect()
    };
    assert!(bits(&[]).len() > 2, "{id}");
    assert_eq!(bits(&[]), bits(wrappers), "{id}");
}

#[test]
fn lookahead_of_one_whole_step_is_its_inner_rule() {
    for rule in OPTIMIZERS {
        assert_same_bits(rule.card().id, &[around("Lookahead", &[1.0, 1.0])]);
    }
}

#[test]
fn wrappers_that_do_nothing_change_no_bit() {
    let idle = [
        around("ClipNorm", &[1e300]),
        around("ClipValue", &[1e300]),
        around("L2", &[0.0]),
        around("DecoupledDecay", &[0.0]),
        around("Averaged", &[0.0, 0.0]),
    ];
    for rule in OPTIMIZERS {
        assert_same_bits(rule.card().id, &idle);
    }
}

#[test]
fn adam_with_decoupled_decay_is_adamw() {
    let adamw = path("adamw", &[], 0.01, by_noise);
    let adam = path("adam", &[around("DecoupledDecay", &[0.01])], 0.01, by_noise);
    for (one, other) in adamw.iter().zip(&adam) {
        assert!(
            (0..2).all(|i| close(one[i], other[i])),
            "{one:?}, {other:?}"
        );
    }
}

/// On J + ½λ‖θ‖² Newton's method goes where the penalised slope vanishes, so a wrapper reaches
/// what the rule asks by itself too.
#[test]
fn the_penalty_is_part_of_what_a_rule_asks() {
    for id in ["newton", "lbfgs", "conjugate_gradient", "nelder_mead"] {
        let path = path(id, &[around("L2", &[0.5])], 1.0, down_the_valley);
        let end = path[199];
        let slope = rosenbrock(end);
        for i in 0..2 {
            let penalised = slope[i] + 0.5 * end[i];
            assert!(penalised.abs() < 1e-4, "{id}: {penalised} at {end:?}");
        }
    }
}

/// The wrapper nearer the rule acts last on the gradient: clipped by value and then by norm, or
/// the other way round.
#[test]
fn the_outermost_wrapper_acts_first() {
    let (value, norm) = (around("ClipValue", &[3.0]), around("ClipNorm", &[1.0]));
    let first = |wrappers: &[WrapperSpec]| path("sgd", wrappers, 1.0, |_, _| [-30.0, -4.0])[0];
    let step = |at: [f64; 2]| [at[0] - START[0], at[1] - START[1]];
    // (30, 4) → (3, 3) → (1, 1)/√2.
    let [x, y] = step(first(&[norm.clone(), value.clone()]));
    assert!(
        close(x, 0.5_f64.sqrt()) && close(y, 0.5_f64.sqrt()),
        "{x} {y}"
    );
    // (30, 4) → (30, 4)/√916, whose components are below 3.
    let [x, y] = step(first(&[value, norm]));
    assert!(close(x, 30.0 / 916.0_f64.sqrt()) && close(y, 4.0 / 916.0_f64.sqrt()));
}

#[test]
fn every_wrapper_has_a_whole_card() {
    for (index, card) in WRAPPERS.iter().map(|wrapper| wrapper.card()).enumerate() {
        assert!(
            WRAPPERS[..index]
                .iter()
                .all(|other| other.card().id != card.id)
        );
        let formula = card.formula.join("\n");
        assert!(
            !card.about.is_empty() && !card.settings.is_empty(),
            "{}",
            card.id
        );
        assert!(
            card.is_positional <= (card.settings.len() == 1),
            "{}",
            card.id
        );
        for setting in card.settings {
            assert!(
                formula.contains(setting.symbol),
                "{}: {}",
                card.id,
                setting.symbol
            );
            assert!(setting.domain.contains(setting.default), "{}", card.id);
        }
    }
}
