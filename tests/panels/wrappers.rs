//! What an unfolded run card offers beside the rate: conventions, settings, wrappers.

use super::{Bench, preset};
use descent_lab::experiment::{Experiment, RunSpec};
use descent_lab::optimizers::OPTIMIZERS;
use egui::Key;

fn runs_of(ids: &[&str]) -> Experiment {
    let mut experiment = preset("ai_notes_1");
    experiment.runs = ids.iter().map(|id| RunSpec::new(id)).collect();
    experiment.assign_colours();
    experiment
}

fn wrappers(bench: &Bench, run: usize) -> Vec<&'static str> {
    let wrappers = bench.experiment().runs[run].wrappers.iter();
    wrappers.map(|wrapper| wrapper.card().id).collect()
}

#[test]
fn wrappers_are_added_set_moved_and_removed() {
    let mut bench = Bench::new();
    bench.load(runs_of(&["adam"]));
    bench.click("Settings of Adam");
    bench.click("Add wrapper to Adam");
    bench.click("Clip by norm");
    bench.enter("norm of Clip by norm of Adam + Clip by norm", "0.5");
    assert_eq!(bench.experiment().runs[0].wrappers[0].settings, [0.5]);
    bench.click("Add wrapper to Adam + Clip by norm");
    bench.click("SAM");
    assert_eq!(wrappers(&bench, 0), ["ClipNorm", "Sam"]);
    assert!(bench.says("Adam inside Clip by norm inside SAM"));
    assert!(bench.says("Used 300 evaluations of the objective in 150 updates"));

    assert!(bench.is_disabled("Move SAM of Adam + Clip by norm + SAM outward"));
    bench.click("Move SAM of Adam + Clip by norm + SAM inward");
    assert_eq!(wrappers(&bench, 0), ["Sam", "ClipNorm"]);
    assert_eq!(bench.experiment().runs[0].wrappers[1].settings, [0.5]);
    assert!(bench.says("SAM inside Clip by norm"));
    bench.click("Move SAM of Adam + SAM + Clip by norm outward");
    assert_eq!(wrappers(&bench, 0), ["ClipNorm", "Sam"]);
    bench.click("Remove Clip by norm of Adam + Clip by norm + SAM");
    assert_eq!(wrappers(&bench, 0), ["Sam"]);
    bench.ctrl(Key::Z);
    assert_eq!(wrappers(&bench, 0), ["ClipNorm", "Sam"]);
}

#[test]
fn the_same_wrapper_twice_has_two_names() {
    let mut bench = Bench::new();
    bench.load(runs_of(&["sgd"]));
    bench.click("Settings of Gradient descent");
    bench.click("Add wrapper to Gradient descent");
    bench.click("SAM");
    bench.click("Add wrapper to Gradient descent + SAM");
    bench.click("SAM");
    bench.enter("rho of SAM 2 of Gradient descent + SAM + SAM", "0.5");
    assert_eq!(bench.experiment().runs[0].wrappers[1].settings, [0.5]);
    assert_eq!(bench.experiment().runs[0].wrappers[0].settings, [0.05]);
}

#[test]
fn a_setting_goes_back_to_its_default_and_is_then_not_kept() {
    let mut bench = Bench::new();
    bench.load(runs_of(&["adam"]));
    bench.click("Settings of Adam");
    assert!(!bench.has("Reset beta1 of Adam"));
    bench.enter("beta1 of Adam", "0.8");
    bench.control("Reset beta1 of Adam").click_accesskit();
    bench.settle();
    assert!(bench.experiment().runs[0].hyperparameters.is_empty());
    assert!(!bench.has("Reset beta1 of Adam"));

    bench.enter("beta1 of Adam", "0.7");
    bench.click("Reset beta1 of Adam");
    let own = |bench: &Bench| bench.experiment().runs[0].hyperparameters.len();
    assert_eq!(own(&bench), 1, "one click of the mouse is not meant");
    bench.control("Reset beta1 of Adam").click();
    bench.control("Reset beta1 of Adam").click();
    bench.settle();
    assert_eq!(own(&bench), 0);
    bench.enter("beta2 of Adam", "0.9");
    bench.enter("beta2 of Adam", "0.999");
    assert_eq!(own(&bench), 0);
}

#[test]
fn choices_are_menus_and_counts_are_whole() {
    let mut bench = Bench::new();
    bench.load(runs_of(&["adahessian", "adam"]));
    bench.click("Settings of AdaHessian");
    bench.click("sampled of AdaHessian");
    bench.click("Hutchinson's estimate");
    assert_eq!(bench.experiment().runs[0].hyperparameters["sampled"], 1.0);
    bench.click("sampled of AdaHessian");
    bench.click("exact");
    assert!(bench.experiment().runs[0].hyperparameters.is_empty());
    assert!(bench.says("It needs the gradient and the Hessian's diagonal"));

    bench.click("Settings of Adam");
    bench.click("Add wrapper to Adam");
    bench.click("Lookahead");
    bench.enter("k of Lookahead of Adam + Lookahead", "3.4");
    assert_eq!(bench.experiment().runs[1].wrappers[0].settings[0], 3.0);
    bench.enter("k of Lookahead of Adam + Lookahead", "0.4");
    assert_eq!(bench.experiment().runs[1].wrappers[0].settings[0], 3.0);
}

#[test]
fn conventions_of_every_rule_that_has_them_are_chosen_from_a_menu() {
    let mut bench = Bench::new();
    for card in OPTIMIZERS.iter().map(|optimizer| optimizer.card()) {
        let [first, second, ..] = card.variants else {
            continue;
        };
        bench.load(runs_of(&[card.id]));
        bench.click(&format!("Settings of {}", card.name));
        if let Some((id, _)) = second.settings.first() {
            let mut edited = bench.experiment().clone();
            let h = card.hyperparameter(id).unwrap();
            edited.runs[0]
                .hyperparameters
                .insert((*id).into(), h.default);
            bench.harness.state_mut().as_mut().unwrap().edit(edited);
            bench.settle();
        }
        bench.click(&format!("Conventions of {}", card.name));
        bench.click(second.name);
        let run = &bench.experiment().runs[0];
        assert_eq!(run.variant.as_deref(), Some(second.id), "{}", card.id);
        assert!(run.hyperparameters.is_empty(), "{}", card.id);
        for (id, value) in second.settings {
            let h = card.hyperparameter(id).unwrap();
            assert_eq!(run.value(h), *value, "{}.{id}", card.id);
        }
        bench.click(&format!("Conventions of {} ({})", card.name, second.name));
        bench.click(first.name);
        let usual = Some(first.id).filter(|_| !first.settings.is_empty());
        assert_eq!(bench.experiment().runs[0].variant.as_deref(), usual);
    }
}

#[test]
fn a_rule_that_is_refused_says_why_on_its_card() {
    let mut bench = Bench::new();
    bench.load(runs_of(&["sgd", "muon"]));
    assert!(bench.says("is refused here: it needs a weight matrix"));
    bench.click("Settings of Muon");
    bench.click("Add wrapper to Muon");
    bench.click("SAM");
    bench.press(Key::E);
    bench.press(Key::Space);
    bench.click("Delete Muon + SAM");
    assert!(!bench.says("refused"));
}
