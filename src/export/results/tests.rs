use super::*;
use crate::engine::{self, History};
use crate::experiment::preset;
use std::ops::ControlFlow;

fn history(fields: &str) -> History {
    let text = format!(
        r#"(version: 1, epochs: 60, objective: Landscape(surface: "booth", start: (0, 0)), {fields}
        runs: [(optimizer: "sgd", learning_rate: 0.001), (optimizer: "sgd", learning_rate: 0.05),
               (optimizer: "sgd", learning_rate: 1e300)])"#
    );
    let checked = preset::read(&text).unwrap().check().unwrap();
    engine::run(&checked, |_| ControlFlow::Continue(()))
}

fn by(column: ResultColumn) -> Sorting {
    Sorting {
        column,
        is_reversed: false,
    }
}

fn table(history: &History, sorting: Sorting) -> ResultTable {
    let names = ["slow", "a_b|c", "wild"].map(str::to_owned);
    let source = Source {
        history,
        runs: names.into_iter().enumerate().collect(),
        updates_per_epoch: 1,
        is_pinned: false,
    };
    ResultTable::new(&[source], Some(1.0), sorting)
}

fn names(table: &ResultTable) -> Vec<&str> {
    table.rows.iter().map(|row| row.label.as_str()).collect()
}

#[test]
fn rows_are_sorted_with_the_best_first_and_marked() {
    let history = history("");
    let by_loss = table(&history, by(ResultColumn::FinalLoss));
    assert_eq!(names(&by_loss), ["a_b|c", "slow", "wild"]);
    let best: Vec<_> = by_loss.rows.iter().map(|row| row.is_best).collect();
    assert_eq!(best, [true, false, false]);
    let again = by(ResultColumn::FinalLoss).clicked(ResultColumn::FinalLoss);
    assert_eq!(names(&table(&history, again)), ["wild", "slow", "a_b|c"]);
    assert_eq!(
        names(&table(&history, by(ResultColumn::Run))),
        ["a_b|c", "slow", "wild"]
    );
    let diverged = table(&history, by(ResultColumn::Diverged));
    assert_eq!(diverged.rows[2].cell(ResultColumn::Diverged), "1");
    assert_eq!(diverged.rows[2].cell(ResultColumn::FinalLoss), "∞");
    assert!(
        diverged
            .rows
            .iter()
            .any(|row| row.is_best && row.label == "a_b|c")
    );
}

#[test]
fn epochs_to_the_target_are_those_of_the_first_touch() {
    let history = history("");
    let table = table(&history, by(ResultColumn::Epochs));
    let losses = history.traces[1].losses();
    let first = losses.iter().position(|&loss| loss <= 1.0).unwrap();
    assert_eq!(table.rows[0].cell(ResultColumn::Epochs), first.to_string());
    assert_eq!(table.rows[2].cell(ResultColumn::Epochs), "∞");
    assert!(!table.columns.contains(&ResultColumn::Success));
}

#[test]
fn several_starts_give_medians_and_rates() {
    let history = history("starts: [(0, 0), (1, 3), (5, 5)],");
    let table = table(&history, by(ResultColumn::Success));
    assert!(table.has_several);
    assert_eq!(table.rows[0].label, "a_b|c");
    assert_eq!(table.rows[0].cell(ResultColumn::Success), "3/3");
    let slow = table.rows.iter().find(|row| row.label == "slow").unwrap();
    assert_eq!(slow.cell(ResultColumn::Success), "1/3");
    let csv = table.text(TableForm::Csv);
    assert!(
        csv.starts_with("run,median_final_loss,median_best_loss,median_epochs_to_target,success")
    );
}

#[test]
fn texts_are_escaped_and_mark_the_best() {
    let history = history("");
    let mut table = table(&history, by(ResultColumn::BestLoss));
    table.rows[1].is_pinned = true;
    let markdown = table.text(TableForm::Markdown);
    let lines: Vec<_> = markdown.lines().collect();
    assert_eq!(
        lines[0],
        "| run | final loss | best loss | epochs to target | diverged | evaluations |"
    );
    assert_eq!(lines[1], "| :-- | --: | --: | --: | --: | --: |");
    assert!(
        lines[2].starts_with("| **a\\_b\\|c** (best) | "),
        "{markdown}"
    );
    assert!(lines[3].starts_with("| slow (pinned) | "));
    let latex = table.text(TableForm::Latex);
    assert!(latex.starts_with("\\begin{tabular}{lrrrrr}\n\\hline\nrun & final loss"));
    assert!(latex.contains("\\textbf{a\\_b|c} (best) & $"), "{latex}");
    assert!(latex.contains("$\\infty$") && latex.ends_with("\\end{tabular}\n"));
    let csv = table.text(TableForm::Csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let loss: f64 = rows[0][1].parse().unwrap();
    assert_eq!(loss.to_bits(), history.traces[1].losses()[60].to_bits());
    assert_eq!((&rows[0][6], &rows[1][6]), ("yes", "no"));
}

#[test]
fn powers_of_ten_become_mathematics() {
    let history = history("");
    let mut table = table(&history, by(ResultColumn::Run));
    table.rows[0].summary.final_loss.median = -1.5e-12;
    assert!(
        table
            .text(TableForm::Latex)
            .contains("& $-1.5\\cdot 10^{-12}$ &")
    );
}
