//! A trail's head as something to click: it selects its run, and offers to draw only that one or
//! not at all.

use crate::app::command::Command;
use crate::app::panels::{Commands, run_menu};
use crate::app::state::Lab;
use egui::{Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// Width of what answers around a head.
const REACH: f32 = 16.0;

/// Lets the heads at these places be clicked.
pub fn show(lab: &Lab, commands: &mut Commands, heads: &[(usize, Pos2)], ui: &Ui) {
    for &(run, at) in heads {
        let Some(spec) = lab.experiment.runs.get(run) else {
            continue;
        };
        let label = spec.display_label();
        let reach = Rect::from_center_size(at, Vec2::splat(REACH));
        let id = ui.scope_id().with(("head", run));
        let response = ui.interact(reach, id, Sense::click());
        let name = format!("Head of {label}");
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
        if response.clicked() {
            commands.push(Command::Select(Some(run)));
        }
        if response.hovered() || response.has_focus() {
            let stroke = Stroke::new(1.5, ui.visuals().text_color());
            ui.painter().circle_stroke(at, 9.0, stroke);
        }
        run_menu::on(lab, commands, run, &response);
        if lab.view.dialog.is_none() {
            response.on_hover_text(format!(
                "{label}: click to see its settings, right click for more."
            ));
        }
    }
}
