//! The table of results: what became of every run, sorted, compared and copied.

use super::{Commands, run_menu, unrecorded};
use crate::app::command::{Action, Command};
use crate::app::comparison::Compare;
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::number::number_field;
use crate::app::widgets::{marker, named};
use crate::engine::summary::TOLERANCE;
use crate::export::results::{ResultColumn, ResultRow, ResultTable, TableForm};
use crate::figures::axis::significant;
use crate::optimizers::Domain;
use egui::{Button, Grid, RichText, ScrollArea, Sense, Ui, vec2};

/// Any finite number.
const FINITE: Domain = Domain::half_open(f64::MIN, f64::INFINITY);

/// Shows the table under what it is made by.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        target(lab, commands, ui);
        ui.separator();
        copying(commands, ui);
        ui.separator();
        pinning(lab, commands, ui);
    });
    success(lab, ui);
    let results = lab.results();
    if results.rows.is_empty() {
        unrecorded::say(lab, ui);
        return;
    }
    ScrollArea::both()
        .id_salt("results")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("results table")
                .striped(true)
                .spacing(vec2(12.0, 4.0))
                .show(ui, |ui| {
                    headings(lab, &results, commands, ui);
                    for row in &results.rows {
                        line(lab, &results, row, commands, ui);
                    }
                });
        });
}

/// Above the table, where passing notices do not stand in front.
fn copying(commands: &mut Commands, ui: &mut Ui) {
    ui.label("Copy as");
    for form in TableForm::ALL {
        let button = named(ui.button(form.name()), &format!("Copy as {}", form.name()));
        let help = "Puts the table on the clipboard, in the order shown.";
        if button.on_hover_text(help).clicked() {
            commands.push(Command::Compare(Compare::Copy(form)));
        }
    }
}

/// The loss to be reached.
fn target(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let chosen = lab.view.comparison.target;
    let before = lab.target().unwrap_or(0.0);
    let mut target = before;
    ui.label("Target loss");
    number_field(ui, "Target loss", &mut target, FINITE);
    if target != before {
        commands.push(Command::Compare(Compare::Target(Some(target))));
    }
    let usual = ui.add_enabled(chosen.is_some(), Button::new("Usual"));
    let help = format!("{TOLERANCE} above the least known loss of the objective.");
    if named(usual, "Usual target").on_hover_text(help).clicked() {
        commands.push(Command::Compare(Compare::Target(None)));
    }
}

/// What counts as success, in words.
fn success(lab: &Lab, ui: &mut Ui) {
    let Some(target) = lab.target() else { return };
    let text = format!(
        "Success: a loss of at most {} was reached at some epoch.",
        significant(target, 6)
    );
    let label = egui::Label::new(RichText::new(text).small().weak()).truncate();
    ui.add(label).on_hover_text(
        "What lies below the least known value, outside the range in which the objective is \
         studied, does not count. Every update counts, also those that a thinned record leaves \
         out.",
    );
}

fn pinning(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let pin = ui.add_enabled(lab.can_pin(), Button::new(Action::Pin.card().name));
    if pin.on_hover_text(Action::Pin.card().help).clicked() {
        commands.act(Action::Pin);
    }
    let Some(pinned) = &lab.view.comparison.pinned else {
        return;
    };
    let unpin = ui.button(Action::Unpin.card().name);
    if unpin.on_hover_text(Action::Unpin.card().help).clicked() {
        commands.act(Action::Unpin);
    }
    let elsewhere = match lab.pinned_here() {
        Some(_) => "",
        None => "; it is of another objective and is not drawn over this one",
    };
    ui.weak(format!("Pinned: “{}”{elsewhere}.", pinned.title()));
}

/// Buttons that sort; the arrow says by what and which way.
fn headings(lab: &Lab, results: &ResultTable, commands: &mut Commands, ui: &mut Ui) {
    let sorting = lab.view.comparison.sorting;
    for &column in &results.columns {
        let is_sorted = sorting.column == column;
        let arrow = match (is_sorted, sorting.is_reversed) {
            (true, false) => " ↓",
            (true, true) => " ↑",
            (false, _) => "",
        };
        let text = format!("{}{arrow}", column.heading());
        let button = ui.add(Button::selectable(is_sorted, RichText::new(text).weak()));
        let button = named(button, &format!("Sort by {}", column.heading()));
        let meaning = column.meaning(results.has_several);
        if button
            .on_hover_text(format!(
                "{meaning} A click sorts, the best first; another turns it round."
            ))
            .clicked()
        {
            commands.push(Command::Compare(Compare::SortBy(column)));
        }
    }
    ui.end_row();
}

fn line(lab: &Lab, results: &ResultTable, row: &ResultRow, commands: &mut Commands, ui: &mut Ui) {
    for &column in &results.columns {
        match column {
            ResultColumn::Run => name(lab, row, commands, ui),
            _ => cell(row, column, ui),
        }
    }
    ui.end_row();
}

fn cell(row: &ResultRow, column: ResultColumn, ui: &mut Ui) {
    let text = row.cell(column);
    let text = if text.is_empty() {
        "–".to_owned()
    } else {
        text
    };
    let is_failure = match column {
        ResultColumn::Diverged => row.summary.diverged > 0,
        _ => text == "∞",
    };
    let text = match is_failure {
        true => RichText::new(text).color(ui.visuals().error_fg_color),
        false => RichText::new(text),
    };
    let response = ui.label(text);
    let quartiles = match column {
        ResultColumn::FinalLoss => Some(row.summary.final_loss),
        ResultColumn::BestLoss => Some(row.summary.best_loss),
        ResultColumn::Epochs => row.summary.reached,
        ResultColumn::Evaluations => Some(row.summary.evaluations),
        _ => None,
    };
    let Some(quartiles) = quartiles else { return };
    let hint = match (row.summary.records, row.best) {
        (1, Some(best)) if column == ResultColumn::BestLoss => {
            format!("{:?} after {} updates", best.loss, best.step)
        }
        (1, _) => format!("{:?}", quartiles.median),
        _ => format!(
            "median {}, quartiles {} and {}",
            significant(quartiles.median, 7),
            significant(quartiles.lower, 7),
            significant(quartiles.upper, 7)
        ),
    };
    response.on_hover_text(hint);
}

/// Marker and name; for a run of the present experiment also whether it is drawn.
fn name(lab: &Lab, row: &ResultRow, commands: &mut Commands, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let pinned = lab.pinned_here().filter(|_| row.is_pinned);
        let experiment = pinned.map_or(&lab.experiment, |pinned| &pinned.experiment);
        if row.run >= experiment.runs.len() {
            return;
        }
        let tokens = theme::of(ui);
        let colour = experiment.looks()[row.run];
        let fill = match row.is_pinned {
            true => theme::colour(tokens.quiet_text),
            false => theme::colour(tokens.run(colour)),
        };
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let ground = theme::colour(tokens.panel);
        marker::of_look(ui.painter(), colour, rect.center(), 4.0, fill, ground);
        let best = if row.is_best { " – best" } else { "" };
        let of_pinned = if row.is_pinned { " (pinned)" } else { "" };
        let text = RichText::new(format!("{}{of_pinned}{best}", row.label));
        let text = if row.is_best { text.strong() } else { text };
        if row.is_pinned {
            ui.label(text);
            return;
        }
        let button = ui.add(Button::new(text).frame(false));
        if button.clicked() {
            commands.push(Command::Select(Some(row.run)));
        }
        run_menu::on(lab, commands, row.run, &button);
        button.on_hover_text("Click to see its settings, right click for more.");
        drawing(lab, row, commands, ui);
    });
}

fn drawing(lab: &Lab, row: &ResultRow, commands: &mut Commands, ui: &mut Ui) {
    let visible = lab.experiment.runs[row.run].visible;
    let (eye, word) = match visible {
        true => (Icon::Eye, "Hide"),
        false => (Icon::EyeClosed, "Show"),
    };
    let name = format!("{word} {} in results", row.label);
    if icon_button(ui, eye, &name, false).clicked() {
        commands.push(run_menu::with_visibility(lab, row.run, !visible));
    }
    let is_solo = lab.view.solo == Some(row.run);
    let name = format!("Only {} in results", row.label);
    if icon_button(ui, Icon::Solo, &name, is_solo).clicked() {
        commands.push(Command::Solo((!is_solo).then_some(row.run)));
    }
}
