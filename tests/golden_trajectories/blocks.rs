//! Rules and wrappers on several blocks of parameters.

use super::{Walk, agrees, golden, read};
use descent_lab::experiment::{RunSpec, WrapperSpec};
use descent_lab::numbers::recorded::{Binary, Operation, Unary, record};
use descent_lab::numbers::{Real, Recorded, Scalar};
use descent_lab::objective::Function;
use descent_lab::optimizers::{
    self, Composed, OPTIMIZERS, Probe, Scope, Shape, Step, UpdateRule, wrappers,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A bowl along the axes: Σ curvature·(w − minimum)²/2.
#[derive(Deserialize)]
struct Bowl {
    curvature: Vec<f64>,
    minimum: Vec<f64>,
    start: Vec<f64>,
}

/// Rules over all blocks at once on a bowl whose parameters lie in two blocks.
#[derive(Deserialize)]
struct TwoBlocks {
    #[serde(flatten)]
    bowl: Bowl,
    learning_rate: f64,
    inverse_time_decay: f64,
    cases: Vec<Case>,
}

/// Rules and wrappers on a bowl whose parameters lie in matrices and vectors.
#[derive(Deserialize)]
struct Matrices {
    #[serde(flatten)]
    bowl: Bowl,
    shapes: Vec<Vec<usize>>,
    cases: Vec<RatedCase>,
}

#[derive(Deserialize)]
struct Case {
    optimizer: String,
    hyperparameters: BTreeMap<String, f64>,
    #[serde(default)]
    wrappers: Vec<serde_json::Value>,
    /// All parameters; the file says after how many updates each.
    rows: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct RatedCase {
    #[serde(flatten)]
    case: Case,
    learning_rate: f64,
    inverse_time_decay: f64,
}

impl Case {
    fn run(&self) -> RunSpec {
        RunSpec {
            hyperparameters: self.hyperparameters.clone(),
            wrappers: self.wrappers.iter().map(wrapper).collect(),
            ..RunSpec::new(&self.optimizer)
        }
    }
}

/// A wrapper as the golden files write it; what they leave open takes the card's default.
pub fn wrapper(json: &serde_json::Value) -> WrapperSpec {
    let mut json = json.clone();
    for settings in json.as_object_mut().unwrap().values_mut() {
        if let Some(settings) = settings.as_object_mut() {
            settings.retain(|_, value| !value.is_null());
        }
    }
    serde_json::from_value(json).unwrap()
}

impl Function<f64> for Bowl {
    fn value(&self, at: &[f64]) -> f64 {
        let term = |i: usize| 0.5 * self.curvature[i] * (at[i] - self.minimum[i]).powi(2);
        (0..at.len()).map(term).sum()
    }

    fn gradient(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        for (i, g) in gradient.iter_mut().enumerate() {
            *g = self.curvature[i] * (at[i] - self.minimum[i]);
        }
        self.value(at)
    }

    fn hessian(&self, at: &[f64], rows: &mut [f64]) {
        rows.fill(0.0);
        for i in 0..at.len() {
            rows[i * at.len() + i] = self.curvature[i];
        }
    }
}

impl Bowl {
    /// The first parameters, as many as the shapes hold, after 0, 1, … `updates` updates; with
    /// averaged iterates what is shown.
    fn path(
        &self,
        run: &RunSpec,
        shapes: &[Shape],
        (rate, decay): (f64, f64),
        updates: u64,
    ) -> Vec<Vec<f64>> {
        let mut walk = Walk::new(run, shapes);
        let count = shapes.iter().map(|shape| shape.size()).sum();
        let mut at = self.start[..count].to_vec();
        let mut rows = vec![at.clone()];
        for number in 1..=updates {
            walk.step(self, number, rate / (1.0 + decay * number as f64), &mut at);
            rows.push(walk.0.shown().unwrap_or(&at).to_vec());
        }
        rows
    }
}

fn first_difference(found: &[Vec<f64>], expected: &[Vec<f64>]) -> Option<String> {
    assert_eq!(found.len(), expected.len());
    let pairs = found.iter().zip(expected).enumerate();
    pairs
        .filter(|(_, (found, expected))| {
            found.len() != expected.len()
                || found.iter().zip(*expected).any(|(&a, &b)| !agrees(a, b))
        })
        .map(|(row, (found, expected))| format!("row {row}: {found:?} for {expected:?}"))
        .next()
}

/// The reference ran on two blocks; here they are one block after the other in one vector.
#[test]
fn rules_over_all_blocks_follow_their_reference_on_two_blocks() {
    let golden: TwoBlocks = read(&golden("all_blocks.json"));
    let rates = (golden.learning_rate, golden.inverse_time_decay);
    for case in &golden.cases {
        let updates = 10 * (case.rows.len() as u64 - 1);
        let path = |count: usize| {
            let shapes = [Shape::vector(2), Shape::vector(count - 2)];
            let path = golden.bowl.path(&case.run(), &shapes, rates, updates);
            path.into_iter().step_by(10).collect::<Vec<_>>()
        };
        let found = path(golden.bowl.start.len());
        if let Some(difference) = first_difference(&found, &case.rows) {
            panic!("{}: {difference}", case.optimizer);
        }
        // What the second block does matters to the first.
        let [alone, together] = [&path(2), &found].map(|rows| rows.last().unwrap()[0]);
        assert!(!agrees(alone, together), "{}", case.optimizer);
    }
}

fn shapes(golden: &Matrices) -> Vec<Shape> {
    let shape = |sides: &Vec<usize>| match sides[..] {
        [length] => Shape::vector(length),
        [rows, columns] => Shape::matrix(rows, columns),
        _ => panic!("{sides:?}"),
    };
    golden.shapes.iter().map(shape).collect()
}

#[test]
fn rules_and_wrappers_follow_their_references_on_matrices_and_vectors() {
    let golden: Matrices = read(&golden("blocks.json"));
    let shapes = shapes(&golden);
    for (index, rated) in golden.cases.iter().enumerate() {
        let case = &rated.case;
        let rates = (rated.learning_rate, rated.inverse_time_decay);
        let updates = case.rows.len() as u64 - 1;
        let found = golden.bowl.path(&case.run(), &shapes, rates, updates);
        if let Some(difference) = first_difference(&found, &case.rows) {
            panic!("case {index}, {}: {difference}", case.optimizer);
        }
    }
}

/// Rules over all blocks without a reference on blocks: on a bowl along the axes Newton's first
/// step is the whole way, conjugate gradients need about as many steps as there are curvatures,
/// and the rules over the Hessian's diagonal treat every parameter as if it were alone.
#[test]
fn rules_over_all_blocks_know_every_block() {
    let golden: Matrices = read(&golden("blocks.json"));
    let shapes = shapes(&golden);
    let bowl = &golden.bowl;
    let missed = |at: &[f64]| {
        let way = at.iter().zip(&bowl.minimum).map(|(w, c)| (w - c).abs());
        way.fold(0.0, f64::max)
    };
    let path = |id: &str, shapes: &[Shape], rate: f64, updates: u64| {
        bowl.path(&RunSpec::new(id), shapes, (rate, 0.0), updates)
    };
    assert!(missed(&path("newton", &shapes, 1.0, 1)[1]) < 1e-14);
    assert!(missed(&path("conjugate_gradient", &shapes, 1.0, 40)[40]) < 1e-6);
    for id in ["adahessian", "sophia"] {
        let whole = path(id, &shapes, 0.05, 30);
        let alone = path(id, &shapes[..1], 0.05, 30);
        let first = whole.iter().map(|row| row[..6].to_vec());
        assert_eq!(first.collect::<Vec<_>>(), alone, "{id}");
        assert!(missed(&whole[30]) < missed(&whole[0]), "{id}");
    }
    let covered = |id: &str| {
        let two: TwoBlocks = read(&super::golden("all_blocks.json"));
        let by_hand = ["newton", "conjugate_gradient", "adahessian", "sophia"];
        let rated = golden.cases.iter().map(|rated| &rated.case);
        let has = rated.chain(&two.cases).any(|case| case.optimizer == id);
        has || by_hand.contains(&id)
    };
    for card in OPTIMIZERS.iter().map(|rule| rule.card()) {
        if card.scope == Scope::AllBlocks {
            assert!(covered(card.id), "{} on several blocks", card.id);
        }
    }
    let on_blocks = ["ClipNorm", "ClipValue", "Lookahead", "Averaged", "Sam"];
    for id in on_blocks {
        let wraps = |case: &RatedCase| {
            let mut around = case.case.wrappers.iter();
            around.any(|json| wrapper(json).card().id == id)
        };
        assert!(
            wrappers::find(id).is_some() && golden.cases.iter().any(wraps),
            "{id}"
        );
    }
}

/// Nobody who records these rules' steps asks the objective.
struct Silent;

impl Probe<Recorded> for Silent {
    fn value(&self, _: &[Recorded]) -> Recorded {
        panic!("it was not to be asked")
    }

    fn gradient(&self, _: &[Recorded], _: &mut [Recorded]) -> Recorded {
        panic!("it was not to be asked")
    }

    fn hessian(&self, _: &[Recorded], _: &mut [Recorded]) {
        panic!("it was not to be asked")
    }

    fn hessian_diagonal(&self, _: &[Recorded], _: &mut [Recorded]) {
        panic!("it was not to be asked")
    }

    fn sampled_hessian_diagonal(&self, _: &[Recorded], _: &mut [Recorded]) {
        panic!("it was not to be asked")
    }
}

/// What a noted operation gives when it is worked out again.
fn worked_out_again(operation: &Operation) -> Option<f64> {
    Some(match *operation {
        Operation::Given(_) => return None,
        Operation::Named(_, x) => x.to_f64(),
        Operation::Unary(function, x) => match (function, x.to_f64()) {
            (Unary::Negation, x) => -x,
            (Unary::SquareRoot, x) => x.sqrt(),
            (Unary::Square, x) => x * x,
            (Unary::Absolute, x) => x.abs(),
            (Unary::Sign, x) => x.sign(),
            (Unary::Function(_), _) => return None,
        },
        Operation::Binary(operation, a, b) => match (operation, a.to_f64(), b.to_f64()) {
            (Binary::Sum, a, b) => a + b,
            (Binary::Difference, a, b) => a - b,
            (Binary::Product, a, b) => a * b,
            (Binary::Quotient, a, b) => a / b,
            (Binary::Power, a, b) => a.power(b),
            (Binary::Larger, a, b) => a.larger(b),
            (Binary::Smaller, a, b) => a.smaller(b),
        },
    })
}

/// Rules that want a matrix, or treat one differently, cannot be explained on a landscape. On a
/// matrix and a vector their recorded steps are the plain ones to the last bit, in parameters and
/// memory, and every noted operation gives its number again.
#[test]
fn rules_of_matrices_are_recorded_to_the_last_bit() {
    let golden: Matrices = read(&golden("blocks.json"));
    let shapes = [Shape::matrix(2, 3), Shape::vector(2)];
    let bowl = &golden.bowl;
    for id in ["muon", "adafactor"] {
        let rule = optimizers::find(id).unwrap();
        let card = rule.card();
        let settings: Vec<f64> = card.hyperparameters.iter().map(|h| h.default).collect();
        let recorded_rule: &'static dyn UpdateRule<Recorded> = rule;
        let given = settings.iter().map(|&value| Recorded::constant(value));
        let mut recorded = Composed::new(recorded_rule, card, given.collect(), &shapes);
        let mut plain = Walk::new(&RunSpec::new(id), &shapes);
        let mut at = bowl.start[..8].to_vec();
        for number in 1..=6 {
            let mut slope = vec![0.0; at.len()];
            let loss = bowl.gradient(&at, &mut slope);
            let (end, record) = record(|| {
                let name = |symbol: &'static str, values: &[f64]| -> Vec<Recorded> {
                    let values = values.iter().enumerate();
                    let named = |(i, &value)| Recorded::given(symbol, Some(i), value);
                    values.map(named).collect()
                };
                let mut end = name("θ", &at);
                let gradient = name("g", &slope);
                let now = Step {
                    number,
                    learning_rate: Recorded::given("α", None, 0.02),
                    loss: Recorded::constant(loss),
                    gradient: &gradient,
                    hyperparameters: &[],
                    shapes: &[],
                    objective: &Silent,
                };
                recorded.step(&now, &mut end);
                end
            });
            plain.step(bowl, number, 0.02, &mut at);
            let bits = |x: f64| x.to_bits();
            let ends: Vec<u64> = end.iter().map(|w| bits(w.to_f64())).collect();
            assert_eq!(
                ends,
                at.iter().copied().map(bits).collect::<Vec<_>>(),
                "{id}"
            );
            let memory = recorded.numbers().into_iter().map(|x| bits(x.to_f64()));
            let of_plain = plain.0.numbers().into_iter().map(bits);
            assert!(memory.eq(of_plain), "{id} at {number}");
            assert!(!record.notes().is_empty());
            for note in record.notes() {
                let again = worked_out_again(&note.operation);
                let agrees = again.is_none_or(|again| agrees(again, note.value));
                assert!(agrees, "{id}: {note:?}");
            }
        }
    }
}
