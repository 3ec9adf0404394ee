//! What the search finds, and what it must survive.

use super::*;
use crate::landscapes::formula::read;

fn found(text: &str, range: (f64, f64)) -> Found {
    search(&read(text).unwrap(), [range; 2])
}

#[test]
fn minima_of_known_formulas_are_found() {
    let rosenbrock = found("(1-w1)^2 + 100*(w2-w1^2)^2", (-2.0, 2.0));
    assert_eq!(rosenbrock.minima.len(), 1);
    let Minimum { at, value } = rosenbrock.minima[0];
    assert!((at[0] - 1.0).abs() < 1e-9 && (at[1] - 1.0).abs() < 1e-9 && value < 1e-20);
    let himmelblau = found("(w1^2+w2-11)^2 + (w1+w2^2-7)^2", (-5.0, 5.0));
    assert_eq!(himmelblau.minima.len(), 4);
    for known in [[3.0, 2.0], [-2.805_118_086_952_745, 3.131_312_518_250_573]] {
        let is_known =
            |minimum: &Minimum| (minimum.at[0] - known[0]).hypot(minimum.at[1] - known[1]) < 1e-9;
        assert!(himmelblau.minima.iter().any(is_known), "{known:?}");
    }
    let wells = found("(w1^2-1)^2 + w2^2 - w1/5", (-2.0, 2.0));
    assert_eq!(wells.minima.len(), 2);
    assert_eq!(wells.lowest, wells.minima[0].value);
    assert!(wells.lowest < -0.2);
}

#[test]
fn a_rippled_surface_has_its_least_minima_up_to_the_most() {
    let text = "20 + w1^2 - 10*cos(2*pi*w1) + w2^2 - 10*cos(2*pi*w2)";
    let rastrigin = found(text, (-5.12, 5.12));
    assert_eq!(rastrigin.minima.len(), MOST_BASINS);
    assert!(rastrigin.minima[0].value.abs() < 1e-12);
    assert!((rastrigin.minima[1].value - 0.995).abs() < 1e-3);
}

#[test]
fn saddles_slopes_and_kinks_have_no_minimum_but_a_lowest_height() {
    let saddle = found("w1^2 - w2^2", (-2.0, 2.0));
    assert!(saddle.minima.is_empty());
    assert_eq!(saddle.lowest, -4.0);
    assert_eq!(found("w1", (-1.0, 3.0)).lowest, -1.0);
    let kinked = found("abs(w1-0.3) + abs(w2+0.7) - 1", (-2.0, 2.0));
    assert!(kinked.minima.is_empty());
    assert!((kinked.lowest + 1.0).abs() < 1e-9, "{}", kinked.lowest);
    let constant = found("3", (-2.0, 2.0));
    assert_eq!((constant.minima.len(), constant.lowest), (0, 3.0));
}

#[test]
fn a_formula_that_is_nowhere_finite_has_neither() {
    for text in [
        "ln(-1)",
        "1/0",
        "sqrt(-1-w1^2)",
        "0/(w1-w1)",
        "exp(1000)*w1/w1",
    ] {
        let nothing = found(text, (-2.0, 2.0));
        assert_eq!((nothing.minima.len(), nothing.lowest), (0, 0.0), "{text}");
    }
}

#[test]
fn extreme_heights_and_ranges_are_searched_without_harm() {
    for (text, range) in [
        ("w1^64 + w2^64", (-1e9, 1e9)),
        ("-exp(700)*w1^2 + 1e308*w2", (-2.0, 2.0)),
        ("1e-300*(w1^2 + w2^2)", (-1e-9, 1e-9)),
        ("w1^2 + w2^2", (1e9 - 2.0, 1e9)),
        ("1/w1 + tan(w2)", (-2.0, 2.0)),
    ] {
        assert!(found(text, range).lowest.is_finite(), "{text}");
    }
}
