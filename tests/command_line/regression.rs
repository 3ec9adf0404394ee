//! Homework 5, its numbers, reports, and the script that computes it again.

use super::{HOMEWORK, Lab, rows};
use serde_json::Value;
use std::process::Command;

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|x| x.as_f64().unwrap()).collect()
}

fn assert_near(found: f64, expected: f64, what: &str) {
    let difference = (found - expected).abs();
    assert!(
        difference <= 1e-9 * expected.abs() + 1e-12,
        "{what}: {found} against {expected}"
    );
}

#[test]
fn homework_5_ends_where_the_golden_numbers_do() {
    let lab = Lab::new();
    let ran = lab.run(&["run", "hw3_q5", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let history = lab.read("out/history.csv");
    assert_eq!(
        history.lines().next().unwrap(),
        "run,label,optimizer,step,epoch,learning_rate,loss,gradient_norm,w1,w2,w3,b,full_loss"
    );
    let golden: Value = serde_json::from_str(include_str!("../golden/regression.json")).unwrap();
    let rows = rows(&history);
    assert_eq!(rows.len(), 6);
    for (run, golden) in golden["runs"].as_array().unwrap().iter().enumerate() {
        let mine = &rows[3 * run..3 * run + 3];
        let field = |step: usize, column: usize| mine[step][column].parse::<f64>().unwrap();
        assert_eq!(mine[0][3..6], ["0", "0", ""]);
        assert_eq!(field(0, 6), 82.0);
        for (index, step) in golden["steps"].as_array().unwrap().iter().enumerate() {
            let row = index + 1;
            assert_eq!(mine[row][3..6], [row.to_string(), "1".into(), "0.1".into()]);
            assert_near(field(row, 6), step["loss"].as_f64().unwrap(), "loss");
            let gradient = numbers(&step["gradient"]);
            let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            assert_near(field(row, 7), norm, "gradient norm");
            for (column, parameter) in numbers(&step["parameters"]).iter().enumerate() {
                assert_near(field(row, 8 + column), *parameter, "parameter");
            }
        }
        let full = golden["full_data_loss_after"].as_f64().unwrap();
        assert_near(field(2, 12), full, "full loss");
    }
    let summary: Value = serde_json::from_str(&lab.read("out/summary.json")).unwrap();
    assert_near(
        summary["runs"][0]["final_loss"].as_f64().unwrap(),
        225.000_8,
        "final loss",
    );
    assert_eq!(summary["runs"][0]["best_step"], 1);
    assert_eq!(summary["runs"][1]["evaluations"], 2);
    assert!(!lab.path("out/landscape.svg").exists());
}

#[test]
fn the_report_has_every_intermediate_number_in_markdown_and_html() {
    let lab = Lab::new();
    for format in ["markdown", "html"] {
        let ran = lab.run(&["report", "hw3_q5", "--format", format, "--out", format]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let markdown = lab.read("markdown/report.md");
    for part in [
        "# Homework 5: a regression worked by hand",
        "\\left(2 \\cdot \\left(-8\\right) \\cdot 1 + 2 \\cdot \\left(-8\\right) \\cdot 4\\right) = -40",
        "0.9 \\cdot \\left(-40\\right) + 5.2 = -30.8",
        "5 - 0.1 \\cdot \\left(-30.8\\right) = 8.08",
        "0.9 \\cdot \\left(-4\\right) + 0.1 \\cdot \\left(-1.28\\right) = -3.728",
        "they tell 3 of 4 directions apart",
        "Goodfellow",
        "![Loss](loss.svg)",
    ] {
        assert!(markdown.contains(part), "{part}\n{markdown}");
    }
    assert!(lab.path("markdown/loss.svg").exists());
    let html = lab.read("html/report.html");
    assert!(html.contains("<math display=\"block\">"));
    assert!(html.contains("data:image/svg+xml;base64,"));
    for elsewhere in [
        "src=\"http",
        "href=\"http",
        "<script",
        "@import",
        "url(http",
    ] {
        assert!(!html.contains(elsewhere), "{elsewhere}");
    }
    let document = html
        .replace("<!DOCTYPE html>", "")
        .replace("<meta charset=\"utf-8\">", "");
    let document = document.replace(
        "<meta name=\"viewport\" content=\"width=device-width\">",
        "",
    );
    let pictures = |text: &str| text.replace("\"></figure>", "\"/></figure>");
    let parsed = pictures(&document).replace("<br>", "<br/>");
    roxmltree::Document::parse(&parsed).unwrap();
}

#[test]
fn a_report_in_arabic_or_hebrew_goes_from_right_to_left() {
    let lab = Lab::new();
    let text = HOMEWORK.replace(
        "version: 1,",
        "version: 1, title: \"ירידה <b>במדרון</b>\", notes: \"الانحدار <script>x</script>\",",
    );
    lab.write("a.ron", text);
    let ran = lab.run(&["report", "a.ron", "--format", "html"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("dir=\"rtl\""));
    assert!(ran.out.contains("<section dir=\"rtl\">"));
    assert!(!ran.out.contains("<script") && !ran.out.contains("<b>במ"));
}

#[test]
fn every_experiment_has_a_report() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    let arguments = [
        "report", "a.ron", "--format", "markdown", "--out", "out", "--step", "2",
    ];
    let ran = lab.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = lab.read("out/report.md");
    for part in [
        "## What is minimised",
        "Rosenbrock",
        "## Results",
        "diverged at step 14",
        "## Diagnosis",
        "## Steps explained",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(lab.path("out/landscape.svg").exists());
    let ran = lab.run(&["report", "a.ron", "--format", "numpy"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains("a NumPy script is written of a regression"),
        "{}",
        ran.err
    );
    let ran = lab.run(&["report", "hw3_q5", "--format", "html", "--epoch", "2"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(
        ran.err
            .contains("there is no epoch 2; the experiment has 1"),
        "{}",
        ran.err
    );
}

/// Question 2's report says what is the matter, what shows it, and what to try; question 1's cases
/// have the paper's table, worked out from the runs.
#[test]
fn reports_have_the_diagnosis_and_the_table_of_steps() {
    let lab = Lab::new();
    let report = |id: &str| {
        let ran = lab.run(&["report", id, "--format", "markdown"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    let high = report("hw3_q2_high");
    let row = high.lines().find(|line| line.contains("11–150")).unwrap();
    for part in [
        "0.0242",
        "bouncing across a valley",
        "rises of J: 5 of 10",
        "sign changes of the gradient along the sharpest direction: 9 of 9",
        "share of the steps along the sharpest direction: 100 %",
        "cosine of successive gradients: -1.000",
        "the rule's limit: 1.015",
        "rate 0.012; decay 0.02; as Adam",
    ] {
        assert!(row.contains(part), "{part} in {row}");
    }
    for id in ["hw3_q1_case_1", "hw3_q1_case_3"] {
        let case = report(id);
        let (_, table) = case.split_once("## Large and small steps").unwrap();
        assert!(case.find("## Diagnosis") < case.find("## Large and small steps"));
        let row = |name: &str| {
            table
                .lines()
                .find(|line| line.contains(name))
                .unwrap()
                .to_owned()
        };
        let sizes = |name: &str| -> Vec<bool> {
            let row = row(name);
            let words = row
                .split(['|', ' ', ','])
                .filter(|word| ["small", "large"].contains(word));
            words.map(|word| word == "large").collect()
        };
        assert_eq!(sizes("ideal step"), [true, false, true]);
        assert_eq!(sizes("Gradient descent, α·"), [false, true, true]);
        assert_eq!(sizes("Adam, α/"), [true, false, false]);
        assert_eq!(sizes("AdaBelief, α/"), [true, false, true]);
    }
    assert!(!high.contains("Large and small steps"));
}

/// Whether Python with NumPy is there.
fn has_numpy() -> bool {
    let check = Command::new("/usr/bin/python3")
        .args(["-c", "import numpy"])
        .output();
    check.is_ok_and(|check| check.status.success())
}

fn python(lab: &Lab, file: &str) -> (bool, String) {
    let ran = Command::new("/usr/bin/python3")
        .arg(lab.path(file))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    (
        ran.status.success(),
        text + &String::from_utf8_lossy(&ran.stderr),
    )
}

#[test]
fn numpy_computes_the_same_numbers() {
    let lab = Lab::new();
    let of = |name: &str, out: &str| {
        let ran = lab.run(&["report", name, "--format", "numpy", "--out", out]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    };
    of("hw3_q5", "homework");
    lab.write(
        "other.ron",
        r#"(version: 1, epochs: 3, seed: 4, objective: Regression(
            model: "lambda*tanh(x - c)^2 + max(x, c)*c + exp(-x^2)",
            start: {"lambda": 0.5, "c": -0.25}, loss: Huber(delta: 0.5), batch_size: 2, shuffle: true,
            data: [{"x": 0.5, "y": 1}, {"x": -1.5, "y": 0}, {"x": 2, "y": 3}, {"x": 0, "y": 1}, {"x": 1, "y": -1}]),
            runs: [(optimizer: "sgd", learning_rate: 0.1, schedule: InverseTime(rate: 0.5)), (optimizer: "adam", learning_rate: 0.1),
                (optimizer: "momentum", variant: "keras", learning_rate: 0.1), (optimizer: "momentum", hyperparameters: {"dampening": 0.5})])"#,
    );
    of("other.ron", "other");
    let script = lab.read("homework/report.py");
    assert!(
        script.contains("w1_") && script.contains("0.9 * velocity"),
        "{script}"
    );
    if !has_numpy() {
        eprintln!("no /usr/bin/python3 with NumPy: the scripts are not run");
        return;
    }
    let (agrees, text) = python(&lab, "homework/report.py");
    assert!(agrees && text.contains("agrees with Descent Lab"), "{text}");
    for number in ["8.08", "-1.1648", "[-8.0, -8.0]", "55.8"] {
        assert!(text.contains(number), "{number}: {text}");
    }
    let (agrees, text) = python(&lab, "other/report.py");
    assert!(agrees && text.contains("agrees with Descent Lab"), "{text}");
    // It does notice a difference.
    let wrong = script.replace("13.0", "13.25");
    lab.write("wrong.py", wrong);
    let (agrees, text) = python(&lab, "wrong.py");
    assert!(!agrees && text.contains("differs by"), "{text}");
}
