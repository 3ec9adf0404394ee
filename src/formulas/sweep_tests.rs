//! The sweep against derivatives carried forwards.

use super::*;
use crate::numbers::{Dual, Real};
use proptest::prelude::*;

const NAMES: [&str; 4] = ["a", "b", "u", "v"];

fn program(text: &str) -> Program {
    let names = NAMES.iter().enumerate().map(|(i, name)| (*name, i));
    read(text, &Vocabulary::new(names, "a name", "write one")).unwrap()
}

/// Values and the slopes by a and b of every row, from the sweep.
fn swept(text: &str, at: [f64; 2], rows: &[[f64; 2]]) -> (Vec<f64>, Vec<[f64; 2]>) {
    let sweep = Sweep::new(&program(text), 2);
    let mut work = sweep.workspace(&at, rows.len());
    let column = |column: usize, values: &mut [f64]| {
        values
            .iter_mut()
            .zip(rows)
            .for_each(|(value, row)| *value = row[column]);
    };
    let values = sweep.forwards(&mut work, rows.len(), column).to_vec();
    let mut slopes = vec![[0.0; 2]; rows.len()];
    sweep.slopes(&mut work, rows.len(), |parameter, by_row| {
        slopes
            .iter_mut()
            .zip(by_row)
            .for_each(|(slope, by)| slope[parameter] = *by);
    });
    // Taken in with weights, the slopes add up to the gradient.
    let weights: Vec<f64> = (0..rows.len()).map(|row| row as f64 - 1.5).collect();
    sweep.backwards(&mut work, &weights);
    let mut gradient = [0.0; 2];
    sweep.finish(&mut work, &mut gradient);
    for parameter in 0..2 {
        let terms = slopes
            .iter()
            .zip(&weights)
            .map(|(slope, weight)| slope[parameter] * weight);
        let (sum, size) = terms.fold((0.0, 1.0), |(sum, size), t| (sum + t, size + t.abs()));
        let difference = (gradient[parameter] - sum).abs();
        assert!(
            !sum.is_finite() || difference <= 1e-12 * size,
            "{text}: {gradient:?}, {sum}"
        );
    }
    (values, slopes)
}

fn compare(text: &str, at: [f64; 2], rows: &[[f64; 2]]) {
    let (values, slopes) = swept(text, at, rows);
    for ((value, slope), row) in values.iter().zip(&slopes).zip(rows) {
        let [a, b] = Dual::variables(at);
        let [u, v] = row.map(Dual::constant);
        let expected = program(text).value(&[a, b, u, v]);
        let same = |x: f64, y: f64| {
            x.to_bits() == y.to_bits() || (x - y).abs() <= 1e-9 * (1.0 + y.abs()) || !y.is_finite()
        };
        assert!(
            same(*value, expected.value),
            "{text}: {value} against {expected:?}"
        );
        for i in 0..2 {
            assert!(
                same(slope[i], expected.slope[i]),
                "{text} at {at:?}, {row:?}: {slope:?} against {expected:?}"
            );
        }
    }
}

#[test]
fn every_operation_hands_its_slope_down() {
    let rows = [[0.3, -0.7], [1.5, 2.0], [-0.4, 0.9], [0.2, 0.1]];
    for text in [
        "a*u + b*v",
        "a*u^2 + b",
        "b",
        "a - b*u",
        "u - a",
        "u/a + b/v",
        "-(a*u)",
        "(a*u)^3",
        "(a+u)^-2",
        "a^2*b",
        "a*b*u*v + a",
        "sin(a*u) + cos(b)",
        "tan(a)*u",
        "asin(a*u/9)+acos(b*v/9)",
        "atan(a*u+b)",
        "sinh(a)+cosh(b*u)+tanh(a*v)",
        "exp(a*u)",
        "ln(a^2+1)*u",
        "log10(b^2+u^2)",
        "sqrt(a^2+u^2)",
        "abs(a*u)",
        "min(a*u, b*v)",
        "max(a, u)",
        "pow(a^2, u)",
        "(a^2+1)^(b*u)",
        "2*a + 3",
        "u",
        "u*v",
        "5",
    ] {
        compare(text, [0.8, -0.6], &rows);
    }
}

#[test]
fn a_branch_that_is_left_out_hands_nothing_down_however_steep_it_is() {
    for text in [
        "max(max(a, ln(a - a)), a)",
        "max(a, ln(b))",
        "min(a, 1/b)",
        "max(a, -(b^-0.5))",
    ] {
        let (values, slopes) = swept(text, [0.5, 0.0], &[[0.0; 2]]);
        assert_eq!((values[0], slopes[0]), (0.5, [1.0, 0.0]), "{text}");
    }
}

#[test]
fn a_formula_is_linear_in_its_parameters_where_its_form_shows_it() {
    let is_linear = |text: &str| Sweep::new(&program(text), 2).is_linear();
    for text in [
        "a*u^2 + b*sin(v) + 3",
        "(a*u + b)/v - a",
        "u",
        "-(2*a)*u",
        "a^1*u",
    ] {
        assert!(is_linear(text), "{text}");
    }
    for text in ["a*b", "a^2", "exp(a*u)", "u/a", "max(a, u)", "a*(1+b)*u"] {
        assert!(!is_linear(text), "{text}");
    }
}

/// A text of the language's words that is a formula now and then.
fn words() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        NAMES
            .iter()
            .map(|n| (*n).to_owned())
            .chain(["2".to_owned(), "0.5".to_owned()])
            .collect::<Vec<_>>(),
    );
    leaf.prop_recursive(5, 30, 2, |inner| {
        let marks = prop::sample::select(vec!['+', '-', '*', '/', '^']);
        let functions = prop::sample::select(vec!["sin", "exp", "abs", "tanh", "sqrt", "ln"]);
        prop_oneof![
            (marks, inner.clone(), inner.clone()).prop_map(|(m, x, y)| format!("({x}){m}({y})")),
            (functions, inner.clone()).prop_map(|(f, x)| format!("{f}({x})")),
            (inner.clone(), inner).prop_map(|(x, y)| format!("max({x}, {y})")),
        ]
    })
}

proptest! {
    #[test]
    fn sweeps_backwards_equal_derivatives_carried_forwards(
        text in words(), at in prop::array::uniform2(-2.0..2.0), rows in prop::collection::vec(prop::array::uniform2(-2.0..2.0), 1..9),
    ) {
        compare(&text, at, &rows);
    }
}
