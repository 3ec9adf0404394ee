//! The tuner: how to search, how far it is, and what it has found.

use super::choose;
use super::results;
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::tuning::{Cost, SearchForm, TuningCommand};
use crate::app::widgets::named;
use crate::app::widgets::number::{number_field, whole_field};
use crate::experiment::{Criterion, Quantity};
use crate::figures::axis::significant;
use crate::optimizers::Domain;
use egui::{ProgressBar, ScrollArea, Ui};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// Budgets that are offered.
const BUDGETS: [u64; 6] = [1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18];

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
            let mut form = lab.tuning.search.clone();
            let is_searching = lab.tuning.searcher.is_searching();
            ui.add_enabled_ui(!is_searching, |ui| controls(lab, &mut form, ui));
            if form != lab.tuning.search {
                commands.push(Command::Tuning(TuningCommand::SetSearch(Box::new(form))));
            }
            if is_searching {
                progress(lab, commands, ui);
            } else {
                start(lab, commands, ui);
                results::show(lab, commands, ui);
            }
        });
}

fn controls(lab: &Lab, form: &mut SearchForm, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let all: Vec<_> = Criterion::ALL
            .iter()
            .map(|criterion| (*criterion, criterion.to_string()))
            .collect();
        let mut criterion = form.criterion(&lab.experiment);
        if choose(
            ui,
            "Criterion",
            &mut criterion,
            &all,
            "What makes one setting better than another.",
        ) {
            form.criterion = Some(criterion);
        }
        if criterion != Criterion::BestLoss {
            ui.label("target");
            let present = form.target(&lab.experiment);
            let mut target = present;
            number_field(ui, "Target of the search", &mut target, FINITE)
                .on_hover_text("The loss that is to be reached.");
            if target != present {
                form.target = Some(target);
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        let is_trained = Cost::of(&lab.experiment, 0) == Cost::Trained;
        let (budgets, unit, explain) = match is_trained {
            false => (
                &BUDGETS[..],
                "trials",
                "How many trials each run may spend; the same for all.",
            ),
            true => (
                &TRAININGS[..],
                "settings",
                "How many settings of each run are trained for a short time; a third of them goes \
                 on for three times as long, and so on (successive halving).",
            ),
        };
        let budgets: Vec<_> = budgets
            .iter()
            .map(|budget| (*budget, format!("{budget} {unit}")))
            .collect();
        let chosen = match is_trained {
            false => &mut form.budget,
            true => &mut form.trainings,
        };
        choose(ui, "Budget", chosen, &budgets, explain);
        ui.label("seed");
        whole_field(ui, "Seed of the search", &mut form.seed, 0)
            .on_hover_text("The same seed finds the same settings.");
    });
    ui.horizontal_wrapped(|ui| {
        ui.label("Also search:")
            .on_hover_text("Learning rate and decay are always searched.");
        for (quantity, name) in hyperparameters(lab) {
            let mut on = form.also.contains(&quantity);
            let response = ui.checkbox(&mut on, &name);
            if named(response, &format!("Search {name}")).changed() {
                form.also.retain(|other| *other != quantity);
                if on {
                    form.also.push(quantity);
                }
            }
        }
    });
}

/// The hyperparameters that any run has, with their names.
fn hyperparameters(lab: &Lab) -> Vec<(Quantity, String)> {
    let mut all: Vec<(Quantity, String)> = Vec::new();
    for (run, _) in lab.shown_runs() {
        for quantity in Quantity::of_run(&lab.experiment, run) {
            let is_new = !all.iter().any(|(other, _)| *other == quantity);
            let traits = quantity.traits(&lab.experiment, run);
            if let (Quantity::Hyperparameter(id), true, Ok(traits)) = (&quantity, is_new, traits)
                && !traits.scale.is_whole()
            {
                all.push((quantity.clone(), id.clone()));
            }
        }
    }
    all
}

fn start(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let count = lab.shown_runs().count();
    let is_able = count > 0 && lab.problems.is_empty();
    let text = match count {
        1 => "Tune 1 run".to_owned(),
        _ => format!("Tune {count} runs"),
    };
    let button = ui.add_enabled(is_able, egui::Button::new(text));
    let button = named(button, "Tune");
    let explain = "Search the best settings of every run that is shown, within the experiment's \
                   epochs. Nothing changes until you take what is found.";
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
        ui.small(format!("{label}: best loss {loss}, {epochs} epochs so far"));
    }
}
