//! Regressions, from their text to what runs, and every bad input by name.

use crate::experiment::{Experiment, Problem, preset};
use crate::models::regression::Loss;
use crate::objective::Function;

const HOMEWORK: &str = r#"Regression(model: "w1*x1^2 + w2*x2^2 + w3*x1*x2 + b",
    start: {"w1": 1, "w2": -1, "w3": -1, "b": 1},
    data: [{"x1": 1, "x2": -1, "y": 10}, {"x1": 2, "x2": 0, "y": 13},
           {"x1": 0, "x2": 2, "y": 11}, {"x1": -1, "x2": 1, "y": 4}],
    batch_size: 2, shuffle: false)"#;

fn file(objective: &str) -> String {
    format!("(version: 1, objective: {objective}, epochs: 3, runs: [(optimizer: \"sgd\")])")
}

fn experiment(objective: &str) -> Experiment {
    preset::read(&file(objective)).unwrap()
}

fn problems(objective: &str) -> Vec<Problem> {
    experiment(objective).check().unwrap_err()
}

fn only_problem(objective: &str) -> String {
    let problems = problems(objective);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

fn unread(objective: &str) -> String {
    preset::read(&file(objective)).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_file_format_runs() {
    let read = experiment(HOMEWORK);
    let checked = read.check().unwrap();
    assert_eq!(checked.start, [1.0, -1.0, -1.0, 1.0]);
    assert_eq!(checked.objective.parameter_names(), ["w1", "w2", "w3", "b"]);
    assert_eq!((checked.updates_per_epoch(), checked.updates()), (2, 6));
    let epochs: Vec<u64> = (0..=4).map(|update| checked.epoch_of(update)).collect();
    assert_eq!(epochs, [0, 1, 1, 2, 2]);
    assert_eq!(
        Function::<f64>::value(&*checked.objective, &checked.start),
        82.0
    );
    assert!(checked.regression().is_some());
    assert_eq!(preset::read(&preset::write(&read)), Ok(read));
}

#[test]
fn every_setting_survives_writing_and_reading() {
    for loss in Loss::ALL {
        let mut full = experiment(HOMEWORK);
        let spec = full.objective.regression_mut().unwrap();
        spec.loss = loss;
        spec.shuffle = true;
        spec.drop_last = true;
        spec.batch_size = None;
        spec.data.rename(2, "price").unwrap();
        spec.target = "price".into();
        let text = preset::write(&full);
        assert_eq!(preset::read(&text), Ok(full), "{text}");
    }
}

#[test]
fn a_large_table_is_written_with_its_names_once() {
    let mut large = experiment(HOMEWORK);
    let spec = large.objective.regression_mut().unwrap();
    while spec.data.rows() < 1000 {
        spec.data.insert_row(2);
    }
    spec.data.set(999, 1, 0.1 + 0.2);
    let text = preset::write(&large);
    assert_eq!(text.matches("\"x1\"").count(), 1, "{text}");
    assert_eq!(preset::read(&text), Ok(large));
}

#[test]
fn an_empty_table_is_refused() {
    let text = HOMEWORK.split("data:").next().unwrap().to_owned() + "data: [])";
    let found: Vec<String> = problems(&text).iter().map(Problem::to_string).collect();
    assert!(
        found[0].starts_with("objective.data: the table is empty; give"),
        "{found:?}"
    );
}

#[test]
fn one_row_runs() {
    let checked = experiment(
        r#"Regression(model: "w*x + b", start: {"w": 1, "b": 1}, data: [{"x": 2, "y": 6}])"#,
    )
    .check()
    .unwrap();
    assert_eq!(checked.updates_per_epoch(), 1);
    let fit = checked.regression().unwrap().fit().unwrap();
    assert!(fit.warning().unwrap().contains("do not determine"));
}

#[test]
fn a_batch_larger_than_the_data_is_refused() {
    assert_eq!(
        only_problem(&HOMEWORK.replace("batch_size: 2", "batch_size: 5")),
        "objective.batch_size: 5 is more than the 4 rows of the data; give 1 to 4"
    );
    assert!(only_problem(&HOMEWORK.replace("batch_size: 2", "batch_size: 0")).contains("0 rows"));
}

#[test]
fn a_cell_that_is_no_number_has_line_and_column() {
    let error = unread(&HOMEWORK.replace("\"y\": 13", "\"y\": \"thirteen\""));
    assert!(error.starts_with("line 3, column"), "{error}");
    assert!(error.contains("Expected float"), "{error}");
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let error = unread(&HOMEWORK.replace("\"x1\": 2", "\"x2\": 2"));
    assert!(
        error.contains("two columns are called `x2`; rename one"),
        "{error}"
    );
}

#[test]
fn rows_with_other_columns_are_refused() {
    let error = unread(&HOMEWORK.replace("\"x2\": 2, ", ""));
    assert!(error.contains("row data[2] has no `x2`"), "{error}");
    let error = unread(&HOMEWORK.replace("\"x2\": 2, ", "\"x2\": 2, \"x3\": 1, "));
    assert!(error.contains("row data[2] has a column `x3`"), "{error}");
}

#[test]
fn a_model_naming_an_unknown_column_is_refused_with_the_nearest() {
    let found = only_problem(&HOMEWORK.replace("w3*x1*x2", "w3*x1*x3"));
    assert!(
        found.starts_with(
            "objective.model: column 27 of the formula: unknown name `x3`; did you mean `w3`?"
        ),
        "{found}"
    );
    assert!(
        found.ends_with("neither a column of the data nor a parameter with a start"),
        "{found}"
    );
}

#[test]
fn a_column_named_like_a_function_is_refused() {
    let found = problems(&HOMEWORK.replace("\"x1\"", "\"sin\"").replace("x1", "sin"));
    assert!(
        found[0]
            .to_string()
            .contains("objective.data: column `sin` is a function of the formula language"),
        "{found:?}"
    );
    let found = problems(&HOMEWORK.replace("\"x2\"", "\"petal width\""));
    assert!(
        found[0]
            .message
            .contains("`petal width` cannot stand in a formula"),
        "{found:?}"
    );
}

#[test]
fn nan_cells_are_named_with_their_place() {
    let text = file(&HOMEWORK.replace("\"x1\": -1", "\"x1\": NaN"));
    let problems = preset::read(&text).unwrap().check().unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "objective.data[3].x1: NaN is not a finite number; give a number, or take the row out"
    );
    let placed = preset::place_problems(&text, problems);
    let line = text.lines().nth(placed[0].line - 1).unwrap();
    assert!(
        line[placed[0].column - 1..].starts_with("NaN"),
        "{placed:?}"
    );
    // A column that nothing uses may have holes.
    let unused = HOMEWORK.replace("\"y\"", "\"z\": NaN, \"y\"");
    assert!(experiment(&unused).check().is_ok());
}

#[test]
fn many_bad_cells_are_counted() {
    let mut many = experiment(HOMEWORK);
    let spec = many.objective.regression_mut().unwrap();
    for row in 0..100 {
        spec.data.insert_row(row);
        spec.data.set(row, 0, f64::INFINITY);
    }
    let problems = many.check().unwrap_err();
    assert_eq!(problems.len(), 21);
    assert!(
        problems[20].message.starts_with("80 more cells"),
        "{}",
        problems[20]
    );
}

#[test]
fn parameters_and_targets_are_checked() {
    for (from, to, part) in [
        (
            "\"b\": 1}",
            "\"b\": NaN}",
            "objective.start.b: NaN is not a finite number",
        ),
        (
            "\"b\": 1}",
            "\"b\": 1, \"c\": 0}",
            "objective.start.c: the model does not use `c`",
        ),
        (
            "x1*x2 +",
            "x1*x2 + y +",
            "objective.model: the model uses `y`, which is what it is to predict",
        ),
        (
            "batch_size",
            "target: \"z\", batch_size",
            "objective.target: unknown column `z`",
        ),
        (
            "batch_size",
            "loss: Huber(delta: 0), batch_size",
            "objective.loss.delta: 0 is out of range",
        ),
        (
            "batch_size",
            "loss: Logistic, batch_size",
            "objective.data[0].y: 10 is out of range; give 0 or 1",
        ),
        (
            "start: {",
            "start: {\"x1\": 0, ",
            "objective.start.x1: `x1` is also a column",
        ),
        (
            "start: {\"w1\": 1, \"w2\": -1, \"w3\": -1, \"b\": 1}",
            "start: {}",
            "objective.start: there is no parameter",
        ),
    ] {
        let found = problems(&HOMEWORK.replace(from, to));
        assert!(found[0].to_string().starts_with(part), "{found:?}");
    }
    let error = unread(&HOMEWORK.replace("shuffle", "shufle"));
    assert!(error.ends_with("did you mean `shuffle`?"), "{error}");
    let error = unread(&HOMEWORK.replace("batch_size", "loss: MES, batch_size"));
    assert!(error.ends_with("did you mean `MSE`?"), "{error}");
}
