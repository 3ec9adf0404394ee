//! What the user should know. What wants an answer (unsaved work of earlier sessions, problems
//! of the experiment, files that could not be read) stands in a strip above everything; what
//! passes by itself floats over the window and moves nothing.

use super::Commands;
use crate::app::command::Command;
use crate::app::state::Lab;
use crate::app::widgets::at_right;
use crate::app::widgets::icon::{Icon, icon_button};
use crate::experiment::{EXPRESSION, MODEL, Problem};

use egui::{Align, Color32, Frame, Layout, ScrollArea, Ui, vec2};
use std::time::SystemTime;

/// Whether there is anything to show; a wrong formula says so itself where its field is in sight.
pub fn is_needed(lab: &Lab, formula_in_sight: bool) -> bool {
    let stays = lab.notices.iter().any(|notice| !notice.is_passing());
    stays || !lab.left_behind.is_empty() || told(lab, formula_in_sight).next().is_some()
}

/// Shows what passes by itself, above the transport.
pub fn float(lab: &Lab, commands: &mut Commands, ctx: &egui::Context) {
    let mut newest_first = lab.notices.iter().enumerate().rev();
    let Some((index, notice)) = newest_first.find(|(_, notice)| notice.is_passing()) else {
        return;
    };
    egui::Area::new(egui::Id::unique("passing notice"))
        .anchor(egui::Align2::CENTER_BOTTOM, vec2(0.0, -72.0))
        .show(ctx, |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(&notice.text);
                    if icon_button(ui, Icon::Close, "Dismiss", false).clicked() {
                        commands.push(Command::Dismiss(index));
                    }
                });
            });
        });
}

/// Shows the strip.
pub fn show(lab: &Lab, formula_in_sight: bool, commands: &mut Commands, ui: &mut Ui) {
    ScrollArea::vertical()
        .id_salt("notices")
        .max_height(160.0)
        .min_scrolled_height(160.0)
        .show(ui, |ui| {
            // The newest first, so that what has just failed is never out of sight.
            for (index, notice) in lab.notices.iter().enumerate().rev() {
                if notice.is_passing() {
                    continue;
                }
                row(ui, ui.visuals().error_fg_color, &notice.text, |ui| {
                    if icon_button(ui, Icon::Close, "Dismiss", false).clicked() {
                        commands.push(Command::Dismiss(index));
                    }
                });
            }
            problems(lab, formula_in_sight, ui);
            left_behind(lab, commands, ui);
        });
}

fn left_behind(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    for (index, left) in lab.left_behind.iter().enumerate() {
        let title = if left.experiment.title.is_empty() {
            "Untitled experiment"
        } else {
            &left.experiment.title
        };
        let text = format!(
            "Unsaved work from {}: {title}",
            left.modified.map_or("an earlier session".into(), ago)
        );
        row(ui, ui.visuals().warn_fg_color, &text, |ui| {
            if ui.button("Restore").clicked() {
                commands.push(Command::Restore(index));
            }
            if ui.button("Discard").clicked() {
                commands.push(Command::Forget(index));
            }
        });
    }
}

/// The problems that nothing else in sight tells.
fn told(lab: &Lab, formula_in_sight: bool) -> impl Iterator<Item = &Problem> {
    let problems = lab.problems.iter();
    problems.filter(move |problem| {
        !formula_in_sight || ![EXPRESSION, MODEL].contains(&problem.place.as_str())
    })
}

fn problems(lab: &Lab, formula_in_sight: bool, ui: &mut Ui) {
    for problem in told(lab, formula_in_sight) {
        let text = format!("This cannot run: {problem}. The plots show the last state that could.");
        row(ui, ui.visuals().error_fg_color, &text, |_| {});
    }
}

fn row(ui: &mut Ui, colour: Color32, text: &str, buttons: impl FnOnce(&mut Ui)) {
    Frame::new()
        .inner_margin(egui::Margin::symmetric(8, 2))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                let gap = ui.spacing().item_spacing.x;
                let width = ui.available_width() - at_right::width(ui, text) - gap;
                // As high as a line of buttons; a longer text makes it higher.
                let size = vec2(width.max(40.0), ui.spacing().interact_size.y);
                ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                    ui.add(egui::Label::new(egui::RichText::new(text).color(colour)).wrap());
                });
                at_right::show(ui, text, buttons);
            });
        });
}

/// How long ago, as people say it.
fn ago(time: SystemTime) -> String {
    let seconds = SystemTime::now()
        .duration_since(time)
        .map_or(0, |elapsed| elapsed.as_secs());
    match seconds {
        0..120 => "just now".into(),
        120..7200 => format!("{} minutes ago", seconds / 60),
        7200..172_800 => format!("{} hours ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
