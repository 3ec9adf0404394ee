//! What the tuner has found.

use crate::analysis::tuner::{self, Question, Tuned};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::tuning::{Found, TuningCommand, is_still_of};
use crate::app::widgets::named;
use crate::experiment::{Criterion, TuneSpec};
use crate::figures::axis::significant;
use egui::{Label, RichText, Ui};

/// Shows the results of the last search, with buttons that take them.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let Some(found) = lab.tuning.searcher.found(lab.document.id) else {
        return;
    };
    if !is_of(&found.question, lab) {
        ui.colored_label(
            ui.visuals().warn_fg_color,
            "This was found with other settings of the search.",
        );
    }
    if found.is_cancelled {
        let text = match found.runs.len() - found.tuned.len() {
            0 => "Broken off: these are the best of the trials made so far.".to_owned(),
            left => format!(
                "Broken off: these are the best of the trials made so far. Not searched yet: {left} \
                 of {} runs.",
                found.runs.len()
            ),
        };
        ui.colored_label(ui.visuals().warn_fg_color, text);
    }
    for tuned in &found.tuned {
        one(lab, tuned, &found, commands, ui);
    }
    let button = ui.button("Take all");
    let explain = "Give every run the settings found for it; undo brings the old ones back.";
    if named(button, "Take all settings")
        .on_hover_text(explain)
        .clicked()
    {
        commands.push(Command::Tuning(TuningCommand::Apply(None)));
    }
    let note = tuner::note(&found.question, &found.tuned);
    ui.add(Label::new(RichText::new(note).small()).wrap());
}

/// Whether a question is the one that the experiment's own `tune` asks now.
fn is_of(question: &Question, lab: &Lab) -> bool {
    let usual = TuneSpec::default();
    let now = lab.experiment.tune.as_ref().unwrap_or(&usual);
    let target = now.target.unwrap_or(f64::NAN);
    let epochs = now.epochs.unwrap_or(lab.experiment.epochs);
    let is_target = target == question.target || target.is_nan() && question.target.is_nan();
    is_target
        && now
            .budget
            .is_none_or(|budget| question.budget == Some(budget))
        && (now.criterion, &now.axes, now.seed)
            == (question.criterion, &question.axes, question.seed)
        && epochs == question.experiment.epochs
}

/// What was found for one run: its name and button, what it reaches, and the settings.
fn one(lab: &Lab, tuned: &Tuned, found: &Found, commands: &mut Commands, ui: &mut Ui) {
    let run = lab.experiment.runs.get(tuned.run);
    let label = run.map_or_else(|| format!("run {}", tuned.run), |run| run.display_label());
    let is_taken = tuned.is_taken_in(&lab.experiment);
    ui.horizontal(|ui| {
        let is_still = is_still_of(tuned, &found.question.experiment, &lab.experiment);
        let can_take = tuned.values.is_some() && is_still && !is_taken;
        let text = if is_taken { "Taken" } else { "Take" };
        let button = ui.add_enabled(can_take, egui::Button::new(text));
        let button = named(button, &format!("Take settings of {label}"));
        if button
            .on_hover_text("Give the run these settings.")
            .on_disabled_hover_text(match (is_taken, is_still) {
                (true, _) => "The run has these settings.",
                (false, false) => "The run has been changed since it was searched.",
                (false, true) => "Nothing was found for it.",
            })
            .clicked()
        {
            commands.push(Command::Tuning(TuningCommand::Apply(Some(tuned.run))));
        }
        let colour = run.and_then(|run| run.colour).unwrap_or(0);
        let colour = theme::colour(theme::of(ui).run(colour));
        ui.add(Label::new(RichText::new(&label).strong().color(colour)).truncate());
    });
    ui.add(Label::new(reached(tuned, found.question.criterion)).wrap());
    let values = tuned.axes.iter().zip(tuned.values.iter().flatten());
    let settings: Vec<_> = values
        .map(|(axis, value)| format!("{} {}", axis.quantity, significant(*value, 4)))
        .collect();
    ui.add(Label::new(RichText::new(settings.join(", ")).small()).wrap());
    ui.add_space(4.0);
}

/// What the best setting reaches, in words.
fn reached(tuned: &Tuned, criterion: Criterion) -> String {
    let loss = significant(tuned.verdict.loss, 5);
    let Some(epochs) = tuned.verdict.epochs else {
        return "No trial stayed in range and finite.".to_owned();
    };
    let robust = match tuned.robustness {
        Some(share) => format!(", robust {:.0} %", 100.0 * share),
        None => String::new(),
    };
    match (criterion, tuned.verdict.succeeds) {
        (Criterion::BestLoss, _) => format!("Best loss {loss} at epoch {epochs}{robust}"),
        (Criterion::FirstTouch, true) => {
            format!("Touches the target at epoch {epochs}, best loss {loss}{robust}")
        }
        (Criterion::Stays, true) => {
            format!("Stays at the target from epoch {epochs} on, best loss {loss}{robust}")
        }
        (_, false) => format!("Target not reached; best loss {loss} at epoch {epochs}"),
    }
}
