//! The tuner: how to search, how far it is, and what it has found.
//!
//! How to search is the experiment's own `tune`: what is set here is saved with it, can be undone,
//! and is what `descent-lab tune` does with the file.

use super::{choose, results, search_space};
use crate::analysis::tuner::{self, USUAL_BUDGET, USUAL_BUDGET_ALONE, USUAL_BUDGET_TRAINED};
use crate::app::command::Command;
use crate::app::panels::{Commands, problems};
use crate::app::state::Lab;
use crate::app::tuning::{Cost, TuningCommand, usual_target};
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::{Criterion, ObjectiveSpec, TuneSpec};
use crate::figures::axis::significant;
use crate::optimizers::Domain;
use egui::{ProgressBar, ScrollArea, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// Budgets that are offered.
const BUDGETS: [u64; 8] = [
    1 << 8,
    1 << 10,
    1 << 12,
    1 << 14,
    1 << 16,
    1 << 18,
    1 << 20,
    1 << 22,
];

/// The same where every trial is the training of a network.
const TRAININGS: [u64; 4] = [16, 27, 81, 243];

/// Shows the panel.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ScrollArea::vertical()
        .id_salt("tuner")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if lab.experiment.runs.is_empty() {
                ui.weak("Add runs to tune them, with the same budget for each.");
                return;
            }
            if lab.shown_runs().count() == 0 {
                ui.weak("No run is shown. Show those that are to be tuned.");
                return;
            }
            let own = lab.experiment.tune.clone().unwrap_or_default();
            let mut spec = own.clone();
            let is_searching = lab.tuning.searcher.is_searching();
            let objections = objections(lab);
            ui.add_enabled_ui(!is_searching, |ui| {
                controls(lab, &mut spec, ui);
                for objection in &objections {
                    problems::say(objection, ui);
                }
            });
            if spec != own {
                let mut edited = lab.experiment.clone();
                edited.tune = Some(spec);
                commands.push(Command::Edit(Box::new(edited)));
            }
            if is_searching {
                progress(lab, commands, ui);
            } else {
                start(lab, objections.is_empty(), commands, ui);
                results::show(lab, commands, ui);
            }
        });
}

fn controls(lab: &Lab, spec: &mut TuneSpec, ui: &mut Ui) {
    ui.horizontal(|ui| criterion(lab, spec, ui));
    ui.horizontal(|ui| {
        epochs(lab, spec, ui);
        ui.label("with seed");
        whole_field(ui, "Seed of the search", &mut spec.seed, 0)
            .on_hover_text("The same seed finds the same settings.");
    });
    budget(lab, spec, ui);
    search_space::show(lab, spec, ui);
}

/// Why the runs on show cannot be tuned as it is asked.
fn objections(lab: &Lab) -> Vec<String> {
    let problems = lab.experiment.tune_problems();
    if !problems.is_empty() {
        return problems
            .into_iter()
            .map(|problem| problem.message)
            .collect();
    }
    let runs: Vec<usize> = lab.shown_runs().map(|(run, _)| run).collect();
    let axes = lab.experiment.tune.as_ref().map(|tune| &tune.axes[..]);
    let refusal = tuner::refusal(&lab.experiment, axes.unwrap_or_default(), &runs);
    refusal.iter().map(ToString::to_string).collect()
}

/// What makes a setting better.
fn criterion(lab: &Lab, spec: &mut TuneSpec, ui: &mut Ui) {
    let all: Vec<_> = Criterion::ALL
        .iter()
        .map(|criterion| (*criterion, criterion.to_string()))
        .collect();
    let explain = "What makes one setting better than another.";
    let is_chosen = choose(ui, "Criterion", &mut spec.criterion, &all, explain);
    if is_chosen {
        spec.target = match spec.criterion {
            Criterion::BestLoss => None,
            _ => spec.target.or(Some(usual_target(lab))),
        };
    }
    if let Some(target) = &mut spec.target {
        ui.label("target");
        let explain = match spec.criterion {
            Criterion::BestLoss => "The loss that the neighbours of the best must reach too.",
            _ => "The loss that is to be reached.",
        };
        number_field(ui, "Target of the search", target, FINITE).on_hover_text(explain);
    }
}

fn epochs(lab: &Lab, spec: &mut TuneSpec, ui: &mut Ui) {
    ui.label("within");
    let whole = lab.experiment.epochs;
    let present = spec.epochs.unwrap_or(whole);
    let mut epochs = present;
    whole_field(ui, "Epochs of a trial", &mut epochs, 1).on_hover_text(format!(
        "How many epochs every trial has; the experiment has {whole}."
    ));
    if epochs != present {
        spec.epochs = Some(epochs).filter(|epochs| *epochs != whole);
    }
    ui.label("epochs");
}

fn budget(lab: &Lab, spec: &mut TuneSpec, ui: &mut Ui) {
    let is_trained = Cost::of(&lab.experiment, 0) == Cost::Trained;
    let is_network = matches!(lab.experiment.objective, ObjectiveSpec::Network(_));
    let (offered, unit, explain) = match is_trained {
        true if !is_network => (
            &TRAININGS[..],
            "settings",
            format!(
                "How many settings of each run are tried, each from the first task to the end of \
                 the last. Usually {USUAL_BUDGET_TRAINED}."
            ),
        ),
        false => (
            &BUDGETS[..],
            "trials",
            format!(
                "How many trials each run may spend; the same for all. Usually {USUAL_BUDGET} on \
                 landscapes, or {USUAL_BUDGET_ALONE} where a run asks for more than one gradient \
                 an update or there are data."
            ),
        ),
        true => (
            &TRAININGS[..],
            "settings",
            format!(
                "How many settings of each run are trained for a short time; a third of them goes \
                 on for three times as long, and so on (successive halving). Usually \
                 {USUAL_BUDGET_TRAINED}."
            ),
        ),
    };
    let mut budgets = vec![(None, "usual budget".to_owned())];
    let mut offered = offered.to_vec();
    offered.extend(spec.budget.filter(|own| !offered.contains(own)));
    offered.sort_unstable();
    budgets.extend(
        offered
            .iter()
            .map(|budget| (Some(*budget), format!("{budget} {unit}"))),
    );
    choose(ui, "Budget", &mut spec.budget, &budgets, &explain);
}

fn start(lab: &Lab, can_be_tuned: bool, commands: &mut Commands, ui: &mut Ui) {
    let count = lab.shown_runs().count();
    let epochs = lab.experiment.tune.as_ref().and_then(|tune| tune.epochs);
    let is_able = count > 0
        && lab.problems.is_empty()
        && can_be_tuned
        && epochs.unwrap_or(lab.experiment.epochs) > 0;
    let text = match count {
        1 => "Tune 1 run".to_owned(),
        _ => format!("Tune {count} runs"),
    };
    let button = ui.add_enabled(is_able, egui::Button::new(text));
    let button = named(button, "Tune");
    let explain = "Search the best settings of every run that is shown, as `descent-lab tune` does \
                   with this file. Nothing changes until you take what is found.";
    if button.on_hover_text(explain).clicked() {
        commands.push(Command::Tuning(TuningCommand::Search));
    }
}

fn progress(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let stage = lab.tuning.searcher.stage();
    let (done, all) = stage.runs;
    let (trials, budget) = stage.trials;
    let part = trials as f32 / budget.max(1) as f32;
    let share = (done as f32 + part) / all.max(1) as f32;
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 72.0).max(40.0);
        let bar = ProgressBar::new(share.clamp(0.0, 1.0))
            .desired_width(width)
            .show_percentage();
        named(ui.add(bar), "Progress of the search");
        if ui
            .button("Cancel")
            .on_hover_text("End the search; the best so far stays.")
            .clicked()
        {
            commands.push(Command::Tuning(TuningCommand::Cancel));
        }
    });
    if !lab.tuning.searcher.is_searching_for(lab.document.id) {
        ui.small("These are the runs of the experiment that was on show before.");
        return;
    }
    for (run, verdict) in &stage.best {
        let label = lab
            .experiment
            .runs
            .get(*run)
            .map_or_else(String::new, |r| r.display_label());
        let epochs = verdict
            .epochs
            .map_or("–".to_owned(), |epochs| epochs.to_string());
        let loss = significant(verdict.loss, 5);
        ui.small(format!(
            "{label}: so far best loss {loss}, at epoch {epochs}"
        ));
    }
}
