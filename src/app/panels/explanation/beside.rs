//! Another rule's formula beside that of the run at hand, with what differs marked.

use crate::analysis::side_by_side::{Span, side_by_side};
use crate::app::widgets::named;
use crate::optimizers::{self, OPTIMIZERS, OptimizerCard};
use egui::text::{LayoutJob, TextFormat};
use egui::{ComboBox, Grid, Label, Stroke, TextStyle, Ui, vec2};

/// Lets a rule be chosen, and shows both formulas once one is.
pub fn show(card: &OptimizerCard, chosen: &mut Option<&'static str>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Beside");
        let other = chosen.and_then(optimizers::find);
        let text = other.map_or("no other rule", |rule| rule.card().name);
        let combo = ComboBox::from_id_salt("beside").selected_text(text);
        let combo = combo.show_ui(ui, |ui| {
            ui.selectable_value(chosen, None, "no other rule");
            for rule in OPTIMIZERS {
                let other = rule.card();
                ui.selectable_value(chosen, Some(other.id), other.name);
            }
        });
        named(combo.response, "Rule beside").on_hover_text(
            "Another rule's formula beside this one, line by line; what differs is underlined.",
        );
    });
    let Some(other) = chosen.and_then(optimizers::find) else {
        return;
    };
    let other = other.card();
    Grid::new("side by side")
        .striped(true)
        .spacing(vec2(16.0, 4.0))
        .show(ui, |ui| {
            ui.strong(card.name);
            ui.strong(other.name);
            ui.end_row();
            for row in side_by_side(card.formula, other.formula) {
                line(row.left.as_deref(), ui);
                line(row.right.as_deref(), ui);
                ui.end_row();
            }
        });
}

fn line(spans: Option<&[Span]>, ui: &mut Ui) {
    let Some(spans) = spans else {
        ui.weak("–");
        return;
    };
    let visuals = ui.visuals();
    let (plain, marked) = (visuals.text_color(), visuals.strong_text_color());
    let mut job = LayoutJob::default();
    for span in spans {
        let color = if span.differs { marked } else { plain };
        let underline = match span.differs {
            true => Stroke::new(1.0, color),
            false => Stroke::NONE,
        };
        let format = TextFormat {
            font_id: TextStyle::Monospace.resolve(ui.style()),
            color,
            underline,
            ..TextFormat::default()
        };
        job.append(&span.text, 0.0, format);
    }
    ui.add(Label::new(job).extend());
}
