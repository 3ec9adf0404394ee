//! Sizes from one point to a wall, and experiments that nobody would make.

use super::{Bench, First, preset, usual};
use descent_lab::experiment::{Experiment, RunSpec};
use egui::{Key, Theme};
use egui_kittest::HarnessBuilder;

const SIZES: [[f32; 2]; 8] = [
    [1.0, 1.0],
    [8.0, 8.0],
    [300.0, 200.0],
    [640.0, 480.0],
    [800.0, 600.0],
    [1280.0, 800.0],
    [1920.0, 1080.0],
    [3840.0, 2160.0],
];

/// A laboratory at this size, with a dialog opened and closed and a run unfolded.
fn visit(theme: Theme, size: [f32; 2], pixels_per_point: f32) {
    let builder = HarnessBuilder::default()
        .with_size(size)
        .with_theme(theme)
        .with_pixels_per_point(pixels_per_point);
    let home = tempfile::tempdir().unwrap();
    let mut bench = Bench::built(builder, home, First::BuiltIn("hw3_q3a_page"));
    assert_eq!(bench.harness.ctx.theme(), theme);
    assert_eq!(bench.harness.ctx.pixels_per_point(), pixels_per_point);
    for key in [Key::F1, Key::Escape, Key::Home, Key::N] {
        bench.press(key);
    }
    bench.ctrl(Key::P);
    bench.press(Key::Escape);
    assert_eq!(bench.step(), 0);
    let traces = &bench.laboratory().record().unwrap().history.traces;
    assert_eq!(traces.len(), bench.experiment().runs.len());
}

#[test]
fn every_size_is_drawn_in_the_dark_appearance() {
    for size in SIZES {
        visit(Theme::Dark, size, 1.0);
    }
}

#[test]
fn every_size_is_drawn_in_the_light_appearance() {
    for size in SIZES {
        visit(Theme::Light, size, 1.0);
    }
}

#[test]
fn every_size_is_drawn_on_finer_screens() {
    for size in SIZES.into_iter().filter(|size| size[0] < 1900.0) {
        visit(Theme::Dark, size, 2.0);
        visit(Theme::Light, size, 3.0);
    }
}

#[test]
fn a_narrow_window_shows_everything_in_turn() {
    let builder = HarnessBuilder::default().with_size([600.0, 500.0]);
    let mut bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    for (tab, control) in [
        ("Setup", "Start w1"),
        ("Plots", "At epoch 150"),
        ("Landscape", "Start point"),
    ] {
        assert!(!bench.has(control), "{control} before {tab}");
        bench.click(tab);
        assert!(bench.has(control), "{control} in {tab}");
        bench.click("Notes");
        assert!(bench.has("Edit notes"));
    }
}

#[test]
fn the_setup_scrolls_no_sideways_at_800_by_600() {
    let builder = HarnessBuilder::default().with_size([800.0, 600.0]);
    let bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    for name in ["Start w2", "Seed", "Learning rate of Adam", "Delete Adam"] {
        let rect = bench.rect(name);
        assert!(
            rect.left() >= 0.0 && rect.right() <= 260.0,
            "{name}: {rect}"
        );
    }
}

#[test]
fn the_usual_window_shows_every_panel() {
    let bench = Bench::new();
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0));
    let transport = bench.rect("Playhead");
    assert!(window.contains_rect(transport));
    for name in [
        "Play (Space)",
        "Number of epochs",
        "Speed in epochs a second",
    ] {
        let rect = bench.rect(name);
        assert!(window.contains_rect(rect), "{name}: {rect}");
    }
    for name in [
        "File",
        "Title of the experiment",
        "Undo",
        "Dark or light",
        "Start w1",
        "Gradient noise",
        "Seed",
        "Add run",
        "Learning rate of Gradient descent",
        "Decay of Gradient descent",
        "Learning rate of Momentum",
        "Start point",
        "log",
        "Edit notes",
    ] {
        let rect = bench.rect(name);
        let is_seen = window.contains_rect(rect) && rect.bottom() < transport.top();
        assert!(is_seen, "{name}: {rect}");
    }
}

/// As many runs, epochs and letters as asked for.
fn made_of(runs: Vec<RunSpec>, epochs: u64) -> Experiment {
    Experiment {
        runs,
        epochs,
        ..preset("ai_notes_1")
    }
}

fn with_start(mut experiment: Experiment, at: [f64; 2]) -> Experiment {
    experiment.objective.set_start(at);
    experiment
}

#[test]
fn hostile_experiments_are_drawn() {
    let many = [
        "sgd",
        "momentum",
        "nesterov",
        "rmsprop",
        "adam",
        "adabelief",
    ];
    let twelve: Vec<_> = many
        .iter()
        .chain(&many)
        .map(|id| RunSpec::new(id))
        .collect();
    let violent = RunSpec {
        learning_rate: Some(1e308),
        ..RunSpec::new("sgd")
    };
    let mut bench = Bench::new();
    for (what, experiment) in [
        ("no runs", made_of(Vec::new(), 150)),
        ("twelve runs", made_of(twelve.clone(), 150)),
        ("no epochs", made_of(twelve.clone(), 0)),
        (
            "a start far away",
            with_start(made_of(twelve.clone(), 20), [1e300, -1e300]),
        ),
        (
            "a start on the border",
            with_start(made_of(twelve, 20), [6.0, 6.0]),
        ),
        ("a rate without measure", made_of(vec![violent], 50)),
        (
            "Goldstein–Price left",
            with_start(preset("ai_notes_4"), [1.9, 1.9]),
        ),
    ] {
        bench.load(experiment.clone());
        for key in [Key::Home, Key::L, Key::ArrowRight, Key::End] {
            bench.press(key);
        }
        let record = bench.laboratory().record().unwrap();
        assert_eq!(record.history.traces.len(), experiment.runs.len(), "{what}");
        assert!(!bench.says("engine broke"), "{what}");
    }
}

/// Fonts for every script would be larger than the program; boxes are drawn instead.
#[test]
fn a_label_of_any_length_and_script_is_drawn() {
    let letters = "lines\nand 🦀 and مرحبا and \u{202e}turned ";
    let label: String = letters.chars().cycle().take(5000).collect();
    let run = RunSpec {
        label: Some(label.clone()),
        ..RunSpec::new("adam")
    };
    let mut experiment = made_of(vec![run], 150);
    experiment.title.clone_from(&label);
    experiment.notes.clone_from(&label);
    let builder = usual().allow_missing_glyphs();
    let mut bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    bench.load(experiment);
    let field = bench.rect(&format!("Learning rate of {label}"));
    assert!(field.right() < 480.0 && field.width() < 120.0, "{field}");
    assert!(bench.rect("Start point").is_positive());
}

#[test]
fn an_experiment_that_cannot_run_shows_why_and_keeps_the_last_record() {
    let mut bench = Bench::new();
    let record = bench.laboratory().record().unwrap().clone();
    let wrong = RunSpec {
        learning_rate: Some(-1.0),
        ..RunSpec::new("sgd")
    };
    let mut experiment = made_of(vec![wrong, RunSpec::new("adamn")], 150);
    experiment.runs[1]
        .hyperparameters
        .insert("beta9".into(), 1.0);
    bench.load(experiment);
    assert!(bench.says("This cannot run"));
    assert!(bench.says("unknown optimizer `adamn`") && bench.says("no optimizer `adamn`"));
    assert!(std::sync::Arc::ptr_eq(
        &record,
        bench.laboratory().record().unwrap()
    ));
    bench.load(preset("ai_notes_2"));
    assert!(!bench.says("This cannot run"));
    assert!(!std::sync::Arc::ptr_eq(
        &record,
        bench.laboratory().record().unwrap()
    ));
}
