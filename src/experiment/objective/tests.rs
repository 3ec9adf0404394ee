//! Objectives that are formulas, from their text to what runs.

use super::*;
use crate::experiment::{Experiment, Problem, preset};
use crate::objective::Function;

fn file(objective: &str) -> String {
    format!("(version: 1, objective: {objective}, runs: [(optimizer: \"sgd\")])")
}

fn experiment(objective: &str) -> Experiment {
    preset::read(&file(objective)).unwrap()
}

fn problems(objective: &str) -> Vec<Problem> {
    experiment(objective).check().unwrap_err()
}

#[test]
fn the_example_of_the_file_format_runs() {
    let text = r#"Formula(expression: "(1-w1)^2 + 100*(w2-w1^2)^2", w1: (-2, 2), w2: (-2, 2), start: (-1.5, 1.0))"#;
    let read = experiment(text);
    assert_eq!(read.start(), [-1.5, 1.0]);
    let checked = read.check().unwrap();
    let mut gradient = [0.0; 2];
    let height = Function::<f64>::gradient(&*checked.objective, &[-1.5, 1.0], &mut gradient);
    let rosenbrock = landscapes::find("rosenbrock").unwrap();
    let (expected, slope) = landscapes::gradient::<f64>(rosenbrock, [-1.5, 1.0]);
    assert_eq!((height, gradient), (expected, slope));
    let minima = checked
        .objective
        .landscape()
        .unwrap()
        .card()
        .minima
        .to_vec();
    assert_eq!(minima.len(), 1);
    assert_eq!(preset::read(&preset::write(&read)), Ok(read));
}

#[test]
fn ranges_start_and_noise_have_defaults() {
    let read = experiment(r#"Formula(expression: "w1^2")"#);
    assert_eq!(read.objective, ObjectiveSpec::formula("w1^2"));
    assert_eq!((read.start(), read.objective.noise()), ([-1.5, 1.0], 0.0));
    let wide = experiment(r#"Formula(expression: "w1^2", w1: (0, 8), noise: 0.5)"#);
    assert_eq!(wide.start(), [1.0, 1.0]);
    assert_eq!(wide.objective.noise(), 0.5);
    assert!(!wide.check().unwrap().objective.is_exact());
}

#[test]
fn a_mistake_in_the_text_is_named_with_line_column_and_column_inside() {
    let text = file("\nFormula(\n  expression: \"w1^2 + sine(w2)\")");
    let problems = preset::read(&text).unwrap().check().unwrap_err();
    let placed = preset::place_problems(&text, problems);
    assert_eq!(
        placed[0].to_string(),
        "line 3, column 15: objective.expression: column 8 of the formula: unknown name `sine`; \
         did you mean `sin`?"
    );
}

#[test]
fn ranges_that_cannot_be_drawn_are_refused_with_the_reason() {
    for (range, place, part) in [
        (
            "(2, -2)",
            "objective.w1",
            "is empty; give the smaller end first",
        ),
        ("(1, 1)", "objective.w1", "is empty"),
        ("(-1e10, 2)", "objective.w1", "too wide"),
        ("(999999999, 999999999.5)", "objective.w1", "too narrow"),
        ("(inf, 2)", "objective.w1[0]", "not a finite number"),
        ("(0, NaN)", "objective.w1[1]", "not a finite number"),
    ] {
        let objective = format!("Formula(expression: \"w1\", w1: {range})");
        let found = problems(&objective);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, place);
        assert!(found[0].message.contains(part), "{}", found[0]);
        assert_eq!(experiment(&objective).objective.landscape(), None);
    }
}

#[test]
fn all_problems_of_a_formula_come_together() {
    let places: Vec<_> = problems(
        "Formula(expression: \"w1 +\", w1: (2, 1), w2: (0, inf), start: (NaN, 0), noise: -1)",
    )
    .into_iter()
    .map(|problem| problem.place)
    .collect();
    let expected = [
        "objective.start[0]",
        "objective.noise",
        "objective.w1",
        "objective.w2[1]",
        EXPRESSION,
    ];
    assert_eq!(places, expected);
}

#[test]
fn unknown_fields_and_kinds_are_named_with_the_nearest() {
    let wrong = |text: &str| preset::read(&file(text)).unwrap_err().to_string();
    let field = wrong(r#"Formula(expresion: "w1")"#);
    assert!(field.ends_with("did you mean `expression`?"), "{field}");
    let kind = wrong(r#"Formule(expression: "w1")"#);
    assert!(kind.ends_with("did you mean `Formula`?"), "{kind}");
}

#[test]
fn a_newer_file_with_a_formula_is_understood() {
    let text = file(r#"Formula(expression: "w1^2 + w2^2")"#)
        .replace("version: 1", "version: 2")
        .replace("\"sgd\"", "\"sgd\", telepathy: 1");
    let partial = preset::read_as_far_as_understood(&text).unwrap();
    assert_eq!(partial.left_out.len(), 1);
    assert!(partial.experiment.objective.expression().is_some());
}

#[test]
fn setters_change_either_kind() {
    for mut objective in [
        ObjectiveSpec::formula("w1"),
        experiment("Landscape(surface: \"ravine\")").objective,
    ] {
        objective.set_start([0.5, -0.5]);
        objective.set_noise(0.25);
        objective.set_range(0, (-1.0, 3.0));
        objective.set_range(1, (3.0, -1.0));
        assert_eq!((objective.start(), objective.noise()), ([0.5, -0.5], 0.25));
        assert!(objective.settings().is_empty());
        let Some(landscape) = objective.landscape() else {
            panic!("{objective:?} has a landscape");
        };
        assert!(landscape.card().contains([0.5, -0.5]));
    }
    let mut own = ObjectiveSpec::formula("w1");
    own.set_range(0, (-1.0, 3.0));
    assert!(matches!(
        own,
        ObjectiveSpec::Formula {
            w1: (-1.0, 3.0),
            w2: (-2.0, 2.0),
            ..
        }
    ));
}
