//! The homework's intermediate numbers against the golden ones.

use super::*;
use crate::experiment::built_in;
use crate::formulas::Math;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/regression.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn assert_near(found: &[f64], expected: &Value, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, b) in found.iter().zip(&expected) {
        assert!(
            (a - b).abs() <= 1e-9 * b.abs() + 1e-12,
            "{what}: {found:?} against {expected:?}"
        );
    }
}

#[test]
fn every_intermediate_number_of_the_homework_under_both_conventions() {
    let checked = built_in::find("hw3_q5")
        .unwrap()
        .experiment()
        .check()
        .unwrap();
    let both = conventions(&checked, 0);
    assert_eq!(both.len(), 2);
    for ((convention, checked), golden) in both.iter().zip(golden()["runs"].as_array().unwrap()) {
        let solution = solve(checked, 0, updates_of_epoch(checked, 1), || {
            ControlFlow::Continue(())
        })
        .unwrap();
        let steps = golden["steps"].as_array().unwrap();
        assert_eq!(solution.len(), steps.len());
        for (update, step) in solution.iter().zip(steps) {
            let batch = &update.batch;
            let of = |value: fn(&crate::models::regression::RowWork) -> f64| -> Vec<f64> {
                batch.rows.iter().map(value).collect()
            };
            let what = convention.variant;
            assert_near(&of(|row| row.prediction), &step["predictions"], what);
            assert_near(&of(|row| row.error), &step["errors"], what);
            assert_near(
                &[batch.loss],
                &Value::from(vec![step["loss"].clone()]),
                what,
            );
            assert_near(&batch.gradient, &step["gradient"], what);
            assert_near(&update.memory[0].after, &step["velocity"], what);
            assert_near(&update.after, &step["parameters"], what);
            assert!(velocity(&checked.runs[0], update).unwrap().decay == Some(0.9));
        }
        assert_eq!(solution[0].memory[0].before, [0.0; 4]);
        assert_eq!(solution[1].memory[0].before, solution[0].memory[0].after);
        let regression = checked.regression().unwrap();
        let full = crate::objective::Function::value(regression, &solution[1].after);
        assert_near(
            &[full],
            &Value::from(vec![golden["full_data_loss_after"].clone()]),
            "full",
        );
    }
}

#[test]
fn lines_have_the_updates_numbers() {
    let checked = built_in::find("hw3_q5")
        .unwrap()
        .experiment()
        .check()
        .unwrap();
    let lines = |run: usize| {
        let solution = solve(&checked, run, 2..=2, || ControlFlow::Continue(())).unwrap();
        let velocity = velocity(&checked.runs[run], &solution[0]).unwrap();
        let lines = velocity.lines(&solution[0], 0, "w1");
        lines.iter().map(Math::to_text).collect::<Vec<_>>()
    };
    assert_eq!(
        lines(0),
        [
            "v_w₁ ← 0.9·(−40) + 5.2 = −30.8",
            "w₁ ← 5 − 0.1·(−30.8) = 8.08"
        ]
    );
    assert_eq!(lines(1)[0], "v_w₁ ← 0.9·(−4) + 0.1·(−1.28) = −3.728");
}
