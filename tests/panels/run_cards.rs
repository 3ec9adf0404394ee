//! Runs copied, pasted, moved, and what the right button offers.

use super::Bench;
use egui::{Event, Key, Modifiers, OutputCommand, PointerButton, Pos2};

fn rules(bench: &Bench) -> Vec<String> {
    let runs = bench.experiment().runs.iter();
    runs.map(|run| run.optimizer.clone()).collect()
}

/// What the next frame puts on the clipboard.
fn copied(bench: &mut Bench) -> Option<String> {
    bench.harness.step();
    let commands = &bench.harness.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

fn paste(bench: &mut Bench, text: &str) {
    bench.harness.event(Event::Paste(text.into()));
    bench.settle();
}

fn right_click(bench: &mut Bench, at: Pos2) {
    bench.harness.hover_at(at);
    bench.harness.run_steps(2);
    for pressed in [true, false] {
        bench.harness.event(Event::PointerButton {
            pos: at,
            button: PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        bench.harness.step();
    }
    bench.settle();
}

#[test]
fn a_run_is_copied_into_another_window() {
    let mut bench = Bench::new();
    bench.enter("Learning rate of Adam", "0.0125");
    bench.click("Run Adam");
    assert!(bench.has("beta1 of Adam"), "a click on the name unfolds");
    bench.harness.event(Event::Copy);
    let text = copied(&mut bench).unwrap();
    assert!(text.contains("adam") && text.contains("0.0125"), "{text}");

    let mut other = Bench::new();
    let before = other.experiment().clone();
    paste(&mut other, &text);
    let runs = &other.experiment().runs;
    assert_eq!(runs.len(), before.runs.len() + 1);
    let pasted = runs.last().unwrap();
    assert_eq!(pasted.optimizer, "adam");
    assert_eq!(pasted.learning_rate, Some(0.0125));
    assert!(before.runs.iter().all(|run| run.colour != pasted.colour));
    other.ctrl(Key::Z);
    assert_eq!(*other.experiment(), before);
}

#[test]
fn anything_else_on_the_clipboard_says_what_is_wrong() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    for (text, said) in [
        ("a sentence from somewhere", "no run such as"),
        ("(optimizer: \"adamn\")", "unknown optimizer"),
    ] {
        paste(&mut bench, text);
        assert!(bench.says("The clipboard has no run to paste") && bench.says(said));
    }
    assert_eq!(*bench.experiment(), before);
}

#[test]
fn a_text_field_keeps_its_own_clipboard() {
    let mut bench = Bench::new();
    let before = bench.experiment().runs.clone();
    bench.focus("Title of the experiment");
    bench.ctrl(Key::A);
    paste(&mut bench, "(optimizer: \"sgd\")");
    assert_eq!(bench.experiment().title, "(optimizer: \"sgd\")");
    assert_eq!(bench.experiment().runs, before);
}

#[test]
fn without_a_run_at_hand_copying_says_what_to_do() {
    let mut bench = Bench::new();
    bench.harness.event(Event::Copy);
    assert_eq!(copied(&mut bench), None);
    bench.settle();
    assert!(bench.says("Choose a run first"));
}

#[test]
fn runs_change_places_by_keys() {
    let mut bench = Bench::new();
    let before = rules(&bench);
    bench.focus("Run Adam");
    bench.press_with(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(rules(&bench)[2], before[3]);
    assert_eq!(rules(&bench)[3], before[2]);
    bench.press_with(Modifiers::ALT, Key::ArrowUp);
    bench.press_with(Modifiers::ALT, Key::ArrowDown);
    bench.press_with(Modifiers::ALT, Key::ArrowDown);
    bench.press_with(Modifiers::ALT, Key::ArrowDown);
    assert_eq!(rules(&bench).len(), before.len());
    for _ in 0..6 {
        bench.ctrl(Key::Z);
    }
    assert_eq!(rules(&bench), before);
}

#[test]
fn a_run_is_dragged_to_another_place() {
    let mut bench = Bench::new();
    let before = rules(&bench);
    bench.click("Settings of Gradient descent");
    bench.click("Settings of Gradient descent");
    let from = bench.rect("Run Momentum").left_center() + egui::vec2(10.0, 0.0);
    let to = bench.rect("Run Gradient descent").center() - egui::vec2(0.0, 6.0);
    bench.drag(from, to);
    let expected = [&before[1], &before[0], &before[2], &before[3]];
    assert_eq!(rules(&bench).iter().collect::<Vec<_>>(), expected);
    bench.ctrl(Key::Z);
    assert_eq!(rules(&bench), before);
}

#[test]
fn the_right_button_offers_what_the_menus_do() {
    let mut bench = Bench::new();
    let at = bench.rect("Run Momentum").center();
    right_click(&mut bench, at);
    assert!(bench.has("Copy run") && bench.has("Move run up"));
    bench.click("Duplicate run");
    assert_eq!(bench.experiment().runs.len(), 5);
    bench.ctrl(Key::Z);

    let plot = bench.rect("Start point").center() + egui::vec2(90.0, 90.0);
    right_click(&mut bench, plot);
    bench.click("Landscape in 3-D 3");
    assert!(bench.has("Reset view"), "the surface's row has it");
    let surface = bench.rect("Edit notes").center() - egui::vec2(200.0, 200.0);
    right_click(&mut bench, surface);
    bench.click("Landscape in 2-D 2");
    assert!(!bench.has("Contours on the floor"));
}
