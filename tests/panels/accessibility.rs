//! Names, roles, and the way of the keyboard through the window.

use super::{Bench, First, usual};
use descent_lab::experiment::preset;
use descent_lab::landscapes::LANDSCAPES;
use egui::accesskit::{Action, Role};
use egui::{Key, Modifiers, Rect};
use egui_kittest::HarnessBuilder;
use egui_kittest::kittest::NodeT;

/// What can have the focus and has no name, or no role.
fn nameless(bench: &Bench) -> Vec<String> {
    let nodes = bench.harness.root().children_recursive();
    let can_have_focus = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.data().supports_action(Action::Focus) && !node.is_hidden()
    };
    nodes
        .filter(can_have_focus)
        .filter_map(|node| {
            let node = node.accesskit_node();
            let has = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
            let is_named = node.label().is_some_and(|label| !label.trim().is_empty())
                || has(node.data().placeholder());
            let has_role = !matches!(node.role(), Role::Unknown | Role::GenericContainer);
            let role = node.role();
            let label = node.label();
            let place = node.raw_bounds();
            (!is_named || !has_role).then(|| format!("{role:?} {label:?} {place:?}"))
        })
        .collect()
}

#[track_caller]
fn check(bench: &Bench, what: &str) {
    assert_eq!(nameless(bench), Vec::<String>::new(), "{what}");
}

#[test]
fn every_control_of_every_panel_has_a_name_and_a_role() {
    let mut bench = Bench::new();
    check(&bench, "at first");
    for run in ["Gradient descent", "Adam"] {
        bench.click(&format!("Settings of {run}"));
        check(&bench, run);
    }
    bench.click("Add wrapper to Adam");
    check(&bench, "wrappers");
    bench.click("Lookahead");
    check(&bench, "a wrapper");
    for key in [Key::Num3, Key::Num4] {
        bench.press(key);
        check(&bench, "the surface");
    }
    bench.click("Edit notes");
    check(&bench, "the notes");
    bench.click("Done with the notes");
    let builder = HarnessBuilder::default().with_size([600.0, 500.0]);
    let mut narrow = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    for tab in ["Setup", "Landscape", "Plots", "Notes"] {
        narrow.click(tab);
        check(&narrow, tab);
    }
}

#[test]
fn a_narrow_windows_tabs_are_called_as_what_they_show() {
    let builder = HarnessBuilder::default().with_size([600.0, 500.0]);
    let mut narrow = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    narrow.click("Landscape");
    narrow.load(preset::read(crate::continual::POINTS).unwrap());
    assert!(!narrow.has("Landscape"));
    narrow.click("Curves");
    assert!(narrow.says("Test accuracy on task 1"));
}

#[test]
fn every_control_of_tasks_has_a_name_and_a_role() {
    let mut bench = Bench::new();
    bench.load(preset::read(crate::continual::POINTS).unwrap());
    bench.click("Settings of Held");
    check(&bench, "the tasks and a remedy");
    for scenario in ["equally many classes", "rearranged inputs", "turned inputs"] {
        bench.click("Scenario");
        check(&bench, "the scenarios");
        bench.click(scenario);
        check(&bench, scenario);
    }
    for part in [
        "Accuracy matrix",
        "Definitions",
        "Units",
        "concepts",
        "Plane of the tasks",
    ] {
        bench.click(part);
        check(&bench, part);
    }
}

#[test]
fn every_control_of_every_dialog_and_menu_has_a_name_and_a_role() {
    let mut bench = Bench::new();
    let shift = Modifiers::COMMAND | Modifiers::SHIFT;
    for (modifiers, key) in [
        (Modifiers::COMMAND, Key::O),
        (shift, Key::S),
        (Modifiers::COMMAND, Key::P),
        (Modifiers::COMMAND, Key::R),
        (shift, Key::E),
        (Modifiers::NONE, Key::T),
        (Modifiers::NONE, Key::F1),
    ] {
        bench.press_with(modifiers, key);
        check(&bench, &format!("{key:?}"));
        bench.press(Key::Escape);
    }
    for menu in ["File", "Edit", "View", "Play", "Help"] {
        bench.click(menu);
        check(&bench, menu);
        bench.press(Key::Escape);
    }
    for (menu, item) in [("Help", "About Descent Lab"), ("View", "Keep layout…")] {
        bench.click(menu);
        bench.click(item);
        check(&bench, item);
        bench.press(Key::Escape);
    }
    bench.click("Choose plots");
    check(&bench, "the choice of plots");
    bench.press(Key::Escape);
    bench.press(Key::B);
    check(&bench, "one large plot");
    bench.press(Key::B);
    bench.focus("Plots panel: move or hide");
    bench.press(Key::Enter);
    check(&bench, "a panel's menu");
}

/// The control that has the focus.
fn focused(bench: &Bench) -> Option<(String, Rect)> {
    let mut nodes = bench.harness.root().children_recursive();
    let node = nodes.find(|node| node.accesskit_node().is_focused())?;
    let name = node.accesskit_node().label().unwrap_or_default();
    Some((name, node.rect()))
}

fn tab(bench: &mut Bench) {
    bench.harness.key_press(Key::Tab);
    bench.harness.run_steps(3);
}

/// Every control that Tab leads to, in its order, once.
fn walk(bench: &mut Bench) -> Vec<(String, Rect)> {
    let mut found: Vec<(String, Rect)> = Vec::new();
    for _ in 0..400 {
        tab(bench);
        let Some(next) = focused(bench) else { continue };
        if found.first().is_some_and(|first| first.0 == next.0) {
            return found;
        }
        found.push(next);
    }
    panic!("Tab does not come back: {found:?}");
}

/// The part of the window that a control stands in, in reading order.
fn region(at: Rect, title: Rect, playhead: Rect, handles: &[f32]) -> usize {
    if at.center().y < title.bottom() + 4.0 {
        return 0;
    }
    if at.center().y >= playhead.top() {
        return 9;
    }
    1 + handles.iter().filter(|left| at.center().x > **left).count()
}

/// Tall windows show everything without scrolling, so places can be compared.
#[test]
fn the_keyboard_goes_through_the_window_as_it_is_read() {
    let builder = usual().with_size([1600.0, 1800.0]);
    let mut bench = Bench::built(builder, tempfile::tempdir().unwrap(), First::Last);
    let way = walk(&mut bench);
    assert!(way.len() > 60, "{}", way.len());
    let title = bench.rect("Title of the experiment");
    let playhead = bench.rect("Playhead");
    let boundaries = [
        "Boundary between Setup and Landscape",
        "Boundary between Landscape and Plots",
    ];
    let handles = boundaries.map(|name| bench.rect(name).center().x);
    // Boundaries lie between two panels, the ring and the heads anywhere on the landscape; the gallery's
    // pictures scroll, so that most stand where they are not seen.
    let is_picture = |name: &str| LANDSCAPES.iter().any(|known| known.card().name == name);
    let is_switch = |name: &str| ["log", "Plot against evaluations"].contains(&name);
    let is_free = |name: &str| {
        name.starts_with("Boundary")
            || name.starts_with("Head of")
            || name == "Start point"
            || is_picture(name)
            || is_switch(name)
    };
    let ordered: Vec<_> = way.iter().filter(|(name, _)| !is_free(name)).collect();
    for pair in ordered.windows(2) {
        let [(first, a), (second, b)] = pair else {
            unreachable!()
        };
        let place = |at: &Rect| region(*at, title, playhead, &handles);
        let (before, behind) = (place(a), place(b));
        assert!(before <= behind, "{second} ({b}) comes after {first} ({a})");
        if before == behind {
            let same_row =
                a.y_range().intersection(b.y_range()).span() > 0.4 * a.height().min(b.height());
            let is_read = if same_row {
                a.left() <= b.left()
            } else {
                a.top() < b.bottom()
            };
            assert!(is_read, "{second} ({b}) comes after {first} ({a})");
        }
    }
}

/// Goes on with Tab until this control has the focus.
#[track_caller]
fn tab_to(bench: &mut Bench, name: &str) {
    for _ in 0..400 {
        if focused(bench).is_some_and(|(focused, _)| focused == name) {
            bench.settle();
            return;
        }
        tab(bench);
    }
    panic!("Tab does not lead to {name}");
}

#[test]
fn an_experiment_is_made_with_the_keyboard_alone() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();

    tab_to(&mut bench, "Add run");
    bench.press(Key::Enter);
    bench.wait_for("the field's focus", |bench| {
        bench.is_focused("Search optimizers")
    });
    bench.type_text("adabelief");
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().runs[4].optimizer, "adabelief");

    tab_to(&mut bench, "Learning rate of AdaBelief, slider");
    let rate = bench.experiment().runs[4].base_rate();
    bench.press_with(Modifiers::SHIFT, Key::ArrowRight);
    bench.press(Key::ArrowRight);
    assert!(bench.experiment().runs[4].base_rate() > 3.0 * rate);
    if !bench.has("beta1 of AdaBelief, slider") {
        tab_to(&mut bench, "Run AdaBelief");
        bench.press(Key::Enter);
    }
    tab_to(&mut bench, "beta1 of AdaBelief");
    bench.press(Key::ArrowDown);
    assert!(bench.experiment().runs[4].hyperparameters["beta1"] < 0.9);
    bench.press(Key::Enter);

    tab_to(&mut bench, "Play (Space)");
    bench.press(Key::Enter);
    bench.wait_for("the playhead", |bench| (4..150).contains(&bench.step()));
    bench.press(Key::Enter);
    assert!(!bench.laboratory().playhead().playing);
    tab_to(&mut bench, "Playhead");
    bench.press(Key::Home);
    bench.press(Key::ArrowRight);
    bench.press_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(bench.step(), 11);

    let path = bench.file("keys.svg");
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    tab_to(&mut bench, "Path to export to");
    bench.ctrl(Key::A);
    bench.type_text(path.to_str().unwrap());
    tab_to(&mut bench, "Export to file");
    bench.press(Key::Enter);
    bench.wait_for("the file", |bench| bench.says("Exported to"));
    assert!(path.is_file());

    for _ in 0..20 {
        bench.ctrl(Key::Z);
    }
    assert_eq!(*bench.experiment(), before);
    assert!(bench.is_disabled("Undo") && !bench.is_unsaved());
}
