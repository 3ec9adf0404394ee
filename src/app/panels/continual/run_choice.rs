//! Which run a view shows that has room for one: the run at hand.

use crate::app::command::Command;
use crate::app::panels::Commands;
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::engine::Record;
use egui::{ComboBox, Ui};

/// Lets another run be chosen; `name` is the control's own.
pub fn show(lab: &Lab, record: &Record, name: &str, commands: &mut Commands, ui: &mut Ui) {
    let present = lab.run_at_hand();
    let label = |run: usize| {
        let run = record.checked.runs.get(run);
        run.map_or_else(String::new, |run| run.label.clone())
    };
    ui.horizontal_wrapped(|ui| {
        ui.label("Run");
        let choice = ComboBox::from_id_salt(name)
            .selected_text(label(present))
            .show_ui(ui, |ui| {
                for run in 0..record.checked.runs.len() {
                    let option = ui.selectable_label(run == present, label(run));
                    if option.clicked() && run != present {
                        commands.push(Command::Select(Some(run)));
                    }
                }
            });
        named(choice.response, name).on_hover_text("The run whose card is unfolded.");
    });
}
