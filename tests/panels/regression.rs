//! A regression in the window: its table, its worked solution, its fit, and the slice of its loss.

use super::{Bench, preset};
use descent_lab::experiment::{Experiment, RegressionSpec};
use egui::Key;

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.load(preset("hw3_q5"));
    bench
}

fn spec(bench: &Bench) -> &RegressionSpec {
    let spec = bench.experiment().objective.regression();
    spec.expect("the objective is a regression")
}

fn cell(bench: &Bench, row: usize, column: usize) -> f64 {
    spec(bench).data.cell(row, column).unwrap()
}

fn final_loss(bench: &Bench) -> f64 {
    let record = bench.laboratory().record().unwrap();
    record.history.traces[0].final_loss().unwrap()
}

/// Far more rows than can be laid out.
fn large(rows: usize) -> Experiment {
    let mut experiment = preset("hw3_q5");
    let spec = experiment.objective.regression_mut().unwrap();
    let block: Vec<Vec<f64>> = (0..rows)
        .map(|row| vec![row as f64 / rows as f64, 1.0, 2.0])
        .collect();
    spec.data.paste(0, 0, &block);
    spec.batch_size = Some(100);
    experiment
}

#[test]
fn a_regression_is_chosen_from_a_landscape_and_left_again() {
    let mut bench = Bench::new();
    let before = bench.experiment().objective.clone();
    bench.click("Regression");
    assert_eq!(spec(&bench).model, "w*x + b");
    assert!(bench.says("Least squares: J ="));
    bench.enter("Start w", "1.5");
    assert_eq!(spec(&bench).start["w"], 1.5);
    bench.click("Regression");
    assert_eq!(bench.experiment().objective, before);
    bench.click("Regression");
    assert_eq!(spec(&bench).start["w"], 1.5, "what was set is still there");
}

#[test]
fn the_homework_says_that_its_data_do_not_determine_it() {
    let bench = bench();
    assert!(bench.says("the data do not determine the parameters"));
    assert!((final_loss(&bench) - 225.000_8).abs() < 1e-9);
    assert!(bench.says("of 4 rows"));
}

#[test]
fn cells_are_edited_rows_added_and_deleted_and_all_of_it_undone() {
    let mut bench = bench();
    let before = bench.experiment().clone();
    bench.click("Data");
    bench.enter("y, row 2", "14");
    assert_eq!(cell(&bench, 1, 2), 14.0);
    assert!(final_loss(&bench) != 225.000_8);
    bench.click("Row 2");
    bench.click("Add row");
    assert_eq!((spec(&bench).data.rows(), cell(&bench, 2, 2)), (5, 0.0));
    bench.click("Delete row 3");
    assert_eq!(spec(&bench).data.rows(), 4);
    for _ in 0..3 {
        bench.click("Undo");
    }
    assert_eq!(*bench.experiment(), before);
}

#[test]
fn the_batchs_rows_light_up_with_the_playhead() {
    let mut bench = bench();
    bench.click("Data");
    bench.press(Key::Home);
    assert!(!bench.has("Row 1, in the batch"));
    bench.press(Key::ArrowRight);
    assert!(bench.has("Row 1, in the batch") && bench.has("Row 2, in the batch"));
    assert!(!bench.has("Row 3, in the batch"));
    bench.press(Key::ArrowRight);
    assert!(bench.has("Row 4, in the batch") && !bench.has("Row 1, in the batch"));
}

#[test]
fn the_solution_is_worked_at_the_playhead_under_both_conventions() {
    let mut bench = bench();
    bench.click("Worked solution");
    bench.press(Key::Home);
    assert!(bench.says("This is the start"));
    bench.press(Key::ArrowRight);
    bench.wait_for("the solution", |bench| bench.says("= −40"));
    assert!(bench.says("J = 1/2·(64 + 64) = 64"));
    assert!(bench.says("w₁ ← 1 − 0.1·(−40) = 5"));
    bench.press(Key::ArrowRight);
    bench.wait_for("the second update", |bench| {
        bench.says("w₁ ← 5 − 0.1·(−30.8) = 8.08")
    });
    bench.click("v ← βv + (1 − β)g,  w ← w − αv");
    bench.wait_for("the other convention", |bench| bench.says("= 1.7728"));
}

#[test]
fn a_hundred_thousand_rows_lay_out_no_more_than_are_in_sight() {
    let mut bench = bench();
    bench.load(large(100_000));
    bench.click("Data");
    assert!(bench.has("x1, row 1") && !bench.has("x1, row 1000"));
    assert!(bench.says("100000 rows"));
    bench.enter("x1, row 2", "-7");
    assert_eq!(cell(&bench, 1, 0), -7.0);
}

#[test]
fn rows_are_pasted_and_a_bad_cell_is_said() {
    let mut bench = bench();
    bench.click("Data");
    bench.click("Paste…");
    bench.enter("Rows to paste", "1;2;3");
    bench.click("Write over, from row 1");
    assert_eq!((cell(&bench, 0, 1), cell(&bench, 0, 2)), (2.0, 3.0));
    bench.click("Paste…");
    bench.enter("Rows to paste", "1;two;3");
    bench.click("Write over, from row 1");
    assert!(bench.says("row 1, column 2: `two` is not a number"));
    assert_eq!(cell(&bench, 0, 1), 2.0);
}

#[test]
fn a_table_is_opened_from_a_file_and_a_wrong_one_refused() {
    let mut bench = bench();
    std::fs::write(bench.file("good.csv"), "x1,x2,y\n1,2,3\n4,5,6\n7,8,9\n").unwrap();
    std::fs::write(bench.file("bad.csv"), "x1,x2,y\n1,2,oops\n").unwrap();
    let open = |bench: &mut Bench, name: &str| {
        let path = bench.file(name).display().to_string();
        bench.click("Open CSV…");
        bench.enter("Path of the table", &path);
        bench.click("Open table");
    };
    bench.click("Data");
    open(&mut bench, "good.csv");
    bench.wait_for("the table", |bench| spec(bench).data.rows() == 3);
    bench.settle();
    open(&mut bench, "bad.csv");
    bench.wait_for("the refusal", |bench| {
        bench.says("row 2, column 3: `oops` is not a number")
    });
    assert_eq!(spec(&bench).data.rows(), 3);
}

#[test]
fn a_new_name_in_the_model_becomes_a_parameter() {
    let mut bench = bench();
    bench.enter("Model formula", "w1*x1^2 + w2*x2^2 + w3*x1*x2 + b + c*x1");
    assert!(bench.says("neither a column of the data nor a parameter with a start"));
    bench.click("Add parameter c");
    assert_eq!(spec(&bench).start["c"], 0.0);
    assert!(!bench.says("neither a column"));
    let names = &bench.laboratory().record().unwrap().history.parameter_names;
    assert_eq!(names.join(" "), "w1 w2 w3 b c");
}

#[test]
fn the_loss_is_drawn_over_any_two_parameters_and_the_paths_axes() {
    let mut bench = bench();
    assert!(bench.says("Landscape Loss over w1 and w2"));
    bench.click("Second axis");
    bench.click("Second axis: b");
    assert!(bench.says("Landscape Loss over w1 and b"));
    bench.click("Principal axes of the path");
    assert!(bench.says("Landscape Loss over 1st axis and 2nd axis"));
}

#[test]
fn predictions_residuals_and_parameters_are_drawn() {
    let mut bench = bench();
    bench.click("Fit");
    bench.click("Residuals");
    bench.click("Parameters");
    assert!(bench.has("Predictions"));
}

/// What the system's paste key brings.
fn paste(bench: &mut Bench, text: &str) {
    bench.harness.event(egui::Event::Paste(text.into()));
    bench.settle();
}

#[test]
fn rows_of_a_spreadsheet_are_pasted_with_the_key() {
    let mut bench = bench();
    let before = bench.experiment().clone();
    bench.click("Data");
    bench.click("Row 2");
    paste(&mut bench, "4\t5\t6\n7\t8\t9\n10\t11\t12\n13\t14\t15\n");
    assert_eq!(
        spec(&bench).data.rows(),
        5,
        "a row that was missing is added"
    );
    for (row, first) in [(1, 4.0), (2, 7.0), (3, 10.0), (4, 13.0)] {
        let cells = [0, 1, 2].map(|column| cell(&bench, row, column));
        assert_eq!(cells, [first, first + 1.0, first + 2.0]);
    }
    assert_eq!(
        cell(&bench, 0, 0),
        before
            .objective
            .regression()
            .unwrap()
            .data
            .cell(0, 0)
            .unwrap()
    );
    bench.click("Undo");
    assert_eq!(*bench.experiment(), before, "one step takes it back");
    // While a cell is typed in, several cells go there and further on.
    bench.focus("y, row 1");
    bench.harness.run_steps(2);
    paste(&mut bench, "21\n22");
    assert_eq!((cell(&bench, 0, 2), cell(&bench, 1, 2)), (21.0, 22.0));
    assert!(!bench.is_focused("y, row 1"));
    // What is no number is said and changes nothing.
    let before = bench.experiment().clone();
    bench.click("Row 2");
    paste(&mut bench, "1\tapple\t3");
    assert_eq!(*bench.experiment(), before);
    assert!(bench.says("apple"), "the refusal names it");
    // A run on the clipboard is a run.
    let runs = bench.experiment().runs.len();
    let run = bench.experiment().runs[0].text();
    bench.click("Row 2");
    paste(&mut bench, &run);
    assert_eq!(bench.experiment().runs.len(), runs + 1);
}
