//! The dialog of several starts: a grid, random points, or one by one.

use super::Commands;
use crate::app::command::Command;
use crate::app::starting::{MOST_ALONG, Placing, StartsForm};
use crate::app::state::Lab;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::app::widgets::named;
use crate::experiment::starts::MAX_RECORDS;
use crate::figures::axis::significant;
use egui::{Button, DragValue, ScrollArea, Ui};

/// Shows the dialog's choices.
pub fn show(lab: &Lab, form: &StartsForm, commands: &mut Commands, ui: &mut Ui) {
    ui.heading("Several starts");
    ui.label("Every run goes from every start. Drawn and explained in full is the first one.");
    let mut edited = form.clone();
    ui.horizontal(|ui| {
        let placing = &mut edited.placing;
        ui.selectable_value(placing, Placing::Grid, "Grid")
            .on_hover_text("At the centres of equal cells of the landscape's range.");
        ui.selectable_value(placing, Placing::Random, "Random")
            .on_hover_text("Drawn evenly from the landscape's range; a seed gives the same again.");
    });
    ui.horizontal(|ui| match edited.placing {
        Placing::Grid => {
            ui.label("Cells");
            let columns = DragValue::new(&mut edited.columns).range(1..=MOST_ALONG);
            named(ui.add(columns), "Cells along w1").on_hover_text("How many along w1.");
            ui.label("×");
            let rows = DragValue::new(&mut edited.rows).range(1..=MOST_ALONG);
            named(ui.add(rows), "Cells along w2").on_hover_text("How many along w2.");
        }
        Placing::Random => {
            ui.label("Points");
            let count = DragValue::new(&mut edited.count).range(1..=MAX_RECORDS);
            named(ui.add(count), "Number of random starts").on_hover_text("How many are drawn.");
            ui.label("Seed");
            let seed = DragValue::new(&mut edited.seed);
            named(ui.add(seed), "Seed of the starts")
                .on_hover_text("The same seed draws the same points.");
        }
    });
    ui.checkbox(
        &mut edited.keeps_first,
        "Keep the present start as the first",
    )
    .on_hover_text("The ring on the landscape stays where it is.");
    if edited != *form {
        commands.push(Command::ChooseStarts(Box::new(edited)));
    }
    buttons(lab, form, commands, ui);
    present(lab, commands, ui);
}

fn buttons(lab: &Lab, form: &StartsForm, commands: &mut Commands, ui: &mut Ui) {
    let points = form.points(&lab.landscape().card(), &lab.experiment);
    let count = points.len();
    let others = lab.experiment.runs.len().max(1) * lab.experiment.all_seeds().len();
    let fits = count * others <= MAX_RECORDS;
    ui.horizontal(|ui| {
        let use_them = Button::new(format!("Start from {count} points"));
        let response = ui.add_enabled(fits, use_them);
        let too_many = format!(
            "{count} starts of every run and seed make {} records; at most {MAX_RECORDS} are kept.",
            count * others
        );
        if response
            .on_hover_text("Puts them into the experiment; can be undone.")
            .on_disabled_hover_text(too_many)
            .clicked()
        {
            replace(lab, points, commands);
            commands.push(Command::CloseDialog);
        }
        let has_more = lab.experiment.starts.len() > 1;
        let only_first = ui.add_enabled(has_more, Button::new("Only the first start"));
        if only_first
            .on_hover_text("One start again: the present first one.")
            .clicked()
        {
            let first = lab.experiment.all_starts().swap_remove(0);
            replace(lab, vec![first], commands);
        }
        if ui
            .button("Close")
            .on_hover_text("Escape closes it too.")
            .clicked()
        {
            commands.push(Command::CloseDialog);
        }
    });
}

/// The starts that the experiment has, each with a button that takes it away.
fn present(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let starts = lab.experiment.all_starts();
    if starts.len() < 2 {
        return;
    }
    ui.separator();
    ui.strong(format!("{} starts now", starts.len()));
    let height = ui.text_style_height(&egui::TextStyle::Body).max(20.0);
    ScrollArea::vertical()
        .max_height(160.0)
        .auto_shrink([false, true])
        .show_rows(ui, height, starts.len(), |ui, rows| {
            for index in rows {
                ui.horizontal(|ui| {
                    let name = format!("Remove start {}", index + 1);
                    if icon_button(ui, Icon::Delete, &name, false).clicked() {
                        let mut fewer = starts.clone();
                        fewer.remove(index);
                        replace(lab, fewer, commands);
                    }
                    let numbers = starts[index].iter().map(|&w| significant(w, 6));
                    ui.label(numbers.collect::<Vec<_>>().join(", "));
                });
            }
        });
}

fn replace(lab: &Lab, starts: Vec<Vec<f64>>, commands: &mut Commands) {
    let mut edited = lab.experiment.clone();
    edited.set_starts(starts);
    commands.push(Command::Edit(Box::new(edited)));
}
