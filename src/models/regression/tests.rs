//! The regression's sums against sums written out.

use super::*;
use crate::numbers::Noise;
use crate::objective::{Function, Objective};
use proptest::prelude::*;

fn table(columns: &[(&str, Vec<f64>)]) -> Table {
    let columns = columns
        .iter()
        .map(|(name, values)| Column::new(*name, values.clone()));
    Table::new(columns.collect()).unwrap()
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn regression(text: &str, parameters: &[&str], data: Table, loss: Loss, size: usize) -> Regression {
    let columns = data.columns().iter().map(|column| column.name.clone());
    let model = Model::new(text, names(parameters), columns.collect()).unwrap();
    let target = data.columns().len() - 1;
    let batches = Batches::new(data.rows(), size, Order::Table, false, 0);
    Regression::new(model, data, target, loss, batches, Noise::new(0))
}

/// Homework question 5.
fn homework() -> Regression {
    let data = table(&[
        ("x1", vec![1.0, 2.0, 0.0, -1.0]),
        ("x2", vec![-1.0, 0.0, 2.0, 1.0]),
        ("y", vec![10.0, 13.0, 11.0, 4.0]),
    ]);
    let parameters = ["w1", "w2", "w3", "b"];
    regression(
        "w1*x1^2 + w2*x2^2 + w3*x1*x2 + b",
        &parameters,
        data,
        Loss::MeanSquared,
        2,
    )
}

const START: [f64; 4] = [1.0, -1.0, -1.0, 1.0];

#[test]
fn the_first_batch_of_the_homework() {
    let homework = homework();
    let mut gradient = [0.0; 4];
    assert_eq!(homework.batch_gradient(1, &START, &mut gradient), 64.0);
    assert_eq!(gradient, [-40.0, -8.0, 8.0, -16.0]);
    let work = homework.work(&homework.batches().of_update(1), &START);
    assert_eq!((work.loss, &work.gradient[..]), (64.0, &gradient[..]));
    let [first, second] = &work.rows[..] else {
        panic!("{work:?}")
    };
    assert_eq!(
        (first.prediction, first.error, first.term),
        (2.0, -8.0, 64.0)
    );
    assert_eq!(first.features, [1.0, 1.0, -1.0, 1.0]);
    assert_eq!((second.row, second.prediction), (1, 5.0));
    assert_eq!(second.inputs, [2.0, 0.0]);
    assert_eq!(homework.updates_per_epoch(), 2);
    assert_eq!(homework.value(&START), 82.0);
    assert_eq!(homework.predictions(&START), [2.0, 5.0, -3.0, 2.0]);
}

#[test]
fn the_homework_does_not_determine_its_parameters() {
    let homework = homework();
    let fit = homework.fit().unwrap();
    assert_eq!(fit.rank, 3);
    assert!(fit.warning().unwrap().contains("3 of 4 directions"));
    assert!((fit.loss - 4.5).abs() < 1e-12, "{fit:?}");
    let mut gradient = [0.0; 4];
    homework.gradient(&fit.parameters, &mut gradient);
    assert!(gradient.iter().all(|g| g.abs() < 1e-12), "{gradient:?}");
    assert_eq!(homework.distance_to_minimum(&START), None);
    assert_eq!(homework.least_value(), Some(fit.loss));
}

#[test]
fn a_determined_fit_finds_the_truth_and_says_so() {
    let model = Model::new(
        "a*u + b*v^2 + c",
        names(&["a", "b", "c"]),
        names(&["u", "v", "y"]),
    )
    .unwrap();
    let generator = Generator {
        rows: 5000,
        truth: vec![2.0, -0.5, 7.0],
        range: (-3.0, 5.0),
        noise: 0.0,
        seed: 4,
    };
    let data = generate(&model, "y", &generator).unwrap();
    let exact = regression(
        "a*u + b*v^2 + c",
        &["a", "b", "c"],
        data,
        Loss::HalfMeanSquared,
        5000,
    );
    let fit = exact.fit().unwrap();
    assert!(fit.is_determined() && fit.warning().is_none());
    for (found, truth) in fit.parameters.iter().zip([2.0, -0.5, 7.0]) {
        assert!((found - truth).abs() < 1e-10, "{fit:?}");
    }
    let noisy = generate(
        &model,
        "y",
        &Generator {
            noise: 0.5,
            ..generator
        },
    )
    .unwrap();
    let noisy = regression(
        "a*u + b*v^2 + c",
        &["a", "b", "c"],
        noisy,
        Loss::MeanSquared,
        5000,
    );
    let fit = noisy.fit().unwrap();
    assert!((fit.loss - 0.25).abs() < 0.02, "{fit:?}");
    assert!(noisy.distance_to_minimum(&[2.0, -0.5, 7.0]).unwrap() < 0.1);
}

#[test]
fn there_is_no_closed_form_for_other_losses_and_models() {
    let data = || table(&[("x", vec![1.0, 2.0]), ("y", vec![0.0, 1.0])]);
    let fit = |text: &str, loss| {
        let regression = regression(text, &["w"], data(), loss, 2);
        regression.fit().unwrap_err().to_string()
    };
    assert!(fit("w*x", Loss::MeanAbsolute).contains("not made of squared errors"));
    assert!(fit("exp(w*x)", Loss::MeanSquared).contains("not linear"));
    assert!(fit("w*ln(x-1)", Loss::MeanSquared).contains("not finite in row 1"));
}

#[test]
fn one_row_is_enough_to_run_and_too_little_to_determine() {
    let data = table(&[("x", vec![2.0]), ("y", vec![6.0])]);
    let single = regression("w*x + b", &["w", "b"], data, Loss::MeanSquared, 1);
    assert_eq!(single.value(&[1.0, 1.0]), 9.0);
    let fit = single.fit().unwrap();
    assert_eq!(fit.rank, 1);
    assert!(fit.loss < 1e-25);
}

#[test]
fn a_hessian_by_hand_and_of_a_model_that_is_not_linear() {
    let homework = homework();
    let mut matrix = [0.0; 16];
    homework.hessian(&START, &mut matrix);
    // (2/4)·Σ φφᵀ with φ = (x₁², x₂², x₁x₂, 1).
    let features = [
        [1.0, 1.0, -1.0, 1.0],
        [4.0, 0.0, 0.0, 1.0],
        [0.0, 4.0, 0.0, 1.0],
        [1.0, 1.0, -1.0, 1.0],
    ];
    for i in 0..4 {
        for j in 0..4 {
            let expected: f64 = features.iter().map(|f: &[f64; 4]| 0.5 * f[i] * f[j]).sum();
            assert_eq!(matrix[4 * i + j], expected, "{i}, {j}");
        }
    }
    let data = table(&[("x", vec![0.5, -1.0, 2.0]), ("y", vec![1.0, 0.0, 1.0])]);
    for loss in Loss::ALL {
        let curved = regression(
            "tanh(p*x + q)*r + q^2",
            &["p", "q", "r"],
            data.clone(),
            loss,
            3,
        );
        let at = [0.3, -0.2, 0.8];
        let mut matrix = [0.0; 9];
        curved.hessian(&at, &mut matrix);
        for j in 0..3 {
            let slope = |by: f64| {
                let (mut w, mut gradient) = (at, [0.0; 3]);
                w[j] += by;
                curved.gradient(&w, &mut gradient);
                gradient
            };
            let (above, below) = (slope(1e-5), slope(-1e-5));
            for i in 0..3 {
                let quotient = (above[i] - below[i]) / 2e-5;
                assert!(
                    (matrix[3 * i + j] - quotient).abs() < 1e-7,
                    "{loss:?} {i} {j}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn gradients_are_the_sums_written_out(
        rows in 1..700_usize, loss in 0..Loss::ALL.len(), at in prop::array::uniform3(-1.5..1.5), seed: u64,
    ) {
        let text = "p*u^2 + q*sin(u*v) + r*p";
        let model = Model::new(text, names(&["p", "q", "r"]), names(&["u", "v", "y"])).unwrap();
        let generator = Generator { rows, truth: vec![0.5, 1.0, -1.0], range: (-2.0, 2.0), noise: 0.1, seed };
        let mut data = generate(&model, "y", &generator).unwrap();
        let loss = Loss::ALL[loss];
        for row in 0..rows {
            let class = f64::from(u8::from(data.cell(row, 2).unwrap() > 0.0));
            if loss == Loss::Logistic { data.set(row, 2, class); }
        }
        let regression = regression(text, &["p", "q", "r"], data, loss, rows);
        let mut gradient = [0.0; 3];
        let value = regression.gradient(&at, &mut gradient);
        let work = regression.work(&regression.all_rows(), &at);
        prop_assert!((value - work.loss).abs() <= 1e-12 * (1.0 + value.abs()));
        prop_assert_eq!(value, regression.value(&at));
        for (swept, summed) in gradient.iter().zip(&work.gradient) {
            prop_assert!((swept - summed).abs() <= 1e-10 * (1.0 + swept.abs()));
        }
        let predictions = regression.predictions(&at);
        prop_assert!(work.rows.iter().all(|row| predictions[row.row] == row.prediction));
    }
}

#[test]
fn large_data_have_the_same_sums_on_any_number_of_cores() {
    let model = Model::new("a*u + b", names(&["a", "b"]), names(&["u", "y"])).unwrap();
    let generator = Generator {
        rows: 50_000,
        truth: vec![2.0, 1.0],
        range: (0.0, 1.0),
        noise: 1.0,
        seed: 1,
    };
    let data = generate(&model, "y", &generator).unwrap();
    let regression = regression("a*u + b", &["a", "b"], data, Loss::MeanSquared, 50_000);
    let sums = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut gradient = [0.0; 2];
        let value = pool.install(|| regression.gradient(&[0.5, 0.5], &mut gradient));
        (value, gradient)
    };
    assert_eq!(sums(1), sums(3));
}

#[test]
fn cells_rows_and_columns_of_a_table() {
    let mut table = table(&[("x", vec![1.0, 2.0]), ("y", vec![3.0, 4.0])]);
    let before = table.clone();
    table.set(1, 0, 9.0);
    assert_eq!(
        (table.cell(1, 0), before.cell(1, 0)),
        (Some(9.0), Some(2.0))
    );
    assert_ne!(table, before);
    table.insert_row(1);
    assert_eq!(table.column("x").unwrap().values(), [1.0, 0.0, 9.0]);
    table.remove_row(0);
    assert_eq!(table.column("y").unwrap().values(), [0.0, 4.0]);
    assert_eq!(table.paste(1, 1, &[vec![5.0, 6.0], vec![7.0]]), 1);
    assert_eq!(table.column("y").unwrap().values(), [0.0, 5.0, 7.0]);
    assert_eq!(table.column("x").unwrap().values(), [0.0, 9.0, 0.0]);
    assert!(table.rename(0, "y").is_err() && table.rename(0, "sin").is_err());
    assert!(table.add_column("z").is_ok() && table.add_column("z").is_err());
    let same = Table::new(vec![Column::new("a", vec![]), Column::new("a", vec![])]);
    assert_eq!(same.unwrap_err(), TableError::Duplicate("a".into()));
}
