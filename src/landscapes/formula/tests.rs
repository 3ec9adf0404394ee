//! The language, its errors and its derivatives, against a reference that walks a tree.

use super::*;
use crate::landscapes::{gradient, hessian};
use crate::numbers::{Dual, Lanes};
use proptest::prelude::*;
use std::fmt;
use std::time::Instant;

fn value(text: &str, at: [f64; 2]) -> f64 {
    read(text).unwrap().value(&at)
}

fn mistake(text: &str) -> (Range, String) {
    let error = read(text).unwrap_err();
    (error.place.clone(), error.to_string())
}

type Range = std::ops::Range<usize>;

#[test]
fn precedence_and_grouping_are_the_usual() {
    for (text, expected) in [
        ("-2^2", -4.0),
        ("2^3^2", 512.0),
        ("2^-1", 0.5),
        ("(-2)^3", -8.0),
        ("2*-3", -6.0),
        ("1-2-3", -4.0),
        ("12/2/3", 2.0),
        ("1 + 2*3^2", 19.0),
        ("--3", 3.0),
        ("+3 - +2", 1.0),
        (".5 + 2. + 1e2 + 1E-1", 102.6),
        ("min(3, max(1, 2)) + pow(2, 10)", 1026.0),
        ("0^0", 1.0),
        ("abs(-3) + sqrt(16)", 7.0),
        ("x + 10*y", 32.0),
        ("2 · w1 − w2 × 1", 1.0),
        ("sin(pi/2) + ln(e) + exp(0)", 3.0),
        ("asin(1) + acos(1) - atan(1)*2", 0.0),
        ("tanh(0) + sinh(0) + cosh(0)", 1.0),
        ("tan(pi/4)", 1.0),
        ("log10(100)", 2.0),
        ("w1^0 + w1^-2", 1.25),
        ("w1\n  +\tw2", 5.0),
    ] {
        let found = value(text, [2.0, 3.0]);
        assert!((found - expected).abs() < 1e-14, "{text} = {found}");
    }
}

#[test]
fn every_mistake_names_its_place_and_what_would_be_right() {
    for (text, place, part) in [
        ("", 0..0, "the formula is empty"),
        ("  ", 0..2, "the formula is empty"),
        ("w1 +", 4..4, "missing before the end"),
        ("w1 * / w2", 5..6, "missing before `/`"),
        ("()", 1..2, "missing before `)`"),
        ("(w1 + w2", 0..1, "never closed"),
        ("w1) + 1", 2..3, "closes nothing"),
        ("2w1", 1..3, "write `*` to multiply"),
        ("(w1)(w2)", 4..5, "write `*` to multiply"),
        ("w1(w2)", 0..3, "write `w1*(…)`"),
        ("sine(w1)", 0..4, "did you mean `sin`?"),
        ("w3", 0..2, "did you mean `w"),
        ("log(w1)", 0..3, "did you mean `ln`?"),
        ("1 + sin w1", 4..7, "write `sin(w1)`"),
        ("sin()", 0..5, "takes one argument, not 0"),
        ("max(w1)", 0..7, "takes two arguments, not 1"),
        ("min(1, 2, 3)", 0..12, "takes two arguments, not 3"),
        ("1,5", 1..2, "write a decimal point"),
        ("(1,5)", 2..3, "write a decimal point"),
        ("w1**2", 2..4, "write powers with `^`"),
        ("w1²", 2..4, "write powers with `^`"),
        ("1e999", 0..5, "too large"),
        ("J = w1", 2..3, "only the right side"),
        ("3 = w1", 2..3, "only the right side"),
        ("1 + √2", 4..7, "write `sqrt(…)`"),
        (".", 0..1, "needs a digit"),
        ("w1 $ w2", 3..4, "no meaning"),
        ("w1 \u{0} w2", 3..4, "no meaning"),
    ] {
        let (found, message) = mistake(text);
        assert!(message.contains(part), "{text:?}: {message}");
        assert_eq!(found, place, "{text:?}: {message}");
    }
    let error = read("√ + sine").unwrap_err();
    assert_eq!(error.column("√ + sine"), 1);
    let error = read("w1·sine").unwrap_err();
    assert_eq!((error.place.start, error.column("w1·sine")), (4, 4));
}

#[test]
fn length_and_depth_are_limited_and_the_limits_themselves_are_fine() {
    let long = "1+".repeat(2047) + "w1";
    assert_eq!(long.chars().count(), MOST_CHARACTERS);
    assert_eq!(value(&long, [3.0, 0.0]), 2050.0);
    assert_eq!(mistake(&(long + "1")).0.start, MOST_CHARACTERS);
    let nested =
        |levels: usize, open: &str, close: &str| open.repeat(levels) + "w1" + &close.repeat(levels);
    for (open, close) in [("(", ")"), ("-", ""), ("w1^", ""), ("sin(", ")"), ("+", "")] {
        assert!(read(&nested(MOST_LEVELS, open, close)).is_ok());
        let (_, message) = mistake(&nested(MOST_LEVELS + 1, open, close));
        assert!(message.contains("64 levels"), "{message}");
        let begun = Instant::now();
        for levels in [1_000, 1_000_000] {
            assert!(read(&open.repeat(levels)).is_err());
        }
        assert!(begun.elapsed().as_secs() < 5);
    }
    // The deepest stack there is: a sum, a product and an argument wait at every level.
    let deep = nested(MOST_LEVELS, "w1+w2*min(w1,", ")");
    assert!(value(&deep, [0.5, 0.25]).is_finite());
}

#[test]
fn the_largest_formulas_are_searched_in_bounded_time() {
    for part in ["w1^w2+", "sin(w1)+", "pow(x,y)*", "abs(w1)^.5-", "-x+"] {
        let text = part.repeat((MOST_CHARACTERS - 2) / part.len()) + "w1";
        let begun = Instant::now();
        own(&text, [(-2.0, 2.0); 2]).unwrap();
        let limit = if cfg!(debug_assertions) { 4000 } else { 400 };
        assert!(
            begun.elapsed().as_millis() < limit,
            "{part} {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn derivatives_at_kinks_and_zeros_are_the_documented_ones() {
    let slope = |text: &str, at: [f64; 2]| {
        let formula = Formula::new(text, [USUAL_RANGE; 2]).unwrap();
        gradient::<f64>(&formula, at)
    };
    for text in ["abs(w1) + w2", "sqrt(w1^2) + w2", "sqrt(abs(w1)) + w2"] {
        assert_eq!(slope(text, [0.0, 0.5]), (0.5, [0.0, 1.0]), "{text}");
    }
    assert_eq!(slope("max(w1, w2)", [2.0, 2.0]), (2.0, [1.0, 0.0]));
    assert_eq!(slope("min(w1, w2)", [1.0, 2.0]), (1.0, [1.0, 0.0]));
    assert_eq!(slope("min(w1, w2)", [2.0, 1.0]), (1.0, [0.0, 1.0]));
    assert_eq!(slope("w1^3 + w2^0", [-2.0, 0.0]), (-7.0, [12.0, 0.0]));
    assert_eq!(slope("sqrt(0)*w1 + w2", [1.0, 1.0]), (1.0, [0.0, 1.0]));
    assert_eq!(slope("w1^(1+1)", [-3.0, 1.0]), (9.0, [-6.0, 0.0]));
    for nothing in [
        "sqrt(w1)",
        "min(1, ln(w1))",
        "max(ln(w1), 1)",
        "w1^0.5",
        "asin(w1-2)",
    ] {
        assert!(slope(nothing, [-1.0, 0.0]).0.is_nan(), "{nothing}");
    }
}

#[test]
fn a_formula_is_made_once_and_equal_to_itself_alone() {
    let text = "w1^2 + 3*w2^2";
    let range = [USUAL_RANGE; 2];
    assert_eq!(own(text, range), own(text, range));
    assert_ne!(own(text, range), own("w1^2 + 4*w2^2", range));
    assert_ne!(own(text, range), own(text, [USUAL_RANGE, (-2.0, 3.0)]));
    assert_ne!(
        own(text, range).unwrap(),
        crate::landscapes::LANDSCAPES[0].into()
    );
    let chosen = own(text, range).unwrap();
    assert_eq!(chosen.card().formula, "J = w1^2 + 3*w2^2");
    assert_eq!(chosen.card().start, [-1.5, 1.0]);
    assert_eq!(chosen.with_settings(&[]), chosen);
}

#[test]
fn hyperbolic_functions_do_not_cancel_near_zero() {
    for x in [1e-12, 1e-5, 0.3, 20.0, -3.0] {
        for (name, exact) in [("sinh", libm::sinh(x)), ("cosh", libm::cosh(x))] {
            let found = value(&format!("{name}(w1)"), [x, 0.0]);
            assert!((found - exact).abs() <= 1e-15 * exact.abs(), "{name} {x}");
        }
    }
}

/// A formula as a tree, the reference for the flat program.
#[derive(Clone, Debug)]
enum Tree {
    Number(f64),
    Parameter(usize),
    Negative(Box<Tree>),
    Operation(char, Box<Tree>, Box<Tree>),
    Call(&'static str, Vec<Tree>),
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Parameter(index) => write!(f, "w{}", index + 1),
            Self::Negative(tree) => write!(f, "(-{tree})"),
            Self::Operation(mark, a, b) => write!(f, "({a} {mark} {b})"),
            Self::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(Tree::to_string).collect();
                write!(f, "{name}({})", arguments.join(", "))
            }
        }
    }
}

impl Tree {
    fn value(&self, at: [f64; 2]) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Parameter(index) => at[*index],
            Self::Negative(tree) => -tree.value(at),
            Self::Operation(mark, a, b) => {
                let (a, b) = (a.value(at), b.value(at));
                match mark {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    '/' => a / b,
                    _ => a.powf(b),
                }
            }
            Self::Call(name, arguments) => {
                let arguments: Vec<f64> = arguments.iter().map(|tree| tree.value(at)).collect();
                called(name, &arguments)
            }
        }
    }
}

fn called(name: &str, arguments: &[f64]) -> f64 {
    let x = arguments[0];
    match name {
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "exp" => x.exp(),
        "ln" => x.ln(),
        "log10" => x.log10(),
        "sqrt" => x.sqrt(),
        "abs" => x.abs(),
        "min" => x.min(arguments[1]),
        "max" => x.max(arguments[1]),
        "pow" => x.powf(arguments[1]),
        _ => unreachable!("no such function"),
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (0..40_u32).prop_map(|n| Tree::Number(f64::from(n) / 8.0)),
        (0..2_usize).prop_map(Tree::Parameter),
        (0..2_usize).prop_map(Tree::Parameter),
    ];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        let marks = prop::sample::select(vec!['+', '-', '*', '/', '^']);
        prop_oneof![
            inner
                .clone()
                .prop_map(|tree| Tree::Negative(Box::new(tree))),
            (marks, pair.clone()).prop_map(|(mark, (a, b))| Tree::Operation(
                mark,
                Box::new(a),
                Box::new(b)
            )),
            (prop::sample::select(FUNCTIONS.to_vec()), pair).prop_map(
                |((name, function), (a, b))| {
                    let arguments = if function.arguments() == 1 {
                        vec![a]
                    } else {
                        vec![a, b]
                    };
                    Tree::Call(name, arguments)
                }
            ),
        ]
    })
}

fn point() -> impl Strategy<Value = [f64; 2]> {
    [-2.0..2.0, -2.0..2.0_f64]
}

/// A text of the language's own words in any order, which is a formula now and then.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "w1", "w2", "x", "2", "1e3", ".5", "+", "-", "*", "/", "^", "(", ")", ",", "sin", "min",
        "(", ")", "pi", " ", "e", "é", "−", "sqrt(", "1e",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

fn survives(text: &str) -> Result<(), TestCaseError> {
    match own(text, [USUAL_RANGE; 2]) {
        Ok(chosen) => {
            let card = chosen.card();
            prop_assert!(card.least_value().is_finite());
            for minimum in card.minima {
                prop_assert!(card.contains(minimum.at) && minimum.value.is_finite());
            }
            let _ = hessian(&*chosen, [0.5, -0.5]);
        }
        Err(error) => {
            prop_assert!(
                text.get(error.place.clone()).is_some(),
                "{text:?} {error:?}"
            );
            prop_assert!(!error.to_string().is_empty());
            prop_assert!(error.column(text) <= text.chars().count() + 1);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn printed_trees_have_the_values_of_a_walk_through_them(tree in tree(), at in point()) {
        let text = tree.to_string();
        let (found, expected) = (value(&text, at), tree.value(at));
        // What amplifies the rounding of its parts without end is not compared.
        let near = tree.value(at.map(|w| w * (1.0 + 1e-13)));
        let shaky = (near - expected).abs() * 100.0 + 1e-12 * expected.abs() + 1e-12;
        let is_named = [found, expected, near].iter().all(|value| value.is_finite());
        prop_assert!(!is_named || (found - expected).abs() <= shaky.max(1e-9 * expected.abs()),
            "{text} at {at:?}: {found} against {expected}");
    }

    #[test]
    fn lanes_equal_scalars(tree in tree(), at in prop::array::uniform8(point())) {
        let program = read(&tree.to_string()).unwrap();
        let packed = [0, 1].map(|i| Lanes(at.map(|point| point[i])));
        let (values, slopes) = (program.value(&packed), program.value(&Dual::variables(packed)));
        for (lane, &place) in at.iter().enumerate() {
            let bits = |value: f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
            let alone: Dual<f64> = program.value(&Dual::variables(place));
            let value: f64 = program.value(&place);
            prop_assert_eq!(bits(values.0[lane]), bits(value));
            prop_assert_eq!(bits(alone.value), bits(value));
            for i in 0..2 {
                prop_assert_eq!(bits(slopes.slope[i].0[lane]), bits(alone.slope[i]));
            }
        }
    }

    #[test]
    fn derivatives_equal_central_differences(tree in tree(), at in point()) {
        let program = read(&tree.to_string()).unwrap();
        let exact: Dual<f64> = program.value(&Dual::variables(at));
        for i in 0..2 {
            let quotient = |h: f64| {
                let shifted = |by: f64| { let mut w = at; w[i] += by; program.value::<f64>(&w) };
                (shifted(h) - shifted(-h)) / (2.0 * h)
            };
            let (near, far) = (quotient(1e-5), quotient(2e-5));
            let scale = 1.0 + near.abs() + exact.value.abs();
            // Beside kinks, poles and edges of the domain, two steps disagree.
            let is_told = (near - far).abs() < 1e-6 * scale && near.abs() < 1e6;
            prop_assert!(!is_told || exact.slope[i].is_nan() || (exact.slope[i] - near).abs() < 1e-4 * scale,
                "{tree} at {at:?}: {} against {near}", exact.slope[i]);
        }
    }

    #[test]
    fn no_text_of_the_languages_words_panics_or_hangs(text in words()) {
        survives(&text)?;
    }

    #[test]
    fn no_text_at_all_panics_or_hangs(text in "(?s).{0,120}") {
        survives(&text)?;
    }
}
