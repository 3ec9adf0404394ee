//! Trees against the programs that they were made of.

use super::*;
use crate::numbers::Dual;

const NAMES: [&str; 2] = ["w1", "x"];

fn program(text: &str) -> Program {
    let names = NAMES.iter().enumerate().map(|(i, name)| (*name, i));
    read(text, &Vocabulary::new(names, "a name", "write one")).unwrap()
}

/// The tree's value, by writing it down and reading that.
fn value(tree: &Expression, at: [f64; 2]) -> f64 {
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let text = tree.to_python(&names).replace("np.", "").replace("**", "^");
    let text = [
        ("arc", "a"),
        ("log(", "ln("),
        ("minimum", "min"),
        ("maximum", "max"),
        ("power", "pow"),
    ]
    .iter()
    .fold(text, |text, (theirs, ours)| text.replace(theirs, ours));
    program(&text).value(&at)
}

#[test]
fn written_trees_and_their_derivatives_have_the_programs_values() {
    for text in [
        "w1*x + 3",
        "(w1 - x)*(w1 + x)/(2 + x^2)",
        "-w1^3",
        "w1^-2*x",
        "x^w1",
        "pow(x, w1)",
        "sin(w1*x)",
        "cos(w1)",
        "tan(w1)",
        "asin(w1/2)",
        "acos(w1/2)",
        "atan(w1*x)",
        "sinh(w1)",
        "cosh(w1)",
        "tanh(w1*x)",
        "exp(w1*x)",
        "ln(w1+x)",
        "log10(w1*x)",
        "sqrt(w1^2+x)",
        "abs(w1-x)",
        "min(w1, x)*x",
        "max(w1*x, x)",
        "x",
    ] {
        let at = [0.7, 1.3];
        let [w, _] = Dual::variables(at);
        let x = Dual {
            value: 1.3,
            slope: [0.0, 0.0],
        };
        let exact = program(text).value(&[w, x]);
        let tree = Expression::of(&program(text));
        let (found, slope) = (value(&tree, at), value(&tree.derivative(0), at));
        assert!((found - exact.value).abs() < 1e-12, "{text}: {found}");
        assert!(
            (slope - exact.slope[0]).abs() < 1e-12,
            "{text}: {slope} against {exact:?}"
        );
    }
}

#[test]
fn derivatives_are_simplified() {
    let tree = Expression::of(&program("w1*x^2 + 5*w1 - x"));
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(tree.derivative(0).to_math(&names).to_text(), "x² + 5");
    assert_eq!(tree.to_math(&names).to_text(), "w₁·x² + 5·w₁ − x");
    assert_eq!(
        tree.to_math(&names).to_latex(),
        "w_{\\text{1}} \\, {x}^{2} + 5 \\, w_{\\text{1}} - x"
    );
}
