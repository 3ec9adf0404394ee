//! From which start and with which seed the runs are explained, where there are several.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::understanding::UnderstandingCommand;
use crate::app::widgets::named;
use crate::figures::axis::significant;
use egui::{ComboBox, Ui};

/// Lets start and seed be chosen; nothing where there is one of each.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let (starts, seeds) = (lab.experiment.all_starts(), lab.experiment.all_seeds());
    let recorded = lab
        .record_here()
        .map_or(1, |record| record.checked.origins());
    // Until the record has them there is nothing to choose.
    if recorded < 2 || recorded != starts.len() * seeds.len() {
        return;
    }
    let present = lab.origin();
    let (start, seed) = (present / seeds.len(), present % seeds.len());
    let mut chosen = (start, seed);
    let in_words = |index: usize| {
        let numbers = starts[index].iter().map(|&w| significant(w, 4));
        let numbers: Vec<_> = numbers.take(4).collect();
        format!("{}: {}", index + 1, numbers.join(", "))
    };
    ui.horizontal_wrapped(|ui| {
        if starts.len() > 1 {
            ui.label("Start");
            let combo = ComboBox::from_id_salt("explained start").selected_text(in_words(start));
            let combo = combo.show_ui(ui, |ui| {
                for index in 0..starts.len() {
                    ui.selectable_value(&mut chosen.0, index, in_words(index));
                }
            });
            named(combo.response, "Explained start")
                .on_hover_text("Which of the starts the runs are explained from.");
        }
        if seeds.len() > 1 {
            ui.label("Seed");
            let text = seeds[seed].to_string();
            let combo = ComboBox::from_id_salt("explained seed").selected_text(text);
            let combo = combo.show_ui(ui, |ui| {
                for (index, seed) in seeds.iter().enumerate() {
                    ui.selectable_value(&mut chosen.1, index, seed.to_string());
                }
            });
            named(combo.response, "Explained seed")
                .on_hover_text("With which of the seeds the runs are explained.");
        }
    });
    if chosen != (start, seed) {
        let origin = chosen.0 * seeds.len() + chosen.1;
        commands.push(Command::Understanding(UnderstandingCommand::ChooseOrigin(
            origin,
        )));
    }
}
