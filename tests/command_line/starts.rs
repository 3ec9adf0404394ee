//! Experiments with several starts and seeds.

use super::{Lab, rows};
use serde_json::Value;
use std::collections::BTreeMap;

/// Two runs of one rule and one of another, two starts, two seeds, noise.
const SEVERAL: &str = r#"(
    version: 1,
    objective: Landscape(surface: "booth", noise: 0.5),
    starts: [(0, 0), (4, -2.5)],
    seeds: [3, 11],
    epochs: 40,
    runs: [
        (optimizer: "sgd", learning_rate: 0.02),
        (optimizer: "sgd", learning_rate: 0.02, label: "the same"),
        (optimizer: "adam", learning_rate: 0.1),
    ],
)"#;

/// The rows of every (run, start, seed), without what tells them apart.
fn records(text: &str) -> BTreeMap<[String; 3], Vec<Vec<String>>> {
    let mut records = BTreeMap::<_, Vec<_>>::new();
    for row in rows(text) {
        let key = [&row[0], &row[3], &row[4]].map(String::clone);
        records.entry(key).or_default().push(row[5..].to_vec());
    }
    records
}

#[test]
fn every_run_goes_from_every_start_with_every_seed() {
    let lab = Lab::new();
    lab.write("a.ron", SEVERAL);
    let ran = lab.run(&["run", "a.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = lab.read("out/history.csv");
    assert_eq!(
        text.lines().next().unwrap(),
        "run,label,optimizer,start,seed,step,epoch,learning_rate,loss,gradient_norm,w1,w2"
    );
    let records = records(&text);
    assert_eq!(records.len(), 3 * 2 * 2);
    assert!(records.values().all(|record| record.len() == 41));
    let of = |run: &str, start: &str, seed: &str| &records[&[run, start, seed].map(str::to_owned)];
    for (start, place) in [("0", ["0", "0"]), ("1", ["4", "-2.5"])] {
        for seed in ["3", "11"] {
            assert_eq!(of("0", start, seed)[0][5..], place);
            assert_eq!(
                of("0", start, seed),
                of("1", start, seed),
                "one draw for all"
            );
        }
        assert_ne!(of("0", start, "3"), of("0", start, "11"));
    }
    // Every record is that of an experiment with this start and this seed alone.
    let alone = SEVERAL
        .replace("starts: [(0, 0), (4, -2.5)]", "starts: [(4, -2.5)]")
        .replace("seeds: [3, 11]", "seed: 11");
    lab.write("b.ron", alone);
    assert_eq!(lab.run(&["run", "b.ron", "--out", "alone"]).code, Some(0));
    let alone = rows(&lab.read("alone/history.csv"));
    let adam: Vec<_> = alone.iter().filter(|row| row[0] == "2").collect();
    assert_eq!(adam.len(), 41);
    for (alone, among) in adam.iter().zip(of("2", "1", "11")) {
        assert_eq!(alone[3..], among[..]);
    }
}

#[test]
fn the_summary_has_an_entry_for_every_run_start_and_seed() {
    let lab = Lab::new();
    lab.write("a.ron", SEVERAL);
    lab.run(&["run", "a.ron", "--out", "out"]);
    let text = lab.read("out/summary.json");
    let summary: Value = serde_json::from_str(&text).unwrap();
    let runs = summary["runs"].as_array().unwrap();
    let origin = |entry: &Value| ["run", "start", "seed"].map(|key| entry[key].as_u64().unwrap());
    let origins: Vec<_> = runs.iter().map(origin).collect();
    assert_eq!(origins.len(), 12);
    assert_eq!(
        origins[..5],
        [[0, 0, 3], [0, 0, 11], [0, 1, 3], [0, 1, 11], [1, 0, 3]]
    );
    assert_eq!(runs[0].as_object().unwrap().len(), 11);
    assert_eq!(
        summary["experiment"]["starts"][1],
        serde_json::json!([4.0, -2.5])
    );
    let first = text.find("\"run\": 0").unwrap();
    let place = |key: &str| text[first..].find(key).unwrap();
    assert!(
        place("\"optimizer\"") < place("\"start\"") && place("\"seed\"") < place("\"outcome\"")
    );
}

#[test]
fn the_table_shows_medians_and_success_rates() {
    let lab = Lab::new();
    lab.write(
        "a.ron",
        SEVERAL
            .replace("noise: 0.5", "noise: 0")
            .replace("40", "400"),
    );
    let ran = lab.run(&["run", "a.ron"]);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!((ran.code, lines.len()), (Some(0), 6), "{}", ran.out);
    assert!(lines[0].starts_with("run") && lines[0].contains("success"));
    assert!(
        lines[1].contains("4/4 (100 %)") && lines[1].contains("0/4"),
        "{}",
        ran.out
    );
    assert!(lines[4].starts_with("Medians over 2 starts × 2 seeds"));
    assert!(lines[5].contains("at most 0.001"), "{}", ran.out);
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let lab = Lab::new();
    lab.write("a.ron", SEVERAL.replace("40", "3000"));
    for threads in ["1", "2"] {
        let mut command = lab.command(&["run", "a.ron", "--out", threads]);
        command.env("RAYON_NUM_THREADS", threads);
        let ran = super::finish(command.spawn().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    for name in ["history.csv", "summary.json"] {
        assert_eq!(
            lab.read(&format!("1/{name}")),
            lab.read(&format!("2/{name}"))
        );
    }
}

#[test]
fn more_records_than_are_kept_are_refused_with_their_number() {
    let lab = Lab::new();
    let seeds: Vec<_> = (0..700).map(|seed: u64| seed.to_string()).collect();
    lab.write(
        "a.ron",
        SEVERAL.replace("[3, 11]", &format!("[{}]", seeds.join(", "))),
    );
    let ran = lab.run(&["run", "a.ron", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    let said = "seeds: 3 runs × 2 starts × 700 seeds make 4200 records, more than the 4096";
    assert!(ran.err.contains(said), "{}", ran.err);
    assert_eq!(lab.names(), ["a.ron"], "nothing is written");
}

#[test]
fn a_wrong_start_is_named_with_line_and_column() {
    let lab = Lab::new();
    lab.write("a.ron", SEVERAL.replace("(4, -2.5)", "(4, -2.5, 1)"));
    let ran = lab.run(&["check", "a.ron"]);
    assert_eq!(ran.code, Some(2));
    let said = "starts[1]: it has 3 numbers and the objective 2 parameters";
    assert!((ran.out + &ran.err).contains(said));
    lab.write("b.ron", SEVERAL.replace("(4, -2.5)", "\"there\""));
    let ran = lab.run(&["run", "b.ron"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a point such as (w1, w2)"), "{}", ran.err);
}
