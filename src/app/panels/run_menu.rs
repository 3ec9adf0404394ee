//! What can be done with a run wherever it is drawn or named: the menu of a right click.

use super::Commands;
use crate::app::command::Command;
use crate::app::state::Lab;
use egui::{Response, Ui};

/// Opens the menu of a run at a right click on `response`.
pub fn on(lab: &Lab, commands: &mut Commands, run: usize, response: &Response) {
    response.context_menu(|ui| items(lab, commands, run, ui));
}

fn items(lab: &Lab, commands: &mut Commands, run: usize, ui: &mut Ui) {
    let Some(spec) = lab.experiment.runs.get(run) else {
        return;
    };
    ui.strong(spec.display_label());
    let is_solo = lab.view.solo == Some(run);
    let solo = if is_solo {
        "All runs again"
    } else {
        "Only this run"
    };
    let entries = [
        ("Settings", Command::Select(Some(run))),
        (solo, Command::Solo((!is_solo).then_some(run))),
        (
            if spec.visible { "Hide" } else { "Show" },
            with_visibility(lab, run, !spec.visible),
        ),
    ];
    for (text, command) in entries {
        if ui.button(text).clicked() {
            commands.push(command);
            ui.close();
        }
    }
}

/// The experiment with a run shown or hidden.
pub fn with_visibility(lab: &Lab, run: usize, visible: bool) -> Command {
    let mut edited = lab.experiment.clone();
    if let Some(spec) = edited.runs.get_mut(run) {
        spec.visible = visible;
    }
    Command::Edit(Box::new(edited))
}
