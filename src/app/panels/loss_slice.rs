//! The loss over a plane through a network's weights, with every run's path on it.

use super::Commands;
use super::landscape::LandscapePanel;
use crate::app::command::Command;
use crate::app::data::{DataCommand, LossPlane};
use crate::app::state::Lab;
use crate::app::widgets::named;
use crate::app::widgets::number::whole_field;
use egui::Ui;

/// Shows the choice of the plane and how it stands, over the picture.
pub fn show(landscape: &mut LandscapePanel, lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let Some(state) = lab.loss_state() else {
        ui.weak("The loss is drawn here once the network trains.");
        return;
    };
    ui.horizontal_wrapped(|ui| {
        plane(lab, commands, ui);
        let button = ui.add_enabled(state.is_old, egui::Button::new("Survey"));
        let explain = "Compute the loss over this plane as the runs are now: coarse first, then \
                       finer. When the training is done this happens by itself.";
        let is_asked = named(button, "Survey the loss")
            .on_hover_text(explain)
            .clicked();
        if is_asked || state.is_due {
            commands.push(Command::Data(DataCommand::SurveyLoss));
        }
    });
    ui.add(egui::Label::new(egui::RichText::new(&state.text).small().weak()).wrap());
    if lab.loss_landscape().is_some() {
        landscape.show(lab, commands, ui);
    }
}

/// The choice of the plane.
fn plane(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let present = lab.view.loss_plane;
    let mut chosen = present;
    let is_random = matches!(present, LossPlane::Random(_));
    let principal = ui.selectable_label(!is_random, "principal axes");
    let explain = "The two directions in which the paths of all runs together extend most (Li et \
                   al. 2018, section 7.2).";
    if named(principal, "Principal axes of the paths")
        .on_hover_text(explain)
        .clicked()
    {
        chosen = LossPlane::Principal;
    }
    let random = ui.selectable_label(is_random, "random directions");
    let explain = "Two random directions around where the run at hand ends, each part as long as \
                   the filter that it belongs to (Li et al. 2018, section 4). Paths hardly show in \
                   them.";
    if named(random, "Random directions")
        .on_hover_text(explain)
        .clicked()
    {
        chosen = LossPlane::Random(0);
    }
    if let LossPlane::Random(mut seed) = present {
        ui.label("seed");
        whole_field(ui, "Seed of the directions", &mut seed, 0)
            .on_hover_text("Other directions; the same seed gives the same.");
        if chosen == present {
            chosen = LossPlane::Random(seed);
        }
    }
    if chosen != present {
        commands.push(Command::Data(DataCommand::LossPlane(chosen)));
    }
}
