//! What stands in a panel before anything is recorded: why, and what will change it.

use crate::app::state::Lab;
use egui::Ui;

/// Says why there is nothing to show yet.
pub fn say(lab: &Lab, ui: &mut Ui) {
    ui.weak(match (lab.problems.is_empty(), lab.is_working()) {
        (false, _) => "Nothing is recorded: the experiment cannot run as it is.",
        (true, true) => "Being computed …",
        (true, false) => "Nothing recorded yet.",
    });
}
