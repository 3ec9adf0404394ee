//! The cards of the runs.

use super::Bench;
use descent_lab::schedules::{Per, SCHEDULES, Schedule, Stage};
use egui::Key;
use egui_kittest::kittest::Queryable;

fn labels(bench: &Bench) -> Vec<String> {
    let runs = bench.experiment().runs.iter();
    runs.map(|run| run.display_label()).collect()
}

#[test]
fn a_rate_can_be_typed_and_moved_with_keys() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.enter("Learning rate of Adam", "0.1");
    assert_eq!(bench.experiment().runs[3].learning_rate, Some(0.1));
    let best = bench.laboratory().record().unwrap().history.traces[3].best;
    assert!(
        best.unwrap().loss < 1e-4,
        "what the notes of the experiment promise"
    );
    bench.focus("Learning rate of Adam, slider");
    bench.press(Key::ArrowRight);
    let moved = bench.experiment().runs[3].learning_rate.unwrap();
    assert!(moved > 0.1, "{moved}");
    bench.press(Key::ArrowLeft);
    assert!(bench.experiment().runs[3].learning_rate.unwrap() < moved);
    assert_eq!(bench.experiment().runs[..3], before.runs[..3]);
    bench.enter("Learning rate of Adam", "-3");
    assert!(bench.experiment().runs[3].learning_rate.unwrap() > 0.0);
}

#[test]
fn a_drag_of_the_rates_slider_is_one_undo_step() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.scroll_to("Learning rate of Adam, slider");
    let slider = bench.rect("Learning rate of Adam, slider");
    bench.drag(slider.center(), slider.right_center());
    assert_ne!(*bench.experiment(), before);
    bench.ctrl(Key::Z);
    assert_eq!(*bench.experiment(), before);
    assert!(bench.is_disabled("Undo"));
}

#[test]
fn the_schedule_can_be_chosen_and_its_decay_typed() {
    let mut bench = Bench::new();
    bench.click("Schedule of Gradient descent");
    bench.click("Constant");
    assert_eq!(bench.experiment().runs[0].schedule, Schedule::Constant);
    bench.click("Schedule of Gradient descent");
    bench.click("Inverse time (decay)");
    bench.enter("Decay of Gradient descent", "0.5");
    let Schedule::InverseTime { rate, .. } = bench.experiment().runs[0].schedule else {
        panic!("{:?}", bench.experiment().runs[0].schedule);
    };
    assert_eq!(rate, 0.5);
    let record = bench.laboratory().record().unwrap();
    let second = record.history.traces[0].frame_at(2).unwrap();
    assert_eq!(second.learning_rate, 0.001 / (1.0 + 0.5 * 2.0));
}

#[test]
fn every_schedule_can_be_chosen_and_has_its_picture() {
    let mut bench = Bench::new();
    bench.click("Settings of Gradient descent");
    for card in SCHEDULES {
        bench.click("Schedule of Gradient descent");
        bench.click(card.name);
        let schedule = &bench.experiment().runs[0].schedule;
        assert_eq!(*schedule, (card.template)());
        let is_constant = *schedule == Schedule::Constant;
        let picture = "Rate over the epochs of Gradient descent";
        assert_eq!(bench.has(picture), !is_constant, "{}", card.id);
    }
}

#[test]
fn a_warm_up_and_what_follows_it_are_set() {
    let mut bench = Bench::new();
    bench.click("Schedule of Gradient descent");
    bench.click("Warm-up, then …");
    bench.enter("Steps of Gradient descent", "5");
    bench.click("Schedule of then of Gradient descent");
    bench.click("Cosine");
    bench.enter("Steps of then of Gradient descent", "20.4");
    bench.enter("Floor of then of Gradient descent", "1e-5");
    assert!(!bench.has("Unit of Gradient descent"));
    bench.click("Settings of Gradient descent");
    bench.click("Unit of then of Gradient descent");
    bench.click("updates");
    let expected = Schedule::WarmUp {
        steps: 5,
        start_rate: 0.0,
        then: Box::new(Schedule::Cosine {
            steps: 20,
            floor: 1e-5,
            per: Per::Step,
        }),
        per: Per::Epoch,
    };
    assert_eq!(bench.experiment().runs[0].schedule, expected);
    let record = bench.laboratory().record().unwrap();
    let rate = |step| {
        record.history.traces[0]
            .frame_at(step)
            .unwrap()
            .learning_rate
    };
    assert_eq!((rate(1), rate(6), rate(30)), (0.0, 0.001, 1e-5));
}

#[test]
fn milestones_are_typed_as_a_list() {
    let mut bench = Bench::new();
    let milestones = |bench: &Bench| match &bench.experiment().runs[0].schedule {
        Schedule::MultiStep { milestones, .. } => milestones.clone(),
        other => panic!("{other:?}"),
    };
    bench.click("Schedule of Gradient descent");
    bench.click("Milestones");
    bench.enter("After of Gradient descent", "10, 20, 40");
    assert_eq!(milestones(&bench), [10, 20, 40]);
    bench.enter("After of Gradient descent", "no numbers");
    assert_eq!(milestones(&bench), [10, 20, 40]);
    bench.ctrl(Key::Z);
    assert_eq!(milestones(&bench), [15, 30]);
}

#[test]
fn stages_are_added_set_and_removed() {
    let mut bench = Bench::new();
    bench.click("Schedule of Gradient descent");
    bench.click("Sequence");
    bench.click("Add stage to Gradient descent");
    bench.click("Schedule of stage 3 of Gradient descent");
    bench.click("Exponential");
    bench.enter("Factor of stage 3 of Gradient descent", "0.5");
    bench.enter("Steps of stage 1 of Gradient descent", "7");
    bench.click("Remove stage 2 of Gradient descent");
    let stage = |steps, schedule| Stage { steps, schedule };
    let exponential = Schedule::Exponential {
        factor: 0.5,
        per: Per::Epoch,
    };
    let expected = Schedule::Sequence {
        stages: vec![stage(7, Schedule::Constant), stage(100, exponential)],
        per: Per::Epoch,
    };
    assert_eq!(bench.experiment().runs[0].schedule, expected);
    bench.click("Remove stage 1 of Gradient descent");
    assert!(bench.is_disabled("Remove stage 1 of Gradient descent"));
}

#[test]
fn the_settings_of_a_run_unfold_and_change() {
    let mut bench = Bench::new();
    assert!(!bench.has("beta1 of Adam"));
    bench.click("Settings of Adam");
    bench.enter("beta1 of Adam", "0.8");
    assert_eq!(bench.experiment().runs[3].hyperparameters["beta1"], 0.8);
    bench.enter("beta1 of Adam", "1.5");
    assert_eq!(bench.experiment().runs[3].hyperparameters["beta1"], 0.8);
    bench.enter("Label of Adam", "Quick");
    assert_eq!(bench.experiment().runs[3].label.as_deref(), Some("Quick"));
    bench.click("Settings of Quick");
    assert!(!bench.has("beta1 of Quick"));
}

#[test]
fn a_run_is_found_by_a_word_and_added() {
    let mut bench = Bench::new();
    bench.click("Add run");
    bench.wait_for("the field's focus", |bench| {
        bench.is_focused("Search optimizers")
    });
    bench.type_text("adabelief");
    assert!(bench.has("AdaBelief") && !bench.has("Nesterov momentum"));
    bench.press(Key::Enter);
    assert_eq!(bench.experiment().runs.len(), 5);
    assert_eq!(bench.experiment().runs[4].optimizer, "adabelief");
    assert!(!bench.has("Search optimizers"));
    assert!(bench.has("Settings of AdaBelief"));
    let record = bench.laboratory().record().unwrap();
    assert_eq!(record.history.traces.len(), 5);
    let colours = bench
        .experiment()
        .runs
        .iter()
        .map(|run| run.colour.unwrap());
    assert_eq!(colours.collect::<std::collections::BTreeSet<_>>().len(), 5);
}

#[test]
fn runs_are_duplicated_hidden_shown_alone_and_deleted() {
    let mut bench = Bench::new();
    let before = bench.experiment().clone();
    bench.click("Duplicate Momentum");
    assert_eq!(labels(&bench)[1..3], ["Momentum", "Momentum (copy)"]);
    assert_ne!(
        bench.experiment().runs[1].colour,
        bench.experiment().runs[2].colour
    );

    bench.click("Hide Momentum (copy)");
    assert!(!bench.experiment().runs[2].visible);
    bench.click("Show Momentum (copy)");
    assert!(bench.experiment().runs[2].visible);

    // The row of the readout.
    bench.click("Only Adam");
    let rows = |bench: &Bench, label: &str| {
        let name = format!("{label} at the playhead");
        bench.harness.query_all_by_label(&name).count()
    };
    assert_eq!((rows(&bench, "Adam"), rows(&bench, "Momentum")), (1, 0));
    bench.click("Only Adam");
    assert_eq!((rows(&bench, "Adam"), rows(&bench, "Momentum")), (1, 1));

    bench.click("Delete Momentum (copy)");
    assert_eq!(*bench.experiment(), before);
    for _ in 0..4 {
        bench.ctrl(Key::Z);
    }
    assert_eq!(*bench.experiment(), before);
    assert!(
        bench.is_disabled("Undo"),
        "solo is no change of the experiment"
    );
    assert!(!bench.is_unsaved());
}

#[test]
fn the_colour_goes_round() {
    let mut bench = Bench::new();
    let first = bench.experiment().runs[0].colour.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..descent_lab::experiment::RUN_COLOURS {
        bench.click("Colour of Gradient descent");
        seen.insert(bench.experiment().runs[0].colour.unwrap());
    }
    assert_eq!(bench.experiment().runs[0].colour, Some(first));
    assert_eq!(
        seen.len(),
        usize::from(descent_lab::experiment::RUN_COLOURS)
    );
}

#[test]
fn without_runs_the_window_says_what_to_do() {
    let mut bench = Bench::new();
    for run in labels(&bench) {
        bench.click(&format!("Delete {run}"));
    }
    assert!(bench.experiment().runs.is_empty());
    assert!(bench.says("No runs yet"));
    bench.ctrl(Key::Z);
    assert_eq!(labels(&bench), ["Adam"]);
}
