//! The landscape as a surface in space.

use super::{Bench, First, preset, usual};
use descent_lab::experiment::RunSpec;
use descent_lab::landscapes;
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::HarnessBuilder;
use egui_kittest::kittest::{NodeT, Queryable};

const RING: &str = "Start point on the surface";

/// A laboratory that shows the surface, on its own.
fn in_space(first: First) -> Bench {
    let mut bench = Bench::on(first);
    bench.click("3-D");
    wait_for_surface(&mut bench);
    bench
}

fn wait_for_surface(bench: &mut Bench) {
    bench.wait_for("the surface", |bench| bench.has(RING));
    bench.settle();
}

/// The name of the surface, which says from where it is seen.
fn view(bench: &Bench) -> String {
    let node = bench.harness.get_by_label_contains("Surface of");
    node.accesskit_node().label().unwrap()
}

fn canvas(bench: &Bench) -> Rect {
    bench.harness.get_by_label_contains("Surface of").rect()
}

/// The texts that tell of the point under the pointer.
fn readouts(bench: &Bench) -> Vec<String> {
    let shapes = bench.harness.output().shapes.iter();
    shapes
        .filter_map(|clipped| match &clipped.shape {
            egui::Shape::Text(text) if text.galley.text().contains("∇J") => {
                Some(text.galley.text().to_owned())
            }
            _ => None,
        })
        .filter(|text| text.starts_with("w1"))
        .collect()
}

/// The numbers of a readout: w1, w2, J and the two parts of ∇J.
fn numbers(readout: &str) -> Vec<f64> {
    let plain: String = readout
        .replace('−', "-")
        .chars()
        .map(|c| {
            if c.is_ascii_digit() || ".-".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words = plain.split_whitespace().skip_while(|word| *word != "1");
    let all: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
    // Without the digits of the names w1 and w2.
    vec![all[1], all[3], all[4], all[5], all[6]]
}

fn hover(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.run_steps(3);
}

#[test]
fn keys_and_buttons_choose_the_view_and_it_is_remembered() {
    let mut bench = Bench::new();
    assert!(bench.has("Start point") && !bench.has(RING));
    bench.press(Key::Num3);
    wait_for_surface(&mut bench);
    assert!(!bench.has("Start point"), "the map makes room");
    bench.press(Key::Num3);
    assert!(bench.has("Start point") && !bench.has(RING));
    bench.click("Both");
    wait_for_surface(&mut bench);
    assert!(bench.has("Start point"));
    for name in [
        "Linear height",
        "Logarithmic height",
        "Contours on the floor",
        "No contours",
        "Contours on the surface",
    ] {
        bench.click(name);
        wait_for_surface(&mut bench);
    }
    bench.press(Key::H);
    bench.press(Key::C);
    let Bench { harness, home } = bench;
    drop(harness);
    let mut again = Bench::at(home, First::Last);
    wait_for_surface(&mut again);
    assert!(again.has("Start point"));
    again.press(Key::Num2);
    assert!(!again.has(RING) && !again.has("Linear height"));
}

#[test]
fn dragging_and_arrow_keys_turn_the_surface_and_reset_turns_it_back() {
    let mut bench = in_space(First::Last);
    let before = view(&bench);
    let empty = canvas(&bench).left_top() + vec2(40.0, 40.0);
    bench.drag(empty, empty + vec2(80.0, 30.0));
    let turned = view(&bench);
    assert_ne!(turned, before);
    assert_eq!(
        bench.experiment().start(),
        [0.0, 0.0],
        "only the view moved"
    );
    bench.press(Key::R);
    assert_eq!(view(&bench), before);
    // A click gives it the focus; arrow keys then turn it and not the playhead.
    bench.harness.hover_at(empty);
    bench.harness.drag_at(empty);
    bench.harness.drop_at(empty);
    bench.settle();
    bench.press(Key::ArrowRight);
    bench.press(Key::ArrowUp);
    let keyed = view(&bench);
    assert!(keyed != before && keyed != turned, "{keyed}");
    assert_eq!(bench.step(), 150);
    bench.press(Key::Plus);
    assert!(view(&bench).contains("zoom 1.15"), "{}", view(&bench));
    bench.click("Reset view");
    assert_eq!(view(&bench), before);
}

#[test]
fn shift_and_drag_moves_and_the_wheel_zooms_at_the_pointer() {
    let mut bench = in_space(First::Last);
    let before = view(&bench);
    let ring = bench.rect(RING).center();
    let from = canvas(&bench).left_top() + vec2(40.0, 40.0);
    bench
        .harness
        .event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    bench.drag(from, from + vec2(40.0, 25.0));
    bench
        .harness
        .event(egui::Event::ModifiersChanged(Modifiers::NONE));
    let moved = bench.rect(RING).center();
    assert_eq!(view(&bench), before, "it did not turn");
    assert!(
        moved.distance(ring + vec2(40.0, 25.0)) < 2.0,
        "{ring} {moved}"
    );
    let still = moved + vec2(60.0, 0.0);
    hover(&mut bench, still);
    let there = numbers(&readouts(&bench)[0]);
    bench.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 60.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    bench.harness.run_steps(30);
    assert_ne!(view(&bench), before);
    let now = numbers(&readouts(&bench)[0]);
    assert!((there[0] - now[0]).abs() < 0.05 && (there[1] - now[1]).abs() < 0.05);
}

#[test]
fn the_point_under_the_mouse_reads_as_the_landscape_is() {
    for id in ["ai_notes_1", "ai_notes_2", "hw3_q3a_page"] {
        let mut bench = in_space(First::BuiltIn(built_in_id(id)));
        let record = bench.laboratory().record().unwrap();
        let landscape = record.checked.objective.landscape().unwrap().clone();
        let frame = canvas(&bench);
        let mut read = 0;
        for (x, y) in [(0.5, 0.55), (0.35, 0.5), (0.6, 0.45), (0.45, 0.4)] {
            hover(&mut bench, frame.lerp_inside(vec2(x, y)));
            let Some(text) = readouts(&bench).first().cloned() else {
                continue;
            };
            if text.contains('·') {
                continue;
            }
            let told = numbers(&text);
            let (height, slope) = landscapes::gradient::<f64>(&*landscape, [told[0], told[1]]);
            // w is told in four digits; J may differ by what the rest of them matters.
            let slack = 1e-3 * (slope[0].abs() + slope[1].abs() + height.abs());
            assert!((told[2] - height).abs() <= slack, "{text}: {height}");
            let (_, _, curvature) = landscapes::hessian(&*landscape, [told[0], told[1]]);
            for part in 0..2 {
                let bend = curvature[part][0].abs() + curvature[part][1].abs();
                let steep = 1e-3 * (bend + slope[part].abs());
                assert!(
                    (told[3 + part] - slope[part]).abs() <= steep,
                    "{text}: {slope:?}"
                );
            }
            read += 1;
        }
        assert!(read > 1, "{id}");
    }
}

fn built_in_id(id: &str) -> &'static str {
    descent_lab::experiment::built_in::find(id).unwrap().id
}

#[test]
fn both_views_mark_the_point_under_the_pointer_and_say_the_same() {
    let mut bench = Bench::new();
    bench.press(Key::Num4);
    wait_for_surface(&mut bench);
    assert!(readouts(&bench).is_empty());
    let on_map = bench.rect("Start point").center() + vec2(50.0, 30.0);
    let on_surface = bench.rect(RING).center() + vec2(-40.0, 25.0);
    for at in [on_map, on_surface] {
        hover(&mut bench, at);
        let texts = readouts(&bench);
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert_eq!(texts[0], texts[1]);
    }
}

#[test]
fn the_start_is_dragged_over_the_surface() {
    let mut bench = in_space(First::Last);
    let before = bench.experiment().clone();
    let ring = bench.rect(RING).center();
    let to = ring + vec2(70.0, 20.0);
    bench.drag(ring, to);
    assert_ne!(bench.experiment().start(), before.start());
    assert!(bench.rect(RING).center().distance(to) < 1.5);
    bench.ctrl(Key::Z);
    assert_eq!(*bench.experiment(), before);
    for _ in 0..2 {
        bench.harness.hover_at(to);
        bench.harness.drag_at(to);
        bench.harness.drop_at(to);
    }
    bench.settle();
    let now = bench.rect(RING).center();
    assert!(
        now.distance(to) < 1.5,
        "a double-click at {to}: {now}, not {ring}"
    );
}

#[test]
fn every_size_and_every_experiment_is_drawn_in_space() {
    for size in [
        [1.0, 1.0],
        [8.0, 8.0],
        [300.0, 200.0],
        [800.0, 600.0],
        [1920.0, 1080.0],
    ] {
        let builder = HarnessBuilder::default().with_size(size);
        let home = tempfile::tempdir().unwrap();
        let mut bench = Bench::built(builder, home, First::BuiltIn("hw3_q3a_page"));
        for key in [
            Key::Num3,
            Key::Num4,
            Key::H,
            Key::C,
            Key::C,
            Key::Home,
            Key::End,
        ] {
            bench.press(key);
        }
    }
    let mut bench = in_space(First::Last);
    let violent = RunSpec {
        learning_rate: Some(1e308),
        ..RunSpec::new("sgd")
    };
    let mut experiment = preset("ai_notes_1");
    experiment.runs.push(violent);
    experiment.assign_colours();
    bench.load(experiment);
    for key in [Key::Home, Key::ArrowRight, Key::End, Key::H, Key::C] {
        bench.press(key);
    }
    for landscape in landscapes::LANDSCAPES.iter().step_by(7) {
        bench.click(landscape.card().name);
        wait_for_surface(&mut bench);
    }
}

#[test]
fn the_usual_and_the_small_window_show_every_control() {
    for size in [[1280.0, 800.0], [800.0, 600.0]] {
        let home = tempfile::tempdir().unwrap();
        let mut bench = Bench::built(usual().with_size(size), home, First::Last);
        bench.press(Key::Num3);
        wait_for_surface(&mut bench);
        let frame = canvas(&bench);
        assert!(frame.width() > 300.0 && frame.height() > 250.0, "{frame}");
        for name in [
            "2-D",
            "3-D",
            "Both",
            "Linear height",
            "No contours",
            "Reset view",
        ] {
            let rect = bench.rect(name);
            assert!(rect.right() <= frame.right() + 1.0 && rect.bottom() <= frame.top() + 1.0);
        }
    }
}

/// How many circles of this radius are drawn.
fn circles(bench: &Bench, radius: f32) -> usize {
    let shapes = bench.harness.output().shapes.iter();
    let is_one = |shape: &egui::Shape| matches!(shape, egui::Shape::Circle(circle) if circle.radius == radius);
    shapes.filter(|clipped| is_one(&clipped.shape)).count()
}

/// How many trails of the pinned experiment have their name beside them.
fn pinned_names(bench: &Bench) -> usize {
    let shapes = bench.harness.output().shapes.iter();
    let is_one = |shape: &egui::Shape| matches!(shape, egui::Shape::Text(text) if text.galley.text().ends_with("(pinned)"));
    shapes.filter(|clipped| is_one(&clipped.shape)).count()
}

#[test]
fn trails_of_other_starts_and_of_the_pinned_experiment_lie_on_the_surface() {
    let mut bench = in_space(First::Last);
    assert_eq!((circles(&bench, 2.5), pinned_names(&bench)), (0, 0));
    let mut several = bench.experiment().clone();
    several.starts = vec![vec![0.0, 0.0], vec![1.0, 2.0], vec![-2.0, 1.0]];
    bench.load(several.clone());
    wait_for_surface(&mut bench);
    let record = bench.laboratory().record().unwrap();
    let card = record.checked.objective.landscape().unwrap().card();
    let ends = record.history.variations.iter().flat_map(|v| &v.traces);
    let inside = ends.filter(|trace| {
        let last = trace.parameters().last();
        last.is_some_and(|w| card.contains([w[0], w[1]]))
    });
    let expected = inside.count();
    assert!(expected > 4, "{expected} heads from other starts");
    assert_eq!(circles(&bench, 2.5), expected);
    // A ring and its outline at every other start.
    assert_eq!(circles(&bench, 3.5), 2 * 2);
    bench.press(Key::G);
    bench.enter("Start w1", "0.5");
    let names = pinned_names(&bench);
    assert!(names > 0, "the pinned trails are named");
    // Both views at once show them twice.
    bench.press(Key::Num4);
    wait_for_surface(&mut bench);
    assert!(pinned_names(&bench) >= 2 * names);
    bench.press_with(Modifiers::SHIFT, Key::G);
    assert_eq!(pinned_names(&bench), 0);
}

#[test]
fn of_very_many_starts_the_surface_says_how_many_it_shows() {
    let mut bench = in_space(First::Last);
    let mut many = bench.experiment().clone();
    let range = landscapes::LANDSCAPES[0].card().range;
    many.starts = descent_lab::experiment::starts::random(range, 900, 3);
    many.epochs = 20;
    bench.load(many);
    wait_for_surface(&mut bench);
    let shapes = bench.harness.output().shapes.iter();
    let mut texts = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
        _ => None,
    });
    let said = texts.find(|text| text.starts_with("Trails of ")).unwrap();
    assert!(said.ends_with("of 900 starts and seeds"), "{said}");
}
