//! `export`.

use super::{HOMEWORK, Lab, names_in, rows};
use std::fs;

const FIGURES: [&str; 7] = [
    "best_loss",
    "distance",
    "gradient_norm",
    "landscape",
    "learning_rate",
    "loss",
    "update_norm",
];

fn with_ending(ending: &str) -> Vec<String> {
    FIGURES.map(|name| format!("{name}.{ending}")).to_vec()
}

#[test]
fn every_figure_is_written_in_every_format() {
    for (format, beginning) in [("svg", &b"<?xml"[..]), ("png", b"\x89PNG")] {
        let lab = Lab::new();
        lab.write("a.ron", HOMEWORK);
        let ran = lab.run(&["export", "a.ron", "--format", format, "--out", "out"]);
        assert_eq!((ran.code, &*ran.out), (Some(0), ""), "{}", ran.err);
        assert!(ran.err.contains("wrote out"), "{}", ran.err);
        assert_eq!(names_in(&lab.path("out")), with_ending(format));
        for name in with_ending(format) {
            let bytes = fs::read(lab.path("out").join(name)).unwrap();
            assert!(bytes.starts_with(beginning) && bytes.len() > 5000);
        }
    }
}

#[test]
fn a_single_figure_goes_where_it_is_told_and_its_ending_says_its_format() {
    let lab = Lab::new();
    let export = |arguments: &[&str]| {
        let ran = lab.run(&[&["export", "ai_notes_2"], arguments].concat());
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
    };
    export(&["--figure", "loss", "--linear", "--out", "here/mine.svg"]);
    export(&[
        "--figure",
        "landscape",
        "--step",
        "40",
        "--theme",
        "dark",
        "--out",
        "map.PNG",
    ]);
    export(&["--figure", "distance", "--width", "600", "--height", "400"]);
    export(&["--figure", "gradient_norm", "--out", "plots.of.me"]);
    assert_eq!(
        lab.names(),
        ["distance.svg", "here", "map.PNG", "plots.of.me"]
    );
    assert_eq!(names_in(&lab.path("here")), ["mine.svg"]);
    assert_eq!(names_in(&lab.path("plots.of.me")), ["gradient_norm.svg"]);
    let distance = lab.read("distance.svg");
    assert!(distance.contains("width=\"600\" height=\"400\""));
    // The linear axis needs no J*.
    assert!(lab.read("here/mine.svg").contains(">loss J<"));
}

#[test]
fn tables_hold_what_figures_show() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    let export = |figure: &str| {
        let ran = lab.run(&["export", "a.ron", "--figure", figure, "--format", "csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    };
    for figure in FIGURES.iter().chain(&["all"]) {
        export(figure);
    }
    let ran = lab.run(&["run", "a.ron", "--out", "out", "--quiet"]);
    assert_eq!(ran.code, Some(0));
    let whole = lab.read("out/history.csv");
    assert_eq!(lab.read("history.csv"), whole);
    for (figure, columns) in [
        ("loss", &[6][..]),
        ("learning_rate", &[5]),
        ("gradient_norm", &[7]),
        ("landscape", &[8, 9, 6]),
    ] {
        let found = rows(&lab.read(&format!("{figure}.csv")));
        for (row, of_all) in found.iter().zip(rows(&whole)) {
            let values: Vec<_> = columns
                .iter()
                .map(|&column| of_all[column].clone())
                .collect();
            assert_eq!(row[3..], values, "{figure}");
            assert_eq!((&row[0], &row[2]), (&of_all[0], &of_all[3]));
        }
        assert_eq!(found.len(), rows(&whole).len());
    }
    // What follows from the rows before it.
    let number = |text: &String| text.parse::<f64>().unwrap();
    let best = rows(&lab.read("best_loss.csv"));
    let moved = rows(&lab.read("update_norm.csv"));
    let mut least = f64::INFINITY;
    let mut before: Option<[f64; 2]> = None;
    for ((row, best), moved) in rows(&whole).iter().zip(&best).zip(&moved) {
        if row[3] == "0" {
            (least, before) = (f64::INFINITY, None);
        }
        least = least.min(number(&row[6]));
        assert_eq!(number(&best[3]), least);
        let here = [number(&row[8]), number(&row[9])];
        match before {
            None => assert_eq!(moved[3], ""),
            Some([x, y]) => {
                let way = (here[0] - x).hypot(here[1] - y);
                assert!((number(&moved[3]) - way).abs() <= 1e-12 * way);
            }
        }
        before = Some(here);
    }
}

#[test]
fn the_playback_is_an_animation() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    let ran = lab.run(&[
        "export", "a.ron", "--format", "gif", "--every", "50", "--width", "900", "--height", "360",
        "--fps", "10",
    ]);
    assert_eq!((ran.code, &*ran.out), (Some(0), ""), "{}", ran.err);
    assert!(!ran.err.contains('\r'), "progress is for terminals");
    let bytes = fs::read(lab.path("playback.gif")).unwrap();
    assert!(bytes.starts_with(b"GIF89a"));
    let mut decoder = gif::DecodeOptions::new().read_info(&bytes[..]).unwrap();
    assert_eq!((decoder.width(), decoder.height()), (900, 360));
    let mut pictures = 0;
    while decoder.next_frame_info().unwrap().is_some() {
        pictures += 1;
    }
    assert_eq!(pictures, 4);
}

#[test]
fn wrong_use_is_refused_and_nothing_is_written() {
    let lab = Lab::new();
    lab.write("bad.ron", HOMEWORK.replace("\"adam\"", "\"admam\""));
    for (arguments, word) in [
        (&["bad.ron"][..], "did you mean `adam`?"),
        (&["hw3_q3"], "no built-in experiment"),
        (&["hw3_q3a", "--figure", "profit"], "profit"),
        (&["hw3_q3a", "--format", "pdf"], "pdf"),
        (&["hw3_q3a", "--width", "0"], "480 to 8192"),
        (&["hw3_q3a", "--height", "4000000000"], "320 to 8192"),
        (&["hw3_q3a", "--scale", "NaN"], "0.25 to 16"),
        (
            &["hw3_q3a", "--scale", "1e300", "--format", "png"],
            "0.25 to 16",
        ),
        (
            &[
                "hw3_q3a", "--width", "8000", "--height", "8000", "--scale", "16", "--format",
                "png",
            ],
            "too large",
        ),
        (&["hw3_q3a", "--step", "151"], "0 to 150"),
        (&["hw3_q3a", "--step", "5", "--format", "csv"], "--step"),
        (&["hw3_q3a", "--log", "--linear"], "--linear"),
        (
            &["hw3_q3a", "--format", "gif", "--figure", "loss"],
            "landscape",
        ),
        (&["hw3_q3a", "--format", "gif", "--fps", "0"], "1 to 50"),
        (&["hw3_q3a", "--format", "gif", "--every", "0"], "1 or more"),
        (
            &["hw3_q3a", "--format", "png", "--out", "a.svg"],
            "--format says png",
        ),
        (&["hw3_q3a", "--out", "a.svg"], "one file for 7 figures"),
    ] {
        let ran = lab.run(&[&["export"], arguments].concat());
        assert_eq!(
            (ran.code, &*ran.out),
            (Some(2), ""),
            "{arguments:?}: {}",
            ran.err
        );
        assert!(
            ran.err.contains(word),
            "{arguments:?}: {word} is missing in {}",
            ran.err
        );
    }
    assert_eq!(lab.names(), ["bad.ron"]);
}

#[test]
fn a_failed_write_names_what_was_written_and_what_failed() {
    let lab = Lab::new();
    fs::create_dir_all(lab.path("out/learning_rate.svg")).unwrap();
    lab.write("file", "precious");
    let ran = lab.run(&["export", "hw3_q3a", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    let failed = "learning_rate.svg: this is a folder";
    assert!(
        ran.err.contains(failed) && ran.err.contains("wrote out"),
        "{}",
        ran.err
    );
    assert_eq!(
        names_in(&lab.path("out")),
        ["best_loss.svg", "learning_rate.svg", "loss.svg"]
    );
    let ran = lab.run(&["export", "hw3_q3a", "--out", "file/below"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("cannot make this folder"), "{}", ran.err);
    assert_eq!(lab.read("file"), "precious");
}

#[test]
fn what_happens_inside_the_rules_is_replayed() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    let export = |arguments: &[&str]| {
        let mut all = vec!["export", "a.ron"];
        all.extend(arguments);
        lab.run(&all)
    };
    let ran = export(&["--figure", "inside", "--format", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = lab.read("inside.csv");
    let head = text.lines().next().unwrap();
    assert!(
        head.starts_with(
            "run,label,optimizer,step,evaluations,learning_rate,cosine,effective_step_w1,"
        ),
        "{head}"
    );
    for row in rows(&text) {
        // Empty where a diverging run's numbers are too large for their lengths.
        let cosine = row[6].parse::<f64>().unwrap_or(0.0);
        assert!((-1.0..=1.0).contains(&cosine), "{row:?}");
    }
    let ran = export(&["--figure", "inside", "--out", "drawn"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let drawn = names_in(&lab.path("drawn"));
    for name in [
        "cosine.svg",
        "effective_step.svg",
        "slot_m_first_moment_mean_gradient.svg",
    ] {
        assert!(drawn.iter().any(|file| file == name), "{name}: {drawn:?}");
    }
    let columns = head
        .split(',')
        .filter(|name| name.starts_with("slot_m_"))
        .count();
    assert_eq!(columns, 2, "one a parameter");
}

#[test]
fn a_memory_that_no_run_has_is_refused() {
    let lab = Lab::new();
    lab.write("a.ron", HOMEWORK);
    for (figure, said) in [
        ("slot_theta_phi", "choose one of loss,"),
        ("slot_phi_slow_weights", "choose one of loss,"),
        (
            "slot_r_greatest_distance_from_the_start",
            "slot_m_first_moment_mean_gradient",
        ),
    ] {
        let ran = lab.run(&["export", "a.ron", "--figure", figure, "--format", "csv"]);
        assert_eq!(ran.code, Some(2), "{figure}: {}", ran.err);
        assert!(ran.err.contains(said), "{figure}: {}", ran.err);
    }
    let ran = lab.run(&["export", "hw3_q6", "--figure", "cosine"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("too many numbers"), "{}", ran.err);
}

#[test]
fn the_sharpness_along_the_runs_is_drawn_and_tabled() {
    let lab = Lab::new();
    // λ_max of 50·w1² + w2² is 100; gradient descent at 0.01 bears 2/0.01.
    lab.write(
        "bowl.ron",
        r#"(version: 1, title: "Bowl", epochs: 20,
            objective: Formula(expression: "50*w1^2 + w2^2", w1: (-2, 2), w2: (-2, 2), start: (1, 1)),
            runs: [(optimizer: "sgd", learning_rate: 0.01)])"#,
    );
    let export = |format: &str| {
        let arguments = [
            "export",
            "bowl.ron",
            "--figure",
            "sharpness",
            "--format",
            format,
        ];
        let ran = lab.run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    };
    export("csv");
    let text = lab.read("sharpness.csv");
    let head = "run,label,step,evaluations,sharpness,limit,met";
    assert_eq!(text.lines().next(), Some(head));
    let rows = rows(&text);
    assert_eq!(rows.len(), 21);
    for (step, row) in rows.iter().enumerate() {
        assert_eq!(row[2], step.to_string());
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        assert!((number(4) - 100.0).abs() < 1e-9, "{row:?}");
        assert!((number(5) - 200.0).abs() < 1e-9, "{row:?}");
        assert!((number(6) - 100.0).abs() < 1e-9, "{row:?}");
    }
    export("svg");
    let drawn = lab.read("sharpness.svg");
    assert!(
        drawn.contains("λ_max thick, limit thin"),
        "what the lines are"
    );
}

#[test]
fn the_plots_of_a_networks_layers_are_drawn_and_tabled() {
    let lab = Lab::new();
    lab.write(
        "spirals.ron",
        r#"(version: 1, title: "Spirals", epochs: 2,
            objective: Network(data: Spirals(examples: 64), architecture: "spiral", batch_size: 64),
            runs: [(optimizer: "sgd", learning_rate: 0.1)])"#,
    );
    let export = |arguments: &[&str]| {
        let mut all = vec!["export", "spirals.ron"];
        all.extend(arguments);
        lab.run(&all)
    };
    let ran = export(&["--figure", "layers", "--out", "layers"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let drawn = names_in(&lab.path("layers"));
    for name in ["gradient_norm_fc1.svg", "update_ratio_fc2.svg"] {
        assert!(drawn.iter().any(|file| file == name), "{name}: {drawn:?}");
    }
    let ran = export(&["--figure", "gradient_norm_fc1", "--format", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = export(&["--figure", "all", "--format", "csv", "--out", "all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let (one, all) = (
        lab.read("gradient_norm_fc1.csv"),
        lab.read("all/history.csv"),
    );
    let head: Vec<&str> = all.lines().next().unwrap().split(',').collect();
    let place = |name: &str| head.iter().position(|column| *column == name).unwrap();
    let (step, norm) = (place("step"), place("gradient_norm_fc1"));
    let recorded: Vec<_> = rows(&all)
        .into_iter()
        .filter(|row| !row[norm].is_empty())
        .map(|row| (row[step].clone(), row[norm].clone()))
        .collect();
    let exported: Vec<_> = rows(&one)
        .into_iter()
        .map(|row| (row[2].clone(), row[3].clone()))
        .collect();
    assert!(exported.len() >= 2);
    assert_eq!(exported, recorded);
    let ran = export(&["--figure", "gradient_norm_fc99"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("it has gradient_norm_fc1"), "{}", ran.err);
    let ran = lab.run(&["export", "hw3_q3a", "--figure", "layers"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("only a network"), "{}", ran.err);
}
