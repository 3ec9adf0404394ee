use super::scores::standings;
use super::*;
use crate::engine::continual::compare;
use crate::engine::over_seeds::{self, Spread};
use crate::engine::{self, History};
use crate::experiment::{Checked, preset};
use crate::export::results::TableForm;
use std::ops::ControlFlow;

/// Points around each other, turned between two tasks; with two seeds.
fn learnt() -> (Checked, History) {
    let text = r#"(version: 1, epochs: 2, seeds: [0, 1], objective: Tasks(
        data: Moons(examples: 64), scenario: Rotated(tasks: 2, degrees: 90.0), head: Domain,
        layers: [Flatten, Dense(outputs: 4), Relu], batch_size: 16),
        runs: [(optimizer: "sgd", learning_rate: 0.5, label: "a|b"),
               (optimizer: "sgd", learning_rate: 0.5, remedy: Joint())])"#;
    let checked = preset::read(text).unwrap().check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    (checked, history)
}

#[test]
fn a_table_has_what_the_matrices_of_all_seeds_say() {
    let (checked, history) = learnt();
    let table = ScoreTable::new(&checked, &history, &[0, 1]);
    assert_eq!((table.rows.len(), table.seeds, table.tasks), (2, 2, 2));
    let row = &table.rows[0];
    let matrix = Matrix::of(&checked, &history, 0);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    let [first, last] = [&matrix.rows[0], &matrix.rows[1]];
    close(row.learnt[0].unwrap().mean, first[0].mean);
    close(row.at_the_end[0].unwrap().mean, last[0].mean);
    let score = |score: Score| {
        let place = Score::ALL.iter().position(|known| *known == score);
        row.scores[place.unwrap()].spread.unwrap().mean
    };
    close(
        score(Score::MeanAccuracy),
        0.5 * (last[0].mean + last[1].mean),
    );
    close(score(Score::BackwardTransfer), last[0].mean - first[0].mean);
    close(
        score(Score::ForgettingOfFirst),
        -score(Score::BackwardTransfer),
    );
    // Joint training is a bound, and nobody else is there to be held against.
    assert!(
        table.rows[1]
            .scores
            .iter()
            .all(|s| s.standing == Standing::Reference)
    );
    assert!(row.scores.iter().all(|s| s.standing == Standing::Alone));
    assert!(row.scores[0].spread.unwrap().deviation.is_some());
}

#[test]
fn texts_have_a_row_a_run_and_csv_every_digit() {
    let (checked, history) = learnt();
    let table = ScoreTable::new(&checked, &history, &[0, 1]);
    let markdown = table.text(TableForm::Markdown);
    assert_eq!(markdown.lines().count(), 4);
    assert!(
        markdown.contains("a\\|b") && markdown.contains(" ± "),
        "{markdown}"
    );
    let csv = table.text(TableForm::Csv);
    let mut read = csv::Reader::from_reader(csv.as_bytes());
    let heads = read.headers().unwrap().clone();
    let column = heads.iter().position(|head| head == "end_1").unwrap();
    let rows: Vec<_> = read.records().map(Result::unwrap).collect();
    let value: f64 = rows[0][column].parse().unwrap();
    assert_eq!(value, table.rows[0].at_the_end[0].unwrap().mean);
    let matrix = Matrix::of(&checked, &history, 0).text(TableForm::Csv);
    assert!(
        matrix.starts_with("after task,task 1,task 2\n1,"),
        "{matrix}"
    );
}

#[test]
fn what_seeds_do_not_tell_apart_is_called_that() {
    let some = |values: [f64; 3]| values.map(Some).to_vec();
    let runs = [
        some([0.90, 0.80, 0.85]),
        // Better with one seed, worse with another.
        some([0.88, 0.83, 0.83]),
        // Worse with every seed by nearly the same.
        some([0.80, 0.70, 0.76]),
        vec![Some(0.9), None, Some(0.9)],
    ];
    assert_eq!(
        standings(Score::MeanAccuracy, &runs),
        [
            Standing::Best,
            Standing::WithinSpread,
            Standing::Behind,
            Standing::Alone
        ]
    );
    // Of forgetting less is better.
    assert_eq!(standings(Score::Forgetting, &runs)[2], Standing::Best);
    // One seed has no spread.
    let one = [vec![Some(0.9)], vec![Some(0.89)]];
    let found = standings(Score::MeanAccuracy, &one);
    assert_eq!(found, [Standing::Best, Standing::Behind]);
}

#[test]
fn a_run_that_diverges_has_no_scores_and_is_not_ranked() {
    // Its rate jumps to nonsense in the second of three tasks, after it has learnt the first well.
    let text = r#"(version: 1, epochs: 4, seeds: [0, 1], objective: Tasks(
        data: Moons(examples: 64), scenario: Rotated(tasks: 3, degrees: 90.0), head: Domain,
        layers: [Flatten, Dense(outputs: 4), Relu], batch_size: 16),
        runs: [(optimizer: "sgd", learning_rate: 0.05),
               (optimizer: "sgd", learning_rate: 0.05, remedy: L2ToOld(strength: 0.1)),
               (optimizer: "sgd", learning_rate: 0.5, remedy: L2ToOld(strength: 0.1),
                events: [(step: 20, learning_rate: 1e30)])])"#;
    let checked = preset::read(text).unwrap().check().unwrap();
    let history = engine::run(&checked, |_| ControlFlow::Continue(()));
    let table = ScoreTable::new(&checked, &history, &[0, 1, 2]);
    let diverged = &table.rows[2];
    assert!(diverged.has_diverged && !diverged.learnt.is_empty());
    assert!(diverged.at_the_end.is_empty());
    for scored in &diverged.scores {
        assert_eq!((scored.spread, scored.standing), (None, Standing::Alone));
    }
    let best = |row: &ScoreRow| row.scores[0].standing == Standing::Best;
    assert_eq!(table.rows.iter().filter(|row| best(row)).count(), 1);
    let line = table.text(TableForm::Markdown);
    let line = line.lines().nth(4).unwrap().to_owned();
    assert_eq!(line.matches("| – ").count(), 1 + Score::ALL.len(), "{line}");
    // The table of the command line says the same.
    let compared = compare(&checked, &history);
    assert!(compared[1].against_fine_tuning.is_some() && !compared[1].has_diverged);
    let diverged = &compared[2];
    assert!(diverged.has_diverged && diverged.at_the_end.is_empty());
    assert_eq!(
        (diverged.mean_accuracy, diverged.against_fine_tuning),
        (None, None)
    );
}

#[test]
fn both_tables_call_the_same_runs_alike() {
    // Far apart from seed to seed, and yet the one is better with every seed.
    let (good, bad) = ([0.9, 0.5, 0.7], [0.85, 0.46, 0.64]);
    let some = |values: [f64; 3]| values.map(Some).to_vec();
    let found = standings(Score::MeanAccuracy, &[some(good), some(bad)]);
    assert_eq!(found, [Standing::Best, Standing::Behind]);
    let standing = over_seeds::Standing::of(&bad, &good);
    assert_eq!(standing, Some(over_seeds::Standing::Below));
}

#[test]
fn shares_are_percent_with_their_deviation_or_a_dash() {
    let spread = |mean, deviation| Some(Spread { mean, deviation });
    assert_eq!(in_percent(spread(0.8, Some(0.1))), "80.0 ± 10.0");
    assert_eq!(in_percent(spread(-0.987, None)), "−98.7");
    assert_eq!(
        (in_percent(None), by_task_in_percent([])),
        ("–".into(), "–".into())
    );
}
