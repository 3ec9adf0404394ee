//! Losses on surfaces that follow one another: what was reached, and what is left of it.

use crate::app::command::Command;
use crate::app::panels::{Commands, unrecorded};
use crate::app::state::Lab;
use crate::app::succession::Losses;
use crate::app::widgets::named;
use crate::export::results::TableForm;
use crate::export::{TextTable, shortest};
use crate::figures::axis::significant;
use egui::{Grid, Label, RichText, ScrollArea, Ui, vec2};

/// Shows the table under what copies it.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let losses = lab.losses_of_surfaces();
    if losses.is_empty() {
        unrecorded::say(lab, ui);
        return;
    }
    let number = |value: f64| significant(value, 4);
    let shown = table(lab, &losses, &number);
    ui.horizontal_wrapped(|ui| {
        ui.label("Copy as");
        for form in TableForm::ALL {
            let name = format!("Copy losses as {}", form.name());
            let button = named(ui.button(form.name()), &name);
            let help = "Puts the table on the clipboard; as CSV with every digit.";
            if button.on_hover_text(help).clicked() {
                let text = match form {
                    TableForm::Csv => table(lab, &losses, &shortest).text(form),
                    TableForm::Markdown | TableForm::Latex => shown.text(form),
                };
                let what = format!("The table of losses as {}", form.name());
                commands.push(Command::CopyText { what, text });
            }
        }
    });
    let text = "Forgetting: by how much the losses of tasks that are over have risen since they \
                were, in the mean.";
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
    ScrollArea::both()
        .id_salt("losses of surfaces")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("losses table")
                .striped(true)
                .spacing(vec2(12.0, 4.0))
                .show(ui, |ui| {
                    for heading in &shown.headings {
                        ui.label(RichText::new(heading).weak());
                    }
                    ui.end_row();
                    for row in &shown.rows {
                        row.iter().for_each(|cell| {
                            ui.label(cell);
                        });
                        ui.end_row();
                    }
                });
        });
}

fn table(lab: &Lab, losses: &[Losses], number: &dyn Fn(f64) -> String) -> TextTable {
    let tasks = losses.first().map_or(0, |losses| losses.now.len());
    let mut headings = vec!["run".to_owned()];
    for task in 1..=tasks {
        headings.push(format!("loss {task} when learnt"));
        headings.push(format!("loss {task} now"));
    }
    headings.push("forgetting".to_owned());
    let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    let row = |losses: &Losses| {
        let run = lab.experiment.runs.get(losses.run);
        let mut cells = vec![run.map_or_else(String::new, |run| run.display_label())];
        for (learnt, now) in losses.when_learnt.iter().zip(&losses.now) {
            cells.extend([optional(*learnt), number(*now)]);
        }
        cells.push(optional(forgetting(losses)));
        cells
    };
    TextTable {
        rows: losses.iter().map(row).collect(),
        headings,
    }
}

/// By how much what was learnt has risen, over all tasks that are over but the last of all.
fn forgetting(losses: &Losses) -> Option<f64> {
    let past = losses.now.len().saturating_sub(1);
    let pairs = losses.when_learnt.iter().zip(&losses.now).take(past);
    let rises: Vec<f64> = pairs
        .filter_map(|(learnt, now)| Some(now - (*learnt)?))
        .collect();
    (!rises.is_empty()).then(|| rises.iter().sum::<f64>() / rises.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_over_can_be_forgotten() {
        let losses = |when_learnt: Vec<Option<f64>>| Losses {
            run: 0,
            when_learnt,
            now: vec![3.0, 2.0, 1.0],
        };
        assert_eq!(forgetting(&losses(vec![None, None, None])), None);
        assert_eq!(forgetting(&losses(vec![Some(1.0), None, None])), Some(2.0));
        let all = losses(vec![Some(1.0), Some(1.5), Some(0.5)]);
        assert_eq!(forgetting(&all), Some(1.25));
    }
}
