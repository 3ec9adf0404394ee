//! Accuracies and losses over the epochs.

use crate::app::state::Lab;
use crate::app::theme;
use crate::engine::Record;
use crate::models::network::task::{MEASURES, USUAL_MEASURES};
use egui::{ComboBox, Id, Stroke, Ui};
use egui_plot::{Line, Plot, PlotPoints, VLine};
use std::sync::Arc;

/// What is measured after every epoch, for people, in the order of [`MEASURES`].
const NAMES: [(&str, &str); MEASURES.len()] = [
    ("Training loss", "The mean loss over all training data."),
    (
        "Training accuracy",
        "The share of all training examples that are classified rightly.",
    ),
    ("Test loss", "The mean loss over all test data."),
    (
        "Test accuracy",
        "The share of all test examples that are classified rightly.",
    ),
    (
        "Sharpness λ_max",
        "The largest eigenvalue of the loss's Hessian, by the power method.",
    ),
    (
        "Error of the sharpness",
        "How far the nearest eigenvalue may lie from the sharpness.",
    ),
    (
        "Variance of the adaptive rate",
        "The variance, over the parameters, of ln of what the rule divides their steps by.",
    ),
];

/// Which quantity is seen first: the test accuracy.
const FIRST: usize = 3;

/// Shows one of the quantities for every run; other seeds are thin.
pub fn show(lab: &Lab, ui: &mut Ui) {
    let id = Id::unique("measured quantity");
    let measured = |record: &Arc<Record>| record.checked.objective.measures().len();
    let count = lab.record_here().map_or(USUAL_MEASURES, measured);
    let count = count.min(NAMES.len());
    let chosen = ui.data(|data| data.get_temp::<usize>(id)).unwrap_or(FIRST);
    let mut chosen = chosen.min(count - 1);
    ui.horizontal_wrapped(|ui| {
        let choice = ComboBox::from_id_salt("measured quantity")
            .selected_text(NAMES[chosen].0)
            .show_ui(ui, |ui| {
                for (index, (name, help)) in NAMES[..count].iter().enumerate() {
                    ui.selectable_value(&mut chosen, index, *name)
                        .on_hover_text(*help);
                }
            });
        crate::app::widgets::named(choice.response, "Measured quantity")
            .on_hover_text("What was measured after every epoch.");
        if let Some(record) = lab.record_here() {
            ui.weak(best(record, chosen));
        }
    });
    ui.data_mut(|data| data.insert_temp(id, chosen));
    let Some(record) = lab.record_here() else {
        ui.weak("Nothing recorded yet.");
        return;
    };
    plot(lab, record, chosen, ui);
}

/// The best value of all runs at their ends, in words.
fn best(record: &Record, quantity: usize) -> String {
    let runs = record.checked.runs.iter().zip(&record.history.traces);
    let last = runs.filter_map(|(run, trace)| Some((run, trace.measured.last()?[quantity])));
    if quantity >= USUAL_MEASURES {
        return String::new();
    }
    let is_loss = quantity.is_multiple_of(2);
    let key = |value: f64| if is_loss { -value } else { value };
    let best = last.max_by(|a, b| key(a.1).total_cmp(&key(b.1)));
    best.map_or_else(String::new, |(run, value)| match is_loss {
        true => format!("best so far: {} with {value:.4}", run.label),
        false => format!("best so far: {} with {:.1} %", run.label, 100.0 * value),
    })
}

fn plot(lab: &Lab, record: &Record, quantity: usize, ui: &mut Ui) {
    let per_epoch = record.checked.updates_per_epoch() as f64;
    let tokens = theme::of(ui);
    let quiet = Stroke::new(1.0, theme::translucent(tokens.text, 0.5));
    let curve = |measured: &crate::engine::Measured| -> PlotPoints<'static> {
        let steps = measured.steps().iter().map(|&step| step as f64 / per_epoch);
        let pairs = steps.zip(measured.values(quantity));
        pairs.map(|(epoch, value)| [epoch, value]).collect()
    };
    Plot::new(("measured", quantity))
        .x_axis_label("epoch")
        .y_axis_label(NAMES[quantity].0)
        .allow_scroll(false)
        .show(ui, |plot| {
            for (run, colour) in lab.shown_runs() {
                let label = record.checked.runs.get(run).map_or("", |run| &run.label);
                let colour = tokens.run(colour);
                for variation in &record.history.variations {
                    let Some(trace) = variation.traces.get(run) else {
                        continue;
                    };
                    let thin = Stroke::new(0.75, theme::translucent(colour, 0.5));
                    plot.line(Line::new(label, curve(&trace.measured)).stroke(thin));
                }
                if let Some(trace) = record.history.traces.get(run) {
                    let stroke = Stroke::new(1.75, theme::colour(colour));
                    plot.line(Line::new(label, curve(&trace.measured)).stroke(stroke));
                }
            }
            let epoch = lab.playhead.step() as f64 / per_epoch;
            plot.vline(VLine::new("playhead", epoch).stroke(quiet));
        });
}
