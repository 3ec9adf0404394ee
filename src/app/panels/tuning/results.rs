//! What the tuner has found.

use crate::analysis::tuner::{self, Tuned};
use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::tuning::TuningCommand;
use crate::app::widgets::named;
use crate::experiment::Criterion;
use crate::figures::axis::significant;
use egui::{Grid, RichText, ScrollArea, Ui};

/// Shows the results of the last search, with buttons that take them.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let Some(found) = lab.tuning.searcher.found(lab.document.id) else {
        return;
    };
    if found.is_cancelled {
        ui.colored_label(
            ui.visuals().warn_fg_color,
            "Broken off: these are the best of the trials made so far.",
        );
    }
    ScrollArea::horizontal().id_salt("found").show(ui, |ui| {
        Grid::new("found")
            .num_columns(6)
            .spacing([10.0, 4.0])
            .show(ui, |ui| {
                header(ui);
                for tuned in &found.tuned {
                    row(lab, tuned, found.question.criterion, commands, ui);
                }
            });
    });
    let button = ui.button("Take all");
    let explain = "Give every run the settings found for it; undo brings the old ones back.";
    if named(button, "Take all settings")
        .on_hover_text(explain)
        .clicked()
    {
        commands.push(Command::Tuning(TuningCommand::Apply(None)));
    }
    ui.add(
        egui::Label::new(RichText::new(tuner::note(&found.question, &found.tuned)).small()).wrap(),
    );
}

fn header(ui: &mut Ui) {
    for (text, meaning) in [
        ("run", "The run that was tuned."),
        (
            "epochs",
            "Epochs to the target, or to the best loss where it was not reached.",
        ),
        ("loss", "The lowest loss."),
        (
            "robust",
            "How many of the settings beside these succeed too.",
        ),
        ("settings", "What was found."),
        ("", "Take it."),
    ] {
        ui.label(RichText::new(text).weak()).on_hover_text(meaning);
    }
    ui.end_row();
}

fn row(lab: &Lab, tuned: &Tuned, criterion: Criterion, commands: &mut Commands, ui: &mut Ui) {
    let run = lab.experiment.runs.get(tuned.run);
    let label = run.map_or_else(|| format!("run {}", tuned.run), |run| run.display_label());
    ui.label(&label);
    let epochs = tuned
        .verdict
        .epochs
        .map_or("–".to_owned(), |epochs| epochs.to_string());
    if tuned.verdict.succeeds || criterion == Criterion::BestLoss {
        ui.label(epochs);
    } else {
        ui.label("not reached")
            .on_hover_text(format!("Its best loss came at epoch {epochs}."));
    }
    ui.label(significant(tuned.verdict.loss, 5));
    let robust = tuned
        .robustness
        .map(|share| format!("{:.0} %", 100.0 * share));
    ui.label(robust.unwrap_or_else(|| "–".to_owned()));
    let values = tuned.axes.iter().zip(tuned.values.iter().flatten());
    let settings: Vec<_> = values
        .map(|(axis, value)| format!("{} {}", axis.quantity, significant(*value, 4)))
        .collect();
    ui.label(settings.join(", "));
    let can_take = tuned.values.is_some() && run.is_some();
    let button = ui.add_enabled(can_take, egui::Button::new("Take"));
    let button = named(button, &format!("Take settings of {label}"));
    if button
        .on_hover_text("Give the run these settings.")
        .clicked()
    {
        commands.push(Command::Tuning(TuningCommand::Apply(Some(tuned.run))));
    }
    ui.end_row();
}
