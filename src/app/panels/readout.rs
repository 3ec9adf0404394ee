//! The readout: every run's numbers at the playhead.

use super::{Commands, run_menu, unrecorded};
use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::marker;
use crate::engine::{Outcome, Trace};
use crate::figures::axis::significant;
use crate::figures::curves::Abscissa;
use crate::objective::Objective;
use egui::{Grid, Label, Response, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

/// From this width on the evaluations have a column even while plots go over the epochs.
const WIDE: f32 = 640.0;

/// Below this width a run's numbers stand in two lines.
const ONE_LINE: f32 = 540.0;

/// The most parameters that are named in a row.
const MOST_PARAMETERS: usize = 8;

/// Shows the table.
pub fn show(lab: &Lab, commands: &mut Commands, ui: &mut Ui) {
    let step = lab.playhead.step();
    let unit = match lab.record_here() {
        Some(record) if record.checked.updates_per_epoch() > 1 => "update",
        _ => "epoch",
    };
    ui.label(RichText::new(format!("At {unit} {step}")).strong());
    let Some(record) = lab.record_here() else {
        unrecorded::say(lab, ui);
        return;
    };
    if lab.shown_runs().next().is_none() {
        ui.weak("No run is shown.");
        return;
    }
    let width = ui.available_width();
    let form = Form {
        counts: lab.abscissa() == Abscissa::Evaluations || width >= WIDE,
        has_two_lines: width < ONE_LINE,
    };
    ScrollArea::both()
        .id_salt("readout")
        .auto_shrink([false, true])
        .show(ui, |ui| {
            Grid::new("readout table")
                .striped(!form.has_two_lines)
                .min_row_height(if form.has_two_lines { 15.0 } else { 20.0 })
                .spacing(vec2(if form.has_two_lines { 6.0 } else { 10.0 }, 2.0))
                .show(ui, |ui| {
                    form.heading(&record.history.parameter_names, ui);
                    for (run, colour) in lab.shown_runs() {
                        let label = lab.experiment.runs[run].display_label();
                        let trace = &record.history.traces[run];
                        let used = trace.frame_at(step).map(|frame| frame.evaluations);
                        let response = name(ui, &label, colour, used);
                        run_menu::on(lab, commands, run, &response);
                        form.row(ui, trace, &*record.checked.objective, step);
                    }
                });
        });
}

/// How the numbers of a run are laid out.
#[derive(Clone, Copy)]
struct Form {
    /// Whether the evaluations have a place.
    counts: bool,
    /// Whether a run's numbers stand in two lines, the second one small.
    has_two_lines: bool,
}

impl Form {
    fn heading(self, names: &[String], ui: &mut Ui) {
        let names = shown(names.iter().cloned());
        let evaluations = (
            "evaluations",
            "How often the rule has evaluated the objective: a gradient counts as one, a \
             Hessian-vector product as two.",
        );
        let first = [
            ("Run", "Colour, marker and name."),
            ("J", "Loss at the playhead."),
            evaluations,
            (
                "best J",
                "Lowest loss of the whole run, and the epoch at which it was first reached.",
            ),
            ("α", "Learning rate of the update that led here."),
        ];
        let second = [
            ("‖∇J‖", "Length of the exact gradient."),
            ("‖w − w*‖", "Distance to the nearest known minimum."),
            (&names, "The parameters."),
        ];
        for (text, meaning) in first {
            if text == evaluations.0 && (!self.counts || self.has_two_lines) {
                continue;
            }
            ui.label(RichText::new(text).weak()).on_hover_text(meaning);
        }
        if self.has_two_lines {
            ui.end_row();
            let counted = if self.counts { evaluations.0 } else { "" };
            ui.label(self.second(counted).weak());
        }
        for (text, meaning) in second {
            ui.label(self.second(text).weak()).on_hover_text(meaning);
        }
        ui.end_row();
    }

    /// A text of the second line.
    fn second(self, text: &str) -> RichText {
        let text = RichText::new(text);
        if self.has_two_lines {
            text.small()
        } else {
            text
        }
    }

    fn row(self, ui: &mut Ui, trace: &Trace, objective: &dyn Objective, step: u64) {
        let number = |value: f64| significant(value, 5);
        let Some(frame) = trace.frame_at(step) else {
            let error = ui.visuals().error_fg_color;
            ui.colored_label(error, "not finite at the start");
            ui.end_row();
            return;
        };
        loss(ui, trace, frame.loss, step);
        if self.counts && !self.has_two_lines {
            ui.label(frame.evaluations.to_string());
        }
        match trace.best {
            Some(best) => {
                let text = match self.has_two_lines {
                    true => number(best.loss),
                    false => format!("{} @ {}", number(best.loss), best.step),
                };
                ui.label(text)
                    .on_hover_text(format!("{:?} after {} updates", best.loss, best.step))
            }
            None => ui.label("–"),
        };
        if frame.learning_rate.is_nan() {
            ui.label("–").on_hover_text("No update has been made yet.");
        } else {
            ui.label(significant(frame.learning_rate, 4));
        }
        if self.has_two_lines {
            ui.end_row();
            let counted = self.counts.then(|| frame.evaluations.to_string());
            ui.label(self.second(&counted.unwrap_or_default()).weak());
        }
        ui.label(self.second(&significant(frame.gradient_norm, 4)));
        match objective.distance_to_minimum(frame.parameters) {
            Some(distance) => ui.label(self.second(&significant(distance, 4))),
            None => ui.label("–").on_hover_text("No single minimum is known."),
        };
        let digits = if self.has_two_lines { 4 } else { 5 };
        let parameters = frame.parameters.iter();
        let parameters = shown(parameters.map(|value| significant(*value, digits)));
        ui.label(self.second(&parameters)).on_hover_text(shown(
            frame.parameters.iter().map(|value| format!("{value:?}")),
        ));
        ui.end_row();
    }
}

/// At most [`MOST_PARAMETERS`] entries, and a sign that there are more.
fn shown(entries: impl ExactSizeIterator<Item = String>) -> String {
    let more = if entries.len() > MOST_PARAMETERS {
        ", …"
    } else {
        ""
    };
    let entries: Vec<_> = entries.take(MOST_PARAMETERS).collect();
    entries.join(", ") + more
}

/// The loss, or what became of a run that has none any more.
fn loss(ui: &mut Ui, trace: &Trace, loss: f64, step: u64) {
    let number = |value: f64| significant(value, 5);
    match trace.outcome {
        Outcome::Diverged { step: at } if step >= at => {
            let error = ui.visuals().error_fg_color;
            ui.colored_label(error, format!("diverged at {at}"))
                .on_hover_text(format!(
                    "The numbers left the finite range at step {at}; the last finite loss was {}.",
                    number(loss)
                ));
        }
        _ => {
            let outside = trace.left_range_at.filter(|&left| step >= left);
            let response = ui.label(number(loss));
            if let Some(left) = outside {
                ui.painter().text(
                    response.rect.right_center() + vec2(2.0, 0.0),
                    egui::Align2::LEFT_CENTER,
                    "!",
                    egui::FontId::proportional(12.0),
                    ui.visuals().warn_fg_color,
                );
                response.on_hover_text(format!(
                    "This run left the landscape's range at step {left}; what it finds outside \
                     does not count as success."
                ));
            } else {
                response.on_hover_text(format!("{:?}", loss));
            }
        }
    }
}

/// Marker and name; a right click offers what can be done with the run.
fn name(ui: &mut Ui, label: &str, colour: u8, evaluations: Option<u64>) -> Response {
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let tokens = theme::of(ui);
        marker::of_look(
            ui.painter(),
            colour,
            rect.center(),
            4.0,
            theme::colour(tokens.run(colour)),
            theme::colour(tokens.panel),
        );
        let short: String = if label.chars().count() > 18 {
            label.chars().take(17).chain(['…']).collect()
        } else {
            label.to_owned()
        };
        let response = ui.add(Label::new(short).sense(Sense::click()));
        let name = format!("{label} at the playhead");
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
        response.on_hover_ui(|ui| {
            ui.label(label);
            if let Some(count) = evaluations {
                ui.weak(format!("{count} evaluations of the objective up to here"));
            }
        })
    });
    row.inner
}
