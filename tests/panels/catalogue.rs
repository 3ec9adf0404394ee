//! The browser of the catalogue.

use super::{Bench, preset};
use descent_lab::app::First;
use descent_lab::experiment::ObjectiveSpec;
use descent_lab::landscapes::LANDSCAPES;
use descent_lab::optimizers::OPTIMIZERS;
use descent_lab::optimizers::wrappers::WRAPPERS;
use descent_lab::schedules::SCHEDULES;
use egui::{Key, Vec2};
use egui_kittest::HarnessBuilder;

fn browse(bench: &mut Bench) {
    bench.ctrl(Key::R);
    bench.wait_for("the field's focus", |bench| {
        bench.is_focused("Search optimizers")
    });
}

#[test]
fn the_keys_go_through_the_rules_and_add_one() {
    let mut bench = Bench::new();
    browse(&mut bench);
    let first = OPTIMIZERS[0].card();
    assert!(bench.has(&format!("Add a run of {}", first.name)));
    bench.press(Key::ArrowDown);
    bench.press(Key::ArrowDown);
    let third = OPTIMIZERS[2].card();
    assert!(bench.has(&format!("Add a run of {}", third.name)));
    bench.press(Key::ArrowUp);
    bench.press(Key::ArrowUp);
    bench.press(Key::ArrowUp);
    assert!(bench.has(&format!("Add a run of {}", first.name)));
    bench.press(Key::PageDown);
    let ninth = OPTIMIZERS[8].card();
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().runs[4].optimizer, ninth.id);
    assert!(!bench.has("Search optimizers"));
    bench.ctrl(Key::Z);
    assert_eq!(bench.experiment().runs.len(), 4);
}

#[test]
fn a_rule_is_shown_in_full_and_added_with_a_click() {
    let mut bench = Bench::new();
    browse(&mut bench);
    bench.type_text("l-bfgs");
    let card = descent_lab::optimizers::find("lbfgs").unwrap().card();
    for line in card.formula {
        assert!(bench.has(line), "{line}");
    }
    assert!(bench.has(card.about) && bench.has(card.citation));
    assert!(bench.has(&card.needs.to_string()));
    for h in card.hyperparameters {
        assert!(bench.has(h.id) && bench.has(h.meaning), "{}", h.id);
    }
    bench.click(&format!("Add a run of {}", card.name));
    assert_eq!(bench.experiment().runs[4].optimizer, "lbfgs");
    assert!(bench.has(&format!("Settings of {}", card.name)));
}

#[test]
fn a_family_can_be_chosen() {
    let mut bench = Bench::new();
    browse(&mut bench);
    bench.click("Family");
    bench.click("classical");
    assert!(bench.has("Nelder–Mead") && !bench.has("AdaBelief"));
    bench.click("Nelder–Mead");
    assert!(bench.has("Add a run of Nelder–Mead"));
    bench.click("Family");
    bench.click("All families");
    assert!(bench.has("AdaBelief"));
    bench.click("AdaBelief");
    assert!(bench.has("Add a run of AdaBelief"));
    bench.type_text("no such words");
    assert!(bench.says("Nothing in the catalogue"));
    bench.press(Key::Enter);
    bench.press(Key::ArrowDown);
    bench.press(Key::Escape);
    assert_eq!(bench.experiment().runs.len(), 4);
}

#[test]
fn a_rule_that_is_refused_here_says_why_and_is_not_added() {
    let mut bench = Bench::new();
    browse(&mut bench);
    bench.type_text("muon");
    assert!(bench.is_disabled("Add a run of Muon"));
    assert!(bench.says("Refused here: it needs a weight matrix"));
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().runs.len(), 4);
    bench.click("Close the catalogue");
    assert!(!bench.has("Search optimizers"));
}

#[test]
fn wrappers_and_schedules_go_to_the_run_that_is_chosen() {
    let mut bench = Bench::new();
    bench.click("Settings of Momentum");
    browse(&mut bench);
    bench.click("Wrappers");
    bench.click("SAM");
    bench.click("Add the wrapper SAM");
    assert_eq!(bench.experiment().runs[1].wrappers.len(), 1);
    assert!(bench.has("rho of SAM of Momentum"), "its card is unfolded");

    browse(&mut bench);
    bench.click("Schedules");
    bench.click("Cosine");
    bench.click("Run to change");
    bench.click("Adam");
    bench.click("Use the schedule Cosine");
    let schedule = &bench.experiment().runs[3].schedule;
    assert_eq!(schedule.card().id, "Cosine");
    assert!(bench.has("Schedule of Adam"));
}

#[test]
fn a_landscape_is_found_and_used() {
    let mut bench = Bench::new();
    bench.press(Key::Escape);
    browse(&mut bench);
    bench.click("Landscapes");
    assert!(
        bench.is_disabled("Use the landscape Himmelblau"),
        "it is in use"
    );
    bench.wait_for("the field's focus", |bench| {
        bench.is_focused("Search the landscapes")
    });
    bench.type_text("bukin");
    bench.press(Key::Enter);
    let objective = &bench.experiment().objective;
    assert!(
        matches!(objective, ObjectiveSpec::Landscape { surface, .. } if surface == "bukin_6"),
        "{objective:?}"
    );
}

#[test]
fn everything_in_the_catalogue_can_be_looked_at() {
    let mut bench = Bench::new();
    browse(&mut bench);
    let shelves = [
        ("Optimizers", OPTIMIZERS.len()),
        ("Wrappers", WRAPPERS.len()),
        ("Schedules", SCHEDULES.len()),
        ("Landscapes", LANDSCAPES.len()),
    ];
    for (shelf, count) in shelves {
        bench.click(shelf);
        for _ in 0..count {
            bench.press(Key::ArrowDown);
        }
    }
    assert!(bench.has("Use the landscape One neuron"), "the last");
}

#[test]
fn the_browser_fits_windows_of_every_usual_size() {
    for size in [[1280.0, 800.0], [800.0, 600.0], [480.0, 420.0]] {
        let builder = HarnessBuilder::default().with_size(size);
        let home = tempfile::tempdir().unwrap();
        let mut bench = Bench::built(builder, home, First::Last);
        bench.load(preset("ai_notes_3"));
        browse(&mut bench);
        bench.type_text("adam");
        let window = egui::Rect::from_min_size(egui::Pos2::ZERO, Vec2::from(size));
        for name in [
            "Search optimizers",
            "Family",
            "Close the catalogue",
            "Add a run of Adam",
        ] {
            let rect = bench.rect(name);
            assert!(window.contains_rect(rect), "{size:?}, {name}: {rect}");
        }
    }
}
