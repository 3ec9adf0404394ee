//! `run` and `check` on a network that learns from a CSV file.

use super::{Lab, rows};

#[test]
fn rows_of_a_csv_file_are_learnt_and_bad_ones_named() {
    let lab = Lab::new();
    let mut rows_ = "x1,x2,kind\n".to_owned();
    for row in 0..90 {
        let class = row % 3;
        let noise = f64::from(row % 7) / 10.0;
        rows_ += &format!("{},{},kind{class}\n", f64::from(class) + noise, -noise);
    }
    lab.write("rows.csv", &rows_);
    let text = r#"(version: 1, epochs: 30, runs: [(optimizer: "adam", learning_rate: 0.05)],
        objective: Network(data: Csv(file: "rows.csv", label: "kind"), batch_size: 16,
        layers: [Dense(outputs: 16), Relu, Dense(outputs: 3)]))"#;
    lab.write("rows.ron", text);
    let ran = lab.run(&["run", "rows.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let table = rows(&lab.read("out/history.csv"));
    let last: f64 = table.last().unwrap()[11].parse().unwrap();
    assert!(last > 0.9, "{last}");
    lab.write("rows.csv", rows_.replace("1.3,", "much,"));
    let ran = lab.run(&["check", "rows.ron"]);
    assert_eq!(ran.code, Some(2));
    let said = ran.out + &ran.err;
    assert!(
        said.contains("objective.data.file: rows.csv: row") && said.contains("`much` is not"),
        "{said}"
    );
    lab.write("none.ron", text.replace("rows.csv", "none.csv"));
    let ran = lab.run(&["run", "none.ron", "--out", "none"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("none.csv"), "{}", ran.err);
    assert!(!lab.path("none").exists());
    lab.write(
        "share.ron",
        text.replace("label: \"kind\"", "test_share: 1.5"),
    );
    lab.write("rows.csv", &rows_);
    let ran = lab.run(&["check", "share.ron"]);
    let said = ran.out + &ran.err;
    assert!(
        said.contains("objective.data.test_share: 1.5 is out of range"),
        "{said}"
    );
}
