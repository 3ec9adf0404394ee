//! The readout: every run's numbers at the playhead.

use crate::app::state::Lab;
use crate::app::theme;
use crate::app::widgets::marker;
use crate::engine::{Outcome, Trace};
use crate::figures::axis::significant;
use crate::figures::curves::Abscissa;
use crate::figures::theme::Marker;
use crate::landscapes::LandscapeCard;
use egui::{Grid, RichText, ScrollArea, Sense, Ui, vec2};

/// From this width on the evaluations have a column even while plots go over the epochs.
const WIDE: f32 = 640.0;

/// Shows the table.
pub fn show(lab: &Lab, ui: &mut Ui) {
    let step = lab.playhead.step();
    ui.label(RichText::new(format!("At epoch {step}")).strong());
    let Some(record) = lab.record_here() else {
        ui.weak("Nothing recorded yet.");
        return;
    };
    if lab.shown_runs().next().is_none() {
        ui.weak("No run is shown.");
        return;
    }
    let counts = lab.abscissa() == Abscissa::Evaluations || ui.available_width() >= WIDE;
    ScrollArea::both()
        .id_salt("readout")
        .auto_shrink([false, true])
        .show(ui, |ui| {
            Grid::new("readout table")
                .striped(true)
                .spacing(vec2(10.0, 2.0))
                .show(ui, |ui| {
                    heading(ui, counts);
                    for (run, colour) in lab.shown_runs() {
                        let label = lab.experiment.runs[run].display_label();
                        let trace = &record.history.traces[run];
                        let landscape = lab.landscape();
                        let card = landscape.card();
                        row(ui, (&label, colour), trace, &card, step, counts);
                    }
                });
        });
}

fn heading(ui: &mut Ui, counts: bool) {
    let evaluations = (
        "evaluations",
        "How often the rule has evaluated the objective: a gradient counts as one, a \
         Hessian-vector product as two.",
    );
    let columns = [
        ("Run", "Colour, marker and name."),
        ("J", "Loss at the playhead."),
        evaluations,
        (
            "best J",
            "Lowest loss of the whole run, and the epoch at which it was first reached.",
        ),
        ("α", "Learning rate of the update that led here."),
        ("‖∇J‖", "Length of the exact gradient."),
        ("‖w − w*‖", "Distance to the nearest known minimum."),
        ("w1, w2", "The parameters."),
    ];
    for (text, meaning) in columns {
        if text == evaluations.0 && !counts {
            continue;
        }
        ui.label(RichText::new(text).weak()).on_hover_text(meaning);
    }
    ui.end_row();
}

fn row(
    ui: &mut Ui,
    (label, colour): (&str, u8),
    trace: &Trace,
    card: &LandscapeCard,
    step: u64,
    counts: bool,
) {
    let frame = trace.frame_at(step);
    name(ui, label, colour, frame.map(|frame| frame.evaluations));
    let number = |value: f64| significant(value, 5);
    let Some(frame) = frame else {
        let error = ui.visuals().error_fg_color;
        ui.colored_label(error, "not finite at the start");
        ui.end_row();
        return;
    };
    loss(ui, trace, frame.loss, step);
    if counts {
        ui.label(frame.evaluations.to_string());
    }
    match trace.best {
        Some(best) => ui
            .label(format!("{} @ {}", number(best.loss), best.step))
            .on_hover_text(format!("{:?} after {} updates", best.loss, best.step)),
        None => ui.label("–"),
    };
    if frame.learning_rate.is_nan() {
        ui.label("–").on_hover_text("No update has been made yet.");
    } else {
        ui.label(significant(frame.learning_rate, 4));
    }
    let at = [frame.parameters[0], frame.parameters[1]];
    ui.label(significant(frame.gradient_norm, 4));
    match card.distance_to_minimum(at) {
        Some(distance) => ui.label(significant(distance, 4)),
        None => ui
            .label("–")
            .on_hover_text("This landscape has no minimum."),
    };
    ui.label(format!("{}, {}", number(at[0]), number(at[1])));
    ui.end_row();
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

fn name(ui: &mut Ui, label: &str, colour: u8, evaluations: Option<u64>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
        let tokens = theme::of(ui);
        marker::paint(
            ui.painter(),
            Marker::of(colour),
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
        let response = ui.label(short);
        response.on_hover_ui(|ui| {
            ui.label(label);
            if let Some(count) = evaluations {
                ui.weak(format!("{count} evaluations of the objective up to here"));
            }
        });
    });
}
