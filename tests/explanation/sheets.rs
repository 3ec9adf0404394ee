//! The lines themselves: worked out again from their texts they give their results.

use super::{experiment, fits};
use descent_lab::analysis::explanation::{self, Expression, Line, Show};
use descent_lab::experiment::RunSpec;
use descent_lab::numbers::Real;
use descent_lab::numbers::recorded::{Binary, Unary};
use descent_lab::optimizers::OPTIMIZERS;

/// The value of an expression, from the values of its symbols.
fn value(expression: &Expression) -> f64 {
    match expression {
        Expression::Number(value) => *value,
        Expression::Symbol(symbol) => symbol.value,
        Expression::Unary(function, x) => {
            let x = value(x);
            match function {
                Unary::Negation => -x,
                Unary::SquareRoot => x.sqrt(),
                Unary::Square => x * x,
                Unary::Absolute => x.abs(),
                Unary::Sign => x.sign(),
                Unary::Function(name) => panic!("no rule uses {name}"),
            }
        }
        Expression::Binary(operation, a, b) => {
            let (a, b) = (value(a), value(b));
            match operation {
                Binary::Sum => a + b,
                Binary::Difference => a - b,
                Binary::Product => a * b,
                Binary::Quotient => a / b,
                Binary::Power => a.power(b),
                Binary::Larger => a.larger(b),
                Binary::Smaller => a.smaller(b),
            }
        }
    }
}

fn lines(id: &str, step: u64) -> Vec<Line> {
    let experiment = experiment("himmelblau", [1.0, 1.0], 0.0, RunSpec::new(id));
    let of = explanation::explain(&experiment.check().unwrap(), 0, step);
    of.unwrap().lines
}

/// A zero may have lost its sign where an addition of 0 was left out, and a quotient by what is
/// common to several runs is worked out as a product with its reciprocal, which may differ in the
/// last bit.
#[test]
fn every_line_of_every_rule_gives_its_result_when_it_is_worked_out_again() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        for step in [1, 2, 20] {
            for line in lines(rule.card().id, step) {
                for worked in &line.worked {
                    let again = value(&worked.expression);
                    let difference = (again - worked.value).abs();
                    let agrees = again == worked.value || difference <= 1e-12 * again.abs();
                    let (id, symbol) = (rule.card().id, &line.symbol);
                    assert!(agrees, "{id}: {symbol}, {again} for {}", worked.value);
                }
            }
        }
    }
}

/// Every symbol in a line is given, or was worked out in a line before.
#[test]
fn nothing_is_used_before_it_is_known() {
    let given = ["θ", "g", "α", "J"];
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let card = rule.card();
        let lines = lines(card.id, 2);
        for (index, line) in lines.iter().enumerate() {
            for symbol in line
                .worked
                .iter()
                .flat_map(|worked| worked.expression.symbols())
            {
                let name = symbol.name.as_str();
                let settings = card.hyperparameters.iter().map(|h| h.symbol);
                let slots = card.slots.iter().chain(card.scalar_slots);
                let mut known = settings.chain(slots.map(|slot| slot.symbol)).chain(given);
                let is_known = known.any(|known| {
                    let rest = name.strip_prefix(known);
                    rest.is_some_and(|rest| rest.chars().all(|c| !c.is_alphabetic()))
                });
                let is_answer = name.starts_with("H⟨") || name.starts_with("∂²J⟨");
                let is_worked = lines[..=index].iter().any(|line| line.symbol == name);
                assert!(is_known || is_answer || is_worked, "{}: {name}", card.id);
            }
        }
    }
}

/// Names that a rule gives its intermediate results are those of its card's formula.
#[test]
fn named_results_are_on_the_card() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let card = rule.card();
        let formula = card.formula.join("\n");
        for line in lines(card.id, 2) {
            let symbol = line.symbol.split('⟨').next().unwrap();
            // Of a slot with several rows each has its number.
            let symbol =
                symbol.trim_end_matches(|c| ('₀'..='₉').contains(&c) && card.id != "aggmo");
            assert!(formula.contains(symbol), "{}: {symbol}", card.id);
        }
    }
}

#[test]
fn adams_lines_are_those_of_its_card() {
    let lines = lines("adam", 2);
    let text: Vec<_> = lines
        .iter()
        .map(|line| {
            let formula = line.worked[0].expression.text(Show::Names);
            format!("{} {} {formula}", line.symbol, line.sign())
        })
        .collect();
    assert_eq!(
        text,
        [
            "β₁ᵗ ← β₁ᵗ·β₁",
            "β₂ᵗ ← β₂ᵗ·β₂",
            "m ← β₁·m + (1 − β₁)·g",
            "v ← β₂·v + (1 − β₂)·g²",
            "m̂ = m/(1 − β₁ᵗ)",
            "v̂ = v/(1 − β₂ᵗ)",
            "θ ← θ − α·m̂/(√(v̂ + ε_r) + ε)",
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line.worked.len() == 2 || line.symbol.contains('ᵗ'))
    );
}
