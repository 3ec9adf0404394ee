//! The user's own formula: typed, checked, drawn, undone.

use super::Bench;
use descent_lab::app::First;
use descent_lab::experiment::{Experiment, ObjectiveSpec};
use descent_lab::landscapes::formula::NAME;
use egui::Key;

const BOWL: &str = "w1^2 + 3*w2^2";

/// On a formula, typed in place of the first one.
fn bench_on(text: &str) -> Bench {
    let mut bench = Bench::new();
    bench.click(NAME);
    bench.enter("Formula", text);
    bench
}

fn expression(bench: &Bench) -> String {
    let expression = bench.experiment().objective.expression();
    expression.expect("the objective is a formula").to_owned()
}

/// The formula that the record on show has run on.
fn recorded(bench: &Bench) -> String {
    let record = bench.laboratory().record().unwrap();
    record
        .checked
        .objective
        .landscape()
        .unwrap()
        .card()
        .formula
        .to_owned()
}

fn first_loss(bench: &Bench) -> f64 {
    bench.laboratory().record().unwrap().history.traces[0].losses()[0]
}

#[test]
fn a_formula_is_chosen_typed_and_run() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.click(NAME);
    assert!(
        expression(&bench).contains("100*"),
        "begins with Rosenbrock's"
    );
    let ObjectiveSpec::Formula { w1, .. } = bench.experiment().objective else {
        panic!("a formula");
    };
    assert_eq!(w1, (-5.0, 5.0), "the range of the landscape before");
    assert_eq!(bench.experiment().start(), before.start());
    assert!(bench.says("Minimum found: J = 0 at (1, 1)"));
    bench.enter("Formula", BOWL);
    assert_eq!(expression(&bench), BOWL);
    assert_eq!(recorded(&bench), format!("J = {BOWL}"));
    bench.enter("Start w1", "2");
    bench.enter("Start w2", "1");
    assert_eq!(first_loss(&bench), 7.0);
    assert!(bench.has("Formula language"));
}

#[test]
fn it_is_drawn_while_it_is_typed_and_a_wrong_text_keeps_the_last_right_one() {
    let mut bench = bench_on(BOWL);
    bench.focus("Formula");
    bench.press(Key::End);
    bench.type_text(" + w1");
    assert_eq!(recorded(&bench), format!("J = {BOWL} + w1"));
    bench.type_text(" + sine(w2)");
    assert!(bench.is_focused("Formula"));
    assert!(bench.says("Column 22: unknown name `sine`; did you mean `sin`?"));
    assert!(!bench.says("This cannot run"), "said once, at its place");
    assert_eq!(recorded(&bench), format!("J = {BOWL} + w1"));
    assert!(bench.laboratory().experiment().check().is_err());
    // Frames, other panels and undo leave the text as it is.
    bench.harness.run_steps(10);
    bench.press(Key::Enter);
    assert!(!bench.is_focused("Formula"));
    assert_eq!(expression(&bench), format!("{BOWL} + w1 + sine(w2)"));
    bench.enter("Start w1", "0.5");
    bench.click("Undo");
    assert_eq!(expression(&bench), format!("{BOWL} + w1 + sine(w2)"));
    bench.click("Undo");
    assert_eq!(expression(&bench), BOWL);
    bench.click("Redo");
    assert_eq!(expression(&bench), format!("{BOWL} + w1 + sine(w2)"));
    bench.enter("Formula", "w1^2 + sin(w2)");
    assert!(!bench.says("Column"));
    assert_eq!(recorded(&bench), "J = w1^2 + sin(w2)");
}

#[test]
fn a_catalogue_landscape_and_the_formula_can_be_switched_back_and_forth() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.focus(NAME);
    bench.press(Key::Enter);
    bench.enter("Formula", BOWL);
    bench.enter("Gradient noise", "0.25");
    bench.click("Booth");
    let ObjectiveSpec::Landscape { surface, noise, .. } = &bench.experiment().objective else {
        panic!("a landscape of the catalogue");
    };
    assert_eq!((surface.as_str(), *noise), ("booth", 0.25));
    bench.click(NAME);
    assert_eq!(expression(&bench), BOWL, "what was typed is still there");
    for _ in 0..5 {
        bench.click("Undo");
    }
    assert_eq!(*bench.experiment(), before);
    assert!(bench.is_disabled("Undo"));
}

#[test]
fn ranges_are_set_and_stay_ranges() {
    let mut bench = bench_on("(w1-7)^2 + w2^2");
    assert!(bench.says("No minimum found"));
    bench.enter("w1 to", "10");
    bench.enter("w2 from", "-1");
    let ranges = |bench: &Bench| match bench.experiment().objective {
        ObjectiveSpec::Formula { w1, w2, .. } => (w1, w2),
        _ => panic!("a formula"),
    };
    assert_eq!(ranges(&bench), ((-5.0, 10.0), (-1.0, 5.0)));
    assert!(bench.says("Minimum found: J = 0 at (7, 0)"));
    bench.enter("w1 from", "12");
    assert_eq!(ranges(&bench).0, (12.0, 27.0), "the other end gives way");
    bench.enter("w1 to", "1");
    assert_eq!(ranges(&bench).0, (-14.0, 1.0));
    for refused in ["1e12", "inf", "far"] {
        bench.enter("w1 to", refused);
        assert_eq!(ranges(&bench).0, (-14.0, 1.0), "{refused}");
    }
    assert!(bench.experiment().check().is_ok());
}

#[test]
fn a_formula_that_is_nowhere_finite_and_other_odd_ones_are_shown() {
    let mut bench = bench_on("ln(-1 - w1^2)");
    assert!(bench.says("No minimum found; lowest height 0"));
    for text in [
        "3",
        "1/0",
        "exp(exp(exp(w1)))",
        "1e308*w1 - 1e308*w2",
        "-exp(700)*w1^64",
    ] {
        bench.enter("Formula", text);
        bench.harness.run_steps(5);
        assert_eq!(recorded(&bench), format!("J = {text}"));
    }
    for wrong in [" ", "((((", &"(".repeat(9000), "é", "w1 w2"] {
        bench.enter("Formula", wrong);
        assert!(bench.says("Column "), "{wrong:.9}");
    }
}

#[test]
fn a_file_saved_with_a_wrong_formula_is_opened_again_in_the_window_only() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("typing.ron");
    let mut experiment = super::preset("own_formula");
    experiment.objective = ObjectiveSpec::formula("w1^2 + si");
    descent_lab::storage::experiments::save(&path, &experiment).unwrap();
    assert!(descent_lab::storage::experiments::load(&path).is_err());
    let mut bench = Bench::at(home, First::File(path));
    bench.wait_for("the file", |bench| {
        bench.experiment().title == experiment.title
    });
    bench.settle();
    assert_eq!(expression(&bench), "w1^2 + si");
    assert!(bench.says("Column 8: unknown name `si`"));
}

#[test]
fn unsaved_work_with_a_wrong_formula_is_opened_again_with_its_text() {
    let mut experiment: Experiment = super::preset("ai_notes_3");
    experiment.objective = ObjectiveSpec::formula("w1^2 +");
    let mut bench = Bench::on(First::Last);
    bench.load(experiment);
    assert_eq!(expression(&bench), "w1^2 +");
    assert!(bench.says("Column 7: a number, w1, w2, a function or `(` is missing"));
    bench.enter("Formula", "w1^2 + w2^2");
    assert_eq!(recorded(&bench), "J = w1^2 + w2^2");
}
